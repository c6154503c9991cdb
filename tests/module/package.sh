#!/bin/bash
# SPDX-License-Identifier: MIT
# package.sh: how the kernel module is laid out and checked, as far as that needs
# no kernel.  That it works is for tests/vm, where there is one.

. "$(dirname "$0")/../tap.sh"

# module SYMBOL...: $T/module.o, which needs these; $T/symvers, which has them and
# printk, as a kernel's headers list them.
module() {
	local symbol

	for symbol in "$@"; do
		printf '0x00000000\t%s\tvmlinux\tEXPORT_SYMBOL_GPL\t\n' "$symbol"
	done >"$T/symvers"
	printf '0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n' >>"$T/symvers"
	printf 'void %s(void);\n' "$@" >"$T/module.c"
	{
		echo 'void run(void); void run(void) {'
		printf '%s();\n' "$@"
		echo '}'
	} >>"$T/module.c"
	"${CC:-cc}" -c -o "$T/module.o" "$T/module.c"
}

check() {
	"$ROOT/driver/linux/check-symbols.sh" "$T/module.o" "$T/symvers"
}

test_what_a_kernel_exports_may_be_used() {
	module vm_insert_page fget
	exits 0 check
	contains "$out" "2 symbols"
}

test_what_debian_alone_exports_is_refused() {
	module fget task_work_add
	exits 1 check
	contains "$err" "task_work_add"
	lacks "$err" "fget"
}

test_what_nobody_exports_is_refused() {
	module fget
	grep -v fget "$T/symvers" >"$T/without"
	mv "$T/without" "$T/symvers"
	exits 1 check
	contains "$err" "fget"
}

test_ways_around_exports_are_refused() {
	module fget register_kprobe
	exits 1 check
	contains "$err" "register_kprobe"
}

test_another_modules_symbols_are_refused() {
	module fget
	sed -i 's/fget\tvmlinux/fget\tdrivers\/other/' "$T/symvers"
	exits 1 check
}

# A source that is not in Kbuild's list is not in the module; the core's are all taken.
test_every_source_is_in_kbuild() {
	local file name

	for file in "$ROOT"/driver/linux/*.c; do
		name=$(basename "$file" .c)
		grep -qw "$name" "$ROOT/driver/linux/Kbuild" || fail "$file is not in Kbuild"
	done
}

test_dkms_gets_a_tree_that_needs_nothing_else() {
	make -s -C "$ROOT" dkms DESTDIR="$T/root" >/dev/null
	cd "$T"/root/usr/src/binder-any-* || fail "there is no tree"
	[ -z "$(find . -type l)" ] || fail "there are links in it"
	for file in Kbuild core/core.h port.h uapi.h; do
		[ -f "$file" ] || fail "$file is not there"
	done
	grep -q "^PACKAGE_VERSION=\"${PWD##*-}\"\$" dkms.conf || fail "dkms.conf has another version"
	[ -f "$T/root/usr/lib/udev/rules.d/50-binder-any.rules" ] || fail "no udev rules"
	[ -f "$T/root/usr/lib/modules-load.d/binder-any.conf" ] || fail "it is not loaded at start"
}

test_sources_are_laid_out_anew() {
	"$ROOT/driver/linux/stage.sh" "$T/tree"
	ln -s nowhere "$T/tree/core/left_over.c"
	"$ROOT/driver/linux/stage.sh" "$T/tree"
	[ ! -L "$T/tree/core/left_over.c" ] || fail "a file of an earlier layout is still there"
}

run_tests

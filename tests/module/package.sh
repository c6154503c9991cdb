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
	# Packages say dkms-tree, and uninstall what is below DESTDIR only.
	make -s -C "$ROOT" dkms-tree DESTDIR="$T/other" >/dev/null
	diff -r "$T/root" "$T/other" || fail "dkms-tree lays out something else"
	make -s -C "$ROOT" dkms-uninstall DESTDIR="$T/other"
	[ -z "$(find "$T/other" -type f)" ] || fail "$(find "$T/other" -type f) is left"
}

# ---- with a stand-in for dkms, which tells what it was told to do -----------------

# stand_in NAME: a program of that name, before the real one; it does what standard input says.
stand_in() {
	mkdir -p "$T/bin"
	{
		echo '#!/bin/sh'
		cat
	} >"$T/bin/$1"
	chmod +x "$T/bin/$1"
}

# A machine with dkms and headers.  $T/status: what DKMS has; $T/calls: what was done;
# $T/broken: nothing can be built; $T/loaded: the module is.
machine() {
	local name

	stand_in id <<<'echo 0'
	stand_in dkms <<'END'
[ "$1" != status ] || exec cat "$T/status"
files=no
[ ! -e "$T/rules.d/50-binder-any.rules" ] || files=yes
echo "$*, files: $files" >>"$T/calls"
[ "$1" != install ] || [ ! -e "$T/broken" ]
END
	stand_in lsmod <<'END'
[ ! -e "$T/loaded" ] || echo "binder_any 1 0"
END
	stand_in rmmod <<'END'
echo "rmmod $*" >>"$T/calls"
END
	mkdir "$T/headers"
	for name in headers/Module.symvers status calls; do
		: >"$T/$name"
	done
	export T PATH="$T/bin:$PATH"
}

# on_machine TARGET: make, with all that it writes to in $T.
on_machine() {
	make -s -C "$ROOT" "$@" VERSION=7 MODULE_DEST="$T/src/binder-any-7" UDEV_RULES="$T/rules.d" \
		MODULES_LOAD="$T/load.d" KDIR="$T/headers"
}

nothing_is_installed() {
	local place

	for place in src rules.d load.d; do
		[ ! -e "$T/$place" ] || fail "$T/$place is there"
	done
}

# What was done, without which files were there.
calls() {
	sed 's/, files: .*//' "$T/calls"
}

# DKMS 3.0 does not know BUILD_EXCLUSIVE_KERNEL_MIN, 3.2 warns of CLEAN.
test_dkms_conf_is_understood_by_every_dkms() {
	local BUILD_EXCLUSIVE_KERNEL='' name
	local -x kernel_source_dir='' dkms_tree=''

	for name in BUILD_EXCLUSIVE_KERNEL_MIN CLEAN REMAKE_INITRD MODULES_CONF; do
		! grep -q "^$name" "$ROOT/driver/linux/dkms.conf" || fail "$name is not for all"
	done
	# shellcheck source=/dev/null # as DKMS does
	. "$ROOT/driver/linux/dkms.conf"
	for name in 6.1.0-57-amd64 6.12.95+deb12-amd64 6.18.6 7.3.4+deb13-amd64 10.0; do
		[[ $name =~ $BUILD_EXCLUSIVE_KERNEL ]] || fail "not for $name"
	done
	for name in 5.10.0-30-amd64 6.0.12 4.19.0; do
		[[ ! $name =~ $BUILD_EXCLUSIVE_KERNEL ]] || fail "for $name, which is too old"
	done
}

test_dkms_installs_the_files_after_the_module() {
	machine
	exits 0 on_machine dkms
	is "$(cat "$T/calls")" "install --force binder-any/7, files: no"
	[ -f "$T/src/binder-any-7/dkms.conf" ] || fail "there are no sources"
	[ -f "$T/rules.d/50-binder-any.rules" ] || fail "there are no udev rules"
	[ -f "$T/load.d/binder-any.conf" ] || fail "it is not loaded at start"
	contains "$out" "modprobe binder_any"
}

test_a_module_that_cannot_be_built_is_not_loaded_at_start() {
	machine
	: >"$T/broken"
	exits 2 on_machine dkms
	contains "$err" "make dkms-uninstall"
	[ ! -e "$T/rules.d" ] || fail "there are udev rules"
	[ ! -e "$T/load.d" ] || fail "it is loaded at start"
}

# DKMS does not build again what it has built of a version.
test_dkms_again_builds_again_for_each_kernel_that_had_it() {
	local kernel

	kernel=$(uname -r)
	machine
	cat >"$T/status" <<END
binder-any/6: added
binder-any/7, 6.1.0-1-amd64, x86_64: installed
binder-any/7, $kernel, x86_64: installed (WARNING! Diff between built and installed module!)
END
	mkdir -p "$T/src/binder-any-6"
	: >"$T/loaded"
	exits 0 on_machine dkms
	is "$(calls)" "remove binder-any/6 --all
remove binder-any/7 --all
install --force binder-any/7
install --force binder-any/7 -k 6.1.0-1-amd64"
	[ ! -e "$T/src/binder-any-6" ] || fail "the sources of the old version are still there"
	contains "$out" "old module is still loaded"
}

test_dkms_uninstall_leaves_nothing() {
	machine
	exits 0 on_machine dkms
	: >"$T/calls"
	: >"$T/loaded"
	printf 'binder-any/%s: added\n' 6 7 >"$T/status"
	mkdir -p "$T/src/binder-any-6"
	exits 0 on_machine dkms-uninstall
	is "$(calls)" "rmmod binder_any
remove binder-any/6 --all
remove binder-any/7 --all"
	is "$(find "$T/src" "$T/rules.d" "$T/load.d" -mindepth 1)" ""
}

test_dkms_is_for_root() {
	local target

	machine
	stand_in id <<<'echo 1000'
	for target in dkms dkms-uninstall; do
		exits 2 on_machine "$target"
		contains "$err" "sudo make $target"
		nothing_is_installed
	done
	is "$(calls)" ""
}

test_dkms_without_headers_changes_nothing() {
	machine
	rm "$T/headers/Module.symvers"
	exits 2 on_machine dkms
	contains "$err" "linux-headers-$(uname -r)"
	nothing_is_installed
	is "$(calls)" ""
}

test_without_dkms_nothing_is_installed() {
	! command -v dkms >/dev/null || skip "dkms is installed"
	machine
	rm "$T/bin/dkms"
	exits 2 on_machine dkms
	contains "$err" "apt-get install dkms linux-headers-$(uname -r)"
	nothing_is_installed
}

test_uninstall_says_what_takes_the_module_away() {
	machine
	exits 0 on_machine uninstall DESTDIR="$T/root" PREFIX=/usr
	lacks "$out" dkms-uninstall
	exits 0 on_machine dkms-tree DESTDIR="$T/root"
	exits 0 on_machine uninstall DESTDIR="$T/root" PREFIX=/usr
	contains "$out" "make dkms-uninstall"
}

test_help_names_the_modules_targets() {
	local target

	exits 0 make -s -C "$ROOT" help
	for target in module dkms dkms-uninstall; do
		grep -Eq "make $target( |:)" <<<"$out" || fail "make help does not name $target"
	done
}

test_sources_are_laid_out_anew() {
	"$ROOT/driver/linux/stage.sh" "$T/tree"
	ln -s nowhere "$T/tree/core/left_over.c"
	"$ROOT/driver/linux/stage.sh" "$T/tree"
	[ ! -L "$T/tree/core/left_over.c" ] || fail "a file of an earlier layout is still there"
}

run_tests

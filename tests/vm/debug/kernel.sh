#!/bin/bash
# SPDX-License-Identifier: MIT
#
# kernel.sh: builds the debug kernel, in build/kernels/6.1-debug.
#
# Called by check.sh.  From Debian's linux-source-6.1, with `config` beside this
# file and nothing else: the checkers, fault injection, and what tests/vm needs.
# Takes a quarter of an hour on two processors and 2 GiB; what is there is not built
# again, unless config is newer.  Leaves vmlinuz and initramfs, as vm.sh wants them, and
# source, a KDIR for modules.
set -eu
cd "$(dirname "$0")/../../.."

here=tests/vm/debug
root=$PWD/build/kernels/6.1-debug
mkdir -p "$root/modules"

# One at a time: a second caller waits, and finds it done.
exec 9>"$root/.lock"
flock 9

get_source() {
	local fetched=$root/fetched

	rm -rf "$fetched" "$root/source"
	mkdir -p "$fetched"
	(cd "$fetched" && apt-get -qq -o APT::Sandbox::User= download linux-source-6.1) || {
		echo "kernel.sh: no linux-source-6.1; is this Debian 12, and is there a network?" >&2
		return 3
	}
	dpkg-deb --fsys-tarfile "$fetched"/linux-source-6.1_*.deb |
		tar -xO ./usr/src/linux-source-6.1.tar.xz | tar -xJ -C "$fetched"
	mv "$fetched/linux-source-6.1" "$root/source"
	rm -rf "$fetched"
}

# Everything that config wants is there: Kconfig drops silently what it cannot have.
check_config() {
	local line status=0

	while IFS= read -r line; do
		case $line in
		CONFIG_*=n) ! grep -q "^${line%=n}=" "$root/source/.config" ;;
		CONFIG_*) grep -qxF "$line" "$root/source/.config" ;;
		esac || { echo "kernel.sh: the kernel cannot have $line" >&2; status=1; }
	done <"$here/config"
	return "$status"
}

build() {
	make -s -C "$root/source" KCONFIG_ALLCONFIG="$PWD/$here/config" allnoconfig >/dev/null
	check_config
	nice -n 5 make -C "$root/source" -j"$(nproc)" bzImage modules_prepare modules >"$root/build.log" 2>&1 || {
		tail -n 20 "$root/build.log" >&2
		return 1
	}
	cp "$root/source/arch/x86/boot/bzImage" "$root/vmlinuz"
	cat "$root/source/include/config/kernel.release" >"$root/release"
}

if [ ! -e "$root/.image" ] || [ "$here/config" -nt "$root/.image" ]; then
	[ -e "$root/source/Makefile" ] || get_source
	build
	touch "$root/.image"
fi
tests/vm/initramfs.sh 6.1-debug

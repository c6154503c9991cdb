#!/bin/bash
# SPDX-License-Identifier: MIT
#
# initramfs.sh KERNEL: makes build/kernels/KERNEL/initramfs and binder_linux.ko.
#
# Called by vm.sh.  The first holds busybox, our init, and the modules with which
# a stock kernel gets at a folder of the host, numbered in the order of loading;
# the second is upstream's driver, unpacked, if KERNEL has it.  Both are made again when this
# script, init or the kernel is newer.
set -eu
cd "$(dirname "$0")/../.."

kernel=build/kernels/$1
wanted="virtio_pci 9pnet_virtio 9p"

busybox=$(command -v busybox)
if [ "$kernel/initramfs" -nt tests/vm/init ] && [ "$kernel/initramfs" -nt tests/vm/initramfs.sh ] &&
	[ "$kernel/initramfs" -nt "$kernel/.image" ] && [ "$kernel/initramfs" -nt "$busybox" ]; then
	exit 0
fi

# unpack NAME FILE: false when the kernel has it built in.
unpack() {
	local found

	found=$(find "$kernel/modules/" -name "${1//_/[_-]}.ko*" -print -quit)
	case $found in
	'') return 1 ;;
	*.xz) busybox unxz -c "$found" >"$2" ;;
	*) cp "$found" "$2" ;;
	esac
}

# What it wants first, then itself; each once.
number=100
add_module() {
	local name=$1 needed file=$tree/modules/$1.ko

	case " $seen " in *" $name "*) return ;; esac
	seen="$seen $name"
	unpack "$name" "$file" || return 0
	for needed in $(tr '\0' '\n' <"$file" | sed -n 's/^depends=//p' | tr ',-' ' _'); do
		add_module "$needed"
	done
	number=$((number + 1))
	mv "$file" "$tree/modules/$number-$name.ko"
}

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/modules" "$tree/bin" "$tree/dev" "$tree/proc" "$tree/sys"
cp "$busybox" "$tree/bin/busybox"
install -m 755 tests/vm/init "$tree/init"
seen=
for name in $wanted; do
	add_module "$name"
done
if unpack binder_linux "$kernel/binder_linux.ko.new"; then
	mv "$kernel/binder_linux.ko.new" "$kernel/binder_linux.ko"
fi
(cd "$tree" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$kernel/initramfs.new"
mv "$kernel/initramfs.new" "$kernel/initramfs"

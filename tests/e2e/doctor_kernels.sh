#!/bin/bash
# SPDX-License-Identifier: MIT
# doctor_kernels.sh: what `binderctl doctor --root` says of the kernels whose files tests/doctor holds.
#
# A file there is a machine: "== PATH" begins a file of it, "== PATH gzip" one that is packed.
# The configurations of Debian's kernels are the relevant lines of its linux-config packages.

. "$(dirname "$0")/../tap.sh"

pack() {
	[ "$how" != gzip ] || {
		gzip -n <"$file" >"$T/packed"
		mv "$T/packed" "$file"
	}
}

# unpack MACHINE: its files, below $T/root.
unpack() {
	local line file='' how=''

	rm -rf "$T/root"
	while IFS= read -r line; do
		case $line in
		"== "*)
			pack
			read -r _ file how <<<"$line"
			file=$T/root/$file
			mkdir -p "${file%/*}"
			: >"$file"
			;;
		*) [ -z "$file" ] || printf '%s\n' "$line" >>"$file" ;;
		esac
	done <"$ROOT/tests/doctor/$1"
	pack
}

# looks_at MACHINE: doctor's output in $out.
looks_at() {
	unpack "$1"
	looks
}

looks() {
	exits 0 binderctl doctor --root "$T/root"
}

# says STATE NAME TEXT: a line of the last output.
says() {
	contains "$out" "$(printf '%-8s %-15s %s' "$1" "$2" "$3")"
}

# types COMMAND: the last line of the last output.
types() {
	is "$(tail -n 1 <<<"$out")" "For a kernel's device there, type: $1"
}

mount="sudo mkdir -p /dev/binderfs && sudo mount -t binder -o stats=global binder /dev/binderfs"
modprobe="sudo modprobe binder_linux devices=binder,hwbinder,vndbinder"

test_debians_kernels_have_the_driver_in_c_as_a_module() {
	local machine

	for machine in 6.1-amd64 6.12-amd64 7.2-amd64 7.3-amd64; do
		looks_at "$machine"
		contains "$out" " has Binder as a module, in C, without binderfs (/boot/config-"
		says note modules "binder_linux: installed, but not loaded"
		says note binderfs "the kernel does not have it"
		types "$modprobe"
	done
}

test_debians_cloud_kernels_have_no_binder_and_the_other_kernel_is_named() {
	local machine

	for machine in 6.1-cloud 6.12-cloud 7.2-cloud 7.3-cloud; do
		looks_at "$machine"
		contains "$out" "was built without Binder, as all of Debian's cloud kernels are (/boot/config-"
		contains "$out" "try: sudo apt-get install linux-image-amd64, and start that kernel"
		types "sudo apt-get install linux-image-amd64"
	done
}

test_driver_in_rust_that_is_built_in_needs_no_module_but_a_mount() {
	looks_at 7.3-rust
	says ok kernel "7.3.4-rust has Binder built in, in Rust (/boot/config-7.3.4-rust)"
	says ok modules "none is needed"
	says note binderfs "the kernel has it, but it is not mounted"
	lacks "$out" "make dkms"
	types "$mount"
}

test_driver_in_rust_is_seen_without_a_configuration() {
	unpack 7.3-rust
	rm -r "$T/root/boot"
	looks
	says ok kernel "7.3.4-rust has Binder built in, in Rust"
	says ok modules "none is needed"
}

test_driver_in_c_that_is_built_in_is_seen_without_a_configuration() {
	unpack 6.18-none
	rm "$T/root/proc/config.gz"
	mkdir -p "$T/root/sys/module/binder/parameters"
	looks
	says ok kernel "6.18.44 has Binder built in, in C"
}

test_mounts_are_listed_and_one_without_stats_is_told_of() {
	looks_at 7.3-rust-mounted
	says note binderfs "mounted at /dev/binderfs, /srv/box/binderfs; without stats=global, as at /srv/box/binderfs, the driver in Rust shows no state"
	contains "$out" "try: sudo umount /srv/box/binderfs && sudo mount -t binder -o stats=global binder /srv/box/binderfs"
	is "$(tail -n 1 <<<"$out")" "Nothing has to be typed there for a kernel's device."
}

test_kernel_without_binder_or_modules_is_told_of_ours() {
	looks_at 6.18-none
	says note kernel "6.18.44 was built without Binder (/proc/config.gz); binderd does not need it"
	types "sudo make dkms"
}

test_of_androids_two_drivers_the_chosen_one_is_named() {
	looks_at 6.18-android
	says ok kernel "6.18.20-android17-5 has two drivers of Binder, in C (built in) and in Rust (as a module); binder.impl=rust chooses the one in Rust (/proc/config.gz)"
	says ok modules "rust_binder is loaded"
	says ok binderfs "mounted at /dev/binderfs"
	echo c >"$T/root/sys/module/binder/parameters/impl"
	looks
	contains "$out" "binder.impl=c chooses the one in C"
}

test_module_with_binderfs_is_loaded_and_mounted_by_one_command() {
	looks_at 6.8-ubuntu
	contains "$out" " has Binder as a module, in C, with binderfs "
	says note binderfs "the kernel has it, once its module is loaded"
	types "$modprobe && $mount"
}

test_mount_that_would_have_no_devices_gets_them_by_the_same_command() {
	looks_at 6.18-arch-rust
	types "$mount && sudo binderctl device add binder hwbinder vndbinder"
}

test_known_faults_go_by_version_build_and_driver() {
	looks_at 6.18-arch-rust
	says note "known fault" "before 6.18.6, the driver in Rust corrupts its lists"
	lacks "$out" ENOSPC
	echo 6.18.6-arch1-1 >"$T/root/proc/sys/kernel/osrelease"
	looks
	lacks "$out" "known fault"
	looks_at 7.2-arch-rust
	says note "known fault" "this build's driver in Rust was made with bindgen 0.73.1"
	says note "known fault" "the driver in Rust refuses calls of about 1 MiB with ENOSPC"
	echo 7.2.3-arch1-2 >"$T/root/proc/sys/kernel/osrelease"
	looks
	lacks "$out" bindgen
	looks_at 7.2-amd64
	lacks "$out" "known fault"
}

test_second_driver_is_told_of() {
	looks_at 7.2-arch-rust
	says note drivers "a binder_linux from elsewhere is installed beside the driver in Rust that is built in"
	unpack 7.3-rust
	echo "binder_any 98304 0 - Live 0x0000000000000000 (OE)" >"$T/root/proc/modules"
	looks
	says ok modules "binder_any is loaded"
	says note drivers "binder_any is loaded beside the kernel's own driver in Rust"
}

secure_boot() {
	local efi=$T/root/sys/firmware/efi/efivars

	mkdir -p "$efi"
	printf '\006\000\000\000%b' "\\00$1" >"$efi/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
}

# installed PATH...: modules of Debian's 7.3.
installed() {
	printf '%s:\n' "$@" >>"$T/root/lib/modules/7.3.4+deb13-amd64/modules.dep"
}

test_our_module_is_named_first_without_secure_boot() {
	unpack 7.3-amd64
	installed updates/dkms/binder_any.ko.xz
	secure_boot 0
	looks
	lacks "$out" "secure boot"
	types "sudo modprobe binder_any"
}

test_signed_module_is_named_first_with_secure_boot() {
	unpack 7.3-amd64
	installed updates/dkms/binder_any.ko.xz
	secure_boot 1
	mkdir -p "$T/root/var/lib/dkms"
	touch "$T/root/var/lib/dkms/mok.pub"
	looks
	says note "secure boot" "on: the kernel loads signed modules only"
	contains "$out" "try: for binder_any, and a restart then: sudo mokutil --import /var/lib/dkms/mok.pub"
	types "$modprobe"
}

test_lockdown_and_enforced_signatures_are_told_apart() {
	unpack 7.3-amd64
	mkdir -p "$T/root/sys/kernel/security" "$T/root/sys/module/module/parameters"
	echo "none [integrity] confidentiality" >"$T/root/sys/kernel/security/lockdown"
	looks
	says note "secure boot" "the kernel is locked down:"
	echo "[none] integrity confidentiality" >"$T/root/sys/kernel/security/lockdown"
	looks
	lacks "$out" "secure boot"
	echo Y >"$T/root/sys/module/module/parameters/sig_enforce"
	looks
	says note "secure boot" "signatures of modules are enforced:"
}

test_dkms_that_has_not_built_says_why() {
	local dkms=var/lib/dkms/binder-any/1.2 release=7.3.4+deb13-cloud-amd64

	unpack 7.3-cloud
	mkdir -p "$T/root/$dkms/source"
	looks
	says note dkms "binder-any 1.2 is not built for this kernel, whose headers are missing"
	types "sudo apt-get install linux-headers-$release"
	ln -s "/usr/src/linux-headers-$release" "$T/root/lib/modules/$release/build"
	looks
	says note dkms "binder-any 1.2 is not built for this kernel"
	types "sudo dkms install binder-any/1.2 -k $release"
	mkdir "$T/root/$dkms/build"
	touch "$T/root/$dkms/build/make.log"
	looks
	says note dkms "the build of binder-any 1.2 for this kernel failed; /$dkms/build/make.log says why"
	mkdir -p "$T/root/$dkms/$release/x86_64"
	looks
	says ok dkms "binder-any 1.2 is built for this kernel"
}

test_json_has_the_command() {
	unpack 7.3-rust
	exits 0 binderctl --json doctor --root "$T/root"
	contains "$out" "\"kernel_command\": \"$mount\""
	contains "$out" '"works": null'
}

test_root_that_is_none_is_told() {
	exits 1 binderctl doctor --root "$T/nowhere"
	contains "$err" "$T/nowhere: No such file or directory"
	touch "$T/file"
	exits 1 binderctl doctor --root "$T/file"
	contains "$err" "$T/file is no folder"
}

test_hostile_files_do_no_harm() {
	unpack 7.3-amd64
	head -c 100000 /dev/zero | tr '\0' x >"$T/root/proc/sys/kernel/osrelease"
	head -c 100000 /dev/zero | tr '\0' / >"$T/root/proc/mounts"
	rm "$T/root/proc/modules"
	mkfifo "$T/root/proc/modules"
	exits 0 timeout $((5 * SLOW)) binderctl doctor --root "$T/root"
}

run_tests "$@"

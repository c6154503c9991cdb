#!/bin/bash
# SPDX-License-Identifier: MIT
# doctor_machine.sh: what `binderctl doctor` says of a machine's kernel, modules and devices.
#
# The machine is a root folder in a mount namespace of its own: this one's, but for /dev, /sys,
# /boot and /lib/modules, which are the test's.

. "$(dirname "$0")/../tap.sh"

# finds STATE NAME TEXT: a line of the last output.
finds() {
	grep -Eq "^$1 +$2 .*$3" <<<"$out" || fail "no '$1 $2 ... $3' in: $out"
}

# machine_new KERNEL [MODULE...]: y, m or n; what is installed for it.
machine_new() {
	local kernel=$1 module modules

	shift
	modules=$T/machine/lib/modules/$(uname -r)
	namespace=(unshare -m)
	[ "$(id -u)" = 0 ] || namespace=(unshare -Urm)
	"${namespace[@]}" true 2>"$T/why" || skip "needs a mount namespace: $(cat "$T/why")"
	[ "$(readlink /lib)" = usr/lib ] || skip "needs /lib in /usr"
	unset BINDER_DIR BINDER_DEVICE XDG_RUNTIME_DIR
	mkdir -p "$T/machine/dev" "$T/machine/sys/module" "$T/machine/boot" "$modules"
	echo "CONFIG_ANDROID_BINDER_IPC=$kernel" >"$T/machine/boot/config-$(uname -r)"
	for module in "$@"; do
		echo "extra/$module.ko: " >>"$modules/modules.dep"
	done
	touch "$T/machine/dev/null" "$T/empty"
}

# node NAME: of a device that no driver has.
node() {
	mknod "$T/machine/dev/$1" c 10 250 2>"$T/why" || skip "needs mknod: $(cat "$T/why")"
	[ ! -e /sys/dev/char/10:250 ] || skip "a driver has 10:250"
}

# on_machine COMMAND...
on_machine() {
	# shellcheck disable=SC2016 # for the shell in there
	"${namespace[@]}" bash -ec '
		root=$1/machine
		for path in /*; do
			case $path in
			/dev | /sys | /boot | /lib | /run) continue ;;
			esac
			if [ -L "$path" ]; then
				ln -sfn "$(readlink "$path")" "$root$path"
			elif [ -d "$path" ]; then
				mkdir -p "$root$path"
				mount --rbind "$path" "$root$path"
			fi
		done
		shopt -s extglob
		ln -sfn -t "$root/lib" /usr/lib/!(modules)
		mount --bind /dev/null "$root/dev/null"
		for path in config.gz modules filesystems; do
			[ ! -e "/proc/$path" ] || mount --bind "$1/empty" "$root/proc/$path"
		done
		cd "$root"
		shift
		exec chroot . "$@"
	' bash "$T" "$@"
}

test_a_kernel_without_binder_is_told_of_the_module() {
	machine_new n
	exits 3 on_machine "$BIN/binderctl" doctor
	finds note kernel "was built without Binder"
	finds note modules "neither binder_linux nor binder_any is installed"
	contains "$out" "try: for a real /dev/binder: sudo make dkms, see binder-module(4)"
	finds note "kernel devices" "none in /dev or /dev/binderfs"
}

test_a_kernel_with_binder_built_in_needs_no_module() {
	machine_new y
	exits 3 on_machine "$BIN/binderctl" doctor
	finds ok kernel "has Binder built in"
	finds ok modules "none is needed"
	lacks "$out" "make dkms"
}

test_upstreams_module_is_loaded_with_all_devices() {
	machine_new m binder_linux
	exits 3 on_machine "$BIN/binderctl" doctor
	finds note modules "binder_linux: installed, but not loaded"
	contains "$out" "try: sudo modprobe binder_linux devices=binder,hwbinder,vndbinder"
	contains "$out" "try: binderctl up, or sudo modprobe binder_linux devices="
}

test_our_module_is_named_first() {
	machine_new m binder_linux binder_any
	exits 3 on_machine "$BIN/binderctl" doctor
	contains "$out" "try: binderctl up, or sudo modprobe binder_any"
	contains "$out" "For a kernel's device, which Waydroid needs: sudo modprobe binder_any"
}

test_a_node_without_a_driver_is_called_so() {
	local dead="/dev/binder: No such device: a node that no driver stands behind"

	machine_new n binder_any
	node binder
	exits 3 on_machine "$BIN/binderctl" doctor
	finds note "kernel devices" "$dead"
	finds problem open "$dead\$"
	is "$(grep -c 'try: load the module: sudo modprobe binder_any$' <<<"$out")" 2
	# It is not the name that is wrong.
	exits 3 on_machine env BINDER_DEVICE=/dev/binder "$BIN/binderctl" doctor
	finds problem open "$dead\$"
	lacks "$out" "correct --device"
	exits 3 on_machine "$BIN/binderctl" list
	contains "$err" "$dead (load its module: \`modprobe binder_any\`, or binder_linux)"
}

test_devices_by_other_names_are_found() {
	machine_new m
	node anbox-binder
	mkdir -p "$T/machine/sys/module/binder_any/parameters"
	echo one,two/three,four >"$T/machine/sys/module/binder_any/parameters/devices"
	node one
	node four
	node mine
	exits 3 on_machine env BINDER_DEVICE=mine "$BIN/binderctl" doctor
	finds note "kernel devices" "/dev/anbox-binder, /dev/one, /dev/four, /dev/mine: No such"
}

test_a_device_by_another_name_is_to_be_named() {
	[ -n "${TEST_DEVICES:-}" ] || skip "about a kernel's devices"
	machine_new m
	# shellcheck disable=SC2046 # two numbers
	mknod "$T/machine/dev/anbox-binder" c $(stat -L -c '0x%t 0x%T' "$TEST_DEVICES/binder")
	exits 4 on_machine env BINDER_DEVICE=anbox-binder "$BIN/binderctl" doctor
	finds ok "kernel devices" "/dev/anbox-binder"
	lacks "$out" "none is called binder"
	exits 3 on_machine "$BIN/binderctl" doctor
	finds ok "kernel devices" "/dev/anbox-binder"
	contains "$out" "try: BINDER_DEVICE=anbox-binder, as none is called binder"
	contains "$out" "try: BINDER_DEVICE=anbox-binder, or binderctl up"
}

run_tests "$@"

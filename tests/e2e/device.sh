#!/bin/bash
# SPDX-License-Identifier: MIT
# device.sh: `binderctl device`: what it lists, and what it makes in a binderfs.
#
# Those of binderfs need a kernel that has it, and root: tests/vm runs them there.

. "$(dirname "$0")/../tap.sh"

# binderfs: a new one at $mount, or a skip.
binderfs() {
	grep -q 'nodev.binder$' /proc/filesystems || skip "this kernel has no binderfs"
	[ "$(id -u)" = 0 ] || skip "needs root"
	mount=$T/binderfs
	exits 0 binderctl device mount "$mount" "$@"
	trap 'umount -l "$mount"' EXIT
}

test_list_names_driver_permissions_and_who_serves_handle_0() {
	[ -z "${TEST_DEVICES:-}" ] || skip "about a binderd"
	not_under_valgrind "programs have its name"
	world_start
	chmod 640 "$BINDER_DIR/binder"
	exits 0 binderctl device list
	grep -Eq "^$BINDER_DIR/binder +binderd +0640 +$(id -un):$(id -gn) +servicemanager, pid [0-9]+\$" <<<"$out" ||
		fail "not as it should be: $out"
}

test_list_says_that_nobody_serves_or_that_there_is_nothing() {
	[ -z "${TEST_DEVICES:-}" ] || skip "about a binderd"
	export BINDER_DIR=$T/devices
	background_ready daemon binderd --dir "$BINDER_DIR"
	exits 0 binderctl --json device list
	contains "$out" '"manager": "nobody"'
	lacks "$out" '"pid"'
}

test_mount_says_that_the_kernel_has_no_binderfs_and_leaves_no_folder() {
	! grep -q 'nodev.binder$' /proc/filesystems || skip "this kernel has binderfs"
	[ "$(id -u)" = 0 ] || skip "needs root"
	exits 3 binderctl device mount "$T/here"
	contains "$err" "$T/here: this kernel has no binderfs"
	[ ! -e "$T/here" ] || fail "a folder is left"
}

test_mount_without_privileges_says_what_it_takes() {
	[ "$(id -u)" = 0 ] || skip "needs root, to become somebody else"
	chmod 777 "$T"
	capture as_user 65534 "$BIN/binderctl" device mount "$T/here"
	contains "$err" "$T/here: it takes CAP_SYS_ADMIN"
	contains "$err" "unshare -Urm"
}

test_add_without_a_binderfs_says_how_to_mount_one() {
	! grep -q ' binder ' /proc/mounts || skip "one is mounted"
	exits 3 binderctl device add binder
	contains "$err" "no binderfs is mounted"
	contains "$err" "try: sudo binderctl device mount"
	exits 3 binderctl device add --mount "$T" binder
	contains "$err" "$T is no binderfs"
}

test_words_and_options_are_checked() {
	local words

	for words in "nothing" "add" "remove" "list more" "mount one two" "mount --max 0" "mount --max x" \
		"mount --mode 9" "mount --mode" "mount --owner nobody-of-that-name" "print-units a/b" \
		"print-units --max 1x" "print-units --mode 1000" "print-units --owner a;b"; do
		# shellcheck disable=SC2086 # words
		exits 2 binderctl device $words
	done
}

test_units_mount_name_and_permit_the_devices() {
	exits 0 binderctl device print-units --max 8 --mode 660 --owner root:video anbox-binder other
	contains "$out" "Where=/dev/binderfs"
	contains "$out" "Options=nosuid,noexec,stats=global,max=8"
	contains "$out" "device add --mount /dev/binderfs --mode 660 --owner root:video anbox-binder other"
	contains "$out" "options binder_linux devices=anbox-binder,other"
	contains "$out" "z /dev/binderfs/other 660 root video -"
	contains "$out" 'KERNEL=="anbox-binder", MODE="660", OWNER="root", GROUP="video"'
	exits 0 binderctl device print-units
	lacks "$out" "ExecStart"
	contains "$out" "options binder_linux devices=binder,hwbinder,vndbinder"
}

# unit TEXT: a unit from the text is one to systemd.
test_units_are_valid_for_systemd() {
	command -v systemd-analyze >/dev/null || skip "there is no systemd-analyze"
	binderctl device print-units |
		awk '/^# \//{ file = "" } /dev-binderfs.mount$/ && /^# \// { file = "'"$T"'/dev-binderfs.mount"; next }
			file { print >file }'
	systemd-analyze verify "$T/dev-binderfs.mount" >"$T/verdict" 2>&1 || fail "$(cat "$T/verdict")"
}

# ---- in a binderfs -----------------------------------------------------------------

test_device_is_added_listed_and_removed() {
	binderfs
	exits 0 binderctl device add --mount "$mount" --mode 640 --owner "0:65534" one two
	is "$out" "$mount/one"$'\n'"$mount/two"
	exits 0 binderctl device list
	grep -Eq "^$mount/one +the kernel's driver in (C|Rust) +0640 +root:nogroup +nobody\$" <<<"$out" ||
		fail "not as it should be: $out"
	contains "$out" "binderfs at $mount: "
	exits 0 binderctl device remove --mount "$mount" two
	[ ! -e "$mount/two" ] || fail "it is still there"
	[ -e "$mount/one" ] || fail "the other one is gone"
}

test_name_that_is_taken_and_one_that_is_none_are_told_apart() {
	binderfs
	exits 0 binderctl device add --mount "$mount" one
	exits 1 binderctl device add --mount "$mount" one
	contains "$err" "$mount/one: there is one of that name"
	exits 1 binderctl device add --mount "$mount" a/b
	contains "$err" "it is no name of a device"
	exits 1 binderctl device remove --mount "$mount" none
	contains "$err" "$mount/none: No such file"
}

test_limit_of_a_mount_is_told() {
	local -i devices

	grep -q 'nodev.binder$' /proc/filesystems || skip "this kernel has no binderfs"
	mount=$T/first
	exits 0 binderctl device mount "$mount"
	devices=$(find "$mount" -maxdepth 1 -type c ! -name binder-control | wc -l)
	umount "$mount"
	binderfs --max $((devices + 1))
	exits 0 binderctl device add --mount "$mount" last
	exits 1 binderctl device add --mount "$mount" more
	contains "$err" "the limit of devices is reached"
}

test_second_mount_at_one_folder_is_refused() {
	binderfs
	exits 1 binderctl device mount "$mount"
	contains "$err" "a binderfs is mounted at $mount"
}

test_served_device_is_removed_by_force_alone() {
	local manager

	binderfs
	exits 0 binderctl device add --mount "$mount" busy
	background_ready manager servicemanager --device "$mount/busy"
	manager=$pid
	exits 1 binderctl device remove --mount "$mount" busy
	contains "$err" "$mount/busy is busy: servicemanager, pid $manager, serves its handle 0"
	exits 0 binderctl device remove --mount "$mount" --force busy
	[ ! -e "$mount/busy" ] || fail "it is still there"
}

test_binder_control_is_no_device() {
	binderfs
	exits 1 binderctl device remove --mount "$mount" binder-control
	[ -e "$mount/binder-control" ] || fail "it is gone"
}

test_root_of_a_user_namespace_mounts_one_of_its_own() {
	grep -q 'nodev.binder$' /proc/filesystems || skip "this kernel has no binderfs"
	unshare -Urm true 2>"$T/why" || skip "needs user namespaces: $(cat "$T/why")"
	# shellcheck disable=SC2016 # for the shell in there
	exits 0 unshare -Urmi sh -c 'binderctl device mount "$1" && binderctl device add --mount "$1" mine &&
		binderctl device list' sh "$T/own"
	contains "$out" "$T/own/mine"
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# doctor.sh: `binderctl doctor` tells each kind of world from the others, and what to do.

. "$(dirname "$0")/../tap.sh"

# finds STATE NAME TEXT: a line of the last output.
finds() {
	grep -Eq "^$1 +$2 .*$3" <<<"$out" || fail "no '$1 $2 ... $3' in: $out"
}

only_binderd() {
	export BINDER_DIR=$T/world
	unset BINDER_DEVICE
	background_ready binderd binderd --dir "$BINDER_DIR"
}

test_nothing_there_is_3() {
	export BINDER_DIR=$T/nowhere
	unset BINDER_DEVICE
	exits 3 binderctl doctor
	finds note binderd "does not run"
	finds problem open "$T/nowhere/binder"
	contains "$out" "try: binderctl up"
	contains "$out" "Binder does not work here yet."
	# Each of the machine's checks has its line, whatever it finds.
	for name in kernel modules binderfs "kernel devices"; do
		grep -Eq "^(ok|note) +$name " <<<"$out" || fail "nothing about $name: $out"
	done
}

test_no_manager_is_4() {
	only_binderd
	exits 4 binderctl doctor
	finds ok binderd "pid $pid of uid $(id -u), serves $T/world/binder"
	finds ok open "binderd's: version 8"
	finds problem "service manager" "nobody serves handle 0"
	contains "$out" "servicemanager --device $T/world/binder"
}

test_hwbinder_without_a_manager_is_told_the_option() {
	local command

	only_binderd
	exits 4 env BINDER_DEVICE=hwbinder binderctl doctor
	contains "$out" "try: servicemanager --hwbinder --device $T/world/hwbinder &"
	lacks "$out" "binderctl up"
	exits 4 env BINDER_DEVICE=hwbinder binderctl list
	contains "$err" "try: servicemanager --hwbinder --device $T/world/hwbinder &"
	# Who left the option out is told of it, and what it says works.
	exits 1 servicemanager --device "$T/world/hwbinder"
	contains "$err" "speaks HIDL"
	command=$(sed -n 's/^try: //p' <<<"$err")
	is "$command" "servicemanager --hwbinder --device $T/world/hwbinder"
	# shellcheck disable=SC2086 # words of a command
	background_ready hwservicemanager $command
	exits 0 env BINDER_DEVICE=hwbinder binderctl doctor
	finds ok "service manager" "answers at handle 0"
}

test_a_kernel_device_is_left_to_android_if_it_is_for_it() {
	[ -n "${TEST_DEVICES:-}" ] || skip "about a kernel's devices"
	exits 4 binderctl --device "$TEST_DEVICES/binder" doctor
	contains "$out" "try: start Android's container (Waydroid) if it is to use this device"
	contains "$out" "servicemanager --device $TEST_DEVICES/binder &"
}

test_all_fine_is_0() {
	not_under_valgrind "programs have its name"
	world_start
	exits 0 binderctl doctor
	finds ok open "$T/world/binder"
	finds ok "service manager" "answers at handle 0: servicemanager, pid $pid"
	lacks "$out" problem
	contains "$out" "Binder works here."
}

test_a_dead_socket_is_3_and_said_to_be_dead() {
	only_binderd
	stop binderd KILL
	exits 3 binderctl doctor
	finds note binderd "$T/world/binder is a dead socket"
	finds problem open "nobody listens on $T/world/binder"
	# What it says to do helps.
	exits 0 binderctl up
	exits 0 binderctl doctor
	exits 0 binderctl down
}

other_user=(setpriv --reuid 54321 --regid 54321 --clear-groups)

test_a_device_without_permission_is_3_and_says_whose_it_is() {
	needs_daemon
	needs_user 54321
	world_start
	chmod 755 "$BINDER_DIR"
	exits 3 "${other_user[@]}" binderctl doctor
	finds problem open "permission denied: $BINDER_DEVICE belongs to uid 0 \(root\), mode 0600"
	contains "$out" "and uid 54321 has no permission to read and write it"
	contains "$out" "try: ask uid 0 (root) for access to $BINDER_DEVICE"
	# The name is right.
	lacks "$out" "correct --device"
}

test_a_folder_that_may_not_be_entered_is_no_proof_that_nothing_runs() {
	needs_user 54321
	only_binderd
	chmod 700 "$BINDER_DIR"
	exits 3 "${other_user[@]}" binderctl doctor
	finds note binderd "may run or not: permission denied: $T/world belongs to uid 0"
	finds problem open "mode 0700, and uid 54321 has no permission to enter it"
	contains "$out" "or BINDER_DIR=\$HOME/.binder binderctl up"
	lacks "$out" "does not run"
	# One's own is easily opened.
	chown 54321 "$BINDER_DIR"
	chmod 600 "$BINDER_DIR"
	exits 3 "${other_user[@]}" binderctl doctor
	contains "$out" "try: chmod u+x $T/world"
}

test_an_empty_folder_of_the_user_does_not_hide_the_systems() {
	needs_user 54321
	unshare -m true 2>"$T/why" || skip "needs a mount namespace: $(cat "$T/why")"
	only_binderd
	chmod 755 "$BINDER_DIR"
	chmod 666 "$BINDER_DIR/binder"
	mkdir -p "$T/runtime/binder" "$T/run/binder"
	chown -R 54321 "$T/runtime"
	ln -s "$BINDER_DIR/binder" "$T/run/binder/binder"
	# shellcheck disable=SC2016 # for the shell in there
	exits 4 unshare -m bash -ec 'mount --bind "$T/run" /run; unset BINDER_DIR; exec "$@"' \
		bash env XDG_RUNTIME_DIR="$T/runtime" "${other_user[@]}" binderctl doctor
	finds ok binderd "serves /run/binder/binder"
	lacks "$out" "does not run"
}

test_a_binder_dir_that_cannot_be_one_is_blamed() {
	local long

	unset BINDER_DEVICE
	: >"$T/file"
	exits 3 env BINDER_DIR="$T/file" binderctl doctor
	finds problem BINDER_DIR "$T/file is no folder"
	contains "$out" "try: BINDER_DIR=a folder of yours, or unset BINDER_DIR"
	lacks "$out" "binderctl up"
	exits 3 env BINDER_DIR="$T/nowhere" binderctl doctor
	finds problem BINDER_DIR "$T/nowhere does not exist"
	contains "$out" "try: binderctl up, which makes it"
	exits 3 env BINDER_DIR="$T/no/where" binderctl doctor
	contains "$out" "try: mkdir -p $T/no && binderctl up"
	long=$T/$(printf 'x%.0s' {1..200})
	mkdir "$long"
	exits 3 env BINDER_DIR="$long" binderctl doctor
	finds problem BINDER_DIR "$T/xx.* \.\.\. xx.*its ${#long} bytes are too long for a socket"
	contains "$out" "try: BINDER_DIR=a path of at most 89 bytes"
	lacks "$out" "$long"
	lacks "$out" "binderctl up"
}

test_a_binder_dir_does_not_matter_where_the_device_is_a_path() {
	world_start
	exits 0 env BINDER_DIR="$T/nowhere" binderctl doctor
	lacks "$out" BINDER_DIR
}

test_who_hangs_is_7_and_named() {
	needs_daemon
	not_under_valgrind "programs have its name"
	world_start
	freeze servicemanager
	exits 7 timeout $((20 * SLOW)) binderctl doctor --timeout 0.5
	finds ok open "$BINDER_DEVICE"
	finds problem "service manager" "does not answer: servicemanager, pid $pid, is stopped"
	contains "$out" "try: kill -CONT $pid"
	freeze binderd
	pid=$(cat "$T/binderd.pid")
	exits 7 timeout $((20 * SLOW)) binderctl doctor --timeout 0.5
	# The kernel knows who listens, even when he does not answer.
	finds note binderd "pid $pid .*, but is stopped"
	finds problem open "does not answer"
	contains "$out" "try: kill -CONT $pid, as it is stopped"
}

test_no_time_at_all_is_enough_for_who_lives() {
	not_under_valgrind "answers take longer than the moment that they get"
	world_start
	exits 0 binderctl doctor --timeout 0
	exits 0 binderctl ping --timeout 0 manager
	freeze servicemanager
	exits 7 timeout $((20 * SLOW)) binderctl doctor --timeout 0
	lacks "$out" "within 0 ms"
	lacks "$out" "the call was given up"
}

test_json_has_the_same_findings() {
	only_binderd
	exits 4 binderctl --json doctor
	contains "$out" '"works": false'
	contains "$out" '"exit_status": 4'
	contains "$out" '"name": "service manager"'
	contains "$out" '"state": "problem"'
	is "$(grep -c '"state"' <<<"$out")" 7
}

run_tests "$@"

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

test_a_device_without_permission_is_3_and_says_so() {
	not_under_valgrind "another user runs it"
	[ "$(id -u)" = 0 ] || skip "needs root to become another user"
	command -v setpriv >/dev/null || skip "needs setpriv"
	chmod 755 "$T" "${T%/*}"
	world_start
	chmod 755 "$BINDER_DIR"
	exits 3 setpriv --reuid 54321 --regid 54321 --clear-groups binderctl doctor
	finds problem open "permission denied"
	contains "$out" "try: "
}

test_who_hangs_is_7_and_named() {
	world_start
	freeze servicemanager
	exits 7 timeout $((20 * SLOW)) binderctl doctor --timeout 0.5
	finds ok open "$BINDER_DEVICE"
	finds problem "service manager" "does not answer"
	freeze binderd
	exits 7 timeout $((20 * SLOW)) binderctl doctor --timeout 0.5
	# The kernel knows who listens, even when he does not answer.
	finds ok binderd "pid $(cat "$T/binderd.pid") "
	finds problem open "does not answer"
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

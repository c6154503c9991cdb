#!/bin/bash
# SPDX-License-Identifier: MIT
#
# harness.sh: what judges a run in the virtual machine: complaints.sh, compare.sh.
. "$(dirname "$0")/../tap.sh"

complaints() {
	printf '[    1.000000] %s\n' "$@" >"$T/log"
	capture tests/vm/complaints.sh "$T/log"
}

test_quiet_log_holds_no_complaint() {
	complaints "Linux version 6.1.0" "binder: 300:300 ioctl 40046201 returned -22" \
		"binder_linux: loading out-of-tree module taints kernel." \
		"echo-service[12]: segfault at 0"
	is "$status $out" "1 "
}

test_each_sign_of_a_sick_kernel_is_seen() {
	local line

	for line in "WARNING: CPU: 0 PID: 1 at mm/slab.c:1" "WARNING: possible circular locking dependency" \
		"BUG: KASAN: use-after-free in f" "BUG: unable to handle page fault for address: 0" \
		"BUG: sleeping function called from invalid context" "Oops: 0000 [#1] SMP" \
		"general protection fault, probably for non-canonical address" \
		"kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)" \
		"INFO: task binder:1 blocked for more than 120 seconds." \
		"rcu: INFO: rcu_preempt detected stalls" "refcount_t: underflow; use-after-free." \
		"Kernel panic - not syncing: x"; do
		complaints "before" "$line" "after"
		is "$status" 0 "$line"
		contains "$out" "$line"
		contains "$out" after
		lacks "$out" before
	done
}

test_known_complaint_of_the_kernels_own_is_none() {
	export KNOWN_COMPLAINT='WARNING: .*/trace_events.c:[0-9]* event_define_fields'

	complaints "WARNING: CPU: 1 PID: 58 at kernel/trace/trace_events.c:2556 event_define_fields+0x2df/0x4c0"
	is "$status $out" "1 "
	complaints "WARNING: CPU: 1 PID: 58 at kernel/trace/trace_events.c:2556 event_create_dir+0x2df/0x4c0"
	is "$status" 0
}

# compared LINE-OF-ONE LINE-OF-OTHER: each beside one item that is equal.
compared() {
	printf '1..2\nok 1 - 1.1 same\n%s\n' "$1" >"$T/upstream.tap"
	printf '1..2\nok 1 - 1.1 same\n%s\n' "$2" >"$T/binderd.tap"
	capture tests/vm/compare.sh "$T/upstream.tap" "$T/binderd.tap"
}

test_equal_homes_are_no_difference() {
	compared "ok 2 - 1.2 item" "ok 2 - 1.2 item"
	is "$status" 0
	contains "$out" "2 items on 2 homes: 2 equal, 0 listed"
}

test_listed_difference_is_counted_and_no_failure() {
	compared "ok 2 - 1.2 item" "not ok 2 - 1.2 item # TODO listed difference: why"
	is "$status" 0
	contains "$out" "1 equal, 1 listed"
	contains "$out" "1.2 item: upstream: passed, binderd: listed"
}

test_skip_is_no_agreement() {
	compared "ok 2 - 1.2 item # SKIP not in this driver" "ok 2 - 1.2 item"
	is "$status" 0
	contains "$out" "1 equal, 0 listed differences, 1 left out"
}

test_unlisted_difference_is_a_failure() {
	compared "ok 2 - 1.2 item" "not ok 2 - 1.2 item"
	is "$status" 1
	contains "$out" "1 unlisted"
	compared "ok 2 - 1.2 item" ""
	is "$status" 1
	contains "$out" "1.2 item: upstream: passed, binderd: missing"
}

test_nothing_to_compare_is_a_failure() {
	: >"$T/upstream.tap"
	exits 1 tests/vm/compare.sh "$T/upstream.tap"
}

run_tests

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# machine.sh: the virtual machine itself: what comes back from it.
. "$(dirname "$0")/../tap.sh"

vm() {
	capture tests/vm/vm.sh -p 1 -o "$T/share" "$@"
}

test_output_and_status_come_back() {
	vm 6.1 sh -c 'echo out; echo "two  words" >&2; exit 7' "an argument with  spaces"
	is "$status" 7
	is "$out" out
	is "$err" "two  words"
}

test_warning_of_the_kernel_fails_the_run() {
	vm 6.1 sh -c 'echo "<4>WARNING: made up" >/dev/kmsg'
	is "$status" 125
	contains "$err" "made up"
	contains "$err" "the kernel complained"
}

test_crash_of_the_kernel_is_seen() {
	vm 6.1 sh -c 'echo c >/proc/sysrq-trigger; sleep 60'
	is "$status" 125
	contains "$err" "sysrq triggered crash"
}

test_kernel_that_does_not_come_up_is_started_again() {
	mkdir "$T/kernel"
	echo "this is no kernel" >"$T/kernel/vmlinuz"
	: >"$T/kernel/initramfs"
	vm "$T/kernel/" true
	is "$status" 125
	is "$(grep -c "did not come up" <<<"$err")" 3
	contains "$err" "the machine broke down"
}

test_machine_that_hangs_is_ended_in_time() {
	vm -t 20 6.1 sleep 1000
	is "$status" 125
	contains "$err" "not done within 20 seconds"
}

test_the_hosts_files_cannot_be_written() {
	vm 6.1 sh -c ': >/written || : >tests/vm/written'
	is "$status" 2
	[ ! -e /written ] && [ ! -e tests/vm/written ]
}

run_tests

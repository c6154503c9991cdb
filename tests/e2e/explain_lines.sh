#!/bin/bash
# SPDX-License-Identifier: MIT
# explain_lines.sh: lines of dmesg and logcat in words; many of them through a pipe.
. "$(dirname "$0")/../tap.sh"

# explains LINE TEXT...: the first line of the answer has each text.
explains() {
	local line=$1 text

	shift
	exits 0 binderctl explain "$line"
	for text in "$@"; do
		contains "${out%%$'\n'*}" "$text"
	done
}

# Of each pair of lines "LINE" and "=> TEXT" on standard input: the line behind LINE in the answer
# has that text.  All go to one program.
explain_all() {
	local line text answer

	cat >"$T/pairs"
	grep -v '^=> ' "$T/pairs" >"$T/lines"
	out=$(binderctl explain <"$T/lines")
	while IFS= read -r line && IFS= read -r text; do
		answer=$(grep -F -x -A 1 -e "$line" <<<"$out" | tail -n 1)
		contains "$answer" "${text#=> }"
	done <"$T/pairs"
}

NOBODY="nobody serves handle 0 of this device (no service manager is running), or the target's process has ended"

# ---- results of transactions --------------------------------------------------

# An empty ping, again and again: the commonest line where a container waits.
test_a_dead_reply_to_0_0_is_a_missing_service_manager() {
	explains "[  102.410118] binder: 950001:950001 transaction call to 0:0 failed 7/29189/-22, code 1599098439 size 0-0 line 3142" \
		"A call from process 950001" "$NOBODY"
	explains "[  102.410118] binder_linux: 950001:950001 transaction failed 29189/-22, size 0-0 line 2989" \
		"A transaction from process 950001" "$NOBODY"
	contains "$out" "_PNG"
	contains "$out" "BR_DEAD_REPLY (29189"
	# A target that is told was there.
	explains "binder: 1:1 transaction call to 950002:0 failed 7/29189/-22, code 1 size 0-0 line 1" \
		"to process 950002 failed: the object's process is gone"
}

test_a_line_of_kernels_before_4_14_has_one_number() {
	explains "[   41.003211] binder: 950640:950655 transaction failed 29201, size 66160-8" \
		"A transaction from process 950640 (thread 950655) failed: the driver refused it" \
		"no room in the receiver's buffer"
	contains "$out" "BR_FAILED_REPLY (29201"
	explains "[   41.003211] binder_linux: 950640:950640 transaction failed 29189, size 0-0" \
		"$NOBODY"
	lacks "$out" "errno"
}

test_results_of_the_driver_in_rust_are_names() {
	explains "rust_binder: 950001:950002 reply to 950003 failed: BR_FAILED_REPLY { source: ENOSPC }" \
		"A reply from process 950001 (thread 950002) to process 950003 failed: no room"
	contains "$out" "ENOSPC (-28)"
	explains "rust_binder: Failure in copy_transaction_data: BR_FAILED_REPLY { source: EPERM }" \
		"A transaction failed: the receiver takes no file descriptors"
	explains "rust_binder: transaction call to 0:0 failed BR_DEAD_REPLY, code 1599098439 size 0-0" \
		"$NOBODY"
	explains "rust_binder: transaction async to 950007:0 failed BR_FAILED_REPLY { source: ENOSPC }, code 1 size 4096-0" \
		"A one-way call to process 950007 failed: no room in the receiver's buffer"
}

# ---- the drivers' other lines -------------------------------------------------

test_lines_of_the_kernels_driver() {
	explain_all <<-'END'
		[   12.000001] binder: 950811:950811 cannot find target node
		=> Process 950811 called a handle whose object is gone, or handle 0 that nobody serves
		[   12.000002] binder: release 950700:702 transaction 4401 in, still active
		=> Process 950700 ended while its thread 702 carried out call 4401
		[   12.000002] binder: release 950700:702 transaction 4401 out, still active
		=> Process 950700 ended while its thread 702 waited for the reply to call 4401
		[   12.000003] binder: send failed reply for transaction 4401 to 950811:815
		=> The receiver of call 4401 ended: thread 815 of process 950811
		[   12.000004] binder: send failed reply for transaction 4402, target dead
		=> Call 4402 has failed, and its caller is gone, too
		[   12.000005] binder: undelivered transaction 4403, process died.
		=> The receiver of call 4403 ended before it had read it
		[   12.000006] binder: undelivered TRANSACTION_COMPLETE
		=> A process ended before it had read that its call was sent
		[   12.000007] binder: undelivered TRANSACTION_ERROR: 29189
		=> A process ended before it had read that its call has failed (29189)
		[   12.000008] binder: undelivered death notification, 0000007faa001122
		=> that an object it watched (cookie 0x0000007faa001122) has died
		[   12.000009] binder_alloc: 950700: binder_alloc_buf size 66168 failed, no address space
		=> A payload of 66168 bytes found no room in the receiver's buffer
		[   12.000009] binder_alloc: 950700: binder_alloc_buf size 66168 failed, no async space left
		=> A one-way call of 66168 bytes found no room in its half
		[   12.000010] binder_alloc: 950700: binder_alloc_buf, no vma
		=> The receiver has no receive buffer
		[   12.000011] binder_alloc: 950700: pid 950811 spamming oneway? 60 buffers allocated for a total size of 271000
		=> Process 950811 floods process 950700 with one-way calls: 60 of them, 271000 bytes
		[   12.000012] binder: 950811:950811 ioctl c0306201 7ffe0010 returned -14
		=> A request of process 950811 to the driver (ioctl 0xc0306201) failed: -14
		[   12.000013] binder: BINDER_SET_CONTEXT_MGR already set
		=> A second service manager wanted handle 0 of a device that has one
		[   12.000013] binder: BINDER_SET_CONTEXT_MGR bad uid 1000 != 0
		=> User 1000 wanted to be service manager of a device that belongs to user 0
		[   12.000014] binder: 950811:815 got transaction to invalid handle, 9
		=> Process 950811 called handle 9, which it does not hold
		[   12.000015] binder: 950811:815 refcount change on invalid ref 21 ret -22
		=> Process 950811 acquired or released handle 21, which it does not hold
		[   12.000016] binder: 950811:815 got reply transaction with no transaction stack
		=> Process 950811 sent a reply on a thread that had no call to answer
		[   12.000017] binder: 950811:815 BC_FREE_BUFFER u0000007f00001000 no match
		=> Process 950811 freed a buffer that it does not have
		[   12.000018] binder: 950811:815 BC_CLEAR_DEATH_NOTIFICATION death notification not active
		=> Process 950811 unlinked a death that it was not linked to
		[   12.000019] binder: 950811:815 got transaction with fd, 7, but target does not allow fds
		=> Process 950811 sent descriptor 7 to an object that takes none
	END
	contains "$out" "BR_DEAD_REPLY"
	contains "$out" "EFAULT (-14)"
}

test_lines_of_the_driver_in_rust() {
	explain_all <<-'END'
		rust_binder: Failed to allocate buffer. len:1048712, is_oneway:false
		=> A payload of 1048712 bytes found no room in the receiver's buffer
		rust_binder: Failed to allocate buffer. len:600000, is_oneway:true
		=> A one-way call of 600000 bytes found no room in its half
		rust_binder: release transaction 77 in, still active
		=> A process ended while it carried out call 77
		rust_binder: got reply transaction with no transaction stack
		=> A reply was sent on a thread that had no call to answer
	END
}

# ---- Android's libraries ------------------------------------------------------

test_lines_of_androids_libraries() {
	explain_all <<-'END'
		E libbinder.IPCThreadState: Binder transaction failure. id: 51, cmd: BR_FAILED_REPLY (29201), error: -1 (Operation not permitted)
		=> A call of this process (number 51 in the driver's logs) failed: BR_FAILED_REPLY
		E IPCThreadState: Binder transaction failure: 51 / 29201 / -28
		=> A call of this process (number 51 in the driver's logs) failed
		E JavaBinder: !!! FAILED BINDER TRANSACTION !!!  (parcel size = 1048700)
		=> The driver refused a call of this process whose parcel has 1048700 bytes
		android.os.TransactionTooLargeException: data parcel size 1048700 bytes
		=> The driver refused a call whose parcel has 1048700 bytes: too large
		android.os.DeadObjectException
		=> The process that owns the called object has ended
		E Parcel  : Expecting header 0x53595354 but found 0x6e0061. Mixing copies of libbinder?
		=> The interface token of a call has another marker
		Status(-129, EX_TRANSACTION_FAILED): 'DEAD_OBJECT: '
		=> The call was not executed: the process that owns the object is gone
	END
	contains "$out" "EPERM (-1)"
	contains "$out" "ENOSPC (-28)"
}

test_what_service_call_prints_is_a_status_of_64_bits() {
	exits 0 binderctl explain 0xffffffffffffffb6
	contains "$out" "STATUS_UNKNOWN_TRANSACTION (-74)"
	explains 'Result: Parcel(Error: 0xffffffffffffffb6 "Not a data message")' \
		"The call failed with the status 0xffffffffffffffb6"
	contains "$out" "STATUS_UNKNOWN_TRANSACTION (-74)"
	explains 'Result: Parcel(Error: 0xffffffffffffffff "Operation not permitted")' "The call failed"
	contains "$out" "STATUS_PERMISSION_DENIED (-1)"
	explains 'Result: Parcel(Error: 0xfffffffffffffffe "No such file or directory")' "The call failed"
	contains "$out" "STATUS_NAME_NOT_FOUND (-2)"
	lacks "$out" "exception"
	# One that is no negative number of 32 bits is nothing.
	exits 1 binderctl explain 0xfffffff0ffffffb6
	exits 1 binderctl explain 0x1ffffffffffffffb6
}

# ---- many lines ---------------------------------------------------------------

a_log() {
	cat <<-'END'
		[    1.000000] usb 1-1: new device
		[    2.000000] binder: 950811:950811 cannot find target node
		[    3.000000] audit: nothing of ours
		[    4.000000] binder: 950001:950001 transaction call to 0:0 failed 7/29189/-22, code 1599098439 size 0-0 line 3142
		[    5.000000] binder: a line that no version of the driver writes
	END
}

test_dmesg_comes_through_a_pipe() {
	a_log >"$T/log"
	out=$(binderctl explain <"$T/log")
	contains "$out" "[    2.000000] binder: 950811:950811 cannot find target node
Process 950811 called a handle"
	contains "$out" "$NOBODY"
	lacks "$out" usb
	lacks "$out" "no version"
	is "$(binderctl explain - <"$T/log")" "$out"
	# Several lines in one argument, as a terminal pastes them.
	is "$(binderctl explain "$(cat "$T/log")")" "$out"
}

test_json_names_the_line_that_each_fact_is_of() {
	a_log >"$T/log"
	out=$(binderctl --json explain <"$T/log")
	is "$(grep -c '"line": "\[    2.000000\] binder: 950811:950811 cannot find target node"' <<<"$out")" 1
	is "$(grep -c '"line": "\[    4' <<<"$out")" 3
}

test_a_log_without_binder_is_a_failure() {
	status=0
	err=$(printf 'one\ntwo\n' | binderctl explain 2>&1) || status=$?
	is "$status" 1
	contains "$err" "none of 2 lines can be explained"
	contains "$err" "try: dmesg | binderctl explain"
	status=0
	err=$(binderctl explain </dev/null 2>&1) || status=$?
	is "$status" 1
	contains "$err" "none of 0 lines"
}

# Whoever wrote the log: control characters do not reach the terminal.
test_what_is_quoted_is_printable() {
	out=$(printf 'binder: 950811:1 cannot find target node \033[2J\n' | binderctl explain)
	lacks "$out" $'\033'
}

test_a_process_that_lives_is_named() {
	background sleeper sleep 1000
	# Until then it is the shell.
	until_true grep -qx sleep "/proc/$pid/comm"
	explains "binder: $pid:$pid cannot find target node" "Process $pid (sleep) called a handle"
}

run_tests "$@"

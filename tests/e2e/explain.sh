#!/bin/bash
# SPDX-License-Identifier: MIT
# explain: numbers, names and log lines in words.  No driver is needed.
. "$(dirname "$0")/../tap.sh"

test_number_of_a_driver_answer() {
	exits 0 binderctl explain 29201
	contains "$out" "BR_FAILED_REPLY (29201, 0x7211)"
	contains "$out" "no room in the receiver's buffer"
}

test_transaction_code_as_a_number() {
	exits 0 binderctl explain 1599098439
	contains "$out" "_PNG"
}

test_names_with_and_without_prefix() {
	exits 0 binderctl explain DEAD_OBJECT
	contains "$out" "STATUS_DEAD_OBJECT (-32)"
	exits 0 binderctl explain EX_SECURITY BR_FROZEN_REPLY
	contains "$out" "EX_SECURITY (-1)"
	contains "$out" "BR_FROZEN_REPLY (29202"
}

test_negative_number_is_no_option_and_means_all_that_it_can() {
	exits 0 binderctl explain -1
	contains "$out" "STATUS_PERMISSION_DENIED"
	contains "$out" "EX_SECURITY"
	contains "$out" "EPERM"
}

test_unsigned_form_of_a_negative_status() {
	exits 0 binderctl explain 0x80000002
	contains "$out" "STATUS_FAILED_TRANSACTION"
}

test_line_of_the_failed_log() {
	exits 0 binderctl explain \
		"23: call  from 990012:13 to 0:0 context binder node 0 handle 4 size 100:0 ret 29189/-22 l=3111"
	contains "$out" "A call from process 990012 (thread 13) to nobody failed: the object's process is gone"
	contains "$out" "BR_DEAD_REPLY"
	contains "$out" "EINVAL"
}

test_line_of_the_kernel_log() {
	exits 0 binderctl explain "binder: 990123:456 transaction failed 29201/-28, size 100-0 line 3049"
	contains "$out" "A transaction from process 990123 (thread 456) failed: no room in the receiver's buffer"
	contains "$out" "BR_FAILED_REPLY"
	contains "$out" "ENOSPC"
}

test_newer_line_of_the_kernel_log() {
	exits 0 binderctl explain "[ 12.3] binder: 990123:456 transaction async to 990789:0 failed" \
		"42/29201/-28, code 1 size 100-0 line 3049"
	contains "$out" "A one-way call from process 990123 (thread 456) to process 990789 failed"
	contains "$out" "BR_FAILED_REPLY"
	contains "$out" "ENOSPC"
}

test_same_result_means_other_things_on_other_lines() {
	exits 0 binderctl explain \
		"2: call  from 1:1 to 0:0 context binder node 0 handle 0 size 0:0 ret 29189/-22 l=1"
	contains "$out" "nobody serves handle 0"
	exits 0 binderctl explain \
		"2: reply from 1:1 to 0:0 context binder node 0 handle 0 size 0:0 ret 29201/-71 l=1"
	contains "$out" "no call that this thread could answer"
}

test_line_without_an_error_is_not_called_failed() {
	exits 0 binderctl explain \
		"16: reply from 990003:4 to 990005:6 context binder node 0 handle 0 size 84:0 ret 0/0 l=0"
	is "$out" "A reply from process 990003 (thread 4) to process 990005 went through."
	exits 0 binderctl explain --json \
		"16: reply from 990003:4 to 990005:6 context binder node 0 handle 0 size 84:0 ret 0/0 l=0"
	contains "$out" '"meaning": "went through"'
}

test_json_for_programs() {
	exits 0 binderctl explain --json EX_SECURITY
	contains "$out" '"name": "EX_SECURITY"'
	contains "$out" '"number": -1'
}

test_errno_is_known_by_name_too() {
	exits 0 binderctl explain ENOSPC
	contains "$out" "ENOSPC (-28): errno"
	exits 0 binderctl explain enoent
	contains "$out" "No such file or directory"
}

test_unknown_word_fails_and_says_what_is_taken() {
	exits 1 binderctl explain bogus
	contains "$err" "'bogus' is no status"
	contains "$err" "try:"
}

run_tests

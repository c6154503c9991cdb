#!/bin/bash
# SPDX-License-Identifier: MIT
# replies.sh: exceptions, guesses, types that do not fit, one-way calls, headers.

. "$(dirname "$0")/../tap.sh"

test_exceptions_are_named() {
	world_start
	echo_start
	exits 6 binderctl call echo 5 i32:-1 str:not-you i32:0
	contains "$err" "EX_SECURITY: not-you"
	exits 6 binderctl call echo 5 i32:-8 str:special i32:42
	contains "$err" "EX_SERVICE_SPECIFIC 42: special"
	for code in 2 3 4 5 7; do
		exits 6 binderctl call echo 5 i32:-$code str:m i32:0
		contains "$err" ": m"
	done
	exits 6 binderctl --json call echo 5 i32:-3 str:bad i32:0
	contains "$out" '"exception": "EX_ILLEGAL_ARGUMENT"'
	contains "$out" '"message": "bad"'
}

test_the_view_marks_strings_binders_and_descriptors() {
	world_start
	echo_start
	echo x >"$T/file"
	capture binderctl call echo 1 i32:1 str:hello binder:echo fd:"$T/file"
	is "$status" 0 "$err"
	contains "$out" "status ok"
	contains "$out" 'str "hello"'
	contains "$out" "binder handle"
	contains "$out" "test.IEcho"
	contains "$out" "$T/file"
	contains "$out" "h.e.l.l.o."
}

test_the_view_shows_an_own_binder_of_the_service() {
	world_start
	echo_start
	capture binderctl call echo 8
	contains "$out" "test.IEcho"
	lacks "$out" "handle 0 "
}

# The same words as the parcel has: a NUL is a character, and what is no UTF-8 is mended.
test_strings_come_whole_whatever_is_in_them() {
	world_start
	echo_start
	exits 0 binderctl call --reply str echo 1 i32:3 i32:0x61 i32:0x62
	contains "$out" 'str "a\u0000b"'
	exits 0 binderctl --json call --reply str echo 1 i32:3 i32:0x61 i32:0x62
	contains "$out" '"value": "a\u0000b"'
	exits 0 binderctl call --reply str8 echo 1 str8:$'a\xffb'
	contains "$out" 'str8 "a'$'\uFFFD''b"'
	exits 0 binderctl --json call --reply str8 echo 1 str8:$'a\xffb'
	contains "$out" '"value": "a'$'\uFFFD''b"'
}

test_types_that_do_not_fit_are_told() {
	world_start
	echo_start
	exits 1 binderctl call --reply i32,str echo 1 i32:1
	contains "$err" "value 2, str"
	exits 1 binderctl call --reply binder echo 1 i32:1
	contains "$err" "value 1, binder"
	capture binderctl call --reply i32 echo 1 i32:1 i32:2
	contains "$out" "(not read)"
}

test_an_empty_reply_is_shown() {
	world_start
	echo_start
	capture binderctl call --reply raw echo 1
	is "$status" 0 "$err"
	contains "$out" "reply, 4 bytes"
}

test_a_reserved_code_may_be_written_as_characters() {
	world_start
	echo_start
	capture binderctl call --no-token --no-status --reply str echo _NTF
	contains "$out" 'str "test.IEcho"'
	exits 0 binderctl call --no-token echo 0x5f504e47
}

test_a_wrong_interface_is_refused() {
	world_start
	echo_start
	capture binderctl call --interface test.IOther echo 1
	[ "$status" != 0 ] || fail "a call with a wrong interface was carried out"
	capture binderctl call --no-token echo 1
	[ "$status" != 0 ] || fail "a call without an interface was carried out"
}

count_is() {
	[ "$(binderctl --json call --reply i32 echo 7 | sed -n 's/^ *"value": \(.*\),$/\1/p')" = "$1" ]
}

test_oneway_calls_are_sent_and_arrive() {
	world_start
	echo_start
	for _ in 1 2 3; do
		capture binderctl call --oneway echo 6
		is "$out" sent
	done
	until_true count_is 3
}

test_a_service_sees_who_calls() {
	world_start
	echo_start
	capture binderctl call --reply i32,i32 echo 12
	contains "$out" "i32 $(id -u)"
}

test_dump_passes_its_arguments_on() {
	world_start
	echo_start
	capture binderctl dump echo -a --long "two words"
	is "$out" "echo of 3 arguments
-a
--long
two words"
	capture binderctl dump manager
	contains "$out" "echo pid"
}

run_tests "$@"

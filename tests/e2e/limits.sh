#!/bin/bash
# SPDX-License-Identifier: MIT
# limits.sh: what is too large is an error, and the next call works.

. "$(dirname "$0")/../tap.sh"

client() {
	"$TESTS/echo-client" "$@"
}

works() {
	exits 0 binderctl call --reply i32 echo 11 i32:2 i32:3
}

test_a_megabyte_fits_and_more_does_not() {
	world_start
	echo_start
	# 1 MiB - 8 KiB is mapped; the header and the descriptor need some of it.
	exits 0 client bytes echo $((1024 * 1024 - 8192 - 512))
	exits 1 client bytes echo $((1024 * 1024 - 8192 + 4))
	contains "$err" "FAILED_TRANSACTION"
	works
	exits 1 client bytes echo $((16 * 1024 * 1024))
	works
}

test_a_reply_can_be_too_large() {
	world_start
	echo_start
	exits 0 binderctl call --oneway echo 6
	exits 0 binderctl --json call echo 10 i32:1000000
	exits 1 binderctl call echo 10 i32:1100000
	contains "$err" "FAILED_TRANSACTION"
	works
}

test_oneway_calls_may_hold_half_of_the_buffer() {
	world_start
	echo_start
	exits 0 client bytes echo $(((1024 * 1024 - 8192) / 2 - 512)) oneway
	exits 1 client bytes echo $(((1024 * 1024 - 8192) / 2 + 4)) oneway
	contains "$err" "FAILED_TRANSACTION"
	works
}

# How a string of this many units is looked up.
check_long_name() {
	printf 'str:%*s' "$1" '' | tr ' ' n
}

test_the_service_manager_takes_128_kib() {
	world_start
	# Two bytes a unit.  It reads what fits and says what is wrong with it ...
	exits 6 binderctl call manager 3 "$(check_long_name 60000)"
	contains "$err" "EX_ILLEGAL_ARGUMENT"
	# ... and what does not fit never arrives.
	exits 1 binderctl call manager 3 "$(check_long_name 65600)"
	contains "$err" "FAILED_TRANSACTION"
	exits 0 binderctl list
}

only_manager() {
	[ "$(binderctl list | wc -l)" = 2 ]
}

test_one_user_cannot_add_names_for_ever() {
	world_start
	# 1024 for each uid; "manager" is one of ours.
	capture "$TESTS/echo-client" names manager 1100
	is "$status" 0 "$err"
	is "$out" "added 1023"
	until_true only_manager
	echo_start
}

run_tests "$@"

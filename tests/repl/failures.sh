#!/bin/bash
# SPDX-License-Identifier: MIT
# failures.sh: what fails in the shell is told as on the command line.
# shellcheck disable=SC2016 # what stands in single quotes is for others to expand

. "$(dirname "$0")/../tap.sh"

# alike LINE: a verb's line fails in the shell with the words, the hint and the status that the
# command line has.  No word of it is quoted otherwise than a shell would; what is left of a
# time varies.
alike() {
	local line=$1 wanted without_time='s/within [0-9]* ms/within a time/'

	eval "capture binderctl $line"
	[ "$status" != 0 ] || fail "$line: no failure"
	wanted="$out $(sed "$without_time" <<<"$err") $status"
	printf '%s\n' "$line" >"$T/input"
	capture sh -c 'binderctl <"$1"' sh "$T/input"
	is "$out $(sed "/^binderctl: standard input, line 1/d; $without_time" <<<"$err") $status" \
		"$wanted" "$line"
}

test_a_failure_reads_as_on_the_command_line() {
	local line

	export BINDER_AIDL_PATH=$ROOT/tests/aidl/files
	world_start
	echo_start
	background hang binderctl run tests/repl/hang.lua test.hang
	until_true grep -q ready "$T/hang.log"
	background types binderctl run tests/aidl/types.lua "$T/reply"
	binderctl wait --timeout $((20 * SLOW)) unknown
	for line in 'call nobody 1' 'ping ehco' 'dump nobody' 'call echo 999' 'call echo 5' \
		'call unknown 4' 'call types 1' 'call types fail -- -8 why' 'call types eco' \
		'call --timeout 1 test.hang 2' 'ping "a b"' 'wait "a b"' 'dump "a b"' \
		'wait --timeout 1 nobody' 'call echo 1 fd:/none' 'call echo 1 str:@/none' \
		'call echo 1 binder:nobody' 'call echo 1 i32:x' 'call echo 1x' 'call echo 5000000000' \
		'call --reply i32 echo 1' 'call --oneway --reply i32 echo 1' \
		'call --interface a --no-token echo 1' 'call --aidl . echo 1' 'call manager 1'; do
		alike "$line"
	done
	# A service-specific error has a number.
	echo 'return { ["test.fails"] = { [1] = function()
		require("binder").throw("EX_SERVICE_SPECIFIC", "why", 42) end } }' >"$T/fails.lua"
	background fails binderctl serve "$T/fails.lua"
	exits 0 binderctl wait --timeout $((10 * SLOW)) test.fails
	alike 'call test.fails 1'
	contains "$err" "test.fails: the service answered EX_SERVICE_SPECIFIC 42: why"
	stop types
	stop servicemanager
	for line in 'call echo 1' 'call manager 1' 'ping manager' 'dump manager' \
		'wait --timeout 1 echo'; do
		alike "$line"
		is "$status" 4 "$line"
		contains "$err" "no service manager"
	done
}

test_without_a_driver_verbs_fail_as_on_the_command_line() {
	needs_daemon
	export BINDER_DIR=$T/none
	for line in 'call echo 1' 'ping manager' 'dump echo' 'wait echo'; do
		alike "$line"
		is "$status" 3 "$line"
	done
}

run_tests "$@"

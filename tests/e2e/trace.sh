#!/bin/bash
# SPDX-License-Identifier: MIT
# trace: what one program says to the driver, on every driver.
. "$(dirname "$0")/../tap.sh"

# The loader wants a sanitizer's library before all others.
case $BUILD in
*san-*)
	echo "1..0 # SKIP a library built with sanitizers cannot be preloaded into other programs"
	exit 0
	;;
esac

compute() {
	world_start
	background compute binderctl run scripts/compute.lua
	binderctl wait compute
}

# trace ARGUMENT...: the trace in $lines, without times, processes, durations and addresses.
trace() {
	capture binderctl trace -o "$T/trace" "$@"
	lines=$(sed -E -e 's/^[0-9:.]+ [0-9]+\/[0-9]+ //' -e 's/   [0-9.]+ ms$//' \
		-e 's/0x[0-9a-f]+/ADDRESS/g' "$T/trace")
}

test_a_call_is_a_line_for_each_command() {
	compute
	trace -- binderctl call --interface com.example.ICompute compute add 40 2
	is "$status" 0 "$err"
	contains "$lines" "BINDER_VERSION 8
"
	contains "$lines" "compute.add(a: 40, b: 2)
BR_NOOP
BR_TRANSACTION_COMPLETE
BR_REPLY = 42
BC_FREE_BUFFER address ADDRESS"
}

test_service_shows_what_it_gets_and_answers() {
	world_start
	background compute binderctl trace -o "$T/trace" -- binderctl run scripts/compute.lua
	binderctl wait compute
	binderctl call compute add 40 2
	stop compute
	grep -q 'BR_TRANSACTION object 0x.* from [0-9]*: ICompute.add(a: 40, b: 2)$' "$T/trace" ||
		fail "no call in $(cat "$T/trace")"
	grep -q 'BC_REPLY = 42 ' "$T/trace" || fail "no reply in $(cat "$T/trace")"
}

test_exceptions_and_refused_calls_are_in_words() {
	compute
	trace -- binderctl call compute divide 1 0
	contains "$lines" "BR_REPLY ! EX_ILLEGAL_ARGUMENT: division by zero"
}

test_json_is_one_object_a_line() {
	compute
	exits 0 binderctl --json trace -o "$T/trace" -- binderctl call compute add 1 2
	while read -r line; do
		echo "$line" | lua5.4 tests/e2e/json.lua 'doc.pid .. " " .. doc.command' >>"$T/commands"
	done <"$T/trace"
	is "$(grep '"method":"add"' "$T/trace" | head -n 1 | lua5.4 tests/e2e/json.lua \
		'doc.command .. " " .. doc.service .. " " .. doc.arguments.b')" \
		"BC_TRANSACTION compute 2"
}

test_exit_status_is_that_of_the_program() {
	exits 7 binderctl trace -- sh -c 'exit 7'
	# shellcheck disable=SC2016 # the program's own pid
	exits 143 binderctl trace -- sh -c 'kill -TERM $$'
	exits 127 binderctl trace -- /no/such/program
	contains "$err" "cannot run it"
}

test_children_of_the_program_are_traced() {
	world_start
	trace -- sh -c 'binderctl ping manager; true'
	is "$status" 0 "$err"
	contains "$lines" "manager.ping()"
}

test_trace_goes_to_standard_error_by_itself() {
	world_start
	exits 0 binderctl trace -- binderctl ping manager
	contains "$err" "BR_REPLY"
	lacks "$out" "BR_REPLY"
}

test_payload_is_as_long_as_size_says() {
	compute
	trace --size 100 -- binderctl call compute sum "[$(seq -s , 1 100)]"
	contains "$lines" "compute.sum("
	contains "$lines" " bytes)"
	is "$status" 0 "$err"
}

test_programs_that_know_nothing_of_us_are_traced_through_the_preload_library() {
	needs_daemon
	capture binderctl sandbox --preload -- binderctl trace -o "$T/trace" -- \
		"$TESTS/preload-device-user" "$("$TESTS/preload-device-user" | head -n 1)"
	is "$status" 0 "$err"
	contains "$(cat "$T/trace")" "BINDER_VERSION"
}

# They pass wild addresses, fork, and call in signal handlers and from many threads.
test_traced_program_sees_no_difference() {
	local rule

	needs_daemon
	for rule in bad_addresses_are_efault a_forked_child_has_it_too a_handler_may_fork \
		a_new_image_recognises_it a_vfork_child_leaves_it_alone \
		threads_open_and_close_at_once; do
		exits 0 binderctl sandbox --preload -- binderctl trace -o /dev/null -- \
			"$TESTS/preload-device-user" "$rule"
	done
}

test_static_program_is_told_apart() {
	echo 'int main(void) { return 0; }' | cc -static -x c -o "$T/static" - || skip "no static libc"
	exits 0 binderctl trace -- "$T/static"
	contains "$err" "is statically linked: nothing will be seen of it"
	contains "$err" "was not loaded"
}

test_wrong_options_are_said() {
	exits 2 binderctl trace
	exits 2 binderctl trace --size x -- true
	contains "$err" "--size takes a whole number"
	exits 1 binderctl trace -o /no/such/folder/file -- true
	contains "$err" "/no/such/folder/file"
}

run_tests "$@"

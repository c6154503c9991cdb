#!/bin/bash
# SPDX-License-Identifier: MIT
# deadlines.sh: every verb ends within its --timeout, whoever is silent, and says who.

. "$(dirname "$0")/../tap.sh"

# late TEXT WORD...: binderctl ends with 7, says TEXT, and takes no longer than it may.
late() {
	local text=$1 start

	shift
	start=$(milliseconds)
	exits 7 timeout $((20 * SLOW)) binderctl "$@"
	contains "$err" "$text"
	[ $(($(milliseconds) - start)) -lt $((12000 * SLOW)) ] ||
		fail "$*: took $(($(milliseconds) - start)) ms"
}

all_verbs_are_late() {
	late "$1" list --timeout 0.2
	late "$1" ping --timeout 0.2 echo
	late "$1" info --timeout 0.2 echo
	late "$1" wait --timeout 0.2 echo
	late "$1" call --timeout 0.2 echo 1
	late "$1" dump --timeout 0.2 echo
}

test_a_stopped_service_manager_is_named() {
	world_start
	echo_start
	freeze servicemanager
	all_verbs_are_late "the service manager of $BINDER_DEVICE does not answer"
	thaw servicemanager
	exits 0 binderctl ping echo
}

test_a_stopped_binderd_is_named() {
	world_start
	echo_start
	freeze binderd
	all_verbs_are_late "$BINDER_DEVICE does not answer"
	thaw binderd
	exits 0 binderctl ping echo
}

test_reaching_a_service_has_a_limit_of_its_own() {
	world_start
	echo_start
	freeze servicemanager
	# call, dump and wait may take for ever, but not to find out whom to ask.
	late "does not answer" call echo 1
	thaw servicemanager
}

test_a_stopped_service_is_late() {
	world_start
	echo_start
	freeze echo
	late "no reply within" ping --timeout 0.2 echo
	# Nothing is carried out by a ping.
	lacks "$err" "the call was given up"
	late "no reply" call --timeout 0 echo 1
	lacks "$err" "within 0 ms"
	late "no reply" ping --timeout 0 echo
	lacks "$err" "within 0 ms"
	late "no reply within" call --timeout 0.2 echo 1
	late "0 bytes received" dump --timeout 0.2 echo
	thaw echo
}

test_no_time_at_all_still_finds_what_is_there() {
	world_start
	echo_start
	exits 0 binderctl wait --timeout 0 echo
	exits 7 binderctl wait --timeout 0 nobody
	contains "$err" "not registered in time"
}

test_a_dump_that_stops_says_how_much_came() {
	world_start
	echo_start
	late "not done in time, 20 bytes received" dump --timeout 0.3 echo stop
	is "$out" "echo of 1 arguments"
	thaw echo
	# Our reader must not wait for a service that still holds something.
	exits 0 binderctl ping echo
	# shellcheck disable=SC2016 # for the inner shell
	exits 0 timeout $((20 * SLOW)) bash -c 'binderctl dump --timeout 0.3 echo stop | cat'
	is "$out" "echo of 1 arguments"
	thaw echo
	# The dump had nobody to write to any more: the service has to stand that.
	exits 0 binderctl ping echo
}

test_a_dump_as_json_tells_whether_it_is_whole() {
	world_start
	echo_start
	exits 0 binderctl --json dump echo one
	contains "$out" '"complete": true'
	contains "$out" '"text": "echo of 1 arguments\none\n"'
	exits 7 binderctl --json dump --timeout 0.2 echo stop
	contains "$out" '"complete": false'
	contains "$out" '"size": 20'
	thaw echo
}

test_list_asks_all_at_once_and_marks_the_silent() {
	local i start

	world_start
	for i in 1 2 3 4 5 6; do
		echo_start "hung$i"
		freeze "hung$i"
	done
	echo_start
	start=$(milliseconds)
	exits 0 timeout $((30 * SLOW)) binderctl list
	# One after the other it would be six seconds.
	[ $(($(milliseconds) - start)) -lt $((4000 * SLOW)) ] ||
		fail "took $(($(milliseconds) - start)) ms"
	is "$(grep -c 'hung.*does not answer' <<<"$out")" 6
	contains "$out" "test.IEcho"
	exits 0 binderctl --json list --timeout 0.3
	is "$(grep -c '"alive": false' <<<"$out")" 6
	for i in 1 2 3 4 5 6; do
		thaw "hung$i"
	done
}

run_tests "$@"

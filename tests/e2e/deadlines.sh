#!/bin/bash
# SPDX-License-Identifier: MIT
# deadlines.sh: every verb ends within its --timeout, whoever is silent, and says who.

. "$(dirname "$0")/../tap.sh"

all_verbs_are_late() {
	late "$1" binderctl list --timeout 0.2
	late "$1" binderctl ping --timeout 0.2 echo
	late "$1" binderctl info --timeout 0.2 echo
	late "$1" binderctl wait --timeout 0.2 echo
	late "$1" binderctl call --timeout 0.2 echo 1
	late "$1" binderctl dump --timeout 0.2 echo
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
	late "does not answer" binderctl call echo 1
	thaw servicemanager
}

test_a_stopped_service_is_late() {
	world_start
	echo_start
	freeze echo
	late "no reply within" binderctl ping --timeout 0.2 echo
	# Nothing is carried out by a ping.
	lacks "$err" "the call was given up"
	late "at once" binderctl call --timeout 0 echo 1
	lacks "$err" "within 0 ms"
	late "no reply" binderctl ping --timeout 0 echo
	lacks "$err" "within 0 ms"
	late "no reply within" binderctl call --timeout 0.2 --no-token echo 1
	contains "$err" "the service may still carry it out"
	late "0 bytes received" binderctl dump --timeout 0.2 echo
	thaw echo
}

test_the_question_for_the_interface_carries_nothing_out() {
	local word

	world_start
	echo_start
	freeze echo
	for word in 1 add; do
		late "no answer to the question for the interface within" \
			binderctl call --timeout 0.2 echo "$word"
		lacks "$err" "carry it out"
		contains "$err" "try: --interface DESC"
	done
	thaw echo
}

test_a_oneway_call_waits_for_nobody() {
	world_start
	echo_start
	freeze echo
	exits 0 binderctl call --oneway --interface test.IEcho echo 6
	# To find out how the request begins it waits, but not for ever.
	late "no answer to the question for the interface" binderctl call --oneway echo 6
	thaw echo
	exits 0 binderctl call echo 7 --reply i32
	contains "$out" "i32 1"
}

test_info_of_a_stopped_service_tells_what_others_know() {
	world_start
	echo_start
	freeze echo
	exits 0 binderctl info echo
	contains "$out" "pid         $(cat "$T/echo.pid") (echo-service)"
	contains "$out" "it does not answer within a second"
	exits 0 binderctl --json info echo
	contains "$out" '"descriptor": null'
	contains "$out" "\"pid\": $(cat "$T/echo.pid")"
	contains "$out" '"alive": null'
	thaw echo
	exits 0 binderctl --json info echo
	contains "$out" '"alive": true'
}

test_lua_waits_for_a_service_manager_as_long_as_is_said() {
	world_start
	freeze servicemanager
	cat >"$T/waits.lua" <<'END'
local binder = require "binder"
local began = binder.now()
print(select(3, binder.list(0.2)), select(3, binder.check("x", 0.2)))
local brief = binder.now() - began
print(select(3, binder.check("x")))
local usual = binder.now() - began - brief
print(brief < usual and "the usual limit is longer" or brief .. " and " .. usual)
END
	exits 0 timeout $((20 * SLOW)) binderctl run "$T/waits.lua"
	is "$out" "TIMED_OUT	TIMED_OUT
TIMED_OUT
the usual limit is longer"
	thaw servicemanager
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
	late "not done in time, 20 bytes received" binderctl dump --timeout 0.3 echo stop
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
	late "" binderctl --json dump --timeout 0.2 echo stop
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
	is "$(grep -c '"alive": null' <<<"$out")" 6
	is "$(grep -c '"alive": true' <<<"$out")" 2
	for i in 1 2 3 4 5 6; do
		thaw "hung$i"
	done
}

test_a_process_with_many_names_that_hangs_takes_no_time_from_others() {
	world_start
	echo_start hung --copies 200
	echo_start zealous
	freeze hung
	exits 0 timeout $((30 * SLOW)) binderctl list
	contains "$(grep zealous <<<"$out")" "test.IEcho"
	is "$(grep -c 'hung.*does not answer' <<<"$out")" 201
	thaw hung
}

run_tests "$@"

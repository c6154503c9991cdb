#!/bin/bash
# SPDX-License-Identifier: MIT
# state.sh: what the driver shows of real processes, in text and in JSON.

. "$(dirname "$0")/../tap.sh"

# json EXPRESSION COMMAND...: what Lua makes of the command's JSON.
json() {
	local expression=$1

	shift
	binderctl --json "$@" | binderctl run tests/e2e/json.lua "$expression"
}

pid_of() {
	cat "$T/$1.pid"
}

shows() {
	case $(binderctl "${@:2}") in
	*"$1"*) ;;
	*) return 1 ;;
	esac
}

test_state_has_every_process_and_its_objects() {
	world_start
	echo_start
	exits 0 binderctl state
	is "${out%%$'\n'*}" "binder state:"
	contains "$out" "proc $(pid_of echo)"$'\n'"context binder"
	contains "$out" "proc $(pid_of servicemanager)"
	contains "$out" "  thread $(pid_of echo): l "
	# The service manager has a reference to the service's object.
	contains "$out" " tr 1 proc $(pid_of servicemanager)"
	contains "$out" "  ref "
}

test_state_of_one_process() {
	world_start
	echo_start
	exits 0 binderctl state "$(pid_of echo)"
	is "${out%%$'\n'context*}" "binder proc state:"$'\n'"proc $(pid_of echo)"
	contains "$out" "  thread $(pid_of echo): l "
	lacks "$out" $'\n'"proc $(pid_of servicemanager)"$'\n'
	is "$(json '#doc.processes' state "$(pid_of echo)")" 1
	exits 1 binderctl state $$
	contains "$err" "no process $$ that you may look at has "
	exits 2 binderctl state echo
	contains "$err" "'echo' is no PID"
}

test_asker_is_not_in_the_state() {
	world_start
	is "$(json '#doc.processes' state)" 1
	is "$(json 'doc.processes[1].pid' state)" "$(pid_of servicemanager)"
}

test_stuck_call_is_seen_with_its_age_and_both_ends() {
	local caller

	world_start
	echo_start
	is "$(binderctl transactions)" "binder transactions:"
	background caller binderctl call echo 2
	caller=$pid
	until_true is_handled
	exits 0 binderctl transactions
	contains "$out" "proc $caller"
	contains "$out" "    outgoing transaction "
	contains "$out" " from $caller:$caller to $(pid_of echo):"
	contains "$out" " code 2 flags "
	contains "$out" " a0 r0 elapsed "
	is "$(json 'doc.processes[1].threads[1].transactions[1].kind' transactions)" outgoing
	exits 0 binderctl call --oneway echo 3
	wait "$caller"
	until_true is_quiet
}

# The call, and not yet the question to the service manager before it.
is_handled() {
	[[ $(binderctl transactions) == *"    incoming transaction "*" code 2 flags "* ]]
}

is_quiet() {
	[ "$(binderctl transactions)" = "binder transactions:" ]
}

test_failed_call_is_logged_and_can_be_explained() {
	local line

	world_start
	echo_start
	is "$(binderctl log --failed)" ""
	exits 1 "$TESTS/echo-client" bytes echo $((16 * 1024 * 1024))
	line=$(binderctl log --failed)
	contains "$line" " to $(pid_of echo):0 context binder node "
	contains "$line" " ret 29201/-28 l="
	lacks "$line" incomplete
	exits 0 binderctl explain "$line"
	contains "$out" "A call from process "
	contains "$out" "BR_FAILED_REPLY"
	contains "$out" "ENOSPC"
	is "$(json 'doc.entries[1]["return"] .. " " .. doc.entries[1].param' log --failed)" "29201 -28"
}

test_log_has_calls_and_replies() {
	world_start
	echo_start
	exits 0 binderctl call echo 11 i32:1 i32:2
	exits 0 binderctl log
	contains "$out" ": call  from "
	contains "$out" ": reply from $(pid_of echo):"
	exits 0 binderctl call --oneway echo 6
	until_true shows ": async from " log
	is "$(json 'doc.entries[#doc.entries].kind' log)" async
	is "$(json 'doc.entries[1].complete' log)" true
}

test_stats_count_what_was_done() {
	local before after

	world_start
	echo_start
	before=$(json 'doc.totals.commands.BC_TRANSACTION' stats)
	exits 0 "$TESTS/echo-client" bytes echo 100
	after=$(json 'doc.totals.commands.BC_TRANSACTION' stats)
	[ "$after" -gt "$before" ] || fail "$before transactions before, $after after"
	is "$(json 'doc.totals.objects.proc.active' stats)" 2
	contains "$(binderctl stats)" "  ready threads "
}

test_json_knows_every_line() {
	local view

	world_start
	echo_start
	background caller binderctl call echo 2
	until_true is_handled
	exits 1 "$TESTS/echo-client" bytes echo $((16 * 1024 * 1024))
	for view in state stats transactions log "log --failed"; do
		# shellcheck disable=SC2086 # words
		lacks "$(binderctl --json $view)" '"other"'
		# shellcheck disable=SC2086
		is "$(json 'doc.view ~= nil' $view)" true
	done
	exits 0 binderctl call --oneway echo 3
}

test_driver_that_is_not_there() {
	export BINDER_DEVICE=$T/none
	exits 3 binderctl state
	contains "$err" "no Binder driver"
}

test_user_sees_nothing_of_root() {
	needs_user 65534
	export BINDER_DIR=$T/world BINDER_DEVICE=$T/world/binder
	mkdir -m 755 "$BINDER_DIR"
	background_ready binderd binderd --dir "$BINDER_DIR" --mode 666
	background_ready servicemanager servicemanager --device "$BINDER_DEVICE"
	echo_start
	exits 0 "$TESTS/echo-client" bytes echo 100
	exits 1 "$TESTS/echo-client" bytes echo $((16 * 1024 * 1024))
	is "$(as_user 65534 binderctl state)" "binder state:"
	is "$(as_user 65534 binderctl stats)" "binder stats:"
	is "$(as_user 65534 binderctl transactions)" "binder transactions:"
	is "$(as_user 65534 binderctl log)" ""
	is "$(as_user 65534 binderctl log --failed)" ""
	# What the user does, the user sees, and root as well.
	capture as_user 65534 binderctl call echo 11 i32:1 i32:2
	contains "$(as_user 65534 binderctl log)" " to $(pid_of echo):0 context binder "
	contains "$(binderctl log)" " to $(pid_of echo):0 context binder "
}

run_tests

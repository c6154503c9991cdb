#!/bin/bash
# SPDX-License-Identifier: MIT
# holds.sh: who holds what and who waits for whom: ps and its fellows, on real processes
# and on states that were saved on other machines (tests/e2e/states).

. "$(dirname "$0")/../tap.sh"

states=$ROOT/tests/e2e/states

# json EXPRESSION COMMAND...: what Lua makes of the command's JSON.
json() {
	local expression=$1

	shift
	binderctl --json "$@" | binderctl run tests/e2e/json.lua "$expression"
}

pid_of() {
	cat "$T/$1.pid"
}

# A call that has come to the service, and not the question to the service manager before it.
is_handled() {
	[[ $(binderctl transactions) == *"    incoming transaction "*" code 2 flags "* ]]
}

# ---- ps -----------------------------------------------------------------------

test_ps_shows_each_process_with_its_services() {
	world_start
	echo_start
	echo_start second
	is "$(json '#doc' ps)" 3
	is "$(json 'doc[1].services[1]' ps "$(pid_of echo)")" echo
	is "$(json 'doc[1].pid' ps second)" "$(pid_of second)"
	is "$(json 'doc[1].program' ps echo)" echo-service
	is "$(json 'doc[1].nodes > 0 and doc[1].threads > 0' ps echo)" true
	exits 0 binderctl ps -o services,pid
	contains "$out" "echo"
	contains "$out" "$(pid_of echo)"
	lacks "$out" " $$ "
}

test_ps_counts_threads_that_serve_or_wait() {
	local caller

	world_start
	echo_start
	is "$(json 'doc[1].busy' ps echo)" 0
	background caller binderctl call echo 2
	caller=$pid
	until_true is_handled
	is "$(json 'doc[1].busy' ps echo)" 1
	is "$(json 'doc[1].busy' ps "$caller")" 1
	exits 0 binderctl call --oneway echo 3
	wait "$caller"
}

test_ps_is_sorted_by_any_column() {
	world_start
	echo_start
	is "$(json 'doc[1].pid < doc[2].pid' ps)" true
	is "$(json 'doc[1].pid > doc[2].pid' ps --sort pid)" true
	is "$(json 'doc[1].refs >= doc[2].refs' ps --sort refs)" true
	is "$(json 'doc[1].refs <= doc[2].refs' ps --sort=-refs)" true
	exits 2 binderctl ps --sort nothing
	contains "$err" "there is no column 'nothing'"
	contains "$err" "oneway_free"
	exits 2 binderctl ps -o pid,nothing
}

test_ps_of_nobody_is_a_failure() {
	world_start
	exits 4 binderctl ps no.such.service
	contains "$err" "no service and no program of that name"
	exits 4 binderctl ps $$
}

test_ps_reads_saved_states() {
	is "$(json 'doc[2].pid .. " " .. doc[2].busy .. " " .. doc[2].threads .. " " .. doc[2].buffer' \
		ps --from "$states/kernel-4.4.txt")" "600 1 2 40"
	is "$(json 'doc[1].refs .. " " .. doc[2].buffer' ps --from "$states/rust-7.3.txt")" "3 156"
	is "$(binderctl ps --from - -o pid <"$states/kernel-4.4.txt" | tail -1)" "600"
	is "$(json 'doc[1].program' ps --from "$states/kernel-4.4.txt")" null
	exits 1 binderctl ps --from /etc/passwd
	contains "$err" "no line of it is of a driver's state"
	exits 1 binderctl ps --from "$T/none"
}

# A service manager that hangs costs the names alone.
test_ps_does_without_a_service_manager() {
	world_start
	echo_start
	freeze servicemanager
	exits 0 binderctl --json ps
	contains "$out" "\"pid\": $(pid_of echo)"
	thaw servicemanager
}

# ---- threads ------------------------------------------------------------------

test_threads_say_whom_they_serve_and_wait_for() {
	local caller

	world_start
	echo_start
	background caller binderctl call echo 2
	caller=$pid
	until_true is_handled
	exits 0 binderctl threads echo
	contains "$out" "serves echo code 2 of binderctl $caller"
	contains "$out" "waits for calls"
	exits 0 binderctl threads "$caller"
	contains "$out" "waits for the reply to echo code 2, thread "
	contains "$out" " of echo-service $(pid_of echo)"
	is "$(json 'doc[1].state .. " " .. doc[1].call .. " " .. doc[1].peer' threads "$caller")" \
		"waits echo code 2 $(pid_of echo)"
	exits 0 binderctl call --oneway echo 3
	wait "$caller"
}

test_threads_of_saved_states() {
	exits 0 binderctl threads --from "$states/kernel-4.4.txt" 600
	contains "$out" "serves 600 code 3 of 435"
	contains "$out" "waits for calls"
	exits 0 binderctl threads --from "$states/rust-7.3.txt" 77
	contains "$out" "serves 77 interface of 71"
	contains "$out" "1.4 s"
}

# ---- clients, uses, proxies ---------------------------------------------------

test_clients_are_those_who_hold_the_service() {
	world_start
	echo_start
	mkfifo "$T/gate"
	background_ready relay "$TESTS/echo-relay" --name relay --next echo --gate "$T/gate"
	until_true holds relay echo
	is "$(json '#doc' clients echo)" 2
	exits 0 binderctl clients echo
	contains "$out" "$(pid_of relay)  echo-relay"
	contains "$out" "$(pid_of servicemanager)  servicemanager"
	lacks "$out" " $(pid_of echo) "
	exits 0 binderctl uses relay
	contains "$out" "echo     $(pid_of echo)  echo-service"
	exits 4 binderctl clients nobody
	# The service manager itself is held, though no look-up leads to handle 0.
	exits 0 binderctl run tests/e2e/keep_manager.lua
	contains "$out" "keep_manager.lua"
}

test_clients_of_an_object_with_several_names() {
	world_start
	echo_start echo --copies 2
	is "$(json '#doc' clients echo)" 1
	is "$(json '#doc' clients echo.2)" 1
	is "$(json 'doc[3].clients' list -o name,clients)" 1
}

# holds HOLDER SERVICE
holds() {
	[[ $(binderctl uses "$1") == *"$2 "* ]]
}

test_proxies_count_what_is_held_by_interface() {
	world_start
	echo_start
	is "$(json 'doc[1].interface .. " " .. doc[1].owner .. " " .. doc[1].objects' proxies servicemanager)" \
		"test.IEcho $(pid_of echo) 1"
	exits 0 binderctl proxies --from "$states/rust-7.3.txt"
	contains "$out" "(dead)"
	contains "$out" "(not visible)"
}

test_proxies_that_grow_come_first() {
	world_start
	echo_start
	background watch binderctl proxies --watch --interval 0.1
	until_true grep -q GROWN "$T/watch.log"
	background keeper binderctl run tests/e2e/keep_binders.lua echo 20
	until_true grep -Eq ' 2[0-9] +2[0-9] ' "$T/watch.log"
	stop keeper KILL
	stop watch
}

# ---- blocked ------------------------------------------------------------------

# relay NAME NEXT...: an echo-relay with a gate of its own.
relay() {
	mkfifo "$T/$1.gate"
	background_ready "$1" "$TESTS/echo-relay" --name "$1" --gate "$T/$1.gate" "${@:2}"
}

# has_calls N: so many calls are being served.
has_calls() {
	[ "$(binderctl transactions | grep -c '^    incoming ')" = "$1" ]
}

has_blocked() {
	[[ $(binderctl blocked --over 0) == *"$1"* ]]
}

test_nothing_blocked_is_status_0() {
	world_start
	echo_start
	exits 0 binderctl blocked
	is "$out" "no call waits"
	is "$(json '#doc.chains + #doc.deadlocks' blocked)" 0
}

test_chain_ends_at_the_call_that_runs() {
	local first

	world_start
	relay a --next b
	relay b
	background first binderctl call a 2
	first=$pid
	until_true has_calls 1
	echo -n x >"$T/a.gate"
	until_true has_calls 2
	exits 8 env LC_ALL=C binderctl blocked --over 0
	contains "$out" "binderctl $first -> a code 2 "
	contains "$out" " -> b code 2 "
	contains "$out" " (runs)"
	exits 8 env LC_ALL=C.UTF-8 binderctl blocked --over 0
	contains "$out" " → b code 2 "
	exits 0 binderctl blocked --over 1000
	capture binderctl --json blocked --over 0
	is "$(binderctl run tests/e2e/json.lua '#doc.chains[1].calls .. doc.chains[1]["end"] .. doc.chains[1].calls[2].service' \
		<"$T/.out")" 2runsb
	echo -n x >"$T/b.gate"
	wait "$first"
	exits 0 binderctl blocked
}

test_queue_of_a_busy_pool_is_told() {
	world_start
	relay a
	background first binderctl call a 2
	until_true has_calls 1
	background second binderctl call a 2
	until_true has_blocked "(1 of 1 threads busy, queue 1)"
	exits 8 binderctl blocked --over 0
	lacks "$out" deadlock
	echo -n xx >"$T/a.gate"
}

# Each serves a call, and calls the next one, whose only thread is busy.
test_ring_of_four_processes_is_a_deadlock() {
	local name

	world_start
	relay a --next b
	relay b --next c
	relay c --next d
	relay d --next a
	for name in a b c d; do
		background "call_$name" binderctl call "$name" 2
	done
	until_true has_calls 4
	exits 8 binderctl blocked --over 0
	lacks "$out" deadlock
	for name in a b c d; do
		echo -n x >"$T/$name.gate"
	done
	until_true has_blocked deadlock:
	exits 9 env LC_ALL=C binderctl blocked --over 0
	contains "$out" "deadlock: "
	contains "$out" "echo-relay $(pid_of a) -> b code 2 "
	contains "$out" "echo-relay $(pid_of d) -> a code 2 "
	contains "$out" "(1 of 1 threads busy, queue 1): deadlock"
	capture binderctl --json blocked
	is "$(binderctl run tests/e2e/json.lua '#doc.deadlocks .. #doc.deadlocks[1].calls' <"$T/.out")" 14
}

test_chain_goes_on_over_another_device() {
	local first

	world_start
	background_ready vendor servicemanager --device "$BINDER_DIR/vndbinder"
	mkfifo "$T/far.gate"
	background_ready far env BINDER_DEVICE="$BINDER_DIR/vndbinder" "$TESTS/echo-relay" \
		--name far --gate "$T/far.gate"
	relay near --next far --next-device "$BINDER_DIR/vndbinder"
	background first binderctl call near 2
	first=$pid
	until_true has_calls 1
	echo -n x >"$T/near.gate"
	until_true has_blocked " far code 2 "
	exits 8 env LC_ALL=C binderctl blocked --over 0
	contains "$out" "binderctl $first -> near code 2 "
	contains "$out" " -> far code 2 "
	echo -n x >"$T/far.gate"
	wait "$first"
}

test_deadlock_of_a_saved_state() {
	exits 9 env LC_ALL=C binderctl blocked --from "$states/kernel-6.12-deadlock.txt"
	is "$out" "deadlock: 811 -> 900 code 2 12.3 s -> 900 -> 950 code 3 12.2 s -> 950 -> 811 code 4 12.1 s -> 811
700 -> 811 code 1 12.4 s -> 900 code 2 12.3 s -> 950 code 3 12.2 s -> 811 code 4 12.1 s (1 of 1 threads busy, queue 1): deadlock"
	exits 8 env LC_ALL=C binderctl blocked --from "$states/kernel-4.4.txt"
	is "$out" "435 -> 600 code 3 (runs)"
	exits 8 env LC_ALL=C binderctl blocked --from "$states/rust-7.3.txt"
	is "$out" "71 -> 77 interface 1.4 s (runs)"
}

test_blocked_does_without_a_service_manager() {
	world_start
	relay a
	background first binderctl call a 2
	until_true has_calls 1
	freeze servicemanager
	exits 8 binderctl blocked --over 0
	contains "$err" "the service manager does not answer"
	contains "$out" "$(pid_of a)"
	thaw servicemanager
	echo -n x >"$T/a.gate"
}

test_watch_shows_again_until_the_time_is_over() {
	world_start
	exits 0 binderctl blocked --watch --interval 0.1 --timeout 0.5
	[ "$(grep -c 'no call waits' <<<"$out")" -ge 2 ] || fail "shown once: $out"
	exits 2 binderctl blocked --watch --from "$states/kernel-4.4.txt"
	exits 2 binderctl blocked --watch --interval soon
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# waits.sh: a verb that waits says for what, and a driver that goes is said to be gone.

. "$(dirname "$0")/../tap.sh"

# The program of the tests, or what valgrind runs it as.
echo_stopped() {
	world_start
	echo_start
	freeze echo
	service=$pid
}

says() {
	grep -qF -e "$2" "$T/$1.log"
}

# ---- still waiting ------------------------------------------------------------

# waits_for TEXT VERB...: the verb says that it waits, and for what; then the service goes on.
waits_for() {
	local text=$1

	shift
	background waiting binderctl "$@"
	until_true says waiting "still waiting for process $service"
	contains "$(cat "$T/waiting.log")" "$text; it is stopped"
	contains "$(cat "$T/waiting.log")" "try: kill -CONT $service"
	kill "$pid"
	wait "$pid" || true
}

test_every_verb_that_waits_for_a_stopped_service_says_so() {
	not_under_valgrind "programs have its name"
	echo_stopped
	waits_for "(echo-service) to say which interface it has" call echo 1
	waits_for "(echo-service) to say which interface it has" call echo greet
	waits_for "(echo-service) to say which interface it has" methods echo
	waits_for "(echo-service) to answer" call --no-token echo 1
	waits_for "(echo-service) to end its dump" dump echo
	waits_for "(echo-service) to answer a ping" ping --timeout 20 echo
}

test_the_shell_says_so_too() {
	echo_stopped
	background waiting sh -c 'echo "call --no-token echo 1" | binderctl'
	until_true says waiting "still waiting for process $service"
	thaw echo
	wait "$(cat "$T/waiting.pid")" || true
}

test_a_stopped_service_manager_is_named() {
	world_start
	freeze servicemanager
	background waiting binderctl list
	until_true says waiting "still waiting for process $(cat "$T/servicemanager.pid")"
	thaw servicemanager
}

test_a_stopped_driver_is_named() {
	needs_daemon
	world_start
	freeze binderd
	background waiting binderctl list
	until_true says waiting "still waiting for the Binder driver: $BINDER_DEVICE"
	wait "$(cat "$T/waiting.pid")" && fail "it succeeded"
	thaw binderd
}

# It answers when it goes on, and what it answers is what would have come.
test_the_message_changes_nothing_of_the_call() {
	echo_stopped
	background waiting sh -c "binderctl call echo 1 >'$T/reply'"
	until_true says waiting "still waiting"
	thaw echo
	wait "$(cat "$T/waiting.pid")" || fail "it failed: $(cat "$T/waiting.log")"
	contains "$(cat "$T/reply")" "reply, "
	is "$(grep -c "still waiting" "$T/waiting.log")" 1
}

test_waiting_for_a_name_is_silent() {
	world_start
	background waiting binderctl wait --timeout 3 nobody
	wait "$(cat "$T/waiting.pid")" || true
	is "$(cat "$T/waiting.log")" "binderctl: wait: nobody: not registered in time
try: binderctl list"
}

# ---- the driver goes ----------------------------------------------------------

owes() {
	binderctl transactions | grep -q "outgoing transaction .* to $service:"
}

# driver_dies_under VERB...
driver_dies_under() {
	echo_stopped
	background caller binderctl "$@"
	until_true owes
	stop binderd KILL
	status=0
	wait "$(cat "$T/caller.pid")" || status=$?
	is "$status" 3 "exit status of $*: $(cat "$T/caller.log")"
	contains "$(cat "$T/caller.log")" \
		"binderctl: $1: the driver is gone: binderd, which served $BINDER_DEVICE, has ended"
	contains "$(cat "$T/caller.log")" "try: binderctl up"
	rm -rf "$BINDER_DIR"
}

test_a_driver_that_dies_is_said_to_be_gone_by_each_verb() {
	needs_daemon
	for verb in "call echo 1" "call --no-token echo 1" "call echo greet" "dump echo" \
		"ping --timeout 60 echo" "methods echo"; do
		# shellcheck disable=SC2086 # words
		driver_dies_under $verb
	done
}

has_opened() {
	binderctl state | grep -q "^proc $1\$"
}

test_a_driver_that_dies_ends_a_wait() {
	needs_daemon
	world_start
	background caller binderctl wait nobody
	until_true has_opened "$pid"
	stop binderd KILL
	status=0
	wait "$(cat "$T/caller.pid")" || status=$?
	is "$status" 3 "exit status; $(cat "$T/caller.log")"
	contains "$(cat "$T/caller.log")" "the driver is gone"
}

test_a_service_that_dies_is_still_said_to_be_dead() {
	echo_stopped
	background caller binderctl call --no-token echo 1
	until_true owes
	stop echo KILL
	status=0
	wait "$(cat "$T/caller.pid")" || status=$?
	is "$status" 5
	contains "$(cat "$T/caller.log")" "echo: the process behind it has died"
}

# ---- scripts ------------------------------------------------------------------

# A service is not to blame when its driver ends: one line, no traceback.
test_a_service_ends_calmly_with_its_driver() {
	local how

	needs_daemon
	unset BINDER_DEVICE
	export BINDER_DIR=$T/world
	echo 'local b = require "binder" assert(b.serve("calm", {})) assert(b.loop("TERM"))' \
		>"$T/run.lua"
	echo 'return { calm = {} }' >"$T/serve.lua"
	for how in run serve; do
		exits 0 binderctl up
		background "$how" binderctl "$how" "$T/$how.lua"
		exits 0 binderctl wait --timeout 10 calm
		exits 0 binderctl down
		status=0
		wait "$(cat "$T/$how.pid")" || status=$?
		is "$status" 3
		is "$(sed "s|$T/run.lua:1: ||" "$T/$how.log")" \
			"binderctl: $how: the driver is gone"
	done
}

test_loop_returns_true_after_quit() {
	world_start
	cat >"$T/loop.lua" <<-'END'
		local binder = require "binder"
		binder.after(0.01, binder.quit)
		assert(binder.loop("TERM", "INT"))
		binder.after(0.01, binder.quit)
		print(binder.loop())
		binder.quit()
		print(binder.loop("TERM"))
	END
	exits 0 binderctl run "$T/loop.lua"
	is "$out" $'true\ntrue'
}

# A thread that waits without a pool has entered the looper: bit 02 of what its line says.
has_entered() {
	binderctl state "$1" 2>"$T/why" | grep -Eq '^  thread [0-9]+: l [0-9a-f]*[2367abef] '
}

test_wait_without_a_pool_enters_the_looper() {
	not_under_valgrind "programs have its name"
	world_start
	background waiting binderctl wait later
	until_true has_entered "$pid"
	stop waiting
}

run_tests "$@"

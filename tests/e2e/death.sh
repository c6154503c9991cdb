#!/bin/bash
# SPDX-License-Identifier: MIT
# death.sh: a service, a client, the manager or the driver dies; the rest goes on.

. "$(dirname "$0")/../tap.sh"

sleepers_are() {
	[ "$(binderctl --json call --reply i32 echo 4 | sed -n 's/^ *"value": \(.*\),$/\1/p')" = "$1" ]
}

test_a_caller_learns_that_its_service_was_killed() {
	world_start
	echo_start
	background caller binderctl call echo 2
	caller=$pid
	until_true sleepers_are 1
	stop echo KILL
	status=0
	wait "$caller" || status=$?
	is "$status" 5 "exit status of the caller"
	contains "$(cat "$T/caller.log")" "DEAD_OBJECT"
	is "$(binderctl list | grep -c echo)" 0 "lines of echo in the list" || true
}

test_a_death_recipient_runs_once() {
	world_start
	echo_start
	background watcher "$TESTS/echo-client" death echo
	watcher=$pid
	until_true sleepers_are 1
	stop echo KILL
	status=0
	wait "$watcher" || status=$?
	is "$status" 0 "$(cat "$T/watcher.log")"
	is "$(cat "$T/watcher.log")" "deaths 1"
}

test_a_service_that_ends_itself_is_dead_too() {
	world_start
	echo_start
	exits 5 binderctl call echo 13
}

test_a_killed_caller_does_not_hurt_the_service() {
	world_start
	echo_start
	for _ in 1 2 3; do
		background caller binderctl call echo 2
		until_true sleepers_are 1
		stop caller KILL
		binderctl call echo 3
		until_true sleepers_are 0
	done
	exits 0 binderctl call --reply i32 echo 11 i32:2 i32:3
}

test_a_new_service_manager_can_take_over() {
	world_start
	stop servicemanager KILL
	exits 4 binderctl list
	background_ready again servicemanager --device "$BINDER_DEVICE"
	exits 0 binderctl list
	echo_start
	exits 0 binderctl ping echo
}

ended() {
	! kill -0 "$1" 2>/dev/null || [ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" = Z ]
}

test_the_service_manager_ends_with_its_driver() {
	needs_daemon
	world_start
	manager=$pid
	stop binderd
	until_true ended "$manager"
	exits 3 binderctl list
}

test_a_script_that_hosts_ends_when_the_driver_dies() {
	needs_daemon
	world_start
	background player binderctl run "$ROOT/scripts/media_player.lua"
	binderctl wait --timeout $((10 * SLOW)) media.player >"$T/waited"
	stop binderd KILL
	status=0
	wait "$(cat "$T/player.pid")" || status=$?
	is "$status" 3
	contains "$(cat "$T/player.log")" "the driver is gone"
}

run_tests "$@"

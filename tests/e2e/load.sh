#!/bin/bash
# SPDX-License-Identifier: MIT
# load.sh: many clients at once, and many rounds without growth.

. "$(dirname "$0")/../tap.sh"

CLIENTS=64
CALLS=1000
ROUNDS=10000
# Under sanitizers the same with fewer rounds: they look for other things.
! is_slow || CALLS=100 ROUNDS=1000

entries() {
	find "$1" -mindepth 1 -maxdepth 1 | wc -l
}

test_64_clients_get_all_their_answers() {
	world_start
	echo_start echo --threads 15
	pids=()
	for i in $(seq $CLIENTS); do
		"$TESTS/echo-client" add echo "$CALLS" "$i" >>"$T/clients.log" 2>&1 &
		pids+=($!)
		echo $! >>"$T/.started"
	done
	wrong=0
	for one in "${pids[@]}"; do
		wait "$one" || wrong=$((wrong + 1))
	done
	is "$wrong" 0 "clients that failed"
	threads=$(entries "/proc/$(cat "$T/echo.pid")/task")
	[ "$threads" -le 17 ] || fail "a pool of 15 has $threads threads"
}

files_of() {
	entries "/proc/$1/fd"
}

# In KiB; what grows with rounds shows here.
memory_of() {
	sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

# No more than that: the count from before may hold those of a client that had just ended.
files_are_back_to() {
	[ "$(files_of "$1")" -le "$2" ]
}

test_rounds_leave_files_and_memory_as_they_were() {
	world_start
	# A pool that never grows: each thread has files of its own in the daemon.
	echo_start echo --threads 1
	# The first ones fill pools and caches that stay.
	"$TESTS/echo-client" add echo 1000 1
	"$TESTS/echo-client" binders echo 1000
	declare -A files memory
	for name in binderd servicemanager echo; do
		pid=$(cat "$T/$name.pid")
		files[$name]=$(files_of "$pid")
		memory[$name]=$(memory_of "$pid")
	done
	"$TESTS/echo-client" binders echo "$ROUNDS"
	for name in binderd servicemanager echo; do
		pid=$(cat "$T/$name.pid")
		until_true files_are_back_to "$pid" "${files[$name]}"
		after=$(memory_of "$pid")
		# Sanitizers keep what was freed.  A page here and there is the allocator's business.
		is_slow || [ "$after" -le $((memory[$name] + 256)) ] ||
			fail "$name grew from ${memory[$name]} to $after KiB in $ROUNDS rounds"
	done
}

test_processes_that_come_and_go_leave_nothing() {
	world_start
	# A pool that never grows: each thread has files of its own in the daemon.
	echo_start echo --threads 1
	binderctl ping echo
	daemon=$(cat "$T/binderd.pid")
	open=$(files_of "$daemon")
	for _ in $(seq "$(is_slow && echo 20 || echo 200)"); do
		binderctl call echo 8 >/dev/null
	done
	until_true files_are_back_to "$daemon" "$open"
}

run_tests "$@"

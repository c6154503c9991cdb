#!/bin/bash
# SPDX-License-Identifier: MIT
# speed.sh: how long a person waits.  The best of several runs: others use this machine too.

. "$(dirname "$0")/../tap.sh"

# best N COMMAND...: milliseconds of the fastest of N runs, in $best.
best() {
	local runs=$1 began took

	shift
	best=999999
	for _ in $(seq "$runs"); do
		began=$(milliseconds)
		"$@" >/dev/null
		took=$(($(milliseconds) - began))
		[ "$took" -ge "$best" ] || best=$took
	done
}

test_a_sandbox_takes_less_than_300_ms() {
	best 5 binderctl sandbox -- binderctl list
	echo "# $best ms" >&2
	[ "$best" -lt $((300 * SLOW)) ] || fail "it took $best ms"
}

test_a_list_takes_less_than_20_ms() {
	world_start
	echo_start
	best 10 binderctl list
	[ "$best" -lt $((20 * SLOW)) ] || fail "it took $best ms"
}

run_tests "$@"

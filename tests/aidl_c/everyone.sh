#!/bin/bash
# SPDX-License-Identifier: MIT
#
# everyone.sh DIR SEED: starts the hosts of everyone.c and everyone.lua, then who
# calls them; run by agree.sh in a sandbox.  A host that ends is a failure at once,
# for whoever calls it would wait for another.
set -u
dir=$1 seed=$2
declare -A started

start() {
	local name=$1

	shift
	"$@" &
	started[$!]=$name
}

# shellcheck disable=SC2317 # start calls it
call_all() {
	binderctl wait --timeout $((60 * ${TEST_SLOW:-10})) c.lua.base.I3 &&
		exec binderctl run tests/aidl_c/everyone.lua "$dir" "$dir/calls.lua"
}

start "the host base" "$dir/everyone" "$seed" "$dir" base
start "the host c.base" "$dir/everyone" "$seed" "$dir" relay base
start "the host lua.base" binderctl run tests/aidl_c/everyone.lua "$dir" host base
start "the host c.lua.base" "$dir/everyone" "$seed" "$dir" relay lua.base
start caller call_all

wait -n -p ended
status=$?
name=${started[$ended]}
unset "started[$ended]"
kill "${!started[@]}" 2>/dev/null
wait
[ "$name" = caller ] && exit "$status"
echo "$name ended with status $status"
exit 1

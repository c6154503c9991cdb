#!/bin/bash
# SPDX-License-Identifier: MIT
#
# by_name.sh: what a call from the command line costs by code and by name, in turns;
# the median of each.  Run by `make bench`; tests/e2e/aidl.sh sets the limit.
set -eu
export PATH=$PWD/${1:-build}/bin:$PATH
rounds=41

# microseconds COMMAND...: of one run.
microseconds() {
	local began=${EPOCHREALTIME/./}

	"$@" >/dev/null
	echo $((${EPOCHREALTIME/./} - began))
}

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$((rounds / 2 + 1))p"
}

row() {
	printf "  %-38s %9d us\n" "$1" "$2"
}

run() {
	local code=() name=()

	binderctl run scripts/compute.lua >/dev/null &
	binderctl wait --timeout 20 compute >/dev/null
	for _ in $(seq $rounds); do
		code+=("$(microseconds binderctl call --reply i32 compute 1 i32:2 i32:3)")
		name+=("$(microseconds binderctl call compute add 2 3)")
	done
	kill $!
	printf '\nOne call from the command line, a process each\n'
	row "binderctl call: by code" "$(median "${code[@]}")"
	row "binderctl call: by name" "$(median "${name[@]}")"
	row "  a name costs (limit: 10,000 us)" $(($(median "${name[@]}") - $(median "${code[@]}")))
}

if [ "${2:-}" = inside ]; then
	run
else
	exec binderctl sandbox -- bash "$0" "${1:-build}" inside
fi

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# command_line.sh [BUILD]: what one command costs, a process each, beside the floor of
# starting any process: the median of runs that take turns.  Run by `make bench`.
set -eu
export PATH=$PWD/${1:-build}/bin:$PATH
rounds=41

nothing=(/bin/true)
dependencies=(scripts/install-deps.sh)
list=(binderctl list)
sandbox=(binderctl sandbox -- binderctl list)
code=(binderctl call --reply i32 compute 1 i32:2 i32:3)
name=(binderctl call compute add 2 3)

# microseconds COMMAND...: of one run.
microseconds() {
	local began=${EPOCHREALTIME/./}

	"$@" >/dev/null
	echo $((${EPOCHREALTIME/./} - began))
}

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$((rounds / 2 + 1))p"
}

# row TEXT MICROSECONDS [FLOOR]: and how many times the floor it is.
row() {
	printf "  %-38s %9d us" "$1" "$2"
	[ $# = 2 ] || printf "   x %d.%02d" $(($2 / $3)) $(($2 * 100 / $3 % 100))
	printf '\n'
}

run() {
	local nothing_us=() dependencies_us=() list_us=() sandbox_us=() code_us=() name_us=() floor

	binderctl run scripts/compute.lua >/dev/null &
	binderctl wait --timeout 20 compute >/dev/null
	for _ in $(seq $rounds); do
		nothing_us+=("$(microseconds "${nothing[@]}")")
		dependencies_us+=("$(microseconds "${dependencies[@]}")")
		list_us+=("$(microseconds "${list[@]}")")
		sandbox_us+=("$(microseconds "${sandbox[@]}")")
		code_us+=("$(microseconds "${code[@]}")")
		name_us+=("$(microseconds "${name[@]}")")
	done
	kill $!
	floor=$(median "${nothing_us[@]}")
	printf '\nOne command, a process each: times the floor\n'
	row "floor: true" "$floor"
	row "install-deps.sh: nothing is missing" "$(median "${dependencies_us[@]}")" "$floor"
	row "binderctl list" "$(median "${list_us[@]}")" "$floor"
	row "binderctl sandbox -- binderctl list" "$(median "${sandbox_us[@]}")" "$floor"
	row "binderctl call: by code" "$(median "${code_us[@]}")" "$floor"
	row "binderctl call: by name" "$(median "${name_us[@]}")" "$floor"
}

if [ "${2:-}" = inside ]; then
	run
else
	exec binderctl sandbox -- bash "$0" "${1:-build}" inside
fi

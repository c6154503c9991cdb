#!/bin/bash
# SPDX-License-Identifier: MIT
#
# crowd.sh [BUILD]: what it costs to list services, beside `busctl list` with as many names in
# the same run, and to look at a world of 1,000 processes with 10,000 objects.  The median of runs
# that take turns; processor time is that of the command alone.  Run by `make bench`.
set -eu
build=${1:-build}
export PATH=$PWD/$build/bin:$PATH
rounds=${CROWD_ROUNDS:-21}
processes=${CROWD_PROCESSES:-1000}

# measure NAME COMMAND...: adds the microseconds of one run to NAME_wall and NAME_cpu.
measure() {
	local -n wall=$1_wall cpu=$1_cpu
	local began=${EPOCHREALTIME/./} user system times

	shift
	times=$({ TIMEFORMAT='%3U %3S'; time "$@" >/dev/null; } 2>&1)
	wall+=($((${EPOCHREALTIME/./} - began)))
	read -r user system <<<"$times"
	cpu+=($((10#${user/./} * 1000 + 10#${system/./} * 1000)))
}

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$(($# / 2 + 1))p"
}

# start_crowd PROCESSES OBJECTS NAMES: the service's input is descriptor 7.
start_crowd() {
	coproc CROWD { exec "$build/tests/echo-crowd" "$@"; }
	exec 7>&"${CROWD[1]}"
	read -r _ <&"${CROWD[0]}"
}

end_crowd() {
	local pid=$CROWD_PID

	exec 7>&-
	eval "exec ${CROWD[1]}>&-"
	wait "$pid" 2>/dev/null || true
}

start_bus() {
	coproc BUS { exec "$build/tests/bench" dbus-names "$1" "$2" "$3"; }
	exec 8>&"${BUS[1]}"
	read -r _ <&"${BUS[0]}"
}

end_bus() {
	local pid=$BUS_PID

	exec 8>&-
	eval "exec ${BUS[1]}>&-"
	wait "$pid" 2>/dev/null || true
}

# ratio A B: A / B with two digits.
ratio() {
	printf '%d.%02d' $(($1 / $2)) $(($1 * 100 / $2 % 100))
}

# compare PROCESSES NAMES: of each process.
compare() {
	local list_wall=() list_cpu=() bus_wall=() bus_cpu=() w c bw bc

	start_crowd "$1" 0 "$2"
	[ -z "$bus" ] || start_bus "$bus" "$1" "$2"
	for _ in $(seq "$rounds"); do
		measure list binderctl list
		[ -z "$bus" ] || measure bus busctl --address="$bus" list
	done
	w=$(median "${list_wall[@]}") c=$(median "${list_cpu[@]}")
	printf '  binderctl list, %4d services    %9d us   cpu %9d us' $(($1 * $2)) "$w" "$c"
	if [ -n "$bus" ]; then
		bw=$(median "${bus_wall[@]}") bc=$(median "${bus_cpu[@]}")
		printf '   busctl list %9d us   cpu %9d us   x %s, cpu x %s' "$bw" "$bc" \
			"$(ratio "$w" "$bw")" "$(ratio "$c" "$((bc ? bc : 1))")"
		end_bus
	fi
	printf '\n'
	end_crowd
}

look() {
	# shellcheck disable=SC2034 # measure() fills them
	local ps_wall=() ps_cpu=() blocked_wall=() blocked_cpu=()

	start_crowd "$processes" 10 0
	for _ in $(seq "$rounds"); do
		measure ps binderctl ps
		measure blocked binderctl blocked
	done
	for verb in ps blocked; do
		local -n w=${verb}_wall c=${verb}_cpu

		printf '  binderctl %-22s %9d us   cpu %9d us\n' "$verb" "$(median "${w[@]}")" \
			"$(median "${c[@]}")"
	done
	end_crowd
}

run() {
	local folder address

	bus=''
	folder=$(mktemp -d)
	if command -v busctl >/dev/null && command -v dbus-daemon >/dev/null; then
		printf '<busconfig><type>session</type><listen>unix:path=%s/bus</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow own="*"/></policy><limit name="max_names_per_connection">10000</limit><limit name="max_connections_per_user">10000</limit></busconfig>\n' \
			"$folder" >"$folder/conf"
		address=$(dbus-daemon --config-file="$folder/conf" --print-address --print-pid --fork)
		bus=unix:path=$folder/bus
		# shellcheck disable=SC2064 # the pid of now
		trap "kill ${address##*$'\n'}; rm -rf '$folder'" EXIT
	fi
	printf '\nServices in a list: a process each, times the peer\n'
	compare 5 1
	compare 20 5
	compare 50 10
	printf '\nA world of %d processes and %d objects: the aim is 50,000 us\n' "$processes" \
		$((processes * 10))
	look
}

if [ "${2:-}" = inside ]; then
	run
else
	exec binderctl sandbox -- bash "$0" "$build" inside
fi

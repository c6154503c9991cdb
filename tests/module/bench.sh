#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bench.sh [KERNEL]...: our module beside upstream's, in the same virtual machine:
# instructions and time of a call, and of several pairs at once.
#
# `make bench-kernel` calls; prints a table for each kernel.  Instructions are
# nearly the same in every run; times are the best of three rounds in which the two take
# turns, and mean something only as a ratio, on a machine that does nothing else.
# In the virtual machine it calls itself: bench.sh inside ROUNDS PAIRS...
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}

# ---- inside ----------------------------------------------------------------------

inside() {
	local rounds=$1 round pairs

	shift
	for ((round = 0; round < rounds; round++)); do
		for driver in upstream ours; do
			device=/dev/binder
			[ "$driver" = upstream ] || device=/dev/our_binder
			"$BUILD/tests/module-cost" "$device" | sed "s/^/$driver /"
			for pairs; do
				"$BUILD/tests/module-cost" "$device" "$pairs" | sed "s/^/$driver /"
			done
		done
	done
}

# ---- outside ---------------------------------------------------------------------

# machine KERNEL OPTION...  -- ARGUMENT...: "DRIVER bytes|pairs N cost M" lines.
machine() {
	local kernel=$1 options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	tests/vm/vm.sh -t 600 "${options[@]}" -m upstream -m "$module devices=our_binder" "$kernel" \
		env BUILD="$BUILD" bash tests/module/bench.sh inside "$@"
}

# rows HEADING: the lowest cost of each, side by side.
rows() {
	awk -v heading="$1" '
		{ key = $2 == "bytes" ? $3 " bytes" : $3 ($3 == 1 ? " pair" : " pairs") }
		!(($1, key) in least) { least[$1, key] = $5; if ($1 == "ours") order[++n] = key }
		$5 < least[$1, key] { least[$1, key] = $5 }
		END {
			for (i = 1; i <= n; i++) {
				theirs = least["upstream", order[i]]; ours = least["ours", order[i]]
				printf "%-24s %-14s %10d %10d %7.3f\n", heading, order[i], theirs, ours,
				       theirs ? ours / theirs : 0
			}
			exit n == 0
		}'
}

if [ "${1:-}" = inside ]; then
	shift
	inside "$@"
	exit
fi

[ $# -gt 0 ] || set -- 6.1 6.12
for kernel; do
	module=$(tests/vm/module.sh "$kernel") || exit 1
	printf '%-24s %-14s %10s %10s %7s\n' "Linux $kernel" "" upstream ours ratio
	machine "$kernel" -i -- 1 | rows "instructions" || exit 1
	for processors in 2 4; do
		machine "$kernel" -p "$processors" -- 3 1 2 4 |
			rows "ns, $processors processors" || exit 1
	done
done

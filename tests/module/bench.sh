#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bench.sh [KERNEL]...: our module beside upstream's, in the same virtual machine:
# instructions and time of a call, and of several pairs at once.
#
# `make bench-kernel` calls; prints a table for each kernel.  Instructions are
# nearly the same in every run.  Times are taken in BENCH_ROUNDS rounds (7), each of them
# upstream, ours, ours, upstream, so that what the machine does besides meets both alike: a
# round's ratio is that of the two sums, and what is printed is the median of the rounds, with
# the lower and the upper quartile.  In the virtual machine it calls itself:
# bench.sh inside ROUNDS PAIRS...
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}

# ---- inside ----------------------------------------------------------------------

# cost DRIVER ROUND [PAIRS]
cost() {
	local device=/dev/binder

	[ "$1" = upstream ] || device=/dev/our_binder
	# shellcheck disable=SC2086 # none or one
	"$BUILD/tests/module-cost" "$device" ${3:-} | sed "s/^/$2 $1 /"
}

inside() {
	local rounds=$1 round pairs driver

	shift
	for ((round = 0; round < rounds; round++)); do
		for pairs in "" "$@"; do
			for driver in upstream ours ours upstream; do
				cost "$driver" "$round" "$pairs"
			done
		done
	done
}

# ---- outside ---------------------------------------------------------------------

# machine KERNEL OPTION...  -- ARGUMENT...: "ROUND DRIVER bytes|pairs N cost M" lines.
machine() {
	local kernel=$1 options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	tests/vm/vm.sh -t 1200 "${options[@]}" -m upstream -m "$module devices=our_binder" "$kernel" \
		env BUILD="$BUILD" bash tests/module/bench.sh inside "$@"
}

# rows HEADING: each side by side: medians of the rounds.
rows() {
	awk -v heading="$1" '
		{
			key = $3 == "bytes" ? $4 " bytes" : $4 ($4 == 1 ? " pair" : " pairs")
			if (!(key in seen)) { seen[key] = 1; order[++n] = key }
			sum[$2, key, $1] += $6 / 2
			if ($1 >= rounds) rounds = $1 + 1
		}
		function sorted(from, to,   i, j, t) { # by insertion: they are few
			for (i = 1; i <= rounds; i++) to[i] = from[i]
			for (i = 2; i <= rounds; i++)
				for (j = i; j > 1 && to[j] < to[j - 1]; j--) {
					t = to[j]; to[j] = to[j - 1]; to[j - 1] = t
				}
		}
		function at(part) { return int((rounds - 1) * part + 0.5) + 1 }
		END {
			for (i = 1; i <= n; i++) {
				for (r = 1; r <= rounds; r++) {
					theirs[r] = sum["upstream", order[i], r - 1]
					ours[r] = sum["ours", order[i], r - 1]
					ratio[r] = theirs[r] ? ours[r] / theirs[r] : 0
				}
				sorted(theirs, a); sorted(ours, b); sorted(ratio, c)
				printf "%-24s %-14s %10d %10d %7.3f", heading, order[i], a[at(0.5)],
				       b[at(0.5)], c[at(0.5)]
				spread = sprintf("  %.3f to %.3f", c[at(0.25)], c[at(0.75)])
				print (rounds > 1) ? spread : ""
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
	printf '%-24s %-14s %10s %10s %7s  %s\n' "Linux $kernel" "" upstream ours ratio quartiles
	machine "$kernel" -i -- 1 | rows "instructions" || exit 1
	for processors in 2 4; do
		machine "$kernel" -p "$processors" -- "${BENCH_ROUNDS:-7}" 1 2 4 |
			rows "ns, $processors processors" || exit 1
	done
done

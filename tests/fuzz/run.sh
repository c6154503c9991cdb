#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh SECONDS HARNESS...: fuzzes with each for so long; `make fuzz FUZZ_S=60`.
#
# Begins with what is stored in corpus/ and what earlier runs found, which stays in
# $BUILD/fuzz/found/HARNESS.  An input that breaks something is kept as
# $BUILD/fuzz/crashes/HARNESS-...; the exit status is then 1.

BUILD=${BUILD:-build}
seconds=$1
shift
here=$(dirname "$0")
status=0

mkdir -p "$BUILD/fuzz/crashes"
for name; do
	found=$BUILD/fuzz/found/$name
	log=$BUILD/fuzz/$name.log
	options=()
	mkdir -p "$found"
	[ ! -e "$here/$name.dict" ] || options+=("-dict=$here/$name.dict")
	[ "$name" != channel ] || options+=(-max_len=512)
	if nice -n 10 "$BUILD/fuzz/clang/$name/$name" -max_total_time="$seconds" -timeout=20 \
		-rss_limit_mb=2048 -max_len=2048 -print_final_stats=1 \
		-artifact_prefix="$BUILD/fuzz/crashes/$name-" "${options[@]}" \
		"$found" "$here/corpus/$name" >"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
		echo "$name: $runs runs, $rate a second, nothing found"
	else
		status=1
		echo "$name: FAILED; all of it in $log"
		grep -E '^SUMMARY|: expected |ERROR|Test unit written' "$log" | sed 's/^/  /'
		crash=$(sed -n 's/.*Test unit written to //p' "$log")
		echo "  again: FUZZ_VERBOSE=1 $BUILD/fuzz/clang/$name/$name $crash"
	fi
done
exit $status

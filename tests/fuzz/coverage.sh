#!/bin/bash
# SPDX-License-Identifier: MIT
#
# coverage.sh HARNESS...: which lines of driver/core do the stored inputs reach?
# `make fuzz-coverage`.  Lines that none does go to $BUILD/fuzz/uncovered.  What earlier
# runs of `make fuzz` found counts as well, if FUZZ_MORE is set.

BUILD=${BUILD:-build}
here=$(dirname "$0")

tool() {
	local path

	for path in "$1" "$1-14" "$1-15" "$1-16" "$1-17" "$1-18" "$1-19"; do
		command -v "$path" && return 0
	done
	echo "coverage.sh: there is no $1; it comes with LLVM" >&2
	return 1
}

profdata=$(tool llvm-profdata) && cov=$(tool llvm-cov) || exit 1
rm -f "$BUILD"/fuzz/*.profraw
objects=()
for name; do
	[ "$name" != parcel ] || continue
	program=$BUILD/fuzz/cov/$name/$name
	inputs=("$here/corpus/$name")
	[ -z "${FUZZ_MORE:-}" ] || inputs+=("$BUILD/fuzz/found/$name")
	LLVM_PROFILE_FILE=$BUILD/fuzz/$name.profraw "$program" "${inputs[@]}" || exit 1
	[ -z "${objects[0]:-}" ] || objects+=(-object)
	objects+=("$program")
done
"$profdata" merge -sparse "$BUILD"/fuzz/*.profraw -o "$BUILD/fuzz/all.profdata" || exit 1
"$cov" report "${objects[@]}" -instr-profile="$BUILD/fuzz/all.profdata" \
	-show-region-summary=0 -show-branch-summary=0 driver/core/*.c
"$cov" show "${objects[@]}" -instr-profile="$BUILD/fuzz/all.profdata" driver/core/*.c |
	grep -E '^/|^ +[0-9]+\| +0\|' >"$BUILD/fuzz/uncovered"
echo "lines that none reaches: $BUILD/fuzz/uncovered"

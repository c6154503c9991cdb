#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check.sh: the fuzzers' part of `make check`: every stored input again, and with
# clang a few seconds of fuzzing (FUZZ_CHECK_S, 3) from there, beginning with the same
# mutations each time: it is `make fuzz` that looks for what nobody has seen.

. "$(dirname "$0")/../tap.sh"

FUZZ_CHECK_S=${FUZZ_CHECK_S:-3}

harness() {
	local kind

	for kind in clang replay; do
		program=$ROOT/$BUILD/fuzz/$kind/$1/$1
		[ ! -x "$program" ] || return 0
	done
	fail "$1 has not been built"
}

corpus_passes() {
	harness "$1"
	cd "$T" || exit 1
	case $program in
	*/clang/*) set -- "$1" -runs=0 -timeout=$((20 * SLOW)) ;;
	esac
	"$program" "${@:2}" "$ROOT/tests/fuzz/corpus/$1"
}

seconds_find_nothing() {
	local name=$1 crashes=$ROOT/$BUILD/fuzz/crashes

	harness "$name"
	case $program in
	*/replay/*) skip "needs clang and its libFuzzer" ;;
	esac
	mkdir -p "$crashes" "$T/found"
	cd "$T" || exit 1
	set --
	[ ! -e "$ROOT/tests/fuzz/$name.dict" ] || set -- "-dict=$ROOT/tests/fuzz/$name.dict"
	nice -n 10 "$program" -max_total_time="$FUZZ_CHECK_S" -seed=1 -timeout=$((20 * SLOW)) -max_len=512 \
		-artifact_prefix="$crashes/$name-" "$@" found "$ROOT/tests/fuzz/corpus/$name" ||
		fail "the input is kept in $BUILD/fuzz/crashes"
}

test_core_stream_corpus_passes() { corpus_passes core_stream; }
test_core_live_corpus_passes() { corpus_passes core_live; }
test_channel_corpus_passes() { corpus_passes channel; }
test_parcel_corpus_passes() { corpus_passes parcel; }
test_aidl_corpus_passes() { corpus_passes aidl; }
test_aidl_parcel_corpus_passes() { corpus_passes aidl_parcel; }
test_capture_corpus_passes() { corpus_passes capture; }
test_core_stream_seconds_find_nothing() { seconds_find_nothing core_stream; }
test_core_live_seconds_find_nothing() { seconds_find_nothing core_live; }
test_channel_seconds_find_nothing() { seconds_find_nothing channel; }
test_parcel_seconds_find_nothing() { seconds_find_nothing parcel; }
test_aidl_seconds_find_nothing() { seconds_find_nothing aidl; }
test_aidl_parcel_seconds_find_nothing() { seconds_find_nothing aidl_parcel; }
test_capture_seconds_find_nothing() { seconds_find_nothing capture; }

run_tests

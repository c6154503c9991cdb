#!/bin/bash
# SPDX-License-Identifier: MIT
#
# oracle.sh: Android's own AIDL compiler (Debian's package aidl, of Android 10)
# and ours: same codes, same values in the same order, same refusals.  Where both
# differ stands in oracle/differ/README.  What it does not know yet (enums, unions,
# nested types, arrays of fixed size, @VintfStability, expressions) is in
# oracle/newer, each file beside the words that newer compilers make of it.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/compile.sh"

corpus=tests/aidl_c/oracle

needs_oracle() {
	command -v aidl >/dev/null || skip "aidl (Debian's package of that name) is not installed"
}

# An opaque parcelable is none of a structured interface, where others have to be.
oracle() {
	local structured=(--structured)

	! grep -q Opaque "$1" || structured=()
	aidl --lang=cpp "${structured[@]}" -I "${1%/*}" -I "$corpus/good" -I "$corpus/theirs" \
		-h "$T/theirs" -o "$T/theirs" "$1" >"$T/oracle.log" 2>&1
}

ours() {
	binderctl aidl --check -I "$(dirname "$1")" "$1" >"$T/ours.log" 2>&1
}

# The words of both, for one file of the corpus; reading and writing may stand in any order.
compare() {
	local name=$1

	oracle "$corpus/good/o/$name.aidl" || fail "$name: the oracle: $(cat "$T/oracle.log")"
	awk -v of=cpp -f "$corpus/sequence.awk" "$T/theirs/o/$name.cpp" |
		sort -s -k1,1 >"$T/theirs.txt"
	awk -v of=c -f "$corpus/sequence.awk" "$T/gen/o/$name.h" "$T/gen/o/$name.c" |
		sort -s -k1,1 >"$T/ours.txt"
	[ -s "$T/theirs.txt" ] || fail "$name: nothing was found in the oracle's output"
	diff -u "$T/theirs.txt" "$T/ours.txt" || fail "$name: not the same"
}

test_codes_and_values_are_the_same() {
	local file

	needs_oracle
	exits 0 binderctl aidl --lang=c -I "$corpus/good" -I "$corpus/ours" -o "$T/gen" "$corpus"/good/o/*.aidl
	for file in "$corpus"/good/o/*.aidl; do
		file=${file##*/}
		compare "${file%.aidl}"
	done
}

test_what_is_newer_than_the_oracle_has_the_words_of_newer_compilers() {
	local name

	exits 0 binderctl aidl --lang=c -I "$corpus/newer" -o "$T/gen" "$corpus"/newer/o/*.aidl
	for name in INewer Nest; do
		awk -v of=c -f "$corpus/sequence.awk" "$T/gen/o/$name.h" "$T/gen/o/$name.c" |
			sort -s -k1,1 | sed 's/ *$//' >"$T/ours.txt"
		diff -u "$corpus/newer/$name.words" "$T/ours.txt" || fail "$name: not the same"
	done
}

test_what_the_oracle_refuses_we_refuse() {
	local file

	needs_oracle
	for file in "$corpus"/wrong/*.aidl; do
		! oracle "$file" || fail "$file: the oracle takes it"
		! ours "$file" || fail "$file: we take it"
		grep -q ": error: " "$T/ours.log" || fail "$file: $(cat "$T/ours.log")"
	done
}

test_known_differences_are_still_there() {
	local file theirs mine

	needs_oracle
	for file in "$corpus"/differ/*.aidl; do
		theirs=0 mine=0
		oracle "$file" || theirs=1
		ours "$file" || mine=1
		[ "$theirs" != "$mine" ] || fail "$file: both say $mine now"
	done
}

run_tests "$@"

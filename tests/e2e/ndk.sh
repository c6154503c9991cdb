#!/bin/bash
# SPDX-License-Identifier: MIT
#
# ndk.sh: the functions of Android's NDK that libbinder has, and those that it has not.
# ndk_functions.txt is the list.
. "$(dirname "$0")/../tap.sh"

LIST=$ROOT/tests/e2e/ndk_functions.txt

defined() {
	nm -D --defined-only "$ROOT/$BUILD/lib/libbinder.so" | awk '{ print $3 }' | sed 's/@.*//' | sort
}

listed() {
	awk -v "state=$1" '/^[A-Z]/ && (state == "here") == ($3 == "here") { print $1 }' "$LIST" | sort
}

test_functions_that_are_listed_as_here_are_there() {
	is "$(comm -23 <(listed here) <(defined))" "" "listed as here, and not defined"
}

test_functions_that_are_listed_as_missing_are_missing() {
	is "$(comm -12 <(listed missing) <(defined))" "" "listed as missing, and defined"
}

test_the_manual_names_the_reason_for_each_missing_function() {
	local manual name family

	manual=$(tr -s ' \n' ' ' <"$ROOT/man/libbinder.3")
	for name in $(listed missing); do
		family=${name%%_*}_
		[[ $manual == *"$name"* || $manual == *"Fn $family*"* ]] ||
			fail "libbinder(3) does not say why $name is missing"
	done
}

run_tests "$@"

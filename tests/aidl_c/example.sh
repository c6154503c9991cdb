#!/bin/bash
# SPDX-License-Identifier: MIT
#
# example.sh: scripts/aidl, server and client in C from AIDL, built by its own
# Makefile and run.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/compile.sh"

# Once, for all tests of this run.
build_example() {
	example=${T%/*}/example
	[ ! -x "$example/client" ] || return 0
	make -s -C scripts/aidl OUT="$example" BINDERCTL="$BIN/binderctl" \
		CC="${AIDLC_CC:-cc}" CFLAGS="-O1 -g -Werror" \
		BINDER_CFLAGS="-I$ROOT/libbinder/include" BINDER_LIBS="$library" >"$T/make.log" 2>&1 ||
		fail "$(cat "$T/make.log")"
}

test_server_and_client_talk() {
	build_example
	world_start
	background server "$example/server"
	exits 0 "$example/client"
	is "$out" "2 + 3 = 5
2 - 3 = -1
divide: EX_SERVICE_SPECIFIC 1: division by zero
middle: 5, -2
new book 1: Parcels
new book 2: Handles
1: Parcels, by Ada and others: not reviewed
2: Handles, by Ada: strong"
}

test_service_answers_its_descriptor() {
	build_example
	world_start
	background server "$example/server"
	exits 0 binderctl wait --timeout $((10 * SLOW)) compute
	exits 0 binderctl info compute
	contains "$out" com.example.ICalculator
}

test_foreign_token_is_refused() {
	build_example
	world_start
	background server "$example/server"
	exits 0 binderctl wait --timeout $((10 * SLOW)) compute
	exits 0 binderctl call --interface com.example.ICalculator --reply i32 compute 1 i32:2 i32:3
	contains "$out" 5
	capture binderctl call --interface com.example.IOther --reply i32 compute 1 i32:2 i32:3
	[ "$status" != 0 ] || fail "a call of another interface was carried out: $out"
}

test_short_request_is_refused() {
	build_example
	world_start
	background server "$example/server"
	exits 0 binderctl wait --timeout $((10 * SLOW)) compute
	capture binderctl call --reply i32 compute 1 i32:2
	[ "$status" != 0 ] || fail "a call without its arguments was carried out: $out"
	exits 0 binderctl call --reply i32 compute 1 i32:2 i32:3
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# agree.sh: random interfaces and random values: generated C and the codec write
# the same bytes, and damaged ones harm neither.  AGREE_SEEDS="1 2 3" chooses.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/compile.sh"

agrees() {
	local dir=$T/random

	mkdir "$dir"
	"$TESTS/aidl-random" "$1" "$dir"
	generate "$dir" "$dir"/r/*.aidl
	"${compiler[@]}" -Wno-unused-parameter -D_GNU_SOURCE -I"$dir/gen" -Itests/aidl_c \
		"$dir/list.c" "$dir"/gen/r/*.c tests/aidl_c/agree.c tests/aidl_c/values.c "$library" -pthread -o "$dir/agree"
	"$dir/agree" "$1" "$dir" || fail "seed $1"
	rm -r "$dir"
}

test_c_and_codec_agree_byte_by_byte() {
	local seed

	for seed in ${AGREE_SEEDS:-$(is_slow && echo 1 || echo 1 2)}; do
		agrees "$seed"
	done
}

# The same calls by generated proxies, Lua and binderctl, to generated stubs and Lua.
everyone_agrees() {
	local dir=$T/random

	mkdir "$dir"
	"$TESTS/aidl-random" "$1" "$dir" plain
	generate "$dir" "$dir"/r/*.aidl
	"${compiler[@]}" -Wno-unused-parameter -D_GNU_SOURCE -I"$dir/gen" -Itests/aidl_c \
		"$dir/list.c" "$dir"/gen/r/*.c tests/aidl_c/everyone.c tests/aidl_c/values.c \
		"$library" -pthread -o "$dir/everyone"
	"$dir/everyone" "$1" "$dir" calls >"$dir/calls.lua"
	timeout $((120 * SLOW)) binderctl sandbox -- bash tests/aidl_c/everyone.sh "$dir" "$1" \
		>"$dir/said" 2>&1 || fail "seed $1: $(head -20 "$dir/said")"
	contains "$(cat "$dir/said")" " 0 wrong"
	rm -r "$dir"
}

test_everyone_gets_the_same_answers() {
	local seed

	for seed in ${AGREE_SEEDS:-1}; do
		everyone_agrees "$seed"
	done
}

run_tests "$@"

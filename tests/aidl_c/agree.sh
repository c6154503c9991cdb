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
		"$dir/list.c" "$dir"/gen/r/*.c tests/aidl_c/agree.c "$library" -pthread -o "$dir/agree"
	"$dir/agree" "$1" "$dir" || fail "seed $1"
	rm -r "$dir"
}

test_c_and_codec_agree_byte_by_byte() {
	local seed

	for seed in ${AGREE_SEEDS:-$([ "$SLOW" = 1 ] && echo 1 2 || echo 1)}; do
		agrees "$seed"
	done
}

run_tests "$@"

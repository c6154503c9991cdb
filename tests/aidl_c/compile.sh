# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
#
# compile.sh: what the tests of generated C share; sourced after tap.sh.

# Compiles as users would, only stricter.  A list of words; with sanitizers where the tree has them.
# shellcheck disable=SC2206
compiler=(${AIDLC_CC:-cc} -std=gnu11 -g -O1 -Wall -Wextra -Wshadow -Werror
	-I"$ROOT/libbinder/include")
library=$ROOT/$BUILD/lib/libbinder.a

# generate DIR FILE...: C for files below DIR, into DIR/gen.
generate() {
	local dir=$1

	shift
	exits 0 binderctl aidl --lang=c -I "$dir" -o "$dir/gen" "$@"
	is "$out$err" ""
}

# aidl_file NAME TEXT: $T/NAME.aidl
aidl_file() {
	mkdir -p "$(dirname "$T/$1")"
	printf '%s\n' "$2" >"$T/$1.aidl"
}

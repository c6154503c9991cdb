#!/bin/bash
# SPDX-License-Identifier: MIT
#
# demo.sh [BUILD]: the last step of `make demo`.  Runs itself in a sandbox, starts
# the sample service there, and shows what a person would type and see.
# BUILD is the build tree (build).

cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
PATH=$PWD/$build/bin:$PATH
export PATH

if [ "$2" != inside ]; then
	exec binderctl sandbox -- bash scripts/demo.sh "$build" inside
fi

show() {
	printf '$ %s\n' "$*"
	"$@" || exit
}

binderctl run scripts/media_player.lua >/dev/null &
binderctl wait --timeout 10 media.player || exit

show binderctl list
show binderctl call media.player 1 i32:3
show binderctl call --reply i32,str,binder media.player 1 i32:4
show binderctl dump media.player

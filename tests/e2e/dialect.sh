#!/bin/bash
# SPDX-License-Identifier: MIT
# dialect.sh: --android that does not fit the service manager is said to be that.
. "$(dirname "$0")/../tap.sh"

# refuses COMMAND...: with what the service manager speaks, and what was asked for.
refuses() {
	exits 1 binderctl "$@"
	contains "$err" "the service manager of $BINDER_DEVICE speaks the dialect of $spoken"
	contains "$err" "--android or BINDER_ANDROID says $asked: that of "
	contains "$err" "try: without --android"
}

# dialects MANAGER ASKED SPOKEN
dialects() {
	asked=$2 spoken=$3
	world_start --android "$1"
	export BINDER_ANDROID=$asked
	refuses list
	refuses info nobody
	refuses wait --timeout 5 nobody
	unset BINDER_ANDROID
	refuses --android "$asked" list
	exits 0 binderctl list
	stop servicemanager
	[ -n "${TEST_DEVICES:-}" ] || stop binderd
	rm -rf "$BINDER_DIR"
}

test_a_wrong_dialect_is_named() {
	dialects 28 30 "Android 9"
	dialects 30 36 "Android 11"
	dialects 36 30 "Android 16"
}

# Their numbers and words are the same where it matters.
test_a_dialect_that_does_not_differ_is_no_mistake() {
	world_start --android 30
	exits 0 binderctl --android 33 list
	exits 4 binderctl --android 33 info nobody
}

test_a_version_that_does_not_exist_is_refused() {
	world_start
	for version in 99 41 25 0 -1 x ''; do
		[ -n "$version" ] || continue
		exits 2 binderctl --android "$version" list
		contains "$err" "\"$version\" is no Android that is known"
	done
	# One that is not out yet speaks, as far as anybody knows, as the latest.
	exits 0 binderctl --android 37 list
}

# A failure that has nothing to do with dialects is none of it.
test_an_ordinary_failure_stays_one() {
	world_start
	export BINDER_ANDROID=36
	exits 4 binderctl info nobody
	lacks "$err" dialect
}

# The call has been carried out: its answer is not thrown away.
test_a_reply_that_aidl_does_not_describe_is_shown() {
	world_start
	mkdir "$T/demo"
	printf 'package demo;\nparcelable Blob;\n' >"$T/demo/Blob.aidl"
	printf 'package demo;\nimport demo.Blob;\ninterface IPot { Blob take(); }\n' >"$T/demo/IPot.aidl"
	cat >"$T/pot.lua" <<-'END'
		local b = require "binder"
		assert(b.serve("pot", { descriptor = "demo.IPot",
			[1] = function(_, r) r:i32(1):i32(77):str("soup") end }))
		assert(b.loop("TERM"))
	END
	background pot binderctl run "$T/pot.lua"
	exits 0 binderctl wait --timeout $((20 * SLOW)) pot
	exits 0 binderctl call --aidl "$T" pot take
	contains "$err" "return: only code knows what a demo.Blob looks like"
	contains "$out" "reply, 28 bytes"
	contains "$out" 'str "soup"'
}

run_tests "$@"

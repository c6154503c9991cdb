#!/bin/bash
# SPDX-License-Identifier: MIT
# monitor: calls of other processes, as they happen.
. "$(dirname "$0")/../tap.sh"

# A world with two services.
services() {
	needs_daemon
	world_start
	background compute binderctl run scripts/compute.lua
	background media binderctl run scripts/media_player.lua
	binderctl wait compute
	binderctl wait media.player
}

# Starts a monitor and waits until it watches; its lines go to $T/lines.
watch() {
	binderctl monitor "$@" >"$T/lines" 2>"$T/notes" </dev/null &
	watcher=$!
	echo "$watcher" >>"$T/.started"
	until_true grep -q '^watching ' "$T/notes"
}

# Waits for its end; $lines has no times, pids and durations.
ended() {
	wait "$watcher" || fail "the monitor failed: $(cat "$T/notes")"
	lines=$(sed -E -e 's/^[0-9:.]+ ([^ ]+ )?[0-9]+ ([-~]>)/\2/' -e 's/   [0-9.]+ ms$//' "$T/lines")
}

test_method_arguments_and_result_by_name() {
	services
	watch compute --match 'compute.add' --limit-messages 1
	binderctl call compute add 40 2
	ended
	is "$lines" "-> compute.add(a: 40, b: 2) = 42"
}

test_exception_is_a_failure_and_shown_in_words() {
	services
	watch compute --failed --limit-messages 1
	binderctl call compute add 1 2
	binderctl call compute divide 1 0 || true
	ended
	is "$lines" "-> compute.divide(a: 1, b: 0, remainder: []) ! EX_ILLEGAL_ARGUMENT: division by zero"
}

test_payload_without_aidl_is_guessed() {
	services
	watch media.player --match 'media.player 4711' --limit-messages 1
	binderctl call media.player 4711 i32:7 str:hello || true
	ended
	is "$lines" '-> media.player 4711(7, "hello") ! UNKNOWN_TRANSACTION'
}

test_oneway_call_has_an_arrow_of_its_own() {
	services
	watch media.player --match 'media.player*' --limit-messages 1
	binderctl call --oneway --interface android.media.IMediaPlayerService media.player 4711 i32:3
	ended
	is "$lines" "~> media.player 4711(3)"
}

test_only_the_services_that_are_named() {
	services
	watch compute --limit-messages 1 --match '*.add'
	binderctl call --interface android.media.IMediaPlayerService media.player 1 i32:3
	binderctl call compute add 1 1
	ended
	is "$lines" "-> compute.add(a: 1, b: 1) = 2"
}

test_call_whose_service_dies_is_a_failure() {
	services
	cat >"$T/dies.lua" <<-'END'
		local binder = require "binder"
		assert(binder.serve("dies", { descriptor = "test.IDies", [1] = function() os.exit(3) end }))
		assert(binder.loop("TERM", "INT"))
	END
	background dies binderctl run "$T/dies.lua"
	binderctl wait dies
	watch dies --failed --limit-messages 1
	exits 5 binderctl call --interface test.IDies dies 1
	ended
	is "$lines" "-> dies 1() ! the process behind it is dead"
}

test_call_that_waits_is_shown_before_its_answer() {
	services
	watch compute --match 'compute*' --limit-messages 1
	freeze compute
	background caller binderctl call --interface com.example.ICompute compute 1 i32:1 i32:2
	ended
	contains "$lines" "... not answered yet"
}

test_long_payload_is_cut_and_its_method_still_named() {
	services
	watch compute --size 100 --match 'compute.sum' --limit-messages 1
	binderctl call compute sum "[$(seq -s , 1 100)]"
	ended
	contains "$lines" "-> compute.sum("
	contains "$lines" " bytes) = 5050"
}

test_json_is_one_object_a_line() {
	services
	watch --json compute --match 'compute.add' --limit-messages 2
	binderctl call compute add 1 2
	binderctl call compute add 3 4
	wait "$watcher"
	is "$(wc -l <"$T/lines")" 2 "lines"
	is "$(head -n 1 "$T/lines" | lua5.4 tests/e2e/json.lua \
		'doc.service .. " " .. doc.method .. " " .. doc.arguments.b .. " " .. doc.reply["return"]')" \
		"compute add 2 3"
}

test_ends_at_ctrl_c_with_its_counts() {
	services
	watch
	kill -TERM "$watcher"
	wait "$watcher" || fail "status $?"
	contains "$(tail -n 1 "$T/notes")" " calls shown, 0 events lost"
}

test_end_of_the_driver_is_said() {
	local status=0

	services
	watch
	stop binderd
	wait "$watcher" || status=$?
	is "$status" 3 "status"
	contains "$(cat "$T/notes")" "the driver is gone"
}

# Driver and service manager are the user's, so a call of root's has one end of each.
test_user_sees_only_calls_between_processes_of_that_user() {
	needs_daemon
	needs_user 65534
	export BINDER_DIR=$T/world BINDER_DEVICE=$T/world/binder
	mkdir -m 755 "$BINDER_DIR"
	chown 65534 "$BINDER_DIR"
	background_ready binderd "${become[@]}" --reuid 65534 binderd --dir "$BINDER_DIR" --mode 666
	background_ready servicemanager "${become[@]}" --reuid 65534 servicemanager \
		--device "$BINDER_DEVICE"
	"${become[@]}" --reuid 65534 binderctl monitor --limit-messages 1 \
		>"$T/lines" 2>"$T/notes" </dev/null &
	watcher=$!
	echo "$watcher" >>"$T/.started"
	until_true grep -q '^watching ' "$T/notes"
	exits 0 binderctl list
	exits 0 as_user 65534 binderctl ping manager
	ended
	is "$lines" "-> manager.ping()"
}

test_wrong_options_are_said() {
	exits 2 binderctl monitor --pid x
	contains "$err" "--pid takes a whole number"
	exits 2 binderctl monitor --slower-than soon
	contains "$err" "--slower-than takes milliseconds"
}

run_tests "$@"

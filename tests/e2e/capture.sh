#!/bin/bash
# SPDX-License-Identifier: MIT
# capture: calls of other processes in a file, and that file shown again.
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

# Starts a capture and waits until it watches; what it says goes to $T/notes.
capture_to() {
	binderctl capture -o "$@" 2>"$T/notes" </dev/null &
	capturer=$!
	echo "$capturer" >>"$T/.started"
	until_true grep -q '^capturing ' "$T/notes"
}

# Ends it as Ctrl-C does: what was sent before is in the file.
end_capture() {
	[ $# = 0 ] || kill -"$1" "$capturer"
	wait "$capturer" || fail "the capture failed: $(cat "$T/notes")"
}

# show ARGUMENT...: $lines has no times, pids and durations.
show() {
	exits 0 binderctl show "$@"
	lines=$(sed -E -e 's/^[0-9:.]+ ([^ ]+ )?[0-9]+ ([-~]>)/\2/' -e 's/   [0-9.]+ ms$//' <<<"$out")
}

test_what_was_captured_is_shown_as_monitor_shows_it() {
	services
	capture_to "$T/file" compute --match 'compute.[ad]*' --limit-messages 2
	binderctl call compute add 40 2
	binderctl call compute divide 1 0 || true
	end_capture
	contains "$(tail -n 1 "$T/notes")" "2 calls captured, 0 events lost"
	show "$T/file"
	is "$lines" "-> compute.add(a: 40, b: 2) = 42
-> compute.divide(a: 1, b: 0, remainder: []) ! EX_ILLEGAL_ARGUMENT: division by zero"
	show "$T/file" --failed
	contains "$lines" "divide"
	lacks "$lines" "add"
	show "$T/file" no.such.service
	is "$lines" ""
}

test_file_is_shown_without_driver_and_aidl() {
	services
	capture_to "$T/file" --match 'compute.add' --limit-messages 1
	binderctl call compute add 40 2
	end_capture
	stop_all
	: >"$T/.started"
	# The one in the build tree finds the AIDL beside it.
	cp "$BIN/binderctl" "$T"
	exits 0 env XDG_DATA_HOME="$T" XDG_DATA_DIRS="$T" PATH="$T:$PATH" \
		"$T/binderctl" show "$T/file" --match 'compute.add'
	lines=$(sed -E 's/^.* -> (.*)   .*$/-> \1/' <<<"$out")
	is "$lines" "-> compute.add(40 2) = 42"
	contains "$out" " binderctl "
}

test_all_calls_are_written_without_a_choice() {
	services
	capture_to "$T/file"
	binderctl call compute add 1 2
	binderctl call media.player 4711 i32:7 str:hello || true
	binderctl call --oneway --interface android.media.IMediaPlayerService media.player 4711 i32:3
	end_capture INT
	show "$T/file" compute media.player
	contains "$lines" "-> compute.add(a: 1, b: 2) = 3"
	contains "$lines" '-> media.player 4711(7, "hello") ! UNKNOWN_TRANSACTION'
	contains "$lines" "~> media.player 4711(3)"
}

test_pipe_is_live() {
	services
	binderctl capture 2>"$T/notes" </dev/null | binderctl show - --limit-messages 1 \
		--match compute.add >"$T/lines" 2>"$T/shown" &
	shower=$!
	echo "$shower" >>"$T/.started"
	until_true grep -q '^capturing ' "$T/notes"
	binderctl call compute add 40 2
	# Both: a capture ends when nobody reads its pipe any more.
	wait "$shower" || fail "show failed: $(cat "$T/shown")"
	contains "$(cat "$T/lines")" "-> compute.add(a: 40, b: 2) = 42"
	contains "$(cat "$T/notes")" "calls captured"
}

test_call_that_nobody_has_read_is_in_the_file() {
	services
	freeze media
	capture_to "$T/file"
	background caller binderctl call --interface android.media.IMediaPlayerService media.player 1 \
		i32:1
	until_true bash -c "binderctl show '$T/file' 2>/dev/null | grep -q 'media.player.* not answered yet'"
	thaw media
	end_capture INT
}

test_json_is_one_object_a_line() {
	services
	capture_to "$T/file" --match compute.add --limit-messages 1
	binderctl call compute add 1 2
	end_capture
	exits 0 binderctl show --json "$T/file"
	is "$(lua5.4 tests/e2e/json.lua \
		'doc.service .. " " .. doc.method .. " " .. doc.arguments.b .. " " .. doc.reply["return"]' \
		<"$T/.out")" "compute add 2 3"
}

test_file_that_is_cut_is_shown_up_to_there() {
	services
	capture_to "$T/file" --match 'compute.*' --limit-messages 3
	for i in 1 2 3; do binderctl call --interface com.example.ICompute compute 1 i32:$i i32:1; done
	end_capture
	exits 0 binderctl show "$T/file"
	is "$(wc -l <"$T/.out")" 3 "calls"
	size=$(stat -c %s "$T/file")
	head -c $((size - 400)) "$T/file" >"$T/cut"
	exits 1 binderctl show "$T/cut"
	contains "$out" "-> compute"
	contains "$err" "it ends in the middle of a block"
	# Any place will do: it fails in words, or was whole up to there.
	for at in 0 4 8 20 100 $((size / 2)) $((size / 2 + 1)) $((size - 1)); do
		head -c "$at" "$T/file" >"$T/cut"
		capture binderctl show "$T/cut"
		[ "$status" -le 1 ] || fail "cut at $at: status $status: $err"
	done
}

test_what_is_no_capture_is_said() {
	printf 'no capture' >"$T/text"
	exits 1 binderctl show "$T/text"
	contains "$err" "$T/text: it is neither"
	: >"$T/empty"
	exits 1 binderctl show "$T/empty"
	contains "$err" "it is empty"
	exits 1 binderctl show "$T/missing"
	contains "$err" "No such file"
	printf '\324\303\262\241\2\0\4\0' >"$T/pcap"
	exits 1 binderctl show "$T/pcap"
	contains "$err" "it is a pcap file"
}

test_terminal_is_refused() {
	PTY_TIMEOUT=$((10 * SLOW)) "$TESTS/pty" binderctl capture <<-'END'
		expect a capture is no text for a terminal
		end 2
	END
}

test_file_is_its_owners() {
	services
	capture_to "$T/file" --limit-messages 1
	binderctl call compute add 1 2
	end_capture
	is "$(stat -c %a "$T/file")" 600 "mode"
}

test_recordings_are_shown_as_captures_are() {
	services
	capture_to "$T/file" --format recorded compute --match 'compute.[as]*' --limit-messages 2
	binderctl call compute add 40 2
	binderctl call compute sum "[$(seq -s , 1 2000)]"
	end_capture
	show "$T/file"
	is "$(head -n 1 <<<"$lines")" "-> compute.add(a: 40, b: 2) = 42"
	contains "$(tail -n 1 <<<"$lines")" " = 2001000"
	exits 2 binderctl decode "$T/file"
	contains "$err" "binderctl show FILE"
	# The last chunk's checksum.
	printf '\1' | dd of="$T/file" bs=1 seek=$(($(stat -c %s "$T/file") - 1)) conv=notrunc status=none
	exits 1 binderctl show "$T/file"
	contains "$err" "the checksum of a chunk is wrong"
	contains "$out" "add(a: 40"
	exits 2 binderctl capture --format paper
	contains "$err" "no format is called"
}

test_wrong_output_is_said() {
	services
	exits 1 binderctl capture -o "$T/no/such/folder"
	contains "$err" "$T/no/such/folder: No such file or directory"
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# top: which methods are called how often, and how long they take.
# shellcheck disable=SC2016 # what stands in single quotes is Lua
. "$(dirname "$0")/../tap.sh"

services() {
	needs_daemon
	world_start
	background compute binderctl run scripts/compute.lua
	background media binderctl run scripts/media_player.lua
	binderctl wait compute
	binderctl wait media.player
}

# Starts top in the background and waits until it counts; its tables go to $T/tables.
count() {
	binderctl "$@" >"$T/tables" 2>"$T/notes" </dev/null &
	counter=$!
	echo "$counter" >>"$T/.started"
	until_true grep -q '^watching ' "$T/notes"
}

# row TARGET METHOD EXPRESSION: true of that row in the last table.
row() {
	tail -n 1 "$T/tables" >"$T/table"
	[ "$(lua5.4 tests/e2e/json.lua '(function()
		for _, row in ipairs(doc.calls) do
			if row.target == "'"$1"'" and row.method == "'"$2"'" then return '"$3"' end
		end
	end)()' <"$T/table" 2>&1)" = true ]
}

# screen [NAME=VALUE]...: top in a terminal of 24 lines and 80 columns.
screen() {
	PTY_TIMEOUT=$((10 * SLOW)) env TERM=xterm "$@" "$TESTS/pty" binderctl top --interval 0.1
}

test_calls_bytes_and_failures_of_each_method() {
	services
	count --json top --interval 0.2
	for _ in 1 2 3; do binderctl call compute add 1 2; done
	binderctl call compute divide 1 0 || true
	until_true row compute add 'row.calls == 3 and row.failed == 0 and row.bytes > 100'
	until_true row compute divide 'row.calls == 1 and row.failed == 1'
}

test_percentiles_are_in_order_and_at_most_the_maximum() {
	services
	count --json top --interval 0.2
	for _ in 1 2 3 4; do binderctl call compute add 1 2; done
	until_true row compute add 'row.calls == 4 and row.p50_ms > 0 and row.p50_ms <= row.p95_ms and
		row.p95_ms <= row.p99_ms and row.p99_ms <= row.max_ms'
}

# The driver hands a call to a thread that waits, also to a stopped one: there are two.
test_calls_that_no_thread_takes_are_in_the_queue() {
	local i

	services
	count --json top --interval 0.2
	binderctl call compute add 1 2
	freeze compute
	for i in 1 2 3 4; do
		background "caller$i" binderctl call --interface com.example.ICompute compute 1 \
			i32:1 i32:2
	done
	until_true row compute add 'row.queued > 0 and row.threads_busy == row.threads'
}

test_threads_that_handle_a_call_are_busy() {
	needs_daemon
	world_start
	background hang binderctl run tests/repl/hang.lua test.hang
	until_true grep -q ready "$T/hang.log"
	count --json top --interval 0.2
	binderctl call --interface test.IHang test.hang 1 str:x
	background caller binderctl call --interface test.IHang test.hang 2
	until_true row test.hang 1 'row.threads_busy == 1 and row.threads >= 1'
}

test_objects_without_a_name_share_the_row_of_their_interface() {
	services
	count --json top --interval 0.2
	binderctl call media.player 1 i32:3
	binderctl call media.player 1 i32:3
	until_true row IMediaPlayer interfaceDescriptor 'row.calls == 2'
}

test_only_the_services_that_are_named() {
	services
	count --json top --interval 0.2 media.player
	binderctl call compute add 1 1
	binderctl call media.player 1 i32:3
	until_true row media.player create 'row.calls == 1'
	lacks "$(tail -n 1 "$T/tables")" '"compute"'
}

test_batch_prints_so_many_tables_of_80_columns() {
	services
	count top --interval 0.3 --batch 3
	binderctl call media.player 1 i32:3
	wait "$counter"
	is "$(grep -c '^CALL ' "$T/tables")" 3 "tables"
	is "$(awk 'length > 80' "$T/tables")" ""
}

test_screen_shows_calls_and_ends_with_q() {
	services
	screen <<-'END'
		expect no calls yet
		run binderctl call compute add 1 2
		expect compute.add
		send q
		end 0
	END
}

test_keys_sort_filter_and_help() {
	services
	screen <<-'END'
		expect sort: calls
		send n
		expect name
		send r
		expect reversed
		run binderctl call compute add 1 2
		run binderctl call media.player 1 i32:3
		expect media.player.create
		send /compute\r
		expect : compute
		send h
		expect Escape: all
		send h
		expect CALL/S
		send q
		end 0
	END
}

test_screen_survives_every_size() {
	services
	screen TERM=vt100 <<-'END'
		run binderctl call compute add 1 2
		expect compute.add
		size 40 132
		expect CALL/S
		size 2 10
		expect q end
		size 5 30
		expect compute
		size 24 80
		expect CALL/S
		send q
		end 0
	END
}

test_signal_ends_the_screen_in_order() {
	services
	screen <<-'END'
		expect CALL/S
		send \x03
		end 0
	END
}

test_end_of_the_driver_ends_the_screen() {
	services
	screen <<-END
		expect CALL/S
		run kill $(cat "$T/binderd.pid")
		expect the driver is gone
		end 3
	END
}

test_terminal_without_a_cursor_is_told_of_batch() {
	services
	screen TERM=dumb <<-'END'
		expect cannot move its cursor
		expect --batch
		end 1
	END
	screen TERM=no-such-terminal <<-'END'
		expect is not known
		expect --batch
		end 1
	END
}

test_no_terminal_is_told_of_batch() {
	exits 2 binderctl top
	contains "$err" "needs a terminal"
	contains "$err" "--batch"
}

test_wrong_options_are_said() {
	exits 2 binderctl top --batch 1 --sort size
	contains "$err" "--sort takes"
	exits 2 binderctl top --batch 1 --interval 0
	contains "$err" "--interval takes"
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# cmd.sh: binderctl cmd: descriptors, files, exit statuses, lists and waits.
. "$(dirname "$0")/../tap.sh"

settings_start() {
	world_start
	background settings binderctl run scripts/settings.lua
	binderctl wait --timeout $((10 * SLOW)) settings
}

# A service whose command is Lua code: serve_command NAME CODE.
serve_command() {
	cat >"$T/$1.lua" <<-END
		local binder = require "binder"
		binder.on_error(function() end)
		assert(binder.serve("$1", { shell = function(args, files, context) $2 end }))
		binder.loop("TERM")
	END
	background "$1" binderctl run "$T/$1.lua"
	binderctl wait --timeout $((10 * SLOW)) "$1"
}

test_command_writes_to_standard_output_and_error() {
	settings_start
	exits 0 binderctl cmd settings put brightness 80
	exits 0 binderctl cmd settings list
	is "$out" "brightness=80"
	is "$err" ""
	exits 2 binderctl cmd settings nonsense
	contains "$err" "commands: get KEY"
	is "$out" ""
}

test_command_reads_standard_input() {
	settings_start
	printf 'a=1\nb=2\n' | binderctl cmd settings import
	is "$(binderctl cmd settings list)" $'a=1\nb=2'
}

# "-l", "--help" and "--timeout" behind SERVICE are the service's.
test_words_behind_the_service_are_not_our_options() {
	world_start
	serve_command words 'return table.concat(args, " ")'
	is "$(binderctl cmd words -l --help --timeout x -- y)" "-l --help --timeout x -- y"
}

test_result_is_the_exit_status() {
	world_start
	serve_command results 'return tonumber(args[1])'
	exits 0 binderctl cmd results 0
	exits 1 binderctl cmd results 1
	exits 125 binderctl cmd results 125
	is "$err" ""
	exits 125 binderctl cmd results 126
	contains "$err" "the command ended with 126"
	exits 125 binderctl cmd results -1
	contains "$err" "the command ended with -1"
	exits 125 binderctl cmd results -2147483648
	contains "$err" "the command ended with -2147483648"
}

test_error_of_the_handler_is_printed_and_fails_the_command() {
	world_start
	serve_command failing 'error("out of paper", 0)'
	exits 1 binderctl cmd failing
	contains "$err" "out of paper"
	lacks "$err" "traceback"
	is "$out" ""
}

test_service_without_commands_says_so() {
	world_start
	exits 1 binderctl cmd manager help
	contains "$err" "it takes no shell commands (INVALID_OPERATION)"
}

test_death_of_the_service_ends_the_command() {
	world_start
	serve_command dying 'os.exit(3)'
	exits 5 binderctl cmd dying
	contains "$err" "DEAD_OBJECT"
}

test_time_limit_ends_the_command() {
	world_start
	serve_command sleeping 'binder.wait("never.comes")'
	late TIMED_OUT binderctl cmd --timeout 0.2 sleeping
}

test_interrupt_ends_the_command() {
	local command status=0

	world_start
	serve_command sleeping "os.execute('touch $T/begun') binder.wait('never.comes')"
	# A job in the background would not hear of it.
	(set -m && exec binderctl cmd sleeping) &
	command=$!
	until_true test -e "$T/begun"
	kill -INT "$command"
	wait "$command" || status=$?
	is "$status" 130
	exits 0 binderctl ping sleeping
}

test_file_that_the_command_names_is_opened_for_the_service() {
	settings_start
	exits 0 binderctl cmd settings put a 1
	(cd "$T" && binderctl cmd settings export here.txt)
	is "$(cat "$T/here.txt")" "a=1"
}

test_file_that_the_command_does_not_name_is_not_opened() {
	world_start
	serve_command nosy "local reply = assert(context.callback:call(1, {'str', '$T/secret'}, {'str', ''},
		{'str', 'r'}, {interface = 'com.android.internal.os.IShellCallback'}))
		local file = reply:read_pfd()
		return file and file:read('a') or 3"
	echo treasure >"$T/secret"
	exits 3 binderctl cmd nosy
	contains "$err" "not opened for the service: the command does not name it"
	is "$out" ""
	exits 0 binderctl cmd nosy "--from=$T/secret"
	is "$out" treasure
	exits 0 binderctl cmd --open-any nosy
	is "$out" treasure
}

test_names_are_listed() {
	settings_start
	is "$(binderctl cmd -l)" $'manager\nsettings'
	exits 2 binderctl cmd -l settings
	exits 2 binderctl cmd
}

test_wait_begins_before_the_service_does() {
	local waiting

	world_start
	binderctl cmd -w --timeout $((10 * SLOW)) late word >"$T/late.out" </dev/null &
	waiting=$!
	echo "$waiting" >>"$T/.started"
	serve_command late 'return args[1]'
	wait "$waiting"
	is "$(cat "$T/late.out")" word
	late "not registered in time" binderctl cmd -w --timeout 0.2 never
}

# As in the NDK, where only root and the user "shell" may.
test_commands_are_refused_to_another_user() {
	not_under_valgrind "another user runs it"
	needs_daemon
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v setpriv >/dev/null || skip "needs setpriv"
	as_user 65534 test -x "$BIN/binderctl" || skip "a user cannot run the programs from here"
	chmod 711 "$T" "${T%/*}"
	export BINDER_DIR=$T/world BINDER_DEVICE=$T/world/binder
	background_ready binderd binderd --dir "$BINDER_DIR" --mode 666
	chmod 755 "$BINDER_DIR"
	background_ready servicemanager servicemanager --device "$BINDER_DEVICE"
	serve_command private 'return "ran"'
	exits 0 binderctl cmd private
	exits 125 as_user 65534 binderctl cmd private
	contains "$err" "refuses commands of this user"
	is "$out" ""
}

run_tests "$@"

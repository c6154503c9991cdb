#!/bin/bash
# SPDX-License-Identifier: MIT
#
# device.sh: everyday use of a real /dev/binder, with nothing set up for it.
#
# Run by inside.sh in the virtual machine; nothing here names a device, because
# nobody should have to.
. "$(dirname "$0")/../tap.sh"
unset BINDER_DIR BINDER_DEVICE TEST_DEVICES

start() {
	background_ready servicemanager servicemanager
	echo_start test.echo
}

test_service_manager_finds_the_device_by_itself() {
	start
	capture binderctl list
	is "$status" 0
	contains "$out" manager
	contains "$out" test.echo
}

test_calls_go_through_the_kernel() {
	start
	exits 0 binderctl ping test.echo
	exits 0 binderctl info test.echo
	exits 0 binderctl call --reply str test.echo 1 str:hello
	contains "$out" hello
}

test_every_device_is_a_world_of_its_own() {
	start
	background_ready other servicemanager --device vndbinder
	capture binderctl --device vndbinder list
	is "$status" 0
	lacks "$out" test.echo
}

test_stock_lua_calls_on_the_device() {
	start
	cat >"$T/call.lua" <<-'END'
	local binder = require "binder"
	print(assert(binder.get("test.echo")):ping() and "alive")
	END
	LUA_CPATH="$ROOT/$BUILD/lib/?.so;;" capture lua5.4 "$T/call.lua"
	is "$err" ""
	contains "$out" alive
}

test_state_verbs_read_what_the_kernel_shows() {
	local view json

	start
	exits 0 binderctl call test.echo 1 str:hello
	for view in state stats transactions log "log --failed"; do
		# shellcheck disable=SC2086 # words
		exits 0 binderctl $view
		# shellcheck disable=SC2086
		json=$(binderctl --json $view)
		lacks "$json" '"other"'
	done
	contains "$(binderctl state)" "proc $(cat "$T/servicemanager.pid")"
	contains "$(binderctl log)" "context binder"
}

is_gone() {
	capture binderctl list
	[[ $out != *test.echo* ]]
}

is_idle() {
	! grep -q '^proc ' /sys/kernel/debug/binder/state
}

test_death_reaches_the_list() {
	start
	stop test.echo KILL
	until_true is_gone
}

# Upstream's own account: no process is left, and no reference to anything.
test_nothing_is_left_in_the_driver() {
	start
	exits 0 binderctl ping test.echo
	stop_all
	rm "$T/.started"
	until_true is_idle
}

run_tests

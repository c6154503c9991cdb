#!/bin/bash
# SPDX-License-Identifier: MIT
# supervisor.sh: binderd and servicemanager under a supervisor such as systemd: sockets that it
# made, what it is told, and the units.  tests/e2e/activate.c stands for it.

. "$(dirname "$0")/../tap.sh"

# supervised NAME ACTIVATE-ARGUMENT...: in the background until it says READY=1.
supervised() {
	local name=$1

	shift
	background "$name" "$TESTS/activate" "$@"
	until_true grep -q '^READY=1' "$T/$name.log"
}

test_sockets_of_a_supervisor_are_devices() {
	needs_daemon
	mkdir -m 700 "$T/world"
	supervised binderd "$T/world/binder" "$T/world/odd" -- binderd
	background_ready manager servicemanager --device "$T/world/odd"
	exits 0 binderctl --device "$T/world/odd" list
	contains "$out" manager
	[ ! -e "$T/world/hwbinder" ] || fail "a device that nobody asked for"
	stop binderd
	[ -S "$T/world/binder" ] || fail "the supervisor's socket was removed"
}

test_devices_of_the_command_line_are_beside_those_of_a_supervisor() {
	needs_daemon
	mkdir -m 700 "$T/world"
	supervised binderd "$T/world/binder" -- binderd --device mine
	[ -S "$T/world/mine" ] || fail "there is no socket for --device"
	stop binderd
	[ ! -e "$T/world/mine" ] || fail "binderd's own socket was left behind"
}

test_a_supervisor_hears_what_is_served_and_to_how_many() {
	needs_daemon
	mkdir -m 700 "$T/world"
	supervised binderd "$T/world/binder" -- binderd
	contains "$(cat "$T/binderd.log")" "STATUS=Serves binder in $T/world: 0 open"
	supervised manager -- servicemanager --device "$T/world/binder"
	contains "$(cat "$T/manager.log")" "STATUS=Serves names on $T/world/binder"
	until_true grep -q "$T/world: 1 open" "$T/binderd.log"
	stop binderd
	contains "$(cat "$T/binderd.log")" "STOPPING=1"
}

test_sockets_for_another_process_are_left_alone() {
	needs_daemon
	mkdir -m 700 "$T/world"
	LISTEN_PID=1 LISTEN_FDS=1 background_ready binderd binderd --dir "$T/world"
	[ -S "$T/world/hwbinder" ] || fail "it did not make its own sockets"
}

test_a_socket_that_is_no_device_is_refused() {
	needs_daemon
	mkdir -m 700 "$T/world" "$T/other"
	exits 1 "$TESTS/activate" --stream "$T/world/stream" -- binderd
	contains "$err" "ListenSequentialPacket="
	exits 1 "$TESTS/activate" "$T/world/a" "$T/other/b" -- binderd
	contains "$err" "another folder"
	exits 1 "$TESTS/activate" "$T/world/c" -- binderd --dir "$T/other"
	contains "$err" "--dir says"
}

# ---- the units ------------------------------------------------------------------------

# units: in $T/units, with programs that are there.
units() {
	local file

	command -v systemd-analyze >/dev/null || skip "there is no systemd-analyze"
	mkdir -p "$T/units/system" "$T/units/user"
	for file in "$ROOT"/systemd/system/* "$ROOT"/systemd/user/*; do
		sed -e "s|@SBINDIR@|$BIN|" -e '/^Documentation=/d' "$file" >"$T/units/${file#"$ROOT/systemd/"}"
	done
}

test_units_are_valid() {
	units
	exits 0 systemd-analyze verify "$T"/units/system/*
	is "$out$err" ""
}

test_services_of_the_system_are_in_a_sandbox() {
	units
	for unit in binderd binder-servicemanager; do
		exits 0 systemd-analyze security --offline=true --threshold=30 \
			"$T/units/system/$unit.service"
	done
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# cookbook.sh: each script of scripts/ does what its first lines promise.
# media_player.lua has a test of its own, tests/lua/media_player.lua.

. "$(dirname "$0")/../tap.sh"

test_mock_answers_and_notes_calls() {
	not_under_valgrind "it starts itself again"
	world_start
	capture binderctl run scripts/mock.lua sh -c \
		'binderctl call --reply i32 battery 1; binderctl call battery 3 i32:101; binderctl call battery 9; exit 3'
	is "$status" 3
	contains "$out" "i32 87"
	contains "$err" "EX_ILLEGAL_ARGUMENT: no battery takes 101 percent"
	contains "$err" "the mock has no code 9"
	[[ $out =~ "code 1 from pid "[0-9]+", 52 bytes" ]] || fail "no note of the call: $out"
	contains "$out" "code 9: nobody expected that"
}

came_twice() {
	[ "$(grep -c "echo is there" "$T/watcher.log")" = 2 ]
}

test_reconnect_follows_a_service_through_its_deaths() {
	world_start
	background watcher binderctl run scripts/reconnect.lua echo
	echo_start echo
	until_true grep -q "echo is there" "$T/watcher.log"
	stop echo KILL
	until_true grep -q "echo has died" "$T/watcher.log"
	echo_start echo
	until_true came_twice
	stop watcher
}

test_bind_service_hands_binders_through_the_broker() {
	not_under_valgrind "it starts itself again"
	world_start
	exits 0 binderctl run scripts/bind_service.lua
	contains "$out" "broker: starts a process for example.ADD"
	contains "$out" "server: onBind example.ADD"
	contains "$out" "application: connected to example.ADD, a example.IAdder
application: 40 + 2 = 42
application: disconnected from example.ADD"
	contains "$out" "broker: the process for example.ADD has died"
	lacks "$(binderctl list)" example.ADD
}

test_nested_calls_come_back_to_the_one_who_waits() {
	not_under_valgrind "it starts itself again"
	world_start
	exits 0 binderctl run scripts/nested.lua 6
	is "$out" "B < A < B < A < B < A < B"
}

test_flood_shows_the_half_buffer_limit() {
	not_under_valgrind "it starts itself again"
	world_start
	exits 0 binderctl run scripts/flood.lua
	# Half of 1 MiB - 8 KiB is 508 KiB; each call has a header beside its 4 KiB.
	[[ $out =~ ^([0-9]+)" one-way calls of 4096 bytes" ]] || fail "output: $out"
	case ${BASH_REMATCH[1]} in
	11[5-9] | 12[0-7]) ;;
	*) fail "${BASH_REMATCH[1]} calls fit into half a buffer" ;;
	esac
	contains "$out" "then FAILED_TRANSACTION"
	contains "$out" "all ${BASH_REMATCH[1]} have arrived"
}

test_refuse_serves_some_users_only() {
	local uid

	uid=$(id -u)
	world_start
	background other binderctl run scripts/refuse.lua $((uid + 1))
	exits 0 binderctl wait --timeout $((10 * SLOW)) example.vault
	capture binderctl call --reply str example.vault 1
	contains "$err" "EX_SECURITY: uid $uid may not call this"
	stop other
	background mine binderctl run scripts/refuse.lua $((uid + 1)) "$uid"
	until_true grep -q registered "$T/mine.log"
	exits 0 binderctl call --reply str example.vault 1
	contains "$out" "the treasure"
	stop mine
}

test_latency_draws_a_histogram() {
	world_start
	exits 0 binderctl run scripts/latency.lua manager 300
	contains "$out" "###"
	[[ $out =~ "300 calls of manager: median "[0-9.]+" us" ]] || fail "output: $out"
}

test_fuzz_says_which_codes_died() {
	world_start
	cat >"$T/weak.lua" <<-'END'
		local binder = require "binder"
		assert(binder.serve("weak", { descriptor = "test.IWeak",
			any = function(request, reply) reply:i32(#request) end,
			[2] = function() os.exit(1) end }))
		assert(binder.loop("TERM"))
	END
	background weak sh -c "while :; do binderctl run $T/weak.lua; done"
	capture binderctl run scripts/fuzz.lua weak 30 3 1
	is "$status" 1 "exit status, $out $err"
	contains "$out" "died: service:call(2, "
	contains "$out" "code 2: died"
	lacks "$out" "code 1: died"
	lacks "$out" "code 3: died"
	contains "$out" "seed 1"
	kill "$(cat "$T/weak.pid")"
	# The service itself still runs: this ends it.
	binderctl call weak 2 >"$T/last" 2>&1 || true
}

test_every_script_of_the_cookbook_is_tested() {
	local script

	for script in scripts/*.lua; do
		grep -q "${script##*/}" tests/e2e/*.sh ||
			fail "$script is run by no end-to-end test"
		[ -x "$script" ] || fail "$script cannot be executed"
		head -n 1 "$script" | grep -q '^#!/usr/bin/env -S binderctl run$' ||
			fail "$script does not say how to run it"
	done
}

test_the_rock_has_what_it_needs() {
	local spec

	spec=$(ls lua/*.rockspec)
	is "$(lua5.4 -e "
		local env = {}
		assert(loadfile('$spec', 't', env))()
		print(env.package, env.version:match '^[0-9.]+', env.build.type)")" \
		$'binder\t'"$(sed -n 's/^VERSION := //p' Makefile)"$'\tmake'
	grep -q "^$(sed -n 's/.*build_target = "\(.*\)",/\1/p' "$spec"):" lua/rules.mk
	grep -q "^$(sed -n 's/.*install_target = "\(.*\)",/\1/p' "$spec"):" lua/rules.mk
}

run_tests "$@"

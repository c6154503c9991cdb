#!/bin/bash
# SPDX-License-Identifier: MIT
# registry.sh: what the service manager lets in, lists and forgets.

. "$(dirname "$0")/../tap.sh"

names() {
	binderctl list | sed 1d | cut -d' ' -f1 | tr '\n' ' '
}

names_are() {
	[ "$(names)" = "$1" ]
}

test_names_are_listed_in_order() {
	world_start
	echo_start zebra
	echo_start alpha
	is "$(names)" "alpha manager zebra "
}

test_a_dead_service_disappears() {
	world_start
	echo_start
	stop echo KILL
	until_true names_are "manager "
	exits 4 binderctl ping echo
}

# As libgbinder's services do, this one does not say who it is: it is stopped.
test_the_driver_knows_whose_a_silent_service_is() {
	needs_daemon
	BINDER_ANDROID=28 world_start
	echo_start
	freeze echo
	capture binderctl list -l
	thaw echo
	is "$status" 0 "$err"
	contains "$(tr -s ' ' <<<"$out")" "echo $pid $(id -u) "
	contains "$out" " echo-service "
}

test_lua_services_come_back_with_the_next_service_manager() {
	world_start
	cat >"$T/kept.lua" <<-'END'
		local binder = require "binder"
		binder.on_restart(function(name, status)
			print(name .. " " .. status)
			io.stdout:flush()
		end)
		assert(binder.serve("lua.kept", { descriptor = "test.IOld", [1] = function() end }))
		assert(binder.serve("lua.kept", { descriptor = "test.IKept", [1] = function() end }))
		binder.loop("TERM", "INT")
	END
	background script binderctl run "$T/kept.lua"
	exits 0 binderctl wait lua.kept
	stop servicemanager KILL
	until_true grep -q "lua.kept DEAD_OBJECT" "$T/script.log"
	background_ready servicemanager servicemanager --device "$BINDER_DEVICE"
	until_true grep -q "lua.kept OK" "$T/script.log"
	exits 0 binderctl ping lua.kept
	until_true sh -c 'binderctl list | grep -q "lua.kept .*test.IKept"'
}

test_lua_watches_come_back_with_the_next_service_manager() {
	world_start
	cat >"$T/watch.lua" <<-'END'
		local binder = require "binder"
		assert(binder.watch("echo", function(_, name) print(name) binder.quit() end))
		print("watches")
		io.stdout:flush()
		assert(binder.loop("TERM", "INT"))
	END
	background script binderctl run "$T/watch.lua"
	until_true grep -q watches "$T/script.log"
	stop servicemanager KILL
	background_ready servicemanager servicemanager --device "$BINDER_DEVICE"
	echo_start
	wait "$(cat "$T/script.pid")" || fail "$(cat "$T/script.log")"
	contains "$(cat "$T/script.log")" echo
}

# Its callback is with the service manager.
has_watcher() {
	binderctl state | awk -v manager="$(cat "$T/servicemanager.pid")" \
		'/^proc / { own = $2 != manager }
		own && /^  node / { node = 1 } own && /outgoing/ { waits = 1 }
		END { exit !node || waits }'
}

test_a_wait_goes_on_with_the_next_service_manager() {
	world_start
	# On a slow machine the service manager may die before it is told of the wait.
	background waiting sh -c 'until binderctl wait echo; do :; done'
	until_true has_watcher
	stop servicemanager KILL
	background_ready servicemanager servicemanager --device "$BINDER_DEVICE"
	echo_start
	wait "$(cat "$T/waiting.pid")" || fail "$(cat "$T/waiting.log")"
}

test_adding_again_replaces() {
	world_start
	echo_start
	first=$pid
	background_ready second "$TESTS/echo-service" --name echo
	contains "$(binderctl info echo)" "pid         $pid "
	[ "$first" != "$pid" ]
	# The first one's death must not take the name of the second one away.
	stop echo KILL
	exits 0 binderctl ping echo
	echo_start other
	stop other KILL
	until_true names_are "echo manager "
	contains "$(binderctl info echo)" "pid         $(cat "$T/second.pid") "
}

test_bad_names_are_refused() {
	world_start
	long=$(printf 'n%.0s' {1..128})
	for name in "" "two words" "semi;colon" "$long" "ümlaut"; do
		exits 1 "$TESTS/echo-service" --name "$name"
	done
	echo_start "${long%n}"
	echo_start "A-z_0.9/default"
	exits 0 binderctl ping "A-z_0.9/default"
	is "$(binderctl list | wc -l)" 4
	exits 2 binderctl ping "two words"
}

test_nobody_else_is_the_manager() {
	world_start
	exits 1 "$TESTS/echo-service" --name manager
	contains "$(binderctl info manager)" "pid         $(cat "$T/servicemanager.pid") "
	is "$(names)" "manager "
}

test_a_call_with_a_bad_name_gets_an_exception() {
	world_start
	exits 6 binderctl call manager 3 "str:a b"
	contains "$err" "EX_ILLEGAL_ARGUMENT"
	exits 6 binderctl call manager 5 "str:ok" null bool:false i32:8
	contains "$err" "EX_ILLEGAL_ARGUMENT: a null binder"
	exits 6 binderctl call manager 7 "str:ok" null
	contains "$err" "EX_NULL_POINTER"
	exits 6 binderctl call manager 14 str:ok binder:manager binder:manager
	contains "$err" "EX_ILLEGAL_ARGUMENT"
}

test_every_code_of_android_16_answers() {
	world_start
	echo_start
	contains "$(binderctl call --reply binder manager 1 str:echo)" "test.IEcho"
	contains "$(binderctl call --reply i32,i32,i32,i32,binder,bool manager 2 str:echo)" \
		"test.IEcho"
	contains "$(binderctl call --reply binder manager 3 str:nobody)" "binder null"
	contains "$(binderctl call --reply i32,i32,i32,i32,binder,bool manager 4 str:echo)" \
		"test.IEcho"
	contains "$(binderctl call --reply 'str[]' manager 6 i32:15)" '["echo", "manager"]'
	contains "$(binderctl call --reply 'str[]' manager 6 i32:0)" '[]'
	contains "$(binderctl call --reply bool manager 9 str:echo)" "bool false"
	contains "$(binderctl call --reply 'str[]' manager 10 str:echo)" "[]"
	contains "$(binderctl call --reply str manager 11 str:echo)" "str null"
	contains "$(binderctl call --reply 'str[]' manager 12 str:apex)" "[]"
	contains "$(binderctl call --reply i32 manager 13 str:echo)" "i32 0"
	contains "$(binderctl call --reply i32,i32,i32,str,i32 manager 16)" "i32 $pid"
	exits 1 binderctl call manager 17
}

test_wait_ends_when_the_service_comes() {
	world_start
	background waiter binderctl wait --timeout $((20 * SLOW)) echo
	waiter=$pid
	echo_start
	wait "$waiter"
}

# Another user, where we may become one; the world has to let that user in.
open_world() {
	needs_user 54321
	world_start "$@"
	chmod 755 "$BINDER_DIR"
	chmod 666 "$BINDER_DEVICE"
	exits 0 as_user 54321 binderctl ping manager
}

test_another_user_may_look_up_but_not_add() {
	open_world
	echo_start
	exits 0 as_user 54321 binderctl ping echo
	exits 1 as_user 54321 "$TESTS/echo-service" --name mine
	lacks "$(names)" mine
	exits 0 as_user 54321 binderctl ping manager
}

test_the_allow_list_lets_a_user_add_its_names() {
	echo "54321 mine  # a comment" >"$T/allow"
	echo "54322 *" >>"$T/allow"
	chmod 644 "$T/allow"
	open_world --allow "$T/allow"
	background_ready mine "${become[@]}" --reuid 54321 "$TESTS/echo-service" --name mine
	background_ready any "${become[@]}" --reuid 54322 "$TESTS/echo-service" --name any
	exits 1 as_user 54321 "$TESTS/echo-service" --name other
	is "$(names)" "any manager mine "
}

test_a_wrong_allow_list_is_named_with_its_line() {
	printf '# fine\n1000 ok\nroot player\n' >"$T/allow"
	exits 1 servicemanager --allow "$T/allow"
	contains "$err" "$T/allow:3:"
	printf '1000 bad name\n' >"$T/allow"
	exits 1 servicemanager --allow "$T/allow"
	contains "$err" "$T/allow:1:"
	exits 1 servicemanager --allow "$T/none"
	contains "$err" "$T/none"
}

test_a_dump_that_nobody_reads_holds_nobody_up() {
	world_start
	mkfifo "$T/full"
	exec 9<>"$T/full"
	# Now there is no room in it.
	dd if=/dev/zero bs=4096 oflag=nonblock count=1000 >&9 2>/dev/null || true
	exits 0 binderctl call --no-token --oneway manager _DMP "fd:$T/full" i32:0
	exits 0 binderctl list --timeout $((10 * SLOW))
	is "$(names)" "manager "
	exec 9<&-
}

test_a_second_service_manager_is_refused() {
	world_start
	exits 1 servicemanager --device "$BINDER_DEVICE"
	contains "$err" "context manager"
	exits 0 binderctl ping manager
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# sandbox.sh: a private world for one command, and nothing left of it.

. "$(dirname "$0")/../tap.sh"

setup() {
	export XDG_RUNTIME_DIR=$T
	unset BINDER_DEVICE BINDER_DIR
}

# Nothing of ours is left in the folder in which sandboxes are made.
nothing_left() {
	! compgen -G "$T/binder-sandbox.*" >/dev/null
}

gone() {
	! kill -0 "$1" 2>/dev/null || [ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" = Z ]
}

test_it_lists_itself() {
	not_under_valgrind "it starts itself again"
	setup
	capture binderctl sandbox -- binderctl list
	is "$status" 0 "$err"
	contains "$out" "android.os.IServiceManager"
	is "$(wc -l <<<"$out")" 2
	nothing_left
}

test_without_a_manager_handle_0_is_free() {
	setup
	capture binderctl sandbox --no-manager -- binderctl ping manager
	is "$status" 4 "$err"
	contains "$err" "nobody serves handle 0"
	# shellcheck disable=SC2016 # for the inner shell
	capture binderctl sandbox --no-manager -- sh -c 'servicemanager --device "$BINDER_DEVICE" --android 28 &
		until binderctl ping manager 2>/dev/null; do sleep 0.02; done; binderctl list -l'
	is "$status" 0 "$err"
	contains "$out" "Dialect:"
	nothing_left
}

test_it_advises_libgbinder_s_tools() {
	[[ $BUILD != *san* ]] || skip "a sanitizer must come before the preload library"
	setup
	if [ -e /etc/gbinder.conf ] || [ -e /etc/gbinder.d ]; then
		skip "libgbinder is configured here"
	fi
	mkdir "$T/bin"
	ln -s /bin/true "$T/bin/binder-list"
	PATH=$T/bin:$PATH capture binderctl sandbox --preload -- binder-list
	contains "$err" "try: BINDER_ANDROID=26 binderctl sandbox --preload -- binder-list -d /dev/binder"
	PATH=$T/bin:$PATH BINDER_ANDROID=26 capture binderctl sandbox --preload -- binder-list -d /dev/binder
	is "$err" ""
}

test_it_passes_the_exit_status_on() {
	setup
	exits 0 binderctl sandbox true
	exits 37 binderctl sandbox -- sh -c 'exit 37'
	exits 143 binderctl sandbox -- sh -c 'kill -TERM $$'
	exits 127 binderctl sandbox -- "$T/none"
	contains "$err" "binderctl: sandbox: $T/none"
	: >"$T/file"
	exits 126 binderctl sandbox -- "$T/file"
	nothing_left
}

test_it_sets_the_environment_and_a_private_folder() {
	setup
	# shellcheck disable=SC2016 # for the inner shell
	capture binderctl sandbox -- sh -c 'echo "$BINDER_DIR"; stat -c %a "$BINDER_DIR"; test -S "$BINDER_DEVICE"'
	is "$status" 0
	contains "$out" "$T/binder-sandbox."
	contains "$out" 700
}

test_standard_streams_are_the_commands() {
	setup
	is "$(echo hello | binderctl sandbox -- cat)" hello
}

test_signals_are_passed_on() {
	setup
	# shellcheck disable=SC2016
	background sandbox binderctl sandbox -- sh -c 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done'
	until_true grep -q up "$T/sandbox.log"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	is "$status" 9
	nothing_left
}

test_what_the_command_left_behind_is_stopped() {
	setup
	# shellcheck disable=SC2016
	exits 0 binderctl sandbox -- sh -c 'sleep 1000 & echo $! >"$1"' sh "$T/left"
	until_true gone "$(cat "$T/left")"
	nothing_left
}

# The children of a pid, all the way down.
below() {
	local child

	for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
		echo "$child"
		below "$child"
	done
}

killed_by() {
	setup
	background sandbox binderctl sandbox -- sh -c 'echo up; exec sleep 1000'
	until_true grep -q up "$T/sandbox.log"
	mapfile -t all < <(below "$pid")
	[ "${#all[@]}" -ge 4 ] || fail "expected keeper, driver, manager, command: ${all[*]}"
	kill -KILL "$("$1")"
	for one in "${all[@]}"; do
		until_true gone "$one"
	done
	until_true nothing_left
}

outer() { echo "$pid"; }
keeper() { echo "${all[0]}"; }

test_everything_goes_when_it_is_killed() {
	killed_by outer
}

test_everything_goes_when_its_keeper_is_killed() {
	killed_by keeper
}

test_sandboxes_do_not_see_each_other() {
	not_under_valgrind "it starts itself again"
	setup
	# shellcheck disable=SC2016
	capture binderctl sandbox -- sh -c '"$1" --name outside & binderctl wait --timeout 200 outside
		binderctl sandbox -- binderctl list' sh "$TESTS/echo-service"
	is "$status" 0 "$err"
	lacks "$out" outside
}

test_up_and_down_can_be_said_twice() {
	export BINDER_DIR=$T/world
	unset BINDER_DEVICE
	exits 0 binderctl up
	contains "$out" "binderd: started, pid"
	contains "$out" "servicemanager: started, pid"
	exits 0 binderctl list
	exits 0 binderctl up
	contains "$out" "runs already"
	lacks "$out" started
	daemon=$(cut -d' ' -f1 "$BINDER_DIR/binderd.pid")
	exits 0 binderctl down
	contains "$out" "binderd: stopped, pid $daemon"
	until_true gone "$daemon"
	exits 0 binderctl down
	contains "$out" "does not run"
	exits 3 binderctl list
	exits 0 binderctl up
	exits 0 binderctl down
}

test_down_never_kills_a_stranger() {
	export BINDER_DIR=$T/world
	mkdir -m 700 "$BINDER_DIR"
	background stranger sleep 1000
	echo "$pid 1" >"$BINDER_DIR/binderd.pid"
	exits 0 binderctl down
	kill -0 "$pid"
}

test_up_takes_a_relative_folder() {
	setup
	cd "$T" || exit
	export BINDER_DIR=relative
	exits 0 binderctl up
	exits 0 binderctl list
	contains "$out" manager
	exits 0 binderctl up
	contains "$out" "binderd: runs already"
	exits 0 binderctl down
	contains "$out" "binderd: stopped"
}

test_up_and_down_know_what_is_not_theirs() {
	setup
	export BINDER_DIR=$T/world
	background_ready binderd binderd --dir "$BINDER_DIR"
	exits 0 binderctl up
	contains "$out" "binderd: runs already, pid $pid; it was not started by binderctl up"
	contains "$out" "servicemanager: started"
	exits 1 binderctl down
	contains "$out" "servicemanager: stopped"
	contains "$err" "binderd: pid $pid of uid $(id -u) was not started by binderctl up"
	contains "$err" "try: kill $pid"
	kill -0 "$pid" || fail "it was stopped"
	background_ready servicemanager servicemanager --device "$BINDER_DIR/binder"
	exits 0 binderctl up
	contains "$out" "servicemanager: runs already, pid $pid; it was not"
	exits 1 binderctl down
	contains "$err" "try: kill $pid"
}

test_up_refuses_a_folder_that_others_can_write() {
	export BINDER_DIR=$T/world
	mkdir "$BINDER_DIR"
	chmod 777 "$BINDER_DIR"
	exits 1 binderctl up
	contains "$err" "not a folder that only this user can write to"
}

run_tests "$@"

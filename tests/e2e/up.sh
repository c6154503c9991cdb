#!/bin/bash
# SPDX-License-Identifier: MIT
# up.sh: what `binderctl up` says where it cannot do its work.

. "$(dirname "$0")/../tap.sh"

own_folder() {
	needs_daemon
	export BINDER_DIR=$T/world
	unset BINDER_DEVICE
}

pid_of() {
	cut -d' ' -f1 "$BINDER_DIR/$1.pid"
}

# A zombie is for whoever adopted it.
ended() {
	! kill -0 "$1" 2>/dev/null || [ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" = Z ]
}

# stopped NAME: `up` says of a stopped program that it is stopped, and `down` ends it.
stopped() {
	local name=$1 pid

	exits 0 binderctl up
	pid=$(pid_of "$name")
	kill -STOP "$pid"
	until_true are_stopped "$pid"
	exits 1 binderctl up
	contains "$err" "$name: runs, pid $pid, but is stopped by a signal and answers nobody"
	contains "$err" "try: kill -CONT $pid"
	lacks "$out" "$name: runs already"
	# What is advised helps.
	kill -CONT "$pid"
	exits 0 binderctl up
	contains "$out" "$name: runs already, pid $pid"
	kill -STOP "$pid"
	exits 0 binderctl down
	contains "$out" "$name: stopped, pid $pid"
	until_true ended "$pid"
}

test_up_says_of_a_stopped_program_that_it_is_stopped() {
	own_folder
	stopped binderd
	stopped servicemanager
}

test_up_says_so_of_somebody_elses_daemon_too() {
	own_folder
	background_ready binderd binderd --dir "$BINDER_DIR"
	freeze binderd
	exits 1 binderctl up
	contains "$err" "binderd: runs, pid $pid, but is stopped"
	thaw binderd
}

test_up_says_that_its_device_is_gone() {
	own_folder
	exits 0 binderctl up
	rm "$BINDER_DIR/binder"
	exits 1 binderctl up
	contains "$err" "binderd: runs, pid $(pid_of binderd), but cannot be used: "
	contains "$err" "try: binderctl down && binderctl up"
	exits 0 binderctl down
	exits 0 binderctl up
	exits 0 binderctl list
	exits 0 binderctl down
}

test_up_says_that_it_restarted_the_service_manager() {
	local first

	own_folder
	exits 0 binderctl up
	lacks "$out" restarted
	first=$(pid_of servicemanager)
	echo 'return { ["lua.kept"] = {} }' >"$T/serve.lua"
	background serve binderctl serve "$T/serve.lua"
	exits 0 binderctl wait --timeout $((10 * SLOW)) lua.kept
	kill -KILL "$first"
	until_true ended "$first"
	exits 0 binderctl up
	contains "$out" "binderd: runs already"
	contains "$out" "servicemanager: restarted, pid $(pid_of servicemanager), log "
	contains "$out" "; pid $first had ended"
	contains "$out" "register again by themselves; restart other services"
	exits 0 binderctl wait --timeout $((10 * SLOW)) lua.kept
	# After down nothing is left to be restarted.
	exits 0 binderctl down
	exits 0 binderctl up
	lacks "$out" restarted
	exits 0 binderctl down
}

test_a_daemon_that_is_restarted_has_no_services_to_come_back() {
	local daemon

	own_folder
	exits 0 binderctl up
	daemon=$(pid_of binderd)
	kill -KILL "$daemon"
	until_true ended "$daemon"
	until_true ended "$(pid_of servicemanager)"
	exits 0 binderctl up
	contains "$out" "binderd: restarted, pid $(pid_of binderd), log "
	contains "$out" "servicemanager: restarted"
	lacks "$out" "register again"
	exits 0 binderctl down
}

# A file system of a few kB in a namespace of its own.
test_up_on_a_full_disk_says_that_it_is_full() {
	own_folder
	unshare -rm true 2>/dev/null || skip "no file system can be mounted here"
	cat >"$T/full.sh" <<-'END'
		mkdir -m 700 "$BINDER_DIR"
		mount -t tmpfs -o size=64k,mode=700 none "$BINDER_DIR"
		dd if=/dev/zero of="$BINDER_DIR/filler" bs=4k 2>/dev/null
		binderctl up
		status=$?
		ls "$BINDER_DIR" >&2
		rm "$BINDER_DIR/filler"
		binderctl up >&2 && binderctl down >&2
		exit $status
	END
	exits 1 unshare -rm bash "$T/full.sh"
	contains "$err" "cannot write down that binderd runs: the disk is full (No space left on device)"
	contains "$err" "try: df $BINDER_DIR"
	lacks "$err" "Input/output error"
	# Nothing half-made is left, and with room it works.
	lacks "$(sed -n '/^try/,/started/p' <<<"$err")" "binderd.pid"
	contains "$err" "binderd: started"
}

# What is advised where no runtime folder exists has to work there.
test_without_a_runtime_folder_the_advice_works() {
	local uid=54321 advice

	needs_daemon
	needs_user $uid
	[ ! -e /run/user/$uid ] || skip "/run/user/$uid exists"
	[ ! -e /run/binder ] || skip "/run/binder exists"
	[ ! -e /dev/binder ] || skip "/dev/binder exists"
	mkdir "$T/home"
	chown $uid "$T/home"
	unset BINDER_DIR BINDER_DEVICE XDG_RUNTIME_DIR
	export HOME=$T/home
	exits 1 as_user $uid binderctl up
	contains "$err" "no runtime folder: XDG_RUNTIME_DIR is not set"
	advice=$(sed -n 's/^try: //p' <<<"$err")
	exits 3 as_user $uid binderctl list
	contains "$err" "try: $advice "
	capture as_user $uid binderctl doctor
	contains "$out" "try: $advice"
	exits 0 as_user $uid sh -c "$advice && binderctl list && binderctl down"
	contains "$out" "manager"
}

# As an upgrade does: another file of the same name, while the old one runs.
test_up_and_doctor_say_that_a_program_was_replaced() {
	local name

	own_folder
	not_under_valgrind "the program is valgrind's"
	mkdir "$T/bin"
	cp "$BIN/binderctl" "$BIN/binderd" "$BIN/servicemanager" "$T/bin"
	exits 0 "$T/bin/binderctl" up
	exits 0 "$T/bin/binderctl" up
	lacks "$out" replaced
	for name in binderd servicemanager; do
		cp "$BIN/$name" "$T/bin/new"
		mv "$T/bin/new" "$T/bin/$name"
	done
	exits 0 "$T/bin/binderctl" up
	contains "$out" "binderd: runs already, pid $(pid_of binderd); its program was replaced"
	contains "$out" "servicemanager: runs already, pid $(pid_of servicemanager); its program"
	exits 0 "$T/bin/binderctl" doctor
	contains "$out" "its program was replaced since it started"
	exits 0 "$T/bin/binderctl" down
}

# What an upgrade of one without the other leaves: a binderd whose channel has another number.
test_a_binderd_of_another_version_is_named() {
	own_folder
	not_under_valgrind "the program is valgrind's"
	LC_ALL=C sed 's/5CDB/6CDB/g' "$BIN/binderd" >"$T/other"
	chmod +x "$T/other"
	! cmp -s "$BIN/binderd" "$T/other" || fail "the number is not in the program"
	background_ready other "$T/other" --dir "$BINDER_DIR"
	capture binderctl list
	[ "$status" != 0 ] || fail "it can be used"
	contains "$err" "a binderd of another version"
	contains "$(cat "$T/other.log")" "speaks another version of the channel"
}

run_tests "$@"

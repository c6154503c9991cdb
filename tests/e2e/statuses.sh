#!/bin/bash
# SPDX-License-Identifier: MIT
# statuses.sh: each failure has its exit status, and says what to try.

. "$(dirname "$0")/../tap.sh"

# No driver can be found from here.
no_driver() {
	export BINDER_DIR=$T/nowhere
	unset BINDER_DEVICE
}

test_no_driver_is_3_and_says_what_to_do() {
	no_driver
	for verb in "list" "ping manager" "call manager 1" "info manager" "dump manager" \
		"wait manager"; do
		# shellcheck disable=SC2086 # words of a verb
		exits 3 binderctl $verb
		contains "$err" "binderctl: ${verb%% *}: no Binder driver"
		contains "$err" "binderctl up"
		contains "$err" "binderctl sandbox"
		contains "$err" "modprobe"
	done
}

test_a_named_device_that_is_missing_is_named() {
	no_driver
	exits 3 binderctl --device "$T/none" list
	contains "$err" "$T/none"
	exits 3 binderctl list --device="$T/none"
	contains "$err" "$T/none"
}

test_a_device_that_is_no_binder_device_is_said_to_be_none() {
	no_driver
	exits 3 binderctl --device /dev/null list
	contains "$err" "/dev/null is no Binder device, but another device"
	exits 3 binderctl --device "$T" list
	contains "$err" "$T is a directory"
	: >"$T/file"
	exits 3 binderctl --device "$T/file" list
	contains "$err" "$T/file is no Binder device, but a plain file"
}

test_hints_fit_the_device_that_was_chosen() {
	world_start
	exits 3 binderctl --device "$T/none" list
	lacks "$err" "binderctl up"
	contains "$err" "without --device"
	BINDER_DEVICE=$T/none exits 3 binderctl list
	lacks "$err" "binderctl up"
	contains "$err" "unset BINDER_DEVICE"
	# up makes no manager there.
	BINDER_DEVICE=hwbinder exits 4 binderctl list
	contains "$err" "servicemanager --hwbinder --device $T/world/hwbinder"
	stop servicemanager
	exits 4 binderctl list
	# A kernel's device may be for Android's.
	[ -n "${TEST_DEVICES:-}" ] || contains "$err" "try: binderctl up"
}

test_words_of_other_tools_get_a_suggestion() {
	world_start
	echo_start media.player
	exits 2 binderctl status
	contains "$err" "did you mean info?"
	exits 2 binderctl check media.player
	contains "$err" "did you mean ping?"
	exits 2 binderctl services
	contains "$err" "did you mean list?"
	exits 4 binderctl ping media.palyer
	contains "$err" "did you mean media.player?"
	exits 2 binderctl call --reply string media.player 1
	contains "$err" "did you mean str?"
}

test_suggestions_do_not_mind_capitals() {
	world_start
	echo_start media.Player
	exits 2 binderctl LIST
	contains "$err" "did you mean list?"
	exits 2 binderctl list --LONG
	contains "$err" "did you mean --long?"
	exits 2 binderctl call echo 1 STR:x
	contains "$err" "did you mean str?"
	exits 4 binderctl ping MEDIA.PLAYER
	contains "$err" "did you mean media.Player?"
	exits 4 binderctl ping media.pla
	contains "$err" "did you mean media.Player?"
}

test_null_is_no_type_of_a_reply_and_is_not_suggested() {
	exits 2 binderctl call --reply null echo 1
	contains "$err" "'null' is a value, no type"
	exits 2 binderctl call --reply i32,null:str echo 1
	contains "$err" "'null:str' is a value, no type"
	exits 2 binderctl call --reply nul echo 1
	lacks "$err" "did you mean"
}

test_a_wrong_domain_or_android_is_told_with_an_example_of_its_own() {
	world_start
	exits 2 binderctl --domain odd ping manager
	contains "$err" '"odd" is no domain'
	is "$(grep try: <<<"$err")" "try: --domain vendor"
	exits 2 binderctl --android odd ping manager
	is "$(grep try: <<<"$err")" "try: --android 30"
}

test_a_wrong_option_before_the_verb_blames_no_verb() {
	exits 2 binderctl --foo list
	is "$(head -n 1 <<<"$err")" "binderctl: no such option: --foo"
	exits 2 binderctl --devise x list
	contains "$err" "did you mean --device?"
}

# shown WORD...: an error that quotes the words holds no control character.
shown() {
	capture binderctl "$@"
	[ "$status" != 0 ] || fail "$*: succeeded"
	! grep -q "$(printf '[\001-\010\013-\037\177]')" <<<"$err" || fail "raw: $err"
	contains "$err" '\x1b'
}

test_what_is_quoted_cannot_drive_a_terminal() {
	local escape=$'\e[31m'

	world_start
	shown "list$escape"
	shown list "$escape"
	shown ping "$escape"
	shown call echo 1 "i32:$escape"
	shown call echo "$escape"
	shown --device "$T/$escape" list
	shown run "$T/$escape.lua"
	# C1 and what turns the direction of writing.
	capture binderctl $'\302\233\342\200\256'
	contains "$err" '\xc2\x9b\xe2\x80\xae'
	capture binderctl "$(head -c 100000 /dev/zero | tr '\0' x)"
	[ "${#err}" -lt 2000 ] || fail "${#err} characters"
}

test_a_full_disk_is_a_failure_of_every_verb() {
	local verb

	[ -w /dev/full ] || skip "no /dev/full"
	world_start
	echo_start
	for verb in list "--json list" "ping echo" "info echo" "dump echo" "call echo 1 i32:1" help \
		"help call" version --version --help "--json wait echo" doctor "explain -32" complete; do
		status=0
		# shellcheck disable=SC2086 # words of a verb
		binderctl $verb >/dev/full 2>"$T/err" || status=$?
		is "$status" 1 "$verb"
		contains "$(cat "$T/err")" "standard output: No space left on device"
	done
}

test_no_service_manager_is_4() {
	export BINDER_DIR=$T/world BINDER_DEVICE=$T/world/binder
	background_ready binderd binderd --dir "$BINDER_DIR"
	for verb in "list" "ping manager" "call echo 1" "ping echo"; do
		# shellcheck disable=SC2086
		exits 4 binderctl $verb
		contains "$err" "no service manager"
	done
}

test_no_such_service_is_4() {
	world_start
	for verb in "ping" "info" "dump"; do
		exits 4 binderctl $verb nobody
		contains "$err" "binderctl: $verb: no such service: nobody"
		contains "$err" "try: binderctl list"
	done
	exits 4 binderctl call nobody 1
}

test_a_word_that_is_no_name_or_no_text_is_2() {
	local verb

	world_start
	echo_start
	for verb in ping info dump wait methods; do
		exits 2 binderctl "$verb" "a b"
		contains "$err" "a b: a name is 1 to 127 of A-Z a-z 0-9 _ . / -"
	done
	exits 2 binderctl call "a b" 1
	# Before the service is asked, or there is a driver.
	exits 2 binderctl --device "$T/none" dump echo $'\377'
	contains "$err" "argument 1 '\xff': expected text in UTF-8"
	exits 2 binderctl dump echo fine $'\377'
	contains "$err" "argument 2"
}

# The command line is right; only there is no such file now.
test_a_file_that_cannot_be_opened_is_1() {
	world_start
	echo_start
	exits 1 binderctl call echo 1 "fd:$T/none"
	contains "$err" "argument 1 'fd:$T/none': cannot open $T/none: No such file or directory"
	exits 1 binderctl call echo 1 "pfd:$T/none"
	exits 1 binderctl call echo 1 "bytes:@$T/none"
}

test_wait_that_runs_out_is_7() {
	world_start
	late "nobody" binderctl wait --timeout 0.05 nobody
}

test_call_that_runs_out_is_7() {
	world_start
	echo_start
	late "TIMED_OUT" binderctl call --timeout 0.05 echo 2
}

test_unknown_code_is_1() {
	world_start
	echo_start
	exits 1 binderctl call echo 999
	contains "$err" "UNKNOWN_TRANSACTION"
}

test_usage_is_2_and_suggests() {
	exits 2 binderctl --json call
	exits 2 binderctl lits
	contains "$err" "did you mean list?"
	exits 2 binderctl list --lnog
	contains "$err" "did you mean --long?"
	exits 2 binderctl list extra
	contains "$err" "unexpected argument 'extra'"
	exits 2 binderctl call echo
	contains "$err" "expected SERVICE METHOD|CODE"
	exits 2 binderctl call echo 1x
	contains "$err" "code '1x'"
	exits 2 binderctl help lits
	exits 2 binderctl wait --timeout soon echo
	contains "$err" "'soon' is no number of seconds"
	exits 2 binderctl --device
	exits 2 binderctl call --oneway --reply i32 echo 1
	exits 2 binderctl call --interface a --no-token echo 1
	exits 2 binderctl call --reply i33 echo 1
}

test_json_is_refused_where_it_would_be_ignored() {
	local verb

	for verb in up down "test x.lua" "run x.lua" "serve x.lua" "aidl x.aidl" "sandbox true" help \
		"help call" "completion bash"; do
		# shellcheck disable=SC2086 # words of a verb
		exits 2 binderctl --json $verb
		contains "$err" "binderctl: ${verb%% *}: --json: this verb prints nothing for programs"
		is "$out" ""
	done
	exits 2 binderctl --json
	contains "$err" "expected a verb"
	exits 2 binderctl up --json
	# The rest is the command's.
	exits 0 binderctl sandbox -- binderctl --json list
	exits 0 binderctl --json version
}

# The manual says which verbs have one, and so does the help.
test_each_verb_with_a_timeout_has_it_in_the_manual() {
	local verb

	for verb in $(binderctl complete -- ''); do
		[[ $(binderctl help "$verb") == *--timeout* ]] || continue
		# The macros of its entry, up to the text below them.
		awk -v verb="$verb" '
			/^\.It Ic / { inside = $3 == verb }
			/^[^.]/ { inside = 0 }
			inside && /Fl Fl timeout/ { found = 1 }
			END { exit !found }' man/binderctl.1 || fail "$verb: its --timeout is not there"
	done
}

test_help_and_version_are_0() {
	for words in "help" "--help" "help call" "call --help" "version" "--version" "list --version"; do
		# shellcheck disable=SC2086
		exits 0 binderctl $words
		[ -n "$out" ] || fail "$words printed nothing"
	done
	# Every verb is in the help, and has one of its own.
	for verb in list call dump ping info wait run up down sandbox help version; do
		contains "$(binderctl help)" "  $verb "
		contains "$(binderctl help $verb)" "Example: binderctl $verb"
	done
}

test_ping_and_info_of_a_living_service_are_0() {
	world_start
	echo_start
	exits 0 binderctl ping echo
	contains "$out" "echo: alive"
	exits 0 binderctl info echo
	contains "$out" "descriptor  test.IEcho"
	contains "$out" "pid         $pid (echo-service)"
	contains "$out" "uid         $(id -u)"
	contains "$out" "alive       yes"
	exits 0 binderctl info --json manager
	contains "$out" '"handle": 0'
}

test_completion_offers_verbs_services_and_types() {
	world_start
	echo_start
	is "$(binderctl complete -- pi)" ping
	is "$(binderctl complete -- ping ec)" echo
	is "$(binderctl complete -- call echo 1 i6)" i64:
	is "$(binderctl complete -- call echo 1 binder:e)" binder:echo
	is "$(binderctl complete -- call --ti)" --timeout
}

# offers WORD...: what the last word may become, sorted, on one line.
offers() {
	out=$(binderctl complete -- "$@" | sort | tr '\n' ' ')
}

test_completion_offers_values_of_options() {
	world_start
	echo_start
	mkdir "$T/d" "$T/d/sub"
	: >"$T/d/file"
	offers call --reply i32,st
	is "$out" "i32,str i32,str8 i32,str8[] i32,str[] "
	offers call --reply=boo
	is "$out" "--reply=bool --reply=bool[] "
	offers call --reply n
	is "$out" ""
	# The value is no service: that comes behind it.
	offers call --reply i32 ec
	is "$out" "echo "
	offers --device vn
	is "$out" "vndbinder "
	offers list --device="$T/world/vn"
	is "$out" "--device=$T/world/vndbinder "
	offers --domain ''
	is "$out" "system vendor "
	offers aidl --lang ''
	is "$out" "aidl c "
	offers call --aidl "$T/d/"
	is "$out" "$T/d/sub/ "
	offers --device "$T/none" ping ec
	is "$out" ""
	offers ping --device "$BINDER_DEVICE" ec
	is "$out" "echo "
}

test_completion_offers_files_where_a_word_names_one() {
	local word

	world_start
	echo_start
	mkdir "$T/d" "$T/d/sub"
	: >"$T/d/file"
	for word in fd: pfd: str:@ str8:@ bytes:@ raw:@; do
		offers call echo 1 "$word$T/d/f"
		is "$out" "$word$T/d/file "
	done
	offers call echo 1 "fd:$T/d/s"
	is "$out" "fd:$T/d/sub/ "
	for word in str:@@ i32:@ str:; do
		offers call echo 1 "$word$T/d/f"
		is "$out" ""
	done
	offers sandbox -- "$T/d/f"
	is "$out" "$T/d/file "
	offers sandbox -- cat -n "$T/d/f"
	is "$out" "$T/d/file "
	offers sandbox -- cat --js
	is "$out" ""
	offers sandbox binderc
	contains "$out" "binderctl "
}

test_lua_errors_are_1_with_a_traceback() {
	world_start
	echo 'local function f() error("broken") end f()' >"$T/a.lua"
	exits 1 binderctl run "$T/a.lua"
	contains "$err" "broken"
	contains "$err" "traceback"
	exits 1 binderctl run "$T/missing.lua"
	is "$err" "binderctl: run: cannot open $T/missing.lua: No such file or directory"
	echo 'return +' >"$T/syntax.lua"
	exits 1 binderctl run "$T/syntax.lua"
	lacks "$err" traceback
	echo 'print(arg[0], arg[1], ...) os.exit(9)' >"$T/b.lua"
	exits 9 binderctl run "$T/b.lua" one --two
	contains "$out" "one	one	--two"
}

test_a_script_may_come_from_standard_input() {
	is "$(echo 'print(arg[0], ...)' | binderctl run - one)" "-	one"
}

test_a_script_stands_for_its_interpreter() {
	not_under_valgrind "programs have its name"
	world_start
	echo 'local b = require "binder" assert(b.serve("scripted", {})) assert(b.loop("TERM"))' \
		>"$T/my_script.lua"
	background scripted binderctl run "$T/my_script.lua"
	exits 0 binderctl wait --timeout $((10 * SLOW)) scripted
	exits 0 binderctl info scripted
	contains "$out" "pid         $pid (my_script.lua)"
	exits 0 binderctl list -l
	contains "$out" " my_script.lua "
}

test_info_of_a_stopped_service_ends_and_says_so() {
	world_start
	echo_start
	freeze echo
	exits 0 timeout $((20 * SLOW)) binderctl info echo
	thaw echo
	contains "$out" "it does not answer within a second"
}

# Its number would be the driver's connection, to which the text would go.
test_closed_output_is_a_failure_of_its_own() {
	world_start
	echo_start
	for verb in "dump echo" list "ping echo"; do
		# shellcheck disable=SC2086 # words
		capture bash -c 'binderctl "$@" >&-' - $verb
		is "$status" 1 "$verb"
		contains "$err" "standard output: Bad file descriptor"
	done
	exits 0 binderctl ping echo
}

run_tests "$@"

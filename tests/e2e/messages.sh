#!/bin/bash
# SPDX-License-Identifier: MIT
# messages.sh: how the programs speak on standard error, and read their options.

. "$(dirname "$0")/../tap.sh"

# one_write COMMAND...: its message leaves in one write, which ends with a line's end.
one_write() {
	local text

	text=$("$TESTS/writes" "$@" 2>&1 </dev/null) || true
	is "$(grep -c . <<<"$text")" 1 "writes of $* ($text)"
	[[ $text =~ ^[1-9][0-9]*\ lines:.*\|$ ]] || fail "$*: $text"
}

# Two processes that share a terminal or a log do not mix within a message.
test_each_message_is_one_write() {
	local long

	export BINDER_DIR=$T/nowhere
	unset BINDER_DEVICE
	one_write binderctl list
	one_write binderctl lsit
	one_write binderctl call
	one_write binderctl list --bogus
	one_write binderctl explain bogus
	one_write binderctl doctor --json extra
	echo 'local function f() error("broken") end f()' >"$T/a.lua"
	one_write binderctl run "$T/a.lua"
	one_write servicemanager --bogus
	one_write servicemanager extra
	one_write servicemanager --android 1
	one_write servicemanager --device "$T/none"
	one_write binderd --bogus
	one_write binderd extra
	one_write binderd --dir "$T/no/such"
	# Newer C libraries cut what is longer than 128 characters.
	long=x$(printf '%0200d' 0)
	one_write servicemanager --android "$long"
	one_write servicemanager --allow "$T/$long"
	one_write binderd "$long"
	one_write binderd --mode "$long"
}

# As many as there are messages, but whole ones: errors in AIDL, and what they come to.
test_errors_of_a_file_are_whole_lines() {
	local text

	echo 'interface IA { const int A = "a"; const int B = "b"; }' >"$T/IA.aidl"
	for verb in aidl describe methods; do
		text=$("$TESTS/writes" binderctl $verb "$T/IA.aidl" 2>&1 </dev/null) || true
		is "$(grep -c '^[1-9][0-9]* lines: .*|$' <<<"$text")" 2 "$verb: $text"
		is "$(wc -l <<<"$text")" 2 "$verb: $text"
	done
}

test_warnings_of_a_file_are_one_write() {
	local text

	echo 'interface IA { void f(in Gone g); void h(in Away a); }' >"$T/IA.aidl"
	for verb in describe methods; do
		text=$("$TESTS/writes" binderctl $verb "$T/IA.aidl" 2>/dev/null </dev/null | grep ' lines: ')
		is "$(wc -l <<<"$text")" 1 "$verb: $text"
		[[ $text =~ warning.*\|$ ]] || fail "$verb: $text"
	done
}

test_a_message_about_a_service_is_one_write() {
	world_start
	one_write binderctl ping nobody
	one_write binderctl call manager 99
	one_write binderctl call manager 1 i32:x
	one_write binderctl dump nobody
	one_write binderctl --device "$BINDER_DIR/hwbinder" list
	one_write servicemanager --device "$BINDER_DEVICE"
}

# ---- options ------------------------------------------------------------------

# A value may be attached, whatever the option: -IDIR, -I DIR, --include=DIR, --include DIR.
test_values_of_options_may_be_attached() {
	mkdir "$T/inc"
	echo 'parcelable Cup { int size; }' >"$T/inc/Cup.aidl"
	echo 'import Cup; interface ITable { void put(in Cup cup); }' >"$T/ITable.aidl"
	for form in "-I$T/inc" "-I=$T/inc" "-I $T/inc" "--include=$T/inc" "--include $T/inc"; do
		# shellcheck disable=SC2086 # words
		exits 0 binderctl aidl $form "$T/ITable.aidl"
	done
	(cd "$T/inc" && binderctl aidl -I. "$T/ITable.aidl")
	exits 0 binderctl aidl "-I$T/inc" --lang=c "-o$T/out" "$T/ITable.aidl"
	[ -e "$T/out/ITable.h" ] || fail "-oDIR was not taken"
}

test_a_folder_may_be_called_like_a_number() {
	mkdir "$T/nfo"
	echo 'parcelable Cup { int size; }' >"$T/nfo/Cup.aidl"
	echo 'import Cup; interface ITable { void put(in Cup cup); }' >"$T/ITable.aidl"
	cd "$T" || exit
	exits 0 binderctl aidl -Info ITable.aidl
}

test_a_switch_takes_no_value() {
	exits 2 binderctl list -lx
	contains "$err" "no such option: -lx"
	exits 2 binderctl list --long=x
	contains "$err" "--long takes no value"
}

test_an_option_may_be_given_many_times() {
	local i many=()

	for i in $(seq 1 200); do
		mkdir "$T/i$i"
		many+=(-I "$T/i$i")
	done
	echo 'parcelable Cup { int size; }' >"$T/i200/Cup.aidl"
	echo 'import Cup; interface ITable { void put(in Cup cup); }' >"$T/ITable.aidl"
	exits 0 binderctl aidl "${many[@]}" "$T/ITable.aidl"
}

run_tests "$@"

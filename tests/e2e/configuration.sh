#!/bin/bash
# SPDX-License-Identifier: MIT
# configuration.sh: binderd.conf and servicemanager.conf: what they set, what the command line
# sets instead, and what is said about a line that is wrong.

. "$(dirname "$0")/../tap.sh"

export BINDER_CONF_DIR=

# conf FILE LINE...: its content.
conf() {
	export BINDER_CONF_DIR=$T/conf
	mkdir -p "$T/conf"
	printf '%s\n' "${@:2}" >"$T/conf/$1"
}

test_a_file_sets_what_the_command_line_leaves_open() {
	needs_daemon
	conf binderd.conf '# a comment' '' '; another' ' device = one' 'device="two"' 'mode = 640'
	background_ready binderd binderd --dir "$T/world"
	is "$(cd "$T/world" && echo *)" "binderd.lock one two"
	is "$(stat -c %a "$T/world/one")" 640
}

test_the_command_line_counts_more() {
	conf binderd.conf 'device = one' 'device = two' 'mode = 640' 'max-opens-per-uid = 9'
	exits 0 binderd --mode 600 --device three --print-config
	is "$out" "max-opens-per-uid = 9  # $T/conf/binderd.conf:4
mode = 600  # command line
device = three  # command line"
}

test_a_named_file_is_read_instead() {
	conf binderd.conf 'mode = 640'
	echo 'mode = 644' >"$T/other"
	exits 0 binderd --config "$T/other" --print-config
	contains "$out" "mode = 644  # $T/other:1"
	lacks "$out" 640
	exits 2 binderd --config "$T/none" --print-config
	contains "$err" "$T/none: cannot be opened: No such file"
}

test_no_file_is_no_error() {
	export BINDER_CONF_DIR=$T/none
	exits 0 binderd --print-config
	is "$out" ""
}

test_a_wrong_line_is_named_with_file_and_number() {
	local line

	while IFS='|' read -r line words; do
		conf binderd.conf 'mode = 600' "$line"
		exits 2 binderd --dir "$T/world"
		contains "$err" "binderd: $T/conf/binderd.conf:2: "
		contains "$err" "$words"
		[ ! -e "$T/world" ] || fail "it has started"
	done <<'END'
mode = 9|'9' is no OCTAL for mode
modus = 600|'modus' is no setting
mode 600|is no line "name = value"
ready-fd = 3|for the command line
config = /x|for the command line
END
}

test_the_service_manager_has_a_file_of_its_own() {
	needs_daemon
	conf servicemanager.conf "allow = $T/allow" 'verbose = yes'
	echo '1001 some.name' >"$T/allow"
	world_start
	until_true grep -q serving "$T/servicemanager.log"
	conf servicemanager.conf 'android = 3'
	exits 2 servicemanager --device "$BINDER_DEVICE"
	contains "$err" "servicemanager.conf:1: android: '3' is no Android"
	conf servicemanager.conf 'verbose = perhaps'
	exits 2 servicemanager --device "$BINDER_DEVICE"
	contains "$err" "'perhaps' is neither yes nor no"
	conf servicemanager.conf 'hwbinder = yes'
	exits 2 servicemanager --device "$BINDER_DEVICE"
	contains "$err" "'hwbinder' is no setting"
}

test_what_is_shipped_sets_nothing() {
	export BINDER_CONF_DIR=$ROOT/systemd/conf
	exits 0 binderd --print-config
	is "$out" ""
}

test_doctor_shows_what_is_set() {
	needs_daemon
	world_start
	exits 0 binderctl doctor
	lacks "$out" settings
	conf binderd.conf 'max-opens-per-uid = 9'
	exits 0 binderctl doctor
	contains "$out" "max-opens-per-uid = 9  # $T/conf/binderd.conf:1"
	conf binderd.conf 'max-opens-per-uid = many'
	capture binderctl doctor
	is "$status" 1
	contains "$out" "binderd.conf:1: 'many' is no N"
}

test_doctor_writes_libgbinders_configuration() {
	local android level

	needs_daemon
	while read -r android level; do
		export BINDER_ANDROID=$android
		exits 0 binderctl sandbox -- binderctl doctor --gbinder
		if [ "$level" = none ]; then
			lacks "$out" "ApiLevel ="
		else
			contains "$out" "ApiLevel = $level"
		fi
	done <<'END'
26 none
30 30
32 31
35 34
35.1 35
36 36
END
}

run_tests "$@"

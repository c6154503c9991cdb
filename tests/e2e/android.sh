#!/bin/bash
# SPDX-License-Identifier: MIT
# android.sh: old and new Androids' service managers, and clients that know which or find out.

. "$(dirname "$0")/../tap.sh"

VERSIONS="26 28 29 30 31 33 34 35.1 35.2 36"

worlds=0

# world_as VERSION [ARGUMENT...]: a driver, and the service manager of an Android.
world_as() {
	local version=$1

	shift
	worlds=$((worlds + 1))
	export BINDER_DIR=$T/world.$worlds
	background_ready "binderd.$worlds" binderd --dir "$BINDER_DIR"
	background_ready "manager.$worlds" servicemanager --android "$version" "$@"
}

leave_world() {
	stop "manager.$worlds"
	stop "binderd.$worlds"
}

use_all() {
	local names

	background_ready "echo.$1" "$TESTS/echo-service" --name echo
	names=$(binderctl list | sed 1d | cut -d' ' -f1 | tr '\n' ' ')
	case $1 in
	26 | 28 | 29) is "$names" "echo " "$1" ;;
	*) is "$names" "echo manager " "$1" ;;
	esac
	exits 0 binderctl ping echo
	exits 0 binderctl wait --timeout $((5 * SLOW)) echo
	exits 4 binderctl ping nobody
	exits 7 binderctl wait --timeout 0.3 nobody
	contains "$(binderctl call echo 1 str:hello --reply str)" hello
	stop "echo.$1"
}

test_clients_that_are_told_the_version_work_with_each() {
	for version in $VERSIONS; do
		world_as "$version"
		BINDER_ANDROID=$version use_all "$version"
		leave_world
	done
}

test_clients_find_the_version_out() {
	for version in $VERSIONS; do
		world_as "$version"
		use_all "$version"
		leave_world
	done
}

test_info_list_and_doctor_tell_what_was_found() {
	world_as 31
	contains "$(binderctl info manager)" "dialect     Android 12 and 12L"
	contains "$(binderctl list -l)" "Dialect: Android 12 and 12L"
	contains "$(binderctl doctor)" "Android 12 and 12L, as the service manager's answers show"
	contains "$(BINDER_ANDROID=31 binderctl doctor)" "as was said"
}

test_the_two_of_15_are_told_apart_by_how_a_service_is_given() {
	world_as 35.1
	contains "$(binderctl info manager)" "Android 15 from r6 (QPR1)"
	exits 0 binderctl call manager checkService manager
	contains "$out" "{binder: "
	leave_world
	world_as 35.2
	contains "$(binderctl info manager)" "Android 15 from r20 (QPR2)"
	exits 0 binderctl call manager checkService manager
	contains "$out" "serviceWithMetadata"
}

test_android_8_is_told_from_9_by_its_first_service() {
	world_as 26
	contains "$(binderctl info manager)" "Android 9"
	background_ready echo "$TESTS/echo-service" --name echo
	contains "$(binderctl info manager)" "Android 8"
}

test_a_dialect_that_does_not_fit_is_refused() {
	world_as 30
	background_ready echo "$TESTS/echo-service" --name echo
	for wrong in 26 28 29; do
		exits 1 binderctl list --android "$wrong"
	done
	leave_world
	world_as 29
	exits 1 binderctl list --android 30
}

test_dialect_and_domain_may_stand_before_the_verb_too() {
	world_as 30
	exits 0 binderctl --android 30 list
	exits 0 binderctl --android=30 --domain system list
	exits 1 binderctl --android 29 list
	exits 2 binderctl --android
	contains "$err" "--android: expected VERSION after it"
}

# Each version has other codes: a look-up for a list would be a registration.
test_calls_by_name_go_by_the_manager_s_version() {
	cat >"$T/names.lua" <<-'END'
	local binder = require "binder"
	local manager = binder.aidl "android.os.IServiceManager"(binder.manager())
	print(table.concat(manager:listServices(15), " "), manager:isDeclared "a.b.IC/default")
	END
	for version in 30 31 33 34 35.1 35.2 36; do
		world_as "$version"
		exits 0 binderctl call manager listServices 15
		is "$out" '["manager"]' "$version"
		exits 0 binderctl call manager isDeclared a.b.IC/default
		is "$out" false "$version"
		exits 0 binderctl run "$T/names.lua"
		is "$out" $'manager\tfalse' "$version"
		is "$(binderctl methods manager | tail -1)" \
			"$(BINDER_ANDROID=$version binderctl methods android.os.IServiceManager | tail -1)"
		leave_world
	done
	world_as 29
	exits 1 binderctl call manager listServices 15
	contains "$err" "the service manager of Android 10 has no AIDL"
	exits 1 binderctl methods manager
	contains "$err" "4 listServices"
}

test_versions_that_nobody_knows_are_usage_errors() {
	world_as 36
	exits 2 binderctl list --android seven
	contains "$err" "expected an API level"
	exits 2 binderctl --android seven list
	contains "$err" "expected an API level"
	exits 2 binderctl list --domain desert
	exits 2 servicemanager --android 12.5
	contains "$err" "expected an API level"
}

# A String16 as bytes in hexadecimal; ASCII.
string16() {
	local text=$1 length=${#1} i

	printf '%02x000000' "$length"
	for ((i = 0; i < length; i++)); do
		printf '%02x00' "'${text:i:1}"
	done
	[ $((length % 2)) = 1 ] && printf 0000 || printf 00000000
}

# checks VERSION HEADER CODE: asks for a name that is not there, as that version's clients do.
checks() {
	world_as "$1"
	exits 0 binderctl call manager "$3" --no-token --no-status \
		"raw:$2$(string16 android.os.IServiceManager)$(string16 x)"
	leave_world
}

test_requests_as_old_clients_write_them_get_the_replies_that_they_read() {
	local old=00004000 ten=00000080ffffffff eleven=00000080ffffffff54535953

	# The lone word 0.
	for version in 26 28; do
		checks "$version" $old 2
		contains "$out" "4 bytes"
	done
	checks 29 $ten 2
	contains "$out" "4 bytes"
	# Status, null binder, stability; in 12 a stability of its own kind.
	for version in 30 33 34; do
		checks "$version" $eleven 2
		contains "$out" "32 bytes"
		contains "$out" "00000000 73622a85"
	done
	checks 31 $eleven 2
	contains "$out" "32 bytes"
	contains "$out" "00000000 00000001"
	# Status, and a Service: present, tag, present, size, binder, stability, not lazy.
	# Android 15 from r6: the union has the binder itself.
	checks 35.1 $eleven 3
	contains "$out" "40 bytes"
	contains "$out" "00000000 00000001 00000000 73622a85"
	checks 35.2 $eleven 3
	contains "$out" "52 bytes"
	contains "$out" "00000000 00000001 00000000 00000001"
	contains "$out" "00000024"
	checks 36 $eleven 4
	contains "$out" "52 bytes"
	checks 36 $eleven 3
	contains "$out" "32 bytes"
}

test_domains_do_not_mix() {
	world_as 33 --domain vendor
	exits 1 binderctl list --android 33
	exits 0 binderctl list --android 33 --domain vendor
}

test_a_manifest_declares_services() {
	cat >"$T/manifest" <<-END
		# as on a device
		a.b.ILight/default apex=com.lights
		a.b.ILight/second
		a.b.IFar/default address=10.0.0.7:5000
	END
	world_as 36 --manifest "$T/manifest"
	declared() { binderctl call manager 9 "str:$1" --reply bool; }
	contains "$(declared a.b.ILight/default)" true
	contains "$(declared a.b.ILight/third)" false
	contains "$(binderctl call manager 10 str:a.b.ILight --reply "str[]")" second
	contains "$(binderctl call manager 11 str:a.b.ILight/default --reply str)" com.lights
	contains "$(binderctl call manager 12 str:com.lights --reply "str[]")" a.b.ILight/default
	contains "$(binderctl call manager 13 str:a.b.IFar/default --reply i32,i32,str,i32)" 10.0.0.7
}

test_a_wrong_manifest_is_an_error_with_its_line() {
	printf 'fine.one\nbad name=\n' >"$T/manifest"
	exits 1 servicemanager --manifest "$T/manifest"
	contains "$err" "manifest:2: "
	printf 'one\none\n' >"$T/manifest"
	exits 1 servicemanager --manifest "$T/manifest"
	contains "$err" "stands there already"
	exits 1 servicemanager --manifest "$T/none"
	contains "$err" "cannot open the manifest"
}

run_tests

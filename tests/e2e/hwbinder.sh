#!/bin/bash
# SPDX-License-Identifier: MIT
# hwbinder.sh: HIDL's world: its service manager, its names, its own calls.

. "$(dirname "$0")/../tap.sh"

# The echo service is none of HIDL's, but answers what every HIDL object does.
hidl_start() {
	export BINDER_DIR=$T/world BINDER_DEVICE=hwbinder
	background_ready binderd binderd --dir "$BINDER_DIR"
	background_ready manager servicemanager --hwbinder
	background_ready echo "$TESTS/echo-service" --name slot1
}

MANAGER=android.hidl.manager@1.0::IServiceManager

# Prints names and descriptors.
listed() {
	binderctl list | sed 1d | tr -s ' ' | cut -d' ' -f1,3
}

lists_only_the_manager() {
	[ "$(listed)" = "$MANAGER/default $MANAGER" ]
}

test_names_are_interface_and_instance() {
	hidl_start
	is "$(listed)" "$MANAGER/default $MANAGER
test.IEcho/slot1 test.IEcho"
	contains "$(binderctl list -l)" "Dialect: HIDL"
	exits 0 binderctl ping test.IEcho/slot1
	exits 4 binderctl ping test.IEcho/slot2
	exits 0 binderctl ping manager
	contains "$(binderctl info test.IEcho/slot1)" "descriptor  test.IEcho"
	stop echo KILL
	until_true lists_only_the_manager
}

test_the_manager_is_there_by_its_name() {
	hidl_start
	exits 0 binderctl ping "$MANAGER/default"
	contains "$(binderctl info "$MANAGER/default")" "descriptor  $MANAGER"
}

test_dump_of_the_manager_shows_names() {
	hidl_start
	for name in manager "$MANAGER/default"; do
		is "$(binderctl dump "$name" | cut -d' ' -f1-2)" "2 names
$MANAGER/default pid
test.IEcho/slot1 pid"
	done
}

test_a_name_without_an_interface_is_a_usage_error() {
	hidl_start
	exits 2 binderctl ping slot1
	contains "$err" "slot1: a HIDL service is called INTERFACE/NAME"
	exits 2 binderctl wait slot1
	contains "$err" "slot1: a HIDL service is called INTERFACE/NAME"
}

test_waiting_ends_when_a_service_comes_or_in_time() {
	hidl_start
	exits 0 binderctl wait --timeout $((5 * SLOW)) test.IEcho/slot1
	exits 7 binderctl wait --timeout 0.3 test.IEcho/slot2
}

test_requests_of_aidl_are_refused() {
	hidl_start
	exits 1 binderctl call manager 4 --no-token --no-status \
		raw:00000080ffffffff5453595303000000610062006300000000000000
}

# Bytes of the request: an 8-bit descriptor; of the reply: zero, and a vector in a buffer object.
test_listing_is_a_word_and_buffers() {
	local token

	hidl_start
	token=$(printf 'android.hidl.manager@1.2::IServiceManager\0\0\0' | od -An -v -tx1 | tr -d ' \n')
	exits 0 binderctl call manager 4 --no-token --no-status "raw:$token"
	contains "$out" "00000000 70742a85"
}

test_dump_is_what_the_service_says() {
	hidl_start
	is "$(binderctl dump test.IEcho/slot1 one two)" "echo of 2 arguments
one
two"
	is "$(binderctl dump test.IEcho/slot1)" "echo of 0 arguments"
}

test_interface_chain_and_hashes_are_vectors() {
	local token

	hidl_start
	token=$(printf 'android.hidl.base@1.0::IBase\0\0\0\0' | od -An -v -tx1 | tr -d ' \n')
	exits 0 binderctl call test.IEcho/slot1 0x0f43484e --no-token --no-status "raw:$token"
	contains "$out" "00000000 70742a85"
	exits 0 binderctl call test.IEcho/slot1 0x0f485348 --no-token --no-status "raw:$token"
	contains "$out" "00000000 70742a85"
}

run_tests

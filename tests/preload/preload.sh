#!/bin/bash
# SPDX-License-Identifier: MIT
# preload.sh: programs that know nothing of us, on binderd, through the preload library.

. "$(dirname "$0")/../tap.sh"

# The loader wants a sanitizer's library before all others, and the program is not built with it.
case $BUILD in
*san-*)
	echo "1..0 # SKIP a library built with sanitizers cannot be preloaded into other programs"
	exit 0
	;;
esac

device_user() {
	capture binderctl sandbox --preload -- "$TESTS/preload-device-user" "$1"
	is "$status" 0 "$err"
}

for rule in $("$TESTS/preload-device-user"); do
	eval "test_$rule() { device_user $rule; }"
done

test_programs_with_libbinder_run_with_it_too() {
	capture binderctl sandbox --preload -- binderctl ping manager
	is "$status" 0 "$err"
	capture binderctl sandbox --preload -- binderctl --device /dev/binder list
	is "$status" 0 "$err"
	contains "$out" "android.os.IServiceManager"
}

# ls wants attributes, rights and the names of all; find opens by descriptors.
test_ls_and_find_show_devices() {
	capture binderctl sandbox --preload -- ls -l /dev/binder
	is "$status" 0 "$err"
	is "$err" ""
	contains "$(echo "$out" | grep -c "^crw.*/dev/binder$")" 1
	capture binderctl sandbox --preload -- ls -l /dev/binderfs/
	is "$status" 0 "$err"
	contains "$(echo "$out" | grep -c "^crw.* hwbinder$")" 1
	contains "$(echo "$out" | grep -c "^drw.* binder_logs$")" 1
	capture binderctl sandbox --preload -- find /dev/binderfs -name freeze_notification
	is "$out" /dev/binderfs/features/freeze_notification
	capture binderctl sandbox --preload -- cat /dev/binderfs/binder_logs/state
	is "$status" 0 "$err"
	contains "$out" "binder state:"
	contains "$out" "context binder"
}

test_without_a_daemon_there_is_no_device() {
	capture env LD_PRELOAD="$ROOT/$BUILD/lib/libbinder-preload.so" BINDER_DIR="$T/none" \
		stat /dev/vndbinder
	is "$status" 1
	contains "$err" "No such file"
}

test_who_cannot_have_it_is_told() {
	echo 'int main(void) { return 0; }' | cc -static -x c -o "$T/static" - || return 0
	capture binderctl sandbox --preload -- "$T/static"
	is "$status" 0 "$err"
	contains "$err" "static is statically linked: it will not have /dev/binder"
	capture binderctl sandbox --preload -- true
	is "$err" ""
}

test_the_loader_s_own_list_is_kept() {
	# shellcheck disable=SC2016 # for the shell in the sandbox
	LD_PRELOAD=libc.so.6 capture binderctl sandbox --preload -- sh -c 'echo "$LD_PRELOAD"'
	contains "$out" "libbinder-preload.so:libc.so.6"
}

run_tests

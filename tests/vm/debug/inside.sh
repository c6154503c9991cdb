#!/bin/bash
# SPDX-License-Identifier: MIT
#
# inside.sh PART: what is run on the debug kernel; check.sh started it, for each part anew.
#
# Parts: uapi and libbinder (the suites of these names), storm (processes that are killed
# in the middle of their calls), reload (the module goes and comes back under use), faults
# (every allocation fails once), loading (the same while it is loaded).  MODULE is the
# module's file; all but reload and loading find it loaded, with devices binder, hwbinder, vndbinder.  Prints TAP with a plan.  Whatever the part was,
# the module goes then, and kmemleak is asked what it has left behind.
number=0

result() { # COMMAND'S-STATUS NAME
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# relay: the TAP of a suite as part of ours.  Where the kernel has no security module there
# are no labels; that and the like is no failure.
relay() {
	local line plan='' seen=0

	while IFS= read -r line; do
		case $line in
		"not ok "*"# TODO listed"*)
			seen=$((seen + 1))
			result 0 "${line#* - }" ;;
		"ok "*) seen=$((seen + 1)); result 0 "${line#* - }" ;;
		"not ok "*) seen=$((seen + 1)); result 1 "${line#* - }" ;;
		1..[0-9]*) plan=${line#1..} plan=${plan%% *} ;;
		*) echo "# $line" ;;
		esac
	done
	[ "$seen" = "$plan" ]
	result $? "the suite runs to its end"
}

part_uapi() {
	relay < <("$BUILD/tests/binder-uapi" --home module \
		--differences tests/uapi/differences /dev/hwbinder 2>&1)
}

# Names that have something to do with time are for faster machines.
part_libbinder() {
	relay < <(TEST_DEVICES=/dev CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent \
		CK_TIMEOUT_MULTIPLIER=20 "$BUILD/tests/libbinder-tests" 2>&1)
}

part_storm() {
	local pressure counted

	# Memory is short all the while: pages of receive buffers are taken back.
	while sleep 0.5; do
		echo 2 >/proc/sys/vm/drop_caches
	done &
	pressure=$!
	counted=$("$BUILD/tests/module-storm" /dev/binder "${STORM_SECONDS:-60}" 16)
	result $? "calls go on while processes are killed"
	kill "$pressure"
	echo "# $counted"
}

part_reload() {
	local counted

	counted=$("$BUILD/tests/debug-reload" "$MODULE" "${RELOADS:-100}" 2)
	result $? "module comes and goes under use"
	echo "# $counted"
}

# Those that may sleep as well; every size; and without a trace of each in the log.
allow_faults() {
	local debug=/sys/kernel/debug kind

	for kind in failslab fail_page_alloc; do
		echo N >"$debug/$kind/ignore-gfp-wait"
	done
	echo N >"$debug/fail_page_alloc/ignore-gfp-highmem"
	echo 0 >"$debug/fail_page_alloc/min-order"
	for kind in failslab fail_page_alloc fail_usercopy; do
		echo 0 >"$debug/$kind/verbose"
	done
}

# For sites.sh, on the other side: which branches of the module were taken, if it counts them.
keep_counts() {
	local file

	for file in $(busybox find /sys/kernel/debug/gcov -name '*.gcda' 2>/dev/null); do
		mkdir -p "/tmp/share/gcov/${file%/*}"
		cat "$file" >"/tmp/share/gcov/$file"
	done
}

part_faults() {
	local counted

	allow_faults
	counted=$("$BUILD/tests/debug-faults" /dev/binder "${FAULT_SECONDS:-1500}" 2>&1)
	result $? "what fails once harms nobody else"
	# shellcheck disable=SC2001 # each of its lines
	echo "$counted" | sed 's/^/# /'
	keep_counts
}

part_loading() {
	local counted

	allow_faults
	counted=$("$BUILD/tests/debug-loading" "$MODULE" "${LOADING_SECONDS:-600}" 2>&1)
	result $? "what fails while the module is loaded leaves nothing behind"
	echo "# $counted"
	keep_counts
}

# ---- afterwards ----------------------------------------------------------------------

# Upstream's way to say it, and ours: nobody is left, and nothing.
idle() {
	! grep -q '^proc ' /sys/kernel/debug/binder_any/*/state
}

wait_until_idle() {
	local i

	for i in $(seq 50); do
		idle && return 0
		sleep "0.$((i % 5 + 1))"
	done
	cat /sys/kernel/debug/binder_any/*/state >&2
	return 1
}

# What nobody points to any more.  It believes nothing that is younger than five seconds, and
# a first look may see something in the middle of a move.
leaks() {
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	sleep 1
	echo scan >/sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak
}

no_leaks() {
	local found

	found=$(leaks)
	[ -z "$found" ] || echo "$found" | sed 's/^/# /' | head -n 100
	[ -z "$found" ]
}

began=$SECONDS
"part_$1"
echo "# $1: $((SECONDS - began)) s"
if [ -d /sys/module/binder_any ]; then
	wait_until_idle
	result $? "nothing is left in the driver"
	no_leaks
	result $? "no memory is lost while the module is loaded"
	busybox rmmod binder_any
	result $? "module goes"
fi
no_leaks
result $? "no memory is lost"
echo "1..$number"

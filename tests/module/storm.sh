#!/bin/bash
# SPDX-License-Identifier: MIT
#
# storm.sh [DEVICE [SECONDS [WORKERS]]]: processes that call one another and are
# killed in the middle of it, on a device of the module's; then the module must
# go, and leave nothing behind.  As TAP; run as root in a virtual machine.
cd "$(dirname "$0")/../.." || exit 1
device=${1:-/dev/binder} seconds=${2:-20} workers=${3:-12}
number=0

result() { # COMMAND'S-STATUS NAME
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

unloaded() {
	busybox rmmod binder_any
}

exec 8<>"$device"
! unloaded 2>/dev/null
result $? "open_device_keeps_the_module"
exec 8>&-

# Memory is short all the while: pages of receive buffers are taken back.
while sleep 0.2; do
	echo 2 >/proc/sys/vm/drop_caches
done &
pressure=$!
counted=$("${BUILD:-build}/tests/module-storm" "$device" "$seconds" "$workers")
result $? "calls_go_on_while_processes_are_killed"
kill "$pressure"
echo "# $counted"

# What was under way when the last one died ends with it.
unloaded
result $? "unused_module_goes"
[ ! -e "$device" ]
result $? "its_devices_go_with_it"
echo "1..$number"

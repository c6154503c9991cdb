#!/bin/bash
# SPDX-License-Identifier: MIT
# memory.sh BUILD: the proportional share of memory (Pss) of an idle binderd and an idle C service,
# beside dbus-daemon and an idle service of libdbus in the same run.  Called by make bench.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${1:-build}
work=$(mktemp -d) || exit 1
started=()
trap 'kill "${started[@]}" 2>/dev/null; rm -rf "$work"' EXIT

# begin NAME COMMAND...: in the background, until it says that it is ready on descriptor 3.
begin() {
	local name=$1

	shift
	mkfifo "$work/$name"
	"$@" 3>"$work/$name" >/dev/null 2>&1 &
	started+=($!)
	read -r _ <"$work/$name"
}

pss() {
	awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"
}

export BINDER_DIR=$work/world BINDER_DEVICE=$work/world/binder
begin binderd "$build/bin/binderd" --dir "$work/world" --ready-fd 3
daemon=${started[-1]}
begin dbus dbus-daemon --session --nofork --nopidfile --nosyslog \
	--address="unix:path=$work/bus" --print-address=3
bus=${started[-1]}
empty=$(pss "$daemon") empty_bus=$(pss "$bus")
begin manager "$build/bin/servicemanager" --device "$BINDER_DEVICE" --ready-fd 3
begin service "$build/tests/echo-service" --name idle --ready-fd 3
service=${started[-1]}
# shellcheck disable=SC2016 # for the shell inside
DBUS_SESSION_BUS_ADDRESS=unix:path=$work/bus begin dbus_service \
	sh -c 'exec "$1" >&3' sh "$build/tests/idle-dbus-service"
dbus_service=${started[-1]}
printf '%-44s %6d KiB   dbus-daemon %6d KiB\n' "memory (Pss) of binderd, nobody connected" \
	"$empty" "$empty_bus"
printf '%-44s %6d KiB   with libdbus %5d KiB\n' "memory (Pss) of an idle C service" \
	"$(pss "$service")" "$(pss "$dbus_service")"

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check.sh [PART]...: our module on a kernel that looks for mistakes.
#
# Called by make check-kernel-debug; the parts are those of inside.sh, each with a machine of
# its own.  One TAP report for all of them.  A part fails as well when the kernel's log holds
# a complaint: memory misused (KASAN), lost (kmemleak), locks in the wrong order (lockdep),
# sleep where nobody may.  What was said is in build/kernels/6.1-debug/last-PART.
set -u
cd "$(dirname "$0")/../../.." || exit 1
BUILD=${BUILD:-build}
kernel=$PWD/build/kernels/6.1-debug
number=0

result() {
	number=$((number + 1))
	echo "$1 $number - $2"
}

# One that counts which way each of its decisions went: for sites.sh.
counting_module() {
	local folder=$PWD/$BUILD/module/counting

	driver/linux/stage.sh "$folder" &&
		make -s -C "$kernel/source" M="$folder" GCOV_PROFILE=y modules >"$kernel/module.log" 2>&1 &&
		echo "$folder/binder_any.ko" && return
	sed 's/^/# /' "$kernel/module.log" >&2
	return 1
}

# one PART
one() {
	local part=$1 last=$kernel/last-$1 modules=() status line name plan='' seen=0 known
	local module=$module

	case $part in faults|loading) module=$(counting_module) || return ;; esac
	[ "$part" = reload ] || [ "$part" = loading ] || modules=(-m "$module devices=binder,hwbinder,vndbinder")
	# The kernel warns of itself when it has no memory to describe a module's tracepoint.
	known=
	[ "$part" != loading ] || known='WARNING: .* kernel/trace/trace_events.c:[0-9]* event_define_fields'
	rm -rf "$last"
	KNOWN_COMPLAINT=$known tests/vm/vm.sh -t "${DEBUG_SECONDS:-1800}" -p 2 -r 2048 -o "$last" "${modules[@]}" "$kernel/" \
		env BUILD="$BUILD" MODULE="$module" STORM_SECONDS="${STORM_SECONDS:-}" \
		RELOADS="${RELOADS:-}" FAULT_SECONDS="${FAULT_SECONDS:-}" \
		LOADING_SECONDS="${LOADING_SECONDS:-}" bash tests/vm/debug/inside.sh "$part" >"$last.tap" 2>"$last.err"
	status=$?
	mv "$last.tap" "$last/tap"
	mv "$last.err" "$last/err"
	while IFS= read -r line; do
		name=${line#* - }
		case $line in
		"ok "*) seen=$((seen + 1)); result ok "$part: $name" ;;
		"not ok "*) seen=$((seen + 1)); result "not ok" "$part: $name" ;;
		1..*) plan=${line#1..} ;;
		*) echo "$line" ;;
		esac
	done <"$last/tap"
	sed 's/^/# /' "$last/err"
	if [ -d "$last/gcov" ]; then
		tests/vm/debug/sites.sh "${module%/*}" "$last/gcov" >"$last/sites"
		sed 's/^/# /' "$last/sites"
	fi
	if [ "$status" != 125 ] && [ "$plan" = "$seen" ]; then
		result ok "$part: kernel runs to the end and its log holds no complaint"
	else
		result "not ok" "$part: kernel runs to the end and its log holds no complaint"
	fi
}

[ $# -gt 0 ] || set -- uapi libbinder storm reload faults loading
why=$(tests/vm/debug/kernel.sh 2>&1) || {
	[ $? != 3 ] || { echo "1..0 # SKIP no debug kernel: $why"; exit 0; }
	# shellcheck disable=SC2001 # each of its lines
	echo "$why" | sed 's/^/# /'
	echo "not ok 1 - the debug kernel builds"
	echo "1..1"
	exit 1
}
release=$(cat "$kernel/release")
module=$PWD/$BUILD/module/$release/binder_any.ko
make -s module KDIR="$kernel/source" >"$kernel/module.log" 2>&1 || {
	sed 's/^/# /' "$kernel/module.log"
	echo "not ok 1 - the module builds for the debug kernel"
	echo "1..1"
	exit 1
}
for part; do
	one "$part"
done
echo "1..$number"

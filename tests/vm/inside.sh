#!/bin/bash
# SPDX-License-Identifier: MIT
#
# inside.sh PART...: what is run in the virtual machine; kernel.sh started it.
#
# Parts: drivers (the tests of the kernel's interface on upstream's driver and on
# our module), uapi (the same, and on binderd), module (what concerns ours alone), device
# (everyday use of /dev/binder),
# libbinder (the library's tests on each kernel driver), programs (the end-to-end
# tests on each), lua (the Lua suite on each).  Prints TAP without a plan, which kernel.sh adds, and
# leaves the suite's results in /tmp/share/HOME.tap.
#
# Upstream's driver has its devices in /dev; ours, when it is loaded, has the same
# names with "our_" before them.  Each gets a folder in which they have their own.
BUILD=${BUILD:-build}
# An emulator, on a machine that others may use too.
export BUILD TEST_SLOW=200 CK_DEFAULT_TIMEOUT=20 CK_TIMEOUT_MULTIPLIER=200
number=0

result() {
	number=$((number + 1))
	echo "$1 $number - $2"
}

# relay PREFIX: the TAP of a run as part of ours.  One that ends early is a failure.
# A listed difference is one more thing that was seen to be so; what a driver does
# not have is no result, and stands in the table.
relay() {
	local prefix=$1 line plan='' seen=0

	while IFS= read -r line; do
		case $line in
		"ok "*"# SKIP"*)
			seen=$((seen + 1))
			echo "# left out: $prefix ${line#* - }" ;;
		"not ok "*"# TODO listed"*)
			seen=$((seen + 1))
			line=${line%%# TODO*}
			result ok "$prefix ${line#* - }(a listed difference)" ;;
		"ok "*|"not ok "*)
			seen=$((seen + 1))
			result "${line%%ok*}ok" "$prefix ${line#* - }" ;;
		1..[0-9]*)
			plan=${line#1..} plan=${plan%% *} ;;
		*)
			echo "# ${line#\# }" ;;
		esac
	done
	[ "$seen" = "$plan" ] || result "not ok" "$prefix planned '$plan' results, printed $seen"
}

# ---- homes -----------------------------------------------------------------------

# links HOME PATH-PREFIX: a folder where the devices have their usual names.
links() {
	local name

	mkdir -p "/tmp/$1"
	for name in binder hwbinder vndbinder; do
		ln -sf "$2$name" "/tmp/$1/$name"
	done
}

kernel_homes=
if [ -c /dev/binder ]; then
	links upstream /dev/
	kernel_homes=upstream
fi
if [ -c /dev/our_binder ]; then
	links module /dev/our_
	kernel_homes="$kernel_homes module"
fi

# on_each_home FUNCTION: runs it with the name of each kernel driver, on both at once, as
# each waits most of the time, and then hands on their results.
on_each_home() {
	local home line

	for home in $kernel_homes; do
		(number=0; "$1" "$home") >"/tmp/$1-$home.tap" &
	done
	wait
	for home in $kernel_homes; do
		while IFS= read -r line; do
			case $line in
			"ok "*|"not ok "*) result "${line%%ok*}ok" "${line#* - }" ;;
			*) echo "$line" ;;
			esac
		done <"/tmp/$1-$home.tap"
	done
}

# ---- parts -----------------------------------------------------------------------

# uapi_on HOME DEVICE COMMAND...
uapi_on() {
	local home=$1 device=$2

	shift 2
	"$@" --home "$home" --differences tests/uapi/differences \
		--views "$BUILD/bin/binderctl --device $device" >"/tmp/share/$home.tap" 2>&1
	relay "$home" <"/tmp/share/$home.tap"
}

drivers_on() {
	uapi_on "$1" "/tmp/$1/hwbinder" "$BUILD/tests/binder-uapi" "/tmp/$1/hwbinder"
}

part_drivers() {
	on_each_home drivers_on
}

part_uapi() {
	part_drivers
	uapi_on binderd hwbinder "$BUILD/bin/binderctl" sandbox --preload -- \
		"$BUILD/tests/binder-uapi" --linux 7.3 /dev/hwbinder
}

# What only the kernel can show of our module: copies that stop halfway.
part_module() {
	case $kernel_homes in
	*module*) relay module < <("$BUILD/tests/module-stalled" /dev/our_binder 2>&1) ;;
	esac
}

part_device() {
	relay "upstream device" < <(bash tests/vm/device.sh 2>&1)
}

libbinder_on() {
	local home=$1

	relay "$home" < <(TEST_DEVICES=/tmp/$home CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent \
		"$BUILD/tests/libbinder-tests" 2>&1)
}

part_libbinder() {
	on_each_home libbinder_on
}

# script_on HOME NAME [TEST...]
script_on() {
	local home=$1 name=$2

	shift 2
	relay "$home $name" < <(TEST_DEVICES=/tmp/$home bash "tests/e2e/$name.sh" "$@" 2>&1)
}

# Not those about the daemon, the documentation, or how long something takes; of doctor's
# what it says of a kernel's devices, and that all is well.
programs_on() {
	local test

	for test in death registry replies; do
		script_on "$1" "$test"
	done
	script_on "$1" doctor test_a_kernel_device_is_left_to_android_if_it_is_for_it \
		test_all_fine_is_0
	script_on "$1" doctor_machine test_a_device_by_another_name_is_to_be_named
}

part_programs() {
	on_each_home programs_on
}

# lua_file HOME NAME COMMAND...: beside a service manager of its own.
lua_file() {
	local home=$1 name=$2 began=$SECONDS

	shift 2
	relay "$home lua $name" < <(TEST_DEVICES=/tmp/$home LUA_CPATH="$PWD/$BUILD/lib/?.so;;" \
		PATH="$PWD/$BUILD/bin:$PATH" CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent \
		bash tests/vm/on_device.sh "$@" 2>&1)
	echo "  $home $name: $((SECONDS - began)) s" >>/tmp/share/times
}

# The whole Lua suite, as the host runs it on binderd.  There each file is run twice, by
# `binderctl run` and by a stock lua5.4; here once, as both have the same module above the
# same driver: by lua5.4 where threads, signals and the end of a state count, which are
# its own, by binderctl where it is about calls and what is in them.  TEST_SLOW makes
# the soak and the walks over all allocations take fewer steps.
lua_on() {
	local home=$1 file name

	lua_file "$home" tests env LUA_TESTS_WORLD=1 "$BUILD/tests/lua-tests"
	for file in tests/lua/*.lua; do
		name=$(basename "$file" .lua)
		case $name in
		tap|peer) ;; # parts of the others
		async|death|objects|signal|watch)
			lua_file "$home" "$name" env LUA_RUN=lua5.4 lua5.4 "$file" ;;
		*)
			lua_file "$home" "$name" env LUA_RUN="$BUILD/bin/binderctl run" \
				"$BUILD/bin/binderctl" run "$file" ;;
		esac
	done
}

part_lua() {
	on_each_home lua_on
}

# Processes that still have a device of ours open or mapped.
users_of_module() {
	local process

	for process in /proc/[0-9]*; do
		find "$process/fd" "$process/map_files" -lname '/dev/our_*' 2>/dev/null | grep -q . &&
			echo "# ${process#/proc/}: $(tr '\0' ' ' <"$process/cmdline")"
	done
}

# What nobody has open must be removable; upstream's has no exit.  A process that was
# just killed closes its files when it comes to it, and no event tells that the module
# has no users left.
remove_module() {
	case $kernel_homes in
	*module*) ;;
	*) return ;;
	esac
	for _ in $(seq 50); do
		if busybox rmmod "$BINDER_MODULE" 2>/tmp/rmmod; then
			result "ok" "module can be removed after use"
			return
		fi
		sleep 0.2
	done
	result "not ok" "module can be removed after use"
	sed 's/^/# /' /tmp/rmmod
	users_of_module
}

for part; do
	began=$SECONDS
	"part_$part"
	echo "$part: $((SECONDS - began)) s" >>/tmp/share/times
done
remove_module

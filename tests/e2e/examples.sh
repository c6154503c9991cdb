#!/bin/bash
# SPDX-License-Identifier: MIT
# examples.sh: every example of the manual pages and of README.md is run, or says here why not.
#
# examples.awk finds them.  Each has a row in rows(), by its file and first line: the
# function that runs it, with its arguments, or "not" and the reason.  One without a row, and a
# row without an example, is a failure.

. "$(dirname "$0")/../tap.sh"

rows() {
	cat <<-'END'
		binder-aidl.7	$ binderctl aidl --lang=c -I . -o generated com/example/IFoo.aidl	generates
		binder-aidl.7	package com.example;	generates
		binder-aidl.7	package com.example;	generates
		binder-aidl.7	static AStatus *add(void *self, int32_t a, int32_t b, int32_t *ret)	compiles_service
		binder-aidl.7	AIBinder *binder = AServiceManager_waitForService("compute");	compiles_client
		binder-aidl.7	parcelable Photo ndk_header "photo.h";	not half of a file; tests/aidl_c has whole ones
		binder-module.4	options binder_any devices=anbox-binder,anbox-hwbinder,anbox-vndbinder	not needs root and a kernel
		binder-module.4	mokutil --import /var/lib/dkms/mok.pub	not needs root and a kernel
		binder-module.4	make module	not needs root and a kernel; tests/vm loads the module
		binder-module.4	cd /sys/kernel/tracing	not needs root and a kernel
		binderctl.1	$ binderctl sandbox -- bash	transcript media_player
		binderctl.1	$ binderctl call compute add 2 3	transcript compute
		binderctl.1	$ binderctl call media.player 1 i32:3	transcript media_player
		binderctl.1	$ binderctl call media.player 1 i32:9; echo $?	transcript media_player
		binderctl.1	$ binderctl list -o name,pid,clients,descriptor	transcript media_player
		binderctl.1	$ binderctl threads manager	transcript media_player
		binderctl.1	$ binderctl clients media.player	transcript media_player
		binderctl.1	shell 812 -> compute.add 1.0 s -> db.query 0.9 s (3 of 3 threads busy, queue 4)	not tests/e2e/holds.sh makes such chains
		binderctl.1	$ binderctl ps -o pid,nodes,refs,program,services	transcript media_player
		binderctl.1	$ binderctl dump media.player idle	transcript media_player call media.player 1 i32:3
		binderctl.1	$ binderctl --json info media.player	transcript media_player
		binderctl.1	binderctl sandbox -- sh -ec '	runs_with_service
		binderd.8	binderd: serves 3 devices in /run/user/1000/binder	not what the log of a day may hold
		binderd.8	# binderd --dir /run/binder --mode 666 &	serves_all_users
		binderd.8	$ BINDER_ANDROID=26 binderctl sandbox --preload -- binder-list -d /dev/binder	not needs Debian's libgbinder-tools
		binderd.8	$ systemctl --user enable --now binderd.socket binder-servicemanager.service	not needs systemd; supervisor.sh takes its place
		binderd.8	# systemctl enable --now binderd.socket binder-servicemanager.service	not needs systemd; supervisor.sh takes its place
		binderd.conf.5	name = value	not a form
		binderd.conf.5	mode = 660	is_configuration binderd --print-config
		servicemanager.conf.5	allow = /etc/binder/allow	is_configuration servicemanager --help
		binder-waydroid.7	# modprobe binder_any devices=anbox-binder,anbox-hwbinder,anbox-vndbinder	not needs root and a kernel
		binder-waydroid.7	$ binderctl doctor --gbinder | sudo tee /etc/gbinder.d/binder.conf	not needs root; configuration.sh tests what it prints
		binder-waydroid.7	$ binder-list -d /dev/binder	not needs Debian's libgbinder-tools
		binder-waydroid.7	$ binderctl sandbox --preload -- binder-list -d /dev/binder	not needs Debian's libgbinder-tools
		binder-waydroid.7	$ sudo binderctl --device /dev/binderfs/anbox-binder list	not needs Waydroid
		libbinder.3	cmake_minimum_required(VERSION 3.13)	not needs an installed libbinder; install.sh builds with it
		libbinder.3	project('sum', 'c')	not needs an installed libbinder; install.sh builds with it
		libbinder.3	cc -o program program.c $(pkg-config --cflags --libs libbinder)	not needs an installed libbinder; manual.sh compiles against the build tree
		libbinder.3	$ binderctl sandbox -- sh -c './sum-service & ./sum-client 1 2 3; binderctl dump example.sum'	not manual.sh runs both programs
		servicemanager.8	# uid  name	is_an_allow_list
		servicemanager.8	# name                   settings	is_a_manifest
		servicemanager.8	$ binderctl dump manager	transcript media_player
		servicemanager.8	$ servicemanager --device vndbinder --allow /etc/binder.allow --verbose	serves_device
		README.md	make demo      # installs missing packages, builds, and shows the tool at work	not builds all and runs all tests, this one too
		README.md	$ binderctl list	transcript media_player
		README.md	sudo make deb SUITE=bookworm          # or trixie; SUITE=here with the build's needs installed	not needs root; scripts/try-packages.sh installs packages
		README.md	make	not needs root; tests of make install are CI's
		README.md	$ export PATH=$PWD/build/bin:$PATH    # unless it is installed	first_steps
		README.md	$ binderctl	not a terminal; tests/repl/repl.sh types such lines
		README.md	local binder = require "binder"	lua_service
		README.md	$ binderctl call --reply str,i32 example.echo 1 str:hello	lua_service
		README.md	$ binderctl run scripts/compute.lua &	transcript
		README.md	$ binderctl monitor compute media.player	not runs until Ctrl-C; tests/e2e/monitor.sh shows such lines
		README.md	$ binderctl top --batch 1 compute media.player	not shows what is called meanwhile; tests/e2e/top.sh makes such tables
		binder-capture.5	$ tshark -r calls.pcapng -Y 'binder.service == "compute" && binder.time > 0.01'	not needs tshark; tests/e2e/wireshark.sh filters so
		binder-capture.5	$ binderctl capture | wireshark -k -i -	not needs a screen; tests/e2e/capture.sh reads such a pipe
		README.md	$ binderctl capture -o calls.pcapng	not runs until Ctrl-C; tests/e2e/capture.sh and wireshark.sh do the same
		README.md	$ binderctl trace -- binderctl call compute add 1 2	not shows addresses and times; tests/e2e/trace.sh compares such lines
		README.md	$ cc -o sum-service sum-service.c $(pkg-config --cflags --libs libbinder)	not needs an installed libbinder; manual.sh compiles against the build tree
		README.md	$ make -C scripts/aidl && cd scripts/aidl && binderctl sandbox -- sh -c './server & ./client'	not needs an installed libbinder; tests/aidl_c builds and runs it
		README.md	sudo modprobe binder_linux devices=binder,hwbinder,vndbinder	not needs root and a kernel
		README.md	sudo binderctl device mount           # at /dev/binderfs; prints the devices in it	not needs root and binderfs
		README.md	sudo apt-get install dkms linux-headers-$(uname -r)    # other distributions use other names	not needs root and a kernel
		README.md	sudo waydroid init                    # a new installation, after the module is loaded	not needs Waydroid
		README.md	grep 'binder =' /var/lib/waydroid/waydroid.cfg	not needs Waydroid
		README.md	sudo mokutil --import /var/lib/dkms/mok.pub     # Ubuntu: /var/lib/shim-signed/mok/MOK.der	not needs root and Secure Boot
		README.md	make check                            # every test	not runs this test
	END
}

extract() {
	mkdir "$T/examples"
	awk -v OUT="$T/examples" -f tests/e2e/examples.awk man/*.[1-8]* README.md >"$T/list"
}

# each_of FUNCTION RUN: the files of the examples that it runs, in order; $file and $words of each.
each_of() {
	local page first how wanted=$1 run=$2 ran=0 block

	extract
	while IFS=$'\t' read -r page first how; do
		[ "${how%% *}" = "$wanted" ] || continue
		block=$(awk -F '\t' -v page="$page" -v first="$first" '
			substr($1, 1, length(page) + 1) == page "." && $2 == first { print $1; exit }' \
			"$T/list")
		file=$T/examples/$block
		words=${how#"$wanted"}
		ran=$((ran + 1))
		"$run"
	done < <(rows)
	[ "$ran" -gt 0 ] || fail "$wanted runs nothing"
}

test_every_example_is_run_or_says_why_not() {
	extract
	awk -F '\t' '$2 != "manual.sh" { sub(/[.][0-9]+$/, "", $1); print $1 "\t" $2 }' "$T/list" |
		sort >"$T/found"
	[ "$(wc -l <"$T/found")" -ge 30 ] || fail "only $(wc -l <"$T/found") examples"
	rows | cut -f 1,2 | sort >"$T/known"
	is "$(comm -23 "$T/found" "$T/known")" "" "examples that tests/e2e/examples.sh does not run"
	is "$(comm -13 "$T/found" "$T/known")" "" "rows of tests/e2e/examples.sh without an example"
	rows | awk -F '\t' '$3 !~ /^not .../ { sub(/ .*/, "", $3); print $3 }' | sort -u >"$T/functions"
	while read -r name; do
		declare -F "test_$name" >/dev/null || fail "no function runs $name"
	done <"$T/functions"
}

# ---- transcripts ----------------------------------------------------------------

# What differs from run to run: pids, uids, handles of objects, times, widths of columns.
plain() {
	sed -E 's/[0-9]{2}:[0-9]{2}:[0-9]{2}/TIME/g; s/\b[0-9]{3,}\b/N/g; s/uid [0-9]+/uid N/g
		s/"uid": [0-9]+/"uid": N/; s/Android [0-9]+ and later/Android/; s/ +/ /g; s/^ //; s/ $//'
}

# The commands behind "$ ", and what each prints, standard error too.
run_transcript() {
	local line command='' want=''

	# "bash" is the shell of the person who types the next lines.
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'$ '*' &' | '$ binderctl sandbox -- bash' | '$ binderctl wait '*) ;;
		'$ '*)
			check_command "$command" "$want"
			command=${line#'$ '} want='' ;;
		*) want+=$line$'\n' ;;
		esac
	done <"$file"
	check_command "$command" "$want"
}

check_command() {
	[ -n "$1" ] || return 0
	is "$(bash -c "$1" 2>&1 | plain)" "$(printf %s "$2" | plain)" "$1"
}

# With the service that the row names, and after the call that it makes.
transcript_world() {
	local service call

	read -r service call <<<"$words"
	world_start
	if [ "$service" != media_player ]; then
		background service binderctl run scripts/compute.lua
		exits 0 binderctl wait --timeout $((20 * SLOW)) compute
	else
		background service binderctl run scripts/media_player.lua
		exits 0 binderctl wait --timeout $((20 * SLOW)) media.player
	fi
	# shellcheck disable=SC2086 # words
	[ -z "$call" ] || binderctl $call >"$T/before"
	run_transcript
	stop service
	stop servicemanager
	[ -n "${TEST_DEVICES:-}" ] || stop binderd
	rm -rf "$BINDER_DIR"
}

test_transcript() {
	not_under_valgrind "programs have its name"
	each_of transcript transcript_world
}

# ---- the others -----------------------------------------------------------------

prepare_compute() {
	extract
	mkdir -p "$T/com/example"
	sed '/^\$/d' "$(grep -l 'interface ICompute' "$T"/examples/binder-aidl.7.*)" \
		>"$T/com/example/ICompute.aidl"
	sed 's/ICompute/IFoo/' "$T/com/example/ICompute.aidl" >"$T/com/example/IFoo.aidl"
	(cd "$T" && binderctl aidl --lang=c -I. -ogenerated com/example/ICompute.aidl)
}

test_generates() {
	prepare_compute
	(cd "$T" && bash -ec "$(sed -n 's/^\$ //p' examples/binder-aidl.7.1)")
	[ -e "$T/generated/com/example/IFoo.h" ] || fail "nothing was generated"
}

# compiles FILE
compiles() {
	"${CC:-cc}" -std=gnu11 -Wall -Wno-unused -Werror -Ilibbinder/include -I"$T/generated" -c \
		-o "$T/object.o" "$1"
}

test_compiles_service() {
	prepare_compute
	{
		echo '#include <android/binder_manager.h>'
		echo '#include "com/example/ICompute.h"'
		# The last lines stand in a function.
		sed 's/^AIBinder/void publish(void) { AIBinder/' \
			"$(grep -l 'ICompute_methods methods' "$T"/examples/binder-aidl.7.*)"
		echo '}'
	} >"$T/service.c"
	compiles "$T/service.c"
}

test_compiles_client() {
	prepare_compute
	{
		echo '#include <android/binder_manager.h>'
		echo '#include "com/example/ICompute.h"'
		echo 'void call(void) { int32_t sum;'
		cat "$(grep -l 'ICompute_asInterface' "$T"/examples/binder-aidl.7.*)"
		echo '}'
	} >"$T/client.c"
	compiles "$T/client.c"
}

run_with_service() {
	printf '#!/bin/sh\nexec "%s" --name my.service\n' "$TESTS/echo-service" >"$T/my-service"
	chmod +x "$T/my-service"
	(cd "$T" && exits 0 bash "$file" && contains "$out" reply)
}

test_runs_with_service() {
	not_under_valgrind "it starts itself again"
	each_of runs_with_service run_with_service
}

test_serves_all_users() {
	needs_daemon
	extract
	echo '# nobody' >"$T/allow"
	sed "s|^# ||; s|/run/binder|$T/run|g; s|/etc/binder.allow|$T/allow|; s| &\$||" \
		"$(grep -l 'mode 666' "$T"/examples/binderd.8.*)" >"$T/commands"
	# shellcheck disable=SC2046 # words of a command
	background_ready binderd $(sed -n 1p "$T/commands")
	# shellcheck disable=SC2046
	background_ready servicemanager $(sed -n 2p "$T/commands")
	is "$(stat -c %a "$T/run/binder")" 666
	BINDER_DIR=$T/run exits 0 binderctl list
}

take_list() {
	world_start --allow "$file"
	exits 0 binderctl list
}

test_is_an_allow_list() {
	each_of is_an_allow_list take_list
}

take_manifest() {
	world_start --manifest "$file"
	exits 0 binderctl list
}

test_is_a_manifest() {
	each_of is_a_manifest take_manifest
}

serve_device() {
	local command

	needs_daemon
	export BINDER_DIR=$T/world
	unset BINDER_DEVICE
	echo '# nobody' >"$T/allow"
	background_ready binderd binderd --dir "$BINDER_DIR"
	command=$(sed "s|^\\$ ||; s|/etc/binder.allow|$T/allow|" "$file")
	# shellcheck disable=SC2086 # words
	background_ready servicemanager $command
	exits 0 binderctl --device vndbinder list
}

test_serves_device() {
	each_of serves_device serve_device
}

# One world, in which each command succeeds.
run_first_steps() {
	local line

	needs_daemon
	export BINDER_DIR=$T/world
	unset BINDER_DEVICE
	printf '#!/bin/sh\nexec binderctl list\n' >"$T/my-test.sh"
	chmod +x "$T/my-test.sh"
	{
		echo 'set -e'
		echo 'trap "binderctl down >/dev/null 2>&1" EXIT'
		while IFS= read -r line; do
			line=${line#'$ '}
			case $line in
			# Would take the programs of another build; a package that may not be here; a log
			# that may hold nothing of Binder; a verdict on the machine.
			export* | *binder-list* | dmesg* | *"binderctl doctor"*) continue ;;
			# The services of the first lines are gone by now.
			"binderctl down"*) line="binderctl down; binderctl up" ;;
			esac
			printf '%s\n' "${line//.\/my-test.sh/$T/my-test.sh}"
		done <"$file"
	} >"$T/steps.sh"
	exits 0 bash "$T/steps.sh"
	contains "$out" "media.player"
}

test_first_steps() {
	[[ $BUILD != *san* ]] || skip "a sanitizer must come before the preload library"
	not_under_valgrind "programs have its name"
	each_of first_steps run_first_steps
}

test_lua_service() {
	world_start
	extract
	cp "$(grep -l 'example.IEcho' "$T"/examples/README.md.*)" "$T/echo.lua"
	background service binderctl run "$T/echo.lua"
	exits 0 binderctl wait --timeout $((20 * SLOW)) example.echo
	exits 0 bash -c "$(sed -n 's/^\$ //p' "$(grep -l 'str,i32 example.echo' "$T"/examples/README.md.*)")"
	contains "$out" 'str "hello"'
	exits 0 binderctl dump example.echo
	is "$out" "echoes what it hears"
}

# ---- configuration files -----------------------------------------------------------

# The program reads it without complaint.
read_configuration() {
	export BINDER_CONF_DIR=$T/conf
	mkdir -p "$T/conf"
	# shellcheck disable=SC2086 # a command and its options
	set -- $words
	cp "$file" "$T/conf/$1.conf"
	exits 0 "$@"
	[ "$1" != binderd ] || contains "$out" "mode = 660"
}

test_is_configuration() {
	each_of is_configuration read_configuration
}

run_tests "$@"

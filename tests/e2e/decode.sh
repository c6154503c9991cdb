#!/bin/bash
# SPDX-License-Identifier: MIT
# decode.sh: parcels as people paste them, and files that a driver's state was saved to.
. "$(dirname "$0")/../tap.sh"

# There is no driver where things are pasted.
export BINDER_DIR=/nonexistent
unset BINDER_DEVICE

HELLO='  0000  00000000                             ....              status ok
  0004  00000005 00650068 006c006c 0000006f  ....h.e.l.l.o...  str "hello"'

# decodes TEXT: it is the parcel of status 0 and the string "hello".
decodes() {
	out=$(binderctl decode <<<"$1") || fail "exit status $? of: $1"
	is "$out" "parcel, 20 bytes
$HELLO" "$2"
}

test_what_service_call_prints_is_read() {
	decodes "Result: Parcel(
  0x00000000: 00000000 00000005 00650068 006c006c '........h.e.l.l.'
  0x00000010: 0000006f                            'o...            ')" "with offsets"
	decodes "Result: Parcel(00000000 00000005 00650068 006c006c 0000006f '........h.e.l.l.o...')" \
		"on one line"
	decodes "Parcel(00000000 00000005 00650068 006c006c 0000006f)" "without text"
	exits 0 binderctl decode "Result: Parcel(00000000 00000005 00650068 006c006c 0000006f '....')"
	contains "$out" 'str "hello"'
	exits 0 binderctl decode 'Result: Parcel(NULL)'
	is "$out" "parcel, 0 bytes"
}

# The text column may hold what ends a parcel elsewhere.
test_the_text_column_is_not_read() {
	out=$(binderctl decode <<-'END'
		Result: Parcel(
		  0x00000000: 00000000 00000004 00290027 00610062 '........'.).b.a.'
		  0x00000010: 00000000                            'dead            ')
	END
	)
	contains "$out" "parcel, 20 bytes"
	contains "$out" "str \"')ba\""
}

test_an_exception_is_shown_as_call_shows_it() {
	exits 6 binderctl decode \
		"Result: Parcel(ffffffff 00000002 006f006e 00000000 00000000 '........n.o.........')"
	contains "$err" "the service answered EX_SECURITY: no"
	exits 1 binderctl decode 'Result: Parcel(Error: 0xffffffffffffffb6 "Not a data message")'
	contains "$out" "STATUS_UNKNOWN_TRANSACTION (-74)"
}

# What each tool prints of the same bytes.
test_dumps_of_every_tool_are_read() {
	printf '\0\0\0\0\5\0\0\0h\0e\0l\0l\0o\0\0\0' >"$T/raw"
	decodes "$HELLO" "binderctl call"
	decodes "reply, 20 bytes
$HELLO" "binderctl call with its title"
	decodes "$(od -A x -t x1 "$T/raw")" "od -t x1"
	decodes "$(od -A x -t x4 "$T/raw")" "od -t x4"
	decodes "$(od -A x -x "$T/raw")" "od -x"
	decodes "$(od -A n -t x1 "$T/raw")" "od -A n"
	decodes "$(base64 "$T/raw")" base64
	decodes "$(base64 -w 8 "$T/raw")" "base64 in short lines"
	decodes "00000000  00 00 00 00 05 00 00 00  68 00 65 00 6c 00 6c 00  |........h.e.l.l.|
00000010  6f 00 00 00                                       |o...|
00000014" "hexdump -C"
	decodes "0000000 0000 0000 0005 0000 0068 0065 006c 006c
0000010 006f 0000
0000014" hexdump
	decodes "00000000: 0000 0000 0500 0000 6800 6500 6c00 6c00  ........h.e.l.l.
00000010: 6f00 0000                                o..." xxd
	decodes "00000000: 00000000 05000000 68006500 6c006c00  ........h.e.l.l.
00000010: 6f000000                             o..." "xxd -g4"
	decodes "0000000005000000680065006c006c006f000000" "xxd -p"
	decodes "0x00000000 0x00000005 0x00650068 0x006c006c 0x0000006f" "words in C"
}

test_values_are_read_by_types() {
	local parcel='Parcel(00000000 00000007 00000002 00690068 00000000)'

	exits 0 binderctl decode --as i32,str "$parcel"
	contains "$out" "i32 7"
	contains "$out" 'str "hi"'
	exits 0 binderctl --json decode --as i32,str "$parcel"
	contains "$out" '"value": 7'
	contains "$out" '"value": "hi"'
	exits 0 binderctl decode --no-status --as i32,i32,str "$parcel"
	contains "$out" "i32 0"
	exits 1 binderctl decode --as i32,str,str "$parcel"
	contains "$err" "value 3, str"
	exits 2 binderctl decode --as i33 "$parcel"
}

test_values_are_read_by_a_method() {
	# Point move(in Point from, int dx, int dy)
	exits 0 binderctl decode --as com.example.ICompute.add 'Parcel(00000000 00000005)'
	is "$out" 5
	exits 0 binderctl decode --as com.example.ICompute.divide \
		'Parcel(00000000 00000003 00000001 00000001)'
	is "$out" $'return = 3\nremainder = [1]'
	exits 2 binderctl decode --as com.example.ICompute.ad 'Parcel(00000000 00000005)'
	contains "$err" "did you mean add?"
	exits 1 binderctl decode --as com.example.ICompute.add 'Parcel(00000000)'
	contains "$err" "the reply is not what com.example.ICompute.add says"
}

# The header differs between Android's versions; the name in it does not.
test_a_request_is_read_behind_its_header() {
	local name=00000014\ 006f0063\ 002e006d\ 00780065\ 006d0061\ 006c0070\ 002e0065\ 00430049\ 006d006f\ 00750070\ 00650074\ 00000000

	for header in "" "80000000 " "80000000 ffffffff " "80000000 ffffffff 53595354 "; do
		exits 0 binderctl decode --request --as com.example.ICompute.add \
			"Parcel($header$name 00000002 00000003)"
		is "$out" $'a = 2\nb = 3' "header '$header'"
	done
	exits 0 binderctl --json decode --request --as com.example.ICompute.add \
		"Parcel(80000000 $name 00000002 00000003)"
	contains "$out" '"a": 2'
	exits 0 binderctl decode --request "Parcel(80000000 $name 00000002 00000003)"
	contains "$out" "request, "
	contains "$out" 'str "com.example.ICompute"'
	exits 1 binderctl decode --request --as com.example.ICompute.add "Parcel(00000002 00000003)"
	contains "$err" "does not begin with the name of com.example.ICompute"
}

test_a_services_name_stands_for_its_interface() {
	unset BINDER_DIR
	world_start
	background compute binderctl run scripts/compute.lua
	exits 0 binderctl wait --timeout $((20 * SLOW)) compute
	exits 0 binderctl decode --as compute.add 'Parcel(00000000 00000005)'
	is "$out" 5
	exits 4 binderctl decode --as nobody.add 'Parcel(00000000 00000005)'
	# A pasted parcel is what the real call gave.
	exits 0 binderctl call compute 1 i32:2 i32:3
	is "$(binderctl decode --as compute.add <<<"$out")" 5
}

test_objects_in_a_pasted_parcel_are_recognised() {
	exits 0 binderctl decode 'Parcel(00000000 73682a85 00000113 00000002 00000000 00000000 00000000 0000000c)'
	contains "$out" "binder handle 2"
	exits 0 binderctl decode 'Parcel(00000000 66642a85 00000100 00000007 00000000 00000000 00000000)'
	contains "$out" "fd 7"
	exits 0 binderctl decode 'Parcel(00000000 73622a85 00000100 00000000 00000000 00000000 00000000 00000000)'
	contains "$out" "binder null"
}

test_a_file_is_read_and_anything_else_refused() {
	echo 'Parcel(00000000 00000005 00650068 006c006c 0000006f)' >"$T/file"
	exits 0 binderctl decode "$T/file"
	contains "$out" 'str "hello"'
	is "$(binderctl decode - <"$T/file")" "$out"
	exits 2 binderctl decode 'what is this?'
	contains "$err" "no bytes of a parcel"
	contains "$err" "try: what \`service call\` prints"
	exits 2 binderctl decode </dev/null
	exits 1 binderctl decode "$T"
	# Bytes of any kind, and many: an error, no crash.
	head -c 100000 /dev/urandom >"$T/noise"
	capture binderctl decode "$T/noise"
	[ "$status" -le 2 ] || fail "exit status $status"
}

# ---- a driver's state from a file ---------------------------------------------

saved_state() {
	cat <<-'END'
		binder state:
		proc 700
		context binder
		  thread 702: l 01 need_return 0 tr 0
		    incoming transaction 60: 0000000000000000 from 811:811 to 700:702 code 3 flags 12 pri 0:120 r1 elapsed 8590ms node 12 size 92:0 offset 1a0
		    outgoing transaction 61: 0000000000000000 from 700:702 to 900:901 code 1 flags 10 pri 1:98 r1 elapsed 8412ms
		  node 12: u0000006fe9c10000 c0000006fe9c0d008 pri 0:139 hs 1 hw 1 ls 0 lw 0 is 1 iw 1 tr 1 proc 811
		  ref 13: desc 0 node 2 s 1 w 1 d 0000000000000000
		  buffer 60: 1a0 size 92:0:0 active
	END
}

# Linux 3.18 and 4.4: Halium, Sailfish.
old_state() {
	cat <<-'END'
		binder state:
		proc 435
		  thread 435: l 12
		    outgoing transaction 500: ffffffc011112222 from 435:435 to 600:601 code 3 flags 10 pri -10 r1
		  ref 77: desc 3 node 9 s 1 w 1 d           (null)
	END
}

test_a_saved_state_is_read_without_a_driver() {
	saved_state >"$T/state"
	exits 0 binderctl --json state "$T/state"
	lacks "$out" '"other"'
	contains "$out" '"from_pid": 811'
	contains "$out" '"to_pid": 900'
	contains "$out" '"elapsed_ms": 8412'
	exits 0 binderctl state "$T/state"
	is "$out" "$(saved_state)"
	is "$(saved_state | binderctl --json state -)" "$(binderctl --json state "$T/state")"
	exits 2 binderctl state "$T/none"
	contains "$err" "no file of that name"
}

test_states_of_old_kernels_are_understood() {
	old_state >"$T/state"
	exits 0 binderctl --json state "$T/state"
	lacks "$out" '"other"'
	contains "$out" '"tid": 435'
	contains "$out" '"id": 500'
	contains "$out" '"death": false'
}

# need_return in words, no address, no thread of the receiver.
test_states_of_the_driver_in_rust_are_understood() {
	printf '%s\n' "binder state:" "proc 435" "context binder" \
		"  thread 435: l 12 need_return false" \
		"    outgoing transaction 500: from 435:435 to 600 code 3 flags 10 elapsed 12ms node 7 size 92:0" \
		>"$T/state"
	exits 0 binderctl --json state "$T/state"
	lacks "$out" '"other"'
	contains "$out" '"need_return": false'
	contains "$out" '"elapsed_ms": 12'
}

test_transactions_stats_and_logs_are_read_from_files_too() {
	saved_state >"$T/state"
	exits 0 binderctl --json transactions "$T/state"
	contains "$out" '"from_pid": 811'
	printf '%s\n' "binder stats:" "BC_TRANSACTION: 4" "proc: active 2 total 9" >"$T/stats"
	exits 0 binderctl --json stats "$T/stats"
	contains "$out" '"BC_TRANSACTION": 4'
	printf '%s\n' \
		"23: call  from 12:13 to 0:0 context binder node 0 handle 4 size 100:0 ret 29189/-22 l=3111" \
		"24: reply from 12:13 to 5:6 node 0 handle 0 size 84:0" >"$T/log"
	exits 0 binderctl --json log "$T/log"
	lacks "$out" '"other"'
	contains "$out" '"param": -22'
	contains "$out" '"id": 24'
	is "$(binderctl log --failed - <"$T/log")" "$(cat "$T/log")"
}

# Whoever saved it: control characters do not reach the terminal.
test_a_file_is_shown_as_text() {
	printf 'binder state:\nproc 1\n  \033[2J\n' >"$T/state"
	exits 0 binderctl state "$T/state"
	lacks "$out" $'\033'
}

run_tests "$@"

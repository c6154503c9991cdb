#!/bin/bash
# SPDX-License-Identifier: MIT
# arguments.sh: every type of argument goes out and comes back the same.

. "$(dirname "$0")/../tap.sh"

# comes_back TYPES WORD...: the JSON values of an echo, one a line.
echoed() {
	local types=$1

	shift
	binderctl --json call --reply "$types" echo 1 "$@" |
		sed -n 's/^ *"value": \(.*\),$/\1/p'
}

# round_trip WORD JSON: the value of a scalar, as JSON prints it.
round_trip() {
	is "$(echoed "${1%%:*}" "$1")" "$2" "$1"
}

test_infinity_is_no_option() {
	world_start
	exits 4 binderctl call test.none method -Infinity
	lacks "$err" "no such option"
	exits 2 binderctl call test.none method -invalid
	contains "$err" "no such option"
}

test_scalars_come_back() {
	world_start
	echo_start
	round_trip bool:true true
	round_trip bool:0 false
	round_trip byte:-128 -128
	round_trip byte:255 -1
	round_trip char:A '"A"'
	round_trip char:é '"é"'
	round_trip char:€ '"€"'
	round_trip char:0x0007 '"0x0007"'
	round_trip i32:-2147483648 -2147483648
	round_trip i32:0x7fffffff 2147483647
	round_trip u32:4294967295 4294967295
	round_trip i64:-9223372036854775808 -9223372036854775808
	round_trip i64:9223372036854775807 9223372036854775807
	round_trip u64:18446744073709551615 '"18446744073709551615"'
	round_trip u64:7 7
	round_trip f32:0.5 0.5
	round_trip f64:-0.25 -0.25
	round_trip f64:inf '"inf"'
}

test_numbers_are_shown_with_the_digits_that_they_need() {
	world_start
	echo_start
	capture binderctl call --reply 'f64,f32,f64[],f64' echo 1 f64:0.1 f32:0.1 'f64[]:1e300,-2' f64:nan
	contains "$out" "f64 0.1"
	contains "$out" "f32 0.1"
	contains "$out" "f64[] [1e+300, -2]"
	contains "$out" "f64 nan"
}

test_strings_come_back() {
	world_start
	echo_start
	round_trip "str:" '""'
	round_trip "str:hello: world" '"hello: world"'
	round_trip "str:žluťoučký 🐎" '"žluťoučký 🐎"'
	round_trip "str8:eight" '"eight"'
	is "$(echoed str null:str)" null
}

# The same for one array, without blanks.
array_of() {
	binderctl --json call --reply "${1%%:*}" echo 1 "$1" | tr -d ' \n' |
		sed 's/.*"value":\(.*\),"offset".*/\1/'
}

test_arrays_come_back() {
	world_start
	echo_start
	is "$(array_of 'i32[]:1,-2,3')" '[1,-2,3]'
	is "$(array_of 'bool[]:true,false,1')" '[true,false,true]'
	is "$(array_of 'byte[]:1,2,255')" '[1,2,-1]'
	is "$(array_of 'char[]:a,b')" '["a","b"]'
	is "$(array_of 'u32[]:4294967295')" '[4294967295]'
	is "$(array_of 'i64[]:-1,9223372036854775807')" '[-1,9223372036854775807]'
	is "$(array_of 'u64[]:1')" '[1]'
	is "$(array_of 'f32[]:0.5,1')" '[0.5,1.0]'
	is "$(array_of 'f64[]:0.25')" '[0.25]'
	is "$(array_of 'str[]:a,b\,c,d\\e,')" '["a","b,c","d\\e",""]'
	is "$(array_of 'str[]:\e')" '[""]'
	is "$(array_of 'str8[]:x,y')" '["x","y"]'
	is "$(array_of 'i32[]:')" '[]'
	is "$(echoed 'i32[]' 'null:i32[]')" null
}

test_several_arguments_keep_their_order() {
	world_start
	echo_start
	is "$(echoed i32,str,byte,i64 i32:1 str:two byte:3 i64:4 | tr '\n' ' ')" '1 "two" 3 4 '
}

test_binders_come_back() {
	world_start
	echo_start
	capture binderctl --json call --reply binder echo 1 binder:echo
	contains "$out" '"descriptor": "test.IEcho"'
	capture binderctl --json call --reply binder,binder echo 1 null binder:manager
	contains "$out" '"value": null'
	contains "$out" '"handle": 0'
}

test_descriptors_come_back() {
	world_start
	echo_start
	echo hello >"$T/file"
	capture binderctl call --reply fd echo 1 fd:"$T/file"
	contains "$out" "$T/file"
	capture binderctl call --reply pfd echo 1 pfd:"$T/file"
	contains "$out" "$T/file"
	# What the other side has written is told apart when it is read.
	capture binderctl call --reply fd echo 1 pfd:"$T/file"
	contains "$out" "$T/file"
	capture binderctl call --reply pfd echo 1 fd:"$T/file"
	contains "$out" "$T/file"
	capture binderctl call --reply pfd echo 9
	contains "$out" "/dev/null"
}

test_raw_bytes_go_as_they_are() {
	world_start
	echo_start
	is "$(echoed u32 raw:01020304)" 67305985
	is "$(echoed raw raw:0a0b)" '"0a0b0000"'
	is "$(echoed raw raw:)" '""'
}

test_bytes_are_a_byte_array() {
	world_start
	echo_start
	is "$(echoed bytes bytes:0a0bff)" '"0a0bff"'
	is "$(echoed bytes bytes:)" '""'
	is "$(echoed bytes null:bytes)" null
	is "$(echoed bytes 'byte[]:10,11,255')" '"0a0bff"'
	is "$(echoed i32,raw bytes:0a0b | tr '\n' ' ')" '2 "0a0b0000" '
}

test_files_are_arguments() {
	world_start
	echo_start
	printf 'line 1\nline 2\n' >"$T/text"
	is "$(echoed str "str:@$T/text")" '"line 1\nline 2\n"'
	is "$(echoed str8 "str8:@$T/text")" '"line 1\nline 2\n"'
	is "$(echoed bytes "bytes:@$T/text" | cut -c1-13)" '"6c696e652031'
	is "$(echoed str str:@@home)" '"@home"'
	is "$(echoed str str:@@@home)" '"@@home"'
	is "$(array_of 'str[]:@a,b')" '["@a","b"]'
	head -c 200000 /dev/zero >"$T/large"
	exits 0 binderctl --json call --reply bytes echo 1 "bytes:@$T/large"
	[ "${#out}" -gt 400000 ] || fail "only ${#out} characters came back"
	exits 1 binderctl call echo 1 "str:@$T/none"
	contains "$err" "cannot read $T/none"
	contains "$err" "str:@@"
	exits 2 binderctl call echo 1 "str:@$T/large"
	printf '\377' >"$T/latin"
	exits 2 binderctl call echo 1 "str:@$T/latin"
}

# wrong WORD TEXT: refused before anything is sent, with the argument's number.
wrong() {
	exits 2 binderctl call echo 1 i32:0 "$1"
	contains "$err" "argument 2 '${1/$'\377'/\\xff}'"
	contains "$err" "$2"
	contains "$err" "try: "
}

test_wrong_arguments_say_which_and_what_was_expected() {
	# Nothing runs: a wrong word is found before anybody is asked.
	wrong 5 "expected TYPE:VALUE"
	wrong i33:5 "did you mean i32?"
	wrong string:x "did you mean str?"
	wrong s16:x "did you mean str?"
	wrong long:5 "did you mean i64?"
	wrong 'int[]:5' "did you mean i32?"
	wrong $'str:\377' "UTF-8"
	wrong f32:1e39 "a float can hold"
	wrong f64:1e999 "a number that a double can hold, up to 1.7e308"
	wrong i32: "a whole number from -2147483648 to 2147483647"
	wrong i32:2147483648 "a whole number"
	wrong i32:5x "a whole number"
	wrong "i32: 5" "a whole number"
	wrong u32:-1 "from 0 to 4294967295"
	wrong u64:18446744073709551616 "from 0 to 18446744073709551615"
	wrong byte:256 "from -128 to 255"
	wrong bool:yes "true or false"
	wrong char:ab "one character"
	wrong f64:1,5 "a number"
	wrong bytes:abc "even number"
	wrong bytes:zz "hexadecimal"
	wrong 'i32[]:1,,3' "for each element"
	wrong 'i32[]:1,' "for each element"
	wrong 'str[]:a\b' "for each element"
	wrong 'binder[]:a' "no such type"
	wrong null:i32 "null:str"
}

test_a_missing_file_or_service_is_named() {
	world_start
	echo_start
	exits 1 binderctl call echo 1 fd:"$T/none"
	contains "$err" "cannot open $T/none"
	exits 4 binderctl call echo 1 binder:nobody
	contains "$err" "no such service: nobody"
}

run_tests "$@"

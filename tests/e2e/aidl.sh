#!/bin/bash
# SPDX-License-Identifier: MIT
# aidl.sh: calls by name: every type from words to a Lua service and back, and what is refused.

. "$(dirname "$0")/../tap.sh"

export BINDER_AIDL_PATH=$ROOT/tests/aidl/files

types_start() {
	world_start
	background types binderctl run tests/aidl/types.lua "$T/reply"
	# The last one that it registers.
	binderctl wait --timeout $((20 * SLOW)) unknown
}

# echoes METHOD WORD [SHOWN]: the service gives back what it gets.
echoes() {
	capture binderctl call types "echo$1" "$2"
	is "$status" 0 "$1 $2: $err"
	is "$out" "${3-$2}" "$1 $2"
	exits 0 binderctl --json call types "echo$1" "$2"
	contains "$out" '"return": '
}

test_scalars_are_plain_words() {
	types_start
	echoes Boolean true
	echoes Byte -128
	echoes Char x "'x'"
	echoes Char ż "'ż'"
	echoes Int -2147483648
	echoes Int 0x10 16
	echoes Long 9223372036854775807
	echoes Long -9223372036854775808
	echoes Float 0.1
	echoes Double 0.1
	echoes Double nan
	echoes Double v=-inf -inf
	echoes String 'a "b" = c' '"a \"b\" = c"'
	echoes String null '"null"'
	echoes String '' '""'
	echoes Nullable null
	echoes Nullable '"null"'
	echoes Nullable text '"text"'
}

# spelt TYPE METHOD WORD SHOWN: by name and by code, a word is the same value.
spelt() {
	exits 0 binderctl call types "echo$2" "$3"
	is "${out//\'/\"}" "$4" "$2 $3"
	exits 0 binderctl call --reply "$1" echo 1 "$1:$3"
	is "${out##*  "$1" }" "$4" "$1:$3"
}

# refused TYPE METHOD WORD EXPECTED: by name and by code, in the same words.
refused() {
	local sentence

	exits 2 binderctl call types "echo$2" "$3"
	sentence=$(sed -n 's/.*: expected //p' <<<"$err")
	contains "$sentence" "$4"
	exits 2 binderctl call echo 1 "$1:$3"
	is "$(sed -n 's/.*: expected //p' <<<"$err")" "$sentence" "$1:$3"
}

test_scalars_are_spelt_alike_by_name_and_by_code() {
	types_start
	echo_start
	spelt bool Boolean 1 true
	spelt bool Boolean 0 false
	spelt byte Byte 255 -1
	spelt byte Byte 0x7f 127
	spelt char Char 0x41 '"A"'
	spelt char Char 0 '"0"'
	spelt char Char € '"€"'
	spelt i32 Int -0x10 -16
	spelt i64 Long +5 5
	spelt f32 Float 1e-3 0.001
	spelt f64 Double NaN nan
	spelt f64 Double -Infinity -inf
	echoes Bytes '[255, -1, 128]' bytes:ffff80
	echoes Chars '["0x41", "b"]' "['A', 'b']"
	echoes Doubles '["inf", "nan"]' '[inf, nan]'
	refused bool Boolean yes "true or false (or 1 or 0)"
	refused bool Boolean 2 "true or false"
	refused byte Byte 256 "from -128 to 255 (such as -1 or 0xff)"
	refused char Char ab "one character, or its UTF-16 unit (such as A or 0x0041)"
	refused char Char 0x10000 "one character"
	refused char Char 🐎 "one character"
	refused char Char '' "one character"
	refused i32 Int 1e3 "from -2147483648 to 2147483647 (such as -3 or 0x10)"
	refused i64 Long 9223372036854775808 "to 9223372036854775807"
	refused f32 Float 1e39 "up to 3.4e38 (such as 0.5 or 1e-3), inf, -inf or nan"
	refused f64 Double 1e999 "up to 1.7e308 (such as 0.5 or 1e-3), inf, -inf or nan"
	refused f64 Double 'nan(1)' "inf, -inf or nan"
	refused f64 Double ' 1' "a number"
}

test_enums_have_their_names() {
	types_start
	echoes Small TOP
	echoes Small 1 ONE
	echoes Small 5
	echoes Flags 'READ|WRITE'
	echoes Wide FAR
	echoes FlagList '["READ", "WRITE", 64]' '[READ, WRITE, BOTH_NOT]'
	exits 2 binderctl call types echoSmall TIP
	contains "$err" "argument v 'TIP': Small: expected a number or a name: NONE, ONE, TOP"
	contains "$err" "try: Small echoSmall(Small v)"
}

test_arrays_lists_and_maps_are_json() {
	types_start
	echoes Bytes '[1, -1]' bytes:01ff
	echoes Bytes bytes:00ff80
	printf 'abc' >"$T/bytes"
	echoes Bytes "bytes:@$T/bytes" bytes:616263
	echoes Booleans '[true, false]'
	echoes Chars '["a", 98]' "['a', 'b']"
	echoes Longs '[9007199254740993, -1]'
	echoes Doubles '[0.1, "NaN", "-Infinity", 3]' '[0.1, nan, -inf, 3.0]'
	echoes Strings '["a", "\u0000\n"]' '["a", "\x00\n"]'
	echoes Nullables '["a", null]'
	echoes Nullables null
	echoes List '["x"]'
	echoes Map '{"b": "1"}'
	echoes Grid '[[1, 2, 3], [4, 5, 6]]'
	exits 2 binderctl call types echoGrid '[[1, 2], [3, 4]]'
	contains "$err" "v[0]: 2 items for an array of 3"
}

test_structures_are_json() {
	types_start
	echoes Point '{"y": 2}' 'Point {x: 7, y: 2, label: null}'
	echoes NullPoint null
	echoes Either '{"text": "t"}' 'Either {text: "t"}'
	echoes Held '{"held": {"x": 3, "@type": "test.ITypes.Point"}}' \
		'Held {held: {@type: "test.ITypes.Point", x: 3, y: 0, label: null}}'
	capture binderctl call types echoAll '{"large": 9223372036854775807, "small": "TOP"}'
	contains "$out" "large: 9223372036854775807"
	contains "$out" "small: TOP"
	contains "$out" "points: []"
}

test_binders_are_names_and_files_are_paths() {
	types_start
	capture binderctl call types echoBinder manager
	contains "$out" "android.os.IServiceManager"
	capture binderctl call types echoInterface types
	contains "$out" "test.ITypes"
	echoes NullBinder null
	exits 4 binderctl call types echoBinder nobody
	echo x >"$T/file"
	capture binderctl call types echoFile "$T/file"
	contains "$out" "$T/file"
	echoes NullFile null
	exits 1 binderctl call types echoFile "$T/none"
	contains "$err" "argument v: cannot open $T/none"
}

test_what_comes_out_is_shown_by_name() {
	types_start
	capture binderctl call types outs 3 '["w"]'
	is "$out" 'return = 6
list = [3, 4]
point = Point {x: 3, y: -3, label: "out"}
words = ["w", "more"]'
	capture binderctl call types outs words='[]' a=1 list=5
	contains "$out" "return = 2"
	capture binderctl --json call types outs 3 '[]'
	contains "$(tr -d ' \n' <<<"$out")" '"out":{"list":[3,4],"point":{"x":3,'
	exits 2 binderctl call types outs a=1 a=2
	contains "$err" "given twice"
	exits 2 binderctl call types outs 1 '[]' point='{}'
	contains "$err" "it only comes out"
}

test_void_and_one_way_calls() {
	types_start
	exits 0 binderctl call types nothing
	is "$out" ""
	exits 0 binderctl call types forget 3
	is "$out" "sent"
	exits 0 binderctl call --oneway types nothing
	is "$out" "sent"
}

test_a_method_may_have_four_letters() {
	types_start
	exits 0 binderctl call types play
	is "$out" "1"
	exits 2 binderctl call types ABCD
	contains "$err" "has no method 'ABCD'"
}

test_exceptions_are_named() {
	types_start
	exits 6 binderctl call types fail -- -8 why
	contains "$err" "EX_SERVICE_SPECIFIC 42: why"
	exits 6 binderctl --json call types fail -- -1 why
	contains "$out" '"exception": "EX_SECURITY"'
}

test_wrong_words_are_told_with_the_signature() {
	types_start
	exits 2 binderctl call types echoInt x
	contains "$err" "argument v 'x': int: expected a whole number from -2147483648 to 2147483647"
	contains "$err" "try: int echoInt(int v)"
	exits 2 binderctl call types echoInt
	contains "$err" "v: this argument is missing"
	exits 2 binderctl call types echoInt 1 2
	contains "$err" "argument 2 is one too many"
	exits 2 binderctl call types echoLong 9223372036854775808
	exits 2 binderctl call types echoLongs '[9223372036854775808]'
	contains "$err" "too big integer"
	exits 2 binderctl call types echoFloat 1e39
	contains "$err" "a number that a float can hold, up to 3.4e38"
	exits 2 binderctl call types echoDoubles '["1e999"]'
	exits 2 binderctl call types echoPoint '{"x": "a"}'
	contains "$err" "v.x: a string is no value for int"
	exits 2 binderctl call types echoPoint '{"z": 1}'
	contains "$err" "Point has no field z"
	exits 2 binderctl call types echoPoint '{"x": 1, "x": 2}'
	contains "$err" "duplicate"
	exits 2 binderctl call types echoPoint '{'
	contains "$err" "expected JSON"
	exits 2 binderctl call --reply i32 types echoInt 1
	contains "$err" "as the AIDL says"
}

test_unknown_methods_are_guessed() {
	types_start
	exits 2 binderctl call types echoStrng x
	contains "$err" "did you mean echoString?"
	contains "$err" "echoBoolean, echoByte"
}

test_missing_and_broken_aidl() {
	types_start
	exits 1 env BINDER_AIDL_PATH= binderctl call types echoInt 1
	contains "$err" "there is no test/ITypes.aidl in"
	exits 0 env BINDER_AIDL_PATH= binderctl call --aidl "$T" --aidl tests/aidl/files types echoInt 1
	mkdir "$T/test"
	printf 'package test;\ninterface ITypes {\n    void f(Nope x);\n}\n' >"$T/test/ITypes.aidl"
	exits 1 binderctl call --aidl "$T" types f 1
	contains "$err" "ITypes.aidl:3:12: warning:"
	contains "$err" "    void f(Nope x);"
	contains "$err" "^~~~"
	contains "$err" "there is no AIDL for Nope"
	printf 'package test;\ninterface ITypes {\n    void f(int x;\n}\n' >"$T/test/ITypes.aidl"
	exits 1 binderctl call --aidl "$T" types f 1
	contains "$err" "ITypes.aidl:3:17: error:"
}

# part_start: an interface of which some methods need what is not there.
part_start() {
	mkdir "$T/demo"
	echo 'package demo; parcelable Blob;' >"$T/demo/Blob.aidl"
	printf 'package demo;\nimport demo.Gone;\nimport demo.Blob;\ninterface IPart {\n%s\n}\n' \
		'int size(in Gone g); String name(); Blob take(); Gone make(int x);' >"$T/demo/IPart.aidl"
	cat >"$T/part.lua" <<-'END'
		local b = require "binder"
		local function soup(_, r) r:i32(1):i32(77):str("soup") end
		assert(b.serve("part", { descriptor = "demo.IPart",
			[2] = function(_, r) r:str("me") end, [3] = soup, [4] = soup }))
		b.loop("TERM")
	END
	world_start
	background part binderctl run "$T/part.lua"
	binderctl wait --timeout $((20 * SLOW)) part
}

test_a_missing_import_blocks_only_what_needs_it() {
	part_start
	exits 0 binderctl methods --aidl "$T" part
	contains "$out" "String name()"
	contains "$out" "int size(Gone g)"
	contains "$err" "IPart.aidl:2:8: warning: demo.Gone is not found"
	exits 0 binderctl call --aidl "$T" part name
	is "$out" '"me"'
	exits 1 binderctl call --aidl "$T" part size '{}'
	contains "$err" "there is no AIDL for Gone"
	exits 0 binderctl run - <<-END
		local b = require "binder"
		local part = assert(b.aidl("demo.IPart", { "$T" })(assert(b.get "part")))
		assert(part:name() == "me")
	END
}

test_a_reply_that_aidl_does_not_know_is_shown_whole() {
	local method

	part_start
	for method in take 'make 3'; do
		# shellcheck disable=SC2086 # two words
		exits 0 binderctl call --aidl "$T" part $method
		contains "$out" 'str "soup"'
		contains "$out" "reply, "
		contains "$err" "shown as a call by code shows it"
	done
	exits 0 binderctl --json call --aidl "$T" part take
	contains "$out" '"soup"'
}

# hostile HEX: what the service answers with.
hostile() {
	local i

	for ((i = 0; i < ${#1}; i += 2)); do
		printf '%b' "\\x${1:i:2}"
	done >"$T/reply"
}

test_hostile_replies_are_told_and_no_more() {
	local method reply words

	types_start
	for reply in '' 00 00000000 00000000ffffff7f 0000000001000000ffffffff \
		000000000100000004000080 80ffffff 80ffffffffffff7f ffffffffffffff7f \
		0000000001000000080000000000000000000000ffffff7fffffff7fffffff7f; do
		hostile "$reply"
		for method in 'echoString x' 'echoBytes []' 'echoStrings []' 'echoMap {}' \
			'echoGrid [[1,2,3],[4,5,6]]' 'echoPoint {}' 'echoEither {"number":1}' \
			'echoAll {}' 'echoHeld {}' 'echoBinder manager' "echoFile $T/reply" \
			'outs 1 []'; do
			read -ra words <<<"$method"
			capture timeout $((20 * SLOW)) binderctl call hostile "${words[@]}"
			case $status in 0 | 1 | 6) ;; *) fail "$method $reply: status $status" ;; esac
		done
	done
	hostile 00000000ffffff7f
	exits 1 binderctl call hostile echoStrings '[]'
	contains "$err" "the reply is not what the AIDL says: return: it says 2147483647 items"
	# A name from the other side does not reach the terminal as it is.
	hostile 00000000020000001b005b0000000000
	capture binderctl call hostile echoString x
	is "$out" '"\x1b["'
}

test_the_service_manager_is_called_by_name() {
	local version

	world_start
	capture binderctl call manager listServices 15
	is "$out" '["manager"]'
	capture binderctl call manager isDeclared nothing
	is "$out" false
	for version in 11 12 13 14 15 15r6 15r20; do
		capture binderctl methods "$BUILD/share/binder/aidl/android-$version/android/os/IServiceManager.aidl"
		is "$status" 0 "$version: $err"
		contains "$out" "IBinder getService("
		capture env BINDER_ANDROID=$version BINDER_AIDL_PATH= \
			binderctl methods android.os.IServiceManager
		contains "$out" "tryUnregisterService"
	done
	is "$(env BINDER_ANDROID=11 binderctl methods android.os.IServiceManager |
		sed -n 's/^ *\([0-9]*\)  void tryUnregisterService.*/\1/p')" 9
	is "$(env BINDER_ANDROID=12 binderctl methods android.os.IServiceManager |
		sed -n 's/^ *\([0-9]*\)  ServiceDebugInfo.*/\1/p')" 12
	is "$(env BINDER_ANDROID=14 binderctl methods android.os.IServiceManager |
		sed -n 's/^ *\([0-9]*\)  ServiceDebugInfo.*/\1/p')" 14
	is "$(env BINDER_ANDROID=15r6 binderctl methods android.os.IServiceManager |
		sed -n 's/^ *\([0-9]*\)  Service checkService.*/\1/p')" 3
	is "$(binderctl methods android.os.IServiceManager |
		sed -n 's/^ *\([0-9]*\)  ServiceDebugInfo.*/\1/p')" 16
}

test_methods_and_describe() {
	types_start
	capture binderctl methods types
	contains "$out" "     4  int echoInt(int v)"
	capture binderctl methods -l com.example.ICompute
	contains "$out" "        The sum of two numbers."
	capture binderctl --json methods types
	contains "$out" '"signature": "int echoInt(int v)"'
	capture binderctl describe test.ITypes.Point
	contains "$out" "int x = 7;"
	capture binderctl --json describe test.ITypes.Flags
	contains "$(tr -d ' \n' <<<"$out")" '{"name":"READ","value":1,'
	exits 1 binderctl describe no.such.Type
	exits 4 binderctl methods nobody
	exits 2 binderctl methods test.ITypes.Point
}

test_an_unknown_interface_tells_what_it_can() {
	types_start
	exits 0 binderctl methods unknown
	contains "$out" "descriptor  test.IUnknown"
	contains "$err" "there is no test/IUnknown.aidl"
	# Without a terminal nobody can agree.
	exits 2 binderctl methods --probe 5 unknown </dev/null
	contains "$err" "This calls codes 1 to 5 of unknown"
	contains "$err" "--yes"
	lacks "$out" "answered"
	exits 0 binderctl methods --probe 5 --yes unknown
	contains "$err" "This calls codes 1 to 5 of unknown"
	contains "$out" "         1  unknown"
	contains "$out" "         2  answered, 8 bytes"
	contains "$out" "         4  EX_SECURITY"
	capture binderctl --json methods --probe 3 --yes unknown
	contains "$(tr -d ' \n' <<<"$out")" '{"code":1,"known":false,'
	# Words that are wrong are found before anybody is asked.
	for words in "--probe x unknown" "--probe 0 unknown" "--probe 10001 -y nobody" \
		"--probe 3 -y $ROOT/tests/aidl/files/test/ITypes.aidl" "-y unknown"; do
		# shellcheck disable=SC2086 # words
		exits 2 binderctl methods $words
		is "$out" ""
		contains "$err" "try: binderctl methods --probe 20 SERVICE"
	done
	# An interface's name is no service's.
	exits 4 binderctl methods --probe 3 -y test.ITypes
}

test_hints_about_missing_aidl_are_the_verbs_own() {
	types_start
	echo 'return { ["no.descriptor"] = {} }' >"$T/serve.lua"
	background silent binderctl serve "$T/serve.lua"
	exits 0 binderctl wait --timeout $((10 * SLOW)) no.descriptor
	exits 1 binderctl call unknown add 3
	contains "$err" "or the method's code"
	exits 0 binderctl methods unknown
	contains "$err" "--probe LAST tries codes"
	lacks "$err" "instead of its name"
	exits 0 binderctl methods no.descriptor
	contains "$err" "no.descriptor does not say which interface it has"
	lacks "$err" ".aidl"
	exits 1 binderctl describe unknown
	contains "$err" "binderctl methods SERVICE"
	lacks "$err" "instead of its name"
}

test_a_type_is_suggested_whatever_its_folder_and_capitals() {
	types_start
	exits 1 binderctl describe itypes
	contains "$err" "did you mean test.ITypes?"
	exits 1 binderctl describe Test.ITyps
	contains "$err" "did you mean test.ITypes?"
	exits 1 binderctl describe IServicemanager
	contains "$err" "did you mean android.os.IServiceManager?"
	exits 1 binderctl describe very.different
	lacks "$err" "did you mean"
	exits 4 binderctl methods test.itypes
	contains "$err" "try: binderctl methods test.ITypes"
	exits 2 binderctl call types ECHOINT 3
	contains "$err" "did you mean echoInt?"
}

test_completion_knows_methods_and_arguments() {
	types_start
	capture binderctl complete -- call types echoN
	is "$out" 'echoNullable
echoNullables
echoNullPoint
echoNullBinder
echoNullFile'
	capture binderctl complete -- call types echoSmall T
	is "$out" TOP
	capture binderctl complete -- call types outs 1 w
	is "$out" "words="
	capture binderctl complete -- call types 1 i3
	is "$out" i32:
	capture binderctl complete --hint -- call types outs 1 ''
	is "$out" "words: String[], in int outs(int a, out int[] list, out Point point, inout String[] words)"
	: >"$T/file"
	for words in "echoSmall v=T v=TOP" "echoBinder unk unknown" "echoBinder v=man v=manager" \
		"echoFile $T/fi $T/file" "echoFile v=$T/fi v=$T/file" "echoBytes by bytes:" \
		"echoBytes v=bytes:@$T/fi v=bytes:@$T/file" "echoBoolean v=t v=true"; do
		read -r method typed wanted <<<"$words"
		capture binderctl complete -- call types "$method" "$typed"
		is "$out" "$wanted"
	done
	exits 0 binderctl complete -- call nobody x
	is "$out" ""
}

test_the_sample_computes() {
	world_start
	background compute binderctl run scripts/compute.lua
	binderctl wait --timeout $((20 * SLOW)) compute
	capture binderctl call compute add 2 3
	is "$out" 5
	capture binderctl call compute apply MULTIPLY 2 0.5
	is "$out" 1.0
	capture binderctl call compute move '{"x": 1, "y": 2}' 10 10
	is "$out" 'Point {x: 11, y: 12, label: null}'
	capture binderctl call compute divide 7 2
	contains "$out" "remainder = [1]"
	exits 6 binderctl call compute divide 7 0
	contains "$err" "EX_ILLEGAL_ARGUMENT: division by zero"
	exits 6 binderctl call compute add 2147483647 1
	contains "$err" "EX_SERVICE_SPECIFIC 1"
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# manual.sh: what the manual pages say is so: their examples work, and every
# verb and option has its place in them.

. "$(dirname "$0")/../tap.sh"

# example PAGE NAME [KIND]: writes the example of that name to $T/NAME.  It stands between
# .Bd and .Ed behind the comment `.\" example: NAME`, or `.\" KIND: NAME`.
example() {
	awk -v mark=".\\\\\" ${3:-example}: $2" '
		$0 == mark { found = 1; next }
		found && /^\.Bd/ { inside = 1; next }
		inside && /^\.Ed/ { exit }
		inside { sub(/^\\&/, ""); gsub(/\\e/, "\\"); print }
	' "$ROOT/man/$1" >"$T/$2"
	[ -s "$T/$2" ] || fail "man/$1 has no example $2"
}

# compile NAME: $T/NAME.c against the library of the build tree, as the page says to.
compile() {
	local flags=()

	case $BUILD in
	*asan*) flags=(-fsanitize=address -fsanitize=undefined) ;;
	*tsan*) flags=(-fsanitize=thread) ;;
	esac
	"${CC:-cc}" -std=gnu11 -Wall -Werror "${flags[@]}" -I"$ROOT/libbinder/include" \
		-o "$T/$1" "$T/$1.c" -L"$ROOT/$BUILD/lib" -Wl,-rpath,"$ROOT/$BUILD/lib" -lbinder
}

# The text of a page, without fonts, in one long line for each paragraph.
page() {
	mandoc -T utf8 -O width=1000 "$ROOT/man/$1" | sed 's/.\x08//g'
}

needs_mandoc() {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
}

# ---- examples -----------------------------------------------------------------

test_libbinder_examples_compile_and_work() {
	world_start
	example libbinder.3 sum-service.c
	example libbinder.3 sum-client.c
	compile sum-service
	compile sum-client
	background service "$T/sum-service"
	exits 0 "$T/sum-client" 1 2 3
	is "$out" 6
	exits 0 binderctl dump example.sum
	is "$out" "sum: 6"
	exits 0 binderctl call --reply i64 example.sum 1 i32:-2
	contains "$out" "i64 4"
	stop service
	exits 4 binderctl ping example.sum
}

test_lua_service_and_client_examples_work() {
	world_start
	example binder-lua.3lua echo.lua
	example binder-lua.3lua client.lua
	background service binderctl run "$T/echo.lua"
	exits 0 binderctl run "$T/client.lua"
	is "$(sed -n 1p <<<"$out")" $'hello\t1'
	is "$(sed -n 2p <<<"$out")" $'nil\twhat shall I say?\tEX_NULL_POINTER'
	contains "$(sed -n 3p <<<"$out")" UNKNOWN_TRANSACTION
	is "$(sed -n 4p <<<"$out")" "1 calls"
	stop service
	exits 4 binderctl ping example.echo
}

test_lua_watch_example_tells_of_life_and_death() {
	world_start
	example binder-lua.3lua echo.lua
	example binder-lua.3lua watch.lua
	background watch binderctl run "$T/watch.lua" example.echo
	background service binderctl run "$T/echo.lua"
	until_true grep -q "is there" "$T/watch.log"
	stop service KILL
	wait "$(cat "$T/watch.pid")" || fail "watch.lua: exit status $?"
	is "$(cat "$T/watch.log")" $'example.echo is there\nexample.echo has died'
}

# What an example prints, from its arrows; "..." is anything.
expected() {
	grep -o -e '--> .*' "$1" | sed 's/^--> //'
}

# matches OUTPUT EXPECTED: line by line.
matches() {
	local -a got want
	local i

	mapfile -t got <<<"$1"
	mapfile -t want <<<"$2"
	is "${#got[@]}" "${#want[@]}" "lines of: $1"
	for i in "${!want[@]}"; do
		case ${want[i]} in
		*...*) [[ ${got[i]} == "${want[i]%%...*}"*"${want[i]##*...}" ]] ||
			fail "line $((i + 1)) is '${got[i]}', expected '${want[i]}'" ;;
		*) is "${got[i]}" "${want[i]}" "line $((i + 1))" ;;
		esac
	done
}

# Each of those behind `.\" run: NAME`.
test_lua_examples_print_what_the_page_says() {
	local name names

	not_under_valgrind "an example is about time"
	world_start
	example binder-lua.3lua echo.lua
	background service binderctl run "$T/echo.lua"
	exits 0 binderctl wait --timeout $((10 * SLOW)) example.echo
	mapfile -t names < <(sed -n 's/^\.\\" run: //p' man/binder-lua.3lua)
	[ "${#names[@]}" -ge 6 ] || fail "only ${#names[@]} examples: ${names[*]}"
	for name in "${names[@]}"; do
		example binder-lua.3lua "$name" run
		exits 0 binderctl run "$T/$name"
		matches "$out" "$(expected "$T/$name")"
	done
}

test_every_function_of_the_lua_module_has_an_example() {
	local name lacking=''

	world_start
	cat >"$T/names.lua" <<'END'
local binder = require "binder"
for name, value in pairs(binder) do
	print(type(value) == "function" and "binder." .. name or ":" .. name)
end
for name in pairs(getmetatable(binder.manager()).__index) do print(":" .. name) end
for name in pairs(getmetatable(binder.async(print)).__index) do print(":" .. name) end
for name in pairs(getmetatable(binder.parcel()).__index) do
	-- Arrays and their types are one rule, shown once.
	if not name:find("_array$") and not name:find("^read_") then print(":" .. name) end
end
END
	exits 0 binderctl run "$T/names.lua"
	contains "$out" "binder.async"
	contains "$out" ":parcelable"
	awk '/^\.Bd/ { inside = 1 } /^\.Ed/ { inside = 0 } inside' man/binder-lua.3lua >"$T/code"
	for name in $out; do
		case $name in
		:version | :i32 | :status) continue ;;	# a text, and what every example has
		:device) name=binder.device ;;
		esac
		grep -qF -e "$name" "$T/code" || lacking="$lacking $name"
	done
	is "$lacking" "" "what man/binder-lua.3lua has no example of"
}

# ---- the pages themselves -----------------------------------------------------

test_pages_are_clean() {
	needs_mandoc
	exits 0 mandoc -T lint -W warning man/*.[1-8]*
}

# .Pq Dq one , Dq two puts the second quotation into the first.
test_quotations_do_not_nest() {
	local name

	needs_mandoc
	for name in man/*.[1-8]*; do
		page "$(basename "$name")" >"$T/text"
		! grep -E '“[^”]*“' "$T/text" || fail "$name: quotations within quotations"
	done
}

test_every_verb_is_in_binderctl_1() {
	local verb

	exits 0 binderctl help
	mapfile -t verbs < <(sed -n '/^$/,/^Options/s/^  \([a-z]*\)  *.*/\1/p' <<<"$out")
	[ "${#verbs[@]}" -ge 12 ] || fail "only ${#verbs[@]} verbs: ${verbs[*]}"
	for verb in "${verbs[@]}"; do
		grep -Eq "^\.It Ic $verb( |$)" man/binderctl.1 ||
			fail "man/binderctl.1 has no entry for $verb"
	done
}

# options_are_in PAGE: the help on standard input names no option that the page lacks.
options_are_in() {
	local text option options

	text=$(page "$1")
	mapfile -t options < <(grep -o -e '--[a-z][a-z-]*' | sort -u)
	[ "${#options[@]}" -ge 2 ] || fail "$1: no options in the help: ${options[*]}"
	for option in "${options[@]}"; do
		grep -Eq -e "$option([^a-z-]|\$)" <<<"$text" ||
			fail "man/$1 does not tell of $option"
	done
}

test_every_option_is_in_its_page() {
	needs_mandoc
	{
		binderctl --help
		for verb in list call methods describe wait ping sandbox aidl; do
			binderctl help "$verb"
		done
	} | options_are_in binderctl.1
	binderd --help | options_are_in binderd.8
	servicemanager --help | options_are_in servicemanager.8
}

test_every_function_of_ext_h_is_in_libbinder_3() {
	local name

	# Those that comments name have nothing in their parentheses.
	mapfile -t names < <(grep -oE '\bA[A-Za-z]+_[A-Za-z0-9_]+\([^)]' \
		libbinder/include/binder/ext.h | tr -d '(' | sed 's/.$//' | sort -u)
	[ "${#names[@]}" -ge 40 ] || fail "only ${#names[@]} functions: ${names[*]}"
	for name in "${names[@]}"; do
		grep -qw "$name" man/libbinder.3 || fail "man/libbinder.3 does not tell of $name"
	done
}

test_every_function_of_the_lua_module_is_in_its_page() {
	world_start
	cat >"$T/names.lua" <<'END'
local binder = require "binder"
for name in pairs(binder) do print("binder." .. name) end
for name in pairs(getmetatable(binder.get("manager")).__index) do print("service:" .. name) end
END
	exits 0 binderctl run "$T/names.lua"
	contains "$out" "service:call"
	for name in $out; do
		grep -qw "$name" man/binder-lua.3lua || fail "man/binder-lua.3lua does not tell of $name"
	done
}

run_tests "$@"

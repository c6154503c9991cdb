#!/bin/bash
# SPDX-License-Identifier: MIT
# scripts.sh: run, serve and test, and what shells complete.
# shellcheck disable=SC2016 # what stands in single quotes is for others to expand

. "$(dirname "$0")/../tap.sh"

# file NAME: from standard input, into $T.
file() {
	cat >"$T/$1"
}

# ---- run, serve ------------------------------------------------------------------------

test_a_script_with_a_hashbang_runs_and_gets_its_arguments() {
	file script <<-'END'
		#!/usr/bin/env -S binderctl run
		print(#arg, arg[0]:match("[^/]*$"), (select(2, ...)))
	END
	chmod +x "$T/script"
	exits 0 "$T/script" one "two three"
	contains "$out" $'2\tscript\ttwo three'
}

# served FILE: it is hosted, whatever its style, until a signal comes.
served() {
	background serve binderctl serve "$T/$1"
	exits 0 binderctl wait --timeout $((10 * SLOW)) test.served
	exits 0 binderctl call --reply i32 test.served 1
	contains "$out" "i32 5"
	kill "$(cat "$T/serve.pid")"
	wait "$(cat "$T/serve.pid")" || fail "serve: exit status $?"
}

test_serve_hosts_until_signalled() {
	world_start
	file plain.lua <<<'require "binder".serve("test.served", { [1] = function(q, r) r:i32(5) end })'
	served plain.lua
	file returns.lua <<<'return { ["test.served"] = { [1] = function(q, r) r:i32(5) end } }'
	served returns.lua
	file loops.lua <<-'END'
		local binder = require "binder"
		binder.serve("test.served", { [1] = function(q, r) r:i32(5) end })
		binder.loop("TERM")
	END
	served loops.lua
	file broken.lua <<<'error("oops")'
	exits 1 binderctl serve "$T/broken.lua"
	contains "$err" oops
}

# ---- test ----------------------------------------------------------------------------------

test_a_passing_file_is_counted_and_status_is_0() {
	file a_test.lua <<-'END'
		local test = require "binder.test"
		test("each assert", function()
			test.eq({ 1, { a = 2 } }, { 1, { a = 2 } })
			test.ne(1, 2)
			test.ok(1)
			test.match("abc", "^a.c$")
			test.error(function() error("boom") end, "bo+m")
			test.fails("DEAD_OBJECT", nil, "message", "DEAD_OBJECT")
		end)
		test("left out", function() test.skip("no reason") end)
	END
	exits 0 binderctl test "$T/a_test.lua"
	is "$out" "$T/a_test.lua: 1 passed, 0 failed, 1 skipped"
	exits 0 binderctl test --tap "$T/a_test.lua"
	is "$out" "ok 1 - $T/a_test.lua: each assert
ok 2 - $T/a_test.lua: left out # SKIP no reason
1..2"
}

test_each_assert_fails_with_line_and_both_values() {
	file f.lua <<-'END'
		local test = require "binder.test"
		test("eq", function() test.eq({ 1, a = "x" }, 2, "sum") end)
		test("ne", function() test.ne(1, 1) end)
		test("ok", function() test.ok(nil, "thing") end)
		test("match", function() test.match("abc", "d") end)
		test("no error", function() test.error(function() end) end)
		test("other error", function() test.error(function() error("a", 0) end, "b") end)
		test("fails", function() test.fails("DEAD_OBJECT", 1) end)
		test("error", function() local x; x.y = 1 end)
	END
	exits 1 binderctl test "$T/f.lua"
	contains "$out" "f.lua: 0 passed, 8 failed"
	contains "$out" 'f.lua:2: sum: got {1, a = "x"}, expected 2'
	contains "$out" "f.lua:3: got 1, expected anything else"
	contains "$out" "f.lua:4: got nil, expected a true value: thing"
	contains "$out" 'f.lua:5: got "abc", expected a match for "d"'
	contains "$out" "f.lua:6: got no error, expected one"
	contains "$out" 'f.lua:7: got error "a", expected one that matches "b"'
	contains "$out" "f.lua:8: got 1, nil, nil, expected nil, a message, \"DEAD_OBJECT\""
	contains "$out" "f.lua:9: attempt to index"
}

test_a_file_without_tests_is_one_and_what_ends_early_has_failed() {
	file test_plain.lua <<<'assert(1 == 1)'
	file syntax.lua <<<'x ='
	file leaves.lua <<<'require("binder.test")("a", function() os.exit(0) end)'
	file dies.lua <<<'os.execute("kill -9 $PPID")'
	file hangs.lua <<<'print("here") while true do end'
	exits 0 binderctl test "$T/test_plain.lua"
	exits 1 binderctl test "$T/syntax.lua"
	contains "$out" "syntax.lua:2:"
	exits 1 binderctl test "$T/leaves.lua"
	contains "$out" "ended early"
	exits 1 binderctl test "$T/dies.lua"
	contains "$out" "signal 9"
	exits 1 binderctl test --timeout 0.5 "$T/hangs.lua"
	contains "$out" "not done within 0.5 seconds"
	exits 2 binderctl test "$T/none.lua"
}

test_of_a_folder_the_tests_are_run() {
	mkdir "$T/d" "$T/d/below"
	file d/one_test.lua <<<'assert(require("helper") == 7)'
	file d/helper.lua <<<'return 7'
	file d/below/test_two.lua <<<'assert(true)'
	exits 0 binderctl test "$T/d"
	is "$(tail -n 1 <<<"$out")" "2 passed, 0 failed"
	lacks "$out" "helper.lua:"
}

test_sandboxed_files_have_a_world_each() {
	needs_daemon
	export BINDER_DIR=$T/none
	file a.lua <<-'END'
		local binder, test = require "binder", require "binder.test"
		test("alone", function()
			test.eq(binder.list(), { "manager" })
			test.ok(binder.serve("test.mine", { [1] = function(q, r) r:i32(1) end }))
			test.eq(binder.get("test.mine"):call(1):read_i32(), 1)
			test.fails("UNKNOWN_TRANSACTION", binder.get("test.mine"):call(9))
		end)
		test("stray errors count", function()
			binder.async(function() error("astray") end)
			binder.sleep(0.01)
			binder.step(0.1)
		end)
	END
	exits 1 binderctl test --sandbox "$T/a.lua" "$T/a.lua"
	contains "$out" "2 passed, 2 failed"
	contains "$out" "an error in a callback"
	contains "$out" "astray"
}

test_the_example_of_the_manual_page_passes() {
	world_start
	background player binderctl run scripts/media_player.lua
	exits 0 binderctl wait --timeout $((10 * SLOW)) media.player
	awk '/^.\\" example: player_test.lua/ { found = 1 }
		found && /^\.Ed/ { exit }
		inside { print }
		found && /^\.Bd/ { inside = 1 }' man/binderctl.1 >"$T/player_test.lua"
	exits 0 binderctl test "$T/player_test.lua"
	is "$out" "$T/player_test.lua: 1 passed, 0 failed"
}

# ---- completion ----------------------------------------------------------------------------

# bash_offers LINE: what bash has for Tab at its end, sorted, on one line.
bash_offers() {
	capture bash --norc -c '
		source <(binderctl completion bash)
		COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=(binderctl)
		compopt() { echo "compopt $*" >>"$T/compopt"; }
		_binderctl
		printf "%s\n" "${COMPREPLY[@]}" | sort' bash "$1"
	out=$(tr '\n' ' ' <<<"$out")
	is "$err" ""
}

test_bash_completes_verbs_services_types_options_and_files() {
	world_start
	echo_start my.service
	bash_offers "binderctl pi"
	is "$out" "ping "
	bash_offers "binderctl ping my"
	is "$out" "my.service "
	bash_offers "binderctl call my.service 1 i32"
	is "$out" "i32: "
	bash_offers "binderctl call my.service 1 binder:my"
	is "$out" "my.service "
	bash_offers "binderctl call --reply str my"
	is "$out" "my.service "
	bash_offers "binderctl list --l"
	is "$out" "--long "
	bash_offers "binderctl --json pin"
	is "$out" "ping "
	bash_offers "binderctl --android 30 --domain system pin"
	is "$out" "ping "
	bash_offers "binderctl help sand"
	is "$out" "sandbox "
	rm -f "$T/compopt"
	bash_offers "binderctl run a"
	contains "$(cat "$T/compopt")" "-o default"
	# Only what follows the last break is replaced.
	mkdir "$T/d" "$T/d/sub"
	: >"$T/d/a file"
	bash_offers "binderctl call my.service 1 fd:$T/d/a"
	is "$out" "$T/d/a\\ file "
	bash_offers "binderctl call my.service 1 str:@$T/d/a"
	is "$out" "@$T/d/a\\ file "
	rm "$T/compopt"
	bash_offers "binderctl call my.service 1 pfd:$T/d/s"
	is "$out" "$T/d/sub/ "
	contains "$(cat "$T/compopt")" "-o nospace"
	bash_offers "binderctl call --reply=i32,boo"
	is "$out" "i32,bool i32,bool[] "
	bash_offers "binderctl --device vn"
	is "$out" "vndbinder "
	bash_offers "binderctl --device $BINDER_DEVICE ping my"
	is "$out" "my.service "
	bash_offers "binderctl sandbox -- binderct"
	is "$out" "binderctl "
	bash_offers "binderctl --device x sandbox --preload binderct"
	is "$out" "binderctl "
	bash_offers "binderctl sandbox --pre"
	is "$out" "--preload "
	rm "$T/compopt"
	bash_offers "binderctl sandbox -- cat --js"
	is "$out" " "
	contains "$(cat "$T/compopt")" "-o default"
}

test_bash_itself_completes_at_a_terminal() {
	world_start
	echo_start my.service
	binderctl completion bash >"$T/completion"
	echo "a word" >"$T/notes"
	PTY_TIMEOUT=$((10 * SLOW)) PS1='$ ' INPUTRC=/dev/null TERM=dumb "$TESTS/pty" bash --norc <<-END
		expect $ 
		send source $T/completion\\r
		expect $ 
		send binderctl pi\\tmy\\t\\r
		expect ping my.service
		expect my.service: alive
		send binderctl call --reply=str my\\t1 str:@$T/not\\t\\r
		expect reply
		expect a word
		expect $ 
		send binderctl sandbox -- cat $T/not\\t\\r
		expect a word
		send exit\\r
		end 0
	END
}

test_zsh_itself_completes_at_a_terminal() {
	command -v zsh >/dev/null || skip "zsh is not installed"
	world_start
	binderctl completion zsh >"$T/completion"
	echo "a word" >"$T/notes"
	PTY_TIMEOUT=$((10 * SLOW)) PS1='$ ' TERM=dumb "$TESTS/pty" zsh -f <<-END
		expect $ 
		send autoload -U compinit; compinit -u -D; source $T/completion; echo rea''dy\\r
		expect ready
		expect $ 
		send binderctl pin\\t
		expect ping
		send  mana\\t
		expect manager
		send \\x15binderctl sandbox -- cat $T/not\\t\\r
		expect a word
		expect $ 
		send binderctl call manager 1 fd:$T/not\\t
		expect fd:$T/notes
		send \\x15exit\\r
		end 0
	END
}

# fish shows what it guesses before Tab is pressed: only what is run proves something.
test_fish_itself_completes_at_a_terminal() {
	command -v fish >/dev/null || skip "fish is not installed"
	world_start
	echo_start my.service
	mkdir "$T/bin" "$T/fish"
	: >"$T/notes"
	printf '#!/bin/sh\necho "arguments: $*"\n' >"$T/bin/print-arguments"
	chmod +x "$T/bin/print-arguments"
	echo "function fish_prompt; echo 'ready> '; end" >"$T/fish/config.fish"
	binderctl completion fish >>"$T/fish/config.fish"
	PTY_TIMEOUT=$((10 * SLOW)) PATH=$T/bin:$PATH TERM=dumb XDG_CONFIG_HOME=$T XDG_DATA_HOME=$T \
		"$TESTS/pty" fish <<-END
		expect ready> 
		send binderctl pin\\tmy.s\\t\\r
		expect my.service: alive
		expect ready> 
		send binderctl call my.service 1 i3\\t7 --reply i32\\r
		expect i32 7
		expect ready> 
		send binderctl sandbox print-arg\\tone two\\r
		expect arguments: one two
		expect ready> 
		send binderctl sandbox -- print-arg\\t$T/not\\t\\r
		expect arguments: $T/notes
		expect ready> 
		send binderctl --device $T/world/vndb\\tcall my.service 1\\r
		expect handle 0 of $T/world/vndbinder
		expect ready> 
		send exit 0\\r
		end 0
	END
}

test_zsh_and_fish_accept_their_scripts() {
	exits 0 binderctl completion zsh
	contains "$out" "#compdef binderctl"
	contains "$out" "'ping:ask whether a service answers'"
	! command -v zsh >/dev/null || exits 0 zsh -n <(binderctl completion zsh)
	exits 0 binderctl completion fish
	contains "$out" "-a ping -d 'ask whether a service answers'"
	! command -v fish >/dev/null || exits 0 fish -n <(binderctl completion fish)
	exits 2 binderctl completion tcsh
}

run_tests "$@"

#!/bin/bash
# SPDX-License-Identifier: MIT
# repl.sh: the shell, as somebody at a terminal finds it.
# shellcheck disable=SC2016 # what stands in single quotes is for others to expand

. "$(dirname "$0")/../tap.sh"

# shell [NAME=VALUE]...: binderctl in a terminal; what is typed and expected on standard input.
# A Ctrl-D counts when the prompt is there: before, the terminal is not readline's.
shell() {
	PTY_TIMEOUT=$((10 * SLOW)) env TERM=xterm XDG_STATE_HOME="$T/state" INPUTRC=/dev/null \
		"$@" "$TESTS/pty" binderctl
}

# hanging NAME: the service of hang.lua.
hanging() {
	background "$1" binderctl run tests/repl/hang.lua "$1"
	until_true grep -q ready "$T/$1.log"
}

test_a_line_is_a_verb_or_lua_and_both_give_a_value() {
	world_start
	hanging test.hang
	shell <<-'END'
		expect binder> 
		send list\r
		expect NAME
		expect test.hang
		expect binder> 
		send = #_, _[1].name\r
		expect 2\tmanager
		send call test.hang 1 "str:a b"\r
		expect str "a b"
		expect binder> 
		send _:read_str()\r
		expect a b
		send exit = 3\r
		expect binder> 
		send exit\r
		expect 3
		send svc = binder.get "test.hang"\r
		expect binder> 
		send svc:ping()\r
		expect true
		send svc\r
		expect binder.service (test.hang, handle
		send list = { 1, x = "y" }\r
		expect binder> 
		send = list\r
		expect { 1, x = "y" }
		send call test.none 1\r
		expect call: no such service: test.none
		expect binder> 
		send explain -32\r
		expect DEAD_OBJECT
		expect binder> 
		send nonsense here\r
		expect syntax error
		expect binder> 
		send pign test.hang\r
		expect did you mean the verb ping?
		expect binder> 
		send \x04
		end 0
	END
}

test_the_value_of_a_call_by_name_is_its_result() {
	export BINDER_AIDL_PATH=$ROOT/tests/aidl/files
	world_start
	background types binderctl run tests/aidl/types.lua "$T/reply"
	binderctl wait --timeout $((20 * SLOW)) unknown
	piped 0 'call types echoLong 9007199254740993\n= _ + 1\n'
	is "$out" $'9007199254740993\n9007199254740994'
	piped 0 'call types echoDouble 2\n= math.type(_)\ncall types echoString "a b"\n= #_\n'
	is "$out" $'2.0\nfloat\n"a b"\n3'
	piped 0 'call types echoPoint \x27{"y": 2}\x27\n= _.x + _.y\n'
	is "$out" $'Point {x: 7, y: 2, label: null}\n9'
	piped 0 'call types outs 3 \x27["w"]\x27\n= _\ncall types echoNullable null\n= _\n'
	is "$(grep -v ' = ' <<<"$out")" $'6\nnull\nnil'
	piped 0 'call types nothing\n= _\n_ = 1\ncall types forget 3\n= _\n'
	is "$out" $'true\nsent\ntrue'
}

test_tab_knows_a_service_that_has_just_come() {
	world_start
	: >"$T/notes"
	shell <<-END
		expect binder> 
		run "$TESTS/echo-service" --name just.come --ready-fd 3 3>$T/fifo >$T/echo.log 2>&1 & echo \$! >>$T/.started
		run binderctl wait --timeout $((10 * SLOW)) just.come
		send ping just\t
		expect just.come
		send \r
		expect just.come: alive
		send svc = binder.check "just\t
		expect just.come"
		send \r
		expect binder> 
		send = svc:nam\t
		expect :name
		send ()\r
		expect just.come
		expect binder> 
		send dow\t
		expect down
		send \x15call just.come 1 i3\t
		expect i32
		send \x15binder.lis\t
		expect binder.list
		send \x15x = { field_one = 1 }\r
		expect binder> 
		send = x.fie\t
		expect x.field_one
		send \r
		expect 1
		send \x15y = { "" }print"."prin\t
		expect "."print
		send \x15run tests/repl/han\t
		expect hang.lua
		send \x15sandbox -- cat tests/repl/han\t
		expect hang.lua
		send \x15call just.come 1 str:@$T/not\t
		expect $T/notes
		send \x20--reply=st\t
		expect --reply=str
		send \x15list --device vnd\t
		expect vndbinder
		send \x15\x04
		end 0
	END
}

test_history_is_kept_and_lines_that_belong_together_are_one_entry() {
	local file=$T/state/binder/history

	world_start
	shell <<-'END'
		expect binder> 
		send first = "of all"\r
		expect binder> 
		send for i = 1, 2 do\r
		expect >>
		send print("turn", i)\r
		expect >>
		send end\r
		expect turn\t2
		expect binder> 
		send \x04
		end 0
	END
	is "$(stat -c %a "$file")" 600
	is "$(stat -c %a "$(dirname "$file")")" 700
	shell <<-'END'
		expect binder> 
		send \e[A
		expect for i = 1, 2 do
		send \r
		expect turn\t1
		expect turn\t2
		expect binder> 
		send .history\r
		expect first = "of all"
		expect print("turn", i)
		expect binder> 
		send \e[A\e[A\e[A\r
		expect binder> 
		send first\r
		expect of all
		send exit\r
		end 0
	END
}

test_ctrl_c_ends_a_call_a_loop_or_a_line_and_not_the_shell() {
	world_start
	hanging test.hang
	shell <<-'END'
		expect binder> 
		send svc = binder.get "test.hang"; print("call", "ing")\r
		expect call\ting
		send print("now" .. 1); svc:call(2)\r
		expect now1
		send \x03
		expect interrupted
		expect binder> 
		send print("now" .. 2) while true do end\r
		expect now2
		send \x03
		expect interrupted
		expect binder> 
		send print("now" .. 3); binder.wait "test.none"\r
		expect now3
		send \x03
		expect interrupted
		expect binder> 
		send print("now" .. 5) while true do pcall(binder.sleep, 0.05) end\r
		expect now5
		send \x03
		expect interrupted
		expect binder> 
		send print("now" .. 6) while true do pcall(function() while true do end end) end\r
		expect now6
		send \x03
		expect interrupted
		expect binder> 
		send sandbox -- sh -c "echo now4; exec sleep 100"\r
		expect now4\n
		send \x03
		expect ^C\nbinder> 
		send half a li
		expect half a li
		send \x03
		expect ^C
		expect binder> 
		send if true then\r
		expect >>
		send \x03
		expect binder> 
		send svc:ping()\r
		expect true
		expect binder> 
		send \x04
		end 0
	END
}

test_ctrl_c_ends_a_verb_that_waits() {
	world_start
	hanging test.hang
	for line in 'call test.hang 2' 'wait test.none' 'dump test.hang'; do
		shell <<-END
			expect binder> 
			send $line\\r
			expect $line\\n
			send \\x03
			expect interrupted
			expect binder> 
			send = 6 * 7\\r
			expect 42
			expect binder> 
			send \\x04
			end 0
		END
	done
}

# What the shell hosts answers while a verb waits, also another verb's own call.
test_the_shell_hosts_while_a_verb_waits() {
	world_start
	shell <<-'END'
		expect binder> 
		send s = binder.serve("test.here", { [1] = function(q, r) print("asked") r:i32(7) end })\r
		expect binder> 
		send wait test.none\r
		expect wait test.none\n
		run binderctl call --reply i32 test.here 1 | grep -q 'i32 7'
		expect asked
		send \x03
		expect interrupted
		expect binder> 
		send \x04
		end 0
	END
}

test_the_answer_of_any_verb_is_a_value() {
	world_start
	piped 0 'list\n= _[1].name\ninfo manager\n= _.descriptor\nexplain 29189\n= _[1].name\n'
	contains "$out" $'\nmanager\n'
	contains "$out" $'\nandroid.os.IServiceManager\n'
	contains "$out" $'\nBR_DEAD_REPLY'
	piped 0 'methods android.os.IServiceManager\n= _.methods[1].name\nwait manager\n= _\nstats\n= type(_)\n'
	contains "$out" $'\ngetService\nbinder.service (manager'
	contains "$out" $'\ntable'
}

# job_control: as shell(), but below a shell that can stop it and go on.
job_control() {
	PTY_TIMEOUT=$((10 * SLOW)) env TERM=xterm XDG_STATE_HOME="$T/state" INPUTRC=/dev/null PS1='$ ' \
		"$TESTS/pty" bash --norc -i
}

test_ctrl_z_stops_the_shell_and_fg_brings_back_line_and_terminal() {
	world_start
	job_control <<-'END'
		expect $ 
		send binderctl\r
		expect binder> 
		send = 1 + 45\x02
		expect = 1 + 45
		send \x1a
		expect Stopped
		expect $ 
		send stty -a | grep -o '[-]*icanon'\r
		expect icanon\n$ 
		send fg\r
		expect binder> = 1 + 45
		send 4\r
		expect \n446
		expect binder> 
		send if true then\r
		expect >>
		send print("an" .. "swer")
		expect swer")
		send \x1a
		expect Stopped
		send fg\r
		expect >> print("an" .. "swer")
		send \x20end\r
		expect answer
		expect binder> 
		send \x04
		expect $ 
		send exit\r
		end 0
	END
}

# Its own signal cannot be taken: the terminal has changed when it goes on.
test_a_shell_that_was_stopped_from_outside_gets_its_terminal_back() {
	world_start
	job_control <<-'END'
		expect $ 
		send binderctl\r
		expect binder> 
		send os.execute("kill -STOP $PPID")\r
		expect Stopped
		send fg\r
		expect true
		expect binder> 
		send binder.after(0.2, function() os.execute("kill -STOP $PPID") end)\r
		expect binder> 
		expect Stopped
		send fg\r
		expect binder> 
		send 6 * 7\r
		expect \n42
		expect binder> 
		send \x04
		expect $ 
		send exit\r
		end 0
	END
}

test_ctrl_z_stops_a_call_and_fg_goes_on_with_it() {
	world_start
	hanging test.hang
	job_control <<-END
		expect $ 
		send binderctl\\r
		expect binder> 
		send svc = binder.get "test.hang" print("now" .. 1); return svc:call(2)\\r
		expect now1
		send \\x1a
		expect Stopped
		expect $ 
		run kill -9 $(cat "$T/test.hang.pid")
		send fg\\r
		expect DEAD_OBJECT
		expect binder> 
		send 6 * 7\\r
		expect \\n42
		expect binder> 
		send \\x04
		expect $ 
		send exit\\r
		end 0
	END
}

test_a_line_is_drawn_anew_at_once_when_the_window_changes() {
	world_start
	shell <<-'END'
		expect binder> 
		send = "first part, " .. "second part, " .. "third"
		expect "third"
		size 24 40
		expect binder> = "first part, "
		size 24 100
		expect binder> = "first part, " .. "second part, " .. "third"
		send \r
		expect first part, second part, third
		expect binder> 
		send \x04
		end 0
	END
}

test_a_death_is_told_above_the_line_that_is_being_typed() {
	world_start
	hanging test.hang
	shell <<-END
		expect binder> 
		send .watch test.hang\\r
		expect test.hang is registered
		expect binder> 
		send = 1 + 4
		expect = 1 + 4
		run kill -9 $(cat "$T/test.hang.pid")
		expect test.hang has died\\nbinder> = 1 + 4
		send 1\\r
		expect 42
		expect binder> 
		send \\x04
		end 0
	END
}

test_the_shell_hosts_while_somebody_types() {
	world_start
	shell <<-'END'
		expect binder> 
		send s = binder.serve("test.here", { [1] = function(q, r) print("asked") r:i32(7) end })\r
		expect binder> 
		send typing
		expect typing
		run binderctl call --reply i32 test.here 1 | grep -q 'i32 7'
		expect asked\nbinder> typing
		send \x03
		expect binder> 
		send call test.here 1\r
		expect asked
		expect = 7
		send ping test.here\r
		expect test.here: alive
		send list\r
		expect test.here
		expect binder> 
		send \x04
		end 0
	END
}

test_what_was_typed_is_saved_as_a_script_that_runs() {
	world_start
	hanging test.hang
	shell <<-END
		expect binder> 
		send call --reply str test.hang 1 "str:it's me"\\r
		expect binder> 
		send nothing_here()\\r
		expect nil value
		expect binder> 
		send x = 20\\r
		expect binder> 
		send for i = 1, 2 do\\r
		expect >>
		send x = x + i end\\r
		expect binder> 
		send x\\r
		expect 23
		send { "a", { b = x } }, 2\\r
		expect binder> 
		send list\\r
		expect NAME
		expect binder> 
		send explain -32\\r
		expect DEAD
		expect binder> 
		send ping test.hang\\r
		expect alive
		send .save $T/saved\\r
		expect saved as
		expect binder> 
		send .save $T/saved\\r
		expect exists
		expect binder> 
		send \\x04
		end 0
	END
	exits 0 "$T/saved"
	contains "$out" "str \"it's me\""
	contains "$out" $'\n23\n'
	contains "$out" $'\n{ "a", { b = 23 } }\t2\n'
	contains "$out" "test.hang"
	contains "$out" DEAD_OBJECT
	contains "$out" "test.hang: alive"
	grep -qx -- '-- failed: nothing_here()' "$T/saved" || fail "$(cat "$T/saved")"
	grep -qx 'list' "$T/saved" || fail "$(cat "$T/saved")"
}

test_a_saved_call_sends_the_same_bytes() {
	local words=(bool:true byte:-1 char:x i32:-3 u32:4294967295 i64:-9223372036854775808
		u64:18446744073709551615 f32:0.5 f64:-inf 'str:a "q" \ b' str8:x null null:str
		'i32[]:1,-2' 'str[]:a\,b,\e' 'bool[]:true,false' 'char[]:a,b' bytes:00ff0a raw:61626364
		binder:test.echo 'f64[]:' 'null:i32[]')

	world_start
	echo_start test.echo
	printf 'call test.echo 1' >"$T/line"
	for word in "${words[@]}"; do printf " '%s'" "$word"; done >>"$T/line"
	printf '\n.save %s\n' "$T/saved" >>"$T/line"
	exits 0 sh -c 'binderctl <"$1" | grep -v "^saved as"' sh "$T/line"
	wanted=$out
	exits 0 sh -c 'binderctl <"$1"' sh "$T/saved"
	is "$out" "$wanted"
}

test_a_driver_that_goes_and_comes_is_told_and_the_shell_stays() {
	needs_daemon
	world_start
	shell <<-END
		expect binder> 
		send binder.list()\\r
		expect manager
		expect binder> 
		send half
		expect half
		run kill -9 $(cat "$T/binderd.pid")
		expect the driver has gone
		expect binder> half
		send \\x15 1 + 1\\r
		expect 2
		run rm -rf "$T/world" && binderctl up >"$T/up.log" 2>&1
		send .restart\\r
		expect .help
		expect binder> 
		send binder.list()\\r
		expect manager
		expect binder> 
		send down\\r
		expect stopped
		expect binder> 
		send \\x04
		end 0
	END
}

test_without_a_driver_there_is_a_shell_that_says_so() {
	needs_daemon
	export BINDER_DIR=$T/none
	shell <<-'END'
		expect no Binder driver
		expect binder> 
		send 6 * 7\r
		expect 42
		send binder.list()\r
		expect nil
		expect binder> 
		send \x04
		end 0
	END
}

test_colour_is_for_terminals_that_want_it() {
	local typed='expect binder> \nsend x = { "te" .. "xt" }\\r\nexpect binder> \nsend x\\r\nexpect }\nexpect binder> \nsend \\x04\nend 0\n'

	world_start
	# shellcheck disable=SC2059 # its escapes are meant
	printf "$typed" >"$T/typed"
	shell PTY_RAW="$T/colour" <"$T/typed"
	grep -q $'\e\\[32m"text"' "$T/colour" || fail "no colour: $(cat -v "$T/colour")"
	shell PTY_RAW="$T/plain" NO_COLOR=1 <"$T/typed"
	! grep -q $'\e\\[3[0-9]m' "$T/plain" || fail "colour: $(cat -v "$T/plain")"
	shell PTY_RAW="$T/dumb" TERM=dumb <"$T/typed"
	! grep -q $'\e\\[3[0-9]m' "$T/dumb" || fail "colour: $(cat -v "$T/dumb")"
}

# ---- a script through a pipe -----------------------------------------------------------

# piped STATUS TEXT
piped() {
	printf '%b' "$2" >"$T/input"
	exits "$1" sh -c 'binderctl <"$1"' sh "$T/input"
}

test_piped_lines_run_without_prompt_or_colour() {
	world_start
	piped 0 'ping manager\n\n-- a remark\nfor i = 1, 2 do\nprint(i)\nend\n= _.alive\nx = 1'
	is "$(sed 1d <<<"$out")" $'1\n2\ntrue'
	contains "$out" "manager: alive"
	is "$err" ""
	[ ! -e "$HOME/.local/state/binder/history" ] || skip "the user has one"
	piped 0 ''
	is "$out$err" ""
}

test_a_piped_script_ends_at_its_first_error_with_its_status() {
	world_start
	piped 1 'print(1)\nerror("oops")\nprint(2)\n'
	is "$out" 1
	contains "$err" "oops"
	contains "$err" "line 2"
	piped 4 'ping no.such\nprint(2)\n'
	is "$out" ""
	piped 2 'ping\n'
	piped 2 'call manager 1 nope:1\n'
	piped 2 '.nope\n'
	piped 1 'call --reply i32,i32,i32,i32,i32,i32,i32,i32,i32 manager 1 str:x\n'
	contains "$err" "does not hold one"
	piped 1 'for i = 1, 2 do\n'
	contains "$err" "in the middle"
	piped 2 "ping 'manager\n"
}

run_tests "$@"

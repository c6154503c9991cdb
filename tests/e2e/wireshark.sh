#!/bin/bash
# SPDX-License-Identifier: MIT
# wireshark: captures opened with the real tshark, and Binder among its interfaces.
. "$(dirname "$0")/../tap.sh"

needs_tshark() {
	command -v tshark >/dev/null || skip "tshark is not installed"
	needs_daemon
	# The user's folders, of Wireshark 4.0 and of later ones.
	export HOME=$T XDG_CONFIG_HOME=$T/.config
	mkdir -p "$T/.local/lib/wireshark/plugins" "$T/.local/lib/wireshark/extcap" \
		"$T/.config/wireshark/extcap"
	cp scripts/wireshark/binder.lua "$T/.local/lib/wireshark/plugins"
	cp scripts/wireshark/binder-extcap "$T/.local/lib/wireshark/extcap"
	cp scripts/wireshark/binder-extcap "$T/.config/wireshark/extcap"
	# Later ones load no plug-in of root's.
	tshark -G protocols 2>"$T/.err" | grep -q "Android Binder" ||
		skip "this tshark loads no plug-ins of this user's"
}

# fields FILTER FIELD...: a line a packet.
fields() {
	local words=() field

	for field in "${@:2}"; do
		words+=(-e "$field")
	done
	# Twice, so that a request knows its response.
	exits 0 tshark -2 -r "$T/file" -Y "$1" -T fields -E separator=' ' "${words[@]}"
}

# The scripted scenario, in $T/file.
scenario() {
	needs_tshark
	world_start
	background compute binderctl run scripts/compute.lua
	background media binderctl run scripts/media_player.lua
	cat >"$T/dies.lua" <<-'END'
		local binder = require "binder"
		assert(binder.serve("dies", { descriptor = "test.IDies", [1] = function() os.exit(3) end }))
		assert(binder.loop("TERM", "INT"))
	END
	background dies binderctl run "$T/dies.lua"
	binderctl wait compute
	binderctl wait media.player
	binderctl wait dies
	binderctl capture -o "$T/file" 2>"$T/notes" </dev/null &
	capturer=$!
	echo "$capturer" >>"$T/.started"
	until_true grep -q '^capturing ' "$T/notes"
	binderctl call compute add 40 2
	binderctl call compute divide 1 0 || true
	binderctl call --oneway --interface android.media.IMediaPlayerService media.player 4711 i32:3
	binderctl call media.player 4711 i32:7 str:hello || true
	# Its program has a name as long as it lives.
	binderctl ping dies
	until_true grep -aq dies.lua "$T/file"
	binderctl call --interface test.IDies dies 1 || true
	binderctl call compute sum "[$(seq -s , 1 3000)]"
	kill -INT "$capturer"
	wait "$capturer"
}

test_calls_and_replies_are_linked() {
	local request response

	scenario
	fields 'binder.method == "add" && binder.transaction == 0' frame.number binder.response_in \
		binder.service binder.interface binder.code binder.arg.int binder.from.program
	read -r request response line <<<"$out"
	is "$line" "compute com.example.ICompute 1 40,2 binderctl" "request"
	fields "frame.number == $response" binder.request_in binder.arg.int binder.exception \
		binder.method
	is "$out" "$request 42 0 add" "reply"
	fields "frame.number == $response && binder.time > 0 && binder.queued > 0" frame.number
	is "$out" "$response" "times"
}

test_payloads_are_guessed() {
	scenario
	fields 'binder.code == 4711 && binder.flags.oneway == 0' binder.service binder.arg.int binder.arg.string
	is "$out" "media.player 7 hello"
	fields 'binder.flags.oneway == 1' binder.service binder.transaction binder.arg.int
	is "$out" "media.player 1 3"
}

test_failures_are_expert_info() {
	scenario
	fields 'binder.threw' binder.method binder.exception binder.arg.string
	is "$out" "divide -3 division by zero"
	fields 'binder.failed && binder.status' binder.service binder.status
	is "$out" "media.player -74"
	fields 'binder.failed && binder.kind == 3' binder.service binder.id
	contains "$out" "dies "
	fields 'binder.died' binder.from.program
	contains "$out" "dies.lua"
}

test_long_payload_is_marked_as_cut() {
	scenario
	fields 'binder.cut' binder.method
	is "$out" sum
	fields 'binder.method == "sum" && frame.cap_len < frame.len' binder.method
	is "$out" sum
}

test_pids_and_uids_of_both_ends_are_one_field() {
	scenario
	fields "binder.pid == $(cat "$T/compute.pid") && binder.method == \"add\"" binder.transaction
	is "$out" $'0\n2'
	fields "binder.uid == $(id -u) && binder.method == \"add\"" binder.transaction
	is "$out" $'0\n2'
}

test_nothing_is_malformed() {
	scenario
	fields '_ws.malformed || _ws.lua.error || binder.malformed' frame.number
	is "$out" ""
	fields 'binder' binder.version
	is "$(sort -u <<<"$out")" 1
}

test_damaged_packets_do_no_harm() {
	scenario
	# Bytes of the headers and payloads, changed in turn; the blocks' own are left alone.
	for seed in 1 2 3; do
		lua5.4 - "$T/file" "$T/bad" "$seed" <<-'END'
			local from, to, seed = arg[1], arg[2], tonumber(arg[3])
			local data = io.open(from, "rb"):read("a")
			local out, at = {}, 1
			math.randomseed(seed)
			while at <= #data do
				local kind, length = string.unpack("<I4I4", data, at)
				local block = data:sub(at, at + length - 1)
				if kind == 6 then
					local captured = string.unpack("<I4", block, 21)
					for _ = 1, 8 do
						local i = 28 + math.random(100, captured)
						block = block:sub(1, i - 1) .. string.char(math.random(0, 255)) .. block:sub(i + 1)
					end
				end
				out[#out + 1] = block
				at = at + length
			end
			io.open(to, "wb"):write(table.concat(out))
		END
		exits 0 tshark -r "$T/bad" -V
		lacks "$out" "Lua Error"
		capture binderctl show "$T/bad"
		[ "$status" -le 1 ] || fail "show: status $status"
	done
}

test_binder_is_an_interface() {
	needs_tshark
	world_start
	exits 0 tshark -D
	contains "$out" "binder (Binder)"
	exits 0 tshark -L -i binder
	contains "$out$err" "Binder"
	tshark -i binder -a packets:2 -w "$T/file" >"$T/said" 2>&1 </dev/null &
	capturer=$!
	echo "$capturer" >>"$T/.started"
	# It ends itself; until it has begun, pings pass by.
	until_true bash -c "binderctl ping manager && ! kill -0 $capturer 2>/dev/null"
	wait "$capturer" || fail "tshark failed: $(cat "$T/said")"
	exits 0 binderctl show "$T/file"
	contains "$out" "-> manager.ping()"
}

run_tests "$@"

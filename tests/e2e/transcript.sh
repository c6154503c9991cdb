#!/bin/bash
# SPDX-License-Identifier: MIT
# transcript.sh: what `make demo` shows, as separate processes.

. "$(dirname "$0")/../tap.sh"

player_start() {
	world_start
	background player binderctl run scripts/media_player.lua
	binderctl wait --timeout $((10 * SLOW)) media.player
}

test_list_shows_name_pid_and_descriptor() {
	player_start
	capture binderctl list
	is "$status" 0
	is "$(sed -n 1p <<<"$out")" "NAME          PID    DESCRIPTOR"
	is "$(sed -n 2p <<<"$out" | tr -s ' ')" \
		"manager $(cat "$T/servicemanager.pid") android.os.IServiceManager"
	is "$(sed -n 3p <<<"$out" | tr -s ' ')" \
		"media.player $(cat "$T/player.pid") android.media.IMediaPlayerService"
	is "$(wc -l <<<"$out")" 3
}

test_list_as_json_holds_the_same() {
	player_start
	capture binderctl list --json
	contains "$out" '"name": "media.player"'
	contains "$out" "\"pid\": $(cat "$T/player.pid")"
	contains "$out" '"descriptor": "android.media.IMediaPlayerService"'
}

test_long_list_adds_uid_handle_and_program() {
	player_start
	capture binderctl list -l
	contains "$(sed -n 1p <<<"$out")" "UID    HANDLE PROGRAM"
	contains "$(sed -n 2p <<<"$out" | tr -s ' ')" " $(id -u) 0 "
}

test_call_decodes_the_reply_beside_its_words() {
	player_start
	capture binderctl call media.player 1 i32:3
	is "$status" 0
	contains "$out" "00000000"
	contains "$out" "status ok"
	contains "$out" 'str "player 1: idle"'
	contains "$out" "android.media.IMediaPlayer"
}

test_call_reads_values_by_their_types() {
	player_start
	capture binderctl call --reply i32,str,binder media.player 1 i32:3
	contains "$out" "i32 1"
	contains "$out" 'str "player 1: idle"'
	contains "$out" "binder handle"
}

test_dump_shows_what_the_service_writes() {
	player_start
	binderctl call media.player 1 i32:3
	capture binderctl dump media.player
	is "$status" 0
	contains "$out" "music"
	capture binderctl dump media.player playing
	is "$out" "no player is playing"
}

test_an_exception_has_a_name_a_message_and_status_6() {
	player_start
	exits 6 binderctl call media.player 1 i32:99
	contains "$err" "EX_ILLEGAL_ARGUMENT: no stream 99"
}

run_tests "$@"

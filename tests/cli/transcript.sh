#!/bin/bash
# SPDX-License-Identifier: MIT
# transcript.sh: what binderctl prints for the commands of transcript.txt, compared with
# what stands there.  After an intended change:
#
#	WRITE=1 bash tests/cli/transcript.sh && git diff tests/cli/transcript.txt
#
# A line "$ COMMAND" is run by sh in a sandbox with scripts/media_player.lua and
# scripts/compute.lua; its output follows, then "[N]" if its exit status is N and not 0.
# Process ids, handles that depend on chance, and times are masked.
#
# timeout: 400

. "$(dirname "$0")/../tap.sh"

stored=$ROOT/tests/cli/transcript.txt

# One "$ COMMAND" and its output, masked.
one_command() {
	local command=$1 status=0

	echo "\$ $command"
	(cd "$T" && sh -c "$command") >"$T/.both" 2>&1 </dev/null || status=$?
	sed -E \
		-e "s/\b($(cat "$T/player.pid"))\b */<player> /g" \
		-e "s/\b($(cat "$T/compute.pid"))\b */<compute> /g" \
		-e "s/\b($(cat "$T/servicemanager.pid"))\b */<manager> /g" \
		-e "s/\b$(id -u)\b( +[0-9]+ +[a-z])/<uid>\1/" -e "s/^uid +$(id -u)$/uid         <uid>/" \
		-e "s/\"uid\": $(id -u)\b/\"uid\": <uid>/" \
		-e 's/<uid> +[0-9]+ +/<uid> <handle> /' -e 's/^    "handle": [12],/    "handle": <handle>,/' \
		-e "s|$T|<T>|g" -e "s|$ROOT/${BUILD:-build}|<BUILD>|g" -e "s|$ROOT|<ROOT>|g" \
		-e 's/[0-9]+\.[0-9]+ ms/<time> ms/' -e 's/"milliseconds": [0-9.e-]+/"milliseconds": <time>/' \
		-e 's/[0-9]+ +[0-9]{2}:[0-9]{2}:[0-9]{2}$/<client> <time>/' \
		-e 's/within [0-9.]+ (s|ms)/within <time> \1/' <"$T/.both"
	[ "$status" = 0 ] || echo "[$status]"
}

sandbox_with_samples() {
	world_start
	background player binderctl run scripts/media_player.lua
	background compute binderctl run scripts/compute.lua
	binderctl wait --timeout $((10 * SLOW)) media.player
	binderctl wait --timeout $((10 * SLOW)) compute
	printf 'hello\n' >"$T/hello.txt"
	printf 'return binder.list()\nnonsense here\n' >"$T/broken.lua"
	printf 'print(#arg, ...)\n' >"$T/words.lua"
	printf 'package a.b;\ninterface IThing {\n    int twice(int x);\n    oneway void poke(in String why);\n}\n' \
		>"$T/IThing.aidl"
	printf 'interface IBroken { int f(Nowhere x); }\n' >"$T/IBroken.aidl"
}

test_each_command_prints_what_is_stored() {
	local command

	needs_daemon
	sandbox_with_samples
	unset BINDER_AIDL_PATH BINDER_ANDROID BINDER_DOMAIN
	export COLUMNS=100 XDG_STATE_HOME=$T/history
	sed -n 's/^\$ //p' "$stored" | while read -r command; do
		one_command "$command"
	done >"$T/now.txt"
	[ -z "${WRITE:-}" ] || cp "$T/now.txt" "$stored"
	diff -u "$stored" "$T/now.txt" || fail "the output is not what is stored"
}

run_tests "$@"

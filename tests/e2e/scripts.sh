#!/bin/bash
# SPDX-License-Identifier: MIT
# scripts.sh: the test runner notices what is wrong, install-deps.sh names what is missing,
# the demo shows its transcript.

. "$(dirname "$0")/../tap.sh"

# runner TEXT STATUS: runs tests/run on a script that prints the text and ends so.
runner() {
	printf '%s\nexit %s\n' "$1" "$2" >"$T/a.sh"
	capture env TEST_TIMEOUT="${3:-60}" tests/run "$T/a.sh"
	last=$(tail -n 1 <<<"$out")
}

test_the_runner_counts_passes_failures_and_skips() {
	runner 'echo 1..3; echo ok 1 - a; echo "ok 2 - b # SKIP none"; echo ok 3' 0
	is "$status" 0
	is "$last" "2 passed, 0 failed, 1 skipped"
	runner 'echo 1..2; echo ok 1; echo not ok 2 - because' 1
	is "$status" 1
	is "$last" "1 passed, 1 failed"
	contains "$out" "not ok 2 - because"
}

test_the_runner_counts_a_skip_of_libcheck_once() {
	runner 'echo "# SKIP a is so: too busy"; echo 1..2; echo ok 1 - a; echo ok 2' 0
	is "$status" 0
	is "$last" "1 passed, 0 failed, 1 skipped"
	contains "$out" "skipped: a is so: too busy"
}

test_the_runner_notices_a_program_that_died() {
	runner 'echo ok 1' 0
	is "$status" 1 "no plan"
	runner 'echo 1..3; echo ok 1' 0
	is "$status" 1 "fewer than planned"
	contains "$out" "planned 3 results and printed 1"
	runner 'echo 1..1; echo ok 1' 3
	is "$status" 1 "exit status"
	runner 'echo 1..1; echo ok 1; kill -9 $$' 0
	is "$status" 1 "killed"
	runner 'echo 1..2; echo ok 1; sleep 1000' 0 1
	is "$status" 1 "too slow"
	contains "$out" "not done within 1 seconds"
}

# Each with its file and its message, wherever that stands.
test_the_runner_repeats_failures_at_the_end() {
	runner 'echo 1..3; echo "not ok 1 - shell"; echo "#   FAILED: why"; echo "#   --- a.log"
		echo "ok 2"; echo "# lua.lua:7: because"; echo "# more"; echo "not ok 3 - lua"' 1
	is "$(tail -n 4 <<<"$out")" "failed:
  $T/a.sh: 1 - shell: why
  $T/a.sh: 3 - lua: lua.lua:7: because
1 passed, 2 failed"
}

test_the_runner_sets_the_locale_of_every_test() {
	# shellcheck disable=SC2016 # for the script that is run
	LC_ALL=POSIX LC_CTYPE=C runner 'echo 1..1; locale >&2
		[ "$LANG$LC_ALL$LC_CTYPE" = C.UTF-8 ] && echo ok 1 || echo not ok 1' 0
	is "$status" 0 "$out"
}

test_the_runner_fails_when_nothing_ran() {
	capture tests/run
	is "$status" 1
	is "$out" "nothing ran
0 passed, 0 failed"
	runner 'echo "1..0 # SKIP no such thing here"' 0
	is "$status" 1
}

test_no_dependency_is_missing_silently() {
	capture scripts/install-deps.sh
	[ "$status" = 0 ] || skip "not everything is installed here"
	is "$out$err" ""
}

# Only what is named stands in $PATH.
only() {
	local name

	mkdir "$T/path"
	for name in "$@"; do
		printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$name" "$T/called" >"$T/path/$name"
		chmod +x "$T/path/$name"
	done
}

test_another_distribution_is_told_what_to_type() {
	only dnf
	exits 1 env PATH="$T/path" /bin/sh scripts/install-deps.sh lint
	contains "$out" "missing packages: make gcc pkgconf-pkg-config lua mandoc clang"
	contains "$err" "try: dnf install make gcc"
	[ ! -e "$T/called" ]
}

test_debian_gets_its_packages_from_apt() {
	only apt-get sudo
	ln -s "$(command -v env)" "$T/path/env"
	ln -s "$(command -v id)" "$T/path/id"
	exits 1 env PATH="$T/path" /bin/sh scripts/install-deps.sh
	contains "$out" "missing packages: make gcc pkg-config lua5.4 mandoc"
	contains "$(cat "$T/called")" "apt-get install"
	# The stub installs nothing, and that is noticed.
	contains "$err" "still missing: make"
}

test_an_unknown_set_is_refused() {
	exits 2 scripts/install-deps.sh everything
}

test_the_demo_shows_the_transcript() {
	capture scripts/demo.sh "$BUILD"
	is "$status" 0 "$err"
	is "$(sed -n '1,2p' <<<"$out")" "\$ binderctl list
NAME          PID    DESCRIPTOR"
	contains "$out" "android.media.IMediaPlayerService"
	# shellcheck disable=SC2016 # a prompt
	contains "$out" '$ binderctl call media.player 1 i32:3'
	# shellcheck disable=SC2016
	contains "$out" '$ binderctl dump media.player'
}

run_tests "$@"

# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# tap.sh: what a shell test is made of.  A test file sources it, defines
# functions test_<rule>, and ends with `run_tests`.  Each test runs in a subshell
# with -e, in a new folder $T; what it started is stopped by pid afterwards.

BUILD=${BUILD:-build}
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BIN=$ROOT/$BUILD/bin
TESTS=$ROOT/$BUILD/tests
PATH=$BIN:$PATH
export BUILD ROOT PATH

# A limit is for what hangs: the seconds that an idle machine needs at most, times this.
SLOW=${TEST_SLOW:-10}

# A sanitizer, valgrind or an emulator makes everything slower: fewer rounds will do.
is_slow() {
	[ "$SLOW" -gt 10 ]
}

# Programs of ours under valgrind: found in $PATH before the real ones.
use_valgrind() {
	local program

	mkdir "$1"
	for program in binderctl binderd servicemanager; do
		# shellcheck disable=SC2016 # for the shell that runs it
		printf '#!/bin/sh\nexec %s --trace-children=yes --log-file="$T/valgrind.%%p" %s "$@"\n' \
			"$TEST_VALGRIND" "$BIN/$program" >"$1/$program"
		chmod +x "$1/$program"
	done
	PATH=$1:$PATH
}

# ---- results ------------------------------------------------------------------

fail() {
	echo "FAILED: $*"
	exit 1
}

skip() {
	echo "$*" >"$T/.skip"
	exit 77
}

is() {
	[ "$1" = "$2" ] || fail "${3:-value}: got '$1', expected '$2'"
}

contains() {
	case $1 in
	*"$2"*) ;;
	*) fail "expected '$2' in: $1" ;;
	esac
}

lacks() {
	case $1 in
	*"$2"*) fail "did not expect '$2' in: $1" ;;
	esac
}

# For what valgrind itself disturbs: time, the name of a program, one that starts itself
# again, one that another user runs.
not_under_valgrind() {
	[ -z "${TEST_VALGRIND:-}" ] || skip "not under valgrind: $*"
}

# Runs a command; its exit status in $status, its output in $out and $err.
capture() {
	status=0
	"$@" >"$T/.out" 2>"$T/.err" </dev/null || status=$?
	out=$(cat "$T/.out")
	err=$(cat "$T/.err")
}

# exits N COMMAND...: the command must end with that status.
exits() {
	local wanted=$1

	shift
	capture "$@"
	[ "$status" = "$wanted" ] ||
		fail "$*: exit status $status, expected $wanted; out: $out; err: $err"
}

# late TEXT COMMAND...: the command runs out of time (status 7) and says TEXT.  A slow machine
# may spend a short time on something else first: then it gets ten times as long, twice.
late() {
	local text=$1 words=() word before=''
	local -i times

	shift
	for times in 1 10 100; do
		words=()
		for word; do
			[ "$before" != --timeout ] ||
				word=$(LC_ALL=C awk -v n="$word" -v times="$times" 'BEGIN { print n * times }')
			words+=("$word")
			before=$word
		done
		exits 7 timeout $((20 * SLOW + 20)) "${words[@]}"
		[[ $err != *"$text"* ]] || return 0
	done
	contains "$err" "$text"
}

# Tries a condition again until it holds; for what nobody sends an event about.
until_true() {
	local deadline=$((SECONDS + 10 * SLOW))

	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || fail "never became true: $*"
		read -r -t 0.02 <> <(:) || true
	done
}

milliseconds() {
	local now=$EPOCHREALTIME

	now=${now/./}
	echo $((now / 1000))
}

# ---- processes ----------------------------------------------------------------

# background NAME COMMAND...: its pid in $pid and in $T/NAME.pid, its output in $T/NAME.log.
background() {
	local name=$1

	shift
	# Here, as the process may not have got that far when somebody reads it.
	: >"$T/$name.log"
	"$@" >"$T/$name.log" 2>&1 </dev/null &
	pid=$!
	echo "$pid" >"$T/$name.pid"
	echo "$pid" >>"$T/.started"
}

# As background; the command is given --ready-fd 3 and has to write to it.
background_ready() {
	local name=$1 fifo=$T/$1.ready byte=''

	shift
	mkfifo "$fifo"
	"$@" --ready-fd 3 3>"$fifo" >"$T/$name.log" 2>&1 </dev/null &
	pid=$!
	echo "$pid" >"$T/$name.pid"
	echo "$pid" >>"$T/.started"
	read -r -N 1 -t $((10 * SLOW)) byte <"$fifo" || [ -n "$byte" ] ||
		fail "$name did not get ready: $(cat "$T/$name.log")"
	rm -f "$fifo"
}

# as_user UID COMMAND...; in the background "${become[@]}" --reuid UID COMMAND..., because
# a function would have a shell of its own there, and a signal end that one alone.
become=(setpriv --regid 65534 --clear-groups)
as_user() {
	"${become[@]}" --reuid "$@"
}

# needs_user UID: one as whom the programs can be run; the test's folder lets that user through.
needs_user() {
	not_under_valgrind "another user runs it"
	[ "$(id -u)" = 0 ] || skip "needs root to become another user"
	command -v setpriv >/dev/null || skip "needs setpriv"
	as_user "$1" test -x "$BIN/binderctl" ||
		skip "another user cannot run the programs of this folder"
	chmod 755 "$T" "${T%/*}"
}

# stop NAME [SIGNAL]: and waits for the end.
stop() {
	local pid

	pid=$(cat "$T/$1.pid")
	kill -"${2:-TERM}" "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}

are_stopped() {
	! grep -L '^State:.T' "/proc/$1/task/"*/status | grep -q .
}

# freeze NAME: when it returns, none of its threads runs any more.
freeze() {
	kill -STOP "$(cat "$T/$1.pid")"
	until_true are_stopped "$(cat "$T/$1.pid")"
}

thaw() {
	kill -CONT "$(cat "$T/$1.pid")"
}

# A driver and a service manager of our own; more options for the latter.  The
# driver is a daemon, or the devices in the folder that TEST_DEVICES names.
world_start() {
	export BINDER_DIR=$T/world
	export BINDER_DEVICE=$T/world/binder
	if [ -n "${TEST_DEVICES:-}" ]; then
		mkdir -m 700 "$BINDER_DIR"
		ln -s "$TEST_DEVICES"/*binder "$BINDER_DIR"
	else
		background_ready binderd binderd --dir "$BINDER_DIR"
	fi
	background_ready servicemanager servicemanager --device "$BINDER_DEVICE" "$@"
}

# For what is about the daemon itself.
needs_daemon() {
	[ -z "${TEST_DEVICES:-}" ] || skip "about binderd"
}

# echo_start [NAME [OPTION...]]: the service of tests/e2e/echo_service.c.
echo_start() {
	local name=${1:-echo}

	[ $# = 0 ] || shift
	background_ready "${name//\//_}" "$TESTS/echo-service" --name "$name" "$@"
}

stop_all() {
	local pid

	[ -e "$T/.started" ] || return 0
	# The last started first: services before their driver.
	while read -r pid; do
		kill "$pid" 2>/dev/null || true
		# One that a test has stopped would not hear of it.  No other: a sanitizer
		# that looks for leaks at the end hangs after a SIGCONT.
		! grep -q '^State:.T' "/proc/$pid/status" 2>/dev/null || kill -CONT "$pid"
	done < <(tac "$T/.started")
	while read -r pid; do
		wait "$pid" 2>/dev/null || true
	done <"$T/.started"
}

# ---- running ------------------------------------------------------------------

# Runs every function test_*, or those named by the arguments.
run_tests() {
	local number=0 all bad=0 name status base

	if [ $# -gt 0 ]; then
		all=("$@")
	else
		mapfile -t all < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p')
	fi
	base=$(mktemp -d) || exit 1
	# shellcheck disable=SC2064 # the folder of this run, now
	trap "rm -rf '$base'" EXIT
	[ -z "${TEST_VALGRIND:-}" ] || use_valgrind "$base/bin"
	echo "1..${#all[@]}"
	for name in "${all[@]}"; do
		number=$((number + 1))
		export T=$base/$number
		mkdir -m 700 "$T"
		(
			trap stop_all EXIT
			set -eEu
			trap 'echo "line ${BASH_LINENO[0]}: $BASH_COMMAND: status $?"' ERR
			cd "$ROOT" || exit 1
			"$name"
		) >"$T/.log" 2>&1
		status=$?
		name=${name#test_}
		# What valgrind found in any process of the test.
		for log in "$T"/valgrind.*; do
			# Its own remarks (a system call that it does not know) begin with --.
			! grep -qs '^==' "$log" || { status=99; grep '^==' "$log" >>"$T/.log"; }
		done
		if [ "$status" = 0 ]; then
			echo "ok $number - $name"
		elif [ "$status" = 77 ] && [ -e "$T/.skip" ]; then
			echo "ok $number - $name # SKIP $(cat "$T/.skip")"
		else
			echo "not ok $number - $name"
			sed 's/^/#   /' "$T/.log"
			for log in "$T"/*.log; do
				[ -s "$log" ] || continue
				echo "#   --- ${log##*/}"
				tail -n 20 "$log" | sed 's/^/#   /'
			done
			bad=1
		fi
		rm -rf "$T"
	done
	return $bad
}

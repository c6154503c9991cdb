#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check-fresh.sh SUITE: `make check` as on a fresh Debian (bookworm, trixie) that is busy.
#
# Copies a minimal SUITE (fresh.sh) to build/fresh/SUITE (FRESH names another folder than
# build/fresh), once; clones the last commit into it; and runs there, as root, without a
# locale, `nice make check` beside busy loops, several times in a row.  Called by
# `make check-fresh SUITE=...`.
#
#   ROUNDS   how many times (3)
#   BUSY     how many busy loops (4)
#   MIRROR   where packages come from (the mirror that this machine uses)
#
# Needs root, for debootstrap and for mounts, which are in a namespace of their own and end
# with the run.  What was said is in build/fresh/SUITE-ROUND.log.  The last line is
# "N passed, N failed" (and "N skipped"), summed up over all rounds.
set -u
cd "$(dirname "$0")/.." || exit 1

say() {
	echo "check-fresh.sh: $*" >&2
}

die() {
	say "$@"
	exit 1
}

suite=${1:-}
case $suite in
bookworm|trixie) ;;
*) echo "usage: make check-fresh SUITE=bookworm|trixie [ROUNDS=3] [BUSY=4]" >&2; exit 2 ;;
esac
ROUNDS=${ROUNDS:-3} BUSY=${BUSY:-4}
mkdir -p "${FRESH:=build/fresh}" && FRESH=$(cd "$FRESH" && pwd) || exit 1
export FRESH
root=$FRESH/$suite

# inside COMMAND...: its processes, and its mounts, end with it.
inside() {
	scripts/fresh.sh run "$root" env BUSY="$BUSY" "$@"
}

make_machine() {
	local base

	base=$(scripts/fresh.sh base "$suite") || exit 1
	rm -rf "$root"
	cp -a "$base" "$root" || die "cannot copy $base to $root"
	rm "$root/.made"
	# What somebody has who got the project: the rest is for `make check` to install.
	inside sh -c 'apt-get -qq update && apt-get -qq install --no-install-recommends make git' \
		>"$root.log" 2>&1 ||
		die "make and git cannot be installed in $root; see $root.log"
	: >"$root/.made"
}

[ "$(id -u)" = 0 ] || die "needs root: sudo make check-fresh SUITE=$suite"
command -v git >/dev/null || die "there is no git; try: apt-get install git"
[ -e "$root/.made" ] || make_machine

[ -z "$(git status --porcelain --untracked-files=no)" ] ||
	say "the last commit is what is checked, without what was changed since"
# Where other users may go, too, as some tests become one.
rm -rf "$root/srv/binder"
git clone -q --no-hardlinks . "$root/srv/binder" || die "cannot clone into $root"

# ---- the rounds -------------------------------------------------------------------------

passed=0 failed=0 skipped=0
for round in $(seq "$ROUNDS"); do
	log=$FRESH/$suite-$round.log
	say "$suite, round $round of $ROUNDS, beside $BUSY busy loops: $log"
	began=$SECONDS
	# The loops end with the namespace.
	# shellcheck disable=SC2016 # for the shell inside
	inside bash -c 'for ((i = 0; i < BUSY; i++)); do while :; do :; done & done
		cd /srv/binder && nice make check' >"$log" 2>&1 </dev/null
	status=$?
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
	say "round $round: ${line:-no result, status $status}, $((SECONDS - began)) s"
	sed -n '/^failed:$/,$p' "$log" | grep '^  '
	if [ -z "$line" ]; then
		tail -n 20 "$log" | sed 's/^/  | /'
		line="0 passed, 1 failed"
	fi
	# shellcheck disable=SC2046 # its words are what is wanted
	set -- $(printf '%s' "$line" | tr -d ',')
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + ${5:-0}))
	[ "$status" = 0 ] || [ "$3" != 0 ] || failed=$((failed + 1))
done
summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" = 0 ]

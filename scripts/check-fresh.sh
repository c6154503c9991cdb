#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check-fresh.sh SUITE: `make check` as on a fresh Debian (bookworm, trixie) that is busy.
#
# Debootstraps a minimal SUITE into build/fresh/SUITE (FRESH names another folder than
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
root=$FRESH/$suite

# ---- the machine, from within -----------------------------------------------------------

# The namespace's first process: makes the folder its root.
enter() {
	mount --make-rprivate / && mount --bind "$root" "$root" && cd "$root" || exit 1
	mount -t proc proc proc && mount -t sysfs -o ro sysfs sys && mount -t tmpfs tmpfs run &&
		mount -t tmpfs -o mode=755 tmpfs dev || exit 1
	mkdir dev/pts dev/shm .old 2>/dev/null
	for node in null zero full random urandom tty; do
		: >"dev/$node" && mount --bind "/dev/$node" "dev/$node" || exit 1
	done
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts &&
		mount -t tmpfs -o mode=1777 tmpfs dev/shm || exit 1
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	for number in 0:stdin 1:stdout 2:stderr; do
		ln -s "/proc/self/fd/${number%:*}" "dev/${number#*:}"
	done
	# Not chroot: there a process may make no namespaces.
	pivot_root . .old && umount -l .old || exit 1
	cd / || exit 1
	exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		TERM=dumb BUSY="$BUSY" "$@"
}

if [ "${2:-}" = --enter ]; then
	shift 2
	enter "$@"
fi

# inside COMMAND...: its processes, and its mounts, end with it.
inside() {
	FRESH=$FRESH BUSY=$BUSY unshare --mount --pid --fork --kill-child \
		bash scripts/check-fresh.sh "$suite" --enter "$@"
}

# ---- the machine, from without ----------------------------------------------------------

# The address below which this machine finds suites that match a pattern.
mirror_of() {
	apt-get update --print-uris -o Dir::State::lists="$FRESH/nothing" 2>/dev/null |
		sed -n "s|^'\([^']*\)/dists/$1/[^']*' .*|\1|p" | head -n 1
}

make_machine() {
	local mirror security

	mkdir -p "$FRESH/nothing/partial"
	mirror=${MIRROR:-$(mirror_of '[a-z]*')}
	security=$(mirror_of '[a-z]*-security')
	rm -rf "$FRESH/nothing"
	[ -n "$mirror" ] || die "no Debian mirror in this machine's package sources; try: MIRROR=http://..."
	say "debootstrap $suite into $root"
	rm -rf "$root"
	debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
		die "debootstrap failed; see $root.log"
	{
		echo "deb $mirror $suite main"
		[ -z "$security" ] || echo "deb $security $suite-security main"
	} >"$root/etc/apt/sources.list"
	cp /etc/resolv.conf /etc/hosts "$root/etc/"
	# What somebody has who got the project: the rest is for `make check` to install.
	inside sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
		apt-get -qq install --no-install-recommends make git' >>"$root.log" 2>&1 ||
		die "make and git cannot be installed in $root; see $root.log"
	: >"$root/.made"
}

[ "$(id -u)" = 0 ] || die "needs root: sudo make check-fresh SUITE=$suite"
for command in debootstrap unshare pivot_root git; do
	command -v "$command" >/dev/null || die "there is no $command; try: apt-get install debootstrap util-linux git"
done
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

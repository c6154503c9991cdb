#!/bin/bash
# SPDX-License-Identifier: MIT
#
# try-packages.sh SUITE: installs, uses, upgrades and purges the packages of build/deb/SUITE in a
# fresh Debian, as a user would, and looks at what is left.  Run `make deb SUITE=...` first.
#
# Needs root, and no compiler is installed there.  The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1

# ---- inside ------------------------------------------------------------------------------

passed=0 failed=0

# check WORDS COMMAND...: one result.
check() {
	local words=$1

	shift
	if "$@" >/tmp/out 2>&1; then
		passed=$((passed + 1))
		echo "ok - $words"
	else
		failed=$((failed + 1))
		echo "not ok - $words"
		sed 's/^/  | /' /tmp/out | tail -n 20
	fi
}

as_user() {
	setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/user \
		XDG_RUNTIME_DIR=/run/user/1000 PATH=/usr/bin:/bin "$@"
}

files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \
		-o -path /share -o -path /home -o -path /var/cache -o -path /var/lib/apt \
		-o -path /var/lib/dpkg -o -path /var/log \) -prune -o -print | LC_ALL=C sort
}

# The first steps of the README.
first_steps() {
	set -e
	as_user binderctl up
	as_user sh -c 'binderctl run /usr/share/binderctl/scripts/media_player.lua >/dev/null 2>&1 &'
	as_user binderctl wait media.player
	as_user binderctl list -l
	as_user binderctl call media.player 1 i32:3 | grep 'player 1: idle'
	as_user binderctl call --reply 'i32[],str[]' media.player 2
	as_user binderctl dump media.player idle
	as_user binderctl --json info media.player
	as_user binderctl explain 29201
	as_user binderctl methods manager
}

world_lives() {
	as_user binderctl call media.player 1 i32:4 | grep 'player 2: idle'
	as_user binderctl doctor | grep 'was replaced'
}

end_of_world() {
	as_user binderctl down
	! as_user binderctl ping media.player
}

stock_lua() {
	as_user binderctl sandbox -- lua5.4 -e 'local b = require "binder"
		assert(#b.list() == 1); require "binder.test"'
}

nothing_is_left() {
	files | LC_ALL=C diff /tmp/before - | grep '^[<>]' | grep -v -e ' /etc/.*passwd' -e ' /etc/.*shadow' \
		-e ' /etc/.*group' >/tmp/left
	cat /tmp/left
	[ ! -s /tmp/left ]
}

inside() {
	local packages

	cd /share || exit 1
	packages=$(find . -maxdepth 1 -name '*.deb' ! -name '*dbgsym*' ! -name '*dkms*')
	apt-get -qq update
	mkdir -p /home/user /run/user/1000
	chown 1000:1000 /home/user /run/user/1000
	# What is not ours: dependencies, and the Lua that tries the module.
	# shellcheck disable=SC2046,SC2086 # lists of words
	apt-get -qq install --no-install-recommends lua5.4 \
		$(apt-get -s install --no-install-recommends $packages | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
		grep -v binder) >/tmp/out 2>&1 || cat /tmp/out
	files >/tmp/before
	# shellcheck disable=SC2086
	check "the packages install" apt-get -qq install --no-install-recommends $packages
	check "no compiler came with them" sh -c '! command -v cc'
	dpkg-query -W -f '# ${Package} ${Version}: ${Installed-Size} KiB\n' '*binder*' 2>/dev/null
	check "README's first steps work" first_steps
	check "the Lua module works in lua5.4" stock_lua
	# shellcheck disable=SC2086
	check "they upgrade" apt-get -qq install --reinstall $packages
	check "a running world survives that, and doctor says that binderd is old" world_lives
	check "it ends" end_of_world
	echo 'max-opens-per-uid = 5000' >>/etc/binder/binderd.conf
	# shellcheck disable=SC2046
	check "they are removed" apt-get -qq remove $(dpkg-query -W -f '${Package} ' '*binder*')
	check "what people wrote is kept" test -e /etc/binder/binderd.conf
	# shellcheck disable=SC2046
	check "they are purged" dpkg --purge $(dpkg-query -W -f '${Package} ' '*binder*')
	check "nothing is left" nothing_is_left
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}

# ---- outside -----------------------------------------------------------------------------

if [ "${1:-}" = --inside ]; then
	inside
	exit
fi
suite=${1:-}
[ -n "$(ls "build/deb/$suite"/*.deb 2>/dev/null)" ] ||
	{ echo "try-packages.sh: no packages in build/deb/$suite; try: make deb SUITE=bookworm|trixie" >&2; exit 2; }
root=$(scripts/fresh.sh base "$suite") || exit 1
cp scripts/try-packages.sh "build/deb/$suite"
scripts/fresh.sh run --throwaway --share "build/deb/$suite" "$root" bash /share/try-packages.sh --inside

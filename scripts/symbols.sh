#!/bin/bash
# SPDX-License-Identifier: MIT
#
# symbols.sh [--check] [BUILD]: what libbinder.so.1 exports, and since which version, in
# debian/libbinder1.symbols.
#
# Adds what is new with the version of the Makefile.  --check changes nothing and fails when
# something is missing there, or is there and not exported any more.  Called by make symbols and
# by release.sh.
set -eu
cd "$(dirname "$0")/.."
check=
if [ "${1:-}" = --check ]; then
	check=1
	shift
fi
build=${1:-build}
file=debian/libbinder1.symbols
version=$(sed -n 's/^VERSION := //p' Makefile)
library=$build/lib/libbinder.so.1
[ -e "$library" ] || { echo "symbols.sh: there is no $library; try: make" >&2; exit 1; }

exported() {
	nm -D --defined-only "$library" | awk '{ sub(/@@/, "@", $3); print $3 }' |
		sed 's/^LIBBINDER_1$/LIBBINDER_1@LIBBINDER_1/' | LC_ALL=C sort -u
}

listed() {
	sed -n 's/^ \([^ ]*\) .*/\1/p' "$file" 2>/dev/null | LC_ALL=C sort -u
}

gone=$(LC_ALL=C comm -13 <(exported) <(listed))
new=$(LC_ALL=C comm -23 <(exported) <(listed))
if [ -n "$gone" ]; then
	printf 'symbols.sh: no longer exported, so programs that use it break:\n%s\n' "$gone" >&2
	exit 1
fi
[ -n "$new" ] || exit 0
if [ -n "$check" ]; then
	printf 'symbols.sh: not in %s; run make symbols:\n%s\n' "$file" "$new" >&2
	exit 1
fi
{
	echo "libbinder.so.1 libbinder1 #MINVER#"
	echo "* Build-Depends-Package: libbinder-dev"
	{
		sed -n 's/^ //p' "$file" 2>/dev/null || true
		for symbol in $new; do echo "$symbol $version"; done
	} | LC_ALL=C sort -u | sed 's/^/ /'
} >"$file.new"
mv "$file.new" "$file"

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# release.sh: what has to be true of a commit before its version is tagged.
#
# Looks only; says of each point whether it is so, and at the end what is still to be done by hand.
# `release.sh --quick` leaves out the build of packages.  Exit status 1: something is wrong.
set -u
cd "$(dirname "$0")/.." || exit 1
wrong=0

# point WORDS COMMAND...
point() {
	local words=$1 output

	shift
	if output=$("$@" 2>&1); then
		echo "ok      $words"
	else
		echo "WRONG   $words"
		[ -z "$output" ] || printf '%s\n' "$output" | tail -n 5 | sed 's/^/          /'
		wrong=$((wrong + 1))
	fi
}

version=$(sed -n 's/^VERSION := //p' Makefile)
echo "version $version"

clean() {
	[ -z "$(git status --porcelain)" ]
}

not_tagged() {
	! git rev-parse -q --verify "refs/tags/v$version" >/dev/null
}

in_rockspec() {
	grep -qx "version = \"$version-1\"" "lua/binder-$version-1.rockspec"
}

in_readme() {
	grep -q "binderctl $version; .help" README.md
}

in_changelog() {
	grep -qx "## $version" CHANGELOG.md
}

in_debian() {
	[ "$(sed -n '1s/^binder (\(.*\)-[^-]*) .*/\1/p' debian/changelog)" = "$version" ]
}

built() {
	build/bin/binderctl --version | grep -qx "binderctl $version"
}

# The same bytes twice.
dist_repeats() {
	local one two

	one=$(scripts/dist.sh build/dist) && two=$(scripts/dist.sh build/dist/again) &&
		cmp "$one" "$two" && rm -r build/dist/again
}

packages() {
	TWICE=1 scripts/deb.sh "$1" >"build/deb-$1.log" 2>&1 || { tail -n 5 "build/deb-$1.log"; return 1; }
	scripts/try-packages.sh "$1"
}

point "nothing is uncommitted" clean
point "the version is not tagged yet" not_tagged
point "the rockspec has the version, in its name too" in_rockspec
point "README's shell shows it" in_readme
point "CHANGELOG.md has a section for it" in_changelog
point "debian/changelog has an entry for it" in_debian
point "the build has it" built
point "debian/libbinder1.symbols has what libbinder exports" scripts/symbols.sh --check
point "the tarball is the same twice" dist_repeats
if [ "${1:-}" != --quick ]; then
	for suite in bookworm trixie; do
		point "packages of $suite: built twice, lintian, installed, upgraded, purged" packages "$suite"
	done
fi
cat <<END
by hand:
  make check, make check SAN=asan,ubsan, make check SAN=tsan, make check-kernel, make lint
  sudo make check-fresh SUITE=bookworm, and trixie
  git tag -s v$version -m 'Binder $version'; make dist; sign build/dist/binder-$version.tar.xz
END
[ "$wrong" = 0 ]

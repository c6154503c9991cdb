#!/bin/bash
# SPDX-License-Identifier: MIT
#
# deb.sh SUITE: Debian packages of the last commit, in build/deb/SUITE.  Called by make deb.
#
# SUITE is bookworm or trixie: they are built in a fresh Debian of that kind, as root; or
# `here`: on this machine, which has to have what debian/control names.  After that lintian
# checks them; an error or a warning is a failure.
#
#   DEB_BUILD_OPTIONS   as for every Debian package; nocheck leaves the tests out
#   TWICE=1             builds a second time in another folder, time zone, locale and umask;
#                       a package that differs is a failure
#   DEB_ROOT=FOLDER     a Debian in which the build may install things and leave them, so that
#                       the next build is faster
set -u
cd "$(dirname "$0")/.." || exit 1

die() {
	echo "deb.sh: $*" >&2
	exit 1
}

# What runs where the packages are built; $share is the output folder.
build_script() {
	cat <<'END'
set -eu
cd "$share/$source"
if [ "$install" = 1 ]; then
	apt-get -qq update
	apt-get -qq install --no-install-recommends build-essential fakeroot lintian
	apt-get -qq build-dep .
fi
dpkg-buildpackage -us -uc -nc
if [ "$twice" = 1 ]; then
	mkdir "$share/second"
	cp -a "$share/$source" "$share/second/another-folder"
	cp "$share"/*.orig.tar.xz "$share/second"
	cd "$share/second/another-folder"
	(umask 002; TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 HOME=/nonexistent dpkg-buildpackage -us -uc -b)
	different=
	for file in "$share"/*.deb; do
		cmp "$file" "$share/second/${file##*/}" || different="$different ${file##*/}"
	done
	[ -z "$different" ] || { echo "not reproducible:$different" >&2; exit 1; }
	echo "reproducible: the second build gave the same packages"
	rm -rf "$share/second"
fi
cd "$share"
lintian --info --allow-root --fail-on error,warning ./*.changes
END
}

suite=${1:-}
case $suite in
bookworm|trixie|here) ;;
*) die "usage: make deb SUITE=bookworm|trixie|here" ;;
esac
version=$(git show HEAD:Makefile | sed -n 's/^VERSION := //p') || die "needs a checkout of git"
source=binder-$version
out=$PWD/build/deb/$suite
rm -rf "$out"
scripts/dist.sh "$out" >/dev/null || exit 1
mv "$out/$source.tar.xz" "$out/binder_$version.orig.tar.xz"
tar -C "$out" -xf "$out/binder_$version.orig.tar.xz" || exit 1
[ -z "$(git status --porcelain --untracked-files=no)" ] ||
	echo "deb.sh: the last commit is built, without what was changed since" >&2

script=$(build_script)
if [ "$suite" = here ]; then
	install=0 twice=${TWICE:-0} source=$source share=$out bash -c "$script" || exit 1
else
	root=${DEB_ROOT:-$(scripts/fresh.sh base "$suite")} || exit 1
	throwaway=(--throwaway)
	[ -z "${DEB_ROOT:-}" ] || throwaway=()
	scripts/fresh.sh run "${throwaway[@]}" --share "$out" "$root" \
		env install=1 twice="${TWICE:-0}" source="$source" share=/share \
		DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-}" bash -c "$script" || exit 1
fi
ls "$out"/*.deb

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# dist.sh [FOLDER]: the last commit as binder-VERSION.tar.xz in FOLDER (build/dist).
#
# All of it comes from git, so that the same commit gives the same bytes everywhere with the
# same xz; changes that are not committed are not in it.  Called by make dist and deb.sh.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/dist}
git rev-parse --verify -q HEAD >/dev/null ||
	{ echo "dist.sh: the tarball is made from git, and this folder is no checkout" >&2; exit 1; }
version=$(git show HEAD:Makefile | sed -n 's/^VERSION := //p')
mkdir -p "$out"
git archive --format=tar --prefix="binder-$version/" HEAD |
	xz --threads=1 -6 >"$out/binder-$version.tar.xz"
echo "$out/binder-$version.tar.xz"

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# aidl-error-exits-0.sh: Debian's AIDL compiler prints an error and reports success.
#
# Version:      aidl 1:10.0.0+r36-4+b1 (Debian 12), --lang=java
# Input:        a method that returns List<int>
# Expectation:  the compiler refuses it: no output file, exit status not 0.
# Behaviour:    it prints "ERROR: ...: List<int>' is not yet supported." (twice), exits with
#               status 0, and writes a Java file with java.util.List<int>, which no Java
#               compiler accepts.  With --lang=cpp it exits with status 1 and writes nothing.
# Consequence:  a build that trusts the exit status fails later, in another tool.
#
# Exits 0 while this is so, 1 when it has changed, 2 when the package cannot be had.
set -u
VERSION=1:10.0.0+r36-4+b1
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
mkdir -p "$T/archives/partial" "$T/root" "$T/a" "$T/java" "$T/cpp"
: >"$T/status"

# With an empty list of installed packages, apt fetches all that the program needs.
apt-get -qq -o Dir::State::status="$T/status" -o Dir::Cache::archives="$T/archives" \
	-o APT::Sandbox::User=root --no-install-recommends --download-only -y \
	install "aidl=$VERSION" >"$T/apt.log" 2>&1 || { tail -n 2 "$T/apt.log" >&2; exit 2; }
for package in "$T"/archives/*.deb; do dpkg -x "$package" "$T/root"; done
LIBRARIES=$T/root/usr/lib/x86_64-linux-gnu/android:$T/root/usr/lib/x86_64-linux-gnu:$T/root/lib/x86_64-linux-gnu

aidl() {
	"$T"/root/lib64/ld-linux-x86-64.so.2 --library-path "$LIBRARIES" "$T/root/usr/bin/aidl" "$@"
}

printf 'package a;\ninterface INumbers { List<int> all(); }\n' >"$T/a/INumbers.aidl"
aidl --lang=java -I "$T" -o "$T/java" "$T/a/INumbers.aidl" >"$T/java.log" 2>&1
java=$?
aidl --lang=cpp -I "$T" -o "$T/cpp" -h "$T/cpp" "$T/a/INumbers.aidl" >"$T/cpp.log" 2>&1
cpp=$?

sed "s|$T/||g" "$T/java.log"
echo "java: status $java"
grep -m 1 'List<int>' "$T/java/a/INumbers.java"
echo "cpp: status $cpp, $(find "$T/cpp" -type f | wc -l) files"

[ "$java" = 0 ] && grep -q 'ERROR: .*not yet supported' "$T/java.log" &&
	grep -q 'java.util.List<int>' "$T/java/a/INumbers.java" && [ "$cpp" != 0 ]

# Output seen:
#   ERROR: a/INumbers.aidl:2.21-26: List<int>' is not yet supported.
#   ERROR: a/INumbers.aidl:2.21-26: List<int>' is not yet supported.
#   java: status 0
#       @Override public java.util.List<int> all() throws android.os.RemoteException
#   cpp: status 1, 0 files

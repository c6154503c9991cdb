#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tshark-custom-block-is-a-frame.sh: a pcapng Custom Block takes a frame number.
#
# Version:      tshark and capinfos 4.0.17-0+deb12u3 (Debian 12)
# Input:        a pcapng file: section header, interface, packet, custom block (type 0x00000BAD,
#               the enterprise number reserved for documentation), packet
# Expectation:  a custom block is metadata: the packets are frames 1 and 2.
# Behaviour:    tshark shows three frames and gives the custom block number 2, so the second packet
#               is frame 3.  capinfos, from the same source package, counts 2 packets.
# Consequence:  metadata in custom blocks moves the numbers of the packets behind it, and two
#               tools disagree about the same file.  binderctl's captures use options instead.
#
# Exits 0 while this is so, 1 when it has changed, 2 when the packages cannot be had.
set -u
VERSION=4.0.17-0+deb12u3
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
mkdir -p "$T/archives/partial" "$T/root"
: >"$T/status"

# With an empty list of installed packages, apt fetches all that the programs need.
apt-get -qq -o Dir::State::status="$T/status" -o Dir::Cache::archives="$T/archives" \
	-o APT::Sandbox::User=root --no-install-recommends --download-only -y \
	install "tshark=$VERSION" "wireshark-common=$VERSION" >"$T/apt.log" 2>&1 ||
	{ tail -n 2 "$T/apt.log" >&2; exit 2; }
for package in "$T"/archives/*.deb; do dpkg -x "$package" "$T/root"; done
LIBRARIES=$T/root/usr/lib/x86_64-linux-gnu:$T/root/lib/x86_64-linux-gnu

installed() {
	local program=$1

	shift
	"$T"/root/lib64/ld-linux-x86-64.so.2 --library-path "$LIBRARIES" "$T/root/usr/bin/$program" "$@"
}

# le32 NUMBER...: each as four bytes, the lowest first.
le32() {
	local number

	for number; do
		# shellcheck disable=SC2059 # the format is made of the number
		printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((number & 255)) $((number >> 8 & 255)) \
			$((number >> 16 & 255)) $((number >> 24 & 255)))"
	done
}

packet() {
	le32 6 36 0 0 1000 4 4
	printf '%s' "$1"
	le32 36
}

{
	le32 0x0A0D0D0A 28 0x1A2B3C4D 1 0xffffffff 0xffffffff 28	# section header, version 1.0
	le32 1 20 147 0 20						# interface, DLT_USER0
	packet one!
	le32 0xBAD 24 32473
	printf 'metadata'
	le32 24
	packet two!
} >"$T/capture.pcapng"

frames=$(installed tshark -r "$T/capture.pcapng" -T fields -e frame.number -e frame.len 2>/dev/null)
packets=$(installed capinfos -M -c "$T/capture.pcapng" 2>/dev/null | sed -n 's/^Number of packets: *//p')
printf 'tshark:\n%s\n' "$frames"
echo "capinfos: $packets packets"
[ "$(wc -l <<<"$frames")" = 3 ] && [ "$packets" = 2 ]

# Output seen:
#   tshark:
#   1	4
#   2	8
#   3	4
#   capinfos: 2 packets

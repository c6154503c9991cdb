#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-layers.sh: check that includes and calls go from upper folders to lower ones.
#
# usage: scripts/check-layers.sh [BUILD]
#
# The table below names every folder of sources (a room) and the rooms that it may use.  A row may
# name only rooms of rows above it, so the table itself has no circle.  "ROOM = FILE..." moves files
# of a folder to another room.  The script reads the #include lines of all sources, and the
# undefined symbols of all objects in BUILD/obj, and reports each use that the table does not allow.
# A program that uses libbinder from outside sees its public headers and exported symbols; both
# belong to the room libbinder/include.
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}

table() {
	cat <<-'END'
		driver:
		driver/user/shim:
		driver/core: driver driver/user/shim
		driver/client: driver
		driver/daemon: driver
		driver/user/base: driver driver/core driver/user/shim driver/daemon
		driver/user/limits: driver driver/core driver/user/shim driver/user/base
		driver/user/platform: driver driver/core driver/user/shim driver/user/base driver/user/limits
		driver/user/channel: driver driver/daemon driver/core driver/user/shim driver/user/base driver/user/platform driver/user/limits
		driver/user: driver driver/core driver/user/base driver/user/platform driver/user/limits driver/user/channel
		driver/user/base = driver/user/log driver/user/loop driver/user/options driver/user/port

		libbinder/include:
		libbinder/base: libbinder/include
		libbinder/connection: libbinder/include libbinder/base driver driver/client
		libbinder/parcel: libbinder/include libbinder/base libbinder/connection driver
		libbinder/object: libbinder/include libbinder/base libbinder/connection libbinder/parcel driver
		libbinder/hidl: libbinder/include libbinder/base libbinder/connection libbinder/parcel libbinder/object
		libbinder/manager: libbinder/include libbinder/base libbinder/connection libbinder/parcel libbinder/object libbinder/hidl driver
		libbinder/ndk: libbinder/include libbinder/base libbinder/connection libbinder/parcel libbinder/object libbinder/hidl libbinder/manager driver
		libbinder/aidl: libbinder/include
		libbinder/codec: libbinder/include libbinder/base libbinder/parcel libbinder/object libbinder/aidl

		servicemanager: driver/daemon libbinder/include libbinder/base libbinder/connection libbinder/parcel libbinder/hidl
		lua: libbinder/include
		cli/aidl_c: libbinder/include
		cli/base: libbinder/include
		cli/value: libbinder/include cli/base
		cli/complete: libbinder/include cli/base cli/value
		cli/lua: libbinder/include lua cli/base
		cli/capture: libbinder/include cli/base
		cli/state: libbinder/include cli/base
		cli/watch: libbinder/include cli/base cli/value cli/capture
		cli/verbs: libbinder/include lua cli/base cli/value cli/complete cli/lua cli/watch cli/capture cli/state cli/aidl_c
		cli/top: libbinder/include cli/base cli/value cli/complete cli/capture cli/watch
		cli/trace: libbinder/include driver cli/base cli/value cli/complete cli/capture cli/watch cli/verbs
		cli/doctor: libbinder/include cli/base cli/value cli/verbs
		cli/repl: libbinder/include lua cli/base cli/value cli/complete cli/lua cli/verbs
		cli: libbinder/include lua cli/base cli/value cli/complete cli/lua cli/verbs cli/top cli/trace cli/doctor cli/repl
		cli/base = cli/errors cli/failure cli/session cli/interface cli/interface_near cli/options
		cli/base = cli/kernel_driver cli/suggest cli/up_dir cli/verb cli/exit cli/value/text
		cli/base = cli/peer cli/waiting
	END
}

sources() {
	git ls-files --cached --others --exclude-standard "$@"
}

# Lines "include FILE HEADER", for each #include "HEADER" or <binder/HEADER>.
includes() {
	sources 'driver/*.[ch]' 'libbinder/*.[ch]' 'servicemanager/*.[ch]' 'lua/*.[ch]' 'cli/*.[ch]' | grep -v -e ^driver/linux -e ^driver/preload -e ^driver/trace/ | xargs \
		sed -n 's,^#include ["<]\([a-z0-9_/]*[.]h\)[">].*,\1,; t show
			b
			: show
			F; p' | awk 'NR % 2 { file = $0; next } { print "include", file, $0 }'
}

# Lines "defined OBJECT SYMBOL" and "called OBJECT SYMBOL".
symbols() {
	(cd "$build/obj" && find driver libbinder servicemanager lua cli -name '*.o' 2>/dev/null |
		grep -v -e ^driver/linux -e ^driver/preload -e '/preload/' -e 'driver/trace/' | xargs nm -A) |
		awk '{
			sub(/:.*/, "", $1)
			if ($(NF - 1) == "U")
				print "called", $1, $NF
			else if ($(NF - 1) ~ /^[A-Z]$/)
				print "defined", $1, $NF
		}'
}

exported() {
	sed -n 's/^[[:space:]]*\([A-Za-z]*_\)\*;$/exported \1 -/p' libbinder/libbinder.map
}

{ table | sed 's/^/row /'; exported; sources '*.[ch]' | sed 's/^/source /'; includes; symbols; } | awk '
function folder(path,    stem) {
	stem = path
	sub(/[.][cho]$/, "", stem)
	if (stem in placed)
		return placed[stem]
	sub(/\/[^\/]*$/, "", path)
	return path ~ /^libbinder\/include/ ? "libbinder/include" : path
}

function top(room) {
	sub(/\/.*/, "", room)
	return room
}

# Reports the use of room TO by a file, unless the table allows it.
function use(file, to, what,    from) {
	from = folder(file)
	if (from == to || (from, to) in allowed || ((from, to, file, what) in said))
		return
	said[from, to, file, what] = 1
	if (from in known)
		printf "%s: %s is of %s, which %s may not use\n", file, what, to, from
	else if (!unknown[from]++)
		printf "%s: the folder %s has no row in the table\n", file, from
	wrong = 1
}

# The file that an #include means: beside the one that has it, or below a folder of -I.
function resolve(file, header,    tries, n, i) {
	n = split(folder(file) " " top(file) " . libbinder libbinder/include driver driver/user " \
		  "driver/core libbinder/" "include", tries, " ")
	for (i = 1; i <= n; i++)
		if ((tries[i] "/" header) in sources)
			return tries[i] "/" header
	return header in sources ? header : ""
}

$1 == "row" && $3 == "=" {
	for (i = 4; i <= NF; i++)
		placed[$i] = $2
	next
}

$1 == "row" && NF > 1 {
	sub(/:$/, "", $2)
	known[$2] = 1
	for (i = 3; i <= NF; i++) {
		if (!($i in known)) {
			printf "the table: %s names %s, which is not above it\n", $2, $i
			wrong = 1
		}
		allowed[$2, $i] = 1
	}
}

$1 == "source" { sources[$2] = 1 }
$1 == "exported" { exports[$2] = 1 }

# Each home of the driver supplies a port.h and the functions port_*() of hooks.h.
$1 == "include" && !($2 ~ /^driver\/core/ && $3 == "port.h") {
	target = resolve($2, $3)
	if (target)
		use($2, folder(target), "#include \"" $3 "\"")
}

# An object whose source has been moved or deleted is stale.
$1 == "defined" || $1 == "called" {
	source = $2
	sub(/[.]o$/, ".c", source)
	if (!(source in sources))
		next
}

$1 == "defined" { rooms[$3] = rooms[$3] " " folder($2) }
$1 == "called" { calls[++count] = source " " $3 }

END {
	for (i = 1; i <= count; i++) {
		split(calls[i], call, " ")
		file = call[1]
		symbol = call[2]
		from = folder(file)
		if (!(symbol in rooms) || (from == "driver/core" && symbol ~ /^port_/))
			continue
		prefix = symbol
		sub(/_.*/, "_", prefix)
		n = split(rooms[symbol], places, " ")
		fits = 0
		for (j = 1; j <= n; j++) {
			if (top(places[j]) == "libbinder" && top(from) != "libbinder" && prefix in exports)
				places[j] = "libbinder/include"
			fits = fits || places[j] == from || (from, places[j]) in allowed
		}
		if (!fits)
			use(file, places[1], symbol "()")
	}
	exit wrong
}' || { echo "layers: see the table in scripts/check-layers.sh" >&2; exit 1; }

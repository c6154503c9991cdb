#!/bin/bash
# SPDX-License-Identifier: MIT
#
# sites.sh OBJECTS COUNTS: which of the module's allocations have failed, and which never did.
#
# Called by check.sh after faults and loading.  OBJECTS is the folder in which the module was
# built with GCOV_PROFILE=y, COUNTS what inside.sh's keep_counts left.  A site is a line that
# asks for memory, or for something that takes some; it has failed when the first decision
# after it went both ways.  One that only hands on what it got is told by whoever called it.
set -u
objects=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

while IFS= read -r counts; do
	name=${counts##*/} part=
	case $counts in */core/*) part=core/ ;; esac
	name=${name%.gcda}
	[ -e "$objects/$part$name.gcno" ] || continue
	cp "$objects/$part$name.gcno" "$counts" "$work"
	(cd "$objects" && gcov -b -c -t "$work/$name.gcda" 2>/dev/null) >"$work/$name.text"
	awk -v file="$part$name.c" '
		# Of files that are included there is text, too.
		/^ *-: *0:Source:/ { inside = $0 ~ "/" file "$" || $0 ~ ":" file "$"; site = 0; next }
		!inside { next }
		/^branch / {
			if (site && (apart || !here)) {
				branches++
				never += $0 ~ /never executed|taken 0/
			}
			next
		}
		/^call |^function / { next }
		{
			here = 0
			if (site && branches >= 2) { tell(never ? "never failed" : "failed"); site = 0 }
			split($0, words, ":")
			number = words[2] + 0
			count = words[1]
			gsub(/[ *]/, "", count)
			code = $0
			sub(/^[^:]*:[^:]*:[ \t]*/, "", code)
			if (site && (number - site > 6 || code ~ /^}/)) { tell("handed on"); site = 0 }
			if (code ~ wanted && code !~ unwanted && count != "-") {
				site = number; text = code; branches = never = 0
				# What is decided in the same line may be how much is asked for.
				here = 1; apart = code ~ /[?]|if \(/
				if (count ~ /#|=/ || count == "0") { tell("never reached"); site = 0 }
			}
		}
		function tell(what) { printf "%-13s %s:%d: %s\n", what, file, site, text }
		BEGIN {
			wanted = "port_alloc|charged_alloc\\(|k[v]?[zc]alloc|bitmap_zalloc|alloc_page\\(|" \
				 "alloc_anon_inode|vm_insert_page|get_unused_fd|kern_mount|init_pseudo|" \
				 "misc_register|compat_label_get|shrinker_register|register_shrinker"
			unwanted = "^(static|void|\\*|/)|binder_charged_alloc\\(struct"
		}' "$work/$name.text"
done < <(find "$2" -name '*.gcda' | sort) | sort -u

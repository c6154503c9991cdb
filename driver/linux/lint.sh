#!/bin/sh
# SPDX-License-Identifier: MIT
#
# lint.sh [KDIR]...: the module under sparse and the kernel's checkpatch.pl.
#
# Called by make lint-module.  KDIR are kernels' headers, those in build/kernels when none is
# named.  checkpatch.pl is $CHECKPATCH, or that of a kernel's source that is here already
# (make check-kernel-debug leaves one).  What cannot be run is said; a remark of either is an error.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# What these would have us do otherwise is on purpose:
#   LINUX_VERSION_CODE, CONSTANT_COMPARISON   compat.h is for more than one kernel
#   OPEN_ENDED_LINE, PARENTHESIS_ALIGNMENT    trace.h looks as all tracepoints do
#   BRACKET_SPACE, MACRO_ARG_REUSE            rows of a table
#   OPEN_BRACE                                takes a function with a function pointer for none
ignored=LINUX_VERSION_CODE,CONSTANT_COMPARISON,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT
ignored=$ignored,BRACKET_SPACE,MACRO_ARG_REUSE,OPEN_BRACE

sparse_on() { # KDIR
	release=$(cat "$1/include/config/kernel.release")
	driver/linux/stage.sh "$work/$release"
	make -s -C "$1" M="$work/$release" W=1 C=2 CHECK=sparse CONFIG_DEBUG_INFO_BTF_MODULES= \
		modules >"$work/log" 2>&1 || status=1
	grep -v '^Skipping BTF' "$work/log" >"$work/remarks" || true
	if [ -s "$work/remarks" ]; then
		sed "s|$work/$release/core/|driver/core/|; s|$work/$release/|driver/linux/|" "$work/remarks" >&2
		status=1
	fi
	echo "sparse on $release: $(wc -l <"$work/remarks") remarks"
}

if [ $# = 0 ]; then
	for folder in build/kernels/*/headers; do
		[ ! -e "$folder" ] || set -- "$@" "$folder"
	done
fi
if ! command -v sparse >/dev/null; then
	echo "sparse: left out, there is none (Debian: apt-get install sparse)"
elif [ $# = 0 ]; then
	echo "sparse: left out, there are no kernel headers (scripts/kernel-packages.sh 6.1 headers)"
fi
if command -v sparse >/dev/null; then
	for folder; do
		sparse_on "$folder"
	done
fi

checkpatch=${CHECKPATCH:-build/kernels/6.1-debug/source/scripts/checkpatch.pl}
if [ -e "$checkpatch" ]; then
	# check.c is no part of the module.
	find driver/core driver/linux -name '*.[ch]' ! -name check.c | sort |
		xargs perl "$checkpatch" --no-tree -f --terse --no-summary --strict \
			--max-line-length=100 --ignore "$ignored" 2>/dev/null >"$work/remarks" || status=1
	cat "$work/remarks" >&2
	echo "checkpatch: $(wc -l <"$work/remarks") remarks"
else
	echo "checkpatch: left out, no $checkpatch; CHECKPATCH= names another"
fi
exit "$status"

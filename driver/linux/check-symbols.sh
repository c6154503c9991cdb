#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-symbols.sh MODULE SYMVERS: does the module need only what an unpatched kernel
# exports?
#
# SYMVERS is the Module.symvers of the kernel that it was built for: what that
# kernel exports.  Of these, debian-exports names those that are Debian's own.  A
# symbol that is in the first and not in the second is upstream's; anything else
# is an error, and so is a way around exports (kallsyms, kprobes).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 2 ] || {
	echo "usage: check-symbols.sh MODULE SYMVERS" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The build does so too for the kernel at hand; Module.symvers says more: by whom.
nm -u "$1" | awk '{ print $2 }' | sort -u >"$work/needed"
awk '$3 == "vmlinux" { print $2 }' "$2" | sort -u >"$work/exported"
grep -v '^#' "$here/debian-exports" | sort -u >"$work/patched"
printf '%s\n' kallsyms_lookup_name kallsyms_on_each_symbol register_kprobe \
	register_kprobes register_kretprobe register_ftrace_function | sort >"$work/tricks"
if [ ! -s "$work/needed" ] || [ ! -s "$work/exported" ]; then
	echo "check-symbols.sh: $1 or $2 holds no symbols" >&2
	exit 2
fi

# The linker's and the module loader's own.
sed -i -e '/^_GLOBAL_OFFSET_TABLE_$/d' "$work/needed"
comm -23 "$work/needed" "$work/exported" >"$work/missing"
comm -12 "$work/needed" "$work/patched" >"$work/debian"
comm -12 "$work/needed" "$work/tricks" >"$work/tricky"

status=0
tell() { # FILE WHAT
	[ -s "$1" ] || return 0
	sed "s|^|$(basename "$module"): $2: |" "$1" >&2
	status=1
}
module=$1
tell "$work/missing" "not exported by the kernel itself"
tell "$work/debian" "exported by Debian's kernels alone"
tell "$work/tricky" "a way around what is exported"
[ "$status" = 0 ] &&
	echo "$(basename "$module"): $(wc -l <"$work/needed") symbols, all exported by an unpatched kernel"
exit "$status"

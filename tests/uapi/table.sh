#!/bin/bash
# SPDX-License-Identifier: MIT
# table.sh: the lists that speak of the UAPI tests name those that there are.

. "$(dirname "$0")/../tap.sh"

test_checklist_names_every_uapi_test() {
	"$TESTS/binder-uapi" --list | cut -d ' ' -f 2 | sort -u >"$T/list"
	cut -d '|' -f 4 tests/CHECKLIST.md | grep -oE '[a-z0-9_]+' | sort -u >"$T/named"
	is "$(comm -23 "$T/list" "$T/named")" "" "tests that tests/CHECKLIST.md lacks"
}

test_listed_differences_are_of_tests_that_exist() {
	local item name home reason

	"$TESTS/binder-uapi" --list >"$T/list"
	while read -r item name home reason; do
		case $item in \#*) continue ;; esac
		grep -qx "$item $name" "$T/list" || fail "no test: $item $name"
		case ${home%\?} in module | binderd) ;; *) fail "$item $name: no home: $home" ;; esac
		[ -n "$reason" ] || fail "$item $name: no reason"
	done <tests/uapi/differences
}

run_tests

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check-docs.sh: what ARCHITECTURE.md and doc/ name must exist.  Part of `make lint`.
#
# Each path in backquotes that begins with a folder of the project must be there, and each
# function in the table "A call, in order" must be defined in the file of its row.
set -u
cd "$(dirname "$0")/.." || exit 1

status=0

complain() {
	echo "check-docs.sh: $*" >&2
	status=1
}

for page in ARCHITECTURE.md doc/*.md; do
	# shellcheck disable=SC2016 # backquotes of Markdown
	while read -r path; do
		compgen -G "$path" >/dev/null || complain "$page names $path, which is not there"
	done < <(grep -oE '`(cli|doc|driver|libbinder|lua|man|scripts|servicemanager|tests)/[^` ]*`' "$page" |
		tr -d '`' | sort -u)
done

steps=0
while IFS='|' read -r _ _ function file _; do
	function=$(tr -d '` ()' <<<"$function") file=$(tr -d '` ' <<<"$file")
	steps=$((steps + 1))
	grep -qE "^[a-z].*\b$function\(" "$file" || complain "$file does not define $function()"
done < <(sed -n '/^## A call, in order/,/^## driver/p' ARCHITECTURE.md | grep -E '^\| [0-9]+ \|')
[ "$steps" -gt 0 ] || complain "ARCHITECTURE.md has no table of a call"
exit $status

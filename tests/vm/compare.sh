#!/bin/bash
# SPDX-License-Identifier: MIT
#
# compare.sh FILE.tap...: one suite's results on several homes, side by side.
#
# Called by kernel.sh.  A file is named for its home.  Prints what went otherwise
# on one home than on another, then a table.  Exit status 1 when something did
# that tests/uapi/differences does not list.
awk '
FNR == 1 {
	home = FILENAME
	sub(/.*\//, "", home)
	sub(/\.tap$/, "", home)
	homes[++count] = home
}
/^(not )?ok / {
	verdict = $1 == "ok" ? "passed" : "failed"
	if (/# SKIP/)
		verdict = "skipped"
	else if (/# TODO listed difference/)
		verdict = "listed"
	name = $0
	sub(/^(not )?ok [0-9]+ - /, "", name)
	sub(/ # .*/, "", name)
	if (!(name in known)) {
		known[name] = 1
		names[++items] = name
	}
	verdicts[home, name] = verdict
	total[home, verdict]++
	total[home]++
}
END {
	for (i = 1; i <= items; i++) {
		one = ""
		kind = "equal"
		for (h = 1; h <= count; h++) {
			verdict = verdicts[homes[h], names[i]]
			if (verdict == "")
				verdict = "missing"
			text[h] = homes[h] ": " verdict
			if (verdict == "failed" || verdict == "missing")
				kind = "unlisted"
			else if (kind != "unlisted" && verdict == "listed")
				kind = "listed"
			else if (kind == "equal" && verdict == "skipped")
				kind = "left out"
		}
		kinds[kind]++
		if (kind == "equal")
			continue
		printf "%-9s %s:", kind, names[i]
		for (h = 1; h <= count; h++)
			printf " %s%s", text[h], h < count ? "," : "\n"
	}
	printf "%-10s %6s %6s %6s %8s %6s\n", "home", "items", "passed", "listed", "skipped", "failed"
	for (h = 1; h <= count; h++)
		printf "%-10s %6d %6d %6d %8d %6d\n", homes[h], total[homes[h]],
			total[homes[h], "passed"], total[homes[h], "listed"],
			total[homes[h], "skipped"], total[homes[h], "failed"]
	printf "%d items on %d homes: %d equal, %d listed differences, %d left out somewhere, " \
		"%d unlisted differences\n", items, count, kinds["equal"], kinds["listed"],
		kinds["left out"], kinds["unlisted"]
	exit kinds["unlisted"] || !items
}' "$@"

# SPDX-License-Identifier: MIT
# examples.awk: the examples of manual pages and of Markdown files.
#
# Of mdoc the .Bd -literal blocks and each .Dl line, of Markdown the indented and the
# fenced blocks.  Each is written to OUT/FILE.N, and "FILE.N FIRST LINE" is printed.
# A block of a page that has a comment `.\" example: NAME` or `.\" run: NAME` before it
# is manual.sh's, and is printed as "manual.sh".

function begin() { inside = 1; text = "" }

function end(  first) {
	inside = 0
	sub(/\n+$/, "\n", text)
	first = text
	sub(/\n.*/, "", first)
	n++
	if (!mark)
		printf "%s", text >(OUT "/" name "." n)
	print name "." n "\t" (mark ? "manual.sh" : first)
	mark = 0
}

function clean(line) {
	sub(/^\\&/, "", line)
	gsub(/\\e/, "\\", line)
	gsub(/\\\(dq/, "\"", line)
	gsub(/\\\(aq/, "'", line)
	return line
}

FNR == 1 {
	if (inside)
		end()
	name = FILENAME
	sub(/.*\//, "", name)
	page = name !~ /\.md$/
	n = mark = fenced = 0
}

page && /^\.\\" (example|run): / { mark = 1 }
page && /^\.Bd -literal/ { begin(); next }
page && /^\.Ed/ && inside { end(); next }
page && inside { text = text clean($0) "\n" }
page && !inside && /^\.Dl / { begin(); text = clean(substr($0, 5)) "\n"; end() }

!page && /^```/ { if (fenced) end(); else begin(); fenced = !fenced; next }
!page && fenced { text = text $0 "\n"; next }
!page && /^(    |\t)/ { if (!inside) begin(); sub(/^(    |\t)/, ""); text = text $0 "\n"; next }
!page && inside && /^$/ { text = text "\n"; next }
!page && inside { end() }

END { if (inside) end() }

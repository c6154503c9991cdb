# SPDX-License-Identifier: MIT
# sequence.awk: what a method puts into a request and takes from a reply, in
# which order, under which code; from C++ that Android's compiler made
# (-v of=cpp) or from C that ours made (of=c), in the same words.

# The word for one value, from what a function is called.
function word(name)
{
	sub(/^(write|read)_?/, "", name)
	if (name in words)
		return words[name]
	return tolower(name)
}

# "Inner." for what Outer_Inner_... begins with, before the pattern; "" for what is not nested.
function nested(text, pattern,    name)
{
	match(text, pattern)
	name = substr(text, 1, RSTART - 1)
	sub(/.*[ *]/, "", name)
	return sub(/^[A-Za-z0-9]*_/, "", name) ? name "." : ""
}

BEGIN {
	split("String16 string Utf8AsUtf16 string StrongBinder binder VectorSize int32 " \
		"NullableStrongBinder binder NullableParcelable parcelable Parcelable parcelable " \
		"file parcelable file_fixed parcelable UniqueFileDescriptor descriptor " \
		"Int32Vector int32s Int64Vector int64s ByteVector bytes BoolVector bools " \
		"CharVector chars FloatVector floats DoubleVector doubles " \
		"String16Vector strings Utf8VectorAsUtf16Vector strings Utf8VectorFromUtf16Vector strings " \
		"Utf8FromUtf16 string " \
		"StrongBinderVector binders ParcelableVector parcelables files parcelables " \
		"UniqueFileDescriptorVector descriptors " \
		"array parcelables pointers parcelables nullable parcelable", pairs, " ")
	for (i = 1; i in pairs; i += 2)
		words[pairs[i]] = pairs[i + 1]
}

# ---- C++: BpFoo::method(, Pair::writeToParcel( ----

of == "cpp" && /^::android::binder::Status Bp[A-Za-z0-9_]*::/ {
	match($0, /Bp[A-Za-z0-9_]*::[A-Za-z0-9_]*/)
	method = substr($0, RSTART, RLENGTH)
	sub(/.*::/, "", method)
}
of == "cpp" && /^::android::status_t [A-Za-z0-9_]*::(writeToParcel|readFromParcel)/ {
	method = /writeToParcel/ ? "write" : "read"
}
of == "cpp" && method && /_aidl_(data|reply)\.(write|read)|_aidl_parcel->(write|read)/ {
	match($0, /(\.|->)(write|read)[A-Za-z0-9_]*\(/)
	name = substr($0, RSTART, RLENGTH - 1)
	sub(/^(\.|->)/, "", name)
	if (name == "writeInterfaceToken" || name == "readFromParcel")
		next
	print method, substr(name, 1, 4) == "read" ? "read" : "write", word(name)
}
of == "cpp" && /FIRST_CALL_TRANSACTION \+/ && /transact\(/ {
	match($0, /TRANSACTION \+ [0-9]+/)
	print method, "code", substr($0, RSTART + 14, RLENGTH - 14), /FLAG_ONEWAY/ ? "oneway" : ""
}
of == "cpp" && /^}/ { method = "" }

# "Inner." for the type Outer_Inner, "" for one that is not nested.
function inside(type)
{
	return sub(/^[A-Za-z0-9]*_/, "", type) ? type "." : ""
}

# ---- C: aidlc_proxy_IFoo_method(, Pair_write(; the header's codes come first ----

of == "c" && /_CODE_[A-Za-z0-9_]* = FIRST_CALL_TRANSACTION/ {
	outer = nested($1, "_CODE_")
	match($1, /_CODE_/)
	name = substr($1, RSTART + 6)
	codes[outer name] = $NF + 0
	methods[substr($1, 1, RSTART - 1) "_" name] = outer name
}
of == "c" && /^static AStatus \*aidlc_proxy_/ {
	match($0, /aidlc_proxy_[A-Za-z0-9_]*/)
	method = methods[substr($0, RSTART + 12, RLENGTH - 12)]
}
of == "c" && /^binder_status_t [A-Za-z0-9_]*_write\(/ {
	method = nested($0, "_write[(]") "write"
}
of == "c" && /^static binder_status_t aidlc_read_body_/ {
	match($0, /aidlc_read_body_[A-Za-z0-9_]*/)
	method = inside(substr($0, RSTART + 16, RLENGTH - 16)) "read"
}
# The word that says that a parcelable is there is its container's business in C++; the size
# that is written in front and once more when it is known is the parcelable's own in both.
of == "c" && method && /aidlc_(begin|end)_(write|read)\(/ {
	if (!/aidlc_end_read/)
		print method, /_write\(/ ? "write" : "read", "int32"
	next
}
of == "c" && method && /aidlc_expect\(/ {
	print method, "read", "int32"
	next
}
of == "c" && method && /^\t*status = / {
	line = $0
	if (line ~ /aidlc_(call|send)\(/) {
		print method, "code", codes[method], line ~ /aidlc_send/ ? "oneway" : ""
		next
	}
	if (!match(line, /[A-Za-z0-9]+_(write|read)[A-Za-z0-9_]*\(/))
		next
	name = substr(line, RSTART, RLENGTH - 1)
	whole = name ~ /_(write|read)$/ || name ~ /_(read_nullable)$/
	sub(/^[A-Za-z0-9]*_/, "", name)
	print method, substr(name, 1, 4) == "read" ? "read" : "write", \
		whole ? "parcelable" : word(name)
}
of == "c" && /^}/ { method = "" }

-- SPDX-License-Identifier: MIT
-- parcel.lua: what goes into a parcel comes out again, and misuse is named.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local function trip(type, ...)
	local p = binder.parcel()
	for i = 1, select("#", ...) do
		p:append { type, (select(i, ...)) }
	end
	p:position(0)
	for i = 1, select("#", ...) do
		local expected = select(i, ...)
		local got, message = p:read(type)
		t.eq(message, nil, type)
		if math.type(expected) then t.eq(math.type(got), math.type(expected), type) end
		t.eq(got, expected, type)
	end
	t.eq(p:position(), p:size(), type)
end

t.test("scalars_come_back_as_they_went", function()
	trip("bool", true, false)
	trip("byte", 0, 127, -128)
	trip("char", 0, 65, 0xffff)
	trip("i32", 0, 1, -1, 0x7fffffff, -0x80000000)
	trip("u32", 0, 0xffffffff)
	trip("i64", 0, math.maxinteger, math.mininteger)
	trip("u64", 0, -1, math.maxinteger)
	trip("f32", 0.5, -1e10, math.huge)
	trip("f64", 0.1, -1e300, -math.huge, 0 / 0)
end)

t.test("strings_keep_null_empty_nul_and_unicode", function()
	trip("str", "", "x", "four", nil, "\u{e4}\u{20ac}\u{1f600}", "a\0b")
	trip("str8", "", "x", "a\0b", "\u{e4}")
	trip("bytes", "", nil, "\0\1\2\255", ("x"):rep(1000))
end)

t.test("arrays_come_back_as_they_went", function()
	local p = binder.parcel {
		{ "i32[]", { 1, -2, 3 } }, { "i64[]", { math.mininteger } }, { "bool[]", { true, false } },
		{ "str[]", { "a", "", "c" } }, { "f64[]", { 0.25 } }, { "byte[]", "\1\2\3" },
		{ "i32[]", {} }, { "str[]" }, { "u32[]", { 0xffffffff } }, { "char[]", { 65, 66 } },
	}
	p:position(0)
	t.same(p:read_i32_array(), { 1, -2, 3 })
	t.same(p:read_i64_array(), { math.mininteger })
	t.same(p:read_bool_array(), { true, false })
	t.same(p:read_str_array(), { "a", "", "c" })
	t.same(p:read_f64_array(), { 0.25 })
	t.eq(p:read_bytes(), "\1\2\3")
	t.eq(#p:read_i32_array(), 0)
	t.eq(p:read_str_array(), nil)
	t.same(p:read_u32_array(), { 0xffffffff })
	t.same(p:read_char_array(), { 65, 66 })
	t.eq(p:position(), p:size())
end)

t.test("writes_chain_and_several_reads_return_several", function()
	local p = binder.parcel():i32(3):str("x"):bool(true)
	p:position(0)
	local a, b, c = p:read("i32", "str", "bool")
	t.eq(a, 3)
	t.eq(b, "x")
	t.eq(c, true)
end)

t.test("layout_is_the_one_of_the_wire", function()
	local p = binder.parcel():i32(1):str("ab"):bool(true):bytes("\1\2")
	t.eq(p:data(), string.pack("<i4 i4", 1, 2) .. "a\0b\0\0\0\0\0" ..
		string.pack("<i4 i4", 1, 2) .. "\1\2\0\0")
	t.eq(p:size(), 28)
	t.eq(#p, 28)
end)

t.test("parcel_from_bytes_reads_from_the_start", function()
	local p = binder.parcel(string.pack("<i4 i4", 7, -1))
	t.eq(p:read_i32(), 7)
	t.eq(p:read_str(), nil)
end)

t.test("parcels_are_equal_by_their_bytes", function()
	t.ok(binder.parcel():i32(1):str("x") == binder.parcel { { "i32", 1 }, { "str", "x" } })
	t.ok(binder.parcel():i32(1) ~= binder.parcel():i32(2))
	t.ok(binder.parcel():i32(1) ~= binder.parcel():i64(1))
	t.ok(binder.parcel() == binder.parcel())
end)

t.test("append_copies_and_leaves_the_source", function()
	local from = binder.parcel():i32(1)
	local to = binder.parcel():append(from):append(from):append { "i32", 2 }
	t.eq(from:size(), 4)
	t.eq(to:data(), string.pack("<i4 i4 i4", 1, 1, 2))
end)

t.test("descriptors_travel_as_files_and_numbers", function()
	local file = assert(io.tmpfile())
	file:write("written before")
	local p = binder.parcel():pfd(file):pfd(0):pfd(nil)
	t.eq(#p:objects(), 2)
	t.eq(p:objects()[1].kind, "fd")
	p:position(0)
	local copy <close> = t.ok(p:read_pfd())
	t.eq(io.type(copy), "file")
	copy:seek("set", 0)
	t.eq(copy:read("a"), "written before")
	t.ok(p:read_pfd()):close()
	t.eq(p:read_pfd(), nil)
	file:close()
	t.raises("the file is closed", p.pfd, p, file)
	t.raises("file, descriptor number or nil expected, got boolean", p.pfd, p, true)
	t.raises("no descriptor has that number", p.pfd, p, -1)
	t.raises("file or descriptor number expected, got nil", p.fd, p, nil)
end)

t.test("bare_descriptors_and_wrapped_ones_are_read_alike", function()
	local p = binder.parcel():fd(0):pfd(0)
	t.eq(#p, 24 + 8 + 24)
	t.eq(p:objects()[1].offset, 0)
	t.eq(p:objects()[2].offset, 32)
	for _, first in ipairs { "fd", "pfd" } do
		p:position(0)
		for _, file in ipairs { p:read(first, first) } do
			t.eq(io.type(file), "file")
			file:close()
		end
		t.eq(p:position(), #p)
	end
end)

t.test("raw_bytes_are_padded_and_read_to_the_end", function()
	local p = binder.parcel { { "raw", "abc" }, { "raw", "" }, { "i32", 1 } }:raw("xy")
	t.eq(p:data(), "abc\0" .. string.pack("<i4", 1) .. "xy\0\0")
	p:position(0)
	t.eq(p:read_raw(3), "abc")
	t.eq(p:read("i32", "raw"), 1)
	p:position(4)
	t.eq(p:read_raw(), string.pack("<i4", 1) .. "xy\0\0")
	t.eq(p:read_raw(), "")
	t.raises("unknown type 'raw[]'", p.read, p, "raw[]")
end)

t.test("parcelable_has_presence_and_a_size_that_counts_itself", function()
	local p = binder.parcel():parcelable { { "i32", 7 }, { "str", "x" } }:parcelable(nil):i32(5)
	t.eq(p:data(), string.pack("<i4 i4 i4 i4", 1, 16, 7, 1) .. "x\0\0\0" .. string.pack("<i4 i4", 0, 5))
	p:position(0)
	local fields = t.ok(p:read_parcelable())
	t.eq(#fields, 12)
	t.eq(fields:read_i32(), 7)
	t.eq(fields:read_str(), "x")
	t.eq(p:read_parcelable(), nil)
	t.eq(p:read_i32(), 5)
end)

t.test("parcelable_of_a_newer_or_older_sender_is_read", function()
	local p = binder.parcel():parcelable { { "i32", 1 }, { "i32", 2 }, { "i32", 3 } }:i32(9)
	p:position(0)
	local a, b = p:read_parcelable("i32", "i32")
	t.eq(a, 1)
	t.eq(b, 2)
	t.eq(p:read_i32(), 9) -- what stands behind the fields that we know is skipped
	p = binder.parcel():parcelable { "i32", 1 }:i32(9)
	p:position(0)
	t.fails("NOT_ENOUGH_DATA", p:read_parcelable("i32", "i32")) -- not the 9 behind it
	t.eq(p:read_i32(), 9)
	p = binder.parcel():i32(1):i32(100):i32(0)
	p:position(0)
	t.fails("BAD_VALUE", p:read_parcelable())
end)

t.test("parcelables_nest_and_come_in_arrays_with_objects", function()
	local object = t.ok(binder.object {})
	local inner = binder.parcel():binder(object)
	local p = binder.parcel():parcelable { { "parcelable", inner }, { "parcelable[]", { { "i32", 1 }, inner } } }
	p:position(0)
	local one, list = p:read_parcelable("parcelable", "parcelable[]")
	t.ok(one:read_binder() == object)
	t.eq(list[1]:read_i32(), 1)
	t.ok(list[2]:read_binder() == object)
	t.raises("value 2 (parcelable): value 1 (i32): integer expected", function()
		binder.parcel { { "i32", 1 }, { "parcelable", { "i32", "x" } } }
	end)
end)

t.test("bundles_keep_their_entries", function()
	local object = t.ok(binder.object {})
	local p = binder.parcel():bundle { flag = true, n = 3, big = 1 << 40, x = 0.5, s = "text",
		who = object, list = { "i32[]", { 1, 2 } }, inner = { "bundle", { deep = "yes" } },
		small = { "f32", 0.25 }, bin = { "bytes", "\1\2\3" } }:i32(9)
	p:position(0)
	local b = t.ok(p:read_bundle())
	t.eq(b.flag, true)
	t.eq(b.n, 3)
	t.eq(b.big, 1 << 40)
	t.eq(b.x, 0.5)
	t.eq(b.s, "text")
	t.ok(b.who == object)
	t.same(b.list, { 1, 2 })
	t.eq(b.inner.deep, "yes")
	t.eq(b.small, 0.25)
	t.eq(b.bin, "\1\2\3")
	t.eq(p:read_i32(), 9)
end)

t.test("bundle_has_the_layout_of_android", function()
	t.eq(binder.parcel():bundle { a = 7 }:data(),
		string.pack("<i4 c4 i4 i4", 20, "BNDL", 1, 1) .. "a\0\0\0" .. string.pack("<i4 i4", 1, 7))
	t.eq(binder.parcel():bundle {}:data(), string.pack("<i4", 0))
	t.eq(binder.parcel():bundle(nil):data(), string.pack("<i4", -1))
	t.ok(binder.parcel():bundle { a = 1, b = 2, c = 3 } == binder.parcel():bundle { c = 3, b = 2, a = 1 })
	local p = binder.parcel():bundle {}:bundle(nil)
	p:position(0)
	t.eq(next(p:read_bundle()), nil)
	t.eq(p:read_bundle(), nil)
end)

t.test("bad_bundles_are_refused", function()
	local function read(...)
		local p = binder.parcel(string.pack(...))
		return p:read_bundle()
	end
	t.fails("BAD_TYPE", read("<i4 c4 i4", 4, "XXXX", 0))
	t.fails("BAD_VALUE", read("<i4 c4 i4", 100, "BNDL", 0))
	t.fails("NOT_ENOUGH_DATA", read("<i4 c4 i4", 4, "BNDL", 1000000))
	t.raises("'k': a bundle has no type 'u32'", function() binder.parcel():bundle { k = { "u32", 1 } } end)
	t.raises("names of a bundle are strings", function() binder.parcel():bundle { 1 } end)
	t.raises("table or nil expected", function() binder.parcel():bundle(3) end)
	local loop = {}
	loop.loop = { "bundle", loop }
	t.ok(not pcall(function() binder.parcel():bundle(loop) end))
end)

t.test("what_cannot_be_sent_is_misuse", function()
	t.raises("the string is not valid UTF-8", function() binder.parcel():str("\xff") end)
	t.raises("out of range for f32", function() binder.parcel():f32(1e300) end)
	t.eq(binder.parcel():f32(math.huge):data(), string.pack("<f", math.huge))
end)

t.test("exceptions_are_read_as_failures", function()
	local p = binder.parcel():status():i32(5)
	p:position(0)
	t.eq(p:read_status(), true)
	t.eq(p:read_i32(), 5)
	p = binder.parcel():status { exception = "EX_SECURITY", message = "not you" }
	p:position(0)
	t.eq(t.fails("EX_SECURITY", p:read_status()), "not you")
	p = binder.parcel():status { exception = "EX_SERVICE_SPECIFIC", message = "m", code = 42 }
	p:position(0)
	t.fails("EX_SERVICE_SPECIFIC", p:read_status())
	p:position(0)
	t.eq(select(4, p:read_status()), 42)
end)

t.test("token_is_read_back", function()
	local p = binder.parcel():token("a.b.IFoo"):i32(9)
	p:position(0)
	t.eq(p:read_token(), "a.b.IFoo")
	t.eq(p:read_i32(), 9)
end)

t.test("reading_past_the_end_fails_by_name", function()
	local p = binder.parcel():i32(1)
	p:position(0)
	t.fails("NOT_ENOUGH_DATA", p:read_i64())
	t.fails("NOT_ENOUGH_DATA", binder.parcel():read_i32())
	-- A count that the data cannot hold makes no table of that size.
	p = binder.parcel():i32(0x7fffffff)
	p:position(0)
	t.fails("NOT_ENOUGH_DATA", p:read_i32_array())
	p = binder.parcel():i32(-2)
	p:position(0)
	t.fails("BAD_VALUE", p:read_i32_array())
end)

t.test("misuse_names_the_argument", function()
	local p = binder.parcel()
	t.raises("bad argument #1 to 'i32' (integer expected, got string)", function() p:i32("3") end)
	t.raises("bad argument #1 to 'i32' (2147483648 is out of range", function() p:i32(1 << 31) end)
	t.raises("no integer representation", function() p:i32(1.5) end)
	t.raises("bad argument #1 to 'i32' (value expected)", function() p:i32() end)
	t.raises("bad argument #1 to 'bool' (boolean expected, got nil)", function() p:bool(nil) end)
	t.raises("element 2: string or nil expected, got table", function()
		p:str_array { "a", {} }
	end)
	t.raises("value 2 (str): string or nil expected, got boolean", function()
		binder.parcel { { "i32", 1 }, { "str", true } }
	end)
	t.raises("value 1: unknown type 'int'", function() binder.parcel { { "int", 1 } } end)
	t.raises("bad argument #2 to 'read' (unknown type 'x')", function()
		p:i32(1):position(0):read("i32", "x")
	end)
	t.raises("bad argument #1 to 'binder' (binder.service or nil expected", function()
		p:binder(3)
	end)
	t.raises("position outside", function() p:position(1000) end)
	t.raises("bad argument #1 to 'parcel'", function() binder.parcel(3) end)
	t.raises("bad argument #1 to 'status'", function() p:status { exception = "EX_NONSENSE" } end)
end)

t.test("closed_parcel_is_refused", function()
	local p = binder.parcel():i32(1)
	do local q <close> = p end
	t.raises("the parcel is closed", function() p:i32(1) end)
	t.eq(tostring(p), "binder.parcel (closed)")
	p:close()
end)

t.test("parcel_as_text_is_one_line_with_its_beginning", function()
	t.eq(tostring(binder.parcel()), "binder.parcel (0 bytes, at 0)")
	t.eq(tostring(binder.parcel():i32(3):i32(-1)), "binder.parcel (8 bytes, at 8: 00000003 ffffffff)")
	t.eq(tostring(binder.parcel():i32_array { 1, 2, 3, 4 }:position(4)),
		"binder.parcel (20 bytes, at 4: 00000004 00000001 00000002 00000003 ...)")
	t.ok(tostring(binder.parcel():i32(1):fd(0)):find("^binder.parcel %(28 bytes, at 28, 1 object: 00000001 "))
	t.ok(tostring(binder.parcel():fd(0):fd(0)):find(", 2 objects: ", 1, true))
end)

t.test("parcels_are_equal_when_their_bytes_are", function()
	local object = binder.object {}
	local function make(n) return binder.parcel():i32(n):str("x"):binder(object) end
	t.ok(make(1) == make(1))
	t.ok(make(1):position(0) == make(1), "position does not count")
	t.ok(make(1) ~= make(2))
	t.ok(make(1) ~= binder.parcel():i32(1))
	t.ok(binder.parcel():binder(object) ~= binder.parcel():binder(binder.object {}))
	t.ok(binder.parcel() == binder.parcel(""))
	t.ok(binder.parcel() ~= "")
	local closed = make(1)
	closed:close()
	t.ok(closed == closed)
	t.ok(closed ~= binder.parcel())
end)

t.test("hex_shows_offset_words_and_text", function()
	t.eq(binder.parcel("ABCD\1\0\0\0xyz\0\255\255\255\255!"):hex(),
		"000000  44434241 00000001 007a7978 ffffffff  ABCD....xyz.....\n" ..
		"000010  00000021                             !...\n")
end)

t.done()

-- SPDX-License-Identifier: MIT
-- aidl.lua: AIDL interfaces as values: proxies, objects, types, and what is refused.

local here = arg[0]:match("^(.*/)") or "./"
package.path = here .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local folders = { here .. "../aidl/files" }
local ITypes = binder.aidl("test.ITypes", folders)

local function same(v) return v end
local implementation = {
	outs = function(a, words) return a, { a, a + 1 }, { x = a, y = 0 }, words end,
	nothing = function() end,
	fail = function(_, message) binder.throw("EX_SERVICE_SPECIFIC", message, 42) end,
	play = function() return "no number" end,
	echoFloat = function(v) return v, v end,
	echoBoolean = function() end,
}
for name in ([[Byte Char Int Long Double String Nullable Small Flags Bytes Chars Strings Nullables
	List Map Grid Point NullPoint Either All Held Binder NullBinder Interface File
	NullFile]]):gmatch "%a+" do
	implementation["echo" .. name] = same
end
local object = assert(binder.serve("test.types", ITypes, implementation))
local types = assert(ITypes "test.types")

t.test("a_proxy_calls_by_name", function()
	t.eq(types:echoInt(-5), -5)
	t.eq(types:echoLong(math.mininteger), math.mininteger)
	t.eq(types:echoString("zażółć\0x"), "zażółć\0x")
	t.eq(types:echoDouble(0.1), 0.1)
	t.eq(types:nothing(), true)
end)

t.test("a_proxy_is_also_its_service", function()
	t.eq(types:ping(), true)
	t.eq(types:descriptor(), "test.ITypes")
	t.ok(tostring(types):find("test.ITypes", 1, true))
	t.ok(ITypes(object) == types)
end)

t.test("enums_and_constants_are_numbers", function()
	t.eq(ITypes.Flags.WRITE, 2)
	t.eq(ITypes.Small.TOP, 127)
	t.eq(ITypes.Wide.FAR, 1 << 62)
	t.eq(types:echoFlags(ITypes.Flags.WRITE), 2)
	t.eq(types:echoFlags("READ|WRITE"), 3)
	t.raises("test.ITypes.Flags has no 'WRIT'", function() return ITypes.Flags.WRIT end)
end)

t.test("a_list_may_begin_with_nil", function()
	local list = types:echoNullables { n = 3, [2] = "b" }
	t.eq(list.n, 3)
	t.eq(list[1], nil)
	t.eq(list[2], "b")
	list = types:echoNullables { n = 2 }
	t.eq(list.n, 2)
	t.eq(next(list), "n")
end)

t.test("a_field_may_be_called_n", function()
	local name = os.tmpname() .. ".aidl"
	local file = assert(io.open(name, "w"))
	file:write("interface IN { parcelable P { int n; } int f(in P p); }")
	file:close()
	local IN = binder.aidl(name)
	os.remove(name)
	local object = binder.object(IN, { f = function(p) return p.n end })
	t.eq(IN(object):f { n = 3 }, 3)
	t.eq(IN(object):f { n = -3 }, -3)
end)

t.test("parcelables_are_tables_and_defaults_are_filled_in", function()
	local point = types:echoPoint { y = 2 }
	t.eq(point.x, 7)
	t.eq(point.y, 2)
	t.eq(point.label, nil)
	local all = types:echoAll {}
	t.eq(all.large, 9007199254740993)
	t.eq(all.text, "text")
	t.same(all.numbers, { 1, 2, 3 })
	t.eq(all.grid[2][3], 0)
	t.eq(all.either.number, 1)
	t.eq(types:echoEither({ text = "x" }).text, "x")
end)

t.test("lists_maps_and_bytes", function()
	t.same(types:echoStrings { "a", "", "c" }, { "a", "", "c" })
	t.eq(types:echoNullables(nil), nil)
	local holes = types:echoNullables { "a", nil, n = 2 }
	t.eq(holes.n, 2)
	t.eq(holes[1], "a")
	t.eq(types:echoMap({ one = "1" }).one, "1")
	t.eq(types:echoBytes("\0\xff\x80"), "\0\xff\x80")
	t.same(types:echoGrid({ { 1, 2, 3 }, { 4, 5, 6 } })[2], { 4, 5, 6 })
	t.eq(types:echoHeld({ held = { ["@type"] = "test.ITypes.Point", x = 1 } }).held.x, 1)
end)

t.test("binders_and_files_go_and_come", function()
	t.ok(types:echoBinder(object) == object)
	t.eq(types:echoNullBinder(nil), nil)
	t.eq(types:echoInterface(types):echoInt(3), 3)
	local file <close> = io.tmpfile()
	file:write("hello")
	local back <close> = types:echoFile(file)
	back:seek("set")
	t.eq(back:read("a"), "hello")
	t.eq(types:echoNullFile(nil), nil)
end)

t.test("what_comes_out_follows_the_result", function()
	local result, list, point, words = types:outs(3, { "w" })
	t.eq(result, 3)
	t.same(list, { 3, 4 })
	t.eq(point.x, 3)
	t.same(words, { "w" })
end)

t.test("exceptions_are_nil_message_name_code", function()
	local value, message, name, code = types:fail(1, "why")
	t.eq(value, nil)
	t.eq(message, "why")
	t.eq(name, "EX_SERVICE_SPECIFIC")
	t.eq(code, 42)
end)

t.test("misuse_names_the_field_and_shows_the_signature", function()
	t.raises("v.x: 2147483648 does not fit into int", types.echoPoint, types, { x = 1 << 31 })
	t.raises("Point has no field z", types.echoPoint, types, { z = 1 })
	t.raises("v[1]: a number is no value for String", types.echoStrings, types, { 1 })
	t.raises("v: this argument is missing in int echoInt(int v)", types.echoInt, types)
	t.raises("argument 2 is one too many", types.echoInt, types, 1, 2)
	t.raises("a function is no value of AIDL", types.echoPoint, types, { x = print })
	t.raises("test.ITypes has no method 'ecoInt'", function() return types.ecoInt end)
	t.raises("call it with a colon", types.echoInt, 1)
	local deep = {}
	for _ = 1, 100 do deep = { deep } end
	t.raises("nested more than", types.echoPoint, types, deep)
end)

t.test("what_a_function_returns_is_checked", function()
	local errors = {}
	binder.on_error(function(e) errors[#errors + 1] = tostring(e) end)
	local _, _, name = types:play()
	t.eq(name, "EX_ILLEGAL_STATE")
	binder.step(0)
	t.ok((errors[1] or ""):find("ITypes.play: return: a string is no value for int", 1, true),
		errors[1])
	binder.on_error(nil)
end)

t.test("a_request_that_is_none_is_refused", function()
	t.fails("EX_BAD_PARCELABLE", object:call(4))
	t.fails("EX_BAD_PARCELABLE", object:call(19, { "i32", 1 << 30 }))
end)

t.test("a_reply_that_is_none_is_an_error", function()
	local liar = binder.object {
		descriptor = "test.ITypes",
		any = function(_, reply) reply:i32(1 << 30) end,
	}
	local lies = ITypes(liar)
	local message = t.fails("BAD_VALUE", lies:echoStrings { "a" })
	t.ok(message:find("the reply of echoStrings", 1, true), message)
	t.eq(lies:echoInt(1), 1 << 30)
	t.eq((lies:echoAll {}), nil)
end)

t.test("entries_of_a_map_go_in_the_order_of_their_keys", function()
	local sent
	local raw = binder.object {
		descriptor = "test.ITypes",
		any = function(request, reply)
			sent = {}
			for i = 1, request:read_i32() do sent[i] = request:read("str", "str") end
			reply:i32(0)
		end,
	}
	local map, keys = {}, {}
	for i = 1, 50 do keys[i] = ("%02d"):format(i) end
	for i = 50, 1, -1 do map[keys[i]] = "x" end
	ITypes(raw):echoMap(map)
	t.eq(table.concat(sent, " "), table.concat(keys, " "))
	t.raises("NUL", types.echoMap, types, { ["a\0b"] = "x" })
end)

t.test("options_stand_behind_the_arguments", function()
	t.eq(types:echoInt(1, { timeout = t.limit(5) }), 1)
	t.raises("unknown option 'timeut'", types.echoInt, types, 1, { timeut = 5 })
end)

t.test("only_methods_are_served", function()
	t.raises("test.ITypes has no method 'ecoInt'", binder.object, ITypes, { ecoInt = print })
	t.raises("'echoInt': function expected, got number", binder.object, ITypes, { echoInt = 1 })
	t.raises("table expected", binder.object, ITypes)
	t.raises("is no interface", binder.object, ITypes.Point, {})
	local empty = ITypes(binder.object(ITypes, {}))
	t.fails("UNKNOWN_TRANSACTION", empty:echoInt(1))
end)

t.test("errors_in_a_file_are_shown_with_their_place", function()
	local name = os.tmpname() .. ".aidl"
	local file = assert(io.open(name, "w"))
	file:write("interface IBad {\n    void f(int x;\n}\n")
	file:close()
	t.raises(":2:17: error: ", binder.aidl, name)
	os.remove(name)
	t.raises("there is no AIDL for no.such.IThing", binder.aidl, "no.such.IThing")
	t.raises("no.aidl", binder.aidl, "/no/such/no.aidl")
end)

t.test("missing_type_blocks_only_the_methods_that_need_it", function()
	local name = os.tmpname() .. ".aidl"
	local file = assert(io.open(name, "w"))
	file:write("interface IPart {\n    void f(in Nope x);\n    int g(int y);\n}\n")
	file:close()
	local IPart = binder.aidl(name)
	local part = IPart(assert(binder.object(IPart, { g = function(y) return y + 1 end })))
	t.eq(part:g(4), 5)
	t.raises("there is no AIDL for Nope", part.f, part, 4)
	os.remove(name)
end)

t.test("nothing_is_left_when_all_is_collected", function()
	for i = 1, 200 do
		local mine = binder.aidl("test.ITypes", folders)
		mine(object):echoPoint { x = i }
	end
	types = nil
	collectgarbage()
	collectgarbage()
	t.ok(binder.counts().parcels < 20, "parcels: " .. binder.counts().parcels)
end)

t.done()

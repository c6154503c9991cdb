-- SPDX-License-Identifier: MIT
-- types.lua: serves test.ITypes as "types", and as "hostile" one whose replies are no such thing.
--
-- Each echo method gives back what it gets; a hostile one answers with the bytes that stand in the
-- file named by its argument.

local binder = require "binder"
local ITypes = binder.aidl "test.ITypes"

local function same(v) return v end
local functions = {
	outs = function(a, words)
		words[#words + 1] = "more"
		return a * 2, { a, a + 1 }, { x = a, y = -a, label = "out" }, words
	end,
	forget = function() end,
	nothing = function() end,
	fail = function(exception, message)
		binder.throw(exception == -8 and "EX_SERVICE_SPECIFIC" or "EX_SECURITY", message, 42)
	end,
	play = function() return 1 end,
	dump = function() return "types\n" end,
}
for name in ([[Boolean Byte Char Int Long Float Double String Nullable Small Flags Wide FlagList
	Bytes Booleans Chars Longs Doubles Strings Nullables List Map Grid Point NullPoint Either All
	Held Binder NullBinder Interface File NullFile]]):gmatch "%a+" do
	functions["echo" .. name] = same
end
local types = assert(binder.serve("types", ITypes, functions))
assert(binder.serve("hostile", {
	descriptor = "test.ITypes",
	status = false,
	any = function(_, reply)
		local file <close> = assert(io.open(arg[1], "rb"))
		reply:raw(file:read "a")
	end,
}))
assert(binder.serve("unknown", {
	descriptor = "test.IUnknown",
	[2] = function(_, reply) reply:i32(7) end,
	[4] = function() binder.throw("EX_SECURITY", "no") end,
}))
print("ready")
io.stdout:flush()
assert(binder.loop("TERM", "INT"))

-- SPDX-License-Identifier: MIT
-- peer.lua NAME: another process for the tests.
--
--	1 echo(i32, str) -> i32, str	2 call back: binder, i32 n -> what binder's code 1 makes of n
--	3 throw(str name, str message)	4 hold(binder) keeps it		5 let go of it
--	6 bounce(binder, i32 n): calls code 6 of binder with itself and n - 1 until n is 0 -> i32 calls
--	7 pid -> i32			8 wait for ever			9 one-way: calls code 1 of binder
--	10 binder: calls its code 1; ends, Lua state and all, before the answer comes
--	11 ends, Lua state and all

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local held, self
self = assert(binder.serve(arg[1], {
	descriptor = "test.IPeer",
	dump = function(args) return "peer with " .. #args .. " arguments\n" end,
	shell = function(args) return "peer with " .. #args .. " words\n", #args end,
	[1] = function(req, reply) reply:i32(req:read_i32()):str(req:read_str()) end,
	[2] = function(req, reply)
		local back, n = req:read("binder", "i32")
		reply:i32(assert(back:call(1, { "i32", n })):read_i32())
	end,
	[3] = function(req) binder.throw(req:read("str", "str")) end,
	[4] = function(req) held = req:read_binder() end,
	[5] = function()
		held = nil
		collectgarbage()
	end,
	[6] = function(req, reply)
		local back, n = req:read("binder", "i32")
		local calls = 0
		if n > 0 then
			calls = assert(back:call(6, { "binder", self }, { "i32", n - 1 })):read_i32() + 1
		end
		reply:i32(calls)
	end,
	[7] = function(req, reply) reply:i32(t.pid()) end,
	[8] = function() binder.wait("test.never") end,
	[9] = function(req)
		local back, n = req:read("binder", "i32")
		back:oneway(1, { "i32", n })
	end,
	[10] = function(req) req:read_binder():call(1, { "i32", 0 }) end,
	[11] = function() os.exit(true, true) end,
}))
print("ready " .. t.pid())
io.stdout:flush()
binder.loop("TERM")

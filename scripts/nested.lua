#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- nested.lua: A calls B, B calls A back, before either has an answer.
--
--	binderctl run scripts/nested.lua [DEPTH]
--
-- A is this script, B a second process of it.  Each hands the other an object in
-- the call.  A waits for B's reply while B's calls come in: with one thread of
-- Lua each this works because a call that waits lets calls of its own objects in,
-- and because the driver gives them to the very thread that waits.

local binder = require "binder"

-- countdown(i32 n, ICounter caller) -> String: who was called, innermost first
local function counter(name)
	local self
	self = assert(binder.object {
		descriptor = "example.ICounter",
		[1] = function(request, reply)
			local n, caller = request:read("i32", "binder")
			if n == 0 then return reply:str(name) end
			local inner = assert(caller:call(1, { "i32", n - 1 }, { "binder", self })):read_str()
			reply:str(inner .. " < " .. name)
		end,
	})
	return self
end

if arg[1] == "B" then
	assert(binder.add("example.nested", counter "B"))
	assert(binder.loop("TERM"))
	return
end

local run = os.getenv("LUA_RUN") or "binderctl run"
local pipe = assert(io.popen(("echo $$; exec %s '%s' B"):format(run, arg[0]), "r"))
local pid = pipe:read("l")
local b = assert(binder.wait("example.nested", 10))
local depth = tonumber(arg[1]) or 5

print(assert(b:call(1, { "i32", depth }, { "binder", counter "A" })):read_str())
os.execute("kill " .. pid)
pipe:close()

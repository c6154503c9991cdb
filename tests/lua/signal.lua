-- SPDX-License-Identifier: MIT
-- signal.lua: Ctrl-C ends a script of a stock lua5.4 also while it waits.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

if arg[1] then
	-- The script that is interrupted: says when it is about to wait.
	local peer = assert(binder.wait("test.signal", t.limit(10)))
	if arg[2] then object = assert(binder.object {}) end
	-- What comes as soon as it has said so is caught, too.
	local good, message = pcall(function()
		print("ready " .. t.pid())
		io.stdout:flush()
		if arg[1] == "call" then peer:call(8) else binder.loop() end
	end)
	print(good, message)
	assert(peer:ping())
	return
end

local peer = t.start("peer.lua", "test.signal")

-- It may come before the wait has begun; the next one does not.
local function interrupt(...)
	local script = t.start("signal.lua", ...)
	os.execute("sleep 0.2")
	t.kill(script.pid, "INT")
	local line = script.pipe:read("l")
	script.pipe:close()
	return line
end

for _, what in ipairs { "call", "loop" } do
	for _, objects in ipairs { false, true } do
		t.test("interrupt_ends_a_" .. what .. (objects and "_of_a_script_with_objects" or ""), function()
			if t.run ~= "lua5.4" then return end -- only that takes signals by itself
			local line = interrupt(what, objects and "objects" or nil)
			t.ok(line and line:match("^false\t.*interrupted!$"), line)
		end)
	end
end

t.kill(peer.pid)
peer.pipe:close()
t.done()

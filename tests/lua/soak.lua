-- SPDX-License-Identifier: MIT
-- soak.lua: a long life leaves memory where it was.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local peer = t.start("peer.lua", "test.soak")
local remote = t.ok(binder.wait("test.soak", t.limit(10)))
-- Sanitizers keep freed memory back, and are slow; so is an emulator (tests/vm).
local slow = (os.getenv("BUILD") or ""):find("san-", 1, true)
local scale = t.slow > 100 and 0.004 or slow and 0.05 or 1

local function resident()
	collectgarbage()
	collectgarbage()
	local file <close> = assert(io.open("/proc/self/statm"))
	return select(2, file:read("n", "n")) * 4, collectgarbage("count")
end

-- Runs round(n) before, as a warm-up, and then compares.
local function stays(n, round)
	round(n // 10)
	local before, lua_before = resident()
	local counts = binder.counts()
	round(n)
	local after, lua_after = resident()
	local now = binder.counts()
	t.ok(lua_after < lua_before + 100, ("Lua: %.0f KiB before, %.0f after"):format(lua_before, lua_after))
	if not slow then
		t.ok(after < before + 1000, ("%d KiB before, %d after"):format(before, after))
	end
	t.eq(now.parcels, counts.parcels)
	t.eq(now.proxies, counts.proxies)
	return counts, now
end

t.test("calls_leave_memory_where_it_was", function()
	stays(math.floor(100000 * scale), function(n)
		for i = 1, n do
			local reply = remote:call(1, { "i32", i }, { "str", "x" })
			if reply:read_i32() ~= i then error("wrong answer") end
		end
	end)
end)

t.test("served_objects_leave_memory_where_it_was", function()
	local function round(n)
		for i = 1, n do
			local object <close> = assert(binder.object { descriptor = "test.ISoak",
				[1] = function(req, reply) reply:i32(req:read_i32() + 1) end })
			if i % 10 == 0 then
				assert(remote:call(2, { "binder", object }, { "i32", i }))
			else
				assert(object:call(1, { "i32", i }))
			end
		end
		assert(remote:call(5)) -- the other process collects its references
		local give_up = os.time() + t.limit(20)
		while binder.counts().locals > 0 and os.time() < give_up do binder.step(0.05) end
	end
	local _, now = stays(math.floor(10000 * scale), round)
	t.eq(now.locals, 0)
end)

t.stop(peer)
t.done()

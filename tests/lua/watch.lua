-- SPDX-License-Identifier: MIT
-- watch.lua: registrations are told in the loop.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local function serve(name, number)
	return t.ok(binder.serve(name, { [1] = function(_, reply) reply:i32(number) end }))
end

-- Serves until done() or the time is up.
local function serve_until(done)
	local give_up = os.time() + t.limit(10)
	while not done() and os.time() <= give_up do binder.step(0.1) end
	return done()
end

t.test("present_and_later_registrations_are_told", function()
	serve("test.watched", 1)
	local seen = {}
	local watch = t.ok(binder.watch("test.watched", function(service, name)
		t.eq(name, "test.watched")
		seen[#seen + 1] = service
	end))
	t.ok(serve_until(function() return #seen == 1 end))
	t.eq(t.ok(seen[1]:call(1)):read_i32(), 1)
	t.eq(seen[1]:name(), "test.watched")
	serve("test.watched", 2)
	t.ok(serve_until(function() return #seen == 2 end))
	t.eq(t.ok(seen[2]:call(1)):read_i32(), 2)
	t.eq(watch:cancel(), true)
	t.eq(watch:cancel(), false)
end)

t.test("cancelled_watch_stays_silent", function()
	local silent, told = true, false
	t.ok(binder.watch("test.later", function() silent = false end)):cancel()
	t.ok(binder.watch("test.later", function() told = true end))
	serve("test.later", 1)
	t.ok(serve_until(function() return told end))
	t.ok(silent)
end)

t.test("misuse_names_the_argument", function()
	t.raises("bad argument #1 to 'watch'", function() binder.watch() end)
	t.raises("bad argument #2 to 'watch'", function() binder.watch("x") end)
end)

t.done()

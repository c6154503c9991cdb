-- SPDX-License-Identifier: MIT
-- death.lua: news of the death of another process.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local function start(name)
	local peer = t.start("peer.lua", name)
	return peer, t.ok(binder.wait(name, t.limit(10)))
end

local function kill(peer)
	t.kill(peer.pid)
	peer.pipe:close()
end

-- Serves until done() or the time is up.
local function serve_until(done)
	local give_up = os.time() + t.limit(10)
	while not done() and os.time() <= give_up do binder.step(0.1) end
	return done()
end

t.test("death_is_told_once_in_the_loop", function()
	local peer, service = start("test.death")
	local told, who = 0, nil
	t.ok(service:on_death(function(dead)
		told, who = told + 1, dead
		binder.quit()
	end))
	kill(peer)
	t.eq(told, 0)
	binder.loop()
	t.eq(told, 1)
	t.ok(who == service)
	t.eq(service:alive(), false)
	t.ok(tostring(service):find("dead", 1, true))
	t.fails("DEAD_OBJECT", service:call(7))
	t.fails("DEAD_OBJECT", service:ping())
	t.fails("DEAD_OBJECT", service:on_death(print))
	while binder.step(0.1) do end
	t.eq(told, 1)
end)

t.test("cancelled_link_stays_silent", function()
	local peer, service = start("test.cancel")
	local told, other = 0, 0
	local link = t.ok(service:on_death(function() told = told + 1 end))
	t.ok(service:on_death(function() other = other + 1 end))
	t.eq(tostring(link), "binder.death (active)")
	t.eq(link:cancel(), true)
	t.eq(link:cancel(), false)
	t.eq(tostring(link), "binder.death (over)")
	kill(peer)
	t.ok(serve_until(function() return other == 1 end))
	t.eq(told, 0)
end)

t.test("link_outlives_its_handle_and_service", function()
	local peer = t.start("peer.lua", "test.forgotten")
	local told = 0
	t.ok(t.ok(binder.wait("test.forgotten", t.limit(10))):on_death(function() told = told + 1 end))
	collectgarbage()
	collectgarbage()
	kill(peer)
	t.ok(serve_until(function() return told == 1 end))
end)

t.test("binder_from_a_parcel_tells_of_its_death", function()
	local peer, service = start("test.parcel")
	local p = binder.parcel():binder(service)
	p:position(0)
	local told = 0
	t.ok(t.ok(p:read_binder()):on_death(function() told = told + 1 end))
	kill(peer)
	t.ok(serve_until(function() return told == 1 end))
end)

t.test("death_during_a_call_ends_the_call", function()
	local peer, service = start("test.during")
	-- A shell kills it while the call waits.
	os.execute(("(sleep 0.2; kill -KILL %d) &"):format(peer.pid))
	t.fails("DEAD_OBJECT", service:call(8, { timeout = t.limit(10) }))
	peer.pipe:close()
end)

t.test("error_in_a_callback_reaches_the_script", function()
	local peer, service = start("test.error")
	t.ok(service:on_death(function() error("in the callback") end))
	kill(peer)
	t.raises("in the callback", binder.loop)
end)

t.test("local_object_cannot_be_linked", function()
	local object = t.ok(binder.object {})
	t.fails("INVALID_OPERATION", object:on_death(print))
	t.raises("bad argument #1 to 'on_death'", function() object:on_death(3) end)
end)

t.test("dead_service_leaves_the_list", function()
	local peer, service = start("test.gone")
	local told = false
	t.ok(service:on_death(function() told = true end))
	kill(peer)
	t.ok(serve_until(function() return told end))
	t.ok(serve_until(function() return not binder.check("test.gone") end))
end)

t.done()

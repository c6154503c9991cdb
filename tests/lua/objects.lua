-- SPDX-License-Identifier: MIT
-- objects.lua: objects without a name, nested calls, errors in handlers, garbage.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local peer = t.start("peer.lua", "test.objects")
local remote = t.ok(binder.wait("test.objects", t.limit(10)))

local function doubler()
	return t.ok(binder.object { descriptor = "test.IDoubler",
		[1] = function(req, reply) reply:i32(req:read_i32() * 2) end })
end

-- Serves until done() or the time is up.
local function serve_until(done, seconds)
	local give_up = os.time() + t.limit(seconds or 10)
	while not done() and os.time() <= give_up do binder.step(0.1) end
	return done()
end

local function locals()
	collectgarbage()
	collectgarbage()
	binder.step(0)
	return binder.counts().locals
end

-- The same when the other process has let go of what it does not hold on purpose.
local function locals_at_rest()
	t.ok(remote:call(5))
	local last
	serve_until(function()
		local now = locals()
		local same = now == last
		last = now
		return same and not binder.step(0.1)
	end)
	return last
end

t.test("object_is_called_back_while_the_script_waits", function()
	t.eq(t.ok(remote:call(2, { "binder", doubler() }, { "i32", 21 })):read_i32(), 42)
end)

t.test("object_comes_home_as_itself", function()
	local object = doubler()
	local p = binder.parcel():binder(object):binder(nil)
	p:position(0)
	t.ok(p:read_binder() == object)
	t.eq(p:read_binder(), nil)
	t.eq(t.ok(object:call(1, { "i32", 4 })):read_i32(), 8)
end)

t.test("calls_nest_back_and_forth", function()
	local object, served = nil, 0
	object = t.ok(binder.object { descriptor = "test.IPeer", [6] = function(req, reply)
		local back, n = req:read("binder", "i32")
		served = served + 1
		local calls = 0
		if n > 0 then
			calls = assert(back:call(6, { "binder", object }, { "i32", n - 1 })):read_i32() + 1
		end
		reply:i32(calls)
	end })
	t.eq(t.ok(remote:call(6, { "binder", object }, { "i32", 9 })):read_i32(), 9)
	t.eq(served, 5)
end)

t.test("object_lives_while_another_process_holds_it", function()
	local before = locals_at_rest()
	t.ok(remote:call(4, { "binder", doubler() }))
	t.eq(locals(), before + 1)
	t.ok(remote:call(5))
	t.ok(serve_until(function() return locals() == before end))
end)

t.test("object_that_nobody_holds_is_collected", function()
	local before = locals_at_rest()
	local collected = 0
	for _ = 1, 200 do
		local canary = setmetatable({}, { __gc = function() collected = collected + 1 end })
		t.ok(binder.object { [1] = function() return canary end }):close()
	end
	t.eq(locals(), before)
	t.ok(serve_until(function()
		collectgarbage()
		return collected == 200
	end))
end)

t.test("oneway_call_arrives_in_the_loop", function()
	local got, ctx
	local object = t.ok(binder.object { descriptor = "test.ISink", [1] = function(req, _, context)
		got, ctx = req:read_i32(), context
		binder.quit()
	end })
	t.eq(remote:oneway(9, { "binder", object }, { "i32", 5 }), true)
	binder.loop()
	t.eq(got, 5)
	t.eq(ctx.oneway, true)
end)

t.test("request_is_over_when_its_handler_is", function()
	local kept
	local object = t.ok(binder.object { descriptor = "test.IKeep", [1] = function(req, reply)
		kept = { req, reply }
		t.raises("can be read only", function() req:i32(1) end)
	end })
	t.ok(object:call(1))
	t.raises("is over", function() kept[1]:read_i32() end)
	t.raises("is over", function() kept[2]:i32(1) end)
end)

t.test("mistake_in_a_handler_answers_the_caller_and_reaches_the_script", function()
	local object = t.ok(binder.object { descriptor = "test.IBad", [1] = function()
		local nothing
		return nothing.field
	end })
	t.raises("attempt to index a nil value", function() object:call(1) end)
	local told
	binder.on_error(function(message) told = message end)
	t.eq(t.fails("EX_ILLEGAL_STATE", object:call(1)):match("attempt to index a nil value"),
		"attempt to index a nil value")
	t.ok(told:find("stack traceback", 1, true))
	-- From another process, and raised by the loop.
	binder.on_error(nil)
	-- (Or by the call that was under way when the other one came.)
	t.raises("attempt to index a nil value", function()
		t.ok(remote:oneway(9, { "binder", object }, { "i32", 1 }))
		binder.loop()
	end)
	-- Nothing is left over.
	t.eq(remote:ping(), true)
end)

t.test("exception_in_a_handler_is_no_error_of_the_script", function()
	local object = t.ok(binder.object { [1] = function() binder.throw("EX_SECURITY", "no") end })
	t.eq(t.fails("EX_SECURITY", object:call(1)), "no")
	t.eq(binder.step(0), false)
end)

t.test("loop_cannot_be_nested", function()
	local object = t.ok(binder.object { [1] = function() binder.loop() end })
	t.raises("cannot be used in a handler", function() object:call(1) end)
end)

t.test("loop_ends_at_a_signal_that_it_was_given", function()
	local object
	local sending = true
	local function ask() t.ok(remote:oneway(9, { "binder", object }, { "i32", 0 })) end
	object = t.ok(binder.object { descriptor = "test.ISink", [1] = function()
		-- It may come while the request is still being sent: the loop is not there yet.
		if sending then ask() else t.kill(t.pid(), "USR1") end
	end })
	ask()
	sending = false
	t.eq(binder.loop("USR1"), "USR1")
	t.raises("signal expected", function() binder.loop("KILL") end)
end)

t.test("services_close_with_their_scope", function()
	local before = locals_at_rest()
	do local object <close> = doubler() end
	t.eq(locals(), before)
end)

t.test("calls_work_in_coroutines", function()
	local object = doubler()
	local results = {}
	local co = coroutine.wrap(function()
		for i = 1, 3 do
			results[i] = t.ok(remote:call(2, { "binder", object }, { "i32", i })):read_i32()
			coroutine.yield()
		end
	end)
	for _ = 1, 3 do co() end
	t.same(results, { 2, 4, 6 })
end)

t.test("script_that_ends_in_a_handler_answers_its_callers", function()
	local ending = t.start("peer.lua", "test.ending")
	local service = t.ok(binder.wait("test.ending", t.limit(10)))
	-- The handler of 10 waits for this object, which has 11 served meanwhile.
	local object = t.ok(binder.object { descriptor = "test.IEnd", [1] = function()
		t.fails("DEAD_OBJECT", service:call(11))
	end })
	t.fails("DEAD_OBJECT", service:call(10, { "binder", object }, { timeout = t.limit(10) }))
	t.ok(ending.pipe:close())
end)

local function exercise(rounds)
	for i = 1, rounds do
		local object = doubler()
		t.eq(t.ok(remote:call(2, { "binder", object }, { "i32", i })):read_i32(), i * 2)
		local n, text = t.ok(remote:call(1, { "i32", i }, { "str", "text" .. i })):read("i32", "str")
		t.eq(n, i)
		t.eq(text, "text" .. i)
		t.fails("EX_SECURITY", remote:call(3, { "str", "EX_SECURITY" }, { "str", "m" }))
		t.eq(#t.ok(remote:dump("x")), #"peer with 1 arguments\n")
	end
end

t.test("holds_under_generational_collection", function()
	collectgarbage("generational")
	exercise(50)
	collectgarbage("incremental")
end)

t.test("holds_when_everything_is_collected_at_every_step", function()
	debug.sethook(function() collectgarbage() end, "", 7)
	local good, message = pcall(exercise, 5)
	debug.sethook()
	t.ok(good, message)
end)

t.test("calls_leave_nothing_behind", function()
	exercise(5)
	local before = locals_at_rest()
	local parcels = binder.counts().parcels
	exercise(100)
	t.ok(remote:call(5))
	t.ok(serve_until(function() return locals() == before end))
	t.eq(binder.counts().parcels, parcels)
end)

t.stop(peer)
t.done()

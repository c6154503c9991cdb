-- SPDX-License-Identifier: MIT
-- async.lua: many things at a time in one script: async functions, timers, handlers that wait.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local peer = t.start("peer.lua", "test.async")
local remote = t.ok(binder.wait("test.async", t.limit(10)))

-- Serves until done() or the time is up.
local function serve_until(done)
	local give_up = os.time() + t.limit(10)
	while not done() and os.time() <= give_up do binder.step(0.1) end
	return done()
end

t.test("async_function_runs_in_the_loop_and_its_results_are_waited_for", function()
	local began = false
	local task = binder.async(function(a, b)
		began = true
		return a + b, nil, "last"
	end, 1, 2)
	t.eq(began, false)
	t.eq(task:done(), false)
	t.eq(tostring(task), "binder.task (running)")
	local sum, nothing, last = task:wait()
	t.eq(sum, 3)
	t.eq(nothing, nil)
	t.eq(last, "last")
	t.eq(task:done(), true)
	t.eq(task:wait(), 3)
	t.eq(tostring(task), "binder.task (done)")
end)

t.test("many_calls_are_in_flight_at_a_time", function()
	-- Each waits for an object of ours, which answers when all have come.
	local arrived, answered = 0, 0
	local gate = t.ok(binder.object { descriptor = "test.IGate", [1] = function(req, reply)
		local n = req:read_i32()
		arrived = arrived + 1
		while arrived < 10 do binder.sleep(0.01) end
		reply:i32(n * 2)
	end })
	local tasks = {}
	for i = 1, 10 do
		tasks[i] = binder.async(function()
			local n = t.ok(remote:call(2, { "binder", gate }, { "i32", i })):read_i32()
			answered = answered + 1
			return n
		end)
	end
	-- The peer is a script too: its handlers wait beside each other.
	for i = 1, 10 do t.eq(tasks[i]:wait(t.limit(10)), i * 2) end
	t.eq(arrived, 10)
	t.eq(answered, 10)
end)

t.test("slow_call_does_not_hold_up_the_loop", function()
	local slow = t.start("peer.lua", "test.async.slow")
	local service = t.ok(binder.wait("test.async.slow", t.limit(10)))
	local ended, ticks = nil, 0
	local ticker = binder.every(0.02, function()
		ticks = ticks + 1
	end)
	local task = binder.async(function() return service:call(8, { timeout = 0.5 }) end)
	local _, _, name = task:wait()
	t.eq(name, "TIMED_OUT")
	ticker:cancel()
	t.ok(ticks >= 5, ticks)
	t.kill(slow.pid)
	slow.pipe:close()
end)

t.test("async_functions_make_every_kind_of_call", function()
	local task = binder.async(function()
		t.ok(#binder.list() >= 2)
		t.ok(binder.get("test.async") == remote)
		t.ok(binder.check("test.async"))
		t.eq(binder.wait("test.async", t.limit(1)):descriptor(), "test.IPeer")
		t.eq(remote:ping(), true)
		t.eq(remote:dump("x"), "peer with 1 arguments\n")
		t.fails("EX_SECURITY", remote:call(3, { "str", "EX_SECURITY" }, { "str", "m" }))
		t.fails("TIMED_OUT", binder.wait("test.none", 0.05))
		local seen
		local watch = t.ok(binder.watch("test.async", function() seen = true end))
		while not seen do binder.sleep(0.01) end
		watch:cancel()
		local object = t.ok(binder.serve("test.async.own", { [1] = function(_, r) r:i32(4) end }))
		t.eq(t.ok(object:call(1)):read_i32(), 4)
		return "all"
	end)
	t.eq(task:wait(t.limit(10)), "all")
end)

t.test("tasks_wait_for_tasks", function()
	local first = binder.async(function()
		binder.sleep(0.02)
		return "first"
	end)
	local second = binder.async(function() return first:wait() .. " second" end)
	local third = binder.async(function() return select(3, first:wait(0)) end)
	t.eq(second:wait(), "first second")
	t.eq(third:wait(), "TIMED_OUT")
	t.fails("TIMED_OUT", binder.async(function() binder.sleep(1) end):wait(0.01))
end)

t.test("error_of_a_task_is_raised_where_it_is_waited_for", function()
	local task = binder.async(function() error({ code = 7 }) end)
	local good, e = pcall(task.wait, task)
	t.eq(good, false)
	t.eq(e.code, 7)
	t.eq(tostring(task), "binder.task (failed)")
	t.eq(pcall(task.wait, task), false)
	local outer = binder.async(function()
		local ok, message = pcall(function()
			return binder.async(function() error("inner") end):wait()
		end)
		return ok, message
	end)
	local ok, message = outer:wait()
	t.eq(ok, false)
	t.ok(message:find("inner"))
end)

t.test("error_of_a_task_that_nobody_waits_for_reaches_the_script", function()
	binder.async(function() error("all alone") end)
	t.raises("all alone", binder.loop)
	local told
	binder.on_error(function(message)
		told = message
		binder.quit()
	end)
	binder.async(function() error("told") end)
	binder.loop()
	binder.on_error(nil)
	t.ok(told:find("told", 1, true) and told:find("traceback", 1, true), told)
end)

t.test("handler_that_waits_leaves_others_alone", function()
	local order = {}
	local object = t.ok(binder.object { descriptor = "test.ISink", [1] = function(req)
		local n = req:read_i32()
		order[#order + 1] = "in " .. n
		-- The first waits until the second is done: each needs the other process.
		while n == 1 and order[3] == nil do binder.sleep(0.01) end
		t.eq(t.ok(remote:call(1, { "i32", n }, { "str", "x" })):read_i32(), n)
		order[#order + 1] = "out " .. n
	end })
	-- From two threads of ours at a time.
	local one = binder.async(function() t.ok(object:call(1, { "i32", 1 })) end)
	local two = binder.async(function()
		while not order[1] do binder.sleep(0.01) end
		t.ok(object:call(1, { "i32", 2 }))
	end)
	one:wait()
	two:wait()
	t.eq(table.concat(order, ", "), "in 1, in 2, out 2, out 1")
end)

t.test("timers_fire_in_order_and_can_be_cancelled", function()
	local order = {}
	local function note(what) return function() order[#order + 1] = what end end
	binder.after(0.03, note "c")
	binder.after(0, note "a")
	binder.after(0.01, note "b")
	local never = binder.after(0.02, note "never")
	t.eq(tostring(never), "binder.timer (active)")
	t.eq(never:cancel(), true)
	t.eq(never:cancel(), false)
	local last = binder.after(0.04, binder.quit)
	binder.loop()
	t.eq(table.concat(order), "abc")
	t.eq(tostring(last), "binder.timer (over)")
	t.eq(last:cancel(), false)
end)

t.test("repeated_timer_goes_on_until_it_is_cancelled", function()
	local count, timer = 0, nil
	timer = binder.every(0.005, function()
		count = count + 1
		if count == 3 then
			t.eq(timer:cancel(), true)
			binder.after(0.03, binder.quit)
		end
	end)
	binder.loop()
	t.eq(count, 3)
	do local closed <close> = binder.every(0.001, function() count = 99 end) end
	binder.sleep(0.01)
	t.eq(count, 3)
end)

t.test("error_in_a_timer_reaches_the_script", function()
	binder.after(0, function() error("late") end)
	t.raises("late", binder.sleep, 1)
	binder.after(0, function() error("later") end)
	t.raises("later", binder.loop)
end)

t.test("sleep_serves_calls_meanwhile", function()
	local got
	local object = t.ok(binder.object { descriptor = "test.ISink",
		[1] = function(req) got = req:read_i32() end })
	t.ok(remote:oneway(9, { "binder", object }, { "i32", 5 }))
	t.ok(serve_until(function() binder.sleep(0.01) return got == 5 end))
end)

t.test("plain_yield_lets_others_come_first", function()
	local order = {}
	local function run(name)
		return binder.async(function()
			for i = 1, 2 do
				order[#order + 1] = name .. i
				coroutine.yield()
			end
		end)
	end
	local a, b = run "a", run "b"
	a:wait()
	b:wait()
	t.eq(table.concat(order, " "), "a1 b1 a2 b2")
end)

t.test("coroutines_of_the_script_work_inside", function()
	local task = binder.async(function()
		local list = {}
		for n in coroutine.wrap(function()
			for i = 1, 3 do
				coroutine.yield(t.ok(remote:call(1, { "i32", i }, { "str", "" })):read_i32())
			end
		end) do list[#list + 1] = n end
		-- Nor can a comparison be left in the middle.
		local sorted = { 3, 1, 2 }
		table.sort(sorted, function(x, y)
			t.ok(remote:ping())
			return x < y
		end)
		return #list, table.concat(sorted)
	end)
	local n, sorted = task:wait()
	t.eq(n, 3)
	t.eq(sorted, "123")
end)

t.test("pending_variables_of_a_failed_handler_are_closed", function()
	local closed = false
	local object = t.ok(binder.object { [1] = function()
		local guard <close> = setmetatable({}, { __close = function() closed = true end })
		binder.throw("EX_SECURITY", "no")
	end })
	t.fails("EX_SECURITY", object:call(1))
	t.eq(closed, true)
end)

t.test("calls_have_a_time_limit_of_any_kind", function()
	local slow = t.start("peer.lua", "test.async.stopped")
	local service = t.ok(binder.wait("test.async.stopped", t.limit(10)))
	local fresh = t.ok(binder.check("test.async.stopped"))
	t.ok(service:descriptor())
	t.freeze(slow.pid)
	t.fails("TIMED_OUT", service:ping { timeout = 0.05 })
	t.fails("TIMED_OUT", service:dump("a", { timeout = 0.05 }))
	t.fails("TIMED_OUT", service:call(7, { timeout = 0.05 }))
	t.fails("TIMED_OUT", fresh:call(7, { timeout = 0.05 }))
	t.fails("TIMED_OUT", t.ok(binder.check("test.async.stopped")):descriptor { timeout = 0.05 })
	t.kill(slow.pid, "CONT")
	t.eq(service:ping { timeout = t.limit(10) }, true)
	t.raises("unknown option 'token'; timeout", function() service:ping { token = true } end)
	t.raises("bad argument #1 to 'ping'", function() service:ping(3) end)
	t.stop(slow)
end)

t.test("misuse_names_the_argument", function()
	t.raises("bad argument #1 to 'binder.async'", binder.async)
	t.raises("bad argument #1 to 'binder.after'", binder.after, "x", print)
	t.raises("bad argument #2 to 'binder.after'", binder.after, 1)
	t.raises("more than 0 seconds", binder.every, 0, print)
	t.raises("bad argument #1 to 'binder.sleep'", binder.sleep)
	t.raises("seconds expected, 0 or more", binder.sleep, -1)
	local task = binder.async(function() binder.sleep(0.05) end)
	local wrapped = binder.async(function()
		return coroutine.wrap(function() return pcall(task.wait, task) end)()
	end)
	local good, message = wrapped:wait()
	t.eq(good, false)
	t.ok(message:find("cannot be used here"))
	task:wait()
end)

t.test("finished_tasks_leave_nothing_behind", function()
	local function run(n)
		for i = 1, n do
			binder.async(function() return (remote:ping()) end):wait()
			binder.after(0, function() end)
		end
		binder.sleep(0.01)
		collectgarbage()
		collectgarbage()
		return collectgarbage("count")
	end
	run(200)
	local before, parcels = run(200), binder.counts().parcels
	local after = run(400)
	t.ok(after < before + 20, ("%.0f KiB before, %.0f after"):format(before, after))
	t.eq(binder.counts().parcels, parcels)
end)

t.stop(peer)
t.done()

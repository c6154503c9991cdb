#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- bind_service.lua: what Android's bindService() does, with three processes.
--
--	binderctl run scripts/bind_service.lua
--
-- An application names an Intent and hands over a *connection object*.  The
-- broker (the activity manager) starts the process that has the service, unless
-- it runs, and asks it for its binder; the server *publishes* that to the broker;
-- the broker calls connected(name, binder) on the connection object.  Only the
-- broker has a name with the service manager: all else is anonymous binders that
-- go from hand to hand.
--
--	example.IBroker			1 bind(String intent, IConnection) -> bool
--					2 attach(String intent, IServer)
--					3 publish(String intent, IBinder)
--	example.IServer			1 onBind(String intent), one-way
--	example.IConnection		1 connected(String intent, IBinder), one-way
--					2 disconnected(String intent), one-way
--	example.IAdder			1 add(i32, i32) -> i32

local binder = require "binder"
local me = (os.getenv("LUA_RUN") or "binderctl run") .. " '" .. arg[0] .. "'"

local function say(...)
	print(...)
	io.stdout:flush()
end

-- ---- the broker ------------------------------------------------------------------

local function broker()
	local programs = { ["example.ADD"] = me .. " server example.ADD" }
	local services = {}	-- by intent: {server=, binder=, waiting = connection objects}

	local function tell(service, intent)
		for _, connection in ipairs(service.waiting) do
			connection:oneway(1, { "str", intent }, { "binder", service.binder })
			service.bound[#service.bound + 1] = connection
		end
		service.waiting = {}
	end

	assert(binder.serve("example.broker", {
		descriptor = "example.IBroker",

		[1] = function(request, reply)
			local intent, connection = request:read("str", "binder")
			local program = programs[intent]
			if not program then return reply:bool(false) end
			local service = services[intent]
			if not service then
				service = { waiting = {}, bound = {} }
				services[intent] = service
				say("broker: starts a process for " .. intent)
				os.execute(program .. " &")
			end
			service.waiting[#service.waiting + 1] = connection
			if service.binder then tell(service, intent) end
			reply:bool(true)
		end,

		[2] = function(request)
			local intent, server = request:read("str", "binder")
			local service = services[intent]
				or binder.throw("EX_ILLEGAL_ARGUMENT", "nobody has asked for " .. intent)
			service.server = server
			-- The connection objects learn of the server's death from the broker.
			server:on_death(function()
				say("broker: the process for " .. intent .. " has died")
				for _, connection in ipairs(service.bound) do
					connection:oneway(2, { "str", intent })
				end
				services[intent] = nil
			end)
			assert(server:oneway(1, { "str", intent }))
		end,

		[3] = function(request)
			local intent, published = request:read("str", "binder")
			local service = services[intent]
			service.binder = published
			tell(service, intent)
		end,
	}))
	say("broker: ready")
	assert(binder.loop("TERM", "INT"))
end

-- ---- a server, started on demand ---------------------------------------------------

local function server(intent)
	local hub = assert(binder.wait("example.broker", 10))
	local adder = assert(binder.object {
		descriptor = "example.IAdder",
		[1] = function(request, reply)
			local a, b = request:read("i32", "i32")
			reply:i32(a + b)
		end,
		-- For the demonstration: a crash on demand.
		[2] = function() os.exit(1, true) end,
	})
	local process = assert(binder.object {
		descriptor = "example.IServer",
		[1] = function(request)
			local asked = request:read_str()
			say("server: onBind " .. asked)
			assert(hub:call(3, { "str", asked }, { "binder", adder }))
		end,
	})
	assert(hub:call(2, { "str", intent }, { "binder", process }))
	-- Without its broker, a server has nothing to live for.
	hub:on_death(function() binder.quit() end)
	binder.loop("TERM", "INT")
end

-- ---- an application ------------------------------------------------------------------

local function application()
	local hub = assert(binder.wait("example.broker", 10))
	local connection = assert(binder.object {
		descriptor = "example.IConnection",
		[1] = function(request)
			local intent, adder = request:read("str", "binder")
			say("application: connected to " .. intent .. ", a " .. adder:descriptor())
			local sum = assert(adder:call(1, { "i32", 40 }, { "i32", 2 })):read_i32()
			say("application: 40 + 2 = " .. sum)
			adder:oneway(2)
		end,
		[2] = function(request)
			say("application: disconnected from " .. request:read_str())
			binder.quit()
		end,
	})
	assert(assert(hub:call(1, { "str", "example.ADD" }, { "binder", connection })):read_bool())
	binder.loop("TERM", "INT")
end

if arg[1] == "broker" then
	broker()
elseif arg[1] == "server" then
	server(arg[2])
else
	local pipe = assert(io.popen("echo $$; exec " .. me .. " broker", "r"))
	local pid = pipe:read("l")
	say((pipe:read("l")))
	application()
	os.execute("kill " .. pid)
	io.write(pipe:read("a"))
	pipe:close()
end

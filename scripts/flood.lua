#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- flood.lua: one-way calls may fill half of a receiver's buffer, and no more.
--
--	binderctl run scripts/flood.lua [BYTES]
--
-- A one-way call returns as soon as the driver has the data.  Nobody slows down a
-- sender, so the driver keeps the other half of the buffer (1 MiB - 8 KiB by
-- default) for calls that somebody waits for.  A second process of this script is
-- stopped while calls are sent to it, until the driver refuses one; an ordinary
-- call still gets through when it goes on.

local binder = require "binder"

if arg[1] == "receiver" then
	local count = 0
	assert(binder.serve("example.flood", {
		descriptor = "example.IFlood",
		[1] = function() count = count + 1 end,
		[2] = function(_, reply) reply:i32(count) end,
	}))
	assert(binder.loop("TERM"))
	return
end

local run = os.getenv("LUA_RUN") or "binderctl run"
local pipe = assert(io.popen(("echo $$; exec %s '%s' receiver"):format(run, arg[0]), "r"))
local pid = pipe:read("l")
local service = assert(binder.wait("example.flood", 10))
assert(service:descriptor())	-- asked for now, because nobody will answer soon

local size = tonumber(arg[1]) or 4096
local bytes = { "bytes", ("x"):rep(size) }
local sent, message, name = 0, nil, nil

os.execute("kill -STOP " .. pid)
repeat
	local good
	good, message, name = service:oneway(1, bytes)
	sent = sent + (good and 1 or 0)
until not good
print(("%d one-way calls of %d bytes: %d KiB, then %s"):format(sent, size, sent * size // 1024, name))
print(message)

os.execute("kill -CONT " .. pid)
local received
repeat
	received = assert(service:call(2)):read_i32()
until received == sent
print(("all %d have arrived, in order, once it went on"):format(received))
os.execute("kill " .. pid)
pipe:close()

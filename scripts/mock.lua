#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- mock.lua: a stand-in for a service, to test a program that calls it.
--
--	binderctl sandbox -- sh -c 'binderctl run scripts/mock.lua ./my-test'
--
-- Registers "battery", answers as the table below says, and notes every call.
-- With a command as arguments it runs that, says what was called, and ends with
-- the command's exit status.

local binder = require "binder"

-- What to answer.  A function gets the request and writes the reply.
local answers = {
	[1] = function(_, reply) reply:i32(87) end,			-- int level()
	[2] = function(_, reply) reply:str("discharging") end,		-- String state()
	[3] = function(request)						-- void setLimit(int percent)
		local percent = request:read_i32()
		if percent > 100 then
			binder.throw("EX_ILLEGAL_ARGUMENT", "no battery takes " .. percent .. " percent")
		end
	end,
}

local calls = {}

local spec = { descriptor = "example.IBattery" }
for code, answer in pairs(answers) do
	spec[code] = function(request, reply, context)
		calls[#calls + 1] = ("code %d from pid %d, %d bytes"):format(code, context.pid, #request)
		answer(request, reply)
	end
end
-- A call that nobody expected is worth a line too.
spec.any = function(_, _, context)
	calls[#calls + 1] = ("code %d: nobody expected that"):format(context.code)
	binder.throw("EX_UNSUPPORTED_OPERATION", "the mock has no code " .. context.code)
end
spec.dump = function() return table.concat(calls, "\n") .. "\n" end

assert(binder.serve("battery", spec))
print("battery is registered")
io.stdout:flush()

if not arg[1] then
	assert(binder.loop("TERM", "INT"))
	return
end

-- The command runs beside us: its output is a pipe that nobody may wait for here, so look at it
-- now and then and serve in between.
local words = {}
for i, word in ipairs(arg) do words[i] = "'" .. word:gsub("'", "'\\''") .. "'" end
local file = os.tmpname()
os.execute(("{ %s; echo $? > %s.new; mv %s.new %s; } &"):format(table.concat(words, " "), file, file, file))
local status
repeat
	binder.sleep(0.02)
	local result <close> = assert(io.open(file))
	status = result:read("n")
until status
os.remove(file)
io.write(table.concat(calls, "\n"), #calls > 0 and "\n" or "")
os.exit(status, true)

-- SPDX-License-Identifier: MIT
-- tap.lua: tests that print TAP.
--
-- local t = require "tap"; t.test("rule_that_is_proved", function() t.eq(1, 1) end); t.done()
-- A failure names the line and shows both values.  LUA_RUN is the command that
-- runs another script; without it binderctl of the build tree BUILD does.

local tap = {
	run = os.getenv("LUA_RUN") or (os.getenv("BUILD") or "build") .. "/bin/binderctl run",
}
local count, failed = 0, 0

-- How many seconds to wait for what should come: those that an idle machine needs at most,
-- times TEST_SLOW (see tests/run).
tap.slow = tonumber(os.getenv("TEST_SLOW")) or 10
function tap.limit(seconds)
	return seconds * tap.slow
end

local function show(value)
	return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

local function fail(message)
	error(message, 3)
end

function tap.ok(value, what, ...)
	if not value then
		fail(("%s: expected a true value, got %s"):format(what or "ok", show(value)))
	end
	return value, what, ...
end

function tap.eq(got, expected, what)
	if got ~= expected and not (got ~= got and expected ~= expected) then
		fail(("%s: got %s, expected %s"):format(what or "eq", show(got), show(expected)))
	end
end

-- Lists of plain values.
function tap.same(got, expected, what)
	if type(got) ~= "table" then
		fail(("%s: got %s, expected a table"):format(what or "same", show(got)))
	end
	for i = 1, math.max(#got, #expected) do
		if got[i] ~= expected[i] then
			fail(("%s: element %d is %s, expected %s"):format(what or "same", i,
				show(got[i]), show(expected[i])))
		end
	end
end

-- fn has to raise an error that holds the plain text.
function tap.raises(text, fn, ...)
	local good, message = pcall(fn, ...)
	if good then fail("no error, expected one with " .. show(text)) end
	if not tostring(message):find(text, 1, true) then
		fail(("error is %s, expected one with %s"):format(show(tostring(message)), show(text)))
	end
end

-- The results of a call that has to fail as NAME.
function tap.fails(name, ...)
	local value, message, got = ...
	if value ~= nil or got ~= name then
		fail(("got %s, %s, %s, expected nil, message, %s"):format(show(value), show(message),
			show(got), show(name)))
	end
	if type(message) ~= "string" or message == "" then fail("there is no message") end
	return message
end

function tap.test(name, fn)
	count = count + 1
	local good, message = xpcall(fn, function(e)
		return debug.traceback(tostring(e), 2)
	end)
	if not good then
		failed = failed + 1
		print((message:gsub("^", "# "):gsub("\n", "\n# ")))
	end
	print(("%sok %d - %s"):format(good and "" or "not ", count, name))
	io.stdout:flush()
end

function tap.done()
	print("1.." .. count)
	io.stdout:flush()
	os.exit(failed == 0, true)
end

-- ---- other processes ----------------------------------------------------------

function tap.pid()
	local file <close> = assert(io.open("/proc/self/stat"))
	return file:read("n")
end

function tap.kill(pid, signal)
	return os.execute(("kill -%s %d"):format(signal or "KILL", pid))
end

-- When it returns, none of its threads runs any more.
function tap.freeze(pid)
	tap.kill(pid, "STOP")
	return os.execute(("while grep -L '^State:.T' /proc/%d/task/*/status | grep -q .; do sleep 0.01; done")
		:format(pid))
end

local here = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"

-- Starts a script of this folder and waits for its line "ready PID".
function tap.start(script, ...)
	local words = { "exec", tap.run, here .. script, ... }
	local pipe = assert(io.popen(table.concat(words, " "), "r"))
	local pid
	repeat
		local line = pipe:read("l")
		if not line then error(script .. " ended before it was ready") end
		pid = line:match("^ready (%d+)$")
	until pid
	return { pid = math.tointeger(tonumber(pid)), pipe = pipe }
end

function tap.stop(process)
	tap.kill(process.pid, "TERM")
	return process.pipe:close()
end

return tap

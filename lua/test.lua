-- SPDX-License-Identifier: MIT
-- test.lua: require "binder.test": asserts, and tests that print TAP.
--
-- `binderctl test` runs files that use it, each in a process of its own.  A failed
-- assert raises an error that names the line and both values.
local test = {}
local count, failed = 0, 0
local stray -- the first error of a callback during a test

local function show(value, depth)
	if type(value) == "string" then return (("%q"):format(value):gsub("\\\n", "\\n")) end
	if type(value) ~= "table" or (getmetatable(value) or {}).__tostring then return tostring(value) end
	if (depth or 0) >= 4 then return "{...}" end
	local list, first = {}, #value
	for i = 1, first do list[i] = show(value[i], (depth or 0) + 1) end
	local named = {}
	for key, entry in pairs(value) do
		if not (math.type(key) == "integer" and key >= 1 and key <= first) then
			local name = type(key) == "string" and key:match("^[%a_][%w_]*$") or
				"[" .. show(key, 4) .. "]"
			named[#named + 1] = name .. " = " .. show(entry, (depth or 0) + 1)
		end
	end
	table.sort(named)
	table.move(named, 1, #named, first + 1, list)
	return "{" .. table.concat(list, ", ") .. "}"
end

local function same(a, b, seen)
	if a == b or (a ~= a and b ~= b) then return true end
	if type(a) ~= "table" or type(b) ~= "table" then return false end
	if seen[a] == b then return true end
	seen[a] = b
	for key, value in pairs(a) do
		if not same(value, b[key], seen) then return false end
	end
	for key in pairs(b) do
		if a[key] == nil then return false end
	end
	return true
end

local function fail(what, text, ...)
	error((what and what .. ": " or "") .. text:format(...), 3)
end

-- Each of these takes at last a text that says what it is about.

-- Tables are compared by what they hold.
function test.eq(got, expected, what)
	if not same(got, expected, {}) then fail(what, "got %s, expected %s", show(got), show(expected)) end
	return got
end

function test.ne(got, other, what)
	if same(got, other, {}) then fail(what, "got %s, expected anything else", show(got)) end
	return got
end

function test.ok(value, what, ...)
	if not value then fail(nil, "got %s, expected a true value%s", show(value),
		what and ": " .. tostring(what) or "") end
	return value, what, ...
end

function test.match(text, pattern, what)
	if type(text) ~= "string" or not text:find(pattern) then
		fail(what, "got %s, expected a match for %s", show(text), show(pattern))
	end
	return text
end

-- fn() has to raise an error that matches the pattern; returns the error.
function test.error(fn, pattern, what)
	local good, message = pcall(fn)
	if good then fail(what, "got no error, expected one%s",
		pattern and " that matches " .. show(pattern) or "") end
	if pattern and not tostring(message):find(pattern) then
		fail(what, "got error %s, expected one that matches %s", show(tostring(message)), show(pattern))
	end
	return message
end

-- test.fails("DEAD_OBJECT", svc:ping()): a call that has to fail by that name; returns the message.
function test.fails(name, ...)
	local value, message, got = ...
	if value ~= nil or got ~= name then
		fail(nil, "got %s, %s, %s, expected nil, a message, %s", show(value), show(message), show(got),
			show(name))
	end
	return message
end

-- Ends the test that runs without a failure.
local skipped = setmetatable({}, { __tostring = function(self) return self.reason end })

function test.skip(reason)
	skipped.reason = tostring(reason or "skipped")
	error(skipped)
end

-- ---- running ---------------------------------------------------------------------------

local function report(good, name, message)
	count = count + 1
	if good then
		print(("ok %d - %s%s"):format(count, name, message and " # SKIP " .. message or ""))
	else
		failed = failed + 1
		print(("not ok %d - %s"):format(count, name))
		print((("# " .. message):gsub("\n", "\n# ")))
	end
	io.stdout:flush()
end

-- The file and line say enough for an assert; other errors tell where they came from.
local function with_traceback(message)
	if message == skipped then return message end
	message = tostring(message)
	if message:find("expected", 1, true) then return message end
	-- Below the test there is only what runs it.
	return (debug.traceback(message, 2):gsub("\n%s*%[C%]: in function 'xpcall'.*", ""))
end

-- test(name, fn): runs fn now.
local function run(_, name, fn)
	stray = nil
	local good, message = xpcall(fn, with_traceback)
	if not good and message == skipped then return report(true, name, skipped.reason) end
	if good and stray then good, message = false, "an error in a callback: " .. stray end
	report(good, name, message)
end

-- The end of a file: the plan.  name: a file without tests of its own is one.
function test.done(name)
	if count == 0 and name then report(not stray, name, stray) end
	print("1.." .. count)
	io.stdout:flush()
	return failed == 0
end

-- An error outside of any test.
function test.broken(name, message)
	if message == skipped then return report(true, name, skipped.reason) end
	report(false, name, tostring(message))
end

test.with_traceback = with_traceback
require("binder").on_error(function(message) stray = stray or message end)

return setmetatable(test, { __call = run })

#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- fuzz.lua NAME [CALLS [LAST CODE [SEED]]]: sends random parcels to a service and
-- says which codes it died of.
--
--	binderctl run scripts/fuzz.lua media.player 1000 10 1
--
-- Requests carry the right interface token, so that they get past the first check;
-- behind it come random values, of types as a method might take them.  When the
-- service dies, the request is printed as Lua, to be tried by itself; then the
-- script waits for the service to come back (start it in a loop), and goes on.
-- The same seed sends the same requests.  Never point it at what you need.

local binder = require "binder"

local name = arg[1] or error("usage: fuzz.lua NAME [CALLS [LAST CODE [SEED]]]", 0)
local calls, last_code = tonumber(arg[2]) or 500, tonumber(arg[3]) or 20
local seed = tonumber(arg[4]) or os.time()
math.randomseed(seed)

local function pick(list) return list[math.random(#list)] end

local edges = { 0, 1, -1, 2, 127, 128, 255, 256, 65535, 0x7fffffff, -0x80000000 }
local makers = {
	function() return { "i32", pick(edges) } end,
	function() return { "i32", math.random(-100, 100) } end,
	function() return { "i64", math.random(0) } end,
	function() return { "bool", math.random(2) == 1 } end,
	function() return { "f64", pick { 0.0, -1.5, 1e308, math.huge } } end,
	function() return { "str", pick { "", "a", "%s%n", ("x"):rep(5000), "../../etc/passwd" } } end,
	function() return { "str" } end,
	function() return { "i32[]", { pick(edges), pick(edges) } } end,
	function() return { "str[]", { "a", "" } } end,
	function() return { "bytes", ("\255"):rep(math.random(0, 64)) } end,
	function() return { "binder" } end,
}

local function show(value)
	if type(value) == "table" then
		local parts = {}
		for i, inner in ipairs(value) do parts[i] = show(inner) end
		return "{ " .. table.concat(parts, ", ") .. " }"
	end
	return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

local deaths, answers = {}, {}
local service = assert(binder.wait(name, 10))
local interface = assert(service:descriptor())

for _ = 1, calls do
	local code, values = math.random(last_code), {}
	for i = 1, math.random(0, 5) do values[i] = pick(makers)() end
	local reply, _, failure = service:call(code, values, { interface = interface, timeout = 2 })
	failure = reply and "ok" or failure
	answers[failure] = (answers[failure] or 0) + 1
	if failure == "DEAD_OBJECT" then
		deaths[code] = (deaths[code] or 0) + 1
		print(("died: service:call(%d, %s)"):format(code, show(values)))
		-- The manager may still have the dead one for a moment.
		repeat
			service = binder.wait(name, 10)
		until not service or service:ping()
		if not service then
			print(name .. " does not come back")
			break
		end
	end
end

local lines = {}
for answer, count in pairs(answers) do lines[#lines + 1] = ("%6d  %s"):format(count, answer) end
table.sort(lines, function(a, b) return a > b end)
print(table.concat(lines, "\n"))
for code = 1, last_code do
	if deaths[code] then print(("code %d: died %d times"):format(code, deaths[code])) end
end
print("seed " .. seed)
os.exit(next(deaths) == nil)

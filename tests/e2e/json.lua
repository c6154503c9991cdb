-- SPDX-License-Identifier: MIT
-- json.lua: reads JSON from standard input, and prints what the argument, a Lua
-- expression, makes of it as `doc`; fails when it is no JSON.  A null is json.null.

json = { null = setmetatable({}, { __tostring = function() return "null" end }) }

local text = io.read("a")
local at = 1

local function bad(what)
	error(("no JSON: %s expected at byte %d: %q"):format(what, at, text:sub(at, at + 20)), 0)
end

local function skip(pattern)
	local _, last, found = text:find("^%s*" .. pattern, at)

	if last then at = last + 1 end
	return last and (found or true)
end

local escapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f" }

local function string()
	local from, last = text:find('^%s*"', at)
	local parts = {}

	if not from then bad("a string") end
	at = last + 1
	while true do
		local plain, stop = text:match('^([^"\\%c]*)(["\\])', at)

		if not plain then bad("the end of a string") end
		parts[#parts + 1] = plain
		at = at + #plain + 1
		if stop == '"' then return table.concat(parts) end
		local hex = text:match("^u(%x%x%x%x)", at)
		local c = text:match('^["\\/bfnrtu]', at)

		if not c or (c == "u" and not hex) then bad("an escape") end
		parts[#parts + 1] = hex and utf8.char(tonumber(hex, 16)) or escapes[c] or c
		at = at + (hex and 5 or 1)
	end
end

local value

local function list(close, item)
	local result = {}

	if skip(close) then return result end
	repeat item(result) until not skip(",")
	if not skip(close) then bad(close) end
	return result
end

local function member(object)
	local name = string()

	if object[name] ~= nil then bad("a new name and not " .. name) end
	if not skip(":") then bad("a colon") end
	object[name] = value()
end

function value()
	if skip("{") then return list("}", member) end
	if skip("%[") then return list("%]", function(array) array[#array + 1] = value() end) end
	if text:find('^%s*"', at) then return string() end
	local number = skip("(%-?%d+%.?%d*[eE]?[-+]?%d*)")

	if number then return tonumber(number) or bad("a number") end
	local word = skip("(%a+)")

	if word == "true" then return true end
	if word == "false" then return false end
	if word == "null" then return json.null end
	return bad("a value")
end

doc = value()
if not skip("$") then bad("the end") end
if arg[1] then print(assert(load("return " .. arg[1]))()) end

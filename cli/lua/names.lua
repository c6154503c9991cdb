-- SPDX-License-Identifier: MIT
-- names.lua: what a Lua name that is being typed may become.
--
-- repl/complete.c asks for "binder.ge" or "svc:pi" and offers the answers.  Looks
-- without calling anything: no metamethod of the script's runs for a Tab.
local keywords = {
	"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
	"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
}

-- The tables in which a value's fields are found.
local function places(value)
	local list = {}
	if type(value) == "table" then list[1] = value end
	local metatable = debug.getmetatable(value)
	local index = type(metatable) == "table" and rawget(metatable, "__index")
	if type(index) == "table" and index ~= value then list[#list + 1] = index end
	return list
end

local function field(value, name)
	for _, place in ipairs(places(value)) do
		local found = rawget(place, name)
		if found ~= nil then return found end
	end
end

return function(word)
	local path, last = word:match("^(.*[.:])([%a_]?[%w_]*)$")
	local found, value = {}, _G
	path, last = path or "", last or word
	for name in path:gmatch("[^.:]+") do
		value = field(value, name)
		if value == nil then return found end
	end
	local method = path:sub(-1) == ":"
	local function offer(name, entry)
		if type(name) == "string" and name:match("^[%a_][%w_]*$") and
			name:sub(1, #last) == last and name:sub(1, 2) ~= "__" and
			(not method or type(entry) == "function") then
			found[#found + 1] = path .. name
		end
	end
	for _, place in ipairs(places(value)) do
		for name, entry in next, place do offer(name, entry) end
	end
	if path == "" then
		for _, name in ipairs(keywords) do offer(name) end
	end
	table.sort(found)
	return found
end

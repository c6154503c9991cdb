-- SPDX-License-Identifier: MIT
-- show.lua: values as text for the person at the shell.
--
-- repl/print.c runs it once with a table of functions, host, and calls what it
-- returns with each line's results.
local host = ...
local show = {}

local DEEPEST <const>, MOST <const> = 6, 200
local kinds = { number = "number", boolean = "number", ["nil"] = "number", string = "string" }

local function coloured(text, kind)
	return kind and host.colour(kind) .. text .. host.colour("off") or text
end

local function quoted(text)
	return host.clean((("%q"):format(text):gsub("\\\n", "\\n")))
end

-- Values may have a __tostring of the script's own, which may be broken.
local function named(value)
	local good, text = pcall(tostring, value)
	return host.clean(good and text or type(value))
end

local function scalar(value)
	if type(value) == "string" then return coloured(quoted(value), "string") end
	return coloured(named(value), kinds[type(value)])
end

local function is_plain(value)
	return type(value) == "table" and not (getmetatable(value) or {}).__tostring
end

local function key_text(key)
	if type(key) == "string" and key:match("^[%a_][%w_]*$") then return key .. " = " end
	return "[" .. (type(key) == "string" and quoted(key) or named(key)) .. "] = "
end

local function sorted_keys(value, first)
	local keys = {}
	for key in next, value do
		if not (math.type(key) == "integer" and key >= 1 and key <= first) then
			keys[#keys + 1] = key
		end
	end
	table.sort(keys, function(a, b)
		if type(a) ~= type(b) then return type(a) < type(b) end
		if type(a) == "number" or type(a) == "string" then return a < b end
		return named(a) < named(b)
	end)
	return keys
end

local format

-- The elements of a table, one text each, and how wide they are without colours.
local function elements(value, depth, above)
	local list, width = {}, 0
	local function add(prefix, element)
		if #list >= MOST then return false end
		local text = prefix .. format(element, depth + 1, above)
		list[#list + 1] = text
		width = width + utf8.len(text:gsub("\27%[[%d;]*m", ""), 1, -1, true) + 2
		return true
	end
	local first = rawlen(value)
	for i = 1, first do
		if not add("", rawget(value, i)) then break end
	end
	for _, key in ipairs(sorted_keys(value, first)) do
		if not add(key_text(key), rawget(value, key)) then break end
	end
	if #list >= MOST then list[#list + 1] = "..." end
	return list, width
end

function format(value, depth, above)
	if not is_plain(value) then return scalar(value) end
	if above[value] then return "{ as above }" end
	if next(value) == nil then return "{}" end
	if depth >= DEEPEST then return "{ ... }" end
	above[value] = true
	local list, width = elements(value, depth, above)
	above[value] = nil
	local indent = ("\t"):rep(depth)
	local joined = table.concat(list, ", ")
	if depth * 8 + width + 2 <= host.width() - 4 and not joined:find("\n") then return "{ " .. joined .. " }" end
	return "{\n" .. indent .. "\t" .. table.concat(list, ",\n\t" .. indent) .. ",\n" .. indent .. "}"
end

-- The results of a line.  A text is shown as it is, a parcel with offsets.
function show.values(...)
	local line = {}
	local function flush()
		if #line > 0 then print(table.concat(line, "\t")) end
		line = {}
	end
	for i = 1, select("#", ...) do
		local value = (select(i, ...))
		if host.is_parcel(value) then
			flush()
			host.parcel(value)
		elseif type(value) == "string" then
			line[#line + 1] = (host.clean((value:gsub("%z", "\\0")), true):gsub("\n$", ""))
		else
			line[#line + 1] = format(value, 0, {})
		end
	end
	flush()
end

return show

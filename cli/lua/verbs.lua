-- SPDX-License-Identifier: MIT
-- verbs.lua: a verb's line as Lua: what the shell runs for it, and what .save writes.
--
-- repl_verb.c has parsed the line by the verb table and checked its words; it
-- calls translate() for a verb that has Lua, command() for one that is run as a
-- program.
local host = ...
local verbs = {}

local function literal(text)
	return (("%q"):format(text):gsub("\\\n", "\\n"))
end

local function service(name)
	if name == "manager" then return "binder.manager()" end
	return ("assert(binder.check(%s))"):format(literal(name))
end

-- ---- TYPE:VALUE as {"type", value} -------------------------------------------------

local function number(text)
	local value = host.u64(text) or tonumber(text)
	if not value then
		local bare = text:lower():gsub("^[+-]", "")
		if bare == "nan" then return "0/0" end
		return (text:sub(1, 1) == "-" and "-" or "") .. "math.huge"
	end
	if value == math.mininteger then return "math.mininteger" end
	return math.type(value) == "integer" and ("%d"):format(value) or ("%.17g"):format(value)
end

local function character(text)
	if utf8.len(text) == 1 then return ("%d"):format(utf8.codepoint(text)) end
	return number(text)
end

local function truth(text)
	return (text == "true" or text == "1") and "true" or "false"
end

local function from_hex(text)
	return '"' .. text:gsub("%x%x", "\\x%0") .. '"'
end

local function from_file(path)
	return ("assert(io.open(%s, \"rb\")):read(\"a\")"):format(literal(path))
end

local function text_or_file(convert)
	return function(text)
		if text:sub(1, 2) == "@@" then return convert(text:sub(2)) end
		if text:sub(1, 1) == "@" then return from_file(text:sub(2)) end
		return convert(text)
	end
end

local function file(path)
	local writable = io.open(path, "r+")
	if writable then writable:close() end
	return ("assert(io.open(%s, %q))"):format(literal(path), writable and "r+" or "r")
end

local scalars = { bool = truth, char = character, str = literal, str8 = literal }
local values = {
	bool = truth, char = character, binder = service, fd = file, pfd = file,
	str = text_or_file(literal), str8 = text_or_file(literal),
	bytes = text_or_file(from_hex), raw = text_or_file(from_hex),
}

-- The words of call: in texts "\," is a comma, "\\" a backslash, "\e" nothing.
local function array(kind, text)
	local list, current, convert = {}, "", scalars[kind] or number
	local escapes = kind == "str" or kind == "str8"
	if text == "" then return "{}" end
	local i = 1
	while i <= #text do
		local c = text:sub(i, i)
		if escapes and c == "\\" then
			i = i + 1
			c = text:sub(i, i)
			current = current .. (c == "e" and "" or c)
		elseif c == "," then
			list[#list + 1] = convert(current)
			current = ""
		else
			current = current .. c
		end
		i = i + 1
	end
	list[#list + 1] = convert(current)
	return "{" .. table.concat(list, ", ") .. "}"
end

local function value(word)
	if word == "null" then return '{"binder"}' end
	local kind, text = word:match("^([^:]+):(.*)$")
	if kind == "null" then return ("{%q}"):format(text) end
	local element = kind:match("^(.*)%[%]$")
	if element then return ("{%q, %s}"):format(kind, array(element, text)) end
	return ("{%q, %s}"):format(kind, (values[kind] or number)(text))
end

-- ---- the verbs -----------------------------------------------------------------------

local function options_text(options, ...)
	local list = { ... }
	if options.timeout then table.insert(list, 1, "timeout = " .. options.timeout) end
	return #list > 0 and "{" .. table.concat(list, ", ") .. "}" or nil
end

local function joined(list, item)
	if item then list[#list + 1] = item end
	return table.concat(list, ", ")
end

-- Each gives a service's name and what is done with it; or nil and an expression.
local translations = {}

function translations.call(words, options)
	local list = {}
	local code = words[2]
	if code:match("^_...$") then
		code = ("0x%08x"):format((string.unpack(">I4", code)))
	end
	list[1] = code
	for i = 3, #words do list[#list + 1] = value(words[i]) end
	local named = {}
	if options.interface then named[#named + 1] = "interface = " .. literal(options.interface) end
	if options["no-token"] then named[#named + 1] = "token = false" end
	if options["no-status"] then named[#named + 1] = "status = false" end
	return words[1], (":%s(%s)"):format(options.oneway and "oneway" or "call",
		joined(list, options_text(options, table.unpack(named))))
end

function translations.ping(words, options)
	return words[1], (":ping(%s)"):format(options_text(options) or "")
end

function translations.dump(words, options)
	local list = {}
	for i = 2, #words do list[#list + 1] = literal(words[i]) end
	return words[1], (":dump(%s)"):format(joined(list, options_text(options)))
end

function translations.wait(words, options)
	return nil, ("binder.wait(%s)"):format(joined({ literal(words[1]) }, options.timeout))
end

function translations.list()
	return nil, "binder.list()"
end

function translations.info(words)
	return words[1], ""
end

-- An expression, and statements that return the same, but for a service that is
-- not there nil, message, NAME.
function verbs.translate(verb, words, options)
	local name, rest = translations[verb](words, options)
	if not name then return rest, "return " .. rest end
	local whole = service(name) .. rest
	if name == "manager" then return whole, "return " .. whole end
	return whole, ("local service, message, name = binder.check(%s)\n" ..
		"if not service then return nil, message, name end\n" ..
		"return service%s"):format(literal(name), rest)
end

-- What .save writes for a verb that has no Lua of its own.
function verbs.command(words)
	local list = { "binderctl" }
	for _, word in ipairs(words) do
		list[#list + 1] = word:match("^[%w%._/:=,@+-]+$") and word or
			"'" .. word:gsub("'", "'\\''") .. "'"
	end
	return ("assert(os.execute(%s))"):format(literal(table.concat(list, " ")))
end

return verbs

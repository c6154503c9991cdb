-- SPDX-License-Identifier: MIT
-- verbs.lua: a verb's line as Lua: what the shell runs for it, and what .save writes.
--
-- repl/verb.c has parsed the line by the verb table and checked its words; it
-- calls translate() for a verb that has Lua, command() for one that is run as a
-- program.
local host = ...
local verbs = {}

local function literal(text)
	return (("%q"):format(text):gsub("\\\n", "\\n"))
end

-- The names of services while statements are made, in the order in which they are looked up;
-- nil: an expression.
local sought

local function look_up(name)
	return name == "manager" and "binder.manager()" or ("binder.check(%s)"):format(literal(name))
end

local function service(name)
	if sought then
		sought[#sought + 1] = name
		return ("found[%d]"):format(#sought)
	end
	return name == "manager" and look_up(name) or ("assert(%s)"):format(look_up(name))
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

-- Each gives what is done with the service that is the first word, or a whole expression.
local translations = {}
local of_no_service <const> = { wait = true, list = true }

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
	return (":%s(%s)"):format(options.oneway and "oneway" or "call",
		joined(list, options_text(options, table.unpack(named))))
end

function translations.ping(words, options)
	return (":ping(%s)"):format(options_text(options) or "")
end

function translations.dump(words, options)
	local list = {}
	for i = 2, #words do list[#list + 1] = literal(words[i]) end
	return (":dump(%s)"):format(joined(list, options_text(options)))
end

function translations.wait(words, options)
	return ("binder.wait(%s)"):format(joined({ literal(words[1]) }, options.timeout))
end

function translations.list()
	return "binder.list()"
end

function translations.info()
	return ""
end

local function expression(verb, words, options)
	local front = of_no_service[verb] and "" or service(words[1])
	return front .. translations[verb](words, options)
end

-- An expression, and statements that return the same, but for a service that is
-- not there nil, message, NAME, nil and its name.
function verbs.translate(verb, words, options)
	local whole = expression(verb, words, options)
	sought = {}
	local last = "return " .. expression(verb, words, options)
	local list = { "local found, message, name = {}" }
	for i, service_name in ipairs(sought) do
		list[#list + 1] = ("found[%d], message, name = %s"):format(i, look_up(service_name))
		list[#list + 1] = ("if not found[%d] then return nil, message, name, nil, %s end"):format(
			i, literal(service_name))
	end
	sought = nil
	list[#list + 1] = last
	return whole, table.concat(list, "\n")
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

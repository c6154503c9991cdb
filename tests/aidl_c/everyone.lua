-- SPDX-License-Identifier: MIT
-- everyone.lua: the same calls by everybody to everybody, and the same answers.
--
--	binderctl run everyone.lua DIR host TO    hosts lua.TO.NAME: what TO.NAME answers
--	binderctl run everyone.lua DIR CALLS      makes the calls that everyone.c printed
--
-- base.NAME answers by the bytes of the request.  c.base.NAME is reached through a generated
-- stub and proxy, lua.base.NAME through a function of a script, c.lua.base.NAME through a
-- generated proxy that calls a script, and each of them is called by Lua and by `binderctl call`.

local binder = require "binder"

local dir, what, to = arg[1], arg[2], arg[3]

local function interface(name) return binder.aidl("r." .. name, { dir }) end

if what == "host" then
	for i = 0, 3 do
		local name = "I" .. i
		local I = interface(name)
		local target = assert(binder.wait(to .. "." .. name, 60))
		local proxy = I(target)
		local handlers = {}
		for line in io.lines(dir .. "/r/" .. name .. ".aidl") do
			local method = line:match "(m%d+)%("
			if method then
				-- The last argument says who calls.
				handlers[method] = function(...)
					local all = table.pack(...)
					return proxy[method](proxy, table.unpack(all, 1, all.n - 1))
				end
			end
		end
		assert(binder.serve("lua." .. to .. "." .. name, I, handlers))
	end
	assert(binder.loop("TERM", "INT"))
	return
end

-- ---- JSON ------------------------------------------------------------------------------

local function quote(text)
	return '"' .. text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

local function to_json(value)
	local kind = math.type(value) or type(value)

	if kind == "integer" then return ("%d"):format(value) end
	if kind == "float" then return ("%.17g"):format(value) end
	if kind == "string" then return quote(value) end
	if kind ~= "table" then return value == nil and "null" or tostring(value) end
	local parts = {}
	if value.n then
		for i = 1, value.n do parts[i] = to_json(value[i]) end
		return "[" .. table.concat(parts, ",") .. "]"
	end
	if value["@null"] then return "{" .. quote(value["@null"]) .. ":null}" end
	for k, v in pairs(value) do parts[#parts + 1] = quote(k) .. ":" .. to_json(v) end
	table.sort(parts) -- the order of a Map is part of the request
	return "{" .. table.concat(parts, ",") .. "}"
end

local escapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f" }

local function from_json(text)
	local at = 1
	local value

	local function skip() at = text:match("^%s*()", at) end
	local function string_here()
		local parts = {}
		at = at + 1
		while text:sub(at, at) ~= '"' do
			local plain, escape = text:match('^([^"\\]+)', at), text:match("^\\(.)", at)
			if plain then
				parts[#parts + 1] = plain
				at = at + #plain
			elseif escape == "u" then
				parts[#parts + 1] = utf8.char(tonumber(text:sub(at + 2, at + 5), 16))
				at = at + 6
			else
				parts[#parts + 1] = escapes[escape] or escape
				at = at + 2
			end
		end
		at = at + 1
		return table.concat(parts)
	end
	local function items(close, each)
		at = at + 1
		skip()
		while text:sub(at, at) ~= close do
			each()
			skip()
			if text:sub(at, at) == "," then at = at + 1 end
			skip()
		end
		at = at + 1
	end
	function value()
		skip()
		local c = text:sub(at, at)
		if c == '"' then return string_here() end
		if c == "{" then
			local object = {}
			items("}", function()
				local key = string_here()
				at = text:match("^%s*:()", at)
				object[key] = value()
			end)
			return object
		end
		if c == "[" then
			local list, n = {}, 0
			items("]", function()
				n = n + 1
				list[n] = value()
			end)
			return list
		end
		local word = text:match("^[^%s,%]}]+", at)
		at = at + #word
		if word == "true" then return true end
		if word == "false" then return false end
		if word ~= "null" then return math.tointeger(word) or tonumber(word) end
	end
	return value()
end

-- ---- sameness ------------------------------------------------------------------------------

-- What names of enums may stand for; r.T0, r.T3, r.T6 have A, B and C.
local named = {}
for _, name in ipairs { "T0", "T3", "T6" } do
	local enum = interface(name)
	for _, word in ipairs { "A", "B", "C" } do
		named[word] = named[word] or {}
		named[word][enum[word]] = true
	end
end

-- "A|C": names of bits.
local function is_named(words, number)
	if named[words] and named[words][number] then return true end
	for bit in words:gmatch "[^|]+" do
		local good = false
		for value in pairs(named[bit] or {}) do good = good or value & number == value end
		if not good then return false end
	end
	return words ~= ""
end

-- nil, or where they differ.  Bytes are a string here and numbers in JSON.
local function differ(lua, json, place)
	if lua == json then return end
	if type(lua) == "string" and type(json) == "table" then
		lua = { lua:byte(1, -1) }
		for i, byte in ipairs(lua) do lua[i] = byte < 128 and byte or byte - 256 end
	end
	if math.type(lua) == "integer" and type(json) == "string" and is_named(json, lua) then return end
	if type(lua) ~= "table" or type(json) ~= "table" then
		return ("%s: %s here, %s there"):format(place, tostring(lua), tostring(json))
	end
	for _, one in ipairs { lua, json } do
		for k in pairs(one) do
			-- What both have is looked at once: else each level would double the time.
			local where = k ~= "n" and k ~= "@null" and (one == lua or lua[k] == nil)
				and differ(lua[k], json[k], place .. "." .. k)
			if where then return where end
		end
	end
end

-- ---- calls -------------------------------------------------------------------------------------

local services = { "base", "c.base", "lua.base", "c.lua.base" }
local proxies, count, wrong = {}, 0, 0

local function proxy(service, name)
	local key = service .. "." .. name
	proxies[key] = proxies[key] or interface(name)(assert(binder.wait(key, 60)))
	return proxies[key]
end

local function by_lua(service, name, method, returns, outs, arguments)
	local p = proxy(service, name)
	local all = table.pack(p[method](p, table.unpack(arguments, 1, arguments.n)))
	local reply, next_out = { out = {} }, 1

	if all[1] == nil and all.n == 3 and math.type(all[3]) == nil and type(all[3]) == "string"
		and all[3]:find "^[A-Z_]+$" then
		return nil, all[2]
	end
	if returns ~= "" then
		reply["return"] = all[1]
		next_out = 2
	end
	for i, out in ipairs(outs) do reply.out[out] = all[next_out + i - 1] end
	return reply
end

local function shell(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

-- An argument as people type it: text as it is, but for what could be null.
local function word(value, may_be_null, is_char)
	if is_char then return utf8.char(value) end
	if type(value) == "string" and not may_be_null then return value end
	return to_json(value)
end

local function by_word(service, name, method, inputs, arguments)
	local words = {}

	for i, input in ipairs(inputs) do
		words[i] = shell(input[1] .. "=" .. word(arguments[i], input[2], input[3]))
	end
	local pipe = io.popen(("binderctl --json call --aidl %s %s %s %s 2>&1"):format(shell(dir),
		service .. "." .. name, method, table.concat(words, " ")))
	local text = pipe:read "a"

	if not pipe:close() then return nil, text end
	return from_json(text)
end

function call(name, method, returns, outs, inputs, arguments)
	arguments.n = #inputs
	local expected, why = by_lua("base", name, method, returns, outs, arguments)

	local function check(who, reply, message)
		local where = not expected and (why or "no reply") or not reply and message
			or differ(expected, reply, "")
		count = count + 1
		if where then
			wrong = wrong + 1
			io.stderr:write(("%s.%s by %s: %s\n"):format(name, method, who, where))
		end
	end
	for _, service in ipairs(services) do
		check("Lua to " .. service, by_lua(service, name, method, returns, outs, arguments))
	end
	-- Each word is a process: every service in its turn.
	local service = services[count // #services % #services + 1]
	check("binderctl to " .. service, by_word(service, name, method, inputs, arguments))
end

dofile(what)
print(("%d calls, %d wrong"):format(count, wrong))
os.exit(wrong == 0 and count > 0)

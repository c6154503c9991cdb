#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- settings.lua: a sample service with shell commands.  Run it, then, in another terminal:
--
--	binderctl cmd settings put brightness 80
--	binderctl cmd settings list
--	binderctl cmd settings export settings.txt
--	binderctl cmd settings import < settings.txt

local binder = require "binder"

local values = {}

local function lines()
	local list = {}
	for key, value in pairs(values) do list[#list + 1] = key .. "=" .. value .. "\n" end
	table.sort(list)
	return table.concat(list)
end

local commands = {}

function commands.get(_, key)
	return (values[key] or "null") .. "\n"
end

function commands.put(_, key, value)
	if not value then return "put: a key and a value expected\n", 2 end
	values[key] = value
end

function commands.delete(_, key)
	if not values[key] then return "no such key: " .. tostring(key) .. "\n", 1 end
	values[key] = nil
end

function commands.list()
	return lines()
end

function commands.import(call)
	for line in call.files.input:lines() do
		local key, value = line:match("^([^=]+)=(.*)$")
		if key then values[key] = value end
	end
end

-- The caller opens the file, with its own rights and in its own folder.
function commands.export(call, path)
	if not path then return "export: a file expected\n", 2 end
	local reply = assert(call.context.callback:call(1,
		{ "str", path }, { "str", "" }, { "str", "w" },
		{ interface = "com.android.internal.os.IShellCallback" }))
	local file = reply:read_pfd()
	if not file then return 1 end
	file:write(lines())
	file:close()
end

local help = "commands: get KEY, put KEY VALUE, delete KEY, list, export FILE, import <FILE\n"

assert(binder.serve("settings", {
	descriptor = "sample.ISettings",
	-- What it returns: a text for standard output, and the exit status (or only one of them).
	shell = function(args, files, context)
		local command = commands[args[1] or "help"]
		if command then
			return command({ files = files, context = context }, table.unpack(args, 2))
		end
		files.error:write(help)
		return args[1] and args[1] ~= "help" and 2 or 0
	end,
}))

print("settings is registered")
io.stdout:flush()
assert(binder.loop("TERM", "INT"))

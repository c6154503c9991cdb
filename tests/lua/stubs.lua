-- SPDX-License-Identifier: MIT
-- stubs.lua: lua/binder.d.lua names each function of the module and each method of its objects, and
-- no other.
package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

-- Their metatables, by the names that the stubs have for them.
local classes = {
	Service = "binder.service", Parcel = "binder.parcel", Task = "binder.task",
	Cancel = "binder.watch",
}

local function sorted(set)
	local names = {}
	for name in pairs(set) do
		names[#names + 1] = name
	end
	table.sort(names)
	return table.concat(names, " ")
end

-- Names of the functions in a table of the module.
local function functions(from)
	local set = {}
	for name, value in pairs(from) do
		if type(value) == "function" and not name:match "^__" then
			set[name] = true
		end
	end
	return sorted(set)
end

-- Names after "function binder." or "function Class:" in the stubs.
local function stubs(prefix)
	local set = {}
	for line in io.lines "lua/binder.d.lua" do
		local name = line:match("^function " .. prefix .. "[.:]([%w_]+)%(")
		if name then
			set[name] = true
		end
	end
	return sorted(set)
end

t.test("stubs_name_each_function_of_the_module", function()
	t.eq(stubs "binder", functions(binder))
end)

t.test("stubs_name_each_method", function()
	local registry = debug.getregistry()
	for class, metatable in pairs(classes) do
		t.eq(stubs(class), functions(registry[metatable].__index), class)
	end
end)

t.test("stubs_are_lua", function()
	t.eq(type(assert(loadfile "lua/binder.d.lua")()), "table")
end)

t.done()

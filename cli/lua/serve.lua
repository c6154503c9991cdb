-- SPDX-License-Identifier: MIT
-- serve.lua: `binderctl serve`: runs a script and hosts what it registers until signalled.
--
-- run.c calls it with the script's function and arguments.  A script that returns
-- a table of names and specs has them registered; one that has called
-- binder.loop() itself is done when it returns.
local binder = require "binder"
local script = ...
local loop, looped = binder.loop, false

function binder.loop(...)
	looped = true
	return loop(...)
end

local names = script(select(2, ...))
if type(names) == "table" then
	for name, spec in pairs(names) do assert(binder.serve(name, spec)) end
end
if names or not looped then
	local done, message = loop("TERM", "INT", "HUP")
	-- It says nothing about a line of this file.
	if not done then error(message, 0) end
end

-- SPDX-License-Identifier: MIT
-- testfile.lua: one file of `binderctl test`, in its own process: prints TAP.
--
-- run.c calls it with the file's name; test.c reads what it prints.
local path = ...
package.path = (path:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local test = require "binder.test"
local name = path:match("([^/]*)$")

local chunk, message = loadfile(path)
if chunk then
	local good, problem = xpcall(chunk, test.with_traceback)
	if not good then test.broken(name, problem) end
else
	test.broken(name, message)
end
os.exit(test.done(name), true)

-- SPDX-License-Identifier: MIT
-- keep_manager.lua: holds the service manager while `binderctl clients manager` runs.

local binder = require "binder"
local manager = assert(binder.manager())

manager:on_death(function() end)
print(io.popen("binderctl clients manager"):read("a"))

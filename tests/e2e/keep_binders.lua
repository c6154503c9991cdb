-- SPDX-License-Identifier: MIT
-- keep_binders.lua NAME COUNT: gets that many objects of an echo service and keeps them, as a
-- program does that leaks.

local binder = require "binder"
local echo = assert(binder.get(arg[1]))

kept = {}
for i = 1, tonumber(arg[2]) do
	kept[i] = assert(echo:call(8)):read_binder()
end
binder.loop()

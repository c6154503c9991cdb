-- SPDX-License-Identifier: MIT
-- hang.lua NAME: a service that answers 1 and never answers 2 or a dump; for repl.sh.
local binder = require "binder"
assert(binder.serve(arg[1], {
	descriptor = "test.IHang",
	[1] = function(request, reply) reply:str(request:read_str()) end,
	[2] = function() binder.sleep(1000) end,
	dump = function() binder.sleep(1000) end,
}))
print("ready")
io.stdout:flush()
binder.loop("TERM")

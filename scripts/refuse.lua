#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- refuse.lua [UID...]: a service that serves some users only.
--
--	binderctl run scripts/refuse.lua 0 1000
--	binderctl call example.vault 1
--
-- The driver says who calls: context.uid is the caller's effective user id, which
-- no caller can make up.  (context.pid is 0 in a one-way call, and may belong to
-- another process by the time that you look: do not decide by it.)

local binder = require "binder"

local allowed = {}
for _, uid in ipairs(arg) do allowed[math.tointeger(tonumber(uid))] = true end

-- Wraps a handler, so that none can be forgotten.
local function guarded(handler)
	return function(request, reply, context)
		if not allowed[context.uid] then
			binder.throw("EX_SECURITY", ("uid %d may not call this"):format(context.uid))
		end
		return handler(request, reply, context)
	end
end

assert(binder.serve("example.vault", {
	descriptor = "example.IVault",
	[1] = guarded(function(_, reply) reply:str("the treasure") end),
}))
print("example.vault is registered")
io.stdout:flush()
assert(binder.loop("TERM", "INT"))

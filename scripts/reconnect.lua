#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- reconnect.lua [NAME]: stays with a service through its deaths.
--
--	binderctl run scripts/reconnect.lua media.player
--
-- A reference to a dead service stays dead, also when the name comes back: what
-- comes back is another object.  So a client that is to live long watches the
-- name (each registration brings a new reference) and links to the death of what
-- it has.

local binder = require "binder"
local name = arg[1] or "media.player"
local service			-- nil while there is none

local function say(text)
	print(text)
	io.stdout:flush()
end

local function lost(dead)
	-- A newer one may have been registered before the news of this death came.
	if service == dead then service = nil end
	say(name .. " has died")
end

assert(binder.watch(name, function(found)
	-- It may have died on the way to us: then there is nothing to link to.
	if not found:on_death(lost) then return end
	service = found
	say(("%s is there: %s"):format(name, found:descriptor()))
end))

-- The client's work.  A call in between deaths fails like any other.
binder.every(1, function()
	if not service then return end
	local good, message = service:ping { timeout = 0.5 }
	if not good then say("ping: " .. message) end
end)

assert(binder.loop("TERM", "INT"))

#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- media_player.lua: a sample service.  Run it, then, in another terminal:
--
--	binderctl call media.player 1 i32:3 --reply i32,str,binder
--	binderctl dump media.player
--
-- android.media.IMediaPlayerService
--	1 create(i32 stream)	-> i32 id, String description, IMediaPlayer
--	2 list()		-> i32[] ids, String[] descriptions
--	3 describe(i32 id)	-> String
--	4 release(i32 id)
-- android.media.IMediaPlayer
--	1 play()   2 pause()   3 state() -> String

local binder = require "binder"

local streams = { [0] = "voice", "system", "ring", "music", "alarm", "notification" }
local players, last_id = {}, 0

local function describe(player)
	return ("player %d: %s"):format(player.id, player.state)
end

-- What a handler throws is what its caller gets.
local function find(id)
	return players[id] or binder.throw("EX_ILLEGAL_ARGUMENT", "no player " .. id)
end

local function ids()
	local list = {}
	for id in pairs(players) do list[#list + 1] = id end
	table.sort(list)
	return list
end

-- An object without a name: it lives as long as its client, or this script, holds it.
local function player_object(player)
	return assert(binder.object {
		descriptor = "android.media.IMediaPlayer",
		[1] = function() player.state = "playing" end,
		[2] = function() player.state = "paused" end,
		[3] = function(request, reply) reply:str(player.state) end,
	})
end

local function dump(args)
	local only = args[1]
	local lines = { ("%-4s %-14s %-9s %-8s %s"):format("ID", "STREAM", "STATE", "CLIENT", "SINCE") }
	for _, id in ipairs(ids()) do
		local p = players[id]
		if not only or only == p.state or only == tostring(id) then
			lines[#lines + 1] = ("%-4d %-14s %-9s %-8d %s"):format(id, streams[p.stream],
				p.state, p.client, os.date("%H:%M:%S", p.since))
		end
	end
	if #lines == 1 then lines[1] = only and "no player is " .. only or "no players" end
	return table.concat(lines, "\n") .. "\n"
end

assert(binder.serve("media.player", {
	descriptor = "android.media.IMediaPlayerService",
	dump = dump,		-- binderctl dump media.player [ID or STATE]

	[1] = function(request, reply, context)
		local stream = request:read_i32()
		if not streams[stream] then
			binder.throw("EX_ILLEGAL_ARGUMENT", ("no stream %d, 0 to 5"):format(stream))
		end
		last_id = last_id + 1
		local player = { id = last_id, stream = stream, state = "idle",
				 client = context.pid, since = os.time() }
		players[player.id] = player
		reply:i32(player.id):str(describe(player)):binder(player_object(player))
	end,

	[2] = function(request, reply)
		local list, descriptions = ids(), {}
		for i, id in ipairs(list) do descriptions[i] = describe(players[id]) end
		reply:i32_array(list):str_array(descriptions)
	end,

	[3] = function(request, reply)
		reply:str(describe(find(request:read_i32())))
	end,

	[4] = function(request)
		players[find(request:read_i32()).id] = nil
	end,
}))

print("media.player is registered")
io.stdout:flush()
assert(binder.loop("TERM", "INT"))

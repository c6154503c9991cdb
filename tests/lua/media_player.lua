-- SPDX-License-Identifier: MIT
-- media_player.lua: the sample service does what its first lines promise.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local script = (arg[0]:match("^(.*/)") or "./") .. "../../scripts/media_player.lua"
local pipe = assert(io.popen("echo $$; exec " .. t.run .. " " .. script, "r"))
local pid = pipe:read("n", "l")

t.test("says_when_it_is_registered", function()
	t.eq(pipe:read("l"), "media.player is registered")
end)

local service = t.ok(binder.wait("media.player", t.limit(10)))

t.test("creates_players_that_are_objects", function()
	t.eq(service:dump(), "no players\n")
	local id, text, player = t.ok(service:call(1, { "i32", 3 })):read("i32", "str", "binder")
	t.eq(id, 1)
	t.eq(text, "player 1: idle")
	t.eq(player:descriptor(), "android.media.IMediaPlayer")
	t.ok(player:call(1))
	t.eq(t.ok(player:call(3)):read_str(), "playing")
	t.ok(player:call(2))
	t.eq(t.ok(service:call(3, { "i32", 1 })):read_str(), "player 1: paused")
end)

t.test("lists_and_dumps_players", function()
	t.ok(service:call(1, { "i32", 4 }))
	local list = t.ok(service:call(2))
	t.same(list:read_i32_array(), { 1, 2 })
	t.same(list:read_str_array(), { "player 1: paused", "player 2: idle" })
	local text = t.ok(service:dump())
	t.ok(text:find("music +paused +" .. t.pid()))
	t.ok(text:find("alarm +idle +" .. t.pid()))
	t.ok(not service:dump("idle"):find("music"))
	t.ok(not service:dump("1"):find("alarm"))
	t.eq(service:dump("7"), "no player is 7\n")
end)

t.test("refuses_bad_arguments_with_an_exception", function()
	t.eq(t.fails("EX_ILLEGAL_ARGUMENT", service:call(3, { "i32", 9 })), "no player 9")
	t.eq(t.fails("EX_ILLEGAL_ARGUMENT", service:call(1, { "i32", 9 })), "no stream 9, 0 to 5")
	t.fails("EX_BAD_PARCELABLE", service:call(1))
end)

t.test("releases_players", function()
	t.ok(service:call(4, { "i32", 1 }))
	t.fails("EX_ILLEGAL_ARGUMENT", service:call(4, { "i32", 1 }))
	t.same(t.ok(service:call(2)):read_i32_array(), { 2 })
end)

t.test("ends_cleanly_when_told_to", function()
	t.kill(pid, "TERM")
	local good, how, status = pipe:close()
	t.ok(good, how .. " " .. status)
end)

t.done()

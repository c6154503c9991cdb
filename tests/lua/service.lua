-- SPDX-License-Identifier: MIT
-- service.lua: services as callers see them, hosted here and in another process.

package.path = (arg[0]:match("^(.*/)") or "./") .. "?.lua;" .. package.path
local t = require "tap"
local binder = require "binder"

local peer = t.start("peer.lua", "test.service")
local remote = t.ok(binder.wait("test.service", t.limit(10)))
local local_ = t.ok(binder.serve("test.local", {
	descriptor = "test.ILocal",
	dump = function(args, file)
		file:write("first ")
		return table.concat(args, "+")
	end,
	[1] = function(req, reply, ctx) reply:i32(req:read_i32() + 1):i32(ctx.pid):i32(ctx.uid) end,
	[2] = function(req) binder.throw("EX_SERVICE_SPECIFIC", "out of paper", 42) end,
	[3] = function(req, reply)
		reply:i32(1):str("will not be seen")
		error { exception = "EX_ILLEGAL_STATE", message = "changed my mind" }
	end,
	shell = function(args, files, ctx)
		if args[1] == "copy" then files.output:write(files.input:read("a")) return end
		if args[1] == "throw" then binder.throw("EX_ILLEGAL_ARGUMENT", "no such thing") end
		if args[1] == "status" then return 7 end
		files.error:write("by ", ctx.pid)
		return table.concat(args, "+"), #args
	end,
	any = function(req, reply, ctx) reply:i32(ctx.code) end,
}))

t.test("names_are_listed_checked_and_got", function()
	local seen = {}
	for _, name in ipairs(binder.list()) do seen[name] = true end
	t.ok(seen.manager)
	t.ok(seen["test.service"])
	t.ok(seen["test.local"])
	t.ok(binder.check("test.service"))
	t.fails("NAME_NOT_FOUND", binder.check("test.none"))
	t.fails("TIMED_OUT", binder.wait("test.none", 0.1))
end)

t.test("service_knows_itself", function()
	t.eq(remote:name(), "test.service")
	t.eq(remote:descriptor(), "test.IPeer")
	t.eq(remote:alive(), true)
	t.eq(remote:ping(), true)
	t.ok(math.type(remote:handle()) == "integer")
	t.ok(tostring(remote):find("test.service, handle"))
	t.eq(local_:handle(), nil)
	t.eq(local_:descriptor(), "test.ILocal")
end)

t.test("same_object_is_equal_however_it_was_got", function()
	t.ok(binder.get("test.service") == remote)
	t.ok(binder.get("test.local") == local_)
	t.ok(local_ ~= remote)
end)

t.test("call_into_another_process_brings_values_back", function()
	local reply = t.ok(remote:call(1, binder.parcel():i32(5):str("x\u{e4}")))
	t.eq(reply:read_i32(), 5)
	t.eq(reply:read_str(), "x\u{e4}")
	t.eq(t.ok(remote:call(1, { "i32", 6 }, { "str" })):read_i32(), 6)
	t.eq(t.ok(remote:call(1, { { "i32", 7 }, { "str", "y" } }, { timeout = t.limit(5) })):read_i32(), 7)
	t.eq(t.ok(remote:call(7)):read_i32(), peer.pid)
end)

t.test("call_within_the_process_knows_its_caller", function()
	local n, pid = t.ok(local_:call(1, { "i32", 1 })):read("i32", "i32")
	t.eq(n, 2)
	t.eq(pid, t.pid())
end)

t.test("code_without_a_handler_goes_to_any_or_is_refused", function()
	t.eq(t.ok(local_:call(77)):read_i32(), 77)
	t.fails("UNKNOWN_TRANSACTION", remote:call(77))
end)

t.test("exception_comes_with_message_name_and_code", function()
	t.eq(t.fails("EX_ILLEGAL_ARGUMENT", remote:call(3, { "str", "EX_ILLEGAL_ARGUMENT" },
		{ "str", "bad id" })), "bad id")
	t.fails("EX_SERVICE_SPECIFIC", local_:call(2))
	t.eq(select(4, local_:call(2)), 42)
	t.eq(t.fails("EX_ILLEGAL_STATE", local_:call(3)), "changed my mind")
end)

t.test("wrong_interface_is_refused", function()
	t.fails("BAD_TYPE", remote:call(7, { interface = "test.IOther" }))
	t.fails("BAD_TYPE", remote:call(7, { token = false }))
end)

t.test("short_request_is_answered_with_bad_parcelable", function()
	t.fails("EX_BAD_PARCELABLE", remote:call(1))
	t.fails("EX_BAD_PARCELABLE", local_:call(1))
	t.eq(remote:ping(), true)
end)

t.test("call_gives_up_in_time", function()
	local slow = t.start("peer.lua", "test.slow")
	local service = t.ok(binder.wait("test.slow", t.limit(10)))
	t.fails("TIMED_OUT", service:call(8, { timeout = 0.1 }))
	t.kill(slow.pid)
	slow.pipe:close()
end)

t.test("dump_is_what_the_service_writes", function()
	t.eq(remote:dump("a", "b"), "peer with 2 arguments\n")
	t.eq(local_:dump("a", "b"), "first a+b")
	t.eq(local_:dump(), "first ")
end)

local function is_shell(wanted, ...)
	local result, output, errors = ...
	t.eq(t.ok(result, output), wanted[1])
	t.eq(output, wanted[2])
	t.eq(errors, wanted[3])
end

t.test("shell_gives_result_output_and_errors", function()
	is_shell({ 2, "a+b", "by " .. t.pid() }, local_:shell("a", "b"))
	is_shell({ 0, "typed", "" }, local_:shell("copy", { input = "typed" }))
	is_shell({ 7, "", "" }, local_:shell("status", { timeout = t.limit(10) }))
	is_shell({ 2, "peer with 2 words\n", "" }, remote:shell("a", "b"))
end)

t.test("shell_says_what_its_function_throws", function()
	is_shell({ 1, "", "EX_ILLEGAL_ARGUMENT: no such thing\n" }, local_:shell("throw"))
end)

t.test("shell_of_an_object_without_the_function_is_an_invalid_operation", function()
	is_shell({ -38, "", "" }, t.ok(binder.object {}):shell("x"))
end)

t.test("serving_twice_replaces", function()
	local other = t.ok(binder.serve("test.local2", { any = function(_, reply) reply:i32(1) end }))
	t.ok(binder.serve("test.local2", { any = function(_, reply) reply:i32(2) end }))
	t.eq(t.ok(binder.get("test.local2"):call(1)):read_i32(), 2)
	t.ok(binder.get("test.local2") ~= other)
end)

t.test("raw_replies_have_no_status_word", function()
	local raw = t.ok(binder.object { status = false, token = false,
		[1] = function(req, reply) reply:i32(-3) end })
	t.eq(t.ok(raw:call(1, { token = false, status = false })):read_i32(), -3)
end)

t.test("object_is_sent_with_its_stability", function()
	local function word(spec)
		return string.unpack("<i4", binder.parcel():binder(binder.object(spec)):data(), -4)
	end
	t.eq(word { stability = "vintf" }, 0x3f)
	t.eq(word { stability = "vendor" }, 0x03)
	t.eq(word {}, 0x0c)
end)

t.test("misuse_names_the_argument", function()
	t.raises("bad argument #1 to 'call'", function() remote:call("x") end)
	t.raises("code out of range", function() remote:call(-1) end)
	t.raises("unknown option 'timout'", function() remote:call(1, { timout = 1 }) end)
	t.raises("option 'timeout'", function() remote:call(1, { timeout = -1 }) end)
	t.raises("option 'token'", function() remote:call(1, { token = 1 }) end)
	t.raises("value 1 (i32)", function() remote:call(1, { "i32", "3" }) end)
	t.raises("bad argument #2 to 'serve'", function() binder.serve("x") end)
	t.raises("unknown field 'descritpor'", function() binder.object { descritpor = "x" } end)
	t.raises("field 'dump': function expected, got string", function()
		binder.object { dump = "x" }
	end)
	t.raises("field 'stability': system, vendor or vintf", function()
		binder.object { stability = "rock" }
	end)
	t.raises("unknown option 'inptu'", function() remote:shell({ inptu = "x" }) end)
	t.raises("option 'input': string expected", function() remote:shell({ input = {} }) end)
	t.raises("field 'shell': function expected, got string", function()
		binder.object { shell = "x" }
	end)
	t.raises("code 1: function expected, got boolean", function() binder.object { true } end)
	t.raises("codes are 1 to 0x00ffffff", function()
		binder.object { [0x01000000] = function() end }
	end)
	t.raises("bad argument #1 to 'get'", function() binder.get(nil) end)
	t.raises("seconds expected", function() binder.wait("x", -1) end)
	t.raises("unknown exception", function() binder.throw("EX_NOPE") end)
	local service <const> = t.ok(binder.get("test.local"))
	service:close()
	t.raises("the service is closed", function() service:ping() end)
	t.eq(tostring(service), "binder.service (test.local, closed)")
end)

t.test("bad_name_is_refused_with_a_reason", function()
	local value, message, name = binder.serve("no spaces", { any = function() end })
	t.eq(value, nil)
	t.ok(#message > 0)
	t.ok(type(name) == "string")
end)

t.stop(peer)
t.done()

#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- compute.lua: a sample service with an AIDL interface (com/example/ICompute.aidl).
-- Run it, then, in another terminal:
--
--	binderctl methods compute
--	binderctl call compute add 2 3
--	binderctl call compute move '{"x": 1, "y": 2}' 10 10

local binder = require "binder"

local ICompute = binder.aidl "com.example.ICompute"
local Operation = ICompute.Operation

local function int(number)
	if number < -2 ^ 31 or number >= 2 ^ 31 then
		binder.throw("EX_SERVICE_SPECIFIC", "it does not fit into an int", ICompute.ERROR_OVERFLOW)
	end
	return number
end

local function not_zero(number)
	if number == 0 then binder.throw("EX_ILLEGAL_ARGUMENT", "division by zero") end
	return number
end

local apply = {
	[Operation.ADD] = function(a, b) return a + b end,
	[Operation.SUBTRACT] = function(a, b) return a - b end,
	[Operation.MULTIPLY] = function(a, b) return a * b end,
	[Operation.DIVIDE] = function(a, b) return a / not_zero(b) end,
}

assert(binder.serve("compute", ICompute, {
	add = function(a, b) return int(a + b) end,
	sub = function(a, b) return int(a - b) end,
	apply = function(operation, a, b)
		local f = apply[operation] or binder.throw("EX_ILLEGAL_ARGUMENT", "no such operation")
		return f(a, b)
	end,
	move = function(from, dx, dy)
		return { x = int(from.x + dx), y = int(from.y + dy), label = from.label }
	end,
	-- What comes out by other arguments follows the result.
	divide = function(a, b) return a // not_zero(b), { a % b } end,
	sum = function(numbers)
		local total = 0
		for _, number in ipairs(numbers) do total = total + number end
		return total
	end,
}))
print("compute is registered")
io.stdout:flush()
assert(binder.loop("TERM", "INT"))

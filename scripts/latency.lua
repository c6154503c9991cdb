#!/usr/bin/env -S binderctl run
-- SPDX-License-Identifier: MIT
-- latency.lua [NAME [CALLS]]: how long a service takes to answer, as a histogram.
--
--	binderctl run scripts/latency.lua media.player 10000
--
-- Each call is a ping, which every object answers without code of its own.  The
-- rows double, because what matters in a distribution like this is its tail.

local binder = require "binder"

local name, calls = arg[1] or "manager", tonumber(arg[2]) or 2000
local service = assert(binder.get(name))

for _ = 1, 100 do assert(service:ping()) end	-- caches and threads warm up

local times, rows, first, last = {}, {}, math.huge, 0
for i = 1, calls do
	local began = binder.now()
	assert(service:ping())
	times[i] = (binder.now() - began) * 1e6
	local row = math.max(0, math.ceil(math.log(times[i], 2)))
	rows[row] = (rows[row] or 0) + 1
	first, last = math.min(first, row), math.max(last, row)
end
table.sort(times)

local most = 0
for _, count in pairs(rows) do most = math.max(most, count) end
for row = first, last do
	local count = rows[row] or 0
	print(("%8d us  %6d  %s"):format(2 ^ row, count, ("#"):rep(math.ceil(count / most * 50))))
end

local function at(part) return times[math.max(1, math.ceil(part * calls))] end
print(("%d calls of %s: median %.1f us, 90%% %.1f, 99%% %.1f, longest %.1f"):format(calls, name,
	at(0.5), at(0.9), at(0.99), at(1)))

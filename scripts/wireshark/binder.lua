-- SPDX-License-Identifier: MIT
--
-- binder.lua: Wireshark's dissector for captures of `binderctl capture`.
--
-- binder-capture(5) has the layout of a packet.  Runs in Wireshark 4.0 (Lua 5.2) to 4.6 (Lua 5.4):
-- nothing that only one of them knows is used.  Fields end in what they hold, so that
-- `binder.service == "media.player" && binder.time > 0.01` needs no manual.

local VERSION = 1
local FIXED = 96
local MOST_ARGUMENTS = 64 -- that are guessed of a packet
local MOST_INFO = 200     -- characters of the guess in the Info column

local SENT, FAILED, DELIVERED, UNANSWERED, FREED, DIED, MANAGER = 0, 1, 2, 3, 4, 5, 6
local CALL, ONEWAY, REPLY = 0, 1, 2

local kinds = {
	[SENT] = "Waits for a thread", [FAILED] = "Refused by the driver", [DELIVERED] = "Delivered",
	[UNANSWERED] = "No reply will come", [FREED] = "Buffer freed", [DIED] = "Process has ended",
	[MANAGER] = "Process is context manager",
}
local transactions = { [CALL] = "Call", [ONEWAY] = "One-way call", [REPLY] = "Reply" }
-- The numbers of the BR_ commands; the rest of the command is its size and direction.
local errors = {
	[5] = "the process behind it is dead (BR_DEAD_REPLY)",
	[17] = "the driver refused it (BR_FAILED_REPLY)",
	[18] = "the process is frozen (BR_FROZEN_REPLY)",
}
local exceptions = {
	[0] = "none",
	[-1] = "EX_SECURITY", [-2] = "EX_BAD_PARCELABLE", [-3] = "EX_ILLEGAL_ARGUMENT",
	[-4] = "EX_NULL_POINTER", [-5] = "EX_ILLEGAL_STATE", [-6] = "EX_NETWORK_MAIN_THREAD",
	[-7] = "EX_UNSUPPORTED_OPERATION", [-8] = "EX_SERVICE_SPECIFIC", [-9] = "EX_PARCELABLE",
	[-129] = "EX_TRANSACTION_FAILED",
}
local objects = {
	[0x73622a85] = "binder", [0x77622a85] = "weak binder", [0x73682a85] = "handle",
	[0x77682a85] = "weak handle", [0x66642a85] = "fd", [0x66646185] = "fd array",
	[0x70742a85] = "buffer",
}

local binder = Proto("binder", "Android Binder")

local f = {
	version = ProtoField.uint8("binder.version", "Version"),
	kind = ProtoField.uint8("binder.kind", "Event", base.DEC, kinds),
	transaction = ProtoField.uint8("binder.transaction", "Transaction", base.DEC, transactions),
	id = ProtoField.uint32("binder.id", "Id"),
	reply_to = ProtoField.uint32("binder.reply_to", "Reply to"),
	from_pid = ProtoField.int32("binder.from.pid", "Sender's pid"),
	from_tid = ProtoField.int32("binder.from.tid", "Sender's tid"),
	from_uid = ProtoField.uint32("binder.from.uid", "Sender's uid"),
	from_program = ProtoField.string("binder.from.program", "Sender"),
	to_pid = ProtoField.int32("binder.to.pid", "Receiver's pid"),
	to_tid = ProtoField.int32("binder.to.tid", "Receiver's tid"),
	to_uid = ProtoField.uint32("binder.to.uid", "Receiver's uid"),
	to_program = ProtoField.string("binder.to.program", "Receiver"),
	pid = ProtoField.int32("binder.pid", "Sender's or receiver's pid"),
	uid = ProtoField.uint32("binder.uid", "Sender's or receiver's uid"),
	node = ProtoField.uint32("binder.node", "Node"),
	handle = ProtoField.uint32("binder.handle", "Handle"),
	code = ProtoField.uint32("binder.code", "Code"),
	flags = ProtoField.uint32("binder.flags", "Flags", base.HEX),
	flag_oneway = ProtoField.bool("binder.flags.oneway", "One-way", 32, nil, 0x01),
	flag_status = ProtoField.bool("binder.flags.status", "The data is a status", 32, nil, 0x08),
	flag_fds = ProtoField.bool("binder.flags.accept_fds", "Descriptors accepted", 32, nil, 0x10),
	flag_clear = ProtoField.bool("binder.flags.clear", "Buffer is cleared", 32, nil, 0x20),
	error = ProtoField.uint32("binder.error", "The sender reads", base.HEX),
	reason = ProtoField.int32("binder.reason", "Reason (negative errno)"),
	sent = ProtoField.absolute_time("binder.sent", "Sent"),
	queued = ProtoField.relative_time("binder.queued", "Time to a thread"),
	data_size = ProtoField.uint64("binder.data_size", "Bytes"),
	offsets_size = ProtoField.uint64("binder.offsets_size", "Bytes of offsets"),
	service = ProtoField.string("binder.service", "Service"),
	interface = ProtoField.string("binder.interface", "Interface"),
	method = ProtoField.string("binder.method", "Method"),
	request_in = ProtoField.framenum("binder.request_in", "Request in", base.NONE,
		frametype.REQUEST),
	response_in = ProtoField.framenum("binder.response_in", "Response in", base.NONE,
		frametype.RESPONSE),
	time = ProtoField.relative_time("binder.time", "Response time"),
	status = ProtoField.int32("binder.status", "Status"),
	exception = ProtoField.int32("binder.exception", "Exception", base.DEC, exceptions),
	data = ProtoField.bytes("binder.data", "Payload"),
	arg_int = ProtoField.int32("binder.arg.int", "int32"),
	arg_string = ProtoField.string("binder.arg.string", "String16"),
	arg_object = ProtoField.string("binder.arg.object", "Object"),
	offset = ProtoField.uint64("binder.offset", "Object at"),
}
do
	local all = {}
	for _, field in pairs(f) do
		all[#all + 1] = field
	end
	binder.fields = all
end

local e = {
	failed = ProtoExpert.new("binder.failed", "The call failed", expert.group.RESPONSE_CODE,
		expert.severity.ERROR),
	exception = ProtoExpert.new("binder.threw", "The service answered with an exception",
		expert.group.RESPONSE_CODE, expert.severity.WARN),
	waits = ProtoExpert.new("binder.waits", "No thread has read it yet", expert.group.SEQUENCE,
		expert.severity.NOTE),
	died = ProtoExpert.new("binder.died", "A process has ended", expert.group.SEQUENCE,
		expert.severity.NOTE),
	cut = ProtoExpert.new("binder.cut", "The payload was not captured whole",
		expert.group.UNDECODED, expert.severity.NOTE),
	malformed = ProtoExpert.new("binder.malformed", "Not a packet of this version",
		expert.group.MALFORMED, expert.severity.ERROR),
}
do
	local all = {}
	for _, info in pairs(e) do
		all[#all + 1] = info
	end
	binder.experts = all
end

local frame_time = Field.new("frame.time_epoch")

-- ---- requests and responses ---------------------------------------------------------------

-- By id the call that was seen last; by frame the call that it belongs to.
local calls, call_of_frame = {}, {}

function binder.init()
	calls, call_of_frame = {}, {}
end

-- Frames come in order once; later they are asked for in any order.
local function link(p, number)
	local key = p.transaction == REPLY and p.reply_to or p.id
	local call = calls[key]

	if key == 0 then
		return nil
	end
	if p.transaction ~= REPLY and p.kind ~= UNANSWERED and (not call or call.request) then
		call = {}
		calls[key] = call
	end
	if not call then
		return nil
	end
	call_of_frame[number] = call
	if p.kind == SENT then
		return call -- its delivery is still to come
	end
	if p.transaction == REPLY or p.kind == UNANSWERED then
		call.response = number
	else
		call.request = number
		call.sent = p.sent
	end
	return call
end

-- ---- the header ---------------------------------------------------------------------------

local function nstime(nanoseconds)
	local second = UInt64(1000000000)

	return NSTime((nanoseconds / second):tonumber(), (nanoseconds % second):tonumber())
end

-- Names stand behind the fixed part: u16 which, u16 length, bytes, padded to 4.
local name_fields = { "service", "interface", "method", "from_program", "to_program" }

local function read_names(tvb, p)
	local at = FIXED

	p.names = {}
	while at + 4 <= p.header_size do
		local which, length = tvb(at, 2):le_uint(), tvb(at + 2, 2):le_uint()
		local name = name_fields[which]

		if which == 0 or at + 4 + length > p.header_size then
			return
		end
		if name and length > 0 then
			p.names[name] = tvb(at + 4, length)
			p[name] = p.names[name]:string(ENC_UTF_8)
		end
		at = at + 4 + math.floor((length + 3) / 4) * 4
	end
end

local function read_header(tvb)
	local p = {
		kind = tvb(1, 1):uint(), header_size = tvb(2, 2):le_uint(),
		transaction = tvb(4, 1):uint(),
		id = tvb(8, 4):le_uint(), reply_to = tvb(12, 4):le_uint(),
		from_pid = tvb(16, 4):le_int(), to_pid = tvb(24, 4):le_int(),
		node = tvb(40, 4):le_uint(), code = tvb(48, 4):le_uint(),
		flags = tvb(52, 4):le_uint(), error = tvb(56, 4):le_uint(),
		reason = tvb(60, 4):le_int(),
		data_size = tvb(72, 8):le_uint64(),
		data_captured = tvb(88, 4):le_uint(), offsets_captured = tvb(92, 4):le_uint(),
	}
	local sent = tvb(64, 8):le_uint64()

	if sent ~= UInt64(0) then
		p.sent = nstime(sent)
	end
	read_names(tvb, p)
	return p
end

local function target_of(p)
	local method = p.method and "." .. p.method or " " .. p.code
	local short = p.interface and p.interface:match("[^.]*$")

	if p.transaction == REPLY and not p.method then
		method = ""
	end
	return (p.service or short and short .. "#" .. p.node or "node " .. p.node) .. method
end

local function process(program, pid)
	return (program and program .. " " or "") .. pid
end

local function show_header(tvb, tree, p)
	local function add(field, at, length)
		return tree:add_le(f[field], tvb(at, length))
	end
	local function name(field)
		if p.names[field] then
			tree:add(f[field], p.names[field], p[field])
		end
	end
	local flags

	add("version", 0, 1)
	add("kind", 1, 1)
	if p.id ~= 0 then
		add("transaction", 4, 1)
		add("id", 8, 4)
	end
	if p.transaction == REPLY then
		add("reply_to", 12, 4)
	end
	name("service")
	name("interface")
	name("method")
	name("from_program")
	add("from_pid", 16, 4)
	add("from_tid", 20, 4)
	add("from_uid", 32, 4)
	tree:add_le(f.pid, tvb(16, 4)):set_hidden()
	tree:add_le(f.uid, tvb(32, 4)):set_hidden()
	if p.to_pid ~= 0 then
		name("to_program")
		add("to_pid", 24, 4)
		add("to_tid", 28, 4)
		add("to_uid", 36, 4)
		tree:add_le(f.pid, tvb(24, 4)):set_hidden()
		tree:add_le(f.uid, tvb(36, 4)):set_hidden()
	end
	if p.id == 0 then
		return
	end
	add("node", 40, 4)
	if p.transaction ~= REPLY then
		add("handle", 44, 4)
		add("code", 48, 4)
	end
	flags = add("flags", 52, 4)
	flags:add_le(f.flag_oneway, tvb(52, 4))
	flags:add_le(f.flag_status, tvb(52, 4))
	flags:add_le(f.flag_fds, tvb(52, 4))
	flags:add_le(f.flag_clear, tvb(52, 4))
	if p.error ~= 0 then
		add("error", 56, 4)
	end
	if p.reason ~= 0 then
		add("reason", 60, 4)
	end
	add("data_size", 72, 8)
	add("offsets_size", 80, 8)
end

local function show_times(tvb, tree, p, call, number)
	local now = frame_time()

	if p.sent then
		tree:add(f.sent, tvb(64, 8), p.sent)
	end
	if p.sent and now and p.kind == DELIVERED then
		tree:add(f.queued, tvb(64, 8), now.value - p.sent):set_generated()
	end
	if not call then
		return
	end
	if call.response and call.response ~= number then
		tree:add(f.response_in, call.response):set_generated()
	end
	if call.request and call.request ~= number then
		tree:add(f.request_in, call.request):set_generated()
	end
	if call.response == number and call.sent and now then
		tree:add(f.time, now.value - call.sent):set_generated()
	end
end

-- ---- the payload --------------------------------------------------------------------------

-- A String16 at this place: its text and how many bytes it takes; nil: it is none.
local function string_at(data, at)
	local size = data:len()
	local length, bytes

	if at + 8 > size then
		return nil
	end
	length = data(at, 4):le_int()
	-- A text of one character looks like a number after a 1.
	if length < 2 or length > 65536 then
		return nil
	end
	bytes = 4 + math.floor((2 * (length + 1) + 3) / 4) * 4
	if at + bytes > size or data(at + 4 + 2 * length, 2):le_uint() ~= 0 then
		return nil
	end
	for i = 0, math.min(length, 256) - 1 do
		local unit = data(at + 4 + 2 * i, 2):le_uint()

		if unit < 0x20 and unit ~= 9 and unit ~= 10 or unit == 0x7f then
			return nil
		end
	end
	return data(at + 4, 2 * length):le_ustring(), bytes
end

-- Behind what stands before a request's arguments: the descriptor, and up to three words.
local function arguments_at(data, interface)
	for at = 0, 12, 4 do
		local text, bytes = string_at(data, at)

		if text and (not interface or text == interface) then
			return at + bytes
		end
	end
	return 0
end

local function read_objects(tvb, tree, p, at)
	local found = {}

	for i = 0, math.min(p.offsets_captured / 8, MOST_ARGUMENTS) - 1 do
		local range = tvb(at + 8 * i, 8)

		tree:add_le(f.offset, range)
		found[range:le_uint64():tonumber()] = true
	end
	return found
end

-- Guesses what the payload holds; words of it go to the Info column.
local function show_arguments(data, tree, found, from)
	local at, count, words = from, 0, {}

	while at + 4 <= data:len() and count < MOST_ARGUMENTS do
		local text, bytes = nil, 4

		if found[at] and at + 24 <= data:len() then
			local kind = objects[data(at, 4):le_uint()] or "object"

			bytes = 24
			text = kind .. " " .. data(at + 8, 4):le_uint()
			tree:add(f.arg_object, data(at, bytes), text)
		else
			text, bytes = string_at(data, at)
			if text then
				tree:add(f.arg_string, data(at, bytes), text)
				text = '"' .. text .. '"'
			else
				bytes = 4
				text = tostring(data(at, 4):le_int())
				tree:add_le(f.arg_int, data(at, 4))
			end
		end
		words[#words + 1] = text
		at = at + bytes
		count = count + 1
	end
	return table.concat(words, ", "):sub(1, MOST_INFO)
end

-- The status that a reply begins with, or is.  Gives where its values begin, and words.
local function show_status(data, tree, p)
	local word

	if data:len() < 4 then
		return 0, nil
	end
	word = data(0, 4):le_int()
	if math.floor(p.flags / 8) % 2 == 1 then
		tree:add_le(f.status, data(0, 4))
		if word == 0 then
			return 4, nil
		end
		tree:add_proto_expert_info(e.failed, "The service returned status " .. word)
		return data:len(), "status " .. word
	end
	-- Other small numbers are no exceptions, and values of other kinds.
	if word == 0 then
		tree:add_le(f.exception, data(0, 4))
		return 4, nil
	end
	if exceptions[word] then
		local text = string_at(data, 4)

		tree:add_le(f.exception, data(0, 4))
		tree:add_proto_expert_info(e.exception, exceptions[word] ..
			(text and ": " .. text or ""))
		return 4, exceptions[word]
	end
	return 0, nil
end

-- Gives words for the Info column.
local function show_payload(tvb, tree, p)
	local at, words, failure = p.header_size, "", nil
	local offsets_at = at + math.floor((p.data_captured + 7) / 8) * 8
	local from, found, data, branch

	if p.data_captured == 0 then
		return "", nil
	end
	if at + p.data_captured > tvb:len() or
		(p.offsets_captured > 0 and offsets_at + p.offsets_captured > tvb:len()) then
		tree:add_proto_expert_info(e.malformed)
		return "", nil
	end
	data = tvb(at, p.data_captured):tvb()
	branch = tree:add(f.data, tvb(at, p.data_captured))
	if UInt64(p.data_captured) ~= p.data_size then
		branch:add_proto_expert_info(e.cut)
	end
	found = read_objects(tvb, branch, p, offsets_at)
	if p.transaction == REPLY then
		from, failure = show_status(data, tree, p)
	else
		from = arguments_at(data, p.interface)
	end
	words = show_arguments(data, branch, found, from)
	return words, failure
end

-- ---- one packet ---------------------------------------------------------------------------

local function show_failure(tree, p)
	local why = errors[p.error % 256] or "no reply came"

	if p.kind == FAILED then
		tree:add_proto_expert_info(e.failed, "Refused: " .. why)
	elseif p.kind == UNANSWERED then
		tree:add_proto_expert_info(e.failed, "No reply: " .. why)
	elseif p.kind == SENT then
		tree:add_proto_expert_info(e.waits)
	elseif p.kind == DIED then
		tree:add_proto_expert_info(e.died)
	end
	return why
end

local function info_of(p, words, failure, why)
	if p.kind == DIED or p.kind == MANAGER then
		return process(p.from_program, p.from_pid) ..
			(p.kind == DIED and " has ended" or " is context manager")
	elseif p.kind == FAILED or p.kind == UNANSWERED then
		return target_of(p) .. (p.transaction == REPLY and " reply" or "") .. " ! " .. why
	elseif p.transaction == REPLY then
		return target_of(p) .. " = " .. (failure and "! " .. failure .. " " or "") .. words
	end
	return target_of(p) .. "(" .. words .. ")" .. (p.kind == SENT and " waits" or "")
end

function binder.dissector(tvb, pinfo, root)
	local tree, p, call, words, failure, why

	pinfo.cols.protocol = "Binder"
	if tvb:len() < FIXED or tvb(0, 1):uint() ~= VERSION or
		tvb(2, 2):le_uint() < FIXED or tvb(2, 2):le_uint() > tvb:len() then
		tree = root:add(binder, tvb())
		tree:add_proto_expert_info(e.malformed)
		return tvb:len()
	end
	p = read_header(tvb)
	if pinfo.visited then
		call = call_of_frame[pinfo.number]
	else
		call = link(p, pinfo.number)
	end
	tree = root:add(binder, tvb(), "Android Binder, " ..
		(p.id ~= 0 and transactions[p.transaction] or "Process"))
	show_header(tvb, tree, p)
	show_times(tvb, tree, p, call, pinfo.number)
	words, failure = show_payload(tvb, tree, p)
	why = show_failure(tree, p)
	tree:append_text(": " .. target_of(p))
	pinfo.cols.src = process(p.from_program, p.from_pid)
	pinfo.cols.dst = p.to_pid ~= 0 and process(p.to_program, p.to_pid) or ""
	pinfo.cols.info = info_of(p, words, failure, why)
	return tvb:len()
end

-- For a file whose packets have the first private link type instead of a dissector's name.
DissectorTable.get("wtap_encap"):add(wtap.USER0, binder)

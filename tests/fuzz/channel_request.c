/* SPDX-License-Identifier: MIT */
/*
 * channel_request.c: what a client lays into its mailbox.
 *
 * Called by channel.c.  A request is laid out as driver/client would, of
 * commands that mostly make sense, and then spoilt as the input says.
 */
#include "channel_fuzz.h"

#define COMMANDS_ADDR 0x20000u
#define COMMANDS_ROOM 1024u
#define PAYLOAD_ADDR 0x21000u /* in a range of the mailbox ... */
#define PAYLOAD_ROOM 1024u
#define READ_ADDR 0x30000u

struct building {
	struct input *in;
	struct end *end;
	char *commands, *payload;
	u32 commands_at, payload_at; /* in the mailbox */
	size_t size, used;
};

static void put(struct building *b, u32 command, const void *data, size_t size)
{
	if (b->size + sizeof(command) + size > COMMANDS_ROOM)
		return;
	memcpy(b->commands + b->size, &command, sizeof(command));
	memcpy(b->commands + b->size + sizeof(command), data, size);
	b->size += sizeof(command) + size;
}

static void put_u32(struct building *b, u32 command, u32 value)
{
	put(b, command, &value, sizeof(value));
}

static void put_u64(struct building *b, u32 command, u64 value)
{
	put(b, command, &value, sizeof(value));
}

/* A payload of one object and some bytes; kind 7 has no object. */
static void put_transaction(struct building *b, bool reply)
{
	struct binder_transaction_data tr = { .code = 1 };
	u8 how = input_u8(b->in), size = input_u8(b->in);
	struct flat_binder_object flat = { .flags = 0x100 };
	struct binder_fd_object fd = { .hdr.type = BINDER_TYPE_FD, .fd = size & 3 };
	u64 *offset = (u64 *)(void *)b->payload;
	bool direct = how & 0x80;

	tr.flags = (how & 1 ? TF_ONE_WAY : 0) | (how & 2 ? TF_CLEAR_BUF : 0) | TF_ACCEPT_FDS;
	tr.target.handle = how >> 2 & 3;
	tr.offsets_size = sizeof(u64);
	*offset = 0;
	switch (how >> 4 & 7) {
	case 0:
	case 1:
		flat.hdr.type = BINDER_TYPE_BINDER;
		flat.binder = flat.cookie = size;
		memcpy(b->payload + 8, &flat, sizeof(flat));
		break;
	case 2:
		flat.hdr.type = BINDER_TYPE_HANDLE;
		flat.handle = size & 3;
		memcpy(b->payload + 8, &flat, sizeof(flat));
		break;
	case 3:
	case 4:
		memcpy(b->payload + 8, &fd, sizeof(fd));
		break;
	default:
		tr.offsets_size = 0;
	}
	tr.data_size = sizeof(flat) + size;
	tr.data.ptr.offsets = PAYLOAD_ADDR;
	/* Either it rides along, or it is read from the client's memory. */
	tr.data.ptr.buffer = direct ? CLIENT_ADDR : PAYLOAD_ADDR + 8;
	if (direct)
		memcpy(client_memory, b->payload + 8, sizeof(flat));
	b->used = 512;
	put(b, reply ? BC_REPLY : BC_TRANSACTION, &tr, sizeof(tr));
}

static void put_command(struct building *b, u8 what)
{
	char raw[64];
	u8 size;

	switch (what % 8) {
	case 0:
		put(b, BC_ENTER_LOOPER, "", 0);
		break;
	case 1:
		put_transaction(b, false);
		break;
	case 2:
		put_transaction(b, true);
		break;
	case 3:
		put_u64(b, BC_FREE_BUFFER, b->end->buffer);
		break;
	case 4:
		put_u32(b, what & 8 ? BC_ACQUIRE : BC_RELEASE, input_u8(b->in) & 3);
		break;
	case 5:
		put_u64(b, BC_FREE_BUFFER, BUFFER_ADDR + 8u * input_u8(b->in));
		break;
	case 6:
		/* More than one slice of the daemon's. */
		for (size = 0; size < 100; size++)
			put_u32(b, BC_DECREFS, 77);
		break;
	default:
		size = input_u8(b->in) % sizeof(raw);
		input_bytes(b->in, raw, size);
		put(b, input_u32(b->in), raw, size);
	}
}

static void lay_write_read(struct building *b, struct channel_mailbox *box, u8 how)
{
	u8 count = how & 3;

	while (count--)
		put_command(b, input_u8(b->in));
	box->cmd = BINDER_WRITE_READ;
	box->bwr = (struct binder_write_read){
		.write_size = b->size,
		.write_buffer = COMMANDS_ADDR,
		.read_size = how & 4 ? 1024 : 0,
		.read_buffer = READ_ADDR,
	};
	box->out_addr = READ_ADDR;
	box->out_size = 1024;
	box->range_count = 2;
	box->range[0] = (struct channel_range){ COMMANDS_ADDR, (u32)b->size, b->commands_at };
	box->range[1] = (struct channel_range){ PAYLOAD_ADDR, PAYLOAD_ROOM, b->payload_at };
}

static void lay_ioctl(struct building *b, struct channel_mailbox *box)
{
	static const u32 commands[] = {
		BINDER_VERSION,
		BINDER_SET_MAX_THREADS,
		BINDER_SET_CONTEXT_MGR,
		BINDER_SET_CONTEXT_MGR_EXT,
		BINDER_THREAD_EXIT,
		BINDER_FREEZE,
		BINDER_GET_FROZEN_INFO,
		BINDER_GET_EXTENDED_ERROR,
		BINDER_GET_NODE_DEBUG_INFO,
	};
	struct binder_freeze_info info = { .pid = FIRST_PID };
	u8 which = input_u8(b->in);

	box->cmd = commands[which % ARRAY_SIZE(commands)];
	info.enable = which >> 5 & 1;
	info.timeout_ms = which >> 6;
	memset(b->payload, 0, 64);
	if (box->cmd == BINDER_FREEZE || box->cmd == BINDER_GET_FROZEN_INFO)
		memcpy(b->payload, &info, sizeof(info));
	box->arg = box->out_addr = PAYLOAD_ADDR;
	box->out_size = 64;
	box->range_count = 1;
	box->range[0] = (struct channel_range){ PAYLOAD_ADDR, 64, b->payload_at };
}

static void spoil(struct input *in, char *mailbox)
{
	u8 count = input_u8(in) & 3;

	while (count--) {
		size_t at = 4 * (input_u16(in) % (CHANNEL_IN_OFFSET / 4));
		u32 value = input_u32(in);

		/* The struct's own fields are the most interesting. */
		if (at >= 256 && at % 8)
			at %= 256;
		memcpy(mailbox + at, &value, sizeof(value));
	}
}

void request_lay(struct input *in, struct end *end)
{
	char *mailbox = end->thread->mailbox;
	struct channel_mailbox *box = thread_box(end->thread);
	struct building b = { .in = in, .end = end };
	static const u32 flags[] = { 0, CHANNEL_NONBLOCK, CHANNEL_READ_MORE, CHANNEL_CONTINUED };
	u8 what = input_u8(in), how = input_u8(in);

	/* Behind the struct itself, where an ordinary request lies, or in the large area. */
	b.commands_at = how >> 5 & 1 ? CHANNEL_NEAR_OFFSET : CHANNEL_IN_OFFSET;
	b.payload_at = CHANNEL_IN_OFFSET + COMMANDS_ROOM;
	b.commands = mailbox + b.commands_at;
	b.payload = mailbox + b.payload_at;
	box->flags = flags[how >> 3 & 3];
	box->cancel = 0;
	box->file_packets = how >> 6 & 1;
	switch (what % 8) {
	case 0:
	case 1:
	case 2:
		box->op = CHANNEL_IOCTL;
		lay_write_read(&b, box, how);
		break;
	case 3:
		box->op = CHANNEL_IOCTL;
		lay_ioctl(&b, box);
		break;
	case 4:
		box->op = CHANNEL_MMAP;
		box->size = 4096u * (how & 7);
		break;
	case 5:
		box->op = CHANNEL_MAPPED;
		box->arg = how & 1 ? BUFFER_ADDR : 0;
		break;
	case 6:
		box->op = CHANNEL_POLL;
		box->timeout_ms = (int)(how & 3) - 1;
		break;
	default:
		box->op = CHANNEL_MUNMAP + how % 6;
		box->arg = box->op == CHANNEL_VIEW ? (how >> 1) % 8 : CLIENT_ADDR;
	}
	if (what & 0x80)
		spoil(in, mailbox);
}

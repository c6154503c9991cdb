/* SPDX-License-Identifier: MIT */
/*
 * core_live_payload.c: payloads with objects that mostly make sense.
 *
 * Called by core_live.c for each call and reply.  What the process knows
 * (handles, objects, descriptors) goes in; a last choice of the input spoils a
 * byte or two, or the sizes.
 */
#include "core_live.h"

#define MAX_PARTS 12u
#define MAX_OBJECTS (LIVE_OFFSETS_SIZE / sizeof(u64))

struct building {
	struct input *in;
	struct client *client;
	u8 *data, *sg;
	size_t size, sg_used;
	u64 offsets[MAX_OBJECTS];
	u32 count;
	u32 last_ptr;   /* index of the newest PTR, + 1 */
	size_t touched; /* of that one's bytes */
};

static void add(struct building *b, const void *object, size_t size)
{
	if (b->count == MAX_OBJECTS || b->size + size > LIVE_DATA_SIZE)
		return;
	b->offsets[b->count++] = b->size;
	memcpy(b->data + b->size, object, size);
	b->size += size;
}

static void add_flat(struct building *b, u8 kind, u8 choice)
{
	static const u32 types[] = { BINDER_TYPE_BINDER, BINDER_TYPE_WEAK_BINDER,
				     BINDER_TYPE_HANDLE, BINDER_TYPE_WEAK_HANDLE };
	struct flat_binder_object flat = { .hdr.type = types[kind], .flags = choice };

	if (kind >= 2) {
		flat.handle = (u32)ring_choose(&known[b->client->index].handles, choice);
	} else {
		flat.binder = node_ptr(choice);
		flat.cookie = node_cookie(flat.binder);
		if (choice & 0x40)
			flat.flags |= FLAT_BINDER_FLAG_ACCEPTS_FDS;
		if (choice & 0x80)
			flat.flags |= FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	}
	add(b, &flat, sizeof(flat));
}

static void add_fd(struct building *b, u8 choice)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD, .fd = choice };

	add(b, &object, sizeof(object));
}

static void add_ptr(struct building *b, u8 choice)
{
	struct binder_buffer_object object = { .hdr.type = BINDER_TYPE_PTR };
	size_t room = LIVE_READ - LIVE_SG - b->sg_used;
	size_t length = input_u8(b->in);

	if (length > room)
		length = room;
	/* Something that can be descriptors as well. */
	for (size_t i = 0; i < length; i++)
		b->sg[b->sg_used + i] = i % 4 ? 0 : choice & 0x3f;
	object.length = length;
	object.buffer = ARENA_ADDR + LIVE_SG + b->sg_used;
	if (choice & 0x80 && b->last_ptr) {
		object.flags = BINDER_BUFFER_FLAG_HAS_PARENT;
		object.parent = b->last_ptr - 1;
		object.parent_offset = b->touched;
		if (choice & 0x40)
			object.parent = input_u8(b->in) % (b->count + 1);
		if (choice & 0x20)
			object.parent_offset = input_u8(b->in);
		b->touched += 8;
	}
	/* A child does not have to become the next one's parent. */
	if (!(choice & 0x10) || !b->last_ptr) {
		b->last_ptr = b->count + 1;
		b->touched = 0;
	}
	b->sg_used += ALIGN8(length);
	add(b, &object, sizeof(object));
}

static void add_fda(struct building *b, u8 choice)
{
	struct binder_fd_array_object object = { .hdr.type = BINDER_TYPE_FDA };

	object.num_fds = choice & 7;
	object.parent = b->last_ptr ? b->last_ptr - 1 : 0;
	object.parent_offset = b->touched;
	if (choice & 0x40)
		object.num_fds = input_u64(b->in);
	if (choice & 0x20)
		object.parent_offset = input_u8(b->in);
	b->touched += 4 * (choice & 7u);
	add(b, &object, sizeof(object));
}

static void add_gap(struct building *b, u8 choice)
{
	size_t size = 4u * (choice & 15u);

	if (b->size + size > LIVE_DATA_SIZE)
		return;
	input_bytes(b->in, b->data + b->size, size);
	b->size += size;
}

/* More objects than the lock is held for at a time, each one new. */
static void add_many(struct building *b, u8 choice)
{
	u32 count = 40u + (choice & 31u);

	for (u32 i = 0; i < count; i++) {
		struct flat_binder_object flat = { .hdr.type = BINDER_TYPE_BINDER };

		flat.binder = 0x100000u + (choice >> 5) * 0x1000u + 8 * i;
		flat.cookie = node_cookie(flat.binder);
		add(b, &flat, sizeof(flat));
	}
}

static void add_part(struct building *b, u8 kind)
{
	u8 choice = input_u8(b->in);

	if (kind >= 0xf0) {
		add_many(b, choice);
		return;
	}
	switch (kind % 8) {
	case 0:
	case 1:
	case 2:
	case 3:
		add_flat(b, kind % 8, choice);
		break;
	case 4:
		add_fd(b, choice);
		break;
	case 5:
		add_ptr(b, choice);
		break;
	case 6:
		add_fda(b, choice);
		break;
	default:
		add_gap(b, choice);
	}
}

static void spoil(struct building *b, struct binder_transaction_data *tr, binder_size_t *sg_size)
{
	u8 *memory;

	switch (input_u8(b->in) % 8) {
	case 0:
		b->data[input_u8(b->in)] ^= 1u << (input_u8(b->in) & 7);
		break;
	case 1:
		memory = b->client->arena + LIVE_OFFSETS;
		memory[input_u8(b->in) % sizeof(b->offsets)] += input_u8(b->in);
		break;
	case 2:
		tr->data_size = input_u64(b->in);
		break;
	case 3:
		tr->offsets_size = input_u64(b->in);
		break;
	case 4:
		*sg_size = input_u64(b->in);
		break;
	case 5:
		tr->data.ptr.buffer = ARENA_ADDR + ARENA_HOLE - input_u8(b->in);
		break;
	case 6:
		tr->data.ptr.offsets = ARENA_ADDR + ARENA_HOLE - input_u8(b->in);
		break;
	default:
		tr->data_size += input_u16(b->in);
	}
}

void live_payload(struct input *in, struct client *client, struct binder_transaction_data *tr,
		  binder_size_t *sg_size)
{
	struct building b = { .in = in,
			      .client = client,
			      .data = client->arena + LIVE_DATA,
			      .sg = client->arena + LIVE_SG };
	u8 shape = input_u8(in);
	u32 parts = shape % (MAX_PARTS + 1);

	if (shape & 0x40)
		add_gap(&b, 2); /* only behind something can a PTR be a parent */
	while (parts--)
		add_part(&b, input_u8(in));
	memcpy(client->arena + LIVE_OFFSETS, b.offsets, sizeof(b.offsets));
	tr->data_size = b.size;
	tr->offsets_size = b.count * sizeof(u64);
	tr->data.ptr.buffer = ARENA_ADDR + LIVE_DATA;
	tr->data.ptr.offsets = ARENA_ADDR + LIVE_OFFSETS;
	*sg_size = b.sg_used;
	if (shape & 0x80)
		spoil(&b, tr, sg_size);
}

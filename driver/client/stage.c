/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * stage.c: laying out what the driver would read from this process.
 *
 * Called by ioctl.c for each write: walks the BC_ commands, copies them and
 * their small payloads (all payloads, where the daemon cannot read our memory)
 * into the mailbox, and notes the descriptors that have to travel along.
 *
 * Nothing is judged here: what makes no sense is left out, and the driver,
 * which looks at everything again, refuses it.
 */
#include "internal.h"

#include <string.h>

/* Commands of one request; the rest of a longer write follows in another. */
#define MAX_COMMANDS (64u << 10)
/* Room in the in area for payloads, so that the commands always fit behind them. */
#define PAYLOAD_ROOM (CHANNEL_IN_SIZE - MAX_COMMANDS - 4096)

/* The caller has seen to it that the in area has room. */
static void lay(struct client_channel *ch, uint32_t slot, uint64_t addr, uint32_t size)
{
	struct channel_range *range = &ch->box->range[slot];
	uint32_t padded = (size + 7) & ~7u;

	range->addr = addr;
	range->size = size;
	if (padded <= CHANNEL_NEAR_SIZE - ch->near_used) {
		range->offset = CHANNEL_NEAR_OFFSET + ch->near_used;
		memcpy(client_near(ch) + ch->near_used, (void *)(uintptr_t)addr, size);
		ch->near_used += padded;
	} else {
		range->offset = CHANNEL_IN_OFFSET + ch->in_used;
		memcpy(client_in(ch) + ch->in_used, (void *)(uintptr_t)addr, size);
		ch->in_used += padded;
	}
}

bool client_stage(struct client_channel *ch, uint64_t addr, uint64_t size)
{
	if (!size)
		return true;
	if (size > PAYLOAD_ROOM - ch->in_used || ch->ranges == CHANNEL_MAX_RANGES)
		return false;
	/* A part is not enough for the driver, but what it finds wrong may lie in there. */
	size = client_readable_part(ch, addr, size);
	if (size)
		lay(ch, ch->ranges++, addr, (uint32_t)size);
	return true;
}

/* As client_stage(), for a payload that the daemon may be able to read by itself. */
static bool stage_payload(struct client_channel *ch, uint64_t addr, uint64_t size)
{
	if (ch->can_read && size > CHANNEL_INLINE_MAX)
		return true;
	return client_stage(ch, addr, size) || ch->can_read;
}

/* ---- objects ---------------------------------------------------------------- */

/* A transaction's data and offsets. */
struct payload {
	uint64_t data, offsets;
	uint64_t size, count;
	uint64_t known_page; /* was found to be readable */
};

/* False: it cannot be read. */
static bool peek(const struct client_channel *ch, struct payload *p, uint64_t addr, void *to,
		 size_t size)
{
	if (addr / 4096 != p->known_page || (addr + size - 1) / 4096 != p->known_page) {
		if (!client_readable(ch, addr, size))
			return false;
		p->known_page = addr / 4096;
	}
	memcpy(to, (void *)(uintptr_t)addr, size);
	return true;
}

static bool get_object(const struct client_channel *ch, struct payload *p, uint64_t index,
		       void *object, size_t size)
{
	uint64_t offset;

	return index < p->count &&
	       peek(ch, p, p->offsets + index * sizeof(offset), &offset, sizeof(offset)) &&
	       offset <= p->size && size <= p->size - offset &&
	       peek(ch, p, p->data + offset, object, size);
}

/* BINDER_TYPE_FDA: the numbers lie in another object's buffer. */
static void add_array(struct client_channel *ch, struct payload *p,
		      const struct binder_fd_array_object *array)
{
	struct binder_buffer_object parent;
	uint64_t addr;
	int32_t fd;

	if (!get_object(ch, p, array->parent, &parent, sizeof(parent)) ||
	    parent.hdr.type != BINDER_TYPE_PTR || array->parent_offset > parent.length ||
	    array->num_fds > (parent.length - array->parent_offset) / sizeof(fd))
		return;
	addr = parent.buffer + array->parent_offset;
	for (uint64_t i = 0; i < array->num_fds && i < CHANNEL_MAX_FILES; i++) {
		if (!peek(ch, p, addr + i * sizeof(fd), &fd, sizeof(fd)))
			return;
		client_files_add(ch, fd);
	}
}

static bool stage_object(struct client_channel *ch, struct payload *p, uint64_t index)
{
	struct binder_object_header header;
	union {
		struct binder_fd_object fd;
		struct binder_fd_array_object array;
		struct binder_buffer_object buffer;
	} object;

	if (!get_object(ch, p, index, &header, sizeof(header)))
		return true;
	switch (header.type) {
	case BINDER_TYPE_FD:
		if (get_object(ch, p, index, &object, sizeof(object.fd)))
			client_files_add(ch, (int32_t)object.fd.fd);
		return true;
	case BINDER_TYPE_FDA:
		if (get_object(ch, p, index, &object, sizeof(object.array)))
			add_array(ch, p, &object.array);
		return true;
	case BINDER_TYPE_PTR:
		if (get_object(ch, p, index, &object, sizeof(object.buffer)))
			return stage_payload(ch, object.buffer.buffer, object.buffer.length);
		return true;
	default:
		return true;
	}
}

static bool stage_transaction(struct client_channel *ch, const struct binder_transaction_data *tr)
{
	struct payload p = {
		.data = tr->data.ptr.buffer,
		.offsets = tr->data.ptr.offsets,
		.size = tr->data_size,
		.count = tr->offsets_size / sizeof(uint64_t),
		.known_page = UINT64_MAX,
	};

	if (!stage_payload(ch, p.data, p.size) || !stage_payload(ch, p.offsets, tr->offsets_size))
		return false;
	/* Sizes that no driver takes need not be looked into. */
	if (p.size > BINDER_MAX_MAPPING || p.count > p.size / sizeof(uint32_t))
		return true;
	for (uint64_t i = 0; i < p.count; i++) {
		if (!stage_object(ch, &p, i))
			return false;
	}
	return true;
}

/* ---- commands ------------------------------------------------------------------ */

static bool stage_command(struct client_channel *ch, uint32_t cmd, const char *body)
{
	struct binder_transaction_data tr;
	uint32_t near_used = ch->near_used, in_used = ch->in_used, ranges = ch->ranges;

	switch (cmd) {
	case BC_TRANSACTION:
	case BC_REPLY:
	case BC_TRANSACTION_SG:
	case BC_REPLY_SG:
		memcpy(&tr, body, sizeof(tr)); /* the head of the _SG form, too */
		if (stage_transaction(ch, &tr))
			return true;
		ch->near_used = near_used;
		ch->in_used = in_used;
		ch->ranges = ranges;
		return false;
	default:
		return true;
	}
}

uint64_t client_stage_write(struct client_channel *ch, const struct binder_write_read *bwr)
{
	uint64_t start = bwr->write_consumed, size = bwr->write_size, at = start, next;
	uint64_t want, good;
	const char *commands = (void *)(uintptr_t)bwr->write_buffer;
	uint32_t slot, cmd;

	if (start >= size)
		return size;
	want = size - start < MAX_COMMANDS - 256 ? size - start : MAX_COMMANDS - 256;
	good = start + client_readable_part(ch, bwr->write_buffer + start, want);
	if (good == start)
		return size;
	slot = ch->ranges++;
	while (at < start + want) {
		next = at + sizeof(cmd);
		if (next > good && !client_readable(ch, (uintptr_t)commands + at, sizeof(cmd)))
			break;
		memcpy(&cmd, commands + at, sizeof(cmd));
		next += _IOC_SIZE(cmd);
		/* Only where it begins is held against the size, so the last one may go beyond. */
		if (_IOC_SIZE(cmd) > 128 ||
		    (next > good && !client_readable(ch, (uintptr_t)commands + at, next - at)))
			break;
		/* One that never fits goes as it is, and fails for want of its payload. */
		if (!stage_command(ch, cmd, commands + at + sizeof(cmd)) && at > start) {
			want = at - start;
			good = at;
			break;
		}
		at = next;
		if (good < at)
			good = at;
	}
	lay(ch, slot, bwr->write_buffer + start, (uint32_t)(good - start));
	/* What is unknown, or cannot be read, the driver stops at in any case. */
	return at < start + want || at > size ? size : at;
}

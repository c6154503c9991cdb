/* SPDX-License-Identifier: MIT */
/*
 * stream.c: BC_ commands into a buffer, BR_ commands out of one.
 *
 * Called by thread.c and those who queue commands through it.
 */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void stream_out_init(struct stream_out *out)
{
	out->data = out->inside;
	out->size = 0;
	out->capacity = sizeof(out->inside);
}

void stream_out_free(struct stream_out *out)
{
	if (out->data != out->inside)
		free(out->data);
	stream_out_init(out);
}

static int make_room(struct stream_out *out, size_t more)
{
	size_t capacity = out->capacity;
	uint8_t *data;

	if (out->capacity - out->size >= more)
		return 0;
	while (capacity - out->size < more)
		capacity *= 2;
	data = out->data == out->inside ? malloc(capacity) : realloc(out->data, capacity);
	if (!data)
		return -ENOMEM;
	if (out->data == out->inside)
		memcpy(data, out->inside, out->size);
	out->data = data;
	out->capacity = capacity;
	return 0;
}

int stream_reserve(struct stream_out *out)
{
	/* The longest there is. */
	return make_room(out, sizeof(uint32_t) + sizeof(struct binder_transaction_data_sg));
}

int stream_put(struct stream_out *out, uint32_t cmd, const void *payload)
{
	size_t size = _IOC_SIZE(cmd);

	if (make_room(out, sizeof(cmd) + size))
		return -ENOMEM;
	memcpy(out->data + out->size, &cmd, sizeof(cmd));
	if (size)
		memcpy(out->data + out->size + sizeof(cmd), payload, size);
	out->size += sizeof(cmd) + size;
	return 0;
}

int stream_put_transaction(struct stream_out *out, const struct binder_transaction_data *tr,
			   size_t buffers_size, bool reply)
{
	struct binder_transaction_data_sg sg = {
		.transaction_data = *tr,
		.buffers_size = buffers_size,
	};

	if (!buffers_size)
		return stream_put(out, reply ? BC_REPLY : BC_TRANSACTION, tr);
	return stream_put(out, reply ? BC_REPLY_SG : BC_TRANSACTION_SG, &sg);
}

int stream_put_u32(struct stream_out *out, uint32_t cmd, uint32_t value)
{
	return stream_put(out, cmd, &value);
}

int stream_put_u64(struct stream_out *out, uint32_t cmd, uint64_t value)
{
	return stream_put(out, cmd, &value);
}

int stream_put_handle_cookie(struct stream_out *out, uint32_t cmd, uint32_t handle, uint64_t cookie)
{
	struct binder_handle_cookie pair = { .handle = handle, .cookie = cookie };

	return stream_put(out, cmd, &pair);
}

int stream_put_ptr_cookie(struct stream_out *out, uint32_t cmd, uint64_t ptr, uint64_t cookie)
{
	struct binder_ptr_cookie pair = { .ptr = ptr, .cookie = cookie };

	return stream_put(out, cmd, &pair);
}

bool stream_take_back(struct stream_out *out, uint32_t cmd, const void *payload)
{
	size_t size = _IOC_SIZE(cmd), whole = sizeof(cmd) + size;
	const uint8_t *last;

	if (out->size < whole)
		return false;
	last = out->data + out->size - whole;
	if (memcmp(last, &cmd, sizeof(cmd)) != 0 || memcmp(last + sizeof(cmd), payload, size) != 0)
		return false;
	out->size -= whole;
	return true;
}

bool stream_take_back_transaction(struct stream_out *out, const struct binder_transaction_data *tr,
				  size_t buffers_size)
{
	struct binder_transaction_data_sg sg = {
		.transaction_data = *tr,
		.buffers_size = buffers_size,
	};

	if (!buffers_size)
		return stream_take_back(out, BC_TRANSACTION, tr);
	return stream_take_back(out, BC_TRANSACTION_SG, &sg);
}

void stream_out_consume(struct stream_out *out, size_t size)
{
	if (size >= out->size) {
		out->size = 0;
		/* One large burst should not cost memory for ever. */
		if (out->capacity > 16384)
			stream_out_free(out);
		return;
	}
	memmove(out->data, out->data + size, out->size - size);
	out->size -= size;
}

/* BR_ commands by number; their sizes are in the command words. */
static const struct {
	uint32_t cmd;
	const char *name;
} commands[] = {
	{ BR_ERROR, "BR_ERROR" },
	{ BR_OK, "BR_OK" },
	{ BR_TRANSACTION_SEC_CTX, "BR_TRANSACTION_SEC_CTX" },
	{ BR_TRANSACTION, "BR_TRANSACTION" },
	{ BR_REPLY, "BR_REPLY" },
	{ BR_DEAD_REPLY, "BR_DEAD_REPLY" },
	{ BR_TRANSACTION_COMPLETE, "BR_TRANSACTION_COMPLETE" },
	{ BR_INCREFS, "BR_INCREFS" },
	{ BR_ACQUIRE, "BR_ACQUIRE" },
	{ BR_RELEASE, "BR_RELEASE" },
	{ BR_DECREFS, "BR_DECREFS" },
	{ BR_NOOP, "BR_NOOP" },
	{ BR_SPAWN_LOOPER, "BR_SPAWN_LOOPER" },
	{ BR_FINISHED, "BR_FINISHED" },
	{ BR_DEAD_BINDER, "BR_DEAD_BINDER" },
	{ BR_CLEAR_DEATH_NOTIFICATION_DONE, "BR_CLEAR_DEATH_NOTIFICATION_DONE" },
	{ BR_FAILED_REPLY, "BR_FAILED_REPLY" },
	{ BR_FROZEN_REPLY, "BR_FROZEN_REPLY" },
	{ BR_ONEWAY_SPAM_SUSPECT, "BR_ONEWAY_SPAM_SUSPECT" },
	{ UAPI_BR_TRANSACTION_PENDING_FROZEN, "BR_TRANSACTION_PENDING_FROZEN" },
	{ UAPI_BR_FROZEN_BINDER, "BR_FROZEN_BINDER" },
	{ UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE, "BR_CLEAR_FREEZE_NOTIFICATION_DONE" },
};

const char *stream_name(uint32_t cmd)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].cmd == cmd)
			return commands[i].name;
	return NULL;
}

int stream_next(struct stream_in *in, struct stream_command *ret)
{
	size_t left = in->end - in->pos;
	uint32_t cmd;
	size_t size;

	if (stream_in_empty(in))
		return 0;
	if (left < sizeof(cmd))
		goto garbage;
	memcpy(&cmd, in->data + in->pos, sizeof(cmd));
	/* BR_ERROR claims a payload that no driver writes. */
	size = cmd == BR_ERROR ? 0 : _IOC_SIZE(cmd);
	if (!stream_name(cmd) || left - sizeof(cmd) < size)
		goto garbage;
	ret->cmd = cmd;
	memcpy(&ret->secctx, in->data + in->pos + sizeof(cmd), size);
	in->pos += sizeof(cmd) + size;
	return 1;
garbage:
	in->pos = in->end = 0;
	return -EPROTO;
}

/* SPDX-License-Identifier: MIT */
/*
 * raw.c: the driver's own language, spoken through driver/client.
 *
 * Used by the tests of the channel and by the benchmark.
 */
#include "raw.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static int open_it(struct raw *raw, const char *device, size_t map_size, bool trusting)
{
	int r;

	memset(raw, 0, sizeof(*raw));
	r = binder_client_open(device, 0, &raw->client);
	if (r == 0 && trusting)
		binder_client_trust(raw->client);
	if (r < 0 || !map_size)
		return r;
	r = binder_client_mmap(raw->client, NULL, map_size, PROT_READ, MAP_PRIVATE, 0, &raw->map);
	if (r < 0) {
		binder_client_close(raw->client);
		return r;
	}
	raw->map_size = map_size;
	return 0;
}

int raw_open(struct raw *raw, const char *device, size_t map_size)
{
	return open_it(raw, device, map_size, false);
}

int raw_open_trusting(struct raw *raw, const char *device, size_t map_size)
{
	return open_it(raw, device, map_size, true);
}

void raw_close(struct raw *raw)
{
	if (raw->map)
		binder_client_munmap(raw->client, raw->map, raw->map_size);
	binder_client_close(raw->client);
	raw->client = NULL;
	raw->map = NULL;
}

void raw_put(struct raw *raw, uint32_t command, const void *data)
{
	memcpy(raw->out + raw->out_size, &command, sizeof(command));
	if (_IOC_SIZE(command))
		memcpy(raw->out + raw->out_size + sizeof(command), data, _IOC_SIZE(command));
	raw->out_size += sizeof(command) + _IOC_SIZE(command);
}

void raw_put_objects(struct raw *raw, uint32_t command, uint32_t handle, uint32_t code,
		     uint32_t flags, const void *data, size_t size, const uint64_t *offsets,
		     size_t count)
{
	struct binder_transaction_data tr = {
		.target.handle = handle,
		.code = code,
		.flags = flags,
		.data_size = size,
		.offsets_size = count * sizeof(*offsets),
		.data.ptr.buffer = (uintptr_t)data,
		.data.ptr.offsets = (uintptr_t)offsets,
	};

	raw_put(raw, command, &tr);
}

void raw_put_call(struct raw *raw, uint32_t command, uint32_t handle, uint32_t code, uint32_t flags,
		  const void *data, size_t size)
{
	raw_put_objects(raw, command, handle, code, flags, data, size, NULL, 0);
}

void raw_put_free(struct raw *raw, uint64_t buffer)
{
	raw_put(raw, BC_FREE_BUFFER, &buffer);
}

int raw_write(struct raw *raw)
{
	struct binder_write_read bwr = {
		.write_buffer = (uintptr_t)raw->out,
		.write_size = raw->out_size,
	};
	int r = 0;

	while (r == 0 && bwr.write_consumed < bwr.write_size)
		r = binder_client_ioctl(raw->client, BINDER_WRITE_READ, &bwr, false, 0);
	raw->out_size = 0;
	return r;
}

int raw_exchange(struct raw *raw, bool read, bool read_more)
{
	struct binder_write_read bwr = {
		.write_buffer = (uintptr_t)raw->out,
		.write_size = raw->out_size,
		.read_buffer = (uintptr_t)raw->in,
		.read_size = read ? sizeof(raw->in) : 0,
	};
	int r = binder_client_ioctl(raw->client, BINDER_WRITE_READ, &bwr, read_more, raw->deadline);

	memmove(raw->out, raw->out + bwr.write_consumed, raw->out_size - bwr.write_consumed);
	raw->out_size -= bwr.write_consumed;
	raw->in_at = 0;
	raw->in_size = r < 0 ? 0 : bwr.read_consumed;
	return r;
}

int raw_next(struct raw *raw, uint32_t *command, void *data, bool read_more)
{
	int r;

	while (raw->in_at >= raw->in_size) {
		r = raw_exchange(raw, true, read_more);
		if (r < 0)
			return r;
	}
	memcpy(command, raw->in + raw->in_at, sizeof(*command));
	raw->in_at += sizeof(*command);
	if (_IOC_SIZE(*command) > raw->in_size - raw->in_at)
		return -EPROTO;
	memcpy(data, raw->in + raw->in_at, _IOC_SIZE(*command));
	raw->in_at += _IOC_SIZE(*command);
	return 0;
}

int raw_next_work(struct raw *raw, uint32_t *command, void *data, bool read_more)
{
	int r;

	for (;;) {
		r = raw_next(raw, command, data, read_more);
		/* News may come in hundreds. */
		if (r == 0 && raw->out_size > sizeof(raw->out) / 2)
			r = raw_write(raw);
		if (r < 0)
			return r;
		switch (*command) {
		case BR_NOOP:
		case BR_SPAWN_LOOPER:
		case BR_TRANSACTION_COMPLETE:
		case BR_RELEASE:
		case BR_DECREFS:
			continue;
		case BR_INCREFS:
			raw_put(raw, BC_INCREFS_DONE, data);
			continue;
		case BR_ACQUIRE:
			raw_put(raw, BC_ACQUIRE_DONE, data);
			continue;
		default:
			return 0;
		}
	}
}

int raw_call(struct raw *raw, uint32_t handle, uint32_t code, const void *data, size_t size,
	     uint32_t *command, struct binder_transaction_data *reply)
{
	char payload[72];
	int r;

	raw_put_call(raw, BC_TRANSACTION, handle, code, 0, data, size);
	r = raw_next_work(raw, command, payload, false);
	if (r == 0 && *command == BR_REPLY)
		memcpy(reply, payload, sizeof(*reply));
	return r;
}

int raw_become_manager(struct raw *raw)
{
	return binder_client_ioctl(raw->client, BINDER_SET_CONTEXT_MGR, NULL, false, 0);
}

int raw_echo(struct raw *raw)
{
	struct binder_transaction_data tr;
	char payload[72];
	uint32_t command;
	int r;

	raw_put(raw, BC_ENTER_LOOPER, NULL);
	for (;;) {
		r = raw_next_work(raw, &command, payload, true);
		if (r < 0)
			return r;
		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		if (!(tr.flags & TF_ONE_WAY)) {
			raw_put_call(raw, BC_REPLY, 0, 0, 0, (void *)(uintptr_t)tr.data.ptr.buffer,
				     tr.data_size);
		}
		/* The reply was copied by the time that this is carried out. */
		raw_put_free(raw, tr.data.ptr.buffer);
	}
}

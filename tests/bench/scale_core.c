/* SPDX-License-Identifier: MIT */
/*
 * scale_core.c: the driver core without processes, for its share of a call.
 *
 * Called by scale.c.  Client memory is this program's own; nothing is copied
 * that a daemon would not copy, and nobody sleeps.
 */
#include "bench.h"
#include "core/null_home.h"

#include <stdio.h>
#include <time.h>

struct port_thread {
	struct port_proc *proc;
};

struct port_proc {
	char *memory;
	size_t size;
	struct binder_proc *core;
	struct binder_thread *thread;
	struct port_thread home;
	char out[512], in[1024];
	size_t out_size;
	u64 in_size;
};

struct bench_core {
	struct binder_context *ctx;
	struct port_proc server, client;
	u64 serial;
	u32 some;
};

/* ---- hooks -------------------------------------------------------------------------- */

u8 *home_buffer(struct port_proc *proc, size_t offset, size_t size)
{
	return (u8 *)proc->memory + offset;
}

/* ---- commands ------------------------------------------------------------------------ */

static void put(struct port_proc *p, u32 command, const void *data)
{
	memcpy(p->out + p->out_size, &command, sizeof(command));
	memcpy(p->out + p->out_size + sizeof(command), data, _IOC_SIZE(command));
	p->out_size += sizeof(command) + _IOC_SIZE(command);
}

static void put_data(struct port_proc *p, u32 command, u32 handle,
		     const struct flat_binder_object *object)
{
	static const u64 offset;
	struct binder_transaction_data tr = {
		.target.handle = handle,
		.data_size = object ? sizeof(*object) : 0,
		.offsets_size = object ? sizeof(offset) : 0,
		.data.ptr.buffer = (uintptr_t)object,
		.data.ptr.offsets = (uintptr_t)&offset,
	};

	put(p, command, &tr);
}

/* Writes what was gathered, then reads; news of nodes are acknowledged with the next write. */
static bool step(struct port_proc *p, struct binder_transaction_data *tr)
{
	u64 consumed = 0, at = 0;
	bool got = false;
	u32 command;

	if (binder_thread_write(p->thread, (uintptr_t)p->out, p->out_size, &consumed) ||
	    consumed != p->out_size)
		abort();
	p->out_size = 0;
	p->in_size = 0;
	if (!tr)
		return false;
	if (binder_thread_read(p->thread, (uintptr_t)p->in, sizeof(p->in), &p->in_size, true))
		return false;
	for (; at < p->in_size; at += sizeof(command) + _IOC_SIZE(command)) {
		const char *data = p->in + at + sizeof(command);

		memcpy(&command, p->in + at, sizeof(command));
		if (command == BR_INCREFS)
			put(p, BC_INCREFS_DONE, data);
		else if (command == BR_ACQUIRE)
			put(p, BC_ACQUIRE_DONE, data);
		else if (command == BR_TRANSACTION || command == BR_REPLY)
			memcpy(tr, data, sizeof(*tr));
		else
			continue;
		got |= command == BR_TRANSACTION || command == BR_REPLY;
	}
	return got;
}

/* The server has something to read until it has the call. */
static void await(struct port_proc *p, struct binder_transaction_data *tr)
{
	for (int i = 0; i < 8; i++) {
		if (step(p, tr))
			return;
	}
	abort();
}

/* One call, answered with nothing or with an object; the handle that came, or 0. */
static u32 call(struct bench_core *c, u32 handle, const struct flat_binder_object *object)
{
	struct binder_transaction_data tr;
	u32 got = 0;

	put_data(&c->client, BC_TRANSACTION, handle, NULL);
	step(&c->client, NULL);
	await(&c->server, &tr);
	put(&c->server, BC_FREE_BUFFER, &tr.data.ptr.buffer);
	put_data(&c->server, BC_REPLY, 0, object);
	step(&c->server, NULL);
	await(&c->client, &tr);
	if (object) {
		const struct flat_binder_object *came = (const void *)(uintptr_t)tr.data.ptr.buffer;

		got = came->handle;
		put(&c->client, BC_ACQUIRE, &got);
	}
	put(&c->client, BC_FREE_BUFFER, &tr.data.ptr.buffer);
	return got;
}

static u32 new_handle(struct bench_core *c)
{
	u64 x = ++c->serial * UINT64_C(0x9e3779b97f4a7c15);
	struct flat_binder_object object = { .hdr.type = BINDER_TYPE_BINDER };

	object.binder = object.cookie = (x ^ x >> 29) & ~UINT64_C(15);
	return call(c, 0, &object);
}

/* ---- life ------------------------------------------------------------------------------ */

static void open_proc(struct bench_core *c, struct port_proc *p, s32 pid)
{
	const struct binder_identity who = { .pid = pid };

	p->size = 1 << 16;
	p->memory = calloc(1, p->size);
	p->core = binder_proc_open(c->ctx, &who, p);
	binder_proc_mmap(p->core, (uintptr_t)p->memory, p->size);
	p->home.proc = p;
	p->thread = binder_thread_get(p->core, pid, &p->home);
	binder_thread_ioctl_done(p->thread);
}

struct bench_core *bench_core_start(unsigned int live)
{
	struct bench_core *c = calloc(1, sizeof(*c));
	struct flat_binder_object manager = { .flags = 0 };

	c->ctx = binder_context_new("scale");
	open_proc(c, &c->server, 1);
	open_proc(c, &c->client, 2);
	binder_thread_ioctl(c->server.thread, BINDER_SET_CONTEXT_MGR_EXT, (uintptr_t)&manager);
	for (unsigned int i = 0; i < live; i++) {
		u32 handle = new_handle(c);

		if (i == live / 2)
			c->some = handle;
	}
	return c;
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double bench_core_call(struct bench_core *c, unsigned int count)
{
	double begin = now_ns();

	for (unsigned int i = 0; i < count; i++)
		call(c, c->some, NULL);
	return (now_ns() - begin) / count;
}

double bench_core_handle(struct bench_core *c, unsigned int count)
{
	double begin = now_ns();

	for (unsigned int i = 0; i < count; i++) {
		u32 handle = new_handle(c);

		put(&c->client, BC_RELEASE, &handle);
	}
	return (now_ns() - begin) / count;
}

void bench_core_stop(struct bench_core *c)
{
	binder_proc_release(c->client.core);
	binder_proc_release(c->server.core);
	binder_context_free(c->ctx);
	free(c->client.memory);
	free(c->server.memory);
	free(c);
}

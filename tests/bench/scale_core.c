/* SPDX-License-Identifier: MIT */
/*
 * scale_core.c: the driver core without processes, for its share of a call.
 *
 * Called by scale.c.  Client memory is this program's own; nothing is copied
 * that a daemon would not copy, and nobody sleeps.
 */
#include "bench.h"
#include "core.h"

#include <stdarg.h>
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

int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	memcpy(dst, (void *)(uintptr_t)addr, size);
	return 0;
}

int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	memcpy((void *)(uintptr_t)addr, src, size);
	return 0;
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	memcpy(to->memory + offset, (void *)(uintptr_t)addr, size);
	return 0;
}

int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	return 0;
}

void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	memcpy(to->memory + offset, src, size);
}

void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	memcpy(dst, from->memory + offset, size);
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	memset(to->memory + offset, 0, size);
}

void port_wake(struct port_thread *thread, bool sync) {}

int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	return -EBADF;
}

void port_file_put(struct port_file *file) {}

int port_files_install(struct port_thread *to, struct port_file **files, s32 *fds, u32 count)
{
	return -EBADF;
}

void port_fd_close(struct port_thread *thread, s32 fd) {}

s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	return pid;
}

u32 port_visible_uid(struct port_thread *reader, u32 euid)
{
	return euid;
}

u32 port_sender_euid(struct port_thread *from, u32 euid)
{
	return euid;
}

u32 port_manager_euid(struct port_thread *thread, u32 euid)
{
	return euid;
}

u64 port_now_ms(void)
{
	return 0;
}

int port_may_become_manager(struct port_thread *thread)
{
	return 0;
}

int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	return -EINVAL;
}

s32 port_get_nice(struct port_thread *thread)
{
	return 0;
}

void port_set_nice(struct port_thread *thread, s32 nice) {}
void port_thread_gone(struct port_thread *thread) {}
void port_proc_gone(struct port_proc *proc) {}
void port_trace(const struct binder_trace *trace) {}

void port_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	abort();
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

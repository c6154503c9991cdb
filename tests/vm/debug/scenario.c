// SPDX-License-Identifier: MIT
/*
 * scenario.c: a client and a server that use a bit of everything that the driver has.
 *
 * faults.c runs it, again and again.  Whatever fails, both go on with the next
 * step: a step that leaves something behind after a failure is what is looked for.
 */
#include "faults.h"
#include "uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAPPING (256u << 10)
#define MANY 1200 /* objects: their handles take three chunks of the driver's table */
#define OBJECT 0x1000

enum code { PLAIN, OBJECTS, END };

struct party {
	int fd;
	const char *map;
	uint32_t handle; /* that the other side sent last */
	uint32_t error;  /* BR_ command that said so; 0: none */
	bool replied, died, ended;
};

static uint64_t address(const void *what)
{
	return (uint64_t)(uintptr_t)what;
}

/* ---- calls of the device, each of which may be hurt -------------------------------- */

static void attach(struct party *p, const char *path)
{
	bool begun = hurt_begin();

	p->fd = open(path, O_RDWR | O_CLOEXEC);
	hurt_end(begun);
	if (p->fd < 0)
		complain("open");
	begun = hurt_begin();
	p->map = mmap(NULL, MAPPING, PROT_READ, MAP_PRIVATE, p->fd, 0);
	hurt_end(begun);
	if (p->map == MAP_FAILED)
		complain("mmap");
}

static void detach(struct party *p)
{
	bool begun = hurt_begin();

	munmap((void *)p->map, MAPPING);
	hurt_end(begun);
	begun = hurt_begin();
	close(p->fd);
	hurt_end(begun);
}

static int control(struct party *p, unsigned long cmd, void *arg)
{
	bool begun = hurt_begin();
	int r = ioctl(p->fd, cmd, arg);

	hurt_end(begun);
	return r < 0 ? -errno : 0;
}

static char look(const struct party *p, uint64_t at)
{
	bool begun = hurt_begin();
	char byte = *(const volatile char *)(uintptr_t)at;

	hurt_end(begun);
	return byte;
}

/* ---- commands -------------------------------------------------------------------------- */

struct out {
	char bytes[1024];
	size_t size;
};

static void put(struct out *out, uint32_t command, const void *data)
{
	memcpy(out->bytes + out->size, &command, sizeof(command));
	memcpy(out->bytes + out->size + sizeof(command), data, _IOC_SIZE(command));
	out->size += sizeof(command) + _IOC_SIZE(command);
}

static int exchange(struct party *p, const struct out *out, char *in, size_t room, size_t *ret)
{
	struct binder_write_read bwr = {
		.write_buffer = out ? address(out->bytes) : 0,
		.write_size = out ? out->size : 0,
		.read_buffer = address(in),
		.read_size = room,
	};
	int err = control(p, BINDER_WRITE_READ, &bwr);

	if (ret)
		*ret = err ? 0 : bwr.read_consumed;
	return err;
}

/* ---- what is read ------------------------------------------------------------------------ */

static void take_objects(struct party *p, const struct binder_transaction_data *tr, struct out *out)
{
	const binder_size_t *offset = (const void *)(uintptr_t)tr->data.ptr.offsets;
	size_t i, count = tr->offsets_size / sizeof(*offset);

	if (tr->data_size)
		look(p, tr->data.ptr.buffer);
	for (i = 0; i < count; i++) {
		const struct flat_binder_object *object =
			(const void *)(uintptr_t)(tr->data.ptr.buffer + offset[i]);

		if (object->hdr.type == BINDER_TYPE_FD) {
			close((int)((const struct binder_fd_object *)object)->fd);
		} else if (object->hdr.type == BINDER_TYPE_HANDLE && count < MANY) {
			p->handle = object->handle;
			put(out, BC_ACQUIRE, &p->handle);
		}
	}
	put(out, BC_FREE_BUFFER, &tr->data.ptr.buffer);
}

static void answer(struct party *p, const struct binder_transaction_data *tr)
{
	struct {
		struct flat_binder_object object;
		struct binder_fd_object file;
	} payload = {
		.object = { .hdr.type = BINDER_TYPE_BINDER,
			    .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS,
			    .binder = OBJECT,
			    .cookie = OBJECT },
		.file = { .hdr.type = BINDER_TYPE_FD, .fd = 0 },
	};
	binder_size_t offsets[] = { 0, sizeof(payload.object) };
	bool objects = tr->code == OBJECTS;
	struct binder_transaction_data reply = {
		.flags = TF_ACCEPT_FDS,
		.data_size = objects ? sizeof(payload) : 8,
		.offsets_size = objects ? sizeof(offsets) : 0,
		.data.ptr = { address(&payload), address(offsets) },
	};
	struct out out = { .size = 0 };

	take_objects(p, tr, &out);
	if (tr->code == END)
		p->ended = true;
	if (!(tr->flags & TF_ONE_WAY))
		put(&out, BC_REPLY, &reply);
	exchange(p, &out, NULL, 0, NULL);
}

static void take(struct party *p, const char *in, size_t size)
{
	struct out out = { .size = 0 };
	size_t at = 0;

	while (at + sizeof(uint32_t) <= size) {
		struct binder_transaction_data tr;
		struct binder_ptr_cookie node;
		uint64_t cookie;
		uint32_t command;

		memcpy(&command, in + at, sizeof(command));
		at += sizeof(command);
		switch (command) {
		case BR_TRANSACTION:
			memcpy(&tr, in + at, sizeof(tr));
			answer(p, &tr);
			break;
		case BR_REPLY:
			memcpy(&tr, in + at, sizeof(tr));
			take_objects(p, &tr, &out);
			p->replied = true;
			break;
		case BR_INCREFS:
		case BR_ACQUIRE:
			memcpy(&node, in + at, sizeof(node));
			put(&out, command == BR_INCREFS ? BC_INCREFS_DONE : BC_ACQUIRE_DONE, &node);
			break;
		case BR_DEAD_BINDER:
			memcpy(&cookie, in + at, sizeof(cookie));
			put(&out, BC_DEAD_BINDER_DONE, &cookie);
			p->died = true;
			break;
		case UAPI_BR_FROZEN_BINDER:
			memcpy(&cookie, in + at, sizeof(cookie));
			put(&out, UAPI_BC_FREEZE_NOTIFICATION_DONE, &cookie);
			break;
		case BR_DEAD_REPLY:
		case BR_FAILED_REPLY:
		case BR_FROZEN_REPLY:
			p->error = command;
			break;
		}
		at += _IOC_SIZE(command);
		if (out.size > sizeof(out.bytes) / 2) {
			exchange(p, &out, NULL, 0, NULL);
			out.size = 0;
		}
	}
	if (out.size)
		exchange(p, &out, NULL, 0, NULL);
}

static int receive(struct party *p, const struct out *out)
{
	char in[4096];
	size_t size;
	int err = exchange(p, out, in, sizeof(in), &size);

	take(p, in, size);
	return err;
}

/* ---- the server ---------------------------------------------------------------------------- */

void serve(const char *path, int *ready)
{
	struct flat_binder_object manager = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	struct party p = { .fd = -1 };
	struct out out = { .size = 0 };
	int err;

	attach(&p, path);
	err = control(&p, BINDER_SET_CONTEXT_MGR_EXT, &manager);
	__atomic_store_n(ready, err ? -1 : 1, __ATOMIC_RELEASE);
	put(&out, BC_ENTER_LOOPER, NULL);
	err = exchange(&p, &out, NULL, 0, NULL);
	/* To be told in time is the client's business; one that waits is interrupted. */
	while (!p.ended && (err == 0 || err == -EINTR || err == -EFAULT || err == -ENOMEM))
		err = receive(&p, NULL);
	detach(&p);
}

/* ---- the client ------------------------------------------------------------------------------ */

static void call_with(struct party *p, uint32_t command, const void *data)
{
	struct out out = { .size = 0 };
	int err;

	put(&out, command, data);
	p->replied = false;
	p->error = 0;
	err = receive(p, &out);
	while (!p->replied && !p->error && err == 0)
		err = receive(p, NULL);
	if (!p->replied)
		complain("call");
}

static struct binder_transaction_data call_of(enum code code, uint32_t flags, const void *data,
					      size_t size, const binder_size_t *offsets,
					      size_t count)
{
	return (struct binder_transaction_data){
		.code = code,
		.flags = flags | TF_ACCEPT_FDS,
		.data_size = size,
		.offsets_size = count * sizeof(*offsets),
		.data.ptr = { address(data), address(offsets) },
	};
}

static void call_plain(struct party *p, uint32_t flags, size_t size)
{
	static const char bytes[20000];
	struct binder_transaction_data tr = call_of(PLAIN, flags, bytes, size, NULL, 0);

	call_with(p, BC_TRANSACTION, &tr);
}

static void call_with_objects(struct party *p)
{
	struct {
		struct flat_binder_object object, weak;
		struct binder_fd_object file;
		char rest[9000];
	} payload = {
		.object = { .hdr.type = BINDER_TYPE_BINDER, .binder = OBJECT, .cookie = OBJECT },
		.weak = { .hdr.type = BINDER_TYPE_WEAK_BINDER, .binder = 8, .cookie = 8 },
		.file = { .hdr.type = BINDER_TYPE_FD, .fd = 0 },
	};
	const binder_size_t offsets[] = { 0, sizeof(payload.object), 2 * sizeof(payload.object) };
	struct binder_transaction_data tr =
		call_of(OBJECTS, 0, &payload, sizeof(payload), offsets, 3);

	call_with(p, BC_TRANSACTION, &tr);
}

/* A buffer that points to another, and descriptors in that. */
static void call_with_pieces(struct party *p)
{
	int32_t files[2] = { 0, 0 };
	struct {
		uint64_t child, size;
	} parent = { 0, 0 };
	struct {
		struct flat_binder_object first; /* what lies at 0 cannot be a parent */
		struct binder_buffer_object parent, child;
		struct binder_fd_array_object array;
	} payload = {
		.first = { .hdr.type = BINDER_TYPE_BINDER, .binder = 16, .cookie = 16 },
		.parent = { .hdr.type = BINDER_TYPE_PTR,
			    .buffer = address(&parent),
			    .length = sizeof(parent) },
		.child = { .hdr.type = BINDER_TYPE_PTR,
			   .flags = BINDER_BUFFER_FLAG_HAS_PARENT,
			   .buffer = address(files),
			   .length = sizeof(files),
			   .parent = 1 },
		.array = { .hdr.type = BINDER_TYPE_FDA, .num_fds = 2, .parent = 2 },
	};
	const binder_size_t offsets[] = { 0, sizeof(payload.first),
					  sizeof(payload.first) + sizeof(payload.parent),
					  sizeof(payload.first) + 2 * sizeof(payload.parent) };
	struct binder_transaction_data_sg tr = {
		.transaction_data = call_of(PLAIN, 0, &payload, sizeof(payload), offsets, 4),
		.buffers_size = sizeof(parent) + sizeof(files),
	};

	call_with(p, BC_TRANSACTION_SG, &tr);
}

static void call_with_many(struct party *p)
{
	struct flat_binder_object *object = calloc(MANY, sizeof(*object));
	binder_size_t *offsets = calloc(MANY, sizeof(*offsets));
	struct binder_transaction_data tr =
		call_of(PLAIN, 0, object, MANY * sizeof(*object), offsets, MANY);
	unsigned int i;

	if (!object || !offsets)
		abort();
	for (i = 0; i < MANY; i++) {
		object[i].hdr.type = BINDER_TYPE_BINDER;
		object[i].binder = object[i].cookie = 0x10000 + i;
		offsets[i] = i * sizeof(*object);
	}
	call_with(p, BC_TRANSACTION, &tr);
	free(object);
	free(offsets);
}

static void send_oneway(struct party *p, enum code code)
{
	struct binder_transaction_data tr = call_of(code, TF_ONE_WAY, "oneway", 7, NULL, 0);
	struct out out = { .size = 0 };

	put(&out, BC_TRANSACTION, &tr);
	if (receive(p, &out))
		complain("one-way call");
}

static void hold(struct party *p, bool hold)
{
	struct binder_handle_cookie notice = { .handle = p->handle, .cookie = OBJECT };
	const uint32_t manager = 0;
	struct out out = { .size = 0 };

	if (hold) {
		put(&out, BC_ACQUIRE, &manager);
		put(&out, BC_REQUEST_DEATH_NOTIFICATION, &notice);
		put(&out, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, &notice);
	} else {
		put(&out, BC_CLEAR_DEATH_NOTIFICATION, &notice);
		put(&out, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, &notice);
		put(&out, BC_RELEASE, &p->handle);
	}
	exchange(p, &out, NULL, 0, NULL);
}

static void freeze(struct party *p, pid_t server)
{
	struct binder_freeze_info info = { .pid = (uint32_t)server, .enable = 1, .timeout_ms = 5 };
	struct binder_frozen_status_info status = { .pid = (uint32_t)server };

	if (control(p, BINDER_FREEZE, &info) == 0)
		send_oneway(p, PLAIN);
	control(p, BINDER_GET_FROZEN_INFO, &status);
	info.enable = 0;
	/* What is frozen would serve nobody any more: this must work. */
	if (ioctl(p->fd, BINDER_FREEZE, &info) < 0)
		complain("thaw");
}

static void ask(struct party *p)
{
	struct binder_node_debug_info node = { .ptr = 0 };
	struct binder_extended_error error;
	struct binder_version version;
	uint32_t number = 4;

	control(p, BINDER_VERSION, &version);
	control(p, BINDER_SET_MAX_THREADS, &number);
	control(p, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, &number);
	control(p, BINDER_GET_NODE_DEBUG_INFO, &node);
	control(p, BINDER_GET_EXTENDED_ERROR, &error);
}

/* Reads what the driver shows, all of it. */
static void look_at_views(const char *path)
{
	static const char *const views[] = { "state", "stats", "transactions", "transaction_log",
					     "failed_transaction_log" };
	const char *name = strrchr(path, '/');
	size_t i;

	for (i = 0; i < sizeof(views) / sizeof(*views); i++) {
		char file[128], text[4096];
		ssize_t size = 1;
		bool begun;
		int fd;

		snprintf(file, sizeof(file), "/sys/kernel/debug/binder_any%s/%s", name, views[i]);
		begun = hurt_begin();
		fd = open(file, O_RDONLY | O_CLOEXEC);
		while (fd >= 0 && size > 0)
			size = read(fd, text, sizeof(text));
		hurt_end(begun);
		if (fd < 0 || size < 0)
			complain("view");
		close(fd);
	}
}

/* Memory is short: what receive buffers do not use goes, here and there. */
static void take_pages_back(void)
{
	bool begun = hurt_begin();
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC), i;

	/* The first round only sees that nothing was used in the meantime. */
	for (i = 0; i < 2 && fd >= 0; i++)
		if (write(fd, "2", 1) != 1)
			complain("drop_caches");
	close(fd);
	hurt_end(begun);
}

static void wait_for_something(struct party *p, int ms)
{
	struct pollfd fd = { .fd = p->fd, .events = POLLIN };
	bool begun = hurt_begin();

	poll(&fd, 1, ms);
	hurt_end(begun);
}

/* The server ends when it is told so, or else by faults.c. */
static void see_death(struct party *p)
{
	int err = 0, tries;

	send_oneway(p, END);
	for (tries = 0; !p->died && err == 0 && tries < 20; tries++)
		err = receive(p, NULL);
	if (!p->died)
		complain("death notice");
}

void client(const char *path, pid_t server)
{
	struct party p = { .fd = -1 };

	attach(&p, path);
	ask(&p);
	call_plain(&p, 0, 100);
	call_plain(&p, TF_CLEAR_BUF, 20000);
	call_with_objects(&p);
	hold(&p, true);
	call_with_pieces(&p);
	call_with_many(&p);
	send_oneway(&p, PLAIN);
	wait_for_something(&p, 10);
	freeze(&p, server);
	take_pages_back();
	call_plain(&p, 0, 5000);
	look_at_views(path);
	see_death(&p);
	hold(&p, false);
	control(&p, BINDER_THREAD_EXIT, NULL);
	ask(&p);
	detach(&p);
}

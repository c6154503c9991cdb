// SPDX-License-Identifier: MIT
/*
 * storm.c: processes that call one another through a device and are killed in
 * the middle of it; run by storm.sh where the kernel's driver is ours.
 *
 * storm DEVICE SECONDS [WORKERS]: prints what was counted; ends with 0 if calls
 * went through, and every payload that arrived was what was sent.  What the driver thinks of it is
 * in the kernel's log.
 */
#include "uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAPPING (256u << 10)
#define HANDLES 16

static struct counts { /* shared by all processes */
	unsigned long calls, replies, failures, oneways, served, files, opens, kills, deaths,
		spoilt;
} * counts;

static const char *path;
static unsigned int seed;

struct client {
	int fd;
	void *map;
	bool manager;
	unsigned int handle[HANDLES]; /* held strongly; 0: none */
	unsigned long own;            /* number of our next object */
};

static unsigned int any(unsigned int below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 8) % below;
}

static void count(unsigned long *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

/* ---- commands --------------------------------------------------------------------- */

struct out {
	char bytes[512];
	size_t size;
};

static void put(struct out *out, __u32 command, const void *data, size_t size)
{
	memcpy(out->bytes + out->size, &command, sizeof(command));
	memcpy(out->bytes + out->size + sizeof(command), data, size);
	out->size += sizeof(command) + size;
}

static void put_handle(struct out *out, __u32 command, __u32 handle)
{
	put(out, command, &handle, sizeof(handle));
}

static void put_free(struct out *out, __u64 buffer)
{
	put(out, BC_FREE_BUFFER, &buffer, sizeof(buffer));
}

static int exchange(struct client *c, const struct out *out, void *in, size_t room, size_t *ret)
{
	struct binder_write_read bwr = {
		.write_buffer = (__u64)(unsigned long)(out ? out->bytes : NULL),
		.write_size = out ? out->size : 0,
		.read_buffer = (__u64)(unsigned long)in,
		.read_size = room,
	};

	if (ioctl(c->fd, BINDER_WRITE_READ, &bwr) < 0)
		return -errno;
	if (ret)
		*ret = bwr.read_consumed;
	return 0;
}

/* ---- payloads: bytes, objects, handles that go on, descriptors ------------------------- */

struct payload {
	union {
		struct {
			struct flat_binder_object object;
			struct binder_fd_object file;
		};
		char bytes[20000];
	};
	binder_size_t offsets[2];
	unsigned int count;
	size_t size;
};

static void make_payload(struct client *c, struct payload *p, bool files)
{
	unsigned int handle = c->handle[any(HANDLES)];

	memset(p->bytes, 0, 64);
	p->count = 0;
	p->size = 64 + any(4) * any(6000);
	memset(p->bytes + 64, (int)any(256), p->size - 64);
	if (any(4) == 0)
		return;
	if (handle && any(2)) {
		p->object.hdr.type = BINDER_TYPE_HANDLE;
		p->object.handle = handle;
	} else {
		p->object.hdr.type = any(8) ? BINDER_TYPE_BINDER : BINDER_TYPE_WEAK_BINDER;
		p->object.flags = FLAT_BINDER_FLAG_ACCEPTS_FDS;
		p->object.binder = p->object.cookie = 1 + any(20);
	}
	p->offsets[p->count++] = 0;
	if (files && any(4) == 0) {
		p->file.hdr.type = BINDER_TYPE_FD;
		/*
		 * Never the device's own: two that lie unread in each other's queue
		 * outlive their processes, with us as with the kernel's driver.
		 */
		p->file.fd = 0;
		p->offsets[p->count++] = sizeof(p->object);
		count(&counts->files);
	}
}

static void put_payload(struct out *out, __u32 command, struct payload *p, __u32 handle,
			__u32 flags)
{
	struct binder_transaction_data tr = {
		.target.handle = handle,
		.flags = flags | TF_ACCEPT_FDS | (any(8) ? 0 : TF_CLEAR_BUF),
		.data_size = p->size,
		.offsets_size = p->count * sizeof(p->offsets[0]),
		.data.ptr.buffer = (__u64)(unsigned long)p->bytes,
		.data.ptr.offsets = (__u64)(unsigned long)p->offsets,
	};

	put(out, command, &tr, sizeof(tr));
}

/* What follows the objects is one byte again and again. */
static void look_at(const struct binder_transaction_data *tr)
{
	const char *data = (const void *)(unsigned long)tr->data.ptr.buffer;

	for (size_t i = 65; i < tr->data_size; i++) {
		if (data[i] != data[64]) {
			count(&counts->spoilt);
			return;
		}
	}
}

/* Keeps a handle that came, in the place of another; closes a descriptor. */
static void take_objects(struct client *c, const struct binder_transaction_data *tr,
			 struct out *out)
{
	const binder_size_t *offset = (const void *)(unsigned long)tr->data.ptr.offsets;
	const char *data = (const void *)(unsigned long)tr->data.ptr.buffer;

	for (size_t i = 0; i < tr->offsets_size / sizeof(*offset); i++) {
		const struct flat_binder_object *object = (const void *)(data + offset[i]);

		if (object->hdr.type == BINDER_TYPE_HANDLE) {
			unsigned int *slot = &c->handle[any(HANDLES)];
			struct binder_handle_cookie death = { object->handle, object->handle };

			put_handle(out, BC_ACQUIRE, object->handle);
			if (any(2))
				put(out, BC_REQUEST_DEATH_NOTIFICATION, &death, sizeof(death));
			if (*slot)
				put_handle(out, BC_RELEASE, *slot);
			*slot = object->handle;
		} else if (object->hdr.type == BINDER_TYPE_FD) {
			close((int)((const struct binder_fd_object *)object)->fd);
		}
	}
}

/* ---- what is read -------------------------------------------------------------------------- */

enum seen { SEEN_NOTHING, SEEN_REPLY, SEEN_FAILURE };

static void serve(struct client *c, const struct binder_transaction_data *tr)
{
	struct out out = { .size = 0 };
	struct payload *p = malloc(sizeof(*p));

	if (!p)
		abort();
	count(&counts->served);
	look_at(tr);
	take_objects(c, tr, &out);
	put_free(&out, tr->data.ptr.buffer);
	if (!(tr->flags & TF_ONE_WAY)) {
		make_payload(c, p, true);
		put_payload(&out, BC_REPLY, p, 0, 0);
	}
	exchange(c, &out, NULL, 0, NULL);
	free(p);
}

static enum seen take(struct client *c, const char *in, size_t size)
{
	enum seen seen = SEEN_NOTHING;
	struct out out = { .size = 0 };

	for (size_t at = 0; at + sizeof(__u32) <= size;) {
		struct binder_transaction_data tr;
		struct binder_ptr_cookie node;
		__u32 command;
		__u64 cookie;

		memcpy(&command, in + at, sizeof(command));
		at += sizeof(command);
		switch (command) {
		case BR_TRANSACTION:
			memcpy(&tr, in + at, sizeof(tr));
			serve(c, &tr);
			break;
		case BR_REPLY:
			memcpy(&tr, in + at, sizeof(tr));
			look_at(&tr);
			take_objects(c, &tr, &out);
			put_free(&out, tr.data.ptr.buffer);
			seen = SEEN_REPLY;
			break;
		case BR_INCREFS:
		case BR_ACQUIRE:
			memcpy(&node, in + at, sizeof(node));
			put(&out, command == BR_INCREFS ? BC_INCREFS_DONE : BC_ACQUIRE_DONE, &node,
			    sizeof(node));
			break;
		case BR_DEAD_BINDER:
			memcpy(&cookie, in + at, sizeof(cookie));
			put(&out, BC_DEAD_BINDER_DONE, &cookie, sizeof(cookie));
			count(&counts->deaths);
			break;
		case BR_DEAD_REPLY:
		case BR_FAILED_REPLY:
		case BR_FROZEN_REPLY:
			seen = SEEN_FAILURE;
			break;
		}
		at += _IOC_SIZE(command);
		if (out.size > sizeof(out.bytes) - 128) {
			exchange(c, &out, NULL, 0, NULL);
			out.size = 0;
		}
	}
	if (out.size)
		exchange(c, &out, NULL, 0, NULL);
	return seen;
}

/* 0: it is over, one way or another; negative: the wait was cut short. */
static int call(struct client *c, __u32 handle, bool oneway)
{
	struct payload *p = malloc(sizeof(*p));
	struct out out = { .size = 0 };
	enum seen seen = SEEN_NOTHING;
	char in[1024];
	size_t size = 0;
	int r;

	if (!p)
		abort();
	make_payload(c, p, true);
	put_payload(&out, BC_TRANSACTION, p, handle, oneway ? TF_ONE_WAY : 0);
	count(oneway ? &counts->oneways : &counts->calls);
	r = exchange(c, &out, in, oneway ? 0 : sizeof(in), &size);
	while (!oneway && r == 0) {
		seen = take(c, in, size);
		if (seen != SEEN_NOTHING)
			break;
		r = exchange(c, NULL, in, sizeof(in), &size);
	}
	if (seen == SEEN_REPLY)
		count(&counts->replies);
	if (seen == SEEN_FAILURE)
		count(&counts->failures);
	free(p);
	return r;
}

/* ---- a process --------------------------------------------------------------------------------- */

static void connect_device(struct client *c)
{
	bool manager = c->manager;
	__u32 command = BC_ENTER_LOOPER;
	struct out out = { .size = 0 };

	memset(c, 0, sizeof(*c));
	c->manager = manager;
	c->fd = open(path, O_RDWR | O_CLOEXEC);
	if (c->fd < 0)
		exit(1);
	c->map = mmap(NULL, MAPPING, PROT_READ, MAP_PRIVATE, c->fd, 0);
	if (c->map == MAP_FAILED)
		exit(1);
	count(&counts->opens);
	/* The one before may still be on its way out. */
	if (manager && ioctl(c->fd, BINDER_SET_CONTEXT_MGR, 0) < 0)
		exit(0);
	put(&out, command, NULL, 0);
	exchange(c, &out, NULL, 0, NULL);
}

static void disconnect(struct client *c)
{
	if (any(2)) {
		munmap(c->map, MAPPING);
		close(c->fd);
	} else {
		close(c->fd);
		munmap(c->map, MAPPING);
	}
}

static void interrupted(int signal) {}

static void run(bool manager, unsigned int number)
{
	const struct itimerval often = { { 0, 50000 }, { 0, 50000 } };
	struct sigaction action = { .sa_handler = interrupted };
	struct client c = { .manager = manager };
	char in[1024];
	size_t size = 0;

	seed = number * 7919u + (unsigned int)time(NULL);
	sigaction(SIGALRM, &action, NULL);
	connect_device(&c);
	setitimer(ITIMER_REAL, &often, NULL); /* who waits for a dead lock leaves it */
	for (;;) {
		unsigned int what = manager ? 15 : any(16);
		struct pollfd fd = { .fd = c.fd, .events = POLLIN };
		int r = 0;

		if (what < 8)
			r = call(&c, c.handle[any(HANDLES)], false);
		else if (what < 11)
			r = call(&c, c.handle[any(HANDLES)], true);
		else if (what == 11)
			r = ioctl(c.fd, BINDER_THREAD_EXIT, 0);
		else if (what == 12)
			r = poll(&fd, 1, 1);
		else if (exchange(&c, NULL, in, sizeof(in), &size) == 0)
			take(&c, in, size);
		if (r < 0 && !manager && any(4) == 0) {
			disconnect(&c);
			connect_device(&c);
		}
	}
}

static pid_t start(bool manager, unsigned int number)
{
	pid_t pid = fork();

	if (pid == 0)
		run(manager, number);
	return pid;
}

int main(int argc, char **argv)
{
	unsigned int workers = argc > 3 ? (unsigned int)atoi(argv[3]) : 12, number = 0;
	time_t end = time(NULL) + (argc > 2 ? atoi(argv[2]) : 10);
	pid_t pids[64];

	if (argc < 3 || workers < 2 || workers > 64) {
		fprintf(stderr, "usage: storm DEVICE SECONDS [WORKERS]\n");
		return 2;
	}
	path = argv[1];
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (counts == MAP_FAILED)
		return 1;
	for (unsigned int i = 0; i < workers; i++)
		pids[i] = start(i == 0, ++number);
	while (time(NULL) < end) {
		/* The manager is as mortal as the others, but not as often. */
		unsigned int which = any(8) ? 1 + any(workers - 1) : 0;

		usleep(1000 + any(30000));
		kill(pids[which], SIGKILL);
		waitpid(pids[which], NULL, 0);
		pids[which] = start(which == 0, ++number);
		count(&counts->kills);
	}
	for (unsigned int i = 0; i < workers; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	printf("opens %lu, kills %lu, calls %lu, replies %lu, failures %lu, one-way %lu, served %lu, "
	       "files %lu, deaths %lu, spoilt payloads %lu\n",
	       counts->opens, counts->kills, counts->calls, counts->replies, counts->failures,
	       counts->oneways, counts->served, counts->files, counts->deaths, counts->spoilt);
	return counts->replies && counts->failures && !counts->spoilt ? 0 : 1;
}

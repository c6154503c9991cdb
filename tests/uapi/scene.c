/* SPDX-License-Identifier: MIT */
/* scene.c: the cast and the steps of tests; see scene.h. */
#include "scene.h"
#include "../limit.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

struct actor *manager, *client;

/* ---- the cast -------------------------------------------------------------------- */

static bool is_in_use(void)
{
	return getenv("BINDER_UAPI_IN_USE") != NULL;
}

long become_manager(struct actor *actor, const struct flat_binder_object *object)
{
	struct flat_binder_object *shared = arena_alloc(sizeof(*shared));
	struct timespec now;
	time_t limit;
	long r;

	if (object)
		*shared = *object;
	clock_gettime(CLOCK_MONOTONIC, &now);
	limit = now.tv_sec + limit_of(5);
	do {
		r = actor_ioctl(actor, object ? BINDER_SET_CONTEXT_MGR_EXT : BINDER_SET_CONTEXT_MGR,
				shared);
		/* The last test's manager may not be buried yet, and nothing tells when. */
		if (r == -EBUSY)
			poll(NULL, 0, 2);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (r == -EBUSY && now.tv_sec < limit);
	return r;
}

void need_no_manager(void)
{
	if (is_in_use())
		check_in_use();
}

struct actor *looper_new(void)
{
	struct actor *actor = process_new();

	bc(actor, BC_ENTER_LOOPER);
	expect_write_(actor);
	return actor;
}

struct actor *manager_new(const struct flat_binder_object *object)
{
	struct actor *actor;
	long r;

	need_no_manager();
	actor = looper_new();
	r = become_manager(actor, object);
	if (r == -EBUSY)
		check_in_use();
	is(r, 0);
	return actor;
}

void scene(void)
{
	struct flat_binder_object object = { .flags = 0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS };

	manager = manager_new(&object);
	client = looper_new();
}

static bool is_known(pid_t pid)
{
	static int fd = -1;
	struct binder_frozen_status_info info = { .pid = (uint32_t)pid };

	if (fd < 0)
		fd = device_open(0);
	return device_ioctl(fd, BINDER_GET_FROZEN_INFO, &info) != -EINVAL;
}

static void await_unknown(pid_t pid)
{
	while (is_known(pid))
		poll(NULL, 0, 1);
}

/*
 * The driver may release what was closed later, one after the other: what was
 * closed first is done when something that was closed afterwards is.
 */
void await_release(pid_t pid)
{
	pid_t marker;

	if (pid)
		await_unknown(pid);
	marker = fork();
	if (marker == 0) {
		device_open(0);
		_exit(0);
	}
	waitpid(marker, NULL, 0);
	await_unknown(marker);
}

void process_ends_(struct actor *actor)
{
	actor_kill(actor);
	await_release(actor->pid);
}

/* ---- steps -------------------------------------------------------------------------- */

static void prepare(struct actor *actor, bool write, size_t read)
{
	actor->bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)actor->out.bytes,
		.write_size = write ? actor->out.used : 0,
		.read_buffer = (uintptr_t)actor->in,
		.read_size = read,
	};
	if (write)
		actor->out.used = 0;
}

static void take_news(struct actor *actor)
{
	if (actor->bwr.read_consumed > sizeof(actor->in))
		fail("read_consumed is %llu", (unsigned long long)actor->bwr.read_consumed);
	if (!news_read(&actor->news, actor->in, actor->bwr.read_consumed))
		fail("read: %s", actor->news.words);
}

static void compare(struct actor *actor, long result, const char *words)
{
	if (result)
		fail("a read that was to bring \"%s\" failed: %s", words, strerror((int)-result));
	take_news(actor);
	if (strcmp(actor->news.words, words) != 0)
		fail("read \"%s\", expected \"%s\"", actor->news.words, words);
}

long do_write(struct actor *actor)
{
	prepare(actor, true, 0);
	return actor_do(actor, do_write_read, 0);
}

void expect_write_(struct actor *actor)
{
	size_t size = actor->out.used;

	is(do_write(actor), 0);
	is(actor->bwr.write_consumed, size);
}

long do_read(struct actor *actor, size_t size)
{
	long r;

	prepare(actor, false, size);
	r = actor_do(actor, do_write_read, 0);
	take_news(actor);
	return r;
}

static long do_write_read_now(struct actor *self, const long *arguments)
{
	int flags = fcntl(self->fd, F_GETFL);
	long r;

	if (fcntl(self->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	r = do_write_read(self, arguments);
	fcntl(self->fd, F_SETFL, flags);
	return r;
}

long do_read_now(struct actor *actor, size_t size)
{
	long r;

	prepare(actor, false, size);
	r = actor_do(actor, do_write_read_now, 0);
	take_news(actor);
	return r;
}

void expect_read_(struct actor *actor, const char *words)
{
	long r;

	prepare(actor, false, actor->room);
	actor_start(actor, do_write_read, 0);
	if (actor_blocks(actor)) {
		struct timespec before, now;

		/* What is on its way may take its time: deaths are told later. */
		clock_gettime(CLOCK_MONOTONIC, &before);
		do {
			if (!actor_blocks(actor))
				break;
			poll(NULL, 0, 1);
			clock_gettime(CLOCK_MONOTONIC, &now);
		} while (now.tv_sec < before.tv_sec + limit_of(5));
		if (actor_blocks(actor))
			fail("a read that was to bring \"%s\" waits", words);
	}
	r = actor_join(actor);
	compare(actor, r, words);
}

void expect_nothing_(struct actor *actor)
{
	long r = do_read_now(actor, actor->room);

	if (r != -EAGAIN)
		fail("there was to be nothing; result %ld, read \"%s\"", r, actor->news.words);
}

void expect_both_(struct actor *actor, const char *words)
{
	prepare(actor, true, actor->room);
	compare(actor, actor_do(actor, do_write_read, 0), words);
}

void expect_waits_(struct actor *actor)
{
	if (__atomic_load_n(&actor->phase, __ATOMIC_SEQ_CST) == 0) {
		prepare(actor, true, actor->room);
		actor_start(actor, do_write_read, 0);
	}
	if (!actor_blocks(actor)) {
		take_news(actor);
		fail("a read was to wait, but read \"%s\" (result %ld)", actor->news.words,
		     actor->result);
	}
}

void expect_return_(struct actor *actor, const char *words)
{
	compare(actor, actor_join(actor), words);
}

void stop_waiting_(struct actor *actor)
{
	actor_interrupt(actor);
	is(actor_join(actor), -EINTR);
}

struct binder_extended_error extended_error(struct actor *actor)
{
	struct binder_extended_error *shared = arena_alloc(sizeof(*shared));

	is(actor_ioctl(actor, BINDER_GET_EXTENDED_ERROR, shared), 0);
	return *shared;
}

void expect_error_(struct actor *actor, uint32_t command, int param)
{
	struct binder_extended_error error = extended_error(actor);

	if (error.command != command || error.param != param)
		fail("extended error: %s %d, expected %s %d", news_name(error.command), error.param,
		     news_name(command), param);
}

void reply_with_(struct actor *callee, uint32_t flags, const struct payload *payload)
{
	bc_reply(callee, flags, payload);
	expect_write_(callee);
	expect_read_(callee, "NOOP TRANSACTION_COMPLETE");
}

void free_at_(struct actor *actor, uint64_t buffer)
{
	bc_u64(actor, BC_FREE_BUFFER, buffer);
	expect_write_(actor);
}

void free_buffer_(struct actor *actor)
{
	free_at_(actor, buffer_of(actor));
}

void round_trip_(struct actor *caller, uint32_t handle, struct actor *callee)
{
	bc_call(caller, handle, 1, 0, NULL);
	expect_write_(caller);
	expect_read_(callee, "NOOP TRANSACTION");
	free_buffer_(callee);
	reply_with_(callee, 0, NULL);
	expect_read_(caller, "NOOP TRANSACTION_COMPLETE REPLY");
	free_buffer_(caller);
}

/* ---- objects --------------------------------------------------------------------------- */

struct flat_binder_object local_object(uint32_t type, uint64_t ptr, uint64_t cookie)
{
	return (struct flat_binder_object){ .hdr.type = type,
					    .flags = 0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS,
					    .binder = ptr,
					    .cookie = cookie };
}

struct flat_binder_object handle_object(uint32_t type, uint32_t handle)
{
	return (struct flat_binder_object){ .hdr.type = type, .handle = handle };
}

struct flat_binder_object file_object(int fd)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD, .fd = (uint32_t)fd };
	struct flat_binder_object flat;

	memcpy(&flat, &object, sizeof(flat));
	return flat;
}

/* Acknowledges what an owner was told of its object. */
static void acknowledge(struct actor *owner)
{
	if (strstr(owner->news.words, "INCREFS"))
		bc_node(owner, BC_INCREFS_DONE, owner->news.node.ptr, owner->news.node.cookie);
	if (strstr(owner->news.words, "ACQUIRE"))
		bc_node(owner, BC_ACQUIRE_DONE, owner->news.node.ptr, owner->news.node.cookie);
	if (owner->out.used)
		expect_write_(owner);
}

uint32_t give_object_(struct actor *from, uint64_t ptr)
{
	struct payload *payload = payload_object(local_object(BINDER_TYPE_BINDER, ptr, ptr + 1));
	uint32_t handle;

	bc_call(from, 0, 1, TF_ONE_WAY, payload);
	expect_write_(from);
	is(do_read(from, from->room), 0);
	need(strstr(from->news.words, "TRANSACTION_COMPLETE"));
	acknowledge(from);
	expect_read_(manager, "NOOP TRANSACTION");
	handle = object_of(manager, 0)->handle;
	bc_u32(manager, BC_ACQUIRE, handle);
	bc_u64(manager, BC_FREE_BUFFER, buffer_of(manager));
	expect_write_(manager);
	return handle;
}

uint32_t fetch_(struct actor *to, struct flat_binder_object object)
{
	const struct flat_binder_object *got;

	bc_call(to, 0, 1, 0, NULL);
	expect_write_(to);
	expect_read_(manager, "NOOP TRANSACTION");
	free_buffer_(manager);
	bc_reply(manager, 0, payload_object(object));
	expect_write_(manager);
	is(do_read(manager, manager->room), 0);
	acknowledge(manager);
	expect_read_(to, "NOOP TRANSACTION_COMPLETE REPLY");
	got = object_of(to, 0);
	bc_u32(to, got->hdr.type == BINDER_TYPE_HANDLE ? BC_ACQUIRE : BC_INCREFS, got->handle);
	bc_u64(to, BC_FREE_BUFFER, buffer_of(to));
	expect_write_(to);
	return got->handle;
}

uint32_t fetch_from_(struct actor *to, struct actor *owner, uint64_t ptr)
{
	return fetch_(to, handle_object(BINDER_TYPE_HANDLE, give_object_(owner, ptr)));
}

/* ---- payloads ------------------------------------------------------------------------------- */

#define PAYLOAD_OBJECTS 1024

struct payload *payload_new(void)
{
	struct payload *payload = arena_alloc(sizeof(*payload));

	payload->data = (uintptr_t)arena_alloc(PAYLOAD_OBJECTS * 40 + 8);
	payload->offsets = (uintptr_t)arena_alloc(PAYLOAD_OBJECTS * 8);
	payload->size = 8;
	return payload;
}

uint64_t payload_add(struct payload *payload, const void *object, size_t size)
{
	uint64_t index = payload->offsets_size / 8;

	memcpy((char *)payload->data + payload->size, object, size);
	((uint64_t *)payload->offsets)[index] = payload->size;
	payload->offsets_size += 8;
	payload->size += size;
	return index;
}

struct payload *payload_bytes(size_t size)
{
	struct payload *payload = arena_alloc(sizeof(*payload));

	payload->data = (uintptr_t)arena_alloc(size);
	payload->size = size;
	return payload;
}

struct payload *payload_text(const char *text)
{
	struct payload *payload = payload_bytes(strlen(text) + 1);

	memcpy((void *)payload->data, text, payload->size);
	return payload;
}

struct payload *payload_objects(const struct flat_binder_object *objects, size_t count)
{
	struct payload *payload = payload_new();

	payload->size = 0;
	for (size_t i = 0; i < count; i++)
		payload_add(payload, &objects[i], sizeof(objects[i]));
	return payload;
}

struct payload *payload_object(struct flat_binder_object object)
{
	return payload_objects(&object, 1);
}

/* ---- what was received ------------------------------------------------------------------------ */

const char *text_of(struct actor *actor)
{
	char *text = arena_alloc(actor->news.tr.data_size + 1);

	memcpy(text, actor_peek(actor, buffer_of(actor), actor->news.tr.data_size),
	       actor->news.tr.data_size);
	return text;
}

const void *object_at(struct actor *actor, unsigned index, size_t size)
{
	uint64_t *offset;

	need((index + 1) * 8ul <= actor->news.tr.offsets_size);
	offset = actor_peek(actor, actor->news.tr.data.ptr.offsets + index * 8, 8);
	need(*offset + size <= actor->news.tr.data_size);
	return actor_peek(actor, buffer_of(actor) + *offset, size);
}

/* ---- what a driver has ---------------------------------------------------------------------------- */

bool has_freeze_notifications(void)
{
	long r;

	bc_u32(client, BC_ACQUIRE, 0);
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, 0, 1);
	r = do_write(client);
	if (r == 0) {
		/* Undone: the scene is as it was. */
		is(do_read(client, client->room), 0);
		bc_u64(client, NEW_BC_FREEZE_NOTIFICATION_DONE, 1);
		bc_handle_cookie(client, NEW_BC_CLEAR_FREEZE_NOTIFICATION, 0, 1);
		expect_write_(client);
		is(do_read(client, client->room), 0);
	}
	bc_u32(client, BC_RELEASE, 0);
	expect_write_(client);
	return r == 0;
}

void need_freeze_notifications(void)
{
	if (!has_freeze_notifications())
		check_skip("not in this driver: freeze notifications");
}

void need_root(void)
{
	if (geteuid() != 0)
		check_skip("needs root");
}

bool linux_since(int major, int minor)
{
	int is_major = 0, is_minor = 0;

	if (sscanf(linux_release, "%d.%d", &is_major, &is_minor) < 2)
		fail("no version of Linux: %s", linux_release);
	return is_major > major || (is_major == major && is_minor >= minor);
}

void need_linux(int major, int minor)
{
	if (!linux_since(major, minor))
		check_skip("not in this driver: Linux %d.%d does so", major, minor);
}

void need_linux_before(int major, int minor)
{
	if (linux_since(major, minor))
		check_skip("not in this driver: Linux %d.%d does otherwise", major, minor);
}

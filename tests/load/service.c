/* SPDX-License-Identifier: MIT */
/*
 * service.c: the service of a storm, which all its clients call and most of them leave.
 *
 * storm.c makes it a process.  What a dead client does to it is part of the
 * test: it meets dead objects in the middle of answers, and is told of deaths.
 */
#include "party.h"
#include "words.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAP (4u << 20)
#define MAX_REPLY 6000

static struct party *party;
static int file;

struct server {
	struct raw raw;
	char reply[MAX_REPLY + WORDS_BODY + 8];
};

/* A word there and one back, over an object of the caller's; 1: rightly answered. */
static uint64_t call_back(struct server *s, uint32_t handle, uint64_t ptr, uint64_t word)
{
	struct binder_transaction_data tr;
	char payload[72];
	uint32_t command;
	uint64_t back = 0;

	raw_put_call(&s->raw, BC_TRANSACTION, handle, 1, 0, &word, sizeof(word));
	while (raw_next_work(&s->raw, &command, payload, false) == 0) {
		switch (command) {
		case BR_REPLY:
			memcpy(&tr, payload, sizeof(tr));
			if (tr.data_size == sizeof(back))
				memcpy(&back, (void *)(uintptr_t)tr.data.ptr.buffer, sizeof(back));
			raw_put_free(&s->raw, tr.data.ptr.buffer);
			return back == words_mix(word ^ ptr);
		case BR_DEAD_REPLY:
		case BR_FAILED_REPLY:
			__atomic_fetch_add(&party->dead_peers, 1, __ATOMIC_RELAXED);
			return 0;
		default:
			continue;
		}
	}
	return 0;
}

/* Until BR_DEAD_BINDER names it. */
static uint64_t keep(struct server *s, uint32_t handle)
{
	struct binder_handle_cookie watch = { handle, handle };

	raw_put(&s->raw, BC_ACQUIRE, &handle);
	raw_put(&s->raw, BC_REQUEST_DEATH_NOTIFICATION, &watch);
	return 1;
}

static void forget(struct server *s, uint64_t cookie)
{
	struct binder_handle_cookie watch = { (uint32_t)cookie, cookie };
	uint32_t handle = (uint32_t)cookie;

	raw_put(&s->raw, BC_DEAD_BINDER_DONE, &cookie);
	raw_put(&s->raw, BC_CLEAR_DEATH_NOTIFICATION, &watch);
	raw_put(&s->raw, BC_RELEASE, &handle);
	raw_write(&s->raw);
}

static uint64_t look_into(int fd)
{
	uint64_t word = 0;
	ssize_t n = pread(fd, &word, sizeof(word), 0);

	close(fd);
	return n == sizeof(word) && word == WORDS_FILE;
}

/* What came with the request: was it as it should be? */
static uint64_t meet(struct server *s, uint32_t code, const char *data)
{
	struct flat_binder_object object;
	struct binder_fd_object fd;
	struct words_head head;

	memcpy(&head, data, sizeof(head));
	memcpy(&object, data + sizeof(head), sizeof(object));
	memcpy(&fd, data + sizeof(head), sizeof(fd));
	switch (code) {
	case PARTY_CALLBACK:
		return call_back(s, object.handle, head.object, head.seed);
	case PARTY_KEEP:
		return keep(s, object.handle);
	case PARTY_FILE:
		return look_into((int)fd.fd);
	default:
		return 1;
	}
}

static void answer(struct server *s, const char *payload)
{
	static const uint64_t offset = WORDS_REPLY_FILE;
	struct binder_transaction_data tr;
	const char *data;
	uint64_t met;
	size_t size;

	memcpy(&tr, payload, sizeof(tr));
	data = (const char *)(uintptr_t)tr.data.ptr.buffer;
	if (tr.flags & TF_ONE_WAY) {
		raw_put_free(&s->raw, tr.data.ptr.buffer);
		return;
	}
	met = meet(s, tr.code, data);
	size = words_reply(tr.code, data, tr.data_size, s->reply);
	memcpy(s->reply, &met, sizeof(met));
	if (tr.code == PARTY_FILE) {
		struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD };

		object.fd = (uint32_t)file;
		memcpy(s->reply + offset, &object, sizeof(object));
	}
	raw_put_free(&s->raw, tr.data.ptr.buffer);
	raw_put_objects(&s->raw, BC_REPLY, 0, 0, 0, s->reply, size, &offset,
			tr.code == PARTY_FILE ? 1 : 0);
	raw_write(&s->raw); /* before the next answer takes the place of this one */
}

static void *serve(void *context)
{
	struct server *s = context;
	char payload[72];
	uint32_t command;
	uint64_t cookie;

	raw_put(&s->raw, BC_ENTER_LOOPER, NULL);
	while (raw_next_work(&s->raw, &command, payload, false) == 0) {
		if (command == BR_TRANSACTION)
			answer(s, payload);
		if (command == BR_DEAD_BINDER) {
			memcpy(&cookie, payload, sizeof(cookie));
			forget(s, cookie);
		}
	}
	return NULL;
}

int party_serve(struct party *shared, unsigned int threads, int ready)
{
	struct flat_binder_object manager = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	const uint64_t word = WORDS_FILE;
	static struct raw raw;

	party = shared;
	file = memfd_create("party", MFD_CLOEXEC);
	if (file < 0 || pwrite(file, &word, sizeof(word), 0) != sizeof(word) ||
	    raw_open(&raw, party->device, MAP) < 0 ||
	    binder_client_ioctl(raw.client, BINDER_SET_CONTEXT_MGR_EXT, &manager, false, 0) < 0)
		return 1;
	for (unsigned int i = 0; i < threads; i++) {
		struct server *s = calloc(1, sizeof(*s));
		pthread_t thread;

		if (!s)
			return 1;
		s->raw.client = raw.client;
		if (pthread_create(&thread, NULL, serve, s) != 0)
			return 1;
	}
	if (write(ready, "", 1) != 1)
		return 1;
	for (;;)
		pause();
}

/* SPDX-License-Identifier: MIT */
/*
 * party.c: the clients of a crash storm: those that live and check, those that die.
 *
 * storm.c makes them processes; service.c is what they call.  A request is made
 * from a seed and its answer depends on every byte of it, so an answer that is
 * stale, mixed up or somebody else's shows.
 */
#include "party.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAP (256u << 10)
#define MAX_DATA 4096
#define MAX_REPLY 6000
#define MAX_KEPT 20

struct client {
	struct raw raw;
	uint64_t random;
	uint64_t objects; /* addresses given out */
	unsigned int kept;
	int file; /* what PARTY_FILE sends */
	char what[120];
};

static uint64_t next_random(struct client *c)
{
	c->random += UINT64_C(0x9e3779b97f4a7c15);
	return words_mix(c->random);
}

/* 1: wrong.  Keeps the first reason. */
static int wrong(struct client *c, const char *what, uint64_t number)
{
	if (!c->what[0])
		snprintf(c->what, sizeof(c->what), "%s (%llu)", what, (unsigned long long)number);
	return 1;
}

/* ---- requests ------------------------------------------------------------------- */

struct request {
	uint32_t code, flags;
	char data[MAX_DATA];
	size_t size;
	uint64_t offsets[1];
	size_t objects;
};

static void make_request(struct client *c, uint32_t code, struct request *rq)
{
	struct words_head head = {
		.seed = next_random(c),
		.reply_size = (uint32_t)(next_random(c) % MAX_REPLY),
	};

	memset(rq, 0, sizeof(*rq));
	rq->code = code;
	rq->size = sizeof(head) + WORDS_OBJECT_ROOM +
		   next_random(c) % (MAX_DATA - sizeof(head) - WORDS_OBJECT_ROOM);
	memcpy(rq->data, &head, sizeof(head));
	words_fill(rq->data + WORDS_BODY, rq->size - WORDS_BODY, head.seed);
	if (code == PARTY_CALLBACK || code == PARTY_KEEP) {
		struct flat_binder_object object = { .hdr.type = BINDER_TYPE_BINDER };

		object.binder = object.cookie = ++c->objects * 16;
		head.object = (uint32_t)object.binder;
		memcpy(rq->data, &head, sizeof(head));
		memcpy(rq->data + sizeof(head), &object, sizeof(object));
	} else if (code == PARTY_FILE) {
		struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD };

		object.fd = (uint32_t)c->file;
		memcpy(rq->data + sizeof(head), &object, sizeof(object));
		rq->flags = TF_ACCEPT_FDS;
	} else {
		return;
	}
	rq->offsets[0] = sizeof(head);
	rq->objects = 1;
}

/* ---- answers ---------------------------------------------------------------------- */

/* The service calls an object that we gave it. */
static void be_called(struct client *c, const char *payload)
{
	struct binder_transaction_data tr;
	uint64_t word[1] = { 0 };

	memcpy(&tr, payload, sizeof(tr));
	if (tr.data_size == sizeof(word))
		memcpy(word, (void *)(uintptr_t)tr.data.ptr.buffer, sizeof(word));
	word[0] = words_mix(word[0] ^ tr.target.ptr);
	raw_put_free(&c->raw, tr.data.ptr.buffer);
	raw_put_call(&c->raw, BC_REPLY, 0, 0, 0, word, sizeof(word));
	/* The word must be read before it goes. */
	raw_write(&c->raw);
}

static int check_file(struct client *c, const struct binder_transaction_data *tr)
{
	const char *data = (const char *)(uintptr_t)tr->data.ptr.buffer;
	struct binder_fd_object object;
	uint64_t word = 0;
	ssize_t n;

	if (tr->offsets_size != sizeof(uint64_t))
		return wrong(c, "no file in the answer", tr->offsets_size);
	memcpy(&object, data + WORDS_REPLY_FILE, sizeof(object));
	n = pread((int)object.fd, &word, sizeof(word), 0);
	close((int)object.fd);
	return n == sizeof(word) && word == WORDS_FILE ? 0 : wrong(c, "another file came", word);
}

static int check_reply(struct client *c, const struct request *rq,
		       const struct binder_transaction_data *tr)
{
	const char *data = (const char *)(uintptr_t)tr->data.ptr.buffer;
	struct words_head head;
	static __thread char expected[MAX_REPLY + WORDS_BODY];
	size_t size = words_reply(rq->code, rq->data, rq->size, expected);
	size_t from = 0;
	int r = 0;

	memcpy(&head, rq->data, sizeof(head));
	if (tr->data_size != size)
		return wrong(c, "the answer has another size", tr->data_size);
	if (rq->code == PARTY_FILE) {
		r = check_file(c, tr);
		from = WORDS_BODY; /* the number of the file differs */
	}
	if (!r && memcmp(data + from, expected + from, size - from) != 0)
		r = wrong(c, "the answer differs", rq->code);
	return r;
}

static int why_failed(struct client *c)
{
	struct binder_extended_error error = { 0 };

	binder_client_ioctl(c->raw.client, BINDER_GET_EXTENDED_ERROR, &error, false, 0);
	return error.param;
}

/* 0: answered well; 1: wrong; -EAGAIN: no room there. */
static int await_reply(struct client *c, const struct request *rq)
{
	struct binder_transaction_data tr;
	char payload[72];
	uint32_t command;
	int r;

	for (;;) {
		r = raw_next_work(&c->raw, &command, payload, false);
		if (r < 0)
			return wrong(c, strerror(-r), rq->code);
		switch (command) {
		case BR_TRANSACTION:
			be_called(c, payload);
			continue;
		case BR_REPLY:
			memcpy(&tr, payload, sizeof(tr));
			r = check_reply(c, rq, &tr);
			raw_put_free(&c->raw, tr.data.ptr.buffer);
			return r;
		case BR_FAILED_REPLY:
			r = why_failed(c);
			return r == -ENOSPC ? -EAGAIN : wrong(c, "the call failed", (uint64_t)-r);
		case BR_DEAD_REPLY:
			return wrong(c, "the service is dead", rq->code);
		default:
			continue;
		}
	}
}

static int call(struct client *c, uint32_t code)
{
	static __thread struct request rq;

	make_request(c, code, &rq);
	raw_put_objects(&c->raw, BC_TRANSACTION, 0, code, rq.flags, rq.data, rq.size, rq.offsets,
			rq.objects);
	return await_reply(c, &rq);
}

static int call_oneway(struct client *c)
{
	static __thread struct request rq;
	char payload[72];
	uint32_t command;
	int r;

	make_request(c, PARTY_ONEWAY, &rq);
	raw_put_call(&c->raw, BC_TRANSACTION, 0, PARTY_ONEWAY, TF_ONE_WAY, rq.data, 64);
	for (;;) {
		r = raw_next(&c->raw, &command, payload, false);
		if (r < 0)
			return wrong(c, strerror(-r), PARTY_ONEWAY);
		switch (command) {
		case BR_TRANSACTION_COMPLETE:
		case BR_ONEWAY_SPAM_SUSPECT:
			return 0;
		case BR_FAILED_REPLY:
			r = why_failed(c);
			return r == -ENOSPC ? -EAGAIN :
					      wrong(c, "the one-way call failed", (uint64_t)-r);
		case BR_INCREFS:
			raw_put(&c->raw, BC_INCREFS_DONE, payload);
			continue;
		case BR_ACQUIRE:
			raw_put(&c->raw, BC_ACQUIRE_DONE, payload);
			continue;
		case BR_DEAD_REPLY:
			return wrong(c, "the service is dead", PARTY_ONEWAY);
		default:
			continue;
		}
	}
}

static int any_call(struct client *c)
{
	static const uint32_t codes[] = { PARTY_PLAIN, PARTY_PLAIN,  PARTY_CALLBACK,
					  PARTY_FILE,  PARTY_ONEWAY, PARTY_KEEP };
	uint32_t code = codes[next_random(c) % (sizeof(codes) / sizeof(codes[0]))];

	/* Who lives long would have ever more of them kept. */
	if (code == PARTY_KEEP && c->kept++ >= MAX_KEPT)
		code = PARTY_PLAIN;
	return code == PARTY_ONEWAY ? call_oneway(c) : call(c, code);
}

static int begin(struct client *c, const struct party *party, unsigned int seed)
{
	const uint64_t word = WORDS_FILE;

	memset(c, 0, sizeof(*c));
	c->random = words_mix(seed);
	c->file = memfd_create("party", MFD_CLOEXEC);
	if (c->file < 0 || pwrite(c->file, &word, sizeof(word), 0) != sizeof(word))
		return -errno;
	return raw_open(&c->raw, party->device, MAP);
}

/* ---- those that live --------------------------------------------------------------- */

int party_call(struct party *party, unsigned int index, unsigned int seed)
{
	struct party_caller *me = &party->caller[index];
	static struct client c;
	int r = begin(&c, party, seed);

	if (r < 0) {
		wrong(&c, strerror(-r), 0);
		me->wrong++;
	}
	while (r >= 0 && !__atomic_load_n(&party->stop, __ATOMIC_RELAXED)) {
		r = any_call(&c);
		me->wrong += r > 0;
		me->busy += r == -EAGAIN;
		__atomic_fetch_add(&me->calls, 1, __ATOMIC_RELAXED);
		if (r == -EAGAIN)
			r = 0;
	}
	memcpy(me->what, c.what, sizeof(me->what));
	return me->wrong ? 1 : 0;
}

/* ---- those that die ------------------------------------------------------------------- */

static void *call_once(void *context)
{
	struct client *c = context, own = { .file = c->file };

	own.raw.client = c->raw.client;
	own.random = c->random + 1;
	own.objects = 1u << 20;
	call(&own, PARTY_PLAIN);
	return own.what[0] ? c : NULL;
}

static int in_another_thread(struct client *c)
{
	pthread_t thread;
	void *result = NULL;

	if (pthread_create(&thread, NULL, call_once, c) == 0)
		pthread_join(thread, &result);
	return result ? wrong(c, "another thread's answer", 0) : 0;
}

/* One life of an open device, as long as the seed has it. */
static int suffer_once(struct client *c, const struct party *party, unsigned int seed)
{
	int r = begin(c, party, seed);
	unsigned int steps = (unsigned int)(next_random(c) % 12);

	if (r < 0)
		return r == -ENOENT || r == -ECONNREFUSED ? 1 : wrong(c, strerror(-r), 0);
	for (unsigned int i = 0; i < steps && r <= 0; i++) {
		if (next_random(c) % 8 == 0)
			r = in_another_thread(c);
		else
			r = any_call(c);
	}
	raw_close(&c->raw);
	close(c->file);
	return r > 0;
}

int party_suffer(struct party *party, unsigned int seed)
{
	static struct client c;

	for (;; seed += 7919) {
		if (suffer_once(&c, party, seed) > 0) {
			fprintf(stderr, "a victim with seed %u: %s\n", seed, c.what);
			return 1;
		}
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * scale.c: what a call costs among 10, 1,000 and 100,000 live nodes and handles.
 *
 * Called by main.c.  Three worlds live side by side, each a binderd with a
 * server that owns the nodes and a client (this process) that holds the
 * handles; they are measured in turns, so that what slows the machine down slows
 * all of them.  scale_core.c does the same without processes.
 */
#include "bench.h"
#include "channel/raw.h"
#include "channel/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 41
#define STEPS 250
#define CORE_STEPS 4000
#define FILL 64 /* objects in a reply that fills */
#define WORLDS 3

static const unsigned int sizes[WORLDS] = { 10, 1000, 100000 };

enum { CODE_EMPTY = 1, CODE_NEW, CODE_FILL };

struct scale {
	struct world world;
	pid_t server;
	struct raw client;
	int ready[2];
	uint32_t some; /* a handle in the middle */
};

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ---- the server ----------------------------------------------------------------------- */

/* Addresses as an allocator gives them: in no order. */
static uint64_t next_address(void)
{
	static uint64_t serial;
	uint64_t x = ++serial * UINT64_C(0x9e3779b97f4a7c15);

	return (x ^ x >> 29) & ~UINT64_C(15);
}

static void reply_with_objects(struct raw *raw, size_t count)
{
	struct flat_binder_object objects[FILL];
	uint64_t offsets[FILL];

	memset(objects, 0, sizeof(objects));
	for (size_t i = 0; i < count; i++) {
		objects[i].hdr.type = BINDER_TYPE_BINDER;
		objects[i].binder = objects[i].cookie = next_address();
		offsets[i] = i * sizeof(objects[0]);
	}
	raw_put_objects(raw, BC_REPLY, 0, 0, 0, objects, count * sizeof(objects[0]), offsets,
			count);
	raw_write(raw);
}

static void serve(void *context)
{
	struct scale *s = context;
	struct binder_transaction_data tr;
	char payload[72];
	struct raw raw;
	uint32_t command;

	if (raw_open(&raw, s->world.device, 1 << 20) < 0 || raw_become_manager(&raw) < 0 ||
	    write(s->ready[1], "", 1) != 1)
		return;
	raw_put(&raw, BC_ENTER_LOOPER, NULL);
	while (raw_next_work(&raw, &command, payload, false) == 0) {
		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		raw_put_free(&raw, tr.data.ptr.buffer);
		if (tr.code == CODE_EMPTY)
			raw_put_call(&raw, BC_REPLY, 0, 0, 0, NULL, 0);
		else
			reply_with_objects(&raw, tr.code == CODE_FILL ? FILL : 1);
	}
}

/* ---- the client ------------------------------------------------------------------------- */

/* Acquires what the reply brings; the last handle, or 0. */
static uint32_t fetch(struct scale *s, uint32_t code, size_t wanted)
{
	const struct flat_binder_object *objects;
	struct binder_transaction_data reply;
	uint32_t command, last = 0, handle;
	int r = raw_call(&s->client, 0, code, NULL, 0, &command, &reply);

	if (r < 0 || command != BR_REPLY)
		return 0;
	objects = (const void *)(uintptr_t)reply.data.ptr.buffer;
	for (size_t i = 0; i < reply.offsets_size / 8 && i < wanted; i++) {
		handle = last = objects[i].handle;
		raw_put(&s->client, BC_ACQUIRE, &handle);
	}
	raw_put_free(&s->client, reply.data.ptr.buffer);
	raw_write(&s->client);
	return last;
}

static bool fill(struct scale *s, unsigned int live)
{
	for (unsigned int have = 0; have < live; have += FILL) {
		uint32_t handle = fetch(s, CODE_FILL, live - have);

		if (!handle)
			return false;
		if (have <= live / 2)
			s->some = handle;
	}
	return true;
}

static double time_calls(struct scale *s)
{
	double begin = now_ns();

	for (unsigned int i = 0; i < STEPS; i++) {
		struct binder_transaction_data reply;
		uint32_t command;

		if (raw_call(&s->client, s->some, CODE_EMPTY, NULL, 0, &command, &reply) < 0 ||
		    command != BR_REPLY)
			return -1;
		raw_put_free(&s->client, reply.data.ptr.buffer);
	}
	return (now_ns() - begin) / STEPS;
}

static double time_handles(struct scale *s)
{
	double begin = now_ns();

	for (unsigned int i = 0; i < STEPS; i++) {
		uint32_t handle = fetch(s, CODE_NEW, 1);

		if (!handle)
			return -1;
		raw_put(&s->client, BC_RELEASE, &handle);
	}
	return (now_ns() - begin) / STEPS;
}

static bool begin(struct scale *s, unsigned int live)
{
	static const char *const quiet[] = { "--log-level", "warning", NULL };
	char byte;
	bool ok;

	if (pipe(s->ready) < 0 || world_start(&s->world, quiet) < 0)
		return false;
	s->server = bench_fork(serve, s);
	close(s->ready[1]);
	ok = read(s->ready[0], &byte, 1) == 1 &&
	     raw_open(&s->client, s->world.device, 1 << 20) == 0 && fill(s, live);
	close(s->ready[0]);
	return ok;
}

static void end(struct scale *s)
{
	if (s->client.client)
		raw_close(&s->client);
	bench_end(s->server);
	if (s->world.pid)
		world_stop(&s->world);
}

/* ---- the curve ------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_curve(const char *name, double times[WORLDS][ROUNDS])
{
	double ratios[ROUNDS], medians[WORLDS];

	printf("  %-38s", name);
	for (int i = 0; i < WORLDS; i++) {
		/* Each with the smallest of the same round. */
		for (int j = 0; j < ROUNDS; j++)
			ratios[j] = times[i][j] / times[0][j];
		qsort(ratios, ROUNDS, sizeof(ratios[0]), compare);
		medians[i] = ratios[ROUNDS / 2];
	}
	qsort(times[0], ROUNDS, sizeof(double), compare);
	printf(" %9.2f us", times[0][ROUNDS / 2] / 1000);
	for (int i = 1; i < WORLDS; i++)
		printf("  %8.2f", medians[i]);
	putchar('\n');
	fflush(stdout);
}

static double calls[WORLDS][ROUNDS], handles[WORLDS][ROUNDS];

static void through_binderd(void)
{
	static struct scale scales[WORLDS];
	bool ok = true;

	for (int i = 0; i < WORLDS && ok; i++)
		ok = begin(&scales[i], sizes[i]);
	for (int round = -2; round < ROUNDS && ok; round++) {
		for (int i = 0; i < WORLDS; i++) {
			int at = round < 0 ? 0 : round;

			calls[i][at] = time_calls(&scales[i]);
			handles[i][at] = time_handles(&scales[i]);
			ok &= calls[i][at] > 0 && handles[i][at] > 0;
		}
	}
	if (ok) {
		print_curve("binderd: empty call", calls);
		print_curve("binderd: call that brings a handle", handles);
	} else {
		printf("  binderd: could not be measured\n");
	}
	for (int i = 0; i < WORLDS; i++)
		end(&scales[i]);
}

static void in_the_core(void)
{
	struct bench_core *cores[WORLDS];

	for (int i = 0; i < WORLDS; i++)
		cores[i] = bench_core_start(sizes[i]);
	for (int round = -2; round < ROUNDS; round++) {
		for (int i = 0; i < WORLDS; i++) {
			int at = round < 0 ? 0 : round;

			calls[i][at] = bench_core_call(cores[i], CORE_STEPS);
			handles[i][at] = bench_core_handle(cores[i], CORE_STEPS);
		}
	}
	print_curve("core alone: empty call", calls);
	print_curve("core alone: call that brings a handle", handles);
	for (int i = 0; i < WORLDS; i++)
		bench_core_stop(cores[i]);
}

void bench_scale(void)
{
	bench_pin(true);
	printf("\nAmong so many live nodes and handles, as multiples of the first\n");
	printf("  %-38s %12u  %8u  %8u\n", "", sizes[0], sizes[1], sizes[2]);
	through_binderd();
	in_the_core();
	bench_pin(false);
}

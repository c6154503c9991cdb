/* SPDX-License-Identifier: MIT */
/*
 * binder.c: calls through a private binderd, over driver/client alone.
 *
 * The server is the context manager; it answers a call with nothing, and frees
 * its buffer, replies and waits in one ioctl, as a looper does.
 */
#include "bench.h"
#include "channel/raw.h"
#include "channel/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVER_MAP (4u << 20)
#define CLIENT_MAP (1u << 20)

struct bench_binder {
	struct world world;
	pid_t server;
	struct raw client;
	int ready[2];
	char *payload;
	size_t size;
	uint32_t flags;
};

static void serve(void *context)
{
	struct bench_binder *b = context;
	struct binder_transaction_data tr;
	char payload[72];
	struct raw raw;
	uint32_t command;

	if (raw_open_trusting(&raw, b->world.device, SERVER_MAP) < 0 ||
	    raw_become_manager(&raw) < 0 || write(b->ready[1], "", 1) != 1)
		return;
	raw_put(&raw, BC_ENTER_LOOPER, NULL);
	while (raw_next_work(&raw, &command, payload, true) == 0) {
		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		raw_put_free(&raw, tr.data.ptr.buffer);
		if (!(tr.flags & TF_ONE_WAY))
			raw_put_call(&raw, BC_REPLY, 0, 0, 0, NULL, 0);
	}
}

static int call_step(void *context)
{
	struct bench_binder *b = context;
	struct binder_transaction_data reply;
	uint32_t command;
	int r = raw_call(&b->client, 0, 1, b->payload, b->size, &command, &reply);

	if (r < 0 || command != BR_REPLY)
		return r < 0 ? r : -EIO;
	raw_put_free(&b->client, reply.data.ptr.buffer);
	return 0;
}

/* A sender that is ahead of the receiver's buffer tries again, as programs do. */
static int oneway_step(void *context)
{
	struct bench_binder *b = context;
	char payload[72];
	uint32_t command;
	int r;

	for (;;) {
		raw_put_call(&b->client, BC_TRANSACTION, 0, 1, TF_ONE_WAY, b->payload, b->size);
		do {
			r = raw_next(&b->client, &command, payload, false);
		} while (r == 0 && command == BR_NOOP);
		if (r < 0 || command == BR_DEAD_REPLY)
			return r < 0 ? r : -EIO;
		if (command != BR_FAILED_REPLY)
			return 0;
		usleep(100);
	}
}

struct bench_binder *bench_binder_start(void)
{
	struct bench_binder *b = calloc(1, sizeof(*b));
	static const char *const quiet[] = { "--log-level", "warning", NULL };
	char byte;

	if (!b)
		return NULL;
	b->payload = calloc(1, CLIENT_MAP);
	if (!b->payload || pipe(b->ready) < 0 || world_start(&b->world, quiet) < 0)
		goto fail;
	b->server = bench_fork(serve, b);
	close(b->ready[1]);
	if (read(b->ready[0], &byte, 1) != 1 ||
	    raw_open_trusting(&b->client, b->world.device, CLIENT_MAP) < 0) {
		fprintf(stderr, "the benchmark's server did not start\n");
		bench_end(b->server);
		world_stop(&b->world);
		goto fail;
	}
	close(b->ready[0]);
	return b;
fail:
	free(b->payload);
	free(b);
	return NULL;
}

double bench_binder_call(struct bench_binder *b, size_t size)
{
	b->size = size;
	return bench_measure(call_step, b);
}

double bench_binder_oneway(struct bench_binder *b, size_t size)
{
	b->size = size;
	return bench_measure(oneway_step, b);
}

void bench_binder_stop(struct bench_binder *b)
{
	if (!b)
		return;
	raw_close(&b->client);
	bench_end(b->server);
	world_stop(&b->world);
	free(b->payload);
	free(b);
}

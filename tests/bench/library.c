/* SPDX-License-Identifier: MIT */
/*
 * library.c: the same calls as binder.c's, through libbinder on both sides.
 *
 * The service is the context manager of a private binderd; one thread of it
 * serves.
 */
#include "bench.h"
#include "channel/world.h"

#include <android/binder_ibinder.h>
#include <android/binder_parcel.h>
#include <binder/ext.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct bench_library {
	struct world world;
	pid_t server;
	int ready[2];
	ABinderConnection *connection;
	AIBinder *service;
	char *payload;
	size_t size;
};

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	return STATUS_OK;
}

static void serve(void *context)
{
	struct bench_library *b = context;
	AIBinder_Class *clazz = AIBinder_Class_define("bench", on_create, on_destroy, on_transact);
	ABinderConnection *connection;
	AIBinder *object;

	/* As on the client's side: no token, so that both rows carry the same bytes. */
	AIBinder_Class_disableInterfaceTokenHeader(clazz);
	object = AIBinder_new(clazz, NULL);
	if (ABinderConnection_open(b->world.device, &connection) != STATUS_OK ||
	    ABinderConnection_becomeContextManager(connection, object) != STATUS_OK) {
		fprintf(stderr, "libbinder: %s\n", ABinder_lastError());
		return;
	}
	if (write(b->ready[1], "", 1) == 1)
		ABinderConnection_joinThreadPool(connection);
}

static int call(struct bench_library *b, int timeout_ms)
{
	AParcel *in = NULL, *out = NULL;

	if (AIBinder_prepareRaw(b->service, NULL, &in) != STATUS_OK)
		return -EIO;
	if (b->size && AParcel_writeRaw(in, b->payload, b->size) != STATUS_OK) {
		AParcel_delete(in);
		return -EIO;
	}
	if (AIBinder_transactRaw(b->service, FIRST_CALL_TRANSACTION, &in, &out, 0, timeout_ms) !=
	    STATUS_OK)
		return -EIO;
	AParcel_delete(out);
	return 0;
}

static int call_step(void *context)
{
	return call(context, -1);
}

static int timed_call_step(void *context)
{
	return call(context, 60000);
}

static bool connect_client(struct bench_library *b)
{
	char byte;

	if (read(b->ready[0], &byte, 1) == 1 &&
	    ABinderConnection_open(b->world.device, &b->connection) == STATUS_OK &&
	    ABinderConnection_getContextManager(b->connection, &b->service) == STATUS_OK)
		return true;
	fprintf(stderr, "libbinder: %s\n", ABinder_lastError());
	return false;
}

struct bench_library *bench_library_start(void)
{
	static const char *const quiet[] = { "--log-level", "warning", NULL };
	struct bench_library *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->payload = calloc(1, 1 << 20);
	if (!b->payload || pipe(b->ready) < 0 || world_start(&b->world, quiet) < 0) {
		free(b->payload);
		free(b);
		return NULL;
	}
	b->server = bench_fork(serve, b);
	close(b->ready[1]);
	if (!connect_client(b)) {
		bench_library_stop(b);
		return NULL;
	}
	return b;
}

const char *bench_library_device(const struct bench_library *b)
{
	return b->world.device;
}

double bench_library_call(struct bench_library *b, size_t size)
{
	b->size = size;
	return bench_measure(call_step, b);
}

double bench_library_timed_call(struct bench_library *b, double *ratio)
{
	b->size = 0;
	return bench_compare(timed_call_step, call_step, b, ratio);
}

void bench_library_stop(struct bench_library *b)
{
	if (!b)
		return;
	if (b->service)
		AIBinder_decStrong(b->service);
	ABinderConnection_close(b->connection);
	bench_end(b->server);
	world_stop(&b->world);
	close(b->ready[0]);
	free(b->payload);
	free(b);
}

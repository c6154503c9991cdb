/* SPDX-License-Identifier: MIT */
/*
 * raw.h: Binder without libbinder: BC_ commands out, BR_ commands in.
 */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "uapi.h"

struct raw {
	struct binder_client *client;
	void *map;
	size_t map_size;
	/* Commands that wait to be written. */
	char out[1024];
	size_t out_size;
	/* Commands that were read. */
	char in[4096];
	size_t in_size, in_at;
	uint64_t deadline; /* of raw_exchange(); 0: none */
};

/* map_size 0: without a receive buffer. */
int raw_open(struct raw *raw, const char *device, size_t map_size);
/* As libbinder opens it: binder_client_trust(). */
int raw_open_trusting(struct raw *raw, const char *device, size_t map_size);
void raw_close(struct raw *raw);

void raw_put(struct raw *raw, uint32_t command, const void *data);
void raw_put_call(struct raw *raw, uint32_t command, uint32_t handle, uint32_t code, uint32_t flags,
		  const void *data, size_t size);
/* With offsets of objects in the data. */
void raw_put_objects(struct raw *raw, uint32_t command, uint32_t handle, uint32_t code,
		     uint32_t flags, const void *data, size_t size, const uint64_t *offsets,
		     size_t count);
void raw_put_free(struct raw *raw, uint64_t buffer);

/* Writes what waits, and leaves what was read as it is. */
int raw_write(struct raw *raw);
/* Writes what waits; reads too if @read. */
int raw_exchange(struct raw *raw, bool read, bool read_more);
/* The next command and its payload (up to 72 bytes), after an exchange if need be. */
int raw_next(struct raw *raw, uint32_t *command, void *data, bool read_more);
/* Skips BR_NOOP, BR_TRANSACTION_COMPLETE and reference news. */
int raw_next_work(struct raw *raw, uint32_t *command, void *data, bool read_more);
/* A call and its reply: BR_REPLY's data, to be freed by raw_put_free().  The other
 * outcomes (BR_DEAD_REPLY, BR_FAILED_REPLY) are in *command. */
int raw_call(struct raw *raw, uint32_t handle, uint32_t code, const void *data, size_t size,
	     uint32_t *command, struct binder_transaction_data *reply);

int raw_become_manager(struct raw *raw);
/* Enters the looper and answers each call with its own data, until something fails. */
int raw_echo(struct raw *raw);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * core_live.h: what the processes of core_live.c know, and the payloads that
 * core_live_payload.c makes of it.
 */
#ifndef TESTS_FUZZ_CORE_LIVE_H
#define TESTS_FUZZ_CORE_LIVE_H

#include "world.h"

/* The newest of something; what is older is forgotten. */
#define RING 16u
struct ring {
	u64 value[RING];
	u32 count;
};

static inline void ring_add(struct ring *ring, u64 value)
{
	ring->value[ring->count++ % RING] = value;
}

/* One of them, chosen by any number; none: that number. */
static inline u64 ring_choose(const struct ring *ring, u8 choice)
{
	u32 have = ring->count < RING ? ring->count : RING;

	return have ? ring->value[choice % have] : choice;
}

static inline bool ring_take(struct ring *ring, u64 *value)
{
	if (!ring->count)
		return false;
	*value = ring->value[--ring->count % RING];
	return true;
}

struct known {
	struct ring handles, buffers;
	struct ring increfs, acquires; /* nodes to acknowledge, by ptr */
	struct ring deaths, freezes;   /* cookies that were told */
};

extern struct known known[WORLD_CLIENTS];

/* An object of a process's own: its number says all. */
static inline u64 node_ptr(u8 number)
{
	return 0x1000u * (number % 6u);
}

static inline u64 node_cookie(u64 ptr)
{
	return ptr ? ptr + 7 : 0; /* BINDER_SET_CONTEXT_MGR makes node 0 with cookie 0 */
}

/* Where things lie in the arena. */
#define LIVE_COMMANDS 0x0000u
#define LIVE_DATA 0x0800u
#define LIVE_DATA_SIZE 0x0800u
#define LIVE_OFFSETS 0x1000u
#define LIVE_OFFSETS_SIZE 0x0280u
#define LIVE_SG 0x1300u
#define LIVE_READ 0x2000u
#define LIVE_ARGS 0x2f00u

/* Lays a payload into the client's memory and describes it; *sg_size: for the _SG form. */
void live_payload(struct input *in, struct client *client, struct binder_transaction_data *tr,
		  binder_size_t *sg_size);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * throttle.h: makes clients whose calls are expensive wait between them.
 */
#ifndef BINDERD_THROTTLE_H
#define BINDERD_THROTTLE_H

#include "port.h"

/* Of each client. */
struct throttle {
	u32 bucket; /* its cheap turns are counted there */
	/* After an expensive turn: */
	u64 not_before; /* ns */
	u64 others_seen;
	u32 partner; /* the bucket of the one that it called */
};

void throttle_init(struct throttle *client);

/* The turn under way. */
extern struct throttle_turn {
	u64 estimate;              /* what it has cost so far, in about ns */
	u64 began, estimate_then;  /* once that is much: this thread's own time, and the estimate */
	const struct throttle *to; /* for whom */
} throttle_turn;

/* A turn that seems to cost this much is measured; one that costs more than the second is expensive. */
#define THROTTLE_MEASURE_NS 4000
#define THROTTLE_EXPENSIVE_NS 12000
/* A turn that can be divided ends here: later, so that the pauses between are long enough for
 * others to make whole calls in. */
#define THROTTLE_SLICE_NS 100000
/* The longest that a client waits for what it did before. */
#define THROTTLE_MAX_NS 20000000

/* The turn is measured from now on. */
void throttle_measure(void);
/* What the turn has cost so far, in ns. */
u64 throttle_cost(void);

static inline bool throttle_slice_is_over(void)
{
	return throttle_turn.began && throttle_cost() >= THROTTLE_SLICE_NS;
}

static inline void throttle_add(u64 ns)
{
	throttle_turn.estimate += ns;
	if (throttle_turn.estimate >= THROTTLE_MEASURE_NS && !throttle_turn.began)
		throttle_measure();
}

static inline void throttle_add_for(const struct throttle *to, u64 ns)
{
	throttle_turn.to = to;
	throttle_add(ns);
}

/* True: a turn of this client is not to begin before *@until. */
bool throttle_must_wait(const struct throttle *client, u64 *until);
/* What was done outside of turns (a reader's descriptors) is nobody's. */
static inline void throttle_begin_turn(void)
{
	throttle_turn = (struct throttle_turn){ 0 };
}
void throttle_end_turn(struct throttle *client);

#endif

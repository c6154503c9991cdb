/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * fair.h: whose turn may wait so that others need not.
 */
#ifndef BINDERD_FAIR_H
#define BINDERD_FAIR_H

#include "port.h"

/* Of each client: after a large turn. */
struct fair_client {
	u64 not_before; /* ns */
	u64 others_seen;
	u32 partner;
};

/* The turn under way. */
extern struct fair_turn {
	u64 estimate;             /* what it has cost so far, in about ns */
	u64 began, estimate_then; /* once that is much: this thread's own time, and the estimate */
	const struct fair_client *to; /* for whom */
} fair_turn;

#define FAIR_MUCH_NS 4000
#define FAIR_LARGE_NS 12000

/* A turn that can be divided ends here: later, so that the pauses between are long enough for
 * others to make whole calls in. */
#define FAIR_ENOUGH_NS 100000

/* The clock is asked for from now on. */
void fair_watch_turn(void);
/* What the turn has cost so far, in ns. */
u64 fair_cost(void);

static inline bool fair_is_enough(void)
{
	return fair_turn.began && fair_cost() >= FAIR_ENOUGH_NS;
}

static inline void fair_add(u64 ns)
{
	fair_turn.estimate += ns;
	if (fair_turn.estimate >= FAIR_MUCH_NS && !fair_turn.began)
		fair_watch_turn();
}

static inline void fair_add_for(const struct fair_client *to, u64 ns)
{
	fair_turn.to = to;
	fair_add(ns);
}

/* True: a turn of this client is not to begin before *@until. */
bool fair_must_wait(const struct fair_client *client, u64 *until);
/* What was done outside of turns (a reader's descriptors) is nobody's. */
static inline void fair_begin_turn(void)
{
	fair_turn = (struct fair_turn){ 0 };
}
void fair_end_turn(struct fair_client *client);

#endif

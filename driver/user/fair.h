/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * fair.h: whose turn may wait so that others need not.
 */
#ifndef BINDERD_FAIR_H
#define BINDERD_FAIR_H

#include "opener.h"

/* What the turn under way has cost so far, in about ns, and for whom. */
extern struct fair_turn {
	u64 cost;
	const struct port_proc *to;
} fair_turn;

#define FAIR_LARGE_NS 12000

/* A turn that can be divided ends here: later, so that the pauses between are long enough for
 * others to make whole calls in. */
#define FAIR_ENOUGH_NS 100000

static inline bool fair_is_large(void)
{
	return fair_turn.cost >= FAIR_LARGE_NS;
}

static inline bool fair_is_enough(void)
{
	return fair_turn.cost >= FAIR_ENOUGH_NS;
}

static inline void fair_add(const struct port_proc *to, u64 ns)
{
	fair_turn.cost += ns;
	fair_turn.to = to;
}

/* True: a turn of this client is not to begin before *@until. */
bool fair_must_wait(const struct port_proc *opener, u64 *until);
/* What was done outside of turns (a reader's descriptors) is nobody's. */
static inline void fair_begin_turn(void)
{
	fair_turn = (struct fair_turn){ 0 };
}
void fair_end_turn(struct port_proc *opener);

#endif

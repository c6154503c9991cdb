/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * fair.h: whose turn may wait so that others need not.
 */
#ifndef BINDERD_FAIR_H
#define BINDERD_FAIR_H

#include "opener.h"

/* What the turn under way has cost so far, in about ns. */
extern u64 fair_cost;

static inline void fair_add(u64 ns)
{
	fair_cost += ns;
}

/* True: a turn of this client is not to begin before *@until. */
bool fair_must_wait(const struct port_proc *opener, u64 *until);
void fair_end_turn(struct port_proc *opener);

#endif

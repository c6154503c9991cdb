/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * fair.c: who makes large calls waits, when others make small ones.
 *
 * request.c asks before each request.  Calls are not divided, so one with very
 * many objects or bytes keeps all others waiting; a client that makes nothing
 * else would do so all the time.  After such a turn its next one comes no
 * sooner than three times as long after, if anybody else had a small one
 * meanwhile: it has the daemon for a quarter of the time at most.  Costs are
 * estimated from bytes and objects: asking the clock for each would cost the
 * small ones more than it tells.
 */
#include "fair.h"
#include "loop.h"

#define LARGE_NS 12000

u64 fair_cost;
static u64 small_turns;

bool fair_must_wait(const struct port_proc *opener, u64 *until)
{
	if (!opener->not_before || opener->small_seen == small_turns ||
	    loop_now() >= opener->not_before)
		return false;
	*until = opener->not_before;
	return true;
}

void fair_end_turn(struct port_proc *opener)
{
	if (fair_cost < LARGE_NS) {
		small_turns++;
	} else {
		opener->not_before = loop_now() + 3 * fair_cost;
		opener->small_seen = small_turns;
	}
	fair_cost = 0;
}

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * fair.c: who makes large calls waits, when others make small ones.
 *
 * request.c asks before each request.  Calls are not divided, so one with very
 * many objects or bytes keeps all others waiting; a client that makes nothing
 * else would do so all the time.  After such a turn its next one comes no
 * sooner than three times as long after, if anybody but itself and the one it
 * calls had a small one meanwhile: it has the daemon for a quarter of the time
 * at most.  Costs are estimated from bytes and objects at first: asking the
 * clock for each would cost the small ones more than it tells.  A turn that
 * seems to become large is measured from there on, because an object costs
 * three times as much where there are 100,000 as where there are ten.
 */
#include "fair.h"
#include "loop.h"

#define BUCKETS 64

struct fair_turn fair_turn;

/* Small turns: of all, and of those whose address falls into a bucket. */
static u64 small_turns;
static u64 small_of[BUCKETS];

static u32 bucket_of(const struct fair_client *client)
{
	return (u32)((u64)(uintptr_t)client * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

/* Those that @self and @partner had no part in. */
static u64 turns_of_others(u32 self, u32 partner)
{
	return small_turns - small_of[self] - (partner != self ? small_of[partner] : 0);
}

void fair_watch_turn(void)
{
	fair_turn.began = loop_worked();
	fair_turn.estimate_then = fair_turn.estimate;
}

u64 fair_cost(void)
{
	u64 measured;

	if (!fair_turn.began)
		return fair_turn.estimate;
	measured = fair_turn.estimate_then + loop_worked() - fair_turn.began;
	return measured > fair_turn.estimate ? measured : fair_turn.estimate;
}

bool fair_must_wait(const struct fair_client *client, u64 *until)
{
	if (!client->not_before ||
	    turns_of_others(bucket_of(client), client->partner) == client->others_seen ||
	    loop_now() >= client->not_before)
		return false;
	*until = client->not_before;
	return true;
}

void fair_end_turn(struct fair_client *client)
{
	u32 bucket = bucket_of(client);
	u64 cost = fair_cost();
	u64 now = fair_turn.began ? loop_now() : 0;
	/* What a large turn entails, such as its own news of many objects, is part of it. */
	bool goes_on = now < client->not_before;

	if (!fair_turn.began || (cost < FAIR_LARGE_NS && !goes_on)) {
		small_turns++;
		small_of[bucket]++;
		return;
	}
	client->not_before = (goes_on ? client->not_before : now) + 3 * cost;
	if (fair_turn.to)
		client->partner = bucket_of(fair_turn.to);
	client->others_seen = turns_of_others(bucket, client->partner);
}

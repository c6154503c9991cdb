/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * throttle.c: makes clients whose calls are expensive wait between them.
 *
 * The core does not divide a call, so one with very many objects or bytes keeps all
 * other clients waiting, and a client that makes nothing else would do so all the
 * time.  The rule: a client's turn that cost c is followed by a pause of 3 c, at most
 * 20 ms, in which the client starts no other one, if somebody else made a cheap call
 * meanwhile: neither the client itself nor the one that it calls.  So others have the
 * daemon for three quarters of the time.  A pause begins when its turn ends, and two
 * of them overlap: they are not added up, or a client that was alone for a while
 * would have to pay for all of it when a stranger's first call comes.
 *
 * request.c asks before each request that can be expensive.  Costs are estimated from
 * bytes and objects at first, as reading the clock for each call would cost more than
 * a cheap call does.  A turn that seems to become expensive is measured from there on,
 * since an object costs three times as much where there are 100,000 as where there
 * are ten.
 */
#include "throttle.h"
#include "loop.h"

#define BUCKETS 64

struct throttle_turn throttle_turn;

/* Cheap turns: of all clients, and of those in each bucket. */
static u64 cheap_turns;
static u64 cheap_of[BUCKETS];

/* Two clients share a bucket only where there are more than BUCKETS. */
void throttle_init(struct throttle *client)
{
	static u32 next;

	client->bucket = next++ % BUCKETS;
	client->partner = client->bucket;
}

/* Those that @self and @partner had no part in. */
static u64 turns_of_others(u32 self, u32 partner)
{
	return cheap_turns - cheap_of[self] - (partner != self ? cheap_of[partner] : 0);
}

void throttle_measure(void)
{
	throttle_turn.began = loop_worked();
	throttle_turn.estimate_then = throttle_turn.estimate;
}

u64 throttle_cost(void)
{
	u64 measured;

	if (!throttle_turn.began)
		return throttle_turn.estimate;
	measured = throttle_turn.estimate_then + loop_worked() - throttle_turn.began;
	return measured > throttle_turn.estimate ? measured : throttle_turn.estimate;
}

bool throttle_must_wait(const struct throttle *client, u64 *until)
{
	if (!client->not_before ||
	    turns_of_others(client->bucket, client->partner) == client->others_seen ||
	    loop_now() >= client->not_before)
		return false;
	*until = client->not_before;
	return true;
}

static u64 pause_after(u64 cost)
{
	return cost < THROTTLE_MAX_NS / 3 ? 3 * cost : THROTTLE_MAX_NS;
}

void throttle_end_turn(struct throttle *client)
{
	u32 bucket = client->bucket;
	u64 cost = throttle_cost(), now, until;

	if (!throttle_turn.began) {
		cheap_turns++;
		cheap_of[bucket]++;
		return;
	}
	now = loop_now();
	/* What an expensive turn entails, such as its own news of many objects, is no cheap call. */
	if (cost < THROTTLE_EXPENSIVE_NS && now >= client->not_before) {
		cheap_turns++;
		cheap_of[bucket]++;
		return;
	}
	until = now + pause_after(cost);
	if (until > client->not_before)
		client->not_before = until;
	if (throttle_turn.to)
		client->partner = throttle_turn.to->bucket;
	client->others_seen = turns_of_others(bucket, client->partner);
}

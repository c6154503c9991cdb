/* SPDX-License-Identifier: MIT */
/*
 * hold.c: events of calls that are not decided yet.
 *
 * Called by `binderctl capture`.  The table is bounded: when events are lost, a call's end may
 * never be seen, so a new call takes the place of the one that was in its slot 16384 calls ago.
 */
#include "cli/watch/hold.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 16384

struct held {
	struct held *next; /* in the order in which they came */
	ABinderEvent event;
	uint64_t payload[]; /* the offsets, then the data */
};

struct hold {
	struct {
		uint32_t id; /* of the call; 0: free */
		struct held *first, *last;
	} slot[SLOTS];
};

struct hold *hold_new(void)
{
	return calloc(1, sizeof(struct hold));
}

static void clear(struct hold *hold, size_t slot)
{
	struct held *next;

	for (struct held *held = hold->slot[slot].first; held; held = next) {
		next = held->next;
		free(held);
	}
	hold->slot[slot].first = hold->slot[slot].last = NULL;
	hold->slot[slot].id = 0;
}

void hold_free(struct hold *hold)
{
	if (!hold)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		clear(hold, i);
	free(hold);
}

static struct held *copy(const ABinderEvent *event)
{
	size_t offsets = event->offset_count * sizeof(uint64_t);
	struct held *held = malloc(sizeof(*held) + offsets + event->data_captured);

	if (!held)
		return NULL;
	held->next = NULL;
	held->event = *event;
	held->event.offsets = held->payload;
	held->event.data = (const uint8_t *)(held->payload + event->offset_count);
	memcpy(held->payload, event->offsets, offsets);
	memcpy(held->payload + event->offset_count, event->data, event->data_captured);
	return held;
}

bool hold_add(struct hold *hold, const ABinderEvent *event)
{
	const bool reply = event->transaction == ABINDER_TRANSACTION_REPLY;
	uint32_t id = reply ? event->reply_to : event->id;
	size_t slot = id % SLOTS;
	struct held *held;

	if (!id || (reply && hold->slot[slot].id != id))
		return true;
	held = copy(event);
	if (!held)
		return false;
	if (hold->slot[slot].id != id)
		clear(hold, slot);
	hold->slot[slot].id = id;
	if (hold->slot[slot].last)
		hold->slot[slot].last->next = held;
	else
		hold->slot[slot].first = held;
	hold->slot[slot].last = held;
	return true;
}

bool hold_release(struct hold *hold, uint32_t id,
		  bool (*give)(const ABinderEvent *event, void *cookie), void *cookie)
{
	size_t slot = id % SLOTS;
	bool good = true;

	if (hold->slot[slot].id != id)
		return true;
	for (struct held *held = hold->slot[slot].first; held && good; held = held->next)
		good = give(&held->event, cookie);
	clear(hold, slot);
	return good;
}

void hold_drop(struct hold *hold, uint32_t id)
{
	if (hold->slot[id % SLOTS].id == id)
		clear(hold, id % SLOTS);
}

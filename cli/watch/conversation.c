/* SPDX-License-Identifier: MIT */
/*
 * conversation.c: the events of one transaction and its reply, put together.
 *
 * A table of those that have not ended, by the id of the call.  It is bounded:
 * when events are lost, the end of a call may never be seen, so the
 * oldest one is dropped when the table is full.
 */
#include "cli/watch/conversation.h"

#include <stdlib.h>
#include <string.h>

#include <linux/android/binder.h>

/* Headers that stand before a status that is no exception. */
#define EX_HAS_NOTED_OPS (-127)
#define SLOTS 4096
#define MOST_OPEN 65536

struct conversations {
	struct conversation *slot[SLOTS]; /* chains, the youngest first */
	size_t open;
	size_t oldest; /* the slot that is looked at first when one must be dropped */
};

struct conversations *conversations_new(void)
{
	return calloc(1, sizeof(struct conversations));
}

static void payload_free(struct payload *payload)
{
	free(payload->data);
	free(payload->offsets);
}

static void conversation_free(struct conversation *c)
{
	payload_free(&c->request);
	payload_free(&c->reply);
	free(c);
}

void conversations_free(struct conversations *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		while (all->slot[i]) {
			struct conversation *c = all->slot[i];

			all->slot[i] = c->next;
			conversation_free(c);
		}
	}
	free(all);
}

size_t conversations_open(const struct conversations *all)
{
	return all->open;
}

static struct conversation **find(struct conversations *all, uint32_t id)
{
	struct conversation **link = &all->slot[id % SLOTS];

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

/* Ids grow by one, so the slots come to their oldest in turn. */
static void drop_oldest(struct conversations *all)
{
	struct conversation **link, *c;

	while (!all->slot[all->oldest])
		all->oldest = (all->oldest + 1) % SLOTS;
	link = &all->slot[all->oldest];
	while ((*link)->next)
		link = &(*link)->next;
	c = *link;
	*link = NULL;
	conversation_free(c);
	all->open--;
	all->oldest = (all->oldest + 1) % SLOTS;
}

static struct conversation *begin(struct conversations *all, const ABinderEvent *event)
{
	struct conversation *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	if (all->open == MOST_OPEN)
		drop_oldest(all);
	*c = (struct conversation){
		.next = all->slot[event->id % SLOTS],
		.oneway = event->transaction == ABINDER_TRANSACTION_ONEWAY,
		.id = event->id,
		.node = event->node,
		.handle = event->handle,
		.code = event->code,
		.flags = event->flags,
		.from_pid = event->from_pid,
		.from_tid = event->from_tid,
		.from_uid = event->from_uid,
	};
	c->request.size = event->data_size;
	all->slot[event->id % SLOTS] = c;
	all->open++;
	return c;
}

static void end(struct conversations *all, struct conversation **link,
		enum conversation_state state, uint64_t ended_ns, conversation_fn *ended,
		void *cookie)
{
	struct conversation *c = *link;

	*link = c->next;
	all->open--;
	c->state = state;
	c->ended_ns = ended_ns;
	ended(c, cookie);
	conversation_free(c);
}

static bool keep_payload(struct payload *payload, const ABinderEvent *event)
{
	payload_free(payload); /* of a damaged file, which has it twice */
	*payload = (struct payload){ .seen = true };
	payload->size = event->data_size;
	payload->data = malloc(event->data_captured + 1);
	payload->offsets = malloc((event->offset_count + 1) * sizeof(*payload->offsets));
	if (!payload->data || !payload->offsets)
		return false;
	memcpy(payload->data, event->data, event->data_captured);
	memcpy(payload->offsets, event->offsets, event->offset_count * sizeof(*payload->offsets));
	payload->captured = event->data_captured;
	payload->offset_count = event->offset_count;
	return true;
}

static void note_receiver(struct conversation *c, const ABinderEvent *event)
{
	c->to_pid = event->to_pid;
	c->to_uid = event->to_uid;
	if (event->to_tid)
		c->to_tid = event->to_tid;
}

static bool take_sent(struct conversations *all, const ABinderEvent *event)
{
	struct conversation *c;

	if (event->transaction == ABINDER_TRANSACTION_REPLY)
		return true; /* its delivery ends the call */
	/* A file says twice when a call was sent that was not read at once. */
	c = *find(all, event->id);
	if (!c)
		c = begin(all, event);
	if (!c)
		return false;
	c->sent_ns = event->time_ns;
	note_receiver(c, event);
	return true;
}

/* A reply without a parcel: its bytes are a status. */
static int32_t status_of(const ABinderEvent *event)
{
	int32_t status = 0;

	if ((event->flags & TF_STATUS_CODE) && event->data_captured >= sizeof(status))
		memcpy(&status, event->data, sizeof(status));
	return status;
}

static bool take_delivered(struct conversations *all, const ABinderEvent *event,
			   conversation_fn *ended, void *cookie)
{
	const bool reply = event->transaction == ABINDER_TRANSACTION_REPLY;
	struct conversation **link = find(all, reply ? event->reply_to : event->id);
	bool kept;

	/* A reply to a call that was made before the watch began says nothing about the call. */
	if (!*link && reply)
		return true;
	if (!*link) {
		if (!begin(all, event))
			return false;
		link = find(all, event->id);
	}
	if (reply)
		(*link)->status = status_of(event);
	kept = keep_payload(reply ? &(*link)->reply : &(*link)->request, event);
	if (reply) {
		end(all, link, CONVERSATION_ANSWERED, event->time_ns, ended, cookie);
		return kept;
	}
	(*link)->delivered_ns = event->time_ns;
	note_receiver(*link, event);
	if ((*link)->oneway)
		end(all, link, CONVERSATION_DELIVERED, event->time_ns, ended, cookie);
	return kept;
}

static bool take_failed(struct conversations *all, const ABinderEvent *event,
			conversation_fn *ended, void *cookie)
{
	const bool reply = event->transaction == ABINDER_TRANSACTION_REPLY;
	struct conversation **link = find(all, reply ? event->reply_to : event->id);

	if (!*link && reply)
		return true;
	if (!*link) {
		struct conversation *c = begin(all, event);

		if (!c)
			return false;
		c->sent_ns = event->time_ns;
		note_receiver(c, event);
		link = find(all, event->id);
	}
	(*link)->error = event->error;
	(*link)->reason = event->reason;
	(*link)->reply_failed = reply;
	end(all, link, CONVERSATION_FAILED, event->time_ns, ended, cookie);
	return true;
}

static void take_unanswered(struct conversations *all, const ABinderEvent *event,
			    conversation_fn *ended, void *cookie)
{
	struct conversation **link = find(all, event->id);

	if (!*link)
		return;
	(*link)->error = event->error;
	end(all, link, CONVERSATION_UNANSWERED, event->time_ns, ended, cookie);
}

/* One-way calls to a process that died, and calls of one that died, end without another event. */
static void take_death(struct conversations *all, const ABinderEvent *event, conversation_fn *ended,
		       void *cookie)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct conversation **link = &all->slot[i];

		while (*link) {
			const struct conversation *c = *link;

			if ((c->oneway && c->to_pid == event->from_pid) ||
			    (!c->oneway && c->from_pid == event->from_pid))
				end(all, link, CONVERSATION_UNANSWERED, event->time_ns, ended,
				    cookie);
			else
				link = &(*link)->next;
		}
	}
}

bool conversations_take(struct conversations *all, const ABinderEvent *event,
			conversation_fn *ended, void *cookie)
{
	switch (event->kind) {
	case ABINDER_EVENT_SENT:
		return take_sent(all, event);
	case ABINDER_EVENT_DELIVERED:
		return take_delivered(all, event, ended, cookie);
	case ABINDER_EVENT_FAILED:
		return take_failed(all, event, ended, cookie);
	case ABINDER_EVENT_UNANSWERED:
		take_unanswered(all, event, ended, cookie);
		return true;
	case ABINDER_EVENT_DIED:
		take_death(all, event, ended, cookie);
		return true;
	case ABINDER_EVENT_FREED:
	case ABINDER_EVENT_MANAGER:
		return true;
	}
	return true;
}

void conversations_pending(struct conversations *all, uint64_t before_ns, conversation_fn *show,
			   void *cookie)
{
	for (size_t i = 0; i < SLOTS; i++) {
		for (struct conversation *c = all->slot[i]; c; c = c->next) {
			if (c->told || c->oneway || !c->sent_ns || c->sent_ns >= before_ns)
				continue;
			c->told = true;
			show(c, cookie);
		}
	}
}

/* A status header with an exception begins with a small negative number. */
static bool is_exception(const struct payload *reply)
{
	int32_t word = 0;

	if (reply->captured >= sizeof(word))
		memcpy(&word, reply->data, sizeof(word));
	return word < 0 && word > EX_HAS_NOTED_OPS;
}

bool conversation_has_failed(const struct conversation *c)
{
	return c->state == CONVERSATION_FAILED || c->state == CONVERSATION_UNANSWERED ||
	       (c->state == CONVERSATION_ANSWERED && (c->status || is_exception(&c->reply)));
}

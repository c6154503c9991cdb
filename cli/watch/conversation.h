/* SPDX-License-Identifier: MIT */
/*
 * conversation.h: the events of one transaction and its reply, put together.
 *
 * The verbs that watch hand in each event of binder/watch.h, and get a
 * conversation when it has ended.
 */
#ifndef CLI_CONVERSATION_H
#define CLI_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <binder/watch.h>

enum conversation_state {
	CONVERSATION_PENDING,    /* not answered yet */
	CONVERSATION_ANSWERED,   /* a call: its reply was delivered */
	CONVERSATION_DELIVERED,  /* a one-way call: a thread has read it */
	CONVERSATION_FAILED,     /* the driver refused the call or its reply: error, reason */
	CONVERSATION_UNANSWERED, /* no reply will come: error */
};

/* A payload as its receiver got it, as far as it was captured. */
struct payload {
	uint8_t *data;
	uint64_t *offsets;
	size_t captured, offset_count;
	uint64_t size; /* as it was sent */
	bool seen;
};

struct conversation {
	struct conversation *next; /* private */
	enum conversation_state state;
	bool oneway;
	uint32_t id, node, handle, code, flags;
	pid_t from_pid, from_tid;
	pid_t to_pid, to_tid; /* 0: not known */
	uid_t from_uid, to_uid;
	uint64_t sent_ns, delivered_ns, ended_ns; /* CLOCK_MONOTONIC; 0: not seen */
	uint32_t error;                           /* BR_ command; 0: none */
	int32_t reason;                           /* negative errno; 0: none */
	bool reply_failed;                        /* FAILED: it was the reply */
	int32_t status; /* ANSWERED: what the service's transact function returned, 0: well */
	bool told;      /* conversations_pending() has shown it */
	struct payload request, reply;
};

struct conversations;

/* NULL: no memory. */
struct conversations *conversations_new(void);
void conversations_free(struct conversations *all);

/* Borrowed by the function for as long as it runs. */
typedef void conversation_fn(const struct conversation *conversation, void *cookie);

/* Takes an event; calls ended for each conversation that ends with it.  false: no memory. */
bool conversations_take(struct conversations *all, const ABinderEvent *event,
			conversation_fn *ended, void *cookie);

/* Calls show, once for each, for calls that were sent before a moment and have no answer yet. */
void conversations_pending(struct conversations *all, uint64_t before_ns, conversation_fn *show,
			   void *cookie);

/* Refused, without an answer, or answered with an exception or another status than OK. */
bool conversation_has_failed(const struct conversation *conversation);

/* How many have not ended. */
size_t conversations_open(const struct conversations *all);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * known.c: names of events.
 *
 * Called by the verbs that watch, for each event.
 */
#include "cli/watch/known.h"

#include <stdlib.h>
#include <string.h>

/* Calls that wait for their replies; a power of two. */
#define CALLS 16384

struct known_call {
	uint32_t id, code;
};

struct known {
	const struct call_words *words;
	struct known_call call[CALLS];
	char *descriptor; /* of the last request */
};

void event_note_names(const struct capture_event *event, struct names *names)
{
	const ABinderEvent *e = &event->event;

	/* A sender's name is read while it is there, also if the driver does not say it. */
	if (event->from_program || e->kind == ABINDER_EVENT_SENT)
		names_note_program(names, e->from_pid,
				   event->from_program ? event->from_program : "");
	if (event->to_program && e->to_pid)
		names_note_program(names, e->to_pid, event->to_program);
	if (event->service)
		names_note_service(names, e->node, event->service);
	if (event->interface)
		names_note_interface(names, e->node, event->interface);
	if (event->method && e->transaction != ABINDER_TRANSACTION_REPLY)
		names_note_method(names, e->node, e->code, event->method);
}

void event_forget_names(const struct capture_event *event, struct names *names)
{
	if (event->event.kind == ABINDER_EVENT_DIED)
		names_forget(names, event->event.from_pid);
}

/* ---- for writers ----------------------------------------------------------------- */

struct known *known_new(const struct call_words *words)
{
	struct known *known = calloc(1, sizeof(*known));

	if (known)
		known->words = words;
	return known;
}

void known_free(struct known *known)
{
	if (!known)
		return;
	free(known->descriptor);
	free(known);
}

/* The token that a request begins with. */
static void read_token(struct known *known, const ABinderEvent *event)
{
	const struct call_words *words = known->words;
	AParcel *parcel;

	free(known->descriptor);
	known->descriptor = NULL;
	if (AParcel_createCaptured(words->connection, words->android, event->data,
				   event->data_captured, event->offsets, event->offset_count,
				   &parcel) != STATUS_OK)
		return;
	AParcel_readInterfaceToken(parcel, &known->descriptor);
	AParcel_delete(parcel);
	if (known->descriptor)
		names_note_interface(words->names, event->node, known->descriptor);
}

static uint32_t code_of(struct known *known, const ABinderEvent *event)
{
	const bool reply = event->transaction == ABINDER_TRANSACTION_REPLY;
	uint32_t id = reply ? event->reply_to : event->id;
	struct known_call *call = &known->call[id % CALLS];

	if (!reply && event->kind == ABINDER_EVENT_SENT)
		*call = (struct known_call){ id, event->code };
	return call->id == id ? call->code : reply ? 0 : event->code;
}

static const char *text_or_null(const char *text)
{
	return text && *text ? text : NULL;
}

void known_fill(struct known *known, struct capture_event *event)
{
	const struct call_words *words = known->words;
	const ABinderEvent *e = &event->event;
	const char *name;

	if (e->kind == ABINDER_EVENT_DELIVERED && e->transaction != ABINDER_TRANSACTION_REPLY)
		read_token(known, e);
	if (e->kind == ABINDER_EVENT_SENT && e->handle == 0 &&
	    e->transaction != ABINDER_TRANSACTION_REPLY)
		names_note_manager(words->names, e->node);
	event->from_program = text_or_null(names_program(words->names, e->from_pid));
	event->to_program = e->to_pid ? text_or_null(names_program(words->names, e->to_pid)) : NULL;
	if (!e->id)
		return;
	event->service = names_service(words->names, e->node);
	event->interface = names_interface(words->names, e->node);
	name = call_method_name(words, event->interface, e->node, code_of(known, e));
	if (name)
		event->method = name;
}

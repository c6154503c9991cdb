/* SPDX-License-Identifier: MIT */
/*
 * recorded_write.c: events as Android's recordings, for writer.h.
 *
 * A recording is written when its reply is delivered, so requests wait in a table until then.  A
 * call whose payload was not captured whole is left out: it could not be sent again.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/android/binder.h>

#include "cli/capture/recorded.h"
#include "cli/capture/writer.h"

/* Calls that wait for their replies at the same time; a power of two. */
#define SLOTS 4096
#define DEAD_OBJECT (-32)

struct waiting {
	uint32_t id; /* 0: the slot is free */
	struct recording recording;
};

struct recorded_writer {
	struct event_writer writer;
	int64_t realtime_ns;
	struct bytes bytes;
	struct {
		uint32_t id;
		uint64_t ns;
	} sent[SLOTS];
	struct waiting waiting[SLOTS];
};

static bool write_one(struct recorded_writer *w, const struct recording *recording)
{
	w->bytes.size = 0;
	recording_encode(&w->bytes, recording);
	if (w->bytes.failed) {
		errno = ENOMEM;
		return false;
	}
	return fwrite(w->bytes.data, 1, w->bytes.size, w->writer.out) == w->bytes.size;
}

static bool is_whole(const ABinderEvent *event)
{
	return event->data_captured == event->data_size &&
	       event->offset_count * 8 == event->offsets_size;
}

static bool keep(struct recorded_payload *to, const ABinderEvent *event)
{
	size_t size = event->offset_count * sizeof(*to->offsets);

	bytes_put(&to->data, event->data, event->data_captured);
	to->offsets = malloc(size + 1);
	if (!to->offsets || to->data.failed) {
		errno = ENOMEM;
		return false;
	}
	memcpy(to->offsets, event->offsets, size);
	to->offset_count = event->offset_count;
	return true;
}

static void copy_name(char to[RECORDED_MAX_NAME + 1], const char *name)
{
	snprintf(to, RECORDED_MAX_NAME + 1, "%s", name ? name : "");
}

/* A one-way call is written at once. */
static bool take_request(struct recorded_writer *w, const struct capture_event *from)
{
	const ABinderEvent *event = &from->event;
	struct waiting *waiting = &w->waiting[event->id % SLOTS];
	struct recording *r = &waiting->recording;
	uint64_t ns = event->time_ns;

	if (!is_whole(event)) {
		w->writer.left_out++;
		return true;
	}
	if (w->sent[event->id % SLOTS].id == event->id)
		ns = w->sent[event->id % SLOTS].ns;
	ns += (uint64_t)w->realtime_ns;
	recording_clear(r);
	waiting->id = event->id;
	r->code = event->code;
	r->flags = event->flags;
	r->seconds = (int64_t)(ns / 1000000000);
	r->nanoseconds = (int32_t)(ns % 1000000000);
	r->from_pid = event->from_pid;
	r->from_tid = event->from_tid;
	r->to_pid = event->to_pid;
	r->to_tid = event->to_tid;
	r->from_uid = event->from_uid;
	r->to_uid = event->to_uid;
	r->node = event->node;
	r->handle = event->handle;
	copy_name(r->interface, from->interface);
	copy_name(r->service, from->service);
	copy_name(r->method, from->method);
	copy_name(r->program, from->from_program);
	if (!keep(&r->request, event))
		return false;
	if (event->transaction != ABINDER_TRANSACTION_ONEWAY)
		return true;
	waiting->id = 0;
	return write_one(w, r);
}

static uint64_t begun_ns(const struct recording *r)
{
	return (uint64_t)r->seconds * 1000000000 + (uint64_t)r->nanoseconds;
}

static bool take_end(struct recorded_writer *w, const ABinderEvent *event, uint32_t id)
{
	struct waiting *waiting = &w->waiting[id % SLOTS];
	struct recording *r = &waiting->recording;
	bool delivered = event->kind == ABINDER_EVENT_DELIVERED;

	if (waiting->id != id)
		return true;
	waiting->id = 0;
	if (delivered && !is_whole(event)) {
		w->writer.left_out++;
		return true;
	}
	r->took_ns = event->time_ns + (uint64_t)w->realtime_ns - begun_ns(r);
	if (!delivered)
		r->status = DEAD_OBJECT;
	else if (event->flags & TF_STATUS_CODE && event->data_captured >= 4)
		memcpy(&r->status, event->data, 4);
	else if (!keep(&r->reply, event))
		return false;
	return write_one(w, r);
}

static bool put(struct event_writer *writer, const struct capture_event *from)
{
	struct recorded_writer *w = (struct recorded_writer *)writer;
	const ABinderEvent *event = &from->event;
	const bool reply = event->transaction == ABINDER_TRANSACTION_REPLY;

	switch (event->kind) {
	case ABINDER_EVENT_SENT:
		w->sent[event->id % SLOTS].id = event->id;
		w->sent[event->id % SLOTS].ns = event->time_ns;
		return true;
	case ABINDER_EVENT_DELIVERED:
		return reply ? take_end(w, event, event->reply_to) : take_request(w, from);
	case ABINDER_EVENT_FAILED:
		return reply ? take_end(w, event, event->reply_to) : true;
	case ABINDER_EVENT_UNANSWERED:
		return take_end(w, event, event->id);
	default:
		return true;
	}
}

static void free_writer(struct event_writer *writer)
{
	struct recorded_writer *w = (struct recorded_writer *)writer;

	for (size_t i = 0; i < SLOTS; i++)
		recording_clear(&w->waiting[i].recording);
	bytes_free(&w->bytes);
	free(w);
}

static const struct event_writer_ops recorded_ops = { put, NULL, NULL, free_writer };

struct event_writer *recorded_writer_new(FILE *out, const struct capture_about *about)
{
	struct recorded_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->writer = (struct event_writer){ .ops = &recorded_ops, .out = out };
	w->realtime_ns = about->realtime_ns;
	return &w->writer;
}

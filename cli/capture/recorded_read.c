/* SPDX-License-Identifier: MIT */
/*
 * recorded_read.c: events from Android's recordings, for reader.h.
 *
 * A recording becomes the events of a call: sent, delivered, and its reply delivered.  What
 * Android does not record has a number of its own here: the transactions' ids, and a node for each
 * interface.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/android/binder.h>

#include "cli/capture/reader.h"
#include "cli/capture/recorded.h"

#define MOST_INTERFACES 256

enum step { STEP_READ, STEP_DELIVERED, STEP_REPLY };

struct recorded_reader {
	struct event_reader reader;
	struct recorded_file file;
	struct recording recording;
	enum step step; /* what comes next */
	uint32_t id;    /* of the call */
	unsigned long long count;
	uint8_t status[4];
	struct capture_event event;
	char *interface[MOST_INTERFACES];
};

/* Recordings of ours have the driver's number. */
static uint32_t node_of(struct recorded_reader *r)
{
	const char *name = r->recording.interface;
	uint32_t i = 0;

	if (r->recording.node || !*name)
		return r->recording.node;
	while (i < MOST_INTERFACES && r->interface[i] && strcmp(r->interface[i], name) != 0)
		i++;
	if (i < MOST_INTERFACES && !r->interface[i])
		r->interface[i] = strdup(name);
	return i + 1;
}

/* 0 would be the service manager's; a recording has none where its call was first seen delivered. */
static uint32_t handle_of(const struct recording *recording)
{
	if (!recording->handle && strcmp(recording->interface, "android.os.IServiceManager") != 0)
		return UINT32_MAX;
	return recording->handle;
}

static uint64_t begun_ns(const struct recording *recording)
{
	return (uint64_t)recording->seconds * UINT64_C(1000000000) +
	       (uint64_t)(int64_t)recording->nanoseconds;
}

static const char *name_or_null(const char *name)
{
	return *name ? name : NULL;
}

static void begin_event(struct recorded_reader *r, ABinderEventKind kind)
{
	const struct recording *recording = &r->recording;
	static const uint64_t none[1];

	r->event = (struct capture_event){
		.event = {
			.kind = kind,
			.transaction = recording->flags & TF_ONE_WAY ? ABINDER_TRANSACTION_ONEWAY :
								       ABINDER_TRANSACTION_CALL,
			.time_ns = begun_ns(recording),
			.id = r->id,
			.from_pid = recording->from_pid,
			.from_tid = recording->from_tid,
			.to_pid = recording->to_pid,
			.to_tid = recording->to_tid,
			.from_uid = recording->from_uid,
			.to_uid = recording->to_uid,
			.node = node_of(r),
			.handle = handle_of(recording),
			.code = recording->code,
			.flags = recording->flags,
			.data = (const uint8_t *)"",
			.offsets = none,
		},
		.service = name_or_null(recording->service),
		.interface = name_or_null(recording->interface),
		.method = name_or_null(recording->method),
		.from_program = name_or_null(recording->program),
	};
	if (r->event.from_program)
		snprintf(r->event.event.from_program, sizeof(r->event.event.from_program), "%.*s",
			 (int)sizeof(r->event.event.from_program) - 1, r->event.from_program);
}

static void put_payload(ABinderEvent *event, const struct recorded_payload *payload)
{
	event->data_size = event->data_captured = payload->data.size;
	event->offsets_size = payload->offset_count * 8;
	event->offset_count = payload->offset_count;
	if (payload->data.size)
		event->data = payload->data.data;
	if (payload->offset_count)
		event->offsets = payload->offsets;
}

static void reply_event(struct recorded_reader *r)
{
	const struct recording *recording = &r->recording;
	ABinderEvent *event = &r->event.event;
	uint32_t status = (uint32_t)recording->status;

	begin_event(r, ABINDER_EVENT_DELIVERED);
	event->transaction = ABINDER_TRANSACTION_REPLY;
	event->time_ns += recording->took_ns;
	event->id = r->id + 1;
	event->reply_to = r->id;
	event->from_pid = recording->to_pid;
	event->from_tid = recording->to_tid;
	event->to_pid = recording->from_pid;
	event->to_tid = recording->from_tid;
	event->from_uid = recording->to_uid;
	event->to_uid = recording->from_uid;
	event->code = 0;
	event->flags = recording->status ? TF_STATUS_CODE : 0;
	*event->from_program = 0;
	r->event.from_program = NULL;
	put_payload(event, &recording->reply);
	if (recording->status) {
		memcpy(r->status, &status, sizeof(status));
		event->data = r->status;
		event->data_size = event->data_captured = sizeof(status);
		event->offsets_size = event->offset_count = 0;
	}
}

static enum reader_result read_one(struct recorded_reader *r)
{
	switch (recording_read(&r->file, &r->recording)) {
	case RECORDED_END:
		return READER_END;
	case RECORDED_BAD:
		return event_reader_fail(&r->reader, "it is damaged after %llu recordings: %s",
					 r->count, r->file.error);
	case RECORDED_ONE:
		break;
	}
	r->count++;
	r->id += 2;
	return READER_EVENT;
}

static enum reader_result next(struct event_reader *reader, const struct capture_event **ret)
{
	struct recorded_reader *r = (struct recorded_reader *)reader;
	enum reader_result result;

	switch (r->step) {
	case STEP_READ:
		result = read_one(r);
		if (result != READER_EVENT)
			return result;
		begin_event(r, ABINDER_EVENT_SENT);
		r->step = STEP_DELIVERED;
		break;
	case STEP_DELIVERED:
		begin_event(r, ABINDER_EVENT_DELIVERED);
		put_payload(&r->event.event, &r->recording.request);
		r->step = r->recording.flags & TF_ONE_WAY ? STEP_READ : STEP_REPLY;
		break;
	case STEP_REPLY:
		reply_event(r);
		r->step = STEP_READ;
		break;
	}
	*ret = &r->event;
	return READER_EVENT;
}

static void close_file(struct event_reader *reader)
{
	struct recorded_reader *r = (struct recorded_reader *)reader;

	for (size_t i = 0; i < MOST_INTERFACES; i++)
		free(r->interface[i]);
	recording_clear(&r->recording);
	free(r);
}

static const struct event_reader_ops recorded_ops = {
	.format = "recorded",
	.next = next,
	.close = close_file,
};

struct event_reader *recorded_reader_new(FILE *in, const uint8_t magic[READER_MAGIC])
{
	struct recorded_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->reader.ops = &recorded_ops;
	r->reader.in = r->file.in = in;
	r->id = (uint32_t)-1; /* the first call's is 1 */
	memcpy(r->file.first, magic, sizeof(r->file.first));
	r->file.first_size = sizeof(r->file.first);
	return &r->reader;
}

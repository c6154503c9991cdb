/* SPDX-License-Identifier: MIT */
/*
 * live.c: events of a device as they happen, for reader.h.
 */
#include <stdlib.h>

#include "cli/capture/reader.h"

struct live {
	struct event_reader reader;
	ABinderWatch *watch;
	struct capture_event event;
};

static enum reader_result next(struct event_reader *reader, const struct capture_event **ret)
{
	struct live *live = (struct live *)reader;
	const ABinderEvent *event;

	if (ABinderWatch_next(live->watch, &event) != STATUS_OK)
		return event_reader_fail(reader, "%s", ABinder_lastError());
	reader->lost = ABinderWatch_getLost(live->watch);
	if (!event)
		return READER_NONE;
	live->event = (struct capture_event){
		.event = *event,
		.from_program = *event->from_program ? event->from_program : NULL,
	};
	*ret = &live->event;
	return READER_EVENT;
}

static binder_status_t wait_for_some(struct event_reader *reader, int timeout_ms)
{
	return ABinderWatch_wait(((struct live *)reader)->watch, timeout_ms);
}

static int fd_of(const struct event_reader *reader)
{
	return ABinderWatch_getFd(((const struct live *)reader)->watch);
}

static void close_live(struct event_reader *reader)
{
	ABinderWatch_close(((struct live *)reader)->watch);
	free(reader);
}

static const struct event_reader_ops live_ops = {
	.format = "live",
	.next = next,
	.close = close_live,
	.wait = wait_for_some,
	.fd = fd_of,
};

struct event_reader *event_reader_live(ABinderWatch *watch)
{
	struct live *live = calloc(1, sizeof(*live));

	if (!live)
		return NULL;
	live->reader.ops = &live_ops;
	live->reader.realtime_ns = ABinderWatch_getRealtimeOffset(watch);
	live->watch = watch;
	return &live->reader;
}

/* SPDX-License-Identifier: MIT */
/*
 * reader.h: events from a device, or from a file of any format.
 *
 * A viewer opens a reader and calls event_reader_next() in a loop; it need not know the source.
 * live.c reads binder/watch.h, pcapng_read.c what `binderctl capture` writes, recorded_read.c
 * Android's recordings.
 *
 * A file is hostile: sizes are checked before they are used, and what is wrong ends the reader
 * with words.  Events before the damage have been given by then.
 */
#ifndef CLI_CAPTURE_READER_H
#define CLI_CAPTURE_READER_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/capture/event.h"

enum reader_result {
	READER_EVENT,  /* *ret is the next one */
	READER_NONE,   /* of a live reader: none now; see event_reader_wait() */
	READER_END,    /* of a file: that was all */
	READER_FAILED, /* event_reader_error() says why; nothing comes any more */
};

struct event_reader;

/* Takes over the watch.  NULL: no memory. */
struct event_reader *event_reader_live(ABinderWatch *watch);
/*
 * Finds out the format from the first bytes, and reads on as events are asked for; a pipe will do.
 * The file is borrowed.  NULL: no memory; the rest is told by event_reader_next().
 */
struct event_reader *event_reader_file(FILE *in);
/* NULL is allowed. */
void event_reader_close(struct event_reader *reader);

/* *ret is valid until the next call. */
enum reader_result event_reader_next(struct event_reader *reader, const struct capture_event **ret);
/* As ABinderWatch_wait(); of a file always STATUS_OK. */
binder_status_t event_reader_wait(struct event_reader *reader, int timeout_ms);
/* Readable when there may be an event; -1: a file. */
int event_reader_fd(const struct event_reader *reader);
/* How many events are missing, as far as is known by now. */
uint64_t event_reader_lost(const struct event_reader *reader);
/* The offset from an event's time to CLOCK_REALTIME. */
int64_t event_reader_realtime(const struct event_reader *reader);
/* Words for READER_FAILED. */
const char *event_reader_error(const struct event_reader *reader);
/* "pcapng", "recorded", "live"; "" while it is not known. */
const char *event_reader_format(const struct event_reader *reader);

/* ---- for the back ends ------------------------------------------------------------- */

struct event_reader_ops {
	const char *format;
	enum reader_result (*next)(struct event_reader *reader, const struct capture_event **ret);
	void (*close)(struct event_reader *reader); /* frees it */
	/* NULL: a file. */
	binder_status_t (*wait)(struct event_reader *reader, int timeout_ms);
	int (*fd)(const struct event_reader *reader);
};

/* Stands first in each back end's own structure. */
struct event_reader {
	const struct event_reader_ops *ops;
	FILE *in; /* of a file */
	uint64_t lost;
	int64_t realtime_ns;
	bool ended; /* nothing comes any more */
	char error[200];
};

/* Sets the words; gives READER_FAILED. */
__attribute__((format(printf, 2, 3))) enum reader_result
event_reader_fail(struct event_reader *reader, const char *format, ...);

/* The back ends for files.  The first bytes have been read.  NULL: no memory. */
#define READER_MAGIC 8
struct event_reader *pcapng_reader_new(FILE *in, const uint8_t magic[READER_MAGIC]);
struct event_reader *recorded_reader_new(FILE *in, const uint8_t magic[READER_MAGIC]);

#endif

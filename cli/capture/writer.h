/* SPDX-License-Identifier: MIT */
/*
 * writer.h: events into a file of one format.
 *
 * `binderctl capture` hands each event in, with the names that are known by then.  The file is
 * borrowed.  A function that fails has set errno.
 */
#ifndef CLI_CAPTURE_WRITER_H
#define CLI_CAPTURE_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/capture/event.h"

struct event_writer;

/* The source of a file's events. */
struct capture_about {
	const char *device;  /* its path */
	int64_t realtime_ns; /* to be added to the events' times for CLOCK_REALTIME */
};

/* NULL: no memory. */
struct event_writer *pcapng_writer_new(FILE *out, const struct capture_about *about);
struct event_writer *recorded_writer_new(FILE *out, const struct capture_about *about);
/* NULL is allowed. */
void event_writer_free(struct event_writer *writer);

bool event_writer_put(struct event_writer *writer, const struct capture_event *event);
/* Calls that could not be written, because their payloads were not captured whole. */
unsigned long long event_writer_left_out(const struct event_writer *writer);
/* Now and then: writes down what has waited since before that moment (CLOCK_MONOTONIC), and
 * flushes the file. */
bool event_writer_flush(struct event_writer *writer, uint64_t before_ns);
/* received: events that came; lost: that did not.  Nothing may be put after it. */
bool event_writer_end(struct event_writer *writer, uint64_t received, uint64_t lost);

/* ---- for the back ends ------------------------------------------------------------- */

struct event_writer_ops {
	bool (*put)(struct event_writer *writer, const struct capture_event *event);
	bool (*flush)(struct event_writer *writer, uint64_t before_ns);
	bool (*end)(struct event_writer *writer, uint64_t received, uint64_t lost);
	void (*free)(struct event_writer *writer);
};

/* Stands first in each back end's own structure. */
struct event_writer {
	const struct event_writer_ops *ops;
	FILE *out;
	unsigned long long left_out;
};

#endif

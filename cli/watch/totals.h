/* SPDX-License-Identifier: MIT */
/*
 * totals.h: how often each method is called, how long it takes and how often it fails.
 *
 * The verbs that sum up hand in conversations that have ended.  There are at most
 * TOTALS_MOST rows; calls of further methods are counted in the last one, "(others)".
 */
#ifndef CLI_WATCH_TOTALS_H
#define CLI_WATCH_TOTALS_H

#include "cli/watch/call_words.h"
#include "cli/watch/histogram.h"

#define TOTALS_MOST 1024

struct total {
	char *target,
		*method; /* as call_name() has them; of objects without a name, the interface */
	pid_t pid;       /* the last process that had the calls */
	uint64_t calls, failed, bytes;
	double calls_rate, bytes_rate;       /* a second, in the last interval */
	uint64_t marked_calls, marked_bytes; /* at its beginning */
	/* Nanoseconds to the answer; of a one-way call until a thread reads it. */
	struct histogram time;
};

struct totals;

/* NULL: no memory. */
struct totals *totals_new(void);
void totals_free(struct totals *totals);
/* false: no memory. */
bool totals_take(struct totals *totals, const struct call_words *words,
		 const struct conversation *call);
/* Ends an interval of so many seconds. */
void totals_mark(struct totals *totals, double seconds);
/* Forgets all counts and keeps the rows. */
void totals_clear(struct totals *totals);
/* Pointers stay good until totals_free(). */
struct total *const *totals_rows(const struct totals *totals, size_t *count);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * explain.h: the numbers of Binder in words.
 *
 * explain_table.c holds the facts, explain.c finds the rows for a word,
 * explain_log.c reads a line of a driver's log and knows what led to its result.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <jansson.h>
#include <stdint.h>

struct fact {
	const char *kind; /* "status", "exception", "driver's answer", ... */
	const char *name;
	int64_t number;
	const char *meaning;
	const char *cause; /* what usually leads to it, and what to try; NULL: nothing to say */
};

/* The last one has no name. */
extern const struct fact explain_facts[];

/* These print what they find, or append it to a list; they return how many that were. */
int explain_word(const char *word, json_t *list);
int explain_errno(const char *word, json_t *list);
/* A line of a transaction log, the driver's or the kernel's. */
int explain_log(const char *text, json_t *list);

/* One fact, for those above. */
void explain_fact(const struct fact *fact, json_t *list);

#endif

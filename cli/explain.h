/* SPDX-License-Identifier: MIT */
/*
 * explain.h: the numbers of Binder in words.
 *
 * explain_table.c holds the facts, explain.c finds the rows for a word.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

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

#endif

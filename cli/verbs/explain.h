/* SPDX-License-Identifier: MIT */
/*
 * explain.h: the numbers of Binder in words.
 *
 * explain_table.c holds the facts, explain.c finds the rows for a word,
 * explain_log.c reads a line of a driver's log and knows what led to its result,
 * explain_lines.c has all other lines, explain_input.c reads many of them.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/verb.h"

#define EXPLAIN_ERRNO_MOST 133

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
int explain_status(const char *word, json_t *list); /* the number of one, and nothing else */
int explain_errno(const char *word, json_t *list);
/* A line of a transaction log, the driver's or the kernel's. */
int explain_log(const char *text, json_t *list);

/* Any other line that a driver or Android's libraries write. */
int explain_line(const char *text, json_t *list);

/* Each line of a stream; JSON objects get the line as "line".  An enum exit_status. */
int explain_stream(const struct arguments *arguments, FILE *in, json_t *list);

/* One fact, for those above. */
void explain_fact(const struct fact *fact, json_t *list);
/* A line's: what happened, and what usually leads to it. */
void explain_print_line(const struct fact *fact);

#endif

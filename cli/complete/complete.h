/* SPDX-License-Identifier: MIT */
/*
 * complete.h: candidates for a word that is being typed.
 *
 * Verbs name these functions in their rows; the shell calls complete_words().
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/verb.h"

struct completion {
	FILE *out;          /* candidates, one a line */
	const char *device; /* of --device before the word; NULL: the usual one */
	int argc;           /* the words from the verb on; the last one is being typed */
	char **argv;
};

/* The candidates for the last word. */
void complete_words(struct completion *completion, int count, char **words);
/* One candidate, if the word behind @before begins it. */
void offer_candidate(const struct completion *completion, const char *candidate, const char *word,
		     const char *before, const char *after);
void complete_services(const struct completion *completion, const char *word, const char *before);

/* For rows of the verb table. */
void complete_service(const struct completion *completion, int index, const char *word);
void complete_call(const struct completion *completion, int index, const char *word);
void complete_sandbox(const struct completion *completion, int index, const char *word);
void complete_verb(const struct completion *completion, int index, const char *word);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * words.h: a line that somebody typed, as words.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stdbool.h>

struct words {
	int count;
	char **word; /* ends with NULL */
	bool open;   /* ends inside of a quote, or behind a backslash */
	bool blank;  /* ends behind a blank, so that a new word begins */
};

/*
 * As a shell would: blanks separate; '...' is as it stands; in "..." a backslash
 * keeps " and \ from their meaning, outside of quotes any character.  There are
 * no variables, patterns or redirections.  0 or -ENOMEM.
 */
int words_split(const char *line, struct words *ret);
void words_free(struct words *words);

#endif

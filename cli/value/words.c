/* SPDX-License-Identifier: MIT */
/*
 * words.c: splits a line of the shell into words, for running and for completing it.
 */
#include "cli/value/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Copies the word at *line to out, without its quotes, and moves both behind it. */
static bool take_word(const char **line, char **out)
{
	const char *in = *line;
	char quote = 0, *to = *out;
	bool open = false;

	for (; *in && (quote || !isspace((unsigned char)*in)); in++) {
		if (quote && *in == quote) {
			quote = 0;
		} else if (!quote && (*in == '\'' || *in == '"')) {
			quote = *in;
		} else if (*in == '\\' &&
			   (!quote || (quote == '"' && in[1] && strchr("\"\\", in[1])))) {
			if (in[1])
				*to++ = *++in;
			else
				open = true;
		} else {
			*to++ = *in;
		}
	}
	*to++ = 0;
	*line = in;
	*out = to;
	return open || quote;
}

int words_split(const char *line, struct words *ret)
{
	size_t length = strlen(line);
	/* At most every other character begins a word; the texts lie behind the pointers. */
	size_t most = length / 2 + 2;
	char **word = malloc(most * sizeof(*word) + length + most), *text;
	struct words words = { .word = word, .blank = true };

	if (!word)
		return -ENOMEM;
	text = (char *)(word + most);
	for (;;) {
		words.blank = isspace((unsigned char)*line) || !words.count;
		while (isspace((unsigned char)*line))
			line++;
		if (!*line)
			break;
		word[words.count++] = text;
		words.open = take_word(&line, &text);
	}
	word[words.count] = NULL;
	*ret = words;
	return 0;
}

void words_free(struct words *words)
{
	free(words->word);
	*words = (struct words){ 0 };
}

/* SPDX-License-Identifier: MIT */
/*
 * explain_pattern.c: matches a line with a pattern, and fills a template.
 */
#include "cli/verbs/explain_pattern.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session.h"

/* ---- matching ------------------------------------------------------------------------ */

/* How many characters belong to a place of that letter. */
static size_t place_length(char letter, const char *text)
{
	size_t sign = *text == '-', length;

	switch (letter) {
	case 's':
	case 'x':
	case 'y':
		return strspn(text, "0123456789abcdefABCDEFxX");
	case 'w':
		return strcspn(text, " \t,;:()");
	case 'e':
	case 'm':
	case 'n':
		length = strspn(text + sign, "0123456789");
		return length ? sign + length : 0;
	default:
		return strspn(text, "0123456789");
	}
}

static bool match(const char *pattern, const char *line, struct pattern_places *places)
{
	while (*pattern) {
		size_t length;
		char letter;

		if (pattern[0] != '{') {
			if (*pattern++ != *line++)
				return false;
			continue;
		}
		letter = pattern[1];
		length = place_length(letter, line);
		if (!length)
			return false;
		snprintf(places->text[letter - 'a'], PATTERN_WORD, "%.*s",
			 (int)(length < PATTERN_WORD ? length : PATTERN_WORD - 1), line);
		line += length;
		pattern += strlen("{x}");
	}
	/* Not in the middle of a word or number. */
	return !isalnum((unsigned char)*line) || !isalnum((unsigned char)line[-1]);
}

bool pattern_find(const char *pattern, const char *line, struct pattern_places *ret)
{
	for (const char *at = line; *at; at++) {
		struct pattern_places places = { 0 };

		if (at != line && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)*at))
			continue;
		if (match(pattern, at, &places)) {
			*ret = places;
			return true;
		}
	}
	return false;
}

/* ---- filling ------------------------------------------------------------------------- */

void pattern_print_process(FILE *out, int pid)
{
	char name[64];
	int64_t uid;

	session_process(pid, &uid, name, sizeof(name));
	fprintf(out, "process %d%s%s%s", pid, *name ? " (" : "", name, *name ? ")" : "");
}

char *pattern_fill(const char *template, const struct pattern_places *places)
{
	char *text = NULL;
	size_t size;
	FILE *out = template ? open_memstream(&text, &size) : NULL;

	if (!out)
		return NULL;
	for (const char *at = template; *at; at++) {
		if (*at != '{') {
			putc(*at, out);
			continue;
		}
		if (at[1] == 'p' || at[1] == 'q')
			pattern_print_process(out, atoi(places->text[at[1] - 'a']));
		else
			fputs(places->text[at[1] - 'a'], out);
		at += strlen("{x}") - 1;
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* SPDX-License-Identifier: MIT */
/*
 * state_line.c: one line of a driver's text against a pattern; see state.h.
 *
 * Called by state_json.c with each of its rows.
 */
#include "cli/verbs/state.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Integers up to this are numbers in JSON for everybody. */
#define SAFE_INTEGER (1ull << 53)

json_t *state_string(const char *text, size_t size)
{
	json_t *string = json_stringn(text, size);
	char *clean;

	if (string)
		return string;
	clean = malloc(size + 1);
	for (size_t i = 0; clean && i < size; i++)
		clean[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	string = clean ? json_stringn(clean, size) : NULL;
	free(clean);
	return string;
}

/* strtoull() takes blanks and signs as well. */
static bool take_unsigned(const char **text, int base, unsigned long long *ret)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char *end;

	if (!**text || !memchr(digits, **text, base == 10 ? 10 : sizeof(digits) - 1))
		return false;
	errno = 0;
	*ret = strtoull(*text, &end, base);
	*text = end;
	return errno == 0;
}

static json_t *take_decimal(const char **text)
{
	unsigned long long number;
	bool minus = **text == '-';

	*text += minus;
	if (!take_unsigned(text, 10, &number) || number > INT64_MAX)
		return NULL;
	return json_integer(minus ? -(json_int_t)number : (json_int_t)number);
}

static json_t *take_hexadecimal(const char **text, char kind)
{
	unsigned long long number;
	size_t blanks = strspn(*text, " ");

	/* Before 4.14 nothing is printed as a word, behind blanks. */
	if (kind != 'x' && !strncmp(*text + blanks, "(null)", strlen("(null)"))) {
		*text += blanks + strlen("(null)");
		return kind == 'n' ? json_false() : json_string("0x0");
	}
	/* A kernel that does not want to print it. */
	if (kind != 'x' && !strncmp(*text, "(____ptrval____)", 16)) {
		*text += 16;
		return kind == 'n' ? json_true() : json_string("hidden");
	}
	if (!take_unsigned(text, 16, &number))
		return NULL;
	if (kind == 'n')
		return json_boolean(number);
	if (kind == 'x' && number < SAFE_INTEGER)
		return json_integer((json_int_t)number);
	return json_sprintf("0x%llx", number);
}

static json_t *take_words(const char **text, char kind)
{
	size_t size = kind == 'w' ? strcspn(*text, " ") : strlen(*text);
	json_t *string = size ? state_string(*text, size) : NULL;

	*text += size;
	return string;
}

static json_t *take_list(const char **text)
{
	json_t *list = json_array(), *number = list;

	while (list && number) {
		number = take_decimal(text);
		if (number && json_array_append_new(list, number) == 0 && **text == ' ')
			++*text;
		else
			break;
	}
	if (number)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *take_boolean(const char **text)
{
	unsigned long long number;

	/* The driver in Rust has words for it. */
	if (!strncmp(*text, "true", 4)) {
		*text += 4;
		return json_true();
	}
	if (!strncmp(*text, "false", 5)) {
		*text += 5;
		return json_false();
	}
	return take_unsigned(text, 10, &number) ? json_boolean(number) : NULL;
}

static json_t *take(const char **text, char kind)
{
	switch (kind) {
	case 'd':
		return take_decimal(text);
	case 'x':
	case 'p':
	case 'n':
		return take_hexadecimal(text, kind);
	case 'b':
		return take_boolean(text);
	case 'l':
		return take_list(text);
	case 't':
		return json_true();
	case 'f':
		return json_false();
	default:
		return take_words(text, kind);
	}
}

/* Patterns are ours: a name, a colon, a letter. */
static bool match_field(const char **pattern, const char **text, json_t *object)
{
	const char *colon = strchr(*pattern, ':');
	json_t *value = take(text, colon[1]);
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)(colon - *pattern - 1), *pattern + 1);
	*pattern = colon + 3;
	return value && json_object_set_new(object, name, value) == 0;
}

/* Up to the end of the pattern, or of the part of it that may be missing. */
static bool match(const char **pattern, const char **text, json_t *object)
{
	while (**pattern && **pattern != ']') {
		if (**pattern == '[') {
			const char *inner = *pattern + 1, *rest = *text;
			json_t *found = json_object();

			if (match(&inner, &rest, found)) {
				json_object_update(object, found);
				*text = rest;
			}
			json_decref(found);
			*pattern = strchr(*pattern, ']') + 1;
		} else if (**pattern == '{') {
			if (!match_field(pattern, text, object))
				return false;
		} else if (*(*pattern)++ != *(*text)++) {
			return false;
		}
	}
	return true;
}

bool state_match(const char *pattern, const char *line, json_t *object)
{
	json_t *found = json_object();
	bool matches = found && match(&pattern, &line, found) && !*line;

	if (matches)
		json_object_update(object, found);
	json_decref(found);
	return matches;
}

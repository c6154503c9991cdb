/* SPDX-License-Identifier: MIT */
/*
 * line.c: one line of a driver's text against a pattern; see line.h.
 *
 * Called by rows.c with each of its rows.  Nothing is allocated: a large world
 * has ten thousands of lines.
 */
#include "cli/state/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

bool state_take_decimal(const char **text, int64_t *ret)
{
	unsigned long long number;
	bool minus = **text == '-';

	*text += minus;
	if (!take_unsigned(text, 10, &number) || number > INT64_MAX)
		return false;
	*ret = minus ? -(int64_t)number : (int64_t)number;
	return true;
}

static bool take_hexadecimal(const char **text, char kind, struct state_field *field)
{
	unsigned long long number;
	size_t blanks = strspn(*text, " ");

	/* Before 4.14 nothing is printed as a word, behind blanks. */
	if (kind != 'x' && !strncmp(*text + blanks, "(null)", strlen("(null)"))) {
		*text += blanks + strlen("(null)");
		return true;
	}
	/* A kernel that does not want to print it. */
	if (kind != 'x' && !strncmp(*text, "(____ptrval____)", 16)) {
		*text += 16;
		field->hidden = true;
		field->number = 1;
		return true;
	}
	if (!take_unsigned(text, 16, &number))
		return false;
	field->bits = number;
	field->number = kind == 'n' ? number != 0 : 0;
	return true;
}

static bool take_words(const char **text, char kind, struct state_field *field)
{
	field->text = *text;
	field->size = kind == 'w' ? strcspn(*text, " ") : strlen(*text);
	*text += field->size;
	return field->size;
}

static bool take_list(const char **text, struct state_field *field)
{
	int64_t number;

	field->text = *text;
	while (state_take_decimal(text, &number)) {
		field->size = (size_t)(*text - field->text);
		if (**text != ' ')
			return true;
		++*text;
	}
	return false;
}

static bool take_boolean(const char **text, struct state_field *field)
{
	unsigned long long number;

	/* The driver in Rust has words for it. */
	if (!strncmp(*text, "true", 4)) {
		*text += 4;
		field->number = 1;
		return true;
	}
	if (!strncmp(*text, "false", 5)) {
		*text += 5;
		return true;
	}
	if (!take_unsigned(text, 10, &number))
		return false;
	field->number = number != 0;
	return true;
}

static bool take(const char **text, char kind, struct state_field *field)
{
	switch (kind) {
	case 'd':
		return state_take_decimal(text, &field->number);
	case 'x':
	case 'p':
	case 'n':
		return take_hexadecimal(text, kind, field);
	case 'b':
		return take_boolean(text, field);
	case 'l':
		return take_list(text, field);
	case 't':
	case 'f':
		field->number = kind == 't';
		return true;
	default:
		return take_words(text, kind, field);
	}
}

/* Patterns are ours: a name, a colon, a letter. */
static bool match_field(const char **pattern, const char **text, struct state_fields *fields)
{
	const char *name = *pattern + 1, *colon = strchr(name, ':');
	struct state_field *field = &fields->field[fields->count];

	if (fields->count == STATE_MAX_FIELDS)
		return false;
	*field = (struct state_field){ .name = name,
				       .name_size = (size_t)(colon - name),
				       .kind = colon[1] };
	*pattern = colon + 3;
	if (!take(text, colon[1], field))
		return false;
	fields->count++;
	return true;
}

/* Up to the end of the pattern, or of the part of it that may be missing. */
static bool match(const char **pattern, const char **text, struct state_fields *fields)
{
	while (**pattern && **pattern != ']') {
		if (**pattern == '[') {
			const char *inner = *pattern + 1, *rest = *text;
			size_t before = fields->count;

			if (match(&inner, &rest, fields))
				*text = rest;
			else
				fields->count = before;
			*pattern = strchr(*pattern, ']') + 1;
		} else if (**pattern == '{') {
			if (!match_field(pattern, text, fields))
				return false;
		} else if (*(*pattern)++ != *(*text)++) {
			return false;
		}
	}
	return true;
}

bool state_match(const char *pattern, const char *line, struct state_fields *ret)
{
	ret->count = 0;
	return match(&pattern, &line, ret) && !*line;
}

const struct state_field *state_field(const struct state_fields *fields, const char *name)
{
	size_t size = strlen(name);

	for (size_t i = 0; i < fields->count; i++)
		if (fields->field[i].name_size == size &&
		    !memcmp(fields->field[i].name, name, size))
			return &fields->field[i];
	return NULL;
}

int64_t state_number(const struct state_fields *fields, const char *name, int64_t otherwise)
{
	const struct state_field *field = state_field(fields, name);

	if (!field)
		return otherwise;
	return field->kind == 'x' || field->kind == 'p' ? (int64_t)field->bits : field->number;
}

/* Where, in a line of the driver in Rust, the next thing begins that should have its own line; or
 * the line's end. */
static char *end_of_ref(char *line)
{
	static const char *const next[] = { "  ref ", "  pending ", "  buffer", "  transaction ",
					    "  has " };
	char *at = line + strlen("  ref ");

	for (; *at && *at != '\n'; at++)
		for (size_t i = 0; at[0] == ' ' && at[1] == ' ' && i < sizeof(next) / sizeof(*next);
		     i++)
			if (!strncmp(at, next[i], strlen(next[i])))
				return at;
	return at;
}

char *state_copy(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size + 1);

	if (!copy)
		return NULL;
	/* An empty line first: state_next_line() wants a byte in front of each other one. */
	copy[0] = '\n';
	memcpy(copy + 1, text, size);
	return copy;
}

char *state_next_line(char **rest)
{
	char *line = *rest, *end;

	if (!line)
		return NULL;
	end = strncmp(line, "  ref ", strlen("  ref ")) == 0 ? end_of_ref(line) :
							       strchrnul(line, '\n');
	*rest = *end ? end + 1 : NULL;
	if (*end != ' ') {
		*end = 0;
		return line;
	}
	/* The blank belongs to what follows; the byte in front of the line is free. */
	*rest = end;
	memmove(line - 1, line, (size_t)(end - line));
	end[-1] = 0;
	return line - 1;
}

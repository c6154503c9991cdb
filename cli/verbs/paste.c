/* SPDX-License-Identifier: MIT */
/*
 * paste.c: reads dumps of bytes, whoever has printed them.
 *
 * A dump has lines of groups of hexadecimal digits.  A group of 8 is a word in the
 * machine's order, of 2 a byte, of 4 either; an offset may stand in front, and a
 * column of text behind.
 */
#include "cli/verbs/paste.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 16 /* more no dump prints in a line that has an offset */
#define LONGEST_OFFSET 16

struct bytes {
	uint8_t *data;
	size_t size;
};

static void put(struct bytes *bytes, unsigned int value)
{
	bytes->data[bytes->size++] = (uint8_t)value;
}

static unsigned int digit(char c)
{
	return isdigit((unsigned char)c) ? (unsigned int)(c - '0') :
					   (unsigned int)((c | 32) - 'a' + 10);
}

static size_t digits(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF");
}

/* A group's bytes; its digits are an even number. */
static void put_group(struct bytes *bytes, const char *text, size_t length, bool swapped)
{
	for (size_t i = 0; i < length; i += 2) {
		const char *pair = swapped ? text + length - 2 - i : text + i;

		put(bytes, digit(pair[0]) << 4 | digit(pair[1]));
	}
}

/* ---- a line -------------------------------------------------------------------------- */

struct line {
	const char *groups; /* behind the offset */
	const char *end;
	size_t offset_digits; /* 0: it has none */
	size_t width;         /* of a group */
	bool colon, prefixed;
};

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && isspace((unsigned char)*at))
		at++;
	return at;
}

static bool ends_group(const char *at, const char *end)
{
	return at == end || isspace((unsigned char)*at);
}

/* false: there is no group of digits in it. */
static bool begin_line(const char *text, const char *end, struct line *ret)
{
	const char *at = skip_blanks(text, end), *first, *second;
	struct line line = { .end = end };
	size_t length;

	line.prefixed = end - at > 2 && at[0] == '0' && (at[1] | 32) == 'x';
	first = at + 2 * line.prefixed;
	length = digits(first);
	line.colon = first + length < end && first[length] == ':';
	if (!length || (!line.colon && !ends_group(first + length, end)))
		return false;
	second = skip_blanks(first + length + line.colon, end);
	/* "0x..." before each word. */
	if (end - second > 2 && second[0] == '0' && (second[1] | 32) == 'x')
		second += 2;
	line.groups = first;
	line.width = length;
	if (second < end && digits(second) && length <= LONGEST_OFFSET &&
	    (line.colon || digits(second) != length)) {
		line.offset_digits = length;
		line.groups = second;
		line.width = digits(second);
	}
	*ret = line;
	return line.width % 2 == 0;
}

/* Words are printed in the machine's order; xxd, which has a colon, prints bytes. */
static bool is_swapped(const struct line *line)
{
	bool xxd = line->colon && !line->prefixed;

	return (line->width == 8 || (line->width == 4 && line->offset_digits)) && !xxd;
}

static void read_line(const struct line *line, struct bytes *bytes)
{
	size_t from = bytes->size;
	const char *at = line->groups;

	while (at < line->end && digits(at) == line->width &&
	       ends_group(at + line->width, line->end)) {
		const char *next = skip_blanks(at + line->width, line->end);

		put_group(bytes, at, line->width, is_swapped(line));
		/* The text follows a gap; of single bytes the middle has one, too. */
		if (line->offset_digits &&
		    (bytes->size - from >= LINE_BYTES ||
		     (next - at - line->width > 1 && (line->width != 2 || line->colon))))
			break;
		/* "0x..." before each word. */
		if (next + 2 < line->end && next[0] == '0' && (next[1] | 32) == 'x')
			next += 2;
		at = next;
	}
}

/* hexdump and od end with a line that is the size alone. */
static bool is_end(const struct line *line, const struct bytes *bytes)
{
	return bytes->size && !line->offset_digits && line->width <= LONGEST_OFFSET &&
	       strtoul(line->groups, NULL, 16) == bytes->size &&
	       skip_blanks(line->groups + line->width, line->end) == line->end;
}

static bool is_dump(const char *text, const char *end, struct bytes *bytes)
{
	bool any = false;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		struct line line;

		/* A title, as "reply, 72 bytes" of `call`, is no matter. */
		if (begin_line(text, stop, &line)) {
			if (!is_end(&line, bytes))
				read_line(&line, bytes);
			any = true;
		}
		text = stop + (stop < end);
	}
	return any && bytes->size;
}

/* ---- what is no dump ------------------------------------------------------------------- */

static int base64_value(char c)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(letters, c == '-' ? '+' : c == '_' ? '/' : c) : NULL;

	return at ? (int)(at - letters) : -1;
}

static bool is_base64(const char *text, const char *end, struct bytes *bytes)
{
	unsigned int bits = 0, count = 0, characters = 0;

	for (; text < end; text++) {
		int value = base64_value(*text);

		if (isspace((unsigned char)*text))
			continue;
		if (*text == '=')
			break;
		if (value < 0)
			return false;
		bits = bits << 6 | (unsigned int)value;
		count += 6;
		characters++;
		if (count >= 8) {
			count -= 8;
			put(bytes, bits >> count & 0xff);
		}
	}
	/* Only its padding may be left. */
	for (; text < end; text++)
		if (*text != '=' && !isspace((unsigned char)*text))
			return false;
	return characters >= 4 && characters % 4 != 1;
}

/* Behind "Parcel(", up to the parenthesis that closes it, which is not in its text columns. */
static const char *end_of_parcel(const char *text)
{
	bool quoted = false;

	for (; *text; text++) {
		/* The text may hold quotes: one ends the column where blanks or ")" follow. */
		if (*text == '\'' &&
		    (!quoted || text[1] == ')' || text[1] == '\n' || text[1] == '\r' || !text[1]))
			quoted = !quoted;
		else if (*text == ')' && !quoted)
			break;
	}
	return text;
}

enum paste_result paste_read(const char *text, uint8_t **ret, size_t *size_ret)
{
	const char *parcel = strstr(text, "Parcel("), *end = text + strlen(text);
	struct bytes bytes = { .data = malloc(strlen(text) + 1) };
	bool found;

	if (!bytes.data)
		return PASTE_NO_MEMORY;
	if (parcel) {
		text = parcel + strlen("Parcel(");
		end = end_of_parcel(text);
		if (!strncmp(text, "Error:", strlen("Error:"))) {
			free(bytes.data);
			return PASTE_ERROR;
		}
	}
	found = is_dump(text, end, &bytes);
	if (!found && !parcel) {
		bytes.size = 0;
		found = is_base64(text, end, &bytes);
	}
	/* "Parcel(NULL)" is empty, and so is "Parcel()". */
	if (!found && !parcel) {
		free(bytes.data);
		return PASTE_UNKNOWN;
	}
	*ret = bytes.data;
	*size_ret = bytes.size;
	return PASTE_BYTES;
}

/* SPDX-License-Identifier: MIT */
/*
 * text.c: text from elsewhere, made fit for a terminal.
 *
 * Called by errors.c and by the verbs that show names and descriptors.
 */
#include "cli/value/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The character at text in *ret; its length, 0 for what is none. */
static size_t decode(const char *text, size_t size, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)text;
	size_t length;
	uint32_t value;

	if (!size)
		return 0;
	length = byte[0] < 0x80     ? 1 :
		 byte[0] >> 5 == 6  ? 2 :
		 byte[0] >> 4 == 14 ? 3 :
		 byte[0] >> 3 == 30 ? 4 :
				      0;
	if (!length || length > size)
		return 0;
	value = length == 1 ? byte[0] : byte[0] & (0x7f >> length);
	for (size_t i = 1; i < length; i++) {
		if (byte[i] >> 6 != 2)
			return 0;
		value = value << 6 | (byte[i] & 0x3f);
	}
	if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*ret = value;
	return length;
}

size_t text_sequence(const char *text, size_t size)
{
	uint32_t value;

	return decode(text, size, &value);
}

bool text_is_utf8(const char *text, size_t size)
{
	while (size) {
		size_t length = text_sequence(text, size);

		if (!length)
			return false;
		text += length;
		size -= length;
	}
	return true;
}

/* C0, C1, and what turns the direction of writing or hides itself. */
static bool is_tricky(uint32_t value)
{
	return value < 0x20 || (value >= 0x7f && value < 0xa0) || value == 0xad ||
	       (value >= 0x200b && value <= 0x200f) || (value >= 0x2028 && value <= 0x202e) ||
	       (value >= 0x2060 && value <= 0x206f) || value == 0xfeff ||
	       (value >= 0xfff9 && value <= 0xfffb) || (value >= 0xe0000 && value <= 0xe007f);
}

void text_print(FILE *out, const char *text, bool lines)
{
	size_t left = strlen(text);

	while (left) {
		uint32_t value = 0;
		size_t length = decode(text, left, &value);
		bool shown = length && !is_tricky(value);

		if (lines && (*text == '\n' || *text == '\t'))
			shown = true;
		if (!length)
			length = 1;
		if (shown)
			fwrite(text, 1, length, out);
		for (size_t i = 0; !shown && i < length; i++)
			fprintf(out, "\\x%02x", (unsigned char)text[i]);
		text += length;
		left -= length;
	}
}

/* Leaves out the middle of what is printable by now, between characters. */
static void shorten(char *text, size_t most)
{
	static const char mark[] = " ... ";
	size_t length = strlen(text), head = most / 3 * 2, tail = length - most / 3;

	if (length <= most + strlen(mark))
		return;
	while (head && ((unsigned char)text[head] & 0xc0) == 0x80)
		head--;
	while (((unsigned char)text[tail] & 0xc0) == 0x80)
		tail++;
	memcpy(text + head, mark, strlen(mark));
	memmove(text + head + strlen(mark), text + tail, length - tail + 1);
}

char *text_shown(const char *text, size_t most)
{
	char *shown = NULL;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	if (!out)
		return NULL;
	text_print(out, text, false);
	if (fclose(out) != 0) {
		free(shown);
		return NULL;
	}
	shorten(shown, most);
	return shown;
}

char *text_mended(const char *text, size_t size)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *mended = malloc(3 * size + 1), *to = mended;

	if (!mended)
		return NULL;
	while (size) {
		size_t length = *text ? text_sequence(text, size) : 0;

		if (length) {
			memcpy(to, text, length);
			to += length;
		} else {
			length = 1;
			memcpy(to, replacement, 3);
			to += 3;
		}
		text += length;
		size -= length;
	}
	*to = 0;
	return mended;
}

json_t *text_to_json(const char *text, size_t length)
{
	char *mended;
	json_t *json;

	if (text_is_utf8(text, length))
		return json_stringn(text, length);
	mended = text_mended(text, length);
	json = mended ? json_string(mended) : NULL;
	free(mended);
	return json;
}

/* SPDX-License-Identifier: MIT */
/*
 * utf.c: UTF-8 to UTF-16 and back.
 *
 * Called by the parcel; hands on to nobody.  Most text is ASCII, so eight characters of that
 * are taken at once.
 */
#include "utf.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK 8 /* characters */

/* The loops over a block have a fixed count, so that compilers make vectors of them. */
static bool is_ascii8(const unsigned char *s)
{
	uint64_t block;

	memcpy(&block, s, sizeof(block));
	return !(block & UINT64_C(0x8080808080808080));
}

static bool is_ascii16(const utf16_unit *s)
{
	uint64_t block[2];

	memcpy(block, s, sizeof(block));
	return !((block[0] | block[1]) & UINT64_C(0xff80ff80ff80ff80));
}

/* Takes one code point; the bytes that it took, 0 if it is not UTF-8. */
static size_t decode8(const unsigned char *s, size_t left, uint32_t *ret)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code;
	size_t length;

	if (s[0] < 0x80) {
		*ret = s[0];
		return 1;
	}
	if (s[0] >= 0xf0 && s[0] < 0xf8) {
		length = 4;
		code = s[0] & 0x07;
	} else if (s[0] >= 0xe0 && s[0] < 0xf0) {
		length = 3;
		code = s[0] & 0x0f;
	} else if (s[0] >= 0xc0 && s[0] < 0xe0) {
		length = 2;
		code = s[0] & 0x1f;
	} else {
		return 0;
	}
	if (left < length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret = code;
	return length;
}

ssize_t utf8_to_16_length(const char *utf8, size_t length)
{
	const unsigned char *s = (const unsigned char *)utf8;
	size_t units = 0;

	for (size_t i = 0; i < length;) {
		uint32_t code;
		size_t used;

		if (length - i >= BLOCK && is_ascii8(s + i)) {
			units += BLOCK;
			i += BLOCK;
			continue;
		}
		used = decode8(s + i, length - i, &code);
		if (!used)
			return -EINVAL;
		units += code >= 0x10000 ? 2 : 1;
		i += used;
	}
	return units;
}

void utf8_to_16(const char *utf8, size_t length, utf16_unit *out)
{
	const unsigned char *s = (const unsigned char *)utf8;

	for (size_t i = 0; i < length;) {
		uint32_t code = 0;
		size_t used;

		if (length - i >= BLOCK && is_ascii8(s + i)) {
			for (size_t j = 0; j < BLOCK; j++)
				out[j] = s[i + j];
			out += BLOCK;
			i += BLOCK;
			continue;
		}
		used = decode8(s + i, length - i, &code);
		if (!used)
			return;
		if (code >= 0x10000) {
			*out++ = 0xd800 + ((code - 0x10000) >> 10);
			*out++ = 0xdc00 + ((code - 0x10000) & 0x3ff);
		} else {
			*out++ = code;
		}
		i += used;
	}
}

static size_t decode16(const utf16_unit *s, size_t left, uint32_t *ret)
{
	if (s[0] < 0xd800 || s[0] >= 0xe000) {
		*ret = s[0];
		return 1;
	}
	if (s[0] < 0xdc00 && left > 1 && s[1] >= 0xdc00 && s[1] < 0xe000) {
		*ret = 0x10000 + ((uint32_t)(s[0] - 0xd800) << 10) + (s[1] - 0xdc00);
		return 2;
	}
	*ret = 0xfffd;
	return 1;
}

size_t utf16_to_8_length(const utf16_unit *utf16, size_t units)
{
	size_t length = 0;

	for (size_t i = 0; i < units;) {
		uint32_t code;

		if (units - i >= BLOCK && is_ascii16(utf16 + i)) {
			length += BLOCK;
			i += BLOCK;
			continue;
		}
		i += decode16(utf16 + i, units - i, &code);
		length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return length;
}

void utf16_to_8(const utf16_unit *utf16, size_t units, char *out)
{
	for (size_t i = 0; i < units;) {
		uint32_t code;

		if (units - i >= BLOCK && is_ascii16(utf16 + i)) {
			for (size_t j = 0; j < BLOCK; j++)
				out[j] = (char)utf16[i + j];
			out += BLOCK;
			i += BLOCK;
			continue;
		}
		i += decode16(utf16 + i, units - i, &code);
		if (code < 0x80) {
			*out++ = code;
		} else if (code < 0x800) {
			*out++ = 0xc0 | code >> 6;
			*out++ = 0x80 | (code & 0x3f);
		} else if (code < 0x10000) {
			*out++ = 0xe0 | code >> 12;
			*out++ = 0x80 | (code >> 6 & 0x3f);
			*out++ = 0x80 | (code & 0x3f);
		} else {
			*out++ = 0xf0 | code >> 18;
			*out++ = 0x80 | (code >> 12 & 0x3f);
			*out++ = 0x80 | (code >> 6 & 0x3f);
			*out++ = 0x80 | (code & 0x3f);
		}
	}
}

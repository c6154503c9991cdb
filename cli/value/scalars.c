/* SPDX-License-Identifier: MIT */
/*
 * scalars.c: truth values, numbers and characters of the text that somebody typed.
 */
#include "cli/value/scalars.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/value/text.h"

bool scalar_boolean(const char *text, bool *ret)
{
	*ret = !strcmp(text, "true") || !strcmp(text, "1");
	return *ret || !strcmp(text, "false") || !strcmp(text, "0");
}

static int base_of(const char *digits)
{
	return digits[0] == '0' && (digits[1] | 32) == 'x' ? 16 : 10;
}

bool scalar_integer(const char *text, long long low, long long high, long long *ret)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*ret = strtoll(text, &end, base_of(digits));
	return !errno && !*end && *ret >= low && *ret <= high;
}

bool scalar_unsigned(const char *text, unsigned long long high, unsigned long long *ret)
{
	const char *digits = text + (*text == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*ret = strtoull(digits, &end, base_of(digits));
	return !errno && !*end && *ret <= high;
}

bool scalar_byte(const char *text, int8_t *ret)
{
	long long value;

	if (!scalar_integer(text, INT8_MIN, UINT8_MAX, &value))
		return false;
	*ret = (int8_t)value;
	return true;
}

bool scalar_char(const char *text, char16_t *ret)
{
	const unsigned char *byte = (const unsigned char *)text;
	const size_t length = strlen(text);
	unsigned long long number;

	/* A 0 alone is the character. */
	if (length > 1 && base_of(text) == 16 && scalar_unsigned(text, 0xffff, &number)) {
		*ret = (char16_t)number;
		return true;
	}
	/* Beyond the basic plane, with four bytes, a character is two units. */
	if (!length || length > 3 || text_sequence(text, length) != length)
		return false;
	if (length == 1)
		*ret = byte[0];
	else if (length == 2)
		*ret = (char16_t)((byte[0] & 0x1f) << 6 | (byte[1] & 0x3f));
	else
		*ret = (char16_t)((byte[0] & 0x0f) << 12 | (byte[1] & 0x3f) << 6 |
				  (byte[2] & 0x3f));
	return true;
}

static bool is_word(const char *text)
{
	return !strcasecmp(text, "inf") || !strcasecmp(text, "infinity") ||
	       !strcasecmp(text, "nan");
}

bool scalar_real(const char *text, bool single, double *ret)
{
	const char *bare = text + (*text == '-' || *text == '+');
	char *end;

	if (!isdigit((unsigned char)*bare) && *bare != '.' && !is_word(bare))
		return false;
	*ret = strtod(text, &end);
	if (*end || end == text)
		return false;
	/* strtod() makes infinity of digits that are too many. */
	return is_word(bare) || isfinite(single ? (double)(float)*ret : *ret);
}

/* SPDX-License-Identifier: MIT */
/*
 * scalars.h: one value from the text that somebody typed.
 *
 * The words of a call by code (types_scalar.c) and by name (data_words.c) are read
 * here, so that both take the same spellings and refuse the rest in the same words:
 * "expected " and one of the texts below.
 */
#ifndef CLI_SCALARS_H
#define CLI_SCALARS_H

#include <stdbool.h>
#include <stdint.h>
#include <uchar.h>

#define SCALAR_BOOLEAN "true or false (or 1 or 0)"
#define SCALAR_BYTE "a whole number from -128 to 255 (such as -1 or 0xff)"
#define SCALAR_CHAR "one character, or its UTF-16 unit (such as A or 0x0041)"
#define SCALAR_INT32 "a whole number from -2147483648 to 2147483647 (such as -3 or 0x10)"
#define SCALAR_UINT32 "a whole number from 0 to 4294967295 (such as 7 or 0x10)"
#define SCALAR_INT64 \
	"a whole number from -9223372036854775808 to 9223372036854775807 (such as -3 or 0x10)"
#define SCALAR_UINT64 "a whole number from 0 to 18446744073709551615 (such as 7 or 0x10)"
#define SCALAR_FLOAT \
	"a number that a float can hold, up to 3.4e38 (such as 0.5 or 1e-3), inf, -inf or nan"
#define SCALAR_DOUBLE \
	"a number that a double can hold, up to 1.7e308 (such as 0.5 or 1e-3), inf, -inf or nan"

/* All of these: nothing before the value, nothing after; false, and *ret is of no use. */

bool scalar_boolean(const char *text, bool *ret);
/* Decimal, or hexadecimal with 0x. */
bool scalar_integer(const char *text, long long low, long long high, long long *ret);
bool scalar_unsigned(const char *text, unsigned long long high, unsigned long long *ret);
/* Signed or not: 255 is -1. */
bool scalar_byte(const char *text, int8_t *ret);
bool scalar_char(const char *text, char16_t *ret);
/* single: what a float can hold.  Infinity only for those who write it: inf or infinity, and nan,
 * in small or capital letters, with a sign or without. */
bool scalar_real(const char *text, bool single, double *ret);

#endif

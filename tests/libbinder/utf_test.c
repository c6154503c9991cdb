/* SPDX-License-Identifier: MIT */
/*
 * utf_test.c: UTF-8 and UTF-16, and what is neither.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "base/utf.h"

START_TEST(every_length_of_character_goes_there_and_back)
{
	static const char text[] =
		"a\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\xef\xbf\xbd\xf4\x8f\xbf\xbf";
	static const uint16_t wide[] = { 'a', 0xe4, 0x20ac, 0xd83d, 0xdc27, 0xfffd, 0xdbff, 0xdfff };
	uint16_t utf16[16];
	char back[32] = "";

	ck_assert_int_eq(utf8_to_16_length(text, strlen(text)), 8);
	utf8_to_16(text, strlen(text), utf16);
	ck_assert_mem_eq(utf16, wide, sizeof(wide));
	ck_assert_uint_eq(utf16_to_8_length(wide, 8), strlen(text));
	utf16_to_8(wide, 8, back);
	ck_assert_str_eq(back, text);
}
END_TEST

static const char *const bad[] = {
	"\x80",
	"\xc3",
	"\xe2\x82",
	"\xf0\x9f\x90",
	"\xff",
	"\xc0\xaf",
	"\xe0\x80\xaf",
	"\xf0\x80\x80\xaf",
	"\xed\xa0\x80",
	"\xf4\x90\x80\x80",
	("\xc3"
	 "a"),
	"a\xf8\x88\x80\x80\x80",
};

START_TEST(malformed_utf8_is_refused)
{
	ck_assert_int_eq(utf8_to_16_length(bad[_i], strlen(bad[_i])), -EINVAL);
}
END_TEST

START_TEST(lone_surrogate_becomes_the_replacement_character)
{
	static const uint16_t wide[] = { 0xdc00, 'x', 0xd800, 'y', 0xd800 };
	char back[16] = "";

	ck_assert_uint_eq(utf16_to_8_length(wide, 5), 11);
	utf16_to_8(wide, 5, back);
	ck_assert_str_eq(back, "\xef\xbf\xbdx\xef\xbf\xbdy\xef\xbf\xbd");
}
END_TEST

/* ---- against a plain reference, a character at a time ---- */

static size_t reference_encode8(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 63));
		out[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 63));
	out[2] = (char)(0x80 | (code >> 6 & 63));
	out[3] = (char)(0x80 | (code & 63));
	return 4;
}

static size_t reference_encode16(uint32_t code, uint16_t *out)
{
	if (code < 0x10000) {
		out[0] = (uint16_t)code;
		return 1;
	}
	out[0] = (uint16_t)(0xd800 + ((code - 0x10000) >> 10));
	out[1] = (uint16_t)(0xdc00 + ((code - 0x10000) & 0x3ff));
	return 2;
}

struct both {
	char utf8[256];
	uint16_t utf16[128];
	size_t length, units;
};

static void append(struct both *both, uint32_t code)
{
	both->length += reference_encode8(code, both->utf8 + both->length);
	both->units += reference_encode16(code, both->utf16 + both->units);
}

static bool utf8_becomes_utf16(const struct both *both)
{
	uint16_t out[129];

	memset(out, 0x5a, sizeof(out));
	if (utf8_to_16_length(both->utf8, both->length) != (ssize_t)both->units)
		return false;
	utf8_to_16(both->utf8, both->length, out);
	return !memcmp(out, both->utf16, both->units * 2) && out[both->units] == 0x5a5a;
}

static bool utf16_becomes_utf8(const struct both *both)
{
	char out[257];

	memset(out, 0x5a, sizeof(out));
	if (utf16_to_8_length(both->utf16, both->units) != both->length)
		return false;
	utf16_to_8(both->utf16, both->units, out);
	return !memcmp(out, both->utf8, both->length) && out[both->length] == 0x5a;
}

/* _i: so many letters before it. */
START_TEST(every_code_point_is_right_at_each_place_of_a_block)
{
	for (uint32_t code = 0; code < 0x110000; code++) {
		struct both both = { .length = 0 };

		if (code >= 0xd800 && code < 0xe000)
			continue;
		for (int i = 0; i < _i; i++)
			append(&both, 'a' + (uint32_t)i);
		append(&both, code);
		for (int i = _i; i < 16; i++)
			append(&both, 'a' + (uint32_t)i);
		if (!utf8_becomes_utf16(&both) || !utf16_becomes_utf8(&both))
			ck_abort_msg("U+%04X after %d letters", code, _i);
	}
}
END_TEST

START_TEST(lone_surrogate_is_replaced_at_each_place_of_a_block)
{
	for (uint32_t code = 0xd800; code < 0xe000; code++) {
		struct both both = { .length = 0 };

		for (int i = 0; i < _i; i++)
			append(&both, 'a');
		both.utf16[both.units++] = (uint16_t)code;
		both.length += reference_encode8(0xfffd, both.utf8 + both.length);
		for (int i = _i; i < 16; i++)
			append(&both, 'b');
		if (!utf16_becomes_utf8(&both))
			ck_abort_msg("%04X after %d letters", code, _i);
	}
}
END_TEST

START_TEST(random_text_is_as_the_reference_makes_it)
{
	static const uint32_t limits[] = { 0x80, 0x80, 0x80, 0x100, 0x800, 0xd800, 0x110000 };
	unsigned int seed = 7;

	for (int round = 0; round < 200000; round++) {
		struct both both = { .length = 0 };
		int count = rand_r(&seed) % 50;

		for (int i = 0; i < count; i++) {
			uint32_t limit = limits[rand_r(&seed) % 7], code;

			code = (uint32_t)rand_r(&seed) % limit;
			append(&both, code >= 0xd800 && code < 0xe000 ? 'x' : code);
		}
		ck_assert(utf8_becomes_utf16(&both));
		ck_assert(utf16_becomes_utf8(&both));
	}
}
END_TEST

START_TEST(malformed_utf8_is_refused_behind_letters)
{
	char text[64] = "0123456789abcdef0123";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strcpy(text + _i, bad[i]);
		ck_assert_int_eq(utf8_to_16_length(text, strlen(text)), -EINVAL);
		strcat(text, "0123456789");
		ck_assert_int_eq(utf8_to_16_length(text, strlen(text)), -EINVAL);
	}
}
END_TEST

Suite *utf_suite(void)
{
	Suite *suite = suite_create("utf");
	TCase *tc = tcase_create("utf");

	tcase_add_test(tc, every_length_of_character_goes_there_and_back);
	tcase_add_loop_test(tc, malformed_utf8_is_refused, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, lone_surrogate_becomes_the_replacement_character);
	tcase_add_loop_test(tc, every_code_point_is_right_at_each_place_of_a_block, 0, 9);
	tcase_add_loop_test(tc, lone_surrogate_is_replaced_at_each_place_of_a_block, 0, 17);
	tcase_add_test(tc, random_text_is_as_the_reference_makes_it);
	tcase_add_loop_test(tc, malformed_utf8_is_refused_behind_letters, 0, 17);
	suite_add_tcase(suite, tc);
	return suite;
}

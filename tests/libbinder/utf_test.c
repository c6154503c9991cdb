/* SPDX-License-Identifier: MIT */
/*
 * utf_test.c: UTF-8 and UTF-16, and what is neither.
 */
#include <errno.h>
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

Suite *utf_suite(void)
{
	Suite *suite = suite_create("utf");
	TCase *tc = tcase_create("utf");

	tcase_add_test(tc, every_length_of_character_goes_there_and_back);
	tcase_add_loop_test(tc, malformed_utf8_is_refused, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, lone_surrogate_becomes_the_replacement_character);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * constant_test.c: the arithmetic of constants.
 */
#include "aidl.h"

#include <string.h>

#define INTEGERS(...) \
	static const struct { \
		const char *type, *expression; \
		int64_t value; \
	} rows[] = { __VA_ARGS__ }; \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) { \
		struct aidl_value value = value_of(rows[i].type, rows[i].expression); \
		ck_assert_msg(value.kind == AIDL_VALUE_INTEGER && value.integer == rows[i].value, \
			      "%s is %lld", rows[i].expression, (long long)value.integer); \
		library_down(); \
		library_up(); \
	}

START_TEST(literals_have_their_values){ INTEGERS(
	{ "int", "2147483647", INT32_MAX }, { "int", "-2147483648", INT32_MIN },
	{ "int", "0xffffffff", -1 }, { "long", "0xffffffff", -1 },
	{ "long", "0x100000000", 0x100000000 }, { "long", "9223372036854775807", INT64_MAX },
	{ "long", "-9223372036854775808", INT64_MIN }, { "byte", "255u8", -1 },
	{ "long", "3000000000", 3000000000 }, { "long", "1L", 1 }) } END_TEST

	START_TEST(operators_bind_as_in_c){ INTEGERS(
		{ "int", "1 + 2 * 3", 7 }, { "int", "(1 + 2) * 3", 9 }, { "int", "1 << 2 + 1", 8 },
		{ "int", "7 & 3 == 3 | 8", 9 }, { "int", "-7 / 2", -3 }, { "int", "-7 % 2", -1 },
		{ "int", "~0 ^ 5", ~5 }, { "int", "8 - 4 - 2", 2 }, { "int", "64 >> 3 >> 1", 4 },
		{ "int", "ONE + P.ONE", 2 }) } END_TEST

	START_TEST(shift_may_reach_the_sign){ INTEGERS({ "int", "8 << 28", INT32_MIN },
						       { "int", "8 << -1", 4 },
						       { "long", "1L << 63", INT64_MIN }) } END_TEST

	START_TEST(comparisons_are_booleans)
{
	ck_assert(value_of("boolean", "1 < 2 && !(3 == 4)").integer);
}
END_TEST

START_TEST(strings_join)
{
	ck_assert_str_eq(value_of("String", "\"a\" + \"b\" + \"c\"").string, "abc");
}
END_TEST

START_TEST(fractions_have_their_values)
{
	ck_assert(value_of("double", "-1.5e3").floating == -1500.0);
}
END_TEST

START_TEST(float_is_rounded_to_a_float)
{
	ck_assert(value_of("float", "0.1f").floating == (double)0.1f);
}
END_TEST

START_TEST(char_is_one_character)
{
	ck_assert_int_eq(value_of("char", "'x'").integer, 'x');
}
END_TEST

#define NO_VALUE(name, type, expression, part) \
	START_TEST(name) \
	{ \
		no_value(type, expression, part); \
	} \
	END_TEST

NO_VALUE(overflow_is_an_error, "int", "2147483647 + 1", "too large")
NO_VALUE(division_by_zero_is_an_error, "int", "1 / (2 - 2)", "divides by zero")
NO_VALUE(shift_that_loses_bits_is_an_error, "int", "3 << 31", "loses bits")
NO_VALUE(shift_by_too_much_is_an_error, "int", "1 << 32", "shift")
NO_VALUE(value_out_of_range_is_an_error, "byte", "128", "128 does not fit into byte")
NO_VALUE(wrong_type_is_an_error, "int", "\"1\"", "a string is no value for int")
NO_VALUE(string_for_boolean_is_an_error, "boolean", "\"1\"", "no value for boolean")
NO_VALUE(boolean_of_2_is_an_error, "boolean", "1 + 1", "2 does not fit into boolean")
NO_VALUE(unknown_name_is_an_error, "int", "NOPE + 1", "there is no constant NOPE")
NO_VALUE(value_that_needs_itself_is_an_error, "int", "C + 1", "depends on itself")
NO_VALUE(number_with_a_tail_is_an_error, "int", "12ab", "12ab is not a number")
NO_VALUE(number_above_64_bits_is_an_error, "long", "9223372036854775808", "64 bits")
NO_VALUE(escape_is_an_error, "String", "\"a\\n\"", "byte 2")

START_TEST(boolean_may_be_0_or_1)
{
	ck_assert_int_eq(value_of("boolean", "1").kind, AIDL_VALUE_BOOLEAN);
	ck_assert_int_eq(value_of("boolean", "1").integer, 1);
	ck_assert_int_eq(value_of("boolean", "2 - 2").integer, 0);
}
END_TEST

START_TEST(circle_through_an_enum_is_an_error)
{
	ck_assert_uint_ge(errors_in("enum E { A = B, B, }"), 1);
}
END_TEST

START_TEST(strings_that_double_end_somewhere)
{
	char text[4096] = "parcelable P { const String S0 = \"0123456789\";";
	size_t used = strlen(text);

	for (int i = 1; i < 60; i++)
		used += (size_t)sprintf(text + used, "const String S%d = S%d + S%d;", i, i - 1,
					i - 1);
	strcpy(text + used, "}");
	ck_assert_uint_ge(errors_in(text), 1);
	ck_assert_ptr_nonnull(strstr(aidl_library_errors(library)->message, "too long"));
}
END_TEST

START_TEST(constants_may_be_used_before_they_stand)
{
	ck_assert_int_eq(
		good("parcelable P { const int A = B; const int B = 3; }")->constants->value.integer,
		3);
}
END_TEST

START_TEST(enum_value_is_a_default)
{
	const struct aidl_declaration *d =
		good("parcelable P { E e = E.Y; enum E { X, Y } int[] a = {E.Y, 2}; }");

	ck_assert_int_eq(d->fields->value.integer, 1);
	ck_assert_int_eq(d->fields->next->value.item[0].integer, 1);
}
END_TEST

Suite *constant_suite(void)
{
	Suite *suite = suite_create("aidl-constant");
	TCase *tcase = library_case(suite, "constant");

	tcase_add_test(tcase, literals_have_their_values);
	tcase_add_test(tcase, operators_bind_as_in_c);
	tcase_add_test(tcase, shift_may_reach_the_sign);
	tcase_add_test(tcase, comparisons_are_booleans);
	tcase_add_test(tcase, strings_join);
	tcase_add_test(tcase, fractions_have_their_values);
	tcase_add_test(tcase, float_is_rounded_to_a_float);
	tcase_add_test(tcase, char_is_one_character);
	tcase_add_test(tcase, overflow_is_an_error);
	tcase_add_test(tcase, division_by_zero_is_an_error);
	tcase_add_test(tcase, shift_that_loses_bits_is_an_error);
	tcase_add_test(tcase, shift_by_too_much_is_an_error);
	tcase_add_test(tcase, value_out_of_range_is_an_error);
	tcase_add_test(tcase, wrong_type_is_an_error);
	tcase_add_test(tcase, string_for_boolean_is_an_error);
	tcase_add_test(tcase, boolean_of_2_is_an_error);
	tcase_add_test(tcase, boolean_may_be_0_or_1);
	tcase_add_test(tcase, unknown_name_is_an_error);
	tcase_add_test(tcase, value_that_needs_itself_is_an_error);
	tcase_add_test(tcase, number_with_a_tail_is_an_error);
	tcase_add_test(tcase, number_above_64_bits_is_an_error);
	tcase_add_test(tcase, escape_is_an_error);
	tcase_add_test(tcase, circle_through_an_enum_is_an_error);
	tcase_add_test(tcase, strings_that_double_end_somewhere);
	tcase_add_test(tcase, constants_may_be_used_before_they_stand);
	tcase_add_test(tcase, enum_value_is_a_default);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * wire_test.c: the table of single values: words, values and parcels agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <binder/ext.h>
#include <binder/wire.h>

#include "suites.h"

static const struct aidl_wire *row(const char *name)
{
	bool array;
	const struct aidl_wire *wire = aidl_wire_find(name, strlen(name), &array);

	ck_assert_ptr_nonnull(wire);
	return wire;
}

/* The word of a value that went through a parcel; NULL: it was refused. */
static char *through(const struct aidl_wire *wire, const char *word)
{
	struct aidl_data in = { .kind = AIDL_DATA_NULL }, out = { .kind = AIDL_DATA_NULL };
	AParcel *parcel = AParcel_create();
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);
	bool good = aidl_wire_parse(wire, word, &in) == STATUS_OK &&
		    aidl_wire_write(wire, &in, parcel) == STATUS_OK &&
		    AParcel_setDataPosition(parcel, 0) == STATUS_OK &&
		    aidl_wire_read(wire, parcel, &out) == STATUS_OK &&
		    aidl_wire_print(wire, &out, memory);

	fclose(memory);
	aidl_data_clear(&in);
	aidl_data_clear(&out);
	AParcel_delete(parcel);
	if (good)
		return text;
	free(text);
	return NULL;
}

static void becomes(const char *type, const char *word, const char *expected)
{
	char *found = through(row(type), word);

	if (expected)
		ck_assert_str_eq(found, expected);
	else
		ck_assert_msg(!found, "%s:%s was taken for %s", type, word, found);
	free(found);
}

START_TEST(every_example_comes_back)
{
	const struct aidl_wire *wire;

	for (size_t i = 0; (wire = aidl_wire_at(i)); i++) {
		char *found = wire->parse ? through(wire, wire->example) : NULL;

		if (wire->parse && wire->value == AIDL_DATA_BYTES && !wire->size)
			ck_assert_int_eq(strncmp(found, wire->example, strlen(wire->example)), 0);
		else if (wire->parse && wire->value != AIDL_DATA_FLOATING)
			ck_assert_str_eq(found, wire->example);
		free(found);
	}
}
END_TEST

START_TEST(numbers_have_their_limits)
{
	becomes("i32", "-2147483648", "-2147483648");
	becomes("i32", "2147483648", NULL);
	becomes("u32", "4294967295", "4294967295");
	becomes("u32", "-1", NULL);
	becomes("i64", "-9223372036854775808", "-9223372036854775808");
	becomes("i64", "9223372036854775808", NULL);
	becomes("u64", "18446744073709551615", "18446744073709551615");
	becomes("u64", "18446744073709551616", NULL);
	becomes("byte", "255", "-1");
	becomes("byte", "256", NULL);
	becomes("f32", "3.4e38", "3.4e+38");
	becomes("f32", "1e39", NULL);
	becomes("f64", "1e39", "1e+39");
	becomes("f64", "inf", "inf");
}
END_TEST

START_TEST(word_is_the_whole_value)
{
	becomes("i32", "0x10", "16");
	becomes("i32", "1 ", NULL);
	becomes("i32", "", NULL);
	becomes("bool", "1", "true");
	becomes("bool", "yes", NULL);
	becomes("char", "\xc3\xa4", "\xc3\xa4");
	becomes("char", "0x00e4", "\xc3\xa4");
	becomes("char", "0xd800", "0xd800");
	becomes("char", "ab", NULL);
	becomes("bytes", "0102f", NULL);
	becomes("str", "\xff", NULL);
}
END_TEST

/* A leaf that no word made may be out of range, or of another kind. */
START_TEST(wrong_leaf_is_not_written)
{
	const struct aidl_data big = { .kind = AIDL_DATA_INTEGER, .integer = 70000 };
	const struct aidl_data null = { .kind = AIDL_DATA_NULL };
	AParcel *parcel = AParcel_create();

	ck_assert_int_eq(aidl_wire_write(row("char"), &big, parcel), STATUS_BAD_VALUE);
	ck_assert_int_eq(aidl_wire_write(row("str"), &big, parcel), STATUS_BAD_VALUE);
	ck_assert_int_eq(aidl_wire_write(row("i32"), &null, parcel), STATUS_BAD_VALUE);
	ck_assert_int_eq(AParcel_getDataSize(parcel), 0);
	ck_assert_int_eq(aidl_wire_write(row("str"), &null, parcel), STATUS_OK);
	ck_assert_int_eq(aidl_wire_write(row("bytes"), &null, parcel), STATUS_OK);
	ck_assert_int_eq(AParcel_getDataSize(parcel), 8);
	AParcel_delete(parcel);
}
END_TEST

START_TEST(array_is_no_type_of_its_own)
{
	bool array;

	ck_assert_ptr_eq(aidl_wire_find("i32[]", 5, &array), row("i32"));
	ck_assert(array);
	ck_assert_ptr_null(aidl_wire_find("raw[]", 5, &array));
	ck_assert_ptr_null(aidl_wire_find("i3", 2, &array));
	ck_assert_ptr_eq(aidl_wire_of(AIDL_INTERFACE), row("binder"));
	ck_assert_ptr_null(aidl_wire_of(AIDL_PARCELABLE));
}
END_TEST

Suite *wire_suite(void)
{
	Suite *s = suite_create("wire");
	TCase *tc = tcase_create("table");

	tcase_add_test(tc, every_example_comes_back);
	tcase_add_test(tc, numbers_have_their_limits);
	tcase_add_test(tc, word_is_the_whole_value);
	tcase_add_test(tc, wrong_leaf_is_not_written);
	tcase_add_test(tc, array_is_no_type_of_its_own);
	suite_add_tcase(s, tc);
	return s;
}

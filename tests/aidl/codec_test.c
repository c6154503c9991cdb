/* SPDX-License-Identifier: MIT */
/*
 * codec_test.c: values of each type, as words on the wire and back.
 */
#include "aidl.h"

#include <stdlib.h>
#include <string.h>

#include <binder/ext.h>

#include "tree.h"

#define TYPES \
	"parcelable Types {\n" \
	"  @Backing(type=\"int\") enum Color { RED = 1, GREEN, BLUE = 8 }\n" \
	"  @Backing(type=\"long\") enum Big { A = 1 }\n" \
	"  enum Small { S = 7, T }\n" \
	"  parcelable Point { int x; int y = 7; }\n" \
	"  union U { int i = 3; String s; Point p; }\n" \
	"  parcelable Box<T> { T t; }\n" \
	"  parcelable Outer<T> { Box<T> b; }\n" \
	"  parcelable Maybe<T> { @nullable T t; @nullable T[] many; }\n" \
	"  parcelable Node { int v; @nullable(heap=true) Node next; }\n" \
	"  parcelable Holds { ParcelableHolder h; }\n" \
	"  parcelable Field { TYPE value; }\n" \
	"}\n" \
	"parcelable Opaque;\n"

static AParcel *p;
static struct aidl_codec codec;
static const struct aidl_type *type;

static void up(void)
{
	library_up();
	codec = (struct aidl_codec){ .library = library };
	p = AParcel_create();
}

static void down(void)
{
	AParcel_delete(p);
	library_down();
}

/* The type of that name, as the field Types.Field.value has it. */
static void set_type(const char *name)
{
	const char *at = strstr(TYPES, "TYPE value");
	const struct aidl_declaration *d;
	char text[2048];

	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - TYPES), TYPES, name, at + 4);
	for (d = good(text)->nested; strcmp(d->name, "Field") != 0; d = d->next)
		;
	type = d->fields->type;
}

static binder_status_t write_text(const char *text)
{
	struct aidl_data data = { 0 };
	binder_status_t status;

	tree_parse(text, &data);
	status = aidl_data_write(&codec, type, "value", &data, p);
	aidl_data_clear(&data);
	return status;
}

static void words_are(const int32_t *words, size_t count)
{
	const uint8_t *bytes;
	size_t size;

	AParcel_getBytes(p, &bytes, &size);
	ck_assert_uint_eq(size, count * 4);
	ck_assert_mem_eq(bytes, words, size);
}

static void reads_as(const char *text)
{
	struct aidl_data data = { 0 };
	binder_status_t status;

	AParcel_setDataPosition(p, 0);
	status = aidl_data_read(&codec, type, "value", p, &data);
	ck_assert_msg(status == STATUS_OK, "%s", codec.error);
	ck_assert_int_eq(AParcel_getDataPosition(p), AParcel_getDataSize(p));
	ck_assert_str_eq(tree_print(&data), text);
	aidl_data_clear(&data);
}

/* What is written has these words, and reads as it was, or as read. */
#define GOLDEN(name, type_text, text, read, ...) \
	START_TEST(name) \
	{ \
		static const int32_t words[] = { __VA_ARGS__ }; \
		set_type(type_text); \
		ck_assert_msg(write_text(text) == STATUS_OK, "%s", codec.error); \
		words_are(words, sizeof(words) / 4); \
		reads_as(read); \
	} \
	END_TEST

#define REFUSED(name, type_text, text, message) \
	START_TEST(name) \
	{ \
		set_type(type_text); \
		ck_assert_int_ne(write_text(text), STATUS_OK); \
		ck_assert_str_eq(codec.error, message); \
	} \
	END_TEST

/* Words that are no such value. */
#define UNREADABLE(name, type_text, message, ...) \
	START_TEST(name) \
	{ \
		static const int32_t words[] = { __VA_ARGS__ }; \
		struct aidl_data data = { 0 }; \
		set_type(type_text); \
		for (size_t i = 0; i < sizeof(words) / 4; i++) \
			AParcel_writeInt32(p, words[i]); \
		AParcel_setDataPosition(p, 0); \
		ck_assert_int_ne(aidl_data_read(&codec, type, "value", p, &data), STATUS_OK); \
		aidl_data_clear(&data); \
		ck_assert_str_eq(codec.error, message); \
	} \
	END_TEST

GOLDEN(boolean_takes_a_word, "boolean", "true", "true", 1)
GOLDEN(byte_takes_a_word, "byte", "-2", "-2", -2)
GOLDEN(char_takes_a_word, "char", "'x'", "'x'", 'x')
GOLDEN(char_may_be_a_number, "char", "228", "'\xc3\xa4'", 0xe4)
GOLDEN(int_takes_a_word, "int", "-3", "-3", -3)
GOLDEN(whole_fraction_is_an_int, "int", "3.0", "3", 3)
GOLDEN(long_takes_two_words, "long", "-2", "-2", -2, -1)
GOLDEN(float_takes_a_word, "float", "1.5", "1.5", 0x3fc00000)
GOLDEN(double_takes_two_words, "double", "1", "1", 0, 0x3ff00000)
GOLDEN(string_is_utf16, "String", "'abc'", "'abc'", 3, 'a' | 'b' << 16, 'c')
GOLDEN(null_string_is_minus_one, "@nullable String", "null", "null", -1)
GOLDEN(utf8_string_is_utf16_on_the_wire, "@utf8InCpp String", "'a'", "'a'", 1, 'a')
GOLDEN(char_sequence_is_a_string8, "CharSequence", "'ab'", "'ab'", 1, 1, 2, 'a' | 'b' << 8)
GOLDEN(int_enum_takes_a_word, "Color", "'GREEN'", "2", 2)
GOLDEN(enum_names_combine, "Color", "'RED|BLUE'", "9", 9)
GOLDEN(enum_may_be_a_number, "Color", "5", "5", 5)
GOLDEN(long_enum_takes_two_words, "Big", "'A'", "1", 1, 0)
GOLDEN(byte_enum_takes_a_word, "Small", "'T'", "8", 8)
GOLDEN(array_of_bytes_is_packed, "byte[]", "[1, 2, 3, 4, 5]", "\"\1\2\3\4\5\"", 5, 0x04030201, 5)
GOLDEN(bytes_are_an_array_of_bytes, "byte[]", "\"ab\"", "\"ab\"", 2, 'a' | 'b' << 8)
GOLDEN(array_of_byte_enums_is_packed, "Small[]", "['S', 8]", "[7, 8]", 2, 0x0807)
GOLDEN(array_of_booleans_is_not, "boolean[]", "[true, false]", "[true, false]", 2, 1, 0)
GOLDEN(array_of_chars_is_not, "char[]", "['a', 'b']", "['a', 'b']", 2, 'a', 'b')
GOLDEN(array_of_ints_has_a_count, "int[]", "[1, 2]", "[1, 2]", 2, 1, 2)
GOLDEN(empty_array_is_a_zero, "int[]", "[]", "[]", 0)
GOLDEN(null_array_is_minus_one, "@nullable int[]", "null", "null", -1)
GOLDEN(null_array_of_bytes_is_minus_one, "@nullable byte[]", "null", "null", -1)
GOLDEN(array_of_strings_may_hold_null, "@nullable String[]", "[null, 'a']", "[null, 'a']", 2, -1, 1,
       'a')
GOLDEN(fixed_array_has_counts_too, "int[2][1]", "[[1], [2]]", "[[1], [2]]", 2, 1, 1, 1, 2)
GOLDEN(list_is_like_an_array, "List<String>", "['a']", "['a']", 1, 1, 'a')
GOLDEN(map_has_a_count, "Map<String, String>", "{k='v'}", "{k='v'}", 1, 1, 'k', 1, 'v')
GOLDEN(parcelable_has_presence_and_size, "Point", "{x=1, y=2}", "{x=1, y=2}", 1, 12, 1, 2)
GOLDEN(field_left_out_has_its_default, "Point", "{x=1}", "{x=1, y=7}", 1, 12, 1, 7)
GOLDEN(empty_table_is_all_defaults, "Point", "[]", "{x=0, y=7}", 1, 12, 0, 7)
GOLDEN(null_parcelable_is_a_zero, "@nullable Point", "null", "null", 0)
GOLDEN(array_of_parcelables, "Point[]", "[{x=1}]", "[{x=1, y=7}]", 1, 1, 12, 1, 7)
GOLDEN(parcelable_in_parcelable, "Node", "{v=1, next={v=2}}", "{v=1, next={v=2, next=null}}", 1, 24,
       1, 1, 12, 2, 0)
GOLDEN(union_has_presence_and_tag, "U", "{s='a'}", "{s='a'}", 1, 1, 1, 'a')
GOLDEN(union_holds_a_parcelable, "U", "{p={x=1}}", "{p={x=1, y=7}}", 1, 2, 1, 12, 1, 7)
GOLDEN(type_parameter_is_what_is_given, "Box<String>", "{t='a'}", "{t='a'}", 1, 12, 1, 'a')
GOLDEN(type_parameter_goes_through, "Outer<Point>", "{b={t={x=1}}}", "{b={t={x=1, y=7}}}", 1, 28, 1,
       20, 1, 12, 1, 7)
GOLDEN(type_parameter_may_be_null, "Maybe<String>", "{many=[null, 'a']}",
       "{t=null, many=[null, 'a']}", 1, 24, -1, 2, -1, 1, 'a')
GOLDEN(enum_for_a_type_parameter_is_never_null, "Maybe<Color>", "{many=[2]}", "{t=0, many=[2]}", 1,
       16, 0, 1, 2)
GOLDEN(opaque_may_be_null, "@nullable Opaque", "null", "null", 0)
GOLDEN(empty_holder_has_no_size, "Holds", "{}", "{h=null}", 1, 16, 1, 0, 0)
GOLDEN(holder_says_what_it_holds, "Holds", "{h={@type='Types.Point', x=1}}",
       "{h={@type='Types.Point', x=1, y=7}}", 1, 56, 1, 0, 40, 11, 'T' | 'y' << 16, 'p' | 'e' << 16,
       's' | '.' << 16, 'P' | 'o' << 16, 'i' | 'n' << 16, 't', 12, 1, 7)
GOLDEN(null_binder_is_a_null_object, "@nullable IBinder", "null", "null", 0x73622a85, 0x00, 0, 0, 0,
       0, 0)
GOLDEN(null_file_is_a_zero, "@nullable ParcelFileDescriptor", "null", "null", 0)

REFUSED(number_must_fit_its_type, "byte", "128", "value: 128 does not fit into byte")
REFUSED(fraction_is_no_int, "int", "1.5", "value: a fraction is no value for int")
REFUSED(string_is_no_number, "int", "'1'", "value: a string is no value for int")
REFUSED(number_is_no_string, "String", "1", "value: a number is no value for String")
REFUSED(null_is_no_string, "String", "null", "value: null is no value for String")
REFUSED(enum_knows_its_names, "Color", "'PINK'", "value: Color has no PINK")
REFUSED(error_names_the_place, "Point[]", "[{x=1}, {x='a'}]",
	"value[1].x: a string is no value for int")
REFUSED(field_must_exist, "Point", "{z=1}", "value: Point has no field z")
REFUSED(fixed_array_has_its_size, "int[2]", "[1]", "value: 1 items for an array of 2")
REFUSED(union_has_one_field, "U", "{i=1, s='a'}", "value: a union has exactly one field, not 2")
REFUSED(opaque_cannot_be_written, "Opaque", "{x=1}",
	"value: only code knows what a Opaque looks like")
REFUSED(binder_is_needed, "IBinder", "null", "value: a binder is needed, and null is none")
REFUSED(holder_needs_a_type, "Holds", "{h={x=1}}",
	"value.h: its first field must be \"@type\", the name of a parcelable")

UNREADABLE(count_beyond_the_parcel_is_refused, "int[]",
	   "value: it says 1000000 items, and 4 bytes follow", 1000000, 1)
UNREADABLE(negative_count_is_refused, "int[]", "value: its count is -2", -2)
UNREADABLE(negative_count_of_a_map_is_refused, "Map<String, String>", "value: its count is -2", -2)
UNREADABLE(size_below_itself_is_refused, "Point", "value: its size, 3, cannot be", 1, 3, 0, 0)
UNREADABLE(size_beyond_the_parcel_is_refused, "Point", "value: its size, 16, cannot be", 1, 16, 0,
	   0)
UNREADABLE(field_beyond_the_size_is_refused, "Point", "value: it is longer than it says", 1, 6, 0,
	   0)
UNREADABLE(tag_must_exist, "U", "value: U has no field number 3", 1, 3, 0)
UNREADABLE(end_of_the_parcel_is_said, "long", "value: the parcel ends before it", 1)
UNREADABLE(opaque_cannot_be_read, "Opaque", "value: only code knows what a Opaque looks like", 1, 0)

START_TEST(longer_tail_is_skipped)
{
	static const int32_t words[] = { 1, 20, 1, 2, 99, 98 };

	set_type("Point");
	for (size_t i = 0; i < 6; i++)
		AParcel_writeInt32(p, words[i]);
	reads_as("{x=1, y=2}");
}
END_TEST

START_TEST(shorter_parcelable_has_fewer_fields)
{
	AParcel_writeInt32(p, 1);
	AParcel_writeInt32(p, 8);
	AParcel_writeInt32(p, 5);
	set_type("Point");
	reads_as("{x=5}");
}
END_TEST

START_TEST(nesting_from_a_peer_ends_somewhere)
{
	struct aidl_data data = { 0 };

	set_type("Node");
	for (int i = 0; i < 1000; i++) {
		AParcel_writeInt32(p, 1);
		AParcel_writeInt32(p, (1000 - i) * 12 - 4);
		AParcel_writeInt32(p, i);
	}
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(aidl_data_read(&codec, type, "value", p, &data), STATUS_BAD_VALUE);
	ck_assert_ptr_nonnull(strstr(codec.error, "nested more than"));
	aidl_data_clear(&data);
}
END_TEST

/* ---- methods ----------------------------------------------------------------------- */

static const struct aidl_method *method(const char *text)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "interface I { %s }", text);
	return good(whole)->methods;
}

static binder_status_t request(const struct aidl_method *m, const char *text)
{
	struct aidl_data data = { 0 };
	binder_status_t status;

	tree_parse(text, &data);
	status = aidl_request_write(&codec, m, &data, p);
	aidl_data_clear(&data);
	return status;
}

#define REQUEST(name, method_text, text, ...) \
	START_TEST(name) \
	{ \
		static const int32_t words[] = { __VA_ARGS__ }; \
		ck_assert_msg(request(method(method_text), text) == STATUS_OK, "%s", codec.error); \
		words_are(words, sizeof(words) / 4); \
	} \
	END_TEST

#define NO_REQUEST(name, method_text, text, message) \
	START_TEST(name) \
	{ \
		ck_assert_int_ne(request(method(method_text), text), STATUS_OK); \
		ck_assert_str_eq(codec.error, message); \
	} \
	END_TEST

REQUEST(arguments_go_in_order, "void f(int a, int b);", "[1, 2]", 1, 2)
REQUEST(arguments_go_by_name, "void f(int a, int b);", "{b=2, a=1}", 1, 2)
REQUEST(out_array_sends_its_length, "void f(out int[] a, int b);", "{a=4, b=2}", 4, 2)
REQUEST(out_array_has_no_length_by_itself, "void f(int b, out int[] a);", "[2]", 2, 0)
REQUEST(out_fixed_array_sends_nothing, "void f(out int[3] a, int b);", "[2]", 2)
REQUEST(out_list_sends_nothing, "void f(out List<String> a, int b);", "[2]", 2)
REQUEST(nullable_argument_may_be_left_out, "void f(int a, @nullable String b);", "[1]", 1, -1)
NO_REQUEST(missing_argument_is_named, "void f(int a, int b);", "[1]", "b: this argument is missing")
NO_REQUEST(too_many_arguments_are_counted, "void f(int a);", "[1, 2]",
	   "f: it takes 1 arguments, not 2")
NO_REQUEST(argument_must_exist, "void f(int a);", "{a=1, z=2}", "f: it has no argument z")
NO_REQUEST(out_argument_does_not_go_in, "void f(out int[3] a);", "{a=[1]}", "f: a only comes out")

START_TEST(reply_is_return_then_out)
{
	const struct aidl_method *m = method("int f(out int[] a, inout String[] b, int c);");
	static const int32_t words[] = { 9, 1, 5, 1, 1, 'x' };
	struct aidl_data data = { 0 };

	tree_parse("{return=9, a=[5], b=['x']}", &data);
	ck_assert_int_eq(aidl_reply_write(&codec, m, &data, p), STATUS_OK);
	words_are(words, 6);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(aidl_reply_read(&codec, m, p, &data), STATUS_OK);
	ck_assert_str_eq(tree_print(&data), "{return=9, a=[5], b=['x']}");
	aidl_data_clear(&data);
}
END_TEST

START_TEST(request_is_read_as_it_was_written)
{
	const struct aidl_method *m = method("void f(int a, out int[] b, in String[] c);");
	struct aidl_data data = { 0 };

	ck_assert_int_eq(request(m, "{a=1, b=2, c=['x']}"), STATUS_OK);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(aidl_request_read(&codec, m, p, &data), STATUS_OK);
	ck_assert_str_eq(tree_print(&data), "{a=1, b=[null, null], c=['x']}");
	aidl_data_clear(&data);
}
END_TEST

START_TEST(enum_number_has_its_names)
{
	const struct aidl_declaration *e;
	static const struct {
		int64_t number;
		const char *text;
	} rows[] = { { 2, "GREEN" }, { 9, "RED|BLUE" }, { 16, "" }, { 0, "" }, { 17, "" } };

	set_type("Color");
	e = type->declaration;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[64] = "";
		FILE *out = fmemopen(text, sizeof(text), "w");

		ck_assert_int_eq(aidl_enum_print(e, rows[i].number, out), rows[i].text[0] != 0);
		fclose(out);
		ck_assert_str_eq(text, rows[i].text);
	}
}
END_TEST

Suite *codec_suite(void)
{
	Suite *suite = suite_create("aidl-codec");
	TCase *tcase = tcase_create("codec");

	tcase_add_checked_fixture(tcase, up, down);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, boolean_takes_a_word);
	tcase_add_test(tcase, byte_takes_a_word);
	tcase_add_test(tcase, char_takes_a_word);
	tcase_add_test(tcase, char_may_be_a_number);
	tcase_add_test(tcase, int_takes_a_word);
	tcase_add_test(tcase, whole_fraction_is_an_int);
	tcase_add_test(tcase, long_takes_two_words);
	tcase_add_test(tcase, float_takes_a_word);
	tcase_add_test(tcase, double_takes_two_words);
	tcase_add_test(tcase, string_is_utf16);
	tcase_add_test(tcase, null_string_is_minus_one);
	tcase_add_test(tcase, utf8_string_is_utf16_on_the_wire);
	tcase_add_test(tcase, char_sequence_is_a_string8);
	tcase_add_test(tcase, int_enum_takes_a_word);
	tcase_add_test(tcase, enum_names_combine);
	tcase_add_test(tcase, enum_may_be_a_number);
	tcase_add_test(tcase, long_enum_takes_two_words);
	tcase_add_test(tcase, byte_enum_takes_a_word);
	tcase_add_test(tcase, array_of_bytes_is_packed);
	tcase_add_test(tcase, bytes_are_an_array_of_bytes);
	tcase_add_test(tcase, array_of_byte_enums_is_packed);
	tcase_add_test(tcase, array_of_booleans_is_not);
	tcase_add_test(tcase, array_of_chars_is_not);
	tcase_add_test(tcase, array_of_ints_has_a_count);
	tcase_add_test(tcase, empty_array_is_a_zero);
	tcase_add_test(tcase, null_array_is_minus_one);
	tcase_add_test(tcase, null_array_of_bytes_is_minus_one);
	tcase_add_test(tcase, array_of_strings_may_hold_null);
	tcase_add_test(tcase, fixed_array_has_counts_too);
	tcase_add_test(tcase, list_is_like_an_array);
	tcase_add_test(tcase, map_has_a_count);
	tcase_add_test(tcase, parcelable_has_presence_and_size);
	tcase_add_test(tcase, field_left_out_has_its_default);
	tcase_add_test(tcase, empty_table_is_all_defaults);
	tcase_add_test(tcase, null_parcelable_is_a_zero);
	tcase_add_test(tcase, array_of_parcelables);
	tcase_add_test(tcase, parcelable_in_parcelable);
	tcase_add_test(tcase, union_has_presence_and_tag);
	tcase_add_test(tcase, union_holds_a_parcelable);
	tcase_add_test(tcase, type_parameter_is_what_is_given);
	tcase_add_test(tcase, type_parameter_goes_through);
	tcase_add_test(tcase, type_parameter_may_be_null);
	tcase_add_test(tcase, enum_for_a_type_parameter_is_never_null);
	tcase_add_test(tcase, opaque_may_be_null);
	tcase_add_test(tcase, empty_holder_has_no_size);
	tcase_add_test(tcase, holder_says_what_it_holds);
	tcase_add_test(tcase, null_binder_is_a_null_object);
	tcase_add_test(tcase, null_file_is_a_zero);
	tcase_add_test(tcase, number_must_fit_its_type);
	tcase_add_test(tcase, fraction_is_no_int);
	tcase_add_test(tcase, string_is_no_number);
	tcase_add_test(tcase, number_is_no_string);
	tcase_add_test(tcase, null_is_no_string);
	tcase_add_test(tcase, enum_knows_its_names);
	tcase_add_test(tcase, error_names_the_place);
	tcase_add_test(tcase, field_must_exist);
	tcase_add_test(tcase, fixed_array_has_its_size);
	tcase_add_test(tcase, union_has_one_field);
	tcase_add_test(tcase, opaque_cannot_be_written);
	tcase_add_test(tcase, binder_is_needed);
	tcase_add_test(tcase, holder_needs_a_type);
	tcase_add_test(tcase, count_beyond_the_parcel_is_refused);
	tcase_add_test(tcase, negative_count_is_refused);
	tcase_add_test(tcase, negative_count_of_a_map_is_refused);
	tcase_add_test(tcase, size_below_itself_is_refused);
	tcase_add_test(tcase, size_beyond_the_parcel_is_refused);
	tcase_add_test(tcase, field_beyond_the_size_is_refused);
	tcase_add_test(tcase, tag_must_exist);
	tcase_add_test(tcase, end_of_the_parcel_is_said);
	tcase_add_test(tcase, opaque_cannot_be_read);
	tcase_add_test(tcase, longer_tail_is_skipped);
	tcase_add_test(tcase, shorter_parcelable_has_fewer_fields);
	tcase_add_test(tcase, nesting_from_a_peer_ends_somewhere);
	tcase_add_test(tcase, arguments_go_in_order);
	tcase_add_test(tcase, arguments_go_by_name);
	tcase_add_test(tcase, out_array_sends_its_length);
	tcase_add_test(tcase, out_array_has_no_length_by_itself);
	tcase_add_test(tcase, out_fixed_array_sends_nothing);
	tcase_add_test(tcase, out_list_sends_nothing);
	tcase_add_test(tcase, nullable_argument_may_be_left_out);
	tcase_add_test(tcase, missing_argument_is_named);
	tcase_add_test(tcase, too_many_arguments_are_counted);
	tcase_add_test(tcase, argument_must_exist);
	tcase_add_test(tcase, out_argument_does_not_go_in);
	tcase_add_test(tcase, reply_is_return_then_out);
	tcase_add_test(tcase, request_is_read_as_it_was_written);
	tcase_add_test(tcase, enum_number_has_its_names);
	return suite;
}

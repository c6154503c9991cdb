/* SPDX-License-Identifier: MIT */
/*
 * parcel_test.c: values and their bytes on the wire, as Android 16 has them.
 */
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suites.h"
#include "world.h"

static AParcel *p;

static void up(void)
{
	p = AParcel_create();
}

static void down(void)
{
	AParcel_delete(p);
}

static void wire_is(const void *expected, size_t size)
{
	const uint8_t *data;
	size_t have;

	AParcel_getBytes(p, &data, &have);
	ck_assert_uint_eq(have, size);
	ck_assert_mem_eq(data, expected, size);
	ck_assert_int_eq(AParcel_setDataPosition(p, 0), STATUS_OK);
}

#define WIRE(...) \
	do { \
		static const uint8_t expected[] = { __VA_ARGS__ }; \
		wire_is(expected, sizeof(expected)); \
	} while (0)

START_TEST(scalars_have_their_bytes)
{
	int32_t i32;
	uint32_t u32;
	int64_t i64;
	uint64_t u64;
	float f;
	double d;
	bool b;
	char16_t c;
	int8_t i8;

	AParcel_writeInt32(p, -2);
	AParcel_writeUint32(p, 0x80000001);
	AParcel_writeInt64(p, -3);
	AParcel_writeUint64(p, 0x0102030405060708);
	AParcel_writeFloat(p, 1.0f);
	AParcel_writeDouble(p, -2.0);
	AParcel_writeBool(p, true);
	AParcel_writeChar(p, 0x20ac);
	AParcel_writeByte(p, -1);
	WIRE(0xfe, 0xff, 0xff, 0xff, 1, 0, 0, 0x80, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0, 1, 0, 0, 0, 0xac,
	     0x20, 0, 0, 0xff, 0xff, 0xff, 0xff);
	AParcel_readInt32(p, &i32);
	AParcel_readUint32(p, &u32);
	AParcel_readInt64(p, &i64);
	AParcel_readUint64(p, &u64);
	AParcel_readFloat(p, &f);
	AParcel_readDouble(p, &d);
	AParcel_readBool(p, &b);
	AParcel_readChar(p, &c);
	ck_assert_int_eq(AParcel_readByte(p, &i8), STATUS_OK);
	ck_assert(i32 == -2 && u32 == 0x80000001 && i64 == -3 && u64 == 0x0102030405060708);
	ck_assert(f == 1.0f && d == -2.0 && b && c == 0x20ac && i8 == -1);
	ck_assert_int_eq(AParcel_readByte(p, &i8), STATUS_NOT_ENOUGH_DATA);
}
END_TEST

START_TEST(string16_has_length_nul_and_padding)
{
	char *text;

	AParcel_writeString16(p, "abc");
	AParcel_writeString16(p, "");
	AParcel_writeString16(p, NULL);
	AParcel_writeString16(p, "\xf0\x9f\x90\xa7");
	WIRE(3, 0, 0, 0, 'a', 0, 'b', 0, 'c', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff,
	     0xff, 2, 0, 0, 0, 0x3d, 0xd8, 0x27, 0xdc, 0, 0, 0, 0);
	AParcel_readString16(p, &text);
	ck_assert_str_eq(text, "abc");
	free(text);
	AParcel_readString16(p, &text);
	ck_assert_str_eq(text, "");
	free(text);
	AParcel_readString16(p, &text);
	ck_assert_ptr_null(text);
	AParcel_readString16(p, &text);
	ck_assert_str_eq(text, "\xf0\x9f\x90\xa7");
	free(text);
	ck_assert_int_eq(AParcel_writeString16(p, "\xff"), STATUS_BAD_VALUE);
}
END_TEST

START_TEST(string8_counts_bytes)
{
	char *text;
	int32_t length;

	AParcel_writeString8(p, "abcd", 4);
	WIRE(4, 0, 0, 0, 'a', 'b', 'c', 'd', 0, 0, 0, 0);
	ck_assert_int_eq(AParcel_readString8(p, &text, &length), STATUS_OK);
	ck_assert_str_eq(text, "abcd");
	ck_assert_int_eq(length, 4);
	free(text);
}
END_TEST

static bool take_i32(void *data, int32_t length, int32_t **buffer)
{
	*(int32_t *)data = length;
	*buffer = (int32_t *)data + 1;
	return length < 8;
}

static bool take_i64(void *data, int32_t length, int64_t **buffer)
{
	*(int64_t *)data = length;
	*buffer = (int64_t *)data + 1;
	return length < 8;
}

static bool take_byte(void *data, int32_t length, int8_t **buffer)
{
	*(int8_t *)data = length;
	*buffer = (int8_t *)data + 1;
	return true;
}

static bool take_char(void *data, int32_t length, char16_t **buffer)
{
	*(char16_t *)data = length;
	*buffer = (char16_t *)data + 1;
	return true;
}

static bool take_bool(void *data, int32_t length)
{
	return length == 2;
}

static void set_bool(void *data, size_t index, bool value)
{
	((bool *)data)[index] = value;
}

static bool get_bool(const void *data, size_t index)
{
	return ((const bool *)data)[index];
}

START_TEST(arrays_have_a_count_and_their_elements)
{
	static const int32_t i32[] = { 1, -1 };
	static const int64_t i64[] = { 2 };
	static const int8_t bytes[] = { 1, 2, 3, 4, 5 };
	static const char16_t chars[] = { 'x', 0x20ac };
	static const bool bools[] = { true, false };
	int32_t back32[8];
	int64_t back64[8];
	int8_t back8[8];
	char16_t back16[8];
	bool back1[2] = { false, true };

	AParcel_writeInt32Array(p, i32, 2);
	AParcel_writeInt64Array(p, i64, 1);
	AParcel_writeByteArray(p, bytes, 5);
	AParcel_writeCharArray(p, chars, 2);
	AParcel_writeBoolArray(p, bools, 2, get_bool);
	AParcel_writeInt32Array(p, NULL, -1);
	AParcel_writeInt32Array(p, NULL, 0);
	WIRE(2, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5,
	     0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 2, 0, 0, 0, 'x', 0, 0, 0, 0xac, 0x20, 0, 0, 2, 0, 0,
	     0, 1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
	ck_assert_int_eq(AParcel_readInt32Array(p, back32, take_i32), STATUS_OK);
	ck_assert(back32[0] == 2 && back32[1] == 1 && back32[2] == -1);
	ck_assert_int_eq(AParcel_readInt64Array(p, back64, take_i64), STATUS_OK);
	ck_assert(back64[0] == 1 && back64[1] == 2);
	ck_assert_int_eq(AParcel_readByteArray(p, back8, take_byte), STATUS_OK);
	ck_assert_mem_eq(back8 + 1, bytes, 5);
	ck_assert_int_eq(AParcel_readCharArray(p, back16, take_char), STATUS_OK);
	ck_assert(back16[1] == 'x' && back16[2] == 0x20ac);
	ck_assert_int_eq(AParcel_readBoolArray(p, back1, take_bool, set_bool), STATUS_OK);
	ck_assert(back1[0] && !back1[1]);
	ck_assert_int_eq(AParcel_readInt32Array(p, back32, take_i32), STATUS_OK);
	ck_assert_int_eq(back32[0], -1);
	ck_assert_int_eq(AParcel_readInt32Array(p, back32, take_i32), STATUS_OK);
	ck_assert_int_eq(back32[0], 0);
}
END_TEST

struct strings {
	char *list[4];
	int32_t count;
};

static const char *get_string(const void *data, size_t index, int32_t *length)
{
	const char *const *list = data;

	*length = list[index] ? (int32_t)strlen(list[index]) : -1;
	return list[index];
}

static bool take_strings(void *data, int32_t length)
{
	((struct strings *)data)->count = length;
	return length <= 4;
}

static bool take_string(void *data, size_t index, int32_t length, char **buffer)
{
	struct strings *strings = data;

	strings->list[index] = NULL;
	if (length < 0)
		return true;
	*buffer = strings->list[index] = malloc(length);
	return *buffer;
}

START_TEST(string_arrays_may_hold_null_strings)
{
	static const char *const list[] = { "a", NULL, "" };
	struct strings back;

	ck_assert_int_eq(AParcel_writeStringArray(p, list, 3, get_string), STATUS_OK);
	WIRE(3, 0, 0, 0, 1, 0, 0, 0, 'a', 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0);
	ck_assert_int_eq(AParcel_readStringArray(p, &back, take_strings, take_string), STATUS_OK);
	ck_assert_int_eq(back.count, 3);
	ck_assert_str_eq(back.list[0], "a");
	ck_assert_ptr_null(back.list[1]);
	ck_assert_str_eq(back.list[2], "");
	free(back.list[0]);
	free(back.list[2]);
}
END_TEST

START_TEST(request_header_is_that_of_android_16)
{
	char *descriptor;

	AParcel_writeInterfaceToken(p, "a.B");
	WIRE(0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 'T', 'S', 'Y', 'S', 3, 0, 0, 0, 'a', 0, '.', 0,
	     'B', 0, 0, 0);
	ck_assert_int_eq(AParcel_readInterfaceToken(p, &descriptor), STATUS_OK);
	ck_assert_str_eq(descriptor, "a.B");
	free(descriptor);
}
END_TEST

START_TEST(null_binder_is_no_object_and_has_a_stability_word)
{
	AIBinder *binder = (AIBinder *)p;
	const uint64_t *offsets;
	size_t count;

	ck_assert_int_eq(AParcel_writeStrongBinder(p, NULL), STATUS_OK);
	WIRE(0x85, 0x2a, 0x62, 0x73, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	     0, 0, 0);
	AParcel_getObjects(p, &offsets, &count);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(AParcel_readStrongBinder(p, &binder), STATUS_OK);
	ck_assert_ptr_null(binder);
}
END_TEST

START_TEST(local_binder_is_an_object_with_system_stability)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *back;
	const uint64_t *offsets;
	const uint8_t *data;
	uint64_t address;
	size_t count, size;

	AParcel_writeInt32(p, 1);
	ck_assert_int_eq(AParcel_writeStrongBinder(p, mine), STATUS_OK);
	AParcel_getBytes(p, &data, &size);
	ck_assert_uint_eq(size, 4 + 24 + 4);
	ck_assert_mem_eq(data + 4, "\x85\x2a\x62\x73\x13\x01\x00\x00", 8);
	memcpy(&address, data + 20, 8);
	ck_assert_uint_eq(address, (uintptr_t)mine);
	ck_assert_mem_eq(data + 28, "\x0c\x00\x00\x00", 4);
	AParcel_getObjects(p, &offsets, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(offsets[0], 4);
	ck_assert_int_eq(AParcel_getObjectAt(p, 4, &address), ABINDER_OBJECT_LOCAL);
	ck_assert_int_eq(AParcel_getObjectAt(p, 8, NULL), ABINDER_OBJECT_NONE);
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 2);
	AParcel_setDataPosition(p, 4);
	ck_assert_int_eq(AParcel_readStrongBinder(p, &back), STATUS_OK);
	ck_assert_ptr_eq(back, mine);
	AIBinder_decStrong(back);
	AParcel_reset(p);
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 1);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(parcel_file_descriptor_has_two_words_before_its_object)
{
	const uint8_t *data;
	size_t size;
	int fds[2], back;
	char byte;

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(AParcel_writeParcelFileDescriptor(p, fds[1]), STATUS_OK);
	close(fds[1]);
	AParcel_writeParcelFileDescriptor(p, -1);
	AParcel_getBytes(p, &data, &size);
	ck_assert_uint_eq(size, 8 + 24 + 4);
	ck_assert_mem_eq(data, "\x01\x00\x00\x00\x00\x00\x00\x00\x85\x2a\x64\x66", 12);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(AParcel_readParcelFileDescriptor(p, &back), STATUS_OK);
	ck_assert(fcntl(back, F_GETFD) & FD_CLOEXEC);
	close(back);
	ck_assert_int_eq(AParcel_readParcelFileDescriptor(p, &back), STATUS_OK);
	ck_assert_int_eq(back, -1);
	/* The parcel's own duplicate goes with it. */
	AParcel_reset(p);
	ck_assert_int_eq(read(fds[0], &byte, 1), 0);
	close(fds[0]);
	ck_assert_int_eq(AParcel_writeParcelFileDescriptor(p, 12345), STATUS_BAD_VALUE);
}
END_TEST

START_TEST(append_takes_whole_objects_along)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *back;
	AParcel *from = AParcel_create();
	const uint64_t *offsets;
	int32_t value;
	size_t count;

	AParcel_writeInt32(from, 7);
	AParcel_writeStrongBinder(from, mine);
	AParcel_writeInt32(from, 8);
	AParcel_writeInt32(p, 6);
	ck_assert_int_eq(AParcel_appendFrom(from, p, 0, AParcel_getDataSize(from)), STATUS_OK);
	AParcel_delete(from);
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 2);
	AParcel_getObjects(p, &offsets, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(offsets[0], 8);
	AParcel_setDataPosition(p, 4);
	AParcel_readInt32(p, &value);
	ck_assert_int_eq(value, 7);
	ck_assert_int_eq(AParcel_readStrongBinder(p, &back), STATUS_OK);
	ck_assert_ptr_eq(back, mine);
	AIBinder_decStrong(back);
	AParcel_readInt32(p, &value);
	ck_assert_int_eq(value, 8);
	ck_assert_int_eq(AParcel_appendFrom(p, p, 0, 1 << 20), STATUS_BAD_VALUE);
	AParcel_reset(p);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(marshal_and_unmarshal_are_inverse)
{
	uint8_t bytes[12];
	int32_t value;
	AParcel *copy = AParcel_create();
	AIBinder *mine = AIBinder_new(test_class(), NULL);

	AParcel_writeInt32(p, 1);
	AParcel_writeString16(p, "x");
	ck_assert_int_eq(AParcel_marshal(p, bytes, 0, 12), STATUS_OK);
	ck_assert_int_eq(AParcel_marshal(p, bytes, 4, 12), STATUS_BAD_VALUE);
	ck_assert_int_eq(AParcel_unmarshal(copy, bytes, 12), STATUS_OK);
	ck_assert_int_eq(AParcel_getDataSize(copy), 12);
	ck_assert_int_eq(AParcel_readInt32(copy, &value), STATUS_OK);
	ck_assert_int_eq(value, 1);
	AParcel_writeStrongBinder(p, mine);
	ck_assert_int_eq(AParcel_marshal(p, bytes, 0, 4), STATUS_INVALID_OPERATION);
	AParcel_delete(copy);
	AParcel_reset(p);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(large_parcels_grow_and_keep_their_content)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *back;

	for (int i = 0; i < 1000; i++) {
		AParcel_writeInt32(p, i);
		ck_assert_int_eq(AParcel_writeStrongBinder(p, mine), STATUS_OK);
	}
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 1001);
	AParcel_setDataPosition(p, 0);
	for (int i = 0; i < 1000; i++) {
		int32_t value;

		AParcel_readInt32(p, &value);
		ck_assert_int_eq(value, i);
		ck_assert_int_eq(AParcel_readStrongBinder(p, &back), STATUS_OK);
		AIBinder_decStrong(back);
	}
	AParcel_reset(p);
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 1);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(capacity_grows_and_never_shrinks)
{
	AParcel_writeInt32(p, 5);
	ck_assert_int_eq(AParcel_setDataCapacity(p, 100000), STATUS_OK);
	ck_assert_uint_ge(AParcel_getDataCapacity(p), 100000);
	ck_assert_int_eq(AParcel_setDataCapacity(p, 1), STATUS_OK);
	ck_assert_uint_ge(AParcel_getDataCapacity(p), 100000);
	ck_assert_int_eq(AParcel_getDataSize(p), 4);
	ck_assert_int_eq(AParcel_getDataPosition(p), 4);
}
END_TEST

Suite *parcel_suite(void)
{
	Suite *suite = suite_create("parcel");
	TCase *tc = tcase_create("parcel");

	tcase_add_checked_fixture(tc, up, down);
	tcase_add_test(tc, scalars_have_their_bytes);
	tcase_add_test(tc, string16_has_length_nul_and_padding);
	tcase_add_test(tc, string8_counts_bytes);
	tcase_add_test(tc, arrays_have_a_count_and_their_elements);
	tcase_add_test(tc, string_arrays_may_hold_null_strings);
	tcase_add_test(tc, request_header_is_that_of_android_16);
	tcase_add_test(tc, null_binder_is_no_object_and_has_a_stability_word);
	tcase_add_test(tc, local_binder_is_an_object_with_system_stability);
	tcase_add_test(tc, parcel_file_descriptor_has_two_words_before_its_object);
	tcase_add_test(tc, append_takes_whole_objects_along);
	tcase_add_test(tc, marshal_and_unmarshal_are_inverse);
	tcase_add_test(tc, large_parcels_grow_and_keep_their_content);
	tcase_add_test(tc, capacity_grows_and_never_shrinks);
	suite_add_tcase(suite, tc);
	return suite;
}

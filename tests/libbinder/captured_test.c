/* SPDX-License-Identifier: MIT */
/*
 * captured_test.c: parcels made from bytes that another process received.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <binder/aidl_data.h>
#include <binder/ext.h>

#include <linux/android/binder.h>

#include "suites.h"

static const char FORTY_TWO[] = "\x2a\0\0";

static AParcel *captured(const void *data, size_t size, const uint64_t *offsets, size_t count)
{
	AParcel *parcel = NULL;

	ck_assert_int_eq(AParcel_createCaptured(NULL, "36", data, size, offsets, count, &parcel),
			 STATUS_OK);
	return parcel;
}

/* A handle and its stability word. */
static AParcel *captured_binder(void)
{
	struct {
		struct flat_binder_object object;
		int32_t stability;
	} bytes = { .object = { .hdr.type = BINDER_TYPE_HANDLE, .handle = 7 }, .stability = 12 };
	const uint64_t offset = 0;

	return captured(&bytes, sizeof(bytes.object) + 4, &offset, 1);
}

START_TEST(captured_numbers_are_read_and_nothing_is_written)
{
	AParcel *parcel = captured(FORTY_TWO, 4, NULL, 0);
	int32_t value = 0;

	ck_assert_int_eq(AParcel_readInt32(parcel, &value), STATUS_OK);
	ck_assert_int_eq(value, 42);
	ck_assert_int_eq(AParcel_readInt32(parcel, &value), STATUS_NOT_ENOUGH_DATA);
	ck_assert_int_ne(AParcel_writeInt32(parcel, 1), STATUS_OK);
	AParcel_delete(parcel);
}
END_TEST

START_TEST(captured_binder_is_not_followed)
{
	AParcel *parcel = captured_binder(), *copy = AParcel_create();
	AIBinder *binder = NULL;
	uint64_t handle = 0;

	ck_assert_int_eq(AParcel_readStrongBinder(parcel, &binder), STATUS_INVALID_OPERATION);
	ck_assert_ptr_null(binder);
	ck_assert_int_eq(AParcel_getObjectAt(parcel, 0, &handle), ABINDER_OBJECT_HANDLE);
	ck_assert_uint_eq(handle, 7);
	ck_assert_int_eq(AParcel_appendFrom(parcel, copy, 0, AParcel_getDataSize(parcel)),
			 STATUS_INVALID_OPERATION);
	AParcel_delete(copy);
	AParcel_delete(parcel);
}
END_TEST

START_TEST(captured_descriptor_is_not_one_of_ours)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD, .fd = 0 };
	const uint64_t offset = 0;
	AParcel *parcel = captured(&object, sizeof(object), &offset, 1);
	int fd = -1;

	ck_assert_int_eq(AParcel_readFd(parcel, &fd), STATUS_INVALID_OPERATION);
	ck_assert_int_eq(fd, -1);
	/* Deleting it closes nothing: standard input is still there. */
	AParcel_delete(parcel);
	ck_assert_int_ge(fcntl(0, F_GETFD), 0);
}
END_TEST

START_TEST(captured_binder_is_described_by_its_type)
{
	static const struct aidl_type type = { .kind = AIDL_IBINDER,
					       .name = "IBinder",
					       .size = -1 };
	struct aidl_codec codec = { .library = NULL };
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	AParcel *parcel = captured_binder();

	ck_assert_int_eq(aidl_data_read(&codec, &type, "it", parcel, &data), STATUS_OK);
	ck_assert_int_eq(data.kind, AIDL_DATA_OBJECT);
	ck_assert_str_eq(data.text, "binder handle 7");
	/* The stability word belongs to it. */
	ck_assert_int_eq(AParcel_getDataPosition(parcel), AParcel_getDataSize(parcel));
	aidl_data_clear(&data);
	AParcel_delete(parcel);
}
END_TEST

START_TEST(version_of_a_captured_parcel_is_checked)
{
	AParcel *parcel = NULL;

	ck_assert_int_eq(AParcel_createCaptured(NULL, "1.5", FORTY_TWO, 4, NULL, 0, &parcel),
			 STATUS_BAD_VALUE);
	ck_assert_int_eq(AParcel_createCaptured(NULL, NULL, NULL, 4, NULL, 0, &parcel),
			 STATUS_UNEXPECTED_NULL);
	ck_assert_ptr_null(parcel);
}
END_TEST

Suite *captured_suite(void)
{
	Suite *suite = suite_create("captured");
	TCase *tcase = tcase_create("captured");

	tcase_add_test(tcase, captured_numbers_are_read_and_nothing_is_written);
	tcase_add_test(tcase, captured_binder_is_not_followed);
	tcase_add_test(tcase, captured_descriptor_is_not_one_of_ours);
	tcase_add_test(tcase, captured_binder_is_described_by_its_type);
	tcase_add_test(tcase, version_of_a_captured_parcel_is_checked);
	suite_add_tcase(suite, tcase);
	return suite;
}

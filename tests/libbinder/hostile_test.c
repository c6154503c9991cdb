/* SPDX-License-Identifier: MIT */
/*
 * hostile_test.c: parcels whose bytes were made to do harm.
 */
#include <stdlib.h>
#include <string.h>

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

static void holds(const void *bytes, size_t size)
{
	ck_assert_int_eq(AParcel_unmarshal(p, bytes, size), STATUS_OK);
}

static int allocated;

static bool never(void *data, int32_t length, int32_t **buffer)
{
	allocated++;
	return false;
}

static bool never_strings(void *data, int32_t length)
{
	allocated++;
	return false;
}

static bool never_string(void *data, size_t index, int32_t length, char **buffer)
{
	allocated++;
	return false;
}

START_TEST(count_beyond_the_data_is_refused_before_anything_is_allocated)
{
	static const int32_t huge[] = { 0x7fffffff, 1, 2, 3 };
	static const int32_t four[] = { 4, 1, 2, 3 };
	static const int32_t negative[] = { -2, 1, 2, 3 };
	int32_t dummy;

	holds(huge, sizeof(huge));
	ck_assert_int_eq(AParcel_readInt32Array(p, &dummy, never), STATUS_NOT_ENOUGH_DATA);
	holds(four, sizeof(four));
	ck_assert_int_eq(AParcel_readInt32Array(p, &dummy, never), STATUS_NOT_ENOUGH_DATA);
	holds(negative, sizeof(negative));
	ck_assert_int_ne(AParcel_readInt32Array(p, &dummy, never), STATUS_OK);
	holds(huge, sizeof(huge));
	ck_assert_int_eq(AParcel_readStringArray(p, &dummy, never_strings, never_string),
			 STATUS_NOT_ENOUGH_DATA);
	ck_assert_int_eq(allocated, 0);
}
END_TEST

START_TEST(string_beyond_the_data_is_refused)
{
	static const int32_t lengths[] = { 0x7fffffff, 0x40000000, 7, 6, -2, INT32_MIN };
	char *text = (char *)p;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int32_t words[4] = { lengths[i] };

		/* Twelve bytes hold five characters and the NUL. */
		holds(words, sizeof(words));
		ck_assert_int_ne(AParcel_readString16(p, &text), STATUS_OK);
		ck_assert_ptr_eq(text, p);
	}
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int32_t words[2] = { lengths[i] };

		holds(words, sizeof(words));
		ck_assert_int_ne(AParcel_readString8(p, &text, NULL), STATUS_OK);
		ck_assert_ptr_eq(text, p);
	}
}
END_TEST

START_TEST(bytes_that_look_like_an_object_are_none)
{
	uint64_t words[5] = { 0 };
	AIBinder *binder = (AIBinder *)p;
	int fd = -5;

	/* A local object at an address of the sender's choice. */
	words[0] = 0x0000011373622a85;
	words[1] = words[2] = 0x4141414141414141;
	holds(words, 28);
	ck_assert_int_eq(AParcel_readStrongBinder(p, &binder), STATUS_BAD_TYPE);
	/* A handle that was never given. */
	words[0] = 0x0000000073682a85;
	words[1] = 5;
	words[2] = 0;
	holds(words, 28);
	ck_assert_int_eq(AParcel_readStrongBinder(p, &binder), STATUS_BAD_TYPE);
	ck_assert_ptr_eq(binder, p);
	/* Somebody's descriptor 1. */
	words[0] = 1;
	words[1] = 0x0000000066642a85;
	words[2] = 1;
	holds(words, 32);
	ck_assert_int_eq(AParcel_readParcelFileDescriptor(p, &fd), STATUS_BAD_TYPE);
	ck_assert_int_eq(fd, -5);
}
END_TEST

START_TEST(failed_read_of_a_binder_leaves_the_position)
{
	AIBinder *binder;
	uint8_t zeros[27] = { 0 };

	holds(zeros, sizeof(zeros));
	ck_assert_int_ne(AParcel_readStrongBinder(p, &binder), STATUS_OK);
	ck_assert_int_eq(AParcel_getDataPosition(p), 0);
}
END_TEST

START_TEST(object_that_was_written_over_is_not_taken_for_another)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *back;

	AParcel_writeStrongBinder(p, mine);
	AParcel_setDataPosition(p, 0);
	AParcel_writeUint32(p, 0x66642a85);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(AParcel_readStrongBinder(p, &back), STATUS_BAD_TYPE);
	/* Objects only go to the end. */
	AParcel_setDataPosition(p, 4);
	ck_assert_int_eq(AParcel_writeStrongBinder(p, mine), STATUS_INVALID_OPERATION);
	AParcel_reset(p);
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 1);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(position_cannot_leave_the_parcel)
{
	AParcel_writeInt32(p, 1);
	ck_assert_int_eq(AParcel_setDataPosition(p, -1), STATUS_BAD_VALUE);
	ck_assert_int_eq(AParcel_setDataPosition(p, 5), STATUS_BAD_VALUE);
	ck_assert_int_eq(AParcel_setDataPosition(p, 4), STATUS_OK);
}
END_TEST

/* Every reader over random bytes: any status, no harm (the sanitizers look on). */
START_TEST(random_bytes_do_no_harm)
{
	unsigned int seed = 7;

	for (int round = 0; round < 20000; round++) {
		uint32_t words[24];
		AStatus *status;
		AIBinder *binder;
		int64_t wide[32];
		char *text;
		int fd;

		for (int i = 0; i < 24; i++)
			words[i] = rand_r(&seed) % 3 ? (uint32_t)(rand_r(&seed) % 40 - 4) :
						       (uint32_t)rand_r(&seed) << 1;
		if (round % 3 == 0)
			words[0] = -(rand_r(&seed) % 130);
		holds(words, rand_r(&seed) % sizeof(words));
		for (int i = 0; i < 6; i++) {
			switch (rand_r(&seed) % 8) {
			case 0:
				if (AParcel_readString16(p, &text) == STATUS_OK)
					free(text);
				break;
			case 1:
				if (AParcel_readString8(p, &text, NULL) == STATUS_OK)
					free(text);
				break;
			case 2:
				if (AParcel_readStatusHeader(p, &status) == STATUS_OK)
					AStatus_delete(status);
				break;
			case 3:
				if (AParcel_readStrongBinder(p, &binder) == STATUS_OK)
					AIBinder_decStrong(binder);
				break;
			case 4:
				ck_assert(AParcel_readParcelFileDescriptor(p, &fd) || fd == -1);
				break;
			case 5:
				AParcel_readInt32Array(p, wide, never);
				break;
			case 6:
				if (AParcel_readInterfaceToken(p, &text) == STATUS_OK)
					free(text);
				break;
			default:
				AParcel_readInt64(p, wide);
				break;
			}
			ck_assert_int_le(AParcel_getDataPosition(p), AParcel_getDataSize(p));
		}
	}
}
END_TEST

Suite *hostile_suite(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tc = tcase_create("hostile");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, count_beyond_the_data_is_refused_before_anything_is_allocated);
	tcase_add_test(tc, string_beyond_the_data_is_refused);
	tcase_add_test(tc, bytes_that_look_like_an_object_are_none);
	tcase_add_test(tc, failed_read_of_a_binder_leaves_the_position);
	tcase_add_test(tc, object_that_was_written_over_is_not_taken_for_another);
	tcase_add_test(tc, position_cannot_leave_the_parcel);
	tcase_add_test(tc, random_bytes_do_no_harm);
	suite_add_tcase(suite, tc);
	return suite;
}

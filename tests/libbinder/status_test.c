/* SPDX-License-Identifier: MIT */
/*
 * status_test.c: AStatus, and how it stands at the head of a reply.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
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
	AParcel_setDataPosition(p, 0);
}

static AStatus *round_trip(AStatus *status)
{
	AStatus *back;

	AParcel_reset(p);
	ck_assert_int_eq(AParcel_writeStatusHeader(p, status), STATUS_OK);
	AStatus_delete(status);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &back), STATUS_OK);
	return back;
}

START_TEST(ok_is_one_zero_word)
{
	AStatus *status = round_trip(AStatus_newOk());

	ck_assert(AStatus_isOk(status));
	ck_assert_int_eq(AStatus_getStatus(status), STATUS_OK);
	ck_assert_str_eq(AStatus_getMessage(status), "");
	AStatus_delete(status);
	wire_is("\0\0\0\0", 4);
}
END_TEST

START_TEST(exception_has_message_and_empty_stack_trace)
{
	static const uint8_t wire[] = { 0xfd, 0xff, 0xff, 0xff, 2, 0, 0, 0, 'n', 0,
					'o',  0,    0,    0,    0, 0, 0, 0, 0,   0 };
	AStatus *status = AStatus_fromExceptionCodeWithMessage(EX_ILLEGAL_ARGUMENT, "no");

	status = round_trip(status);
	ck_assert(!AStatus_isOk(status));
	ck_assert_int_eq(AStatus_getExceptionCode(status), EX_ILLEGAL_ARGUMENT);
	ck_assert_str_eq(AStatus_getMessage(status), "no");
	AStatus_delete(status);
	wire_is(wire, sizeof(wire));
}
END_TEST

START_TEST(service_specific_error_carries_its_code)
{
	AStatus *status = round_trip(AStatus_fromServiceSpecificErrorWithMessage(-77, "why"));
	const char *description = AStatus_getDescription(status);

	ck_assert_int_eq(AStatus_getExceptionCode(status), EX_SERVICE_SPECIFIC);
	ck_assert_int_eq(AStatus_getServiceSpecificError(status), -77);
	ck_assert(strstr(description, "-77") && strstr(description, "why"));
	AStatus_deleteDescription(description);
	AStatus_delete(status);
}
END_TEST

START_TEST(failed_transaction_is_never_written)
{
	AStatus *status = AStatus_fromStatus(STATUS_BAD_TYPE);

	ck_assert_int_eq(AParcel_writeStatusHeader(p, status), STATUS_BAD_TYPE);
	ck_assert_int_eq(AParcel_getDataSize(p), 0);
	ck_assert_int_eq(AStatus_getExceptionCode(status), EX_TRANSACTION_FAILED);
	AStatus_delete(status);
}
END_TEST

static void words(int32_t first, ...)
{
	va_list ap;

	AParcel_reset(p);
	va_start(ap, first);
	for (int32_t word = first; word != 4242; word = va_arg(ap, int32_t))
		AParcel_writeInt32(p, word);
	va_end(ap);
	AParcel_setDataPosition(p, 0);
}

START_TEST(extra_headers_are_skipped)
{
	AStatus *status;
	int32_t rest;

	/* -128: a sized header, then the reply itself. */
	words(-128, 12, 1, 2, 99, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_OK);
	ck_assert(AStatus_isOk(status));
	AStatus_delete(status);
	AParcel_readInt32(p, &rest);
	ck_assert_int_eq(rest, 99);
	/* -127: a sized header, then the exception is read again, here -128. */
	words(-127, 8, 5, -128, 4, 77, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_OK);
	ck_assert(AStatus_isOk(status));
	AStatus_delete(status);
	AParcel_readInt32(p, &rest);
	ck_assert_int_eq(rest, 77);
	/* ... and here an exception with a null message, a stack trace and a code. */
	words(-127, 4, -8, -1, 12, 0, 0, 31, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_OK);
	ck_assert_int_eq(AStatus_getServiceSpecificError(status), 31);
	ck_assert_str_eq(AStatus_getMessage(status), "");
	AStatus_delete(status);
}
END_TEST

START_TEST(headers_with_false_sizes_are_refused)
{
	AStatus *status = NULL;

	words(-128, 100, 0, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_BAD_VALUE);
	words(-128, -4, 0, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_BAD_VALUE);
	words(-128, 3, 0, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_BAD_VALUE);
	words(-3, -1, 1000, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_BAD_VALUE);
	words(-3, 50, 0, 4242);
	ck_assert_int_eq(AParcel_readStatusHeader(p, &status), STATUS_NOT_ENOUGH_DATA);
	ck_assert_ptr_null(status);
}
END_TEST

START_TEST(codes_have_names)
{
	ck_assert_str_eq(ABinder_statusName(STATUS_DEAD_OBJECT), "DEAD_OBJECT");
	ck_assert_str_eq(ABinder_statusName(-123456), "UNKNOWN_ERROR");
	ck_assert_str_eq(ABinder_exceptionName(EX_SECURITY), "EX_SECURITY");
	ck_assert_str_eq(ABinder_exceptionName(5), "EX_UNKNOWN");
}
END_TEST

START_TEST(driver_errnos_are_told_in_words_about_binder)
{
	static const int errors[] = { EDQUOT, EMFILE, ELOOP, ENOSPC };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		ck_assert_ptr_null(strstr(error_reason(-errors[i]), strerror(errors[i])));
	ck_assert_ptr_nonnull(strstr(error_reason(-ELOOP), "calls within calls"));
	/* What has no meaning of its own there keeps the system's words. */
	ck_assert_str_eq(error_reason(-EROFS), strerror(EROFS));
}
END_TEST

Suite *status_suite(void)
{
	Suite *suite = suite_create("status");
	TCase *tc = tcase_create("status");

	tcase_add_checked_fixture(tc, up, down);
	tcase_add_test(tc, ok_is_one_zero_word);
	tcase_add_test(tc, exception_has_message_and_empty_stack_trace);
	tcase_add_test(tc, service_specific_error_carries_its_code);
	tcase_add_test(tc, failed_transaction_is_never_written);
	tcase_add_test(tc, extra_headers_are_skipped);
	tcase_add_test(tc, headers_with_false_sizes_are_refused);
	tcase_add_test(tc, codes_have_names);
	tcase_add_test(tc, driver_errnos_are_told_in_words_about_binder);
	suite_add_tcase(suite, tc);
	return suite;
}

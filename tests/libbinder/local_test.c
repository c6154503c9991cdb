/* SPDX-License-Identifier: MIT */
/*
 * local_test.c: objects of this process, called from this process, and how a
 * driver is looked for.  No driver is needed.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "suites.h"
#include "world.h"

START_TEST(local_call_needs_no_driver)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AParcel *in, *out;
	int32_t sum;

	setenv("BINDER_DIR", "/nonexistent", 1);
	ck_assert_int_eq(AIBinder_prepareTransaction(mine, &in), STATUS_OK);
	AParcel_writeInt32(in, 20);
	AParcel_writeInt32(in, 3);
	ck_assert_int_eq(AIBinder_transact(mine, TEST_ADD, &in, &out, 0), STATUS_OK);
	ck_assert_ptr_null(in);
	AParcel_readInt32(out, &sum);
	ck_assert_int_eq(sum, 23);
	AParcel_delete(out);
	ck_assert_int_eq(AIBinder_ping(mine), STATUS_OK);
	ck_assert(AIBinder_isAlive(mine));
	ck_assert(!AIBinder_isRemote(mine));
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(object_ends_with_its_last_reference)
{
	struct ABinderCounts counts;
	int gone = 0;
	AIBinder *mine = AIBinder_new(test_class(), &gone);
	AIBinder_Weak *weak = AIBinder_Weak_new(mine);

	ck_assert_ptr_eq(AIBinder_getUserData(mine), &gone);
	ck_assert_ptr_eq(AIBinder_getClass(mine), test_class());
	AIBinder_incStrong(mine);
	AIBinder_decStrong(mine);
	ck_assert_int_eq(gone, 0);
	AIBinder_decStrong(mine);
	ck_assert_int_eq(gone, 1);
	ck_assert_ptr_null(AIBinder_Weak_promote(weak));
	AIBinder_Weak_delete(weak);
	ABinder_getCounts(&counts);
	ck_assert_uint_eq(counts.locals, 0);
}
END_TEST

START_TEST(misuse_of_a_call_is_an_error_and_takes_the_request)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AIBinder *other = AIBinder_new(test_class(), NULL);
	AParcel *in = NULL, *out = NULL;

	ck_assert_int_eq(AIBinder_transact(mine, 1, &in, &out, 0), STATUS_UNEXPECTED_NULL);
	AIBinder_prepareTransaction(mine, &in);
	ck_assert_int_eq(AIBinder_transact(other, 1, &in, &out, 0), STATUS_BAD_VALUE);
	ck_assert_ptr_null(in);
	AIBinder_prepareTransaction(mine, &in);
	ck_assert_int_eq(AIBinder_transact(mine, 0x01000000, &in, &out, 0),
			 STATUS_UNKNOWN_TRANSACTION);
	ck_assert_ptr_null(in);
	AIBinder_prepareTransaction(mine, &in);
	ck_assert_int_eq(AIBinder_transact(mine, 1, &in, &out, 0x8000), STATUS_BAD_VALUE);
	ck_assert_ptr_null(in);
	ck_assert_ptr_null(out);
	AIBinder_decStrong(mine);
	AIBinder_decStrong(other);
}
END_TEST

START_TEST(class_wants_all_of_its_functions)
{
	ck_assert_ptr_null(AIBinder_Class_define("test.IBare", NULL, free, NULL));
	ck_assert_str_eq(AIBinder_Class_getDescriptor(test_class()), TEST_DESCRIPTOR);
}
END_TEST

START_TEST(function_names_belong_to_codes)
{
	static const char *const names[] = { "echo", "add" };
	AIBinder_Class *clazz = (AIBinder_Class *)(uintptr_t)test_class();

	AIBinder_Class_setTransactionCodeToFunctionNameMap(clazz, names, 2);
	ck_assert_str_eq(AIBinder_Class_getFunctionName(clazz, 2), "add");
	ck_assert_ptr_null(AIBinder_Class_getFunctionName(clazz, 3));
	ck_assert_ptr_null(AIBinder_Class_getFunctionName(clazz, 0));
}
END_TEST

Suite *local_suite(void)
{
	Suite *suite = suite_create("local");
	TCase *tc = tcase_create("local");

	tcase_add_test(tc, local_call_needs_no_driver);
	tcase_add_test(tc, object_ends_with_its_last_reference);
	tcase_add_test(tc, misuse_of_a_call_is_an_error_and_takes_the_request);
	tcase_add_test(tc, class_wants_all_of_its_functions);
	tcase_add_test(tc, function_names_belong_to_codes);
	suite_add_tcase(suite, tc);
	return suite;
}

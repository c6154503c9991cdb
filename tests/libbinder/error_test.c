/* SPDX-License-Identifier: MIT */
/*
 * error_test.c: ABinder_getError() has the facts of a failure, so that nobody searches a sentence.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "world.h"

static pid_t peer;

static void up(void)
{
	world_up();
	peer = peer_start();
}

static void down(void)
{
	peer_kill(peer);
	world_down();
}

START_TEST(opening_says_which_paths_were_tried)
{
	ABinderConnection *connection;
	const struct ABinderError *error;

	ck_assert_int_eq(ABinderConnection_open("/nowhere/binder", &connection),
			 STATUS_NAME_NOT_FOUND);
	error = ABinder_getError();
	ck_assert_int_eq(error->status, STATUS_NAME_NOT_FOUND);
	ck_assert_int_eq(error->phase, ABINDER_PHASE_OPEN);
	ck_assert_int_eq(error->driver, -ENOENT);
	ck_assert_str_eq(error->path, "/nowhere/binder");
	ck_assert_ptr_null(error->name);
	ck_assert_str_eq(error->detail, ABinder_lastError());
}
END_TEST

START_TEST(opening_a_plain_file_names_it)
{
	ABinderConnection *connection;

	ck_assert_int_eq(ABinderConnection_open("/etc/passwd", &connection), STATUS_BAD_TYPE);
	ck_assert_int_eq(ABinder_getError()->phase, ABINDER_PHASE_OPEN);
	ck_assert_int_eq(ABinder_getError()->driver, -ENOTTY);
	ck_assert_str_eq(ABinder_getError()->path, "/etc/passwd");
}
END_TEST

START_TEST(answer_of_the_service_is_its_own_phase)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;

	AParcel_writeInt32(in, STATUS_PERMISSION_DENIED);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_FAIL, &in, &out, 0, -1),
			 STATUS_PERMISSION_DENIED);
	ck_assert_int_eq(ABinder_getError()->phase, ABINDER_PHASE_ANSWER);
	ck_assert_int_eq(ABinder_getError()->status, STATUS_PERMISSION_DENIED);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(call_without_a_reply_may_still_run)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;

	AParcel_writeInt32(in, 60000);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_SLEEP, &in, &out, 0, 20), STATUS_TIMED_OUT);
	ck_assert_int_eq(ABinder_getError()->phase, ABINDER_PHASE_WAIT);
	ck_assert_uint_ge(ABinder_getError()->waited_ms, 20);
	ck_assert(ABinder_getError()->may_run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(refusal_of_the_driver_has_its_errno)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;
	static const char zeros[3 << 20];

	ck_assert_int_eq(AParcel_writeRaw(in, zeros, sizeof(zeros)), STATUS_OK);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_ECHO, &in, &out, 0, -1),
			 STATUS_FAILED_TRANSACTION);
	ck_assert_int_eq(ABinder_getError()->phase, ABINDER_PHASE_SEND);
	ck_assert_int_eq(ABinder_getError()->driver, -ENOSPC);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(later_failure_forgets_the_facts_of_the_one_before)
{
	ABinderConnection *connection;

	ABinderConnection_open("/nowhere/binder", &connection);
	ck_assert_int_ne(AIBinder_ping(NULL), STATUS_OK);
	ck_assert_int_eq(ABinder_getError()->phase, ABINDER_PHASE_OTHER);
	ck_assert_int_eq(ABinder_getError()->status, STATUS_UNEXPECTED_NULL);
	ck_assert_ptr_null(ABinder_getError()->path);
}
END_TEST

Suite *error_suite(void)
{
	Suite *s = suite_create("error");
	TCase *tc = tcase_create("facts");

	tcase_add_checked_fixture(tc, up, down);
	tcase_add_test(tc, opening_says_which_paths_were_tried);
	tcase_add_test(tc, opening_a_plain_file_names_it);
	tcase_add_test(tc, answer_of_the_service_is_its_own_phase);
	tcase_add_test(tc, call_without_a_reply_may_still_run);
	tcase_add_test(tc, refusal_of_the_driver_has_its_errno);
	tcase_add_test(tc, later_failure_forgets_the_facts_of_the_one_before);
	suite_add_tcase(s, tc);
	return s;
}

/* SPDX-License-Identifier: MIT */
/*
 * driver_test.c: where a driver is looked for, and what is said when there is none.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suites.h"
#include "world.h"

static bool says(const char *words)
{
	return strstr(ABinder_lastError(), words) != NULL;
}

START_TEST(no_driver_is_an_error_that_helps)
{
	ABinderConnection *conn = NULL;

	unsetenv("BINDER_DEVICE");
	setenv("BINDER_DIR", "/nonexistent/dir", 1);
	ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_NAME_NOT_FOUND);
	ck_assert_ptr_null(conn);
	ck_assert(says("/nonexistent/dir/binder"));
	ck_assert(says("binderctl up") && says("binderctl sandbox") && says("kernel module"));
	ck_assert_ptr_null(ABinderConnection_getDefault());
}
END_TEST

START_TEST(search_names_every_place)
{
	ABinderConnection *conn = NULL;

	unsetenv("BINDER_DIR");
	unsetenv("BINDER_DEVICE");
	setenv("XDG_RUNTIME_DIR", "/nonexistent/run", 1);
	ck_assert_int_eq(ABinderConnection_open("no-such-binder", &conn), STATUS_NAME_NOT_FOUND);
	ck_assert(says("/dev/no-such-binder") && says("/dev/binderfs/no-such-binder"));
	ck_assert(says("/run/binder/no-such-binder"));
	if (geteuid())
		ck_assert(says("/nonexistent/run/binder/no-such-binder"));
}
END_TEST

START_TEST(environment_names_the_device)
{
	ABinderConnection *conn = NULL;

	setenv("BINDER_DEVICE", "/nonexistent/device", 1);
	ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_NAME_NOT_FOUND);
	ck_assert(says("/nonexistent/device"));
}
END_TEST

START_TEST(what_is_no_driver_is_refused)
{
	ABinderConnection *conn = NULL;

	ck_assert_int_ne(ABinderConnection_open("/dev/null", &conn), STATUS_OK);
	ck_assert_int_ne(ABinderConnection_open("/etc/passwd", &conn), STATUS_OK);
	ck_assert_int_ne(ABinderConnection_open("/tmp", &conn), STATUS_OK);
	ck_assert_ptr_null(conn);
}
END_TEST

START_TEST(default_device_can_be_chosen_before_its_first_use)
{
	ck_assert_int_eq(ABinderConnection_setDefaultDevice("/nonexistent/chosen"), STATUS_OK);
	ck_assert_ptr_null(ABinderConnection_getDefault());
	ck_assert(says("/nonexistent/chosen"));
	world_up();
	ck_assert_int_eq(ABinderConnection_setDefaultDevice("hwbinder"), STATUS_OK);
	ck_assert_ptr_nonnull(ABinderConnection_getDefault());
	ck_assert(strstr(ABinderConnection_getDevice(ABinderConnection_getDefault()), "/hwbinder"));
	ck_assert_int_eq(ABinderConnection_isUserspace(ABinderConnection_getDefault()),
			 world_has_daemon());
	ck_assert_int_eq(ABinderConnection_setDefaultDevice(NULL), STATUS_INVALID_OPERATION);
	world_down();
}
END_TEST

START_TEST(call_without_a_manager_says_so)
{
	AIBinder *manager;

	world_up();
	ck_assert_int_eq(ABinderConnection_getContextManager(ABinderConnection_getDefault(),
							     &manager),
			 STATUS_OK);
	ck_assert_int_eq(AIBinder_ping(manager), STATUS_DEAD_OBJECT);
	ck_assert(says("service manager"));
	AIBinder_decStrong(manager);
	world_down();
}
END_TEST

START_TEST(second_manager_is_refused)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	ABinderConnection *first, *other;

	world_up();
	ck_assert_int_eq(ABinderConnection_open(NULL, &first), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_becomeContextManager(first, mine), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_open(NULL, &other), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_becomeContextManager(other, mine),
			 STATUS_ALREADY_EXISTS);
	ABinderConnection_close(other);
	ABinderConnection_close(first);
	ck_assert_int_eq(AIBinder_debugGetRefCount(mine), 1);
	AIBinder_decStrong(mine);
	world_down();
}
END_TEST

Suite *driver_suite(void)
{
	Suite *suite = suite_create("driver");
	TCase *tc = tcase_create("driver");

	tcase_add_test(tc, no_driver_is_an_error_that_helps);
	tcase_add_test(tc, search_names_every_place);
	tcase_add_test(tc, environment_names_the_device);
	tcase_add_test(tc, what_is_no_driver_is_refused);
	tcase_add_test(tc, default_device_can_be_chosen_before_its_first_use);
	tcase_add_test(tc, call_without_a_manager_says_so);
	tcase_add_test(tc, second_manager_is_refused);
	suite_add_tcase(suite, tc);
	return suite;
}

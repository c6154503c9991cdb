/* SPDX-License-Identifier: MIT */
/*
 * shell_test.c: shell commands: descriptors, the result, files that the object
 * asks for, and objects without a handler.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <android/binder_shell.h>

#include "suites.h"
#include "../limit.h"
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

/* Three files in memory, and what was opened. */
struct run {
	struct ABinderShellCommand command;
	int32_t result;
	int fd[3];
	char opened[64];
};

static int open_in_memory(const char *path, const char *mode, void *cookie)
{
	struct run *run = cookie;

	snprintf(run->opened, sizeof(run->opened), "%s %s", path, mode);
	return strcmp(path, "refused") ? dup(run->fd[1]) : -1;
}

static void run_begin(struct run *run, const char *const *args, uint32_t count)
{
	memset(run, 0, sizeof(*run));
	for (int i = 0; i < 3; i++) {
		run->fd[i] = memfd_create("shell", MFD_CLOEXEC);
		ck_assert_int_ge(run->fd[i], 0);
	}
	ck_assert_int_eq(pwrite(run->fd[0], "typed", 5, 0), 5);
	run->command = (struct ABinderShellCommand){
		.in = run->fd[0],
		.out = run->fd[1],
		.err = run->fd[2],
		.args = args,
		.count = count,
		.on_open_file = open_in_memory,
		.cookie = run,
		.timeout_ms = -1,
	};
	run->result = 4711;
}

static void is_text(int fd, const char *expected)
{
	char text[64] = "";

	ck_assert_int_ge(pread(fd, text, sizeof(text) - 1, 0), 0);
	ck_assert_str_eq(text, expected);
}

static void run_end(struct run *run)
{
	for (int i = 0; i < 3; i++)
		close(run->fd[i]);
}

static binder_status_t run_on(AIBinder *binder, struct run *run, const char *const *args,
			      uint32_t count)
{
	run_begin(run, args, count);
	return AIBinder_shellCommand(binder, &run->command, &run->result);
}

START_TEST(command_has_the_callers_descriptors_and_arguments)
{
	static const char *const args[] = { "one", "zw\xc3\xb6lf", "" };
	AIBinder *b = peer_get();
	struct run run;

	ck_assert_int_eq(run_on(b, &run, args, 3), STATUS_OK);
	ck_assert_int_eq(run.result, 0);
	is_text(run.fd[1], "typed");
	is_text(run.fd[2], "[one][zw\xc3\xb6lf][]");
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(result_reaches_the_caller_whatever_its_sign)
{
	static const char *const numbers[] = { "0", "7", "255", "-1", "-38", "2147483647" };
	AIBinder *b = peer_get();

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		const char *const args[] = { "exit", numbers[i] };
		struct run run;

		ck_assert_int_eq(run_on(b, &run, args, 2), STATUS_OK);
		ck_assert_int_eq(run.result, atoi(numbers[i]));
		run_end(&run);
	}
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(pool_takes_the_result_where_one_serves)
{
	static const char *const args[] = { "exit", "9" };
	AIBinder *b = peer_get();
	struct run run;

	ck_assert_int_eq(ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 1),
			 STATUS_OK);
	ck_assert_int_eq(run_on(b, &run, args, 2), STATUS_OK);
	ck_assert_int_eq(run.result, 9);
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(object_writes_to_a_file_that_the_caller_opens)
{
	static const char *const args[] = { "write", "some/file", "w+" };
	AIBinder *b = peer_get();
	struct run run;

	ck_assert_int_eq(run_on(b, &run, args, 3), STATUS_OK);
	ck_assert_int_eq(run.result, 0);
	ck_assert_str_eq(run.opened, "some/file w+");
	is_text(run.fd[1], "written by the service");
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(file_that_is_not_opened_is_null_for_the_object)
{
	static const char *const args[] = { "write", "refused", "w" };
	AIBinder *b = peer_get();
	struct run run;

	ck_assert_int_eq(run_on(b, &run, args, 3), STATUS_OK);
	ck_assert_int_eq(run.result, 2);
	run_end(&run);
	run_begin(&run, args, 3);
	run.command.on_open_file = NULL;
	ck_assert_int_eq(AIBinder_shellCommand(b, &run.command, &run.result), STATUS_OK);
	ck_assert_int_eq(run.result, 2);
	ck_assert_str_eq(run.opened, "");
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(death_of_the_object_ends_the_wait)
{
	static const char *const args[] = { "die" };
	AIBinder *b = peer_get();
	struct run run;

	ck_assert_int_eq(run_on(b, &run, args, 1), STATUS_DEAD_OBJECT);
	ck_assert_int_eq(run.result, 4711);
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(closed_descriptor_is_an_error_of_the_caller)
{
	AIBinder *b = peer_get();
	struct run run;

	run_begin(&run, NULL, 0);
	run.command.err = -1;
	ck_assert_int_ne(AIBinder_shellCommand(b, &run.command, &run.result), STATUS_OK);
	ck_assert_int_eq(run.result, 4711);
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

static void *create(void *args)
{
	return args;
}

static void destroy(void *user) {}

static binder_status_t no_calls(AIBinder *binder, transaction_code_t code, const AParcel *in,
				AParcel *out)
{
	return STATUS_UNKNOWN_TRANSACTION;
}

START_TEST(object_without_a_handler_sends_invalid_operation)
{
	static AIBinder_Class *volatile class; /* is never freed */
	AIBinder *b;
	struct run run;

	class = AIBinder_Class_define("test.IPlain", create, destroy, no_calls);
	b = AIBinder_new(class, NULL);

	ck_assert_int_eq(run_on(b, &run, NULL, 0), STATUS_OK);
	ck_assert_int_eq(run.result, STATUS_INVALID_OPERATION);
	run_end(&run);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(there_is_no_callback_outside_of_a_command)
{
	ck_assert_ptr_null(ABinder_getShellCallback());
}
END_TEST

Suite *shell_suite(void)
{
	Suite *suite = suite_create("shell");
	TCase *tc = tcase_create("shell");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, limit_of(10));
	tcase_add_test(tc, command_has_the_callers_descriptors_and_arguments);
	tcase_add_test(tc, result_reaches_the_caller_whatever_its_sign);
	tcase_add_test(tc, pool_takes_the_result_where_one_serves);
	tcase_add_test(tc, object_writes_to_a_file_that_the_caller_opens);
	tcase_add_test(tc, file_that_is_not_opened_is_null_for_the_object);
	tcase_add_test(tc, death_of_the_object_ends_the_wait);
	tcase_add_test(tc, closed_descriptor_is_an_error_of_the_caller);
	tcase_add_test(tc, object_without_a_handler_sends_invalid_operation);
	tcase_add_test(tc, there_is_no_callback_outside_of_a_command);
	suite_add_tcase(suite, tc);
	return suite;
}

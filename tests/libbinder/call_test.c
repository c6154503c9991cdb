/* SPDX-License-Identifier: MIT */
/*
 * call_test.c: calls between processes: data, identity, descriptors, one-way
 * order, nesting, errors.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

START_TEST(reply_carries_what_the_service_wrote)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b);

	AParcel_writeInt32(in, 40);
	AParcel_writeInt32(in, 2);
	ck_assert_int_eq(call_int(b, TEST_ADD, in), 42);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(every_size_of_payload_comes_back_unchanged)
{
	static const int sizes[] = { 0, 1, 3, 4, 100, 4095, 4096, 4097, 65536, 500000 };
	AIBinder *b = peer_get();
	uint8_t *data = malloc(500000);

	for (int i = 0; i < 500000; i++)
		data[i] = i * 7 + i / 251;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		AParcel *in = request(b), *out;
		const uint8_t *bytes;
		size_t size;

		ck_assert_int_eq(AParcel_writeRaw(in, data, sizes[i]), STATUS_OK);
		out = call(b, TEST_ECHO, in);
		AParcel_getBytes(out, &bytes, &size);
		ck_assert_uint_eq(size, (sizes[i] + 3) / 4 * 4);
		ck_assert_mem_eq(bytes, data, sizes[i]);
		AParcel_delete(out);
	}
	free(data);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(service_learns_the_callers_pid_uid_and_flags)
{
	AIBinder *b = peer_get();
	AParcel *out = call(b, TEST_CALLER, NULL);
	int32_t value;

	AParcel_readInt32(out, &value);
	ck_assert_int_eq(value, getpid());
	AParcel_readInt32(out, &value);
	ck_assert_int_eq(value, geteuid());
	AParcel_readInt32(out, &value);
	ck_assert_int_eq(value & FLAG_ONEWAY, 0);
	AParcel_delete(out);
	ck_assert(!AIBinder_isHandlingTransaction());
	ck_assert_int_eq(AIBinder_getCallingPid(), getpid());
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(builtin_calls_are_answered)
{
	static const char *args[] = { "one", "zw\xc3\xb6lf" };
	AIBinder *b = peer_get(), *extension = b;
	char text[64] = "", *descriptor;
	pid_t pid;
	int fds[2];

	ck_assert_int_eq(AIBinder_ping(b), STATUS_OK);
	ck_assert_int_eq(AIBinder_fetchDescriptor(b, &descriptor), STATUS_OK);
	ck_assert_str_eq(descriptor, TEST_DESCRIPTOR);
	free(descriptor);
	ck_assert_int_eq(AIBinder_fetchDebugPid(b, &pid), STATUS_OK);
	ck_assert_int_eq(pid, peer);
	ck_assert_int_eq(AIBinder_getExtension(b, &extension), STATUS_OK);
	ck_assert_ptr_null(extension);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(AIBinder_dump(b, fds[1], args, 2), STATUS_OK);
	close(fds[1]);
	ck_assert_int_gt(read(fds[0], text, sizeof(text) - 1), 0);
	ck_assert_str_eq(text, "dump of 2: one zw\xc3\xb6lf");
	/* The service's copy is closed: this is the end of the file. */
	ck_assert_int_eq(read(fds[0], text, 1), 0);
	close(fds[0]);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(descriptors_travel_both_ways)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out;
	char text[16] = "";
	int fds[2], back;

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(AParcel_writeParcelFileDescriptor(in, fds[1]), STATUS_OK);
	out = call(b, TEST_FD, in);
	ck_assert_int_eq(AParcel_readParcelFileDescriptor(out, &back), STATUS_OK);
	AParcel_delete(out);
	ck_assert_int_eq(write(back, "!", 1), 1);
	close(back);
	close(fds[1]);
	ck_assert_int_eq(read(fds[0], text, 6), 6);
	ck_assert_str_eq(text, "hello!");
	ck_assert_int_eq(read(fds[0], text, 1), 0);
	close(fds[0]);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(status_of_the_service_reaches_the_caller)
{
	static const int32_t codes[] = { STATUS_BAD_VALUE, STATUS_PERMISSION_DENIED,
					 STATUS_TIMED_OUT, STATUS_DEAD_OBJECT, -4242 };
	AIBinder *b = peer_get();

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		AParcel *in = request(b), *out = NULL;

		AParcel_writeInt32(in, codes[i]);
		ck_assert_int_eq(AIBinder_transactRaw(b, TEST_FAIL, &in, &out, 0, -1), codes[i]);
		ck_assert_ptr_null(in);
		ck_assert_ptr_null(out);
	}
	ck_assert(AIBinder_isAlive(b));
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(unknown_code_and_foreign_token_are_refused)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;

	ck_assert_int_eq(AIBinder_transactRaw(b, 999, &in, &out, 0, -1),
			 STATUS_UNKNOWN_TRANSACTION);
	ck_assert_int_eq(AIBinder_prepareRaw(b, "test.IOther", &in), STATUS_OK);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_ADD, &in, &out, 0, -1), STATUS_BAD_TYPE);
	ck_assert_int_eq(AIBinder_prepareRaw(b, NULL, &in), STATUS_OK);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_ADD, &in, &out, 0, -1), STATUS_BAD_TYPE);
	in = request(b);
	ck_assert_int_eq(AIBinder_transactRaw(b, 0x5f000000, &in, &out, 0, -1),
			 STATUS_UNKNOWN_TRANSACTION);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(oneway_calls_to_one_object_keep_their_order)
{
	AIBinder *b = peer_get();
	AParcel *out;
	int32_t count, value;

	for (int i = 0; i < 500; i++) {
		AParcel *in = request(b);
		AParcel *none = NULL;

		AParcel_writeInt32(in, i);
		ck_assert_int_eq(AIBinder_transactRaw(b, TEST_NOTE, &in, &none, FLAG_ONEWAY, -1),
				 STATUS_OK);
		ck_assert_ptr_null(none);
	}
	do {
		out = call(b, TEST_NOTES, NULL);
		AParcel_readInt32(out, &count);
		if (count < 500)
			AParcel_delete(out);
	} while (count < 500);
	for (int i = 0; i < 500; i++) {
		AParcel_readInt32(out, &value);
		ck_assert_int_eq(value, i);
	}
	AParcel_delete(out);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(nested_calls_come_back_to_the_waiting_thread)
{
	AIBinder *b = peer_get(), *mine = AIBinder_new(test_class(), NULL);
	AParcel *in = request(b), *out;
	int32_t depth, tid;

	/* No thread of this process serves: only the waiting one can. */
	AParcel_writeStrongBinder(in, mine);
	AParcel_writeInt32(in, 6);
	out = call(b, TEST_CALL_BACK, in);
	AParcel_readInt32(out, &depth);
	AParcel_readInt32(out, &tid);
	ck_assert_int_eq(depth, 7);
	ck_assert_int_ne(tid, syscall(SYS_gettid));
	AParcel_delete(out);
	AIBinder_decStrong(mine);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(call_with_a_limit_is_given_up_in_time)
{
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;
	struct timespec start, end;

	AParcel_writeInt32(in, limit_of(2000));
	clock_gettime(CLOCK_MONOTONIC, &start);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_SLEEP, &in, &out, 0, 50), STATUS_TIMED_OUT);
	clock_gettime(CLOCK_MONOTONIC, &end);
	ck_assert_int_lt((end.tv_sec - start.tv_sec) * 1000 +
				 (end.tv_nsec - start.tv_nsec) / 1000000,
			 limit_of(2000));
	ck_assert_ptr_null(out);
	/* The thread goes on as if nothing had been. */
	in = request(b);
	AParcel_writeInt32(in, 1);
	AParcel_writeInt32(in, 2);
	ck_assert_int_eq(call_int(b, TEST_ADD, in), 3);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(call_with_a_limit_that_holds_is_like_any_other)
{
	AIBinder *b = peer_get();

	for (int i = 0; i < 50; i++) {
		AParcel *in = request(b), *out = NULL;
		int32_t sum;

		AParcel_writeInt32(in, i);
		AParcel_writeInt32(in, 1);
		ck_assert_int_eq(AIBinder_transactRaw(b, TEST_ADD, &in, &out, 0, limit_of(5000)),
				 STATUS_OK);
		AParcel_readInt32(out, &sum);
		ck_assert_int_eq(sum, i + 1);
		AParcel_delete(out);
	}
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(two_connections_have_handles_of_their_own)
{
	ABinderConnection *a, *c;
	AIBinder *on_a, *on_c, *object;
	AParcel *in, *out = NULL;

	ck_assert_int_eq(ABinderConnection_open(NULL, &a), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_open("binder", &c), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_getContextManager(a, &on_a), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_getContextManager(c, &on_c), STATUS_OK);
	ck_assert_ptr_ne(on_a, on_c);
	out = call(on_a, TEST_NEW, NULL);
	ck_assert_int_eq(AParcel_readStrongBinder(out, &object), STATUS_OK);
	AParcel_delete(out);
	ck_assert_ptr_eq(AIBinder_getConnection(object), a);
	/* A handle of one means nothing to the other. */
	in = request(on_c);
	ck_assert_int_eq(AParcel_writeStrongBinder(in, object), STATUS_INVALID_OPERATION);
	AParcel_delete(in);
	ABinderConnection_close(a);
	in = request(object);
	ck_assert_int_eq(AIBinder_transactRaw(object, TEST_ADD, &in, &out, 0, -1),
			 STATUS_DEAD_OBJECT);
	ck_assert(!AIBinder_isAlive(object));
	ck_assert_int_eq(AIBinder_ping(on_c), STATUS_OK);
	AIBinder_decStrong(object);
	AIBinder_decStrong(on_a);
	AIBinder_decStrong(on_c);
	ABinderConnection_close(c);
}
END_TEST

Suite *call_suite(void)
{
	Suite *suite = suite_create("call");
	TCase *tc = tcase_create("call");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, reply_carries_what_the_service_wrote);
	tcase_add_test(tc, every_size_of_payload_comes_back_unchanged);
	tcase_add_test(tc, service_learns_the_callers_pid_uid_and_flags);
	tcase_add_test(tc, builtin_calls_are_answered);
	tcase_add_test(tc, descriptors_travel_both_ways);
	tcase_add_test(tc, status_of_the_service_reaches_the_caller);
	tcase_add_test(tc, unknown_code_and_foreign_token_are_refused);
	tcase_add_test(tc, oneway_calls_to_one_object_keep_their_order);
	tcase_add_test(tc, nested_calls_come_back_to_the_waiting_thread);
	tcase_add_test(tc, call_with_a_limit_is_given_up_in_time);
	tcase_add_test(tc, call_with_a_limit_that_holds_is_like_any_other);
	tcase_add_test(tc, two_connections_have_handles_of_their_own);
	suite_add_tcase(suite, tc);
	return suite;
}

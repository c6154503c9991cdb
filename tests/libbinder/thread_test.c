/* SPDX-License-Identifier: MIT */
/*
 * thread_test.c: the pool, many callers at once, closing, polling.
 */
#include <android/binder_process.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "suites.h"
#include "../limit.h"
#include "world.h"

#define CALLERS 64
#define CALLS 200
#define HOLDERS 8

static pid_t peer;

static void up(void)
{
	world_up();
	peer = peer_start_with(16, 0);
}

static void down(void)
{
	peer_kill(peer);
	world_down();
}

static void *many_calls(void *arg)
{
	int number = (int)(intptr_t)arg, bad = 0;
	AIBinder *b = peer_get();

	for (int i = 0; i < CALLS; i++) {
		AParcel *in = request(b);

		AParcel_writeInt32(in, number * 1000);
		AParcel_writeInt32(in, i);
		bad += call_int(b, TEST_ADD, in) != number * 1000 + i;
	}
	AIBinder_decStrong(b);
	return (void *)(intptr_t)bad;
}

START_TEST(every_caller_of_many_gets_its_own_answer)
{
	pthread_t threads[CALLERS];

	for (int i = 0; i < CALLERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, many_calls, (void *)(intptr_t)i),
				 0);
	for (int i = 0; i < CALLERS; i++) {
		void *bad;

		pthread_join(threads[i], &bad);
		ck_assert_int_eq((int)(intptr_t)bad, 0);
	}
}
END_TEST

struct holder {
	pthread_t thread;
	int fds[2];
};

static void *call_hold(void *arg)
{
	struct holder *holder = arg;
	AIBinder *b = peer_get();
	AParcel *in = request(b);

	AParcel_writeParcelFileDescriptor(in, holder->fds[1]);
	AParcel_delete(call(b, TEST_HOLD, in));
	AIBinder_decStrong(b);
	return NULL;
}

START_TEST(pool_grows_when_all_threads_are_busy)
{
	struct holder holders[HOLDERS];
	AIBinder *b = peer_get();
	char byte;

	/* Each blocks a thread of the service; all have to get in. */
	for (int i = 0; i < HOLDERS; i++) {
		ck_assert_int_eq(pipe(holders[i].fds), 0);
		pthread_create(&holders[i].thread, NULL, call_hold, &holders[i]);
	}
	for (int i = 0; i < HOLDERS; i++)
		ck_assert_int_eq(read(holders[i].fds[0], &byte, 1), 1);
	ck_assert_int_eq(AIBinder_ping(b), STATUS_OK);
	AParcel_delete(call(b, TEST_GO, NULL));
	for (int i = 0; i < HOLDERS; i++) {
		pthread_join(holders[i].thread, NULL);
		close(holders[i].fds[0]);
		close(holders[i].fds[1]);
	}
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(closing_ends_the_pool)
{
	struct ABinderCounts counts;

	for (int i = 0; i < 20; i++) {
		ABinderConnection *conn;

		ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_OK);
		ck_assert_int_eq(ABinderConnection_startThreadPool(conn, 4), STATUS_OK);
		ABinderConnection_close(conn);
	}
	ABinder_getCounts(&counts);
	ck_assert_uint_le(counts.threads, 2);
}
END_TEST

static void *join(void *conn)
{
	ABinderConnection_joinThreadPool(conn);
	return NULL;
}

START_TEST(closing_ends_a_joined_thread_and_a_waiting_caller)
{
	ABinderConnection *conn;
	struct holder holder;
	AIBinder *b;
	pthread_t joined;
	AParcel *in, *out = NULL;
	char byte;

	ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_OK);
	pthread_create(&joined, NULL, join, conn);
	ck_assert_int_eq(ABinderConnection_getContextManager(conn, &b), STATUS_OK);
	ck_assert_int_eq(AIBinder_ping(b), STATUS_OK);
	ck_assert_int_eq(pipe(holder.fds), 0);
	/* Held open by the one-way call until the peer dies. */
	in = request(b);
	AParcel_writeParcelFileDescriptor(in, holder.fds[1]);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_HOLD, &in, &out, FLAG_ONEWAY, -1), STATUS_OK);
	ck_assert_int_eq(read(holder.fds[0], &byte, 1), 1);
	ABinderConnection_close(conn);
	pthread_join(joined, NULL);
	ck_assert_int_eq(AIBinder_ping(b), STATUS_DEAD_OBJECT);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(calls_can_be_served_from_an_event_loop)
{
	AIBinder *b = peer_get(), *mine = AIBinder_new(test_class(), NULL);
	struct pollfd pfd = { .events = POLLIN };
	struct ABinderCounts counts;
	int gone = 0;

	AIBinder_decStrong(mine);
	mine = AIBinder_new(test_class(), &gone);
	ck_assert_int_eq(ABinderProcess_setupPolling(&pfd.fd), STATUS_OK);
	AParcel *in = request(b);
	AParcel_writeStrongBinder(in, mine);
	AParcel_delete(call(b, TEST_KEEP, in));
	AIBinder_decStrong(mine);
	/* The peer lets go of it: that comes to this process as work. */
	in = request(b);
	AParcel_writeStrongBinder(in, NULL);
	AParcel_delete(call(b, TEST_KEEP, in));
	while (!gone) {
		ck_assert_int_eq(poll(&pfd, 1, limit_of(10000)), 1);
		ck_assert_int_eq(ABinderProcess_handlePolledCommands(), STATUS_OK);
	}
	ABinder_getCounts(&counts);
	ck_assert_uint_eq(counts.locals, 0);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(limit_inside_a_served_call_keeps_its_caller)
{
	AIBinder *b = peer_get(), *mine = AIBinder_new(test_class(), NULL);
	AParcel *in = request(b);

	ABinderProcess_startThreadPool();
	ck_assert(ABinderProcess_isThreadPoolStarted());
	/* The service gives up a call to us, and answers ours all the same. */
	AParcel_writeStrongBinder(in, mine);
	ck_assert_int_eq(call_int(b, TEST_IMPATIENT, in), STATUS_TIMED_OUT);
	ck_assert_int_eq(AIBinder_ping(b), STATUS_OK);
	AIBinder_decStrong(mine);
	AIBinder_decStrong(b);
}
END_TEST

Suite *thread_suite(void)
{
	Suite *suite = suite_create("thread");
	TCase *tc = tcase_create("thread");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, every_caller_of_many_gets_its_own_answer);
	tcase_add_test(tc, pool_grows_when_all_threads_are_busy);
	tcase_add_test(tc, closing_ends_the_pool);
	tcase_add_test(tc, closing_ends_a_joined_thread_and_a_waiting_caller);
	tcase_add_test(tc, calls_can_be_served_from_an_event_loop);
	tcase_add_test(tc, limit_inside_a_served_call_keeps_its_caller);
	suite_add_tcase(suite, tc);
	return suite;
}

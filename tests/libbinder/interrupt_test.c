/* SPDX-License-Identifier: MIT */
/*
 * interrupt_test.c: calls that are given up from outside of them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

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

static bool go_on(void *cookie)
{
	return !atomic_load((atomic_bool *)cookie);
}

struct caller {
	pthread_t thread;
	atomic_bool stop, started;
	int timeout_ms;
	binder_status_t status, after;
};

static void *call_for_ever(void *arg)
{
	struct caller *caller = arg;
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;

	AParcel_writeInt32(in, 60000);
	ABinder_setInterruptible(go_on, &caller->stop);
	atomic_store(&caller->started, true);
	caller->status = AIBinder_transactRaw(b, TEST_SLEEP, &in, &out, 0, caller->timeout_ms);
	ABinder_setInterruptible(NULL, NULL);
	caller->after = AIBinder_ping(b);
	AIBinder_decStrong(b);
	return NULL;
}

static bool has_started(void *arg)
{
	return atomic_load(&((struct caller *)arg)->started);
}

/* _i: without a time limit, and with one. */
START_TEST(call_that_is_no_longer_wanted_is_given_up)
{
	struct caller caller = { .timeout_ms = _i ? 60000 : -1 };

	peer_kill(peer);
	peer = peer_start_with(4, 0);
	pthread_create(&caller.thread, NULL, call_for_ever, &caller);
	ck_assert(eventually(has_started, &caller));
	/* Whether it waits already, or is about to. */
	atomic_store(&caller.stop, true);
	ABinderConnection_wakeWaiting(NULL);
	pthread_join(caller.thread, NULL);
	ck_assert_int_eq(caller.status, STATUS_INTERRUPTED);
	ck_assert_int_eq(caller.after, STATUS_OK);
	ck_assert_str_eq(ABinder_statusName(STATUS_INTERRUPTED), "INTERRUPTED");
}
END_TEST

static void *ping_often(void *arg)
{
	atomic_bool go = false;
	AIBinder *b = peer_get();
	int bad = 0;

	ABinder_setInterruptible(go_on, &go);
	for (int i = 0; i < 2000; i++)
		bad += AIBinder_ping(b) != STATUS_OK;
	ABinder_setInterruptible(NULL, NULL);
	AIBinder_decStrong(b);
	return (void *)(intptr_t)bad;
}

START_TEST(waking_disturbs_nobody_who_wants_to_go_on)
{
	pthread_t threads[4];
	void *bad;

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, ping_often, NULL);
	for (int i = 0; i < 200; i++)
		ABinderConnection_wakeWaiting(NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &bad);
		ck_assert_ptr_null(bad);
	}
}
END_TEST

START_TEST(call_that_is_interrupted_before_it_is_sent_is_not_made)
{
	atomic_bool stop = true;
	AIBinder *b = peer_get();
	AParcel *in = request(b), *out = NULL;
	int32_t count = 1;

	AParcel_writeInt32(in, 7);
	ABinder_setInterruptible(go_on, &stop);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_NOTE, &in, &out, 0, -1), STATUS_INTERRUPTED);
	ABinder_setInterruptible(NULL, NULL);
	in = request(b);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_NOTES, &in, &out, 0, -1), STATUS_OK);
	ck_assert_int_eq(AParcel_readInt32(out, &count), STATUS_OK);
	ck_assert_int_eq(count, 0);
	AParcel_delete(out);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(wait_for_a_service_can_be_interrupted)
{
	atomic_bool stop = true;
	AIBinder *b = peer_get(), *found = NULL;
	AParcel *in = request(b), *out = NULL;

	ABinder_setInterruptible(go_on, &stop);
	AParcel_writeInt32(in, 60000);
	ck_assert_int_eq(AIBinder_transactRaw(b, TEST_SLEEP, &in, &out, 0, -1), STATUS_INTERRUPTED);
	ck_assert_int_eq(AServiceManager_waitOn(ABinderConnection_getDefault(), "none", -1, &found),
			 STATUS_INTERRUPTED);
	ABinder_setInterruptible(NULL, NULL);
	AIBinder_decStrong(b);
}
END_TEST

Suite *interrupt_suite(void)
{
	Suite *suite = suite_create("interrupt");
	TCase *tcase = tcase_create("interrupt");

	tcase_add_checked_fixture(tcase, up, down);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, call_that_is_no_longer_wanted_is_given_up, 0, 2);
	tcase_add_test(tcase, waking_disturbs_nobody_who_wants_to_go_on);
	tcase_add_test(tcase, call_that_is_interrupted_before_it_is_sent_is_not_made);
	tcase_add_test(tcase, wait_for_a_service_can_be_interrupted);
	suite_add_tcase(suite, tcase);
	return suite;
}

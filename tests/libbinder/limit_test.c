/* SPDX-License-Identifier: MIT */
/*
 * limit_test.c: sizes that the documents name, as errors and not as crashes.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "suites.h"
#include "world.h"

static pid_t peer;
static AIBinder *service;

#define MAP_BYTES ((1 << 20) - 2 * (int)sysconf(_SC_PAGESIZE))

static void up(void)
{
	world_up();
	peer = peer_start();
	service = peer_get();
}

static void down(void)
{
	AIBinder_decStrong(service);
	peer_kill(peer);
	world_down();
}

/* A request whose parcel has size bytes in all. */
static AParcel *request_of(int size)
{
	AParcel *in = request(service);
	static const char zeros[65536];

	while (AParcel_getDataSize(in) < size) {
		int left = size - AParcel_getDataSize(in);

		if (left > (int)sizeof(zeros))
			left = sizeof(zeros);
		ck_assert_int_eq(AParcel_writeRaw(in, zeros, left), STATUS_OK);
	}
	return in;
}

static void must_not_fit(AParcel *in, uint32_t code, binder_flags_t flags)
{
	AParcel *out = NULL;

	ck_assert_int_eq(AIBinder_transactRaw(service, code, &in, &out, flags, -1),
			 STATUS_FAILED_TRANSACTION);
	ck_assert_int_eq(ABinder_lastDriverError(), -ENOSPC);
	ck_assert_msg(strstr(ABinder_lastError(), "room") != NULL, "%s", ABinder_lastError());
	/* Nothing is worse for it. */
	ck_assert_int_eq(AIBinder_ping(service), STATUS_OK);
}

START_TEST(request_may_fill_the_receivers_buffer_and_no_more)
{
	AParcel *in = request_of(MAP_BYTES - 4096), *out;

	out = call(service, TEST_COUNTS, in);
	AParcel_delete(out);
	must_not_fit(request_of(MAP_BYTES + 4), TEST_COUNTS, 0);
	must_not_fit(request_of(8 << 20), TEST_COUNTS, 0);
}
END_TEST

START_TEST(oneway_may_fill_half_of_the_buffer)
{
	AParcel *in, *none = NULL;

	in = request_of(MAP_BYTES / 2 - 4096);
	ck_assert_int_eq(AIBinder_transactRaw(service, TEST_GO, &in, &none, FLAG_ONEWAY, -1),
			 STATUS_OK);
	ck_assert_int_eq(AIBinder_ping(service), STATUS_OK);
	must_not_fit(request_of(MAP_BYTES / 2 + 4096), TEST_GO, FLAG_ONEWAY);
}
END_TEST

START_TEST(reply_beyond_the_callers_buffer_is_an_error)
{
	AParcel *in = request(service), *out = NULL;

	AParcel_writeInt32(in, MAP_BYTES + 4);
	ck_assert_int_eq(AIBinder_transactRaw(service, TEST_SIZE, &in, &out, 0, -1),
			 STATUS_FAILED_TRANSACTION);
	ck_assert_ptr_null(out);
	in = request(service);
	AParcel_writeInt32(in, 900000);
	out = call(service, TEST_SIZE, in);
	ck_assert_int_eq(AParcel_getDataSize(out), 900000);
	AParcel_delete(out);
}
END_TEST

/* In a thread of its own, so that nothing of the main thread's rides along. */
static void *ask_for_much(void *unused)
{
	AParcel *in = request(service), *out = NULL;
	binder_status_t status;

	AParcel_writeInt32(in, 300000);
	status = AIBinder_transactRaw(service, TEST_SIZE, &in, &out, 0, -1);
	AParcel_delete(out);
	return (void *)(intptr_t)status;
}

static binder_status_t ask_elsewhere(void)
{
	pthread_t thread;
	void *status;

	ck_assert_int_eq(pthread_create(&thread, NULL, ask_for_much, NULL), 0);
	pthread_join(thread, &status);
	return (intptr_t)status;
}

START_TEST(room_comes_back_although_the_thread_stays_idle)
{
	AParcel *held[3] = { NULL };
	AParcel *in;

	for (int i = 0; i < 3; i++) {
		in = request(service);
		AParcel_writeInt32(in, 300000);
		held[i] = call(service, TEST_SIZE, in);
	}
	ck_assert_int_eq(ask_elsewhere(), STATUS_FAILED_TRANSACTION);
	AParcel_delete(held[1]);
	ck_assert_int_eq(ask_elsewhere(), STATUS_OK);
	AParcel_delete(held[0]);
	AParcel_delete(held[2]);
}
END_TEST

START_TEST(small_buffer_of_the_peer_is_what_counts)
{
	AIBinder *small;

	AIBinder_decStrong(service);
	peer_kill(peer);
	peer = peer_start_with(1, 128 << 10);
	small = peer_get();
	service = small;
	AParcel_delete(call(service, TEST_COUNTS, request_of(120 << 10)));
	must_not_fit(request_of((128 << 10) + 4), TEST_COUNTS, 0);
}
END_TEST

START_TEST(buffer_is_capped_at_four_megabytes)
{
	AIBinder_decStrong(service);
	peer_kill(peer);
	peer = peer_start_with(1, 16 << 20);
	service = peer_get();
	AParcel_delete(call(service, TEST_COUNTS, request_of((4 << 20) - 4096)));
	must_not_fit(request_of((4 << 20) + 4), TEST_COUNTS, 0);
}
END_TEST

START_TEST(many_small_replies_do_not_pile_up)
{
	/* Far more than the buffer holds, each freed with the next call. */
	for (int i = 0; i < 3000; i++) {
		AParcel *in = request(service);

		AParcel_writeInt32(in, 1000);
		AParcel_delete(call(service, TEST_SIZE, in));
	}
}
END_TEST

Suite *limit_suite(void)
{
	Suite *suite = suite_create("limit");
	TCase *tc = tcase_create("limit");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, request_may_fill_the_receivers_buffer_and_no_more);
	tcase_add_test(tc, oneway_may_fill_half_of_the_buffer);
	tcase_add_test(tc, reply_beyond_the_callers_buffer_is_an_error);
	tcase_add_test(tc, room_comes_back_although_the_thread_stays_idle);
	tcase_add_test(tc, small_buffer_of_the_peer_is_what_counts);
	tcase_add_test(tc, buffer_is_capped_at_four_megabytes);
	tcase_add_test(tc, many_small_replies_do_not_pile_up);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * throttle_test.c: how long a client waits for what it did before.
 *
 * binderd's throttle.c is linked in, with a clock that the test sets: what is measured is
 * the rule and not the machine.
 */
#include "suites.h"

#include "limits/throttle.h"
#include "loop.h"

#define US 1000u
#define MS 1000000u

static u64 now = 1000 * MS;

u64 loop_now(void)
{
	return now;
}

u64 loop_worked(void)
{
	return now;
}

/* A turn that takes so long, and the daemon does nothing else meanwhile. */
static void turn(struct throttle *client, const struct throttle *to, u64 ns)
{
	throttle_begin_turn();
	throttle_add_for(to, ns < THROTTLE_MEASURE_NS ? ns : THROTTLE_MEASURE_NS);
	now += ns;
	throttle_end_turn(client);
}

/* How long it has to wait before its next turn. */
static u64 stall(const struct throttle *client)
{
	u64 until;

	return throttle_must_wait(client, &until) ? until - now : 0;
}

static struct throttle clients[3];
#define busy (&clients[0])
#define callee (&clients[1])
#define stranger (&clients[2])

static void setup(void)
{
	memset(clients, 0, sizeof(clients));
	for (u32 i = 0; i < ARRAY_SIZE(clients); i++)
		throttle_init(&clients[i]);
}

START_TEST(client_alone_is_not_held_up)
{
	for (int i = 0; i < 1000; i++) {
		turn(busy, callee, 100 * US);
		ck_assert_uint_eq(stall(busy), 0);
	}
}
END_TEST

START_TEST(expensive_turn_is_followed_by_three_times_as_long_a_pause)
{
	turn(busy, callee, 100 * US);
	turn(stranger, NULL, 1 * US);
	ck_assert_uint_ge(stall(busy), 290 * US);
	ck_assert_uint_le(stall(busy), 320 * US);
	now += 320 * US;
	ck_assert_uint_eq(stall(busy), 0);
}
END_TEST

/* Six threads with 120 kB calls for 12 s, and a stranger's one small call. */
START_TEST(pauses_do_not_add_up)
{
	for (u64 end = now + (u64)12000 * MS; now < end;)
		turn(busy, callee, 30 * US);
	ck_assert_uint_eq(stall(busy), 0);
	turn(stranger, NULL, 1 * US);
	ck_assert_uint_gt(stall(busy), 0);
	ck_assert_uint_le(stall(busy), 110 * US);
}
END_TEST

START_TEST(pause_is_20_ms_at_most)
{
	turn(busy, callee, (u64)3000 * MS);
	turn(stranger, NULL, 1 * US);
	ck_assert_uint_gt(stall(busy), 19 * MS);
	ck_assert_uint_le(stall(busy), 20 * MS);
	/* Nor is it longer for what others do meanwhile. */
	for (int i = 0; i < 100; i++)
		turn(stranger, NULL, 1 * US);
	ck_assert_uint_le(stall(busy), 20 * MS);
}
END_TEST

START_TEST(calls_of_the_callee_hold_nobody_up)
{
	turn(busy, callee, 100 * US);
	turn(callee, NULL, 1 * US);
	turn(busy, NULL, 1 * US);
	ck_assert_uint_eq(stall(busy), 0);
}
END_TEST

START_TEST(cheap_client_is_never_held_up)
{
	for (int i = 0; i < 1000; i++) {
		turn(stranger, NULL, 11 * US);
		turn(busy, callee, 1000 * US);
		ck_assert_uint_eq(stall(stranger), 0);
	}
}
END_TEST

Suite *throttle_suite(void)
{
	Suite *suite = suite_create("throttle");
	TCase *tc = tcase_create("throttle");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, client_alone_is_not_held_up);
	tcase_add_test(tc, expensive_turn_is_followed_by_three_times_as_long_a_pause);
	tcase_add_test(tc, pauses_do_not_add_up);
	tcase_add_test(tc, pause_is_20_ms_at_most);
	tcase_add_test(tc, calls_of_the_callee_hold_nobody_up);
	tcase_add_test(tc, cheap_client_is_never_held_up);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * looper.c: the thread pool: who asks for threads, and when (4.6 to 4.9).
 */
#include "suites.h"

static void max_threads(struct thread *thread, u32 max)
{
	ck_assert_int_eq(
		binder_thread_ioctl(thread->thread, BINDER_SET_MAX_THREADS, (uintptr_t)&max), 0);
}

static void oneway(void)
{
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
}

START_TEST(busy_pool_asks_for_a_thread_in_place_of_the_noop)
{
	max_threads(manager, 2);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
}
END_TEST

START_TEST(no_thread_is_asked_for_by_default)
{
	oneway();
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(waiting_thread_is_enough)
{
	struct thread *other = thread_new(manager->process, 101);

	max_threads(manager, 2);
	expect_read(other, "");
	expect_read(manager, "");
	oneway();
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(one_request_until_a_thread_registers)
{
	struct thread *second = thread_new(manager->process, 101);

	max_threads(manager, 1);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
	free_buffer(manager);
	oneway();
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	bc(second, BC_REGISTER_LOOPER);
	expect_write(second);
	oneway();
	expect_read(manager, "NOOP TRANSACTION"); /* the limit is reached */
	free_buffer(manager);
	max_threads(manager, 2);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
}
END_TEST

START_TEST(entering_does_not_count_against_the_limit)
{
	struct thread *second = thread_new(manager->process, 101);

	max_threads(manager, 1);
	bc(second, BC_ENTER_LOOPER);
	expect_write(second);
	oneway();
	expect_read(second, "SPAWN_LOOPER TRANSACTION");
}
END_TEST

START_TEST(only_loopers_ask)
{
	struct thread *outsider = thread_new(manager->process, 101);

	max_threads(manager, 1);
	oneway();
	expect_read(outsider, "NOOP TRANSACTION"); /* which never entered, and may read */
}
END_TEST

START_TEST(unasked_or_double_registration_works_nevertheless)
{
	struct thread *second = thread_new(manager->process, 101);

	bc(second, BC_REGISTER_LOOPER); /* not asked for */
	bc(second, BC_ENTER_LOOPER);    /* and mixed with the other */
	bc(manager, BC_REGISTER_LOOPER);
	expect_write(second);
	expect_write(manager);
	oneway();
	expect_read(second, "NOOP TRANSACTION");
	free_buffer(second);
	oneway();
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(thread_that_entered_is_not_the_one_asked_for)
{
	struct thread *second = thread_new(manager->process, 101);

	max_threads(manager, 2);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
	free_buffer(manager);
	bc(manager, BC_REGISTER_LOOPER); /* has entered, which is something else */
	expect_write(manager);
	oneway();
	expect_read(manager, "NOOP TRANSACTION"); /* it is still to come */
	free_buffer(manager);
	bc(second, BC_REGISTER_LOOPER);
	expect_write(second);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
}
END_TEST

START_TEST(read_with_nothing_but_noop_may_ask_as_well)
{
	max_threads(manager, 1);
	binder_proc_flush(manager->process->proc);
	expect_read(manager, "SPAWN_LOOPER");
}
END_TEST

SCENE_SUITE(looper, thread_that_entered_is_not_the_one_asked_for,
	    busy_pool_asks_for_a_thread_in_place_of_the_noop, no_thread_is_asked_for_by_default,
	    waiting_thread_is_enough, one_request_until_a_thread_registers,
	    entering_does_not_count_against_the_limit, only_loopers_ask,
	    unasked_or_double_registration_works_nevertheless,
	    read_with_nothing_but_noop_may_ask_as_well)

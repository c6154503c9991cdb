/* SPDX-License-Identifier: MIT */
/* looper.c: the thread pool: who asks for threads, and when (4.6 to 4.9). */
#include "scene.h"

static void max_threads(struct actor *actor, uint32_t max)
{
	is(actor_ioctl_value(actor, BINDER_SET_MAX_THREADS, max), 0);
}

static void oneway(void)
{
	expect_oneway(client, 0, NULL);
}

TEST("4.6", busy_pool_asks_for_a_thread_in_place_of_the_noop)
{
	scene();
	max_threads(manager, 2);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
}

TEST("4.6", no_thread_is_asked_for_by_default)
{
	scene();
	oneway();
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.6", waiting_thread_is_enough)
{
	struct actor *other;

	scene();
	other = thread_new(manager);
	max_threads(manager, 2);
	expect_waits(other);
	expect_waits(manager);
	oneway();
	expect_return(manager, "NOOP TRANSACTION");
}

TEST("4.6", read_with_own_work_asks_as_well)
{
	scene();
	max_threads(client, 1);
	expect_call(client, 0, TF_ONE_WAY, NULL, "SPAWN_LOOPER TRANSACTION_COMPLETE");
}

TEST("4.6", only_loopers_ask)
{
	struct actor *outsider;

	scene();
	outsider = thread_new(manager);
	max_threads(manager, 1);
	oneway();
	expect_read(outsider, "NOOP TRANSACTION"); /* which never entered, and may read */
}

TEST("4.7", one_request_until_a_thread_registers)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
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

TEST("4.7", entering_does_not_count_against_the_limit)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	max_threads(manager, 1);
	bc(second, BC_ENTER_LOOPER);
	expect_write(second);
	oneway();
	expect_read(second, "SPAWN_LOOPER TRANSACTION");
}

TEST("4.7", registered_thread_asks_too)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	max_threads(manager, 2);
	oneway();
	expect_read(manager, "SPAWN_LOOPER TRANSACTION");
	free_buffer(manager);
	bc(second, BC_REGISTER_LOOPER);
	expect_write(second);
	oneway();
	expect_read(second, "SPAWN_LOOPER TRANSACTION");
}

TEST("4.8", unasked_or_double_registration_works_nevertheless)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
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

TEST("4.9", thread_that_never_entered_may_wait)
{
	struct actor *outsider;

	scene();
	outsider = thread_new(manager);
	expect_waits(outsider);
	oneway();
	expect_return(outsider, "NOOP TRANSACTION");
}

/* SPDX-License-Identifier: MIT */
/*
 * priority.c: how nice a thread is while it handles a call (section 15).
 */
#include "suites.h"

/* A handle of client's to an object of the manager's process with this ceiling. */
static u32 object_with(u8 min_priority)
{
	struct flat_binder_object object =
		local_object(BINDER_TYPE_BINDER, 0x1000 + min_priority, 1);

	object.flags = min_priority;
	return fetch(client, object);
}

START_TEST(callee_is_as_nice_as_its_caller)
{
	client->home->nice = 5;
	manager->home->nice = 2;
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->home->nice, 5);
	reply_with(manager, 0, NULL);
}
END_TEST

START_TEST(caller_that_is_less_nice_takes_the_callee_along)
{
	u32 handle = object_with(10);

	client->home->nice = 3;
	expect_call(client, handle, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->home->nice, 3);
}
END_TEST

START_TEST(object_sets_a_ceiling_of_niceness)
{
	u32 handle = object_with(10);

	client->home->nice = 15;
	expect_call(client, handle, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->home->nice, 10);
}
END_TEST

START_TEST(reply_restores_the_priority)
{
	client->home->nice = 5;
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->home->nice, 5);
	bc_reply(manager, 0, NULL);
	expect_write(manager);
	ck_assert_int_eq(manager->home->nice, 0);
}
END_TEST

START_TEST(failing_reply_restores_the_priority)
{
	client->home->nice = 5;
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	process_close(client->process);
	bc_reply(manager, 0, NULL);
	ck_assert_int_eq(ioctl_write(manager), 0);
	ck_assert_int_eq(manager->home->nice, 0);
}
END_TEST

START_TEST(oneway_leaves_the_priority_below_the_ceiling)
{
	u32 handle = object_with(10);

	client->home->nice = 5;
	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->home->nice, 0);
}
END_TEST

START_TEST(oneway_raises_a_thread_that_is_nicer_than_the_ceiling)
{
	u32 handle = object_with(10);

	expect_read(manager, "");
	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	manager->home->nice = 15; /* woken with its own work: that is no wait for the process */
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->home->nice, 10);
}
END_TEST

START_TEST(waiting_for_work_of_the_process_restores_the_default)
{
	manager->home->nice = 7;
	expect_nothing(manager);
	ck_assert_int_eq(manager->home->nice, 0);
}
END_TEST

START_TEST(waiting_for_a_reply_keeps_the_priority)
{
	client->home->nice = 7;
	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(client->home->nice, 7);
}
END_TEST

SCENE_SUITE(priority, callee_is_as_nice_as_its_caller,
	    caller_that_is_less_nice_takes_the_callee_along, object_sets_a_ceiling_of_niceness,
	    reply_restores_the_priority, failing_reply_restores_the_priority,
	    oneway_leaves_the_priority_below_the_ceiling,
	    oneway_raises_a_thread_that_is_nicer_than_the_ceiling,
	    waiting_for_work_of_the_process_restores_the_default,
	    waiting_for_a_reply_keeps_the_priority)

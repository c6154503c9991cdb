/* SPDX-License-Identifier: MIT */
/*
 * nested.c: calls made while handling calls, and the thread that they go to
 * (5.5, 5.8, 5.9).
 */
#include "suites.h"

START_TEST(nested_call_goes_to_the_waiting_thread)
{
	struct thread *idle = thread_new(client->process, 202);
	u32 back = give_object(client, manager, 0x1000, NULL);

	expect_read(idle, "");
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	bc_call(manager, back, 2, 0, NULL);
	expect_write(manager);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(idle->home->wakes, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	free_buffer(client);
	reply_with(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE REPLY");
	free_buffer(manager);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP REPLY");
}
END_TEST

START_TEST(nested_call_finds_the_thread_two_calls_up)
{
	struct thread *middle = looper_new(world, 302);
	struct thread *idle = thread_new(client->process, 202);
	u32 to_middle = fetch_from(client, middle, 0x2000);

	fetch_from(middle, client, 0x1000);
	/* client -> middle -> manager -> client */
	expect_read(idle, "");
	expect_call(client, to_middle, 0, NULL, "");
	expect_read(middle, "NOOP TRANSACTION");
	expect_call(middle, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	client->home->wakes = 0;
	bc_call(manager, 2, 1, 0, NULL); /* client's object: the second that it got */
	expect_write(manager);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(idle->home->wakes, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	reply_with(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

/* The chain is the driver's to keep and to walk; it ends, and with it what it was. */
START_TEST(calls_nest_a_thousand_deep_and_no_deeper)
{
	u32 back = give_object(client, manager, 0x1000, NULL);
	struct thread *from = client, *to = manager, *swap;
	int depth;

	for (depth = 1; depth <= BINDER_MAX_DEPTH; depth++) {
		bc_call(from, from == client ? 0 : back, 1, 0, NULL);
		expect_write(from);
		expect_read(to, depth == 1 ? "NOOP TRANSACTION" :
					     "NOOP TRANSACTION_COMPLETE TRANSACTION");
		free_buffer(to);
		swap = from;
		from = to;
		to = swap;
	}
	expect_call(from, from == client ? 0 : back, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(from, BR_FAILED_REPLY, -ELOOP);
	reply_with(from, 0, NULL);
	expect_read(to, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(oneway_from_a_handler_goes_to_any_thread)
{
	struct thread *idle = thread_new(client->process, 202);
	u32 back = give_object(client, manager, 0x1000, NULL);

	expect_read(idle, "");
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(manager, back, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(client->home->wakes, 0);
	expect_read(idle, "NOOP TRANSACTION");
}
END_TEST

START_TEST(handler_may_call_elsewhere_and_then_reply)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = give_object(server, manager, 0x1000, NULL);

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	round_trip(manager, handle, server);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(handler_that_waits_cannot_reply_yet)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = give_object(server, manager, 0x1000, NULL);

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(manager, handle, 0, NULL, "");
	bc_reply(manager, 0, NULL);
	ck_assert_int_eq(ioctl_write(manager), 0);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPROTO);
	expect_read(client, "");
}
END_TEST

START_TEST(work_goes_to_the_process_when_nobody_waits)
{
	struct thread *second = thread_new(manager->process, 101);

	expect_call(client, 0, 0, NULL, "");
	expect_read(second, "NOOP TRANSACTION");
	reply_with(second, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(deep_recursion_unwinds_in_order)
{
	u32 back = give_object(client, manager, 0x1000, NULL);
	int i;

	for (i = 0; i < 50; i++) {
		bc_call(client, 0, 1, 0, NULL);
		expect_write(client);
		ck_assert_int_eq(ioctl_read(manager), 0);
		bc_call(manager, back, 1, 0, NULL);
		expect_write(manager);
		ck_assert_int_eq(ioctl_read(client), 0);
	}
	for (i = 0; i < 50; i++) {
		bc_reply(client, 0, NULL);
		expect_write(client);
		ck_assert_int_eq(ioctl_read(manager), 0);
		ck_assert_ptr_nonnull(strstr(commands_read(manager), "REPLY"));
		bc_reply(manager, 0, NULL);
		expect_write(manager);
		ck_assert_int_eq(ioctl_read(client), 0);
		ck_assert_ptr_nonnull(strstr(commands_read(client), "REPLY"));
	}
	ck_assert_uint_le(world_counts(world).transactions, 2); /* completions to be read */
}
END_TEST

SCENE_SUITE(nested, nested_call_goes_to_the_waiting_thread,
	    nested_call_finds_the_thread_two_calls_up, calls_nest_a_thousand_deep_and_no_deeper,
	    oneway_from_a_handler_goes_to_any_thread, handler_may_call_elsewhere_and_then_reply,
	    handler_that_waits_cannot_reply_yet, work_goes_to_the_process_when_nobody_waits,
	    deep_recursion_unwinds_in_order)

/* SPDX-License-Identifier: MIT */
/*
 * exit.c: threads and processes that end in the middle of it (sections 13, 2.5,
 * 16.2).
 */
#include "suites.h"

START_TEST(handler_that_ends_fails_its_caller)
{
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	thread_exit(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	expect_error(client, BR_OK, 0);
}
END_TEST

START_TEST(handlers_process_that_ends_fails_its_caller)
{
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	process_close(manager->process);
	ck_assert_uint_eq(client->home->wakes, 1);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}
END_TEST

START_TEST(unread_call_fails_when_its_process_ends)
{
	expect_call(client, 0, 0, NULL, "");
	process_close(manager->process);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}
END_TEST

START_TEST(unread_call_fails_when_its_thread_ends)
{
	struct thread *second = thread_new(manager->process, 101);

	expect_read(second, "");
	expect_call(client, 0, 0, NULL, ""); /* in the queue of second */
	give_up_waiting(second);
	thread_exit(second);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}
END_TEST

/* client -> manager -> server, read by server. */
static struct thread *chain(void)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = give_object(server, manager, 0x1000, NULL);

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(manager, handle, 0, NULL, "");
	expect_read(server, "NOOP TRANSACTION");
	return server;
}

START_TEST(caller_behind_a_dead_middle_waits_for_the_end_of_the_chain)
{
	struct thread *server = chain();

	process_close(manager->process);
	expect_nothing(client);
	reply_with(server, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}
END_TEST

START_TEST(caller_behind_a_dead_middle_hears_of_the_death_at_the_end)
{
	struct thread *server = chain();

	thread_exit(manager);
	expect_nothing(client);
	process_close(server->process);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}
END_TEST

START_TEST(chain_without_anybody_left_leaves_nothing)
{
	struct thread *server = chain();

	process_close(manager->process);
	process_close(client->process);
	ck_assert_uint_gt(world_counts(world).transactions, 0);
	process_close(server->process);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

START_TEST(chain_may_end_in_any_order)
{
	struct thread *server = chain();

	process_close(client->process);
	process_close(server->process);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	reply_with(manager, 0, NULL);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

START_TEST(nested_handler_that_dies_fails_both_its_calls)
{
	u32 back = give_object(client, manager, 0x1000, NULL);

	/* client -> manager -> client, and the client's thread ends with both on its stack. */
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(manager, back, 0, NULL, "");
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	thread_exit(client);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	reply_with(manager, 0, NULL);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

START_TEST(request_of_a_dead_caller_stays_valid)
{
	struct payload text = { "hello", 6, NULL, 0 };

	expect_call(client, 0, 0, &text, "");
	process_close(client->process);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->tr.sender_pid, 0);
	ck_assert_str_eq((char *)(uintptr_t)buffer_of(manager), "hello");
	reply_with(manager, 0, NULL);
}
END_TEST

START_TEST(reply_that_is_not_read_goes_with_its_reader)
{
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	thread_exit(client);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
	ck_assert_uint_eq(world_counts(world).buffers, 1); /* the request, not yet freed */
}
END_TEST

START_TEST(thread_that_comes_back_is_a_new_one)
{
	struct process *process = client->process;
	struct thread *again;

	expect_call(client, 0, 0, NULL, "");
	thread_exit(client);
	again = thread_new_unused(process, 201);
	expect_read(again, "NOOP");
	bc_reply(again, 0, NULL);
	ck_assert_int_eq(ioctl_write(again), 0);
	expect_read(again, "NOOP FAILED_REPLY");
	expect_error(again, BR_FAILED_REPLY, -EPROTO);
}
END_TEST

START_TEST(reply_after_exit_fails)
{
	struct process *process = manager->process;
	struct thread *again;

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	thread_exit(manager);
	again = thread_new(process, 100);
	bc_reply(again, 0, NULL);
	ck_assert_int_eq(ioctl_write(again), 0);
	expect_read(again, "NOOP FAILED_REPLY");
	expect_error(again, BR_FAILED_REPLY, -EPROTO);
}
END_TEST

START_TEST(completions_and_errors_end_with_their_thread)
{
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	bc_call(client, 77, 1, 0, NULL);
	ck_assert_int_eq(ioctl_write(client), 0);
	thread_exit(client);
}
END_TEST

START_TEST(big_process_ends_whole)
{
	static struct flat_binder_object objects[500];
	static u64 offsets[500];
	struct payload payload = { objects, sizeof(objects), offsets, sizeof(offsets) };
	int i;

	for (i = 0; i < 500; i++) {
		objects[i] = local_object(BINDER_TYPE_BINDER, 0x1000 + 16 * (u64)i, 1);
		offsets[i] = (u64)i * sizeof(objects[0]);
	}
	for (i = 0; i < 5; i++) {
		bc_call(client, 0, 1, TF_ONE_WAY | TF_CLEAR_BUF, &payload);
		ck_assert_int_eq(ioctl_write(client), 0);
	}
	expect_read(manager, "NOOP TRANSACTION");
	process_close(manager->process);
	ck_assert_uint_eq(world_counts(world).refs, 0);
	process_close(client->process);
	ck_assert_uint_eq(world_counts(world).nodes, 0);
}
END_TEST

START_TEST(second_failure_before_the_first_is_read_is_told_as_one)
{
	struct thread *one = looper_new(world, 302), *two = looper_new(world, 403);
	u32 to_one = fetch_from(client, one, 0x1000), to_two = fetch_from(client, two, 0x1000);

	bc_call(client, to_one, 1, 0, NULL);
	expect_write(client);
	process_close(one->process);
	bc_call(client, to_two, 1, 0, NULL);
	expect_write(client);
	process_close(two->process);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY TRANSACTION_COMPLETE");
	expect_nothing(client);
}
END_TEST

SCENE_SUITE(exit, second_failure_before_the_first_is_read_is_told_as_one,
	    handler_that_ends_fails_its_caller, handlers_process_that_ends_fails_its_caller,
	    unread_call_fails_when_its_process_ends, unread_call_fails_when_its_thread_ends,
	    caller_behind_a_dead_middle_waits_for_the_end_of_the_chain,
	    caller_behind_a_dead_middle_hears_of_the_death_at_the_end,
	    chain_without_anybody_left_leaves_nothing, chain_may_end_in_any_order,
	    nested_handler_that_dies_fails_both_its_calls, request_of_a_dead_caller_stays_valid,
	    reply_that_is_not_read_goes_with_its_reader, thread_that_comes_back_is_a_new_one,
	    reply_after_exit_fails, completions_and_errors_end_with_their_thread,
	    big_process_ends_whole)

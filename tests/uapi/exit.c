/* SPDX-License-Identifier: MIT */
/* exit.c: threads and processes that end in the middle of it (section 13). */
#include "scene.h"

static void thread_exits(struct actor *actor)
{
	is(actor_ioctl(actor, BINDER_THREAD_EXIT, NULL), 0);
}

TEST("13.1", handler_that_ends_fails_its_caller)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	thread_exits(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	expect_error(client, BR_OK, 0);
}

TEST("13.1", handlers_process_that_ends_fails_its_caller)
{
	scene();
	bc_call(client, 0, 1, 0, NULL);
	expect_waits(client);
	expect_read(manager, "NOOP TRANSACTION");
	process_ends(manager);
	expect_return(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	expect_error(client, BR_OK, 0);
}

TEST("13.3", unread_call_fails_when_its_process_ends)
{
	scene();
	send_call(client, 0, 0, NULL);
	process_ends(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}

TEST("13.3", unread_call_fails_when_its_thread_ends)
{
	uint32_t back;

	scene();
	/* client -> manager -> client's own waiting thread, which ends without reading. */
	back = give_object(client, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(manager, back, 0, NULL);
	thread_exits(client);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}

/* client -> manager -> server, read by server. */
static struct actor *chain(void)
{
	struct actor *server;
	uint32_t handle;

	scene();
	server = looper_new();
	handle = give_object(server, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(manager, handle, 0, NULL);
	expect_read(server, "NOOP TRANSACTION");
	return server;
}

TEST("13.2", caller_behind_a_dead_middle_waits_for_the_end_of_the_chain)
{
	struct actor *server = chain();

	process_ends(manager);
	expect_nothing(client);
	reply_with(server, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}

TEST("13.2", caller_behind_a_dead_middle_hears_of_the_death_at_the_end)
{
	struct actor *server = chain();

	thread_exits(manager);
	expect_nothing(client);
	process_ends(server);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}

TEST("13.2", chain_may_end_in_any_order)
{
	struct actor *server = chain();

	process_ends(client);
	process_ends(server);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	reply_with(manager, 0, NULL);
	expect_nothing(manager);
}

TEST("13.2", nested_handler_that_dies_fails_both_its_calls)
{
	uint32_t back;

	scene();
	back = give_object(client, 0x1000);
	/* client -> manager -> client, and the client's thread ends with both on its stack. */
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(manager, back, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	thread_exits(client);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	reply_with(manager, 0, NULL);
}

TEST("13.4", request_of_a_dead_caller_stays_valid)
{
	scene();
	send_call(client, 0, 0, payload_text("hello"));
	process_ends(client);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_pid, 0);
	is_text(text_of(manager), "hello");
	reply_with(manager, 0, NULL);
	free_buffer(manager);
}

TEST("13.5", big_process_ends_whole)
{
	struct flat_binder_object objects[300];

	scene();
	for (int i = 0; i < 300; i++)
		objects[i] = local_object(BINDER_TYPE_BINDER, 0x1000 + 16 * (uint64_t)i, 1);
	for (int i = 0; i < 4; i++) {
		bc_call(client, 0, 1, TF_ONE_WAY | TF_CLEAR_BUF, payload_objects(objects, 300));
		expect_write(client);
	}
	expect_read(manager, "NOOP TRANSACTION");
	process_ends(manager);
	/* Everything comes back; nothing of it was told before. */
	client->room = 80;
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
}

TEST("13.5", waiting_callers_of_a_dead_process_are_all_told)
{
	struct actor *callers[4];

	scene();
	for (int i = 0; i < 4; i++) {
		callers[i] = looper_new();
		bc_call(callers[i], 0, 1, 0, NULL);
		expect_waits(callers[i]);
	}
	expect_read(manager, "NOOP TRANSACTION");
	process_ends(manager);
	for (int i = 0; i < 4; i++)
		expect_return(callers[i], "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}

TEST("13.7", completions_and_errors_end_with_their_thread)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	bc_call(client, 77, 1, 0, NULL);
	expect_write_result(client, 0);
	thread_exits(client);
	expect_read(client, "NOOP");
	expect_nothing(client);
}

TEST("13.7", news_of_a_thread_that_ends_are_lost)
{
	struct actor *other;

	scene();
	other = thread_new(client);
	bc_call(other, 0, 1, TF_ONE_WAY,
		payload_object(local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001)));
	expect_write(other);
	thread_exits(other);
	expect_nothing(client);
}

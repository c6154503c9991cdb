/* SPDX-License-Identifier: MIT */
/* nested.c: calls made while handling calls, and the thread that they go to (5.8, 5.9). */
#include "scene.h"

TEST("5.8", nested_call_goes_to_the_waiting_thread)
{
	struct actor *idle;
	uint32_t back;

	scene();
	idle = thread_new(client);
	back = give_object(client, 0x1000);
	expect_waits(idle);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(manager, back, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	expect_waits(idle);
	free_buffer(client);
	reply_with(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE REPLY");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP REPLY");
}

TEST("5.8", nested_call_finds_the_thread_two_calls_up)
{
	struct actor *middle, *idle;
	uint32_t to_middle, to_client;

	scene();
	middle = looper_new();
	idle = thread_new(client);
	to_middle = fetch_from(client, middle, 0x2000);
	to_client = give_object(client, 0x1000);
	expect_waits(idle);
	/* client -> middle -> manager -> client */
	send_call(client, to_middle, 0, NULL);
	expect_read(middle, "NOOP TRANSACTION");
	send_call(middle, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(manager, to_client, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	expect_waits(idle);
	reply_with(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("5.8", oneway_from_a_handler_goes_to_any_thread)
{
	struct actor *idle;
	uint32_t back;

	scene();
	idle = thread_new(client);
	back = give_object(client, 0x1000);
	expect_waits(idle);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	expect_oneway(manager, back, NULL);
	expect_return(idle, "NOOP TRANSACTION");
	expect_nothing(client);
}

TEST("5.8", handler_may_call_elsewhere_and_then_reply)
{
	struct actor *server;
	uint32_t handle;

	scene();
	server = looper_new();
	handle = give_object(server, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	round_trip(manager, handle, server);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("5.8", handler_that_waits_cannot_reply_yet)
{
	struct actor *server;
	uint32_t handle;

	scene();
	server = looper_new();
	handle = give_object(server, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(manager, handle, 0, NULL);
	bc_reply(manager, 0, NULL);
	expect_write_result(manager, 0);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPROTO);
	expect_nothing(client);
}

TEST("5.8", deep_recursion_unwinds_in_order)
{
	uint32_t back;

	scene();
	back = give_object(client, 0x1000);
	for (int i = 0; i < 50; i++) {
		send_call(client, 0, 0, NULL);
		is(do_read(manager, manager->room), 0);
		send_call(manager, back, 0, NULL);
		is(do_read(client, client->room), 0);
	}
	for (int i = 0; i < 50; i++) {
		bc_reply(client, 0, NULL);
		expect_write(client);
		is(do_read(manager, manager->room), 0);
		need(strstr(manager->news.words, "REPLY"));
		bc_reply(manager, 0, NULL);
		expect_write(manager);
		is(do_read(client, client->room), 0);
		need(strstr(client->news.words, "REPLY"));
	}
}

TEST("5.9", work_goes_to_the_process_when_nobody_waits)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	send_call(client, 0, 0, NULL);
	expect_read(second, "NOOP TRANSACTION");
	reply_with(second, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	expect_nothing(manager);
}

TEST("5.9", waiting_thread_gets_the_call_itself)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	expect_waits(manager);
	send_call(client, 0, 0, NULL);
	expect_nothing(second); /* it is no work of the process any more */
	expect_return(manager, "NOOP TRANSACTION");
}

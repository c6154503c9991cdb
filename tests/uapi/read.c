/* SPDX-License-Identifier: MIT */
/* read.c: what one read brings, in which order, and when it waits (section 4). */
#include "scene.h"

TEST("4.1", read_begins_with_a_noop)
{
	scene();
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.1", read_that_goes_on_has_no_noop)
{
	uint32_t words[3];

	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	memset(client->in, 0, sizeof(client->in));
	client->bwr = (struct binder_write_read){
		.read_buffer = (uintptr_t)client->in,
		.read_size = 256,
		.read_consumed = 8,
	};
	is(actor_do(client, do_write_read, 0), 0);
	is(client->bwr.read_consumed, 12);
	memcpy(words, client->in, sizeof(words));
	is(words[0], 0);
	is(words[2], BR_TRANSACTION_COMPLETE);
}

/* A read of one byte, by hand: what comes is more than was asked for. */
static void read_one_byte(struct actor *actor)
{
	memset(actor->in, 0x5a, sizeof(actor->in));
	actor->bwr = (struct binder_write_read){
		.read_buffer = (uintptr_t)actor->in,
		.read_size = 1,
	};
	is(actor_do(actor, do_write_read, 0), 0);
}

TEST("4.1", noop_is_written_whatever_the_size)
{
	struct actor *fresh;
	uint32_t words[2];

	scene();
	fresh = thread_bare(client);
	read_one_byte(fresh);
	is(fresh->bwr.read_consumed, 4);
	memcpy(words, fresh->in, sizeof(words));
	is(words[0], BR_NOOP);
	is(words[1], 0x5a5a5a5a);
}

TEST("4.4", room_of_less_than_a_word_counts_as_endless)
{
	scene();
	expect_oneway(client, 0, NULL);
	read_one_byte(manager);
	is(manager->bwr.read_consumed, 4 + 4 + sizeof(struct binder_transaction_data));
}

TEST("4.2", first_read_of_a_thread_does_not_wait)
{
	struct actor *fresh;

	scene();
	fresh = thread_bare(client);
	expect_read(fresh, "NOOP");
	expect_nothing(fresh);
}

TEST("4.3", own_work_comes_without_work_of_the_process)
{
	scene();
	expect_oneway(client, 0, NULL);
	bc_call(manager, 77, 1, 0, NULL);
	expect_write_result(manager, 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.4", work_needs_80_bytes_of_room)
{
	scene();
	expect_oneway(client, 0, NULL);
	manager->room = 4;
	expect_read(manager, "NOOP");
	manager->room = 79;
	expect_read(manager, "NOOP");
	manager->room = 80;
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.4", small_read_waits_when_there_is_nothing)
{
	scene();
	manager->room = 4;
	expect_waits(manager);
	expect_oneway(client, 0, NULL);
	expect_return(manager, "NOOP");
}

TEST("4.4", what_finds_no_room_is_kept)
{
	scene();
	for (int i = 0; i < 3; i++)
		bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	client->room = 84; /* after one more word, 76 are left */
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION_COMPLETE");
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
}

TEST("4.5", transaction_ends_a_read)
{
	struct actor *other;

	scene();
	other = looper_new();
	expect_oneway(client, 0, NULL);
	send_call(other, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.5", several_items_come_in_one_read)
{
	scene();
	for (int i = 0; i < 5; i++)
		bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	bc_call(client, 77, 1, 0, NULL);
	expect_write_result(client, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION_COMPLETE TRANSACTION_COMPLETE "
			    "TRANSACTION_COMPLETE TRANSACTION_COMPLETE FAILED_REPLY");
}

TEST("4.10", nonblocking_read_says_again)
{
	scene();
	is(do_read_now(client, 256), -EAGAIN);
	is(client->bwr.read_consumed, 0);
	send_call(client, 0, 0, NULL);
	is(do_read_now(client, 256), -EAGAIN); /* a deferred completion alone */
}

TEST("4.10", nonblocking_read_that_fails_has_written)
{
	struct actor *actor = looper_new();

	actor_fcntl(actor, actor->fd, 4 /* F_SETFL */, 04002 /* O_RDWR | O_NONBLOCK */);
	bc(actor, BC_ENTER_LOOPER);
	actor->bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)actor->out.bytes,
		.write_size = 4,
		.read_buffer = (uintptr_t)actor->in,
		.read_size = 256,
	};
	is(actor_do(actor, do_write_read, 0), -EAGAIN);
	is(actor->bwr.write_consumed, 4);
	is(actor->bwr.read_consumed, 0);
}

TEST("4.11", interrupted_wait_is_eintr_and_has_written)
{
	struct actor *actor = looper_new();

	bc(actor, BC_ENTER_LOOPER);
	expect_waits(actor);
	stop_waiting(actor);
	is(actor->bwr.write_consumed, 4);
	is(actor->bwr.read_consumed, 0);
}

TEST("4.11", interrupted_wait_loses_nothing)
{
	scene();
	expect_waits(manager);
	stop_waiting(manager);
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.11", interrupted_wait_for_a_reply_may_go_on)
{
	scene();
	bc_call(client, 0, 1, 0, NULL);
	expect_waits(client);
	stop_waiting(client);
	is(client->bwr.write_consumed, 68);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

/* A read whose items find no memory; the NOOP, where there is to be one, is not asked for. */
static long read_into_nothing(struct actor *actor)
{
	actor->bwr = (struct binder_write_read){
		.read_buffer = BAD_ADDRESS,
		.read_size = 256,
		.read_consumed = 4,
	};
	return actor_do(actor, do_write_read, 0);
}

TEST("4.12", unwritable_noop_takes_nothing)
{
	scene();
	expect_oneway(client, 0, NULL);
	manager->bwr = (struct binder_write_read){ .read_buffer = BAD_ADDRESS, .read_size = 256 };
	is(actor_do(manager, do_write_read, 0), -EFAULT);
	is(manager->bwr.read_consumed, 0);
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("4.12", unwritable_call_fails_for_its_caller)
{
	scene();
	send_call(client, 0, 0, NULL);
	is(read_into_nothing(manager), -EFAULT);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_nothing(manager);
}

TEST("4.12", unwritable_oneway_is_dropped)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	is(read_into_nothing(manager), -EFAULT);
	expect_nothing(manager);
	expect_nothing(client);
	round_trip(client, 0, manager);
}

TEST("4.12", unwritable_oneway_stops_those_behind_it)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	bc_call(client, 0, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	is(read_into_nothing(manager), -EFAULT);
	expect_nothing(manager);
}

TEST("4.12", unwritable_item_is_lost)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	is(read_into_nothing(client), -EFAULT);
	expect_nothing(client);
}

TEST("4.13", read_wakes_another_for_what_is_left)
{
	struct actor *waiting[2], *server;
	uint32_t handle[2];

	scene();
	server = looper_new();
	for (int i = 0; i < 2; i++) {
		handle[i] = fetch_from(client, server, 0x1000 * (i + 1ul));
		bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle[i], i + 1ul);
	}
	expect_write(client);
	for (int i = 0; i < 2; i++) {
		waiting[i] = thread_new(client);
		expect_waits(waiting[i]);
	}
	process_ends(server);
	for (int i = 0; i < 2; i++)
		expect_return(waiting[i], "NOOP DEAD_BINDER");
	is(waiting[0]->news.cookie + waiting[1]->news.cookie, 3);
}

TEST("4.14", latest_waiter_is_woken_first)
{
	struct actor *other;

	scene();
	other = thread_new(manager);
	expect_waits(manager);
	expect_waits(other);
	expect_oneway(client, 0, NULL);
	expect_return(other, "NOOP TRANSACTION");
	expect_waits(manager);
}

TEST("4.15", thread_that_waits_for_a_reply_gets_no_work_of_the_process)
{
	struct actor *other, *server;
	uint32_t handle;

	scene();
	other = thread_new(manager);
	server = looper_new();
	handle = give_object(server, 0x1000);
	bc_call(manager, handle, 1, 0, NULL);
	expect_waits(manager);
	expect_oneway(client, 0, NULL);
	expect_waits(manager);
	expect_read(other, "NOOP TRANSACTION");
}

/* SPDX-License-Identifier: MIT */
/* calls.c: calls and replies as their sender and their receiver see them (sections 5 and 6). */
#include "scene.h"

#include <unistd.h>

/* An object of a second process's, held by the client. */
static struct actor *server;
static uint32_t handle;

static void with_server(void)
{
	scene();
	server = looper_new();
	handle = fetch_from(client, server, 0x1000);
}

TEST("5.1", call_and_reply)
{
	scene();
	expect_waits(manager);
	bc_call(client, 0, 7, 0x40, payload_text("hello"));
	expect_waits(client);
	expect_return(manager, "NOOP TRANSACTION");
	is(code_of(manager), 7);
	is(manager->news.tr.flags, 0x40);
	is(manager->news.tr.sender_pid, client->pid);
	is(manager->news.tr.sender_euid, geteuid());
	is(manager->news.tr.data_size, 6);
	is_text(text_of(manager), "hello");
	free_buffer(manager);
	reply_with(manager, 0, payload_text("world"));
	expect_return(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is_text(text_of(client), "world");
	free_buffer(client);
}

TEST("5.1", call_needs_a_strong_reference)
{
	uint32_t weak;

	scene();
	weak = fetch(client, local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001));
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
	expect_call(client, weak, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}

TEST("5.1", manager_is_called_without_a_reference)
{
	scene();
	round_trip(client, 0, manager);
}

TEST("5.1", target_gets_its_own_ptr_and_cookie)
{
	with_server();
	send_call(client, handle, 0, NULL);
	expect_read(server, "NOOP TRANSACTION");
	is(server->news.tr.target.ptr, 0x1000);
	is(server->news.tr.cookie, 0x1001);
}

TEST("5.2", call_without_manager_is_dead)
{
	need_no_manager();
	client = looper_new();
	await_release(0);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
}

TEST("5.2", call_to_dead_node_is_dead)
{
	with_server();
	process_ends(server);
	expect_call(client, handle, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
}

TEST("5.3", manager_cannot_call_itself)
{
	struct actor *other;

	scene();
	expect_call(manager, 0, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EINVAL);
	other = open_new(manager); /* another open, the same pid */
	expect_call(other, 0, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(other, BR_FAILED_REPLY, -EINVAL);
	expect_call(manager, 0, TF_ONE_WAY, NULL, "NOOP FAILED_REPLY");
}

TEST("5.5", second_call_while_waiting_is_refused)
{
	scene();
	bc_call(client, 0, 1, 0, NULL);
	bc_call(client, 0, 2, 0, NULL);
	expect_write_result(client, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPROTO);
	/* The first one stands. */
	expect_read(manager, "NOOP TRANSACTION");
	is(code_of(manager), 1);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP REPLY");
}

TEST("5.5", oneway_while_waiting_is_allowed)
{
	scene();
	bc_call(client, 0, 1, 0, NULL);
	bc_call(client, 0, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION_COMPLETE");
}

TEST("5.5", call_with_own_transaction_unread_is_refused)
{
	uint32_t back;

	scene();
	back = give_object(client, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	/* It goes to the thread that waits for the reply; its queue begins with a completion. */
	send_call(manager, back, 0, NULL);
	bc_call(client, 0, 1, 0, NULL);
	expect_write_result(client, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION");
	expect_read(client, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPROTO);
}

TEST("5.6", complete_of_a_call_comes_with_the_reply)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_nothing(client);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("5.6", call_waits_in_the_ioctl_that_sends_it)
{
	scene();
	bc_call(client, 0, 1, 0, NULL);
	expect_waits(client);
	expect_read(manager, "NOOP TRANSACTION");
	expect_waits(client);
	reply_with(manager, 0, NULL);
	expect_return(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("5.7", oneway_completes_at_once)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_both(client, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(client);
}

TEST("5.10", oneway_tells_no_pid_but_the_uid)
{
	scene();
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_pid, 0);
	is(manager->news.tr.sender_euid, geteuid());
}

TEST("5.10", reply_carries_uid_code_and_flags_but_no_pid)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	stream_transaction(&manager->out, BC_REPLY, 0, 9, TF_STATUS_CODE, NULL);
	expect_write(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(code_of(client), 9);
	is(client->news.tr.flags, TF_STATUS_CODE);
	is(client->news.tr.sender_pid, 0);
	is(client->news.tr.sender_euid, geteuid());
	is(client->news.tr.target.ptr, 0);
	is(client->news.tr.cookie, 0);
}

TEST("5.11", offsets_lie_behind_the_padded_data)
{
	scene();
	expect_oneway(client, 0, payload_bytes(5));
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.data.ptr.offsets, buffer_of(manager) + 8);
	is(manager->news.tr.offsets_size, 0);
}

TEST("5.11", empty_payload_has_an_address_and_offsets)
{
	scene();
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(buffer_of(manager), (uintptr_t)manager->map);
	is(manager->news.tr.data.ptr.offsets, buffer_of(manager));
	is(manager->news.tr.data_size, 0);
}

TEST("5.13", label_comes_with_the_call_when_the_node_asks)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);

	scene();
	object.flags |= FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	handle = fetch(client, object);
	bc_call(client, handle, 1, 0, payload_bytes(3));
	expect_write_result(client, 0);
	/* Where no security module has labels, upstream refuses the call, with that one's errno. */
	if (do_read_now(client, client->room) == 0) {
		is_text(client->news.words, "NOOP FAILED_REPLY");
		check_skip("the driver has no security labels here, and refuses");
	}
	expect_read(manager, "NOOP TRANSACTION_SEC_CTX");
	is(manager->news.secctx, buffer_of(manager) + 8);
	need(*(const char *)actor_peek(manager, manager->news.secctx, 1) != '\0');
}

TEST("5.14", code_and_unknown_flags_pass_untouched)
{
	scene();
	bc_call(client, 0, 0xfedcba98, 0xabc0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	is(code_of(manager), 0xfedcba98);
	is(manager->news.tr.flags, 0xabc0);
}

/* ---- replies ---------------------------------------------------------------------- */

TEST("6.1", reply_to_nothing_fails)
{
	scene();
	bc_reply(manager, 0, NULL);
	expect_write_result(manager, 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPROTO);
}

TEST("6.1", reply_to_a_oneway_fails)
{
	scene();
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	bc_reply(manager, 0, NULL);
	expect_write_result(manager, 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPROTO);
}

TEST("6.1", reply_from_the_wrong_thread_leaves_the_stack)
{
	struct actor *other;

	scene();
	other = thread_new(manager);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	bc_reply(other, 0, NULL);
	expect_write_result(other, 0);
	expect_read(other, "NOOP FAILED_REPLY");
	expect_error(other, BR_FAILED_REPLY, -EPROTO);
	/* One that waits for a reply itself cannot give one. */
	bc_reply(client, 0, NULL);
	expect_write_result(client, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPROTO);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP REPLY");
}

TEST("6.2", failed_reply_ends_the_call_for_both)
{
	scene();
	send_call(client, 0, 0, NULL); /* without TF_ACCEPT_FDS */
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, payload_object(file_object(0)));
	expect_error(manager, BR_OK, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPERM);
	round_trip(client, 0, manager);
}

TEST("6.2", reply_with_a_bad_object_ends_the_call)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, payload_object(handle_object(BINDER_TYPE_HANDLE, 77)));
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}

TEST("6.2", reply_larger_than_the_callers_buffer_ends_the_call)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, payload_bytes(ACTOR_MAP + 1));
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
}

TEST("6.3", reply_to_a_dead_caller_still_completes)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	process_ends(client);
	reply_with(manager, 0, NULL);
}

TEST("6.3", reply_to_a_thread_that_ended_still_completes)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(actor_ioctl(client, BINDER_THREAD_EXIT, NULL), 0);
	reply_with(manager, 0, NULL);
}

TEST("6.4", reply_with_oneway_flag_is_a_reply)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, TF_ONE_WAY, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(client->news.tr.flags, TF_ONE_WAY);
}

TEST("6.6", reply_wakes_the_caller_alone)
{
	struct actor *other;

	scene();
	other = thread_new(client);
	expect_waits(other);
	bc_call(client, 0, 1, 0, NULL);
	expect_waits(client);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_return(client, "NOOP TRANSACTION_COMPLETE REPLY");
	expect_waits(other);
}

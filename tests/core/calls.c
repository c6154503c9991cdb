/* SPDX-License-Identifier: MIT */
/*
 * calls.c: calls as their sender and their receiver see them (sections 5 and 6).
 */
#include "suites.h"

START_TEST(call_and_reply)
{
	struct payload payload = { "hello", 6, NULL, 0 };

	expect_read(manager, "");
	bc_call(client, 0, 7, 0x40, &payload);
	expect_write(client);
	ck_assert_uint_eq(manager->home->wakes, 1);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.code, 7);
	ck_assert_uint_eq(manager->tr.flags, 0x40);
	ck_assert_int_eq(manager->tr.sender_pid, 201);
	ck_assert_uint_eq(manager->tr.sender_euid, 1);
	ck_assert_uint_eq(manager->tr.data_size, 6);
	ck_assert_str_eq((char *)(uintptr_t)buffer_of(manager), "hello");
	expect_read(client, "");
	payload.data = "world";
	free_buffer(manager);
	bc_reply(manager, 0, &payload);
	expect_write(manager);
	expect_read(manager, "NOOP TRANSACTION_COMPLETE");
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_str_eq((char *)(uintptr_t)buffer_of(client), "world");
	free_buffer(client);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

START_TEST(call_needs_a_strong_reference)
{
	u32 weak = fetch(client, local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001));

	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
	expect_call(client, weak, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

START_TEST(call_without_manager_is_dead)
{
	process_close(manager->process);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
}
END_TEST

START_TEST(call_to_dead_node_is_dead)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	process_close(server->process);
	expect_call(client, handle, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
}
END_TEST

START_TEST(manager_cannot_call_itself)
{
	struct thread *other = thread_new(process_open(world, 100, 4096), 101);

	expect_call(manager, 0, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EINVAL);
	expect_call(other, 0, 0, NULL, "NOOP FAILED_REPLY"); /* another open, the same pid */
	expect_error(other, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

START_TEST(second_call_while_waiting_is_refused)
{
	bc_call(client, 0, 1, 0, NULL);
	bc_call(client, 0, 2, 0, NULL);
	ck_assert_int_eq(ioctl_write(client), 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPROTO);
	/* The first one stands. */
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP REPLY");
}
END_TEST

START_TEST(oneway_while_waiting_is_allowed)
{
	bc_call(client, 0, 1, 0, NULL);
	bc_call(client, 0, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(call_with_own_transaction_unread_is_refused)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	expect_read(server, ""); /* so that it is chosen, and the call lies in its queue */
	bc_call(client, handle, 1, 0, NULL);
	expect_write(client);
	give_up_waiting(server);
	bc_call(server, 0, 1, 0, NULL);
	ck_assert_int_eq(ioctl_write(server), 0);
	expect_read(server, "NOOP TRANSACTION");
	expect_read(server, "NOOP FAILED_REPLY");
	expect_error(server, BR_FAILED_REPLY, -EPROTO);
}
END_TEST

START_TEST(complete_of_a_call_comes_with_the_reply)
{
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(client, "");
	give_up_waiting(client);
	ck_assert_int_eq(ioctl_nonblock(client), -EAGAIN);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(code_and_unknown_flags_pass_untouched)
{
	bc_call(client, 0, 0xfedcba98, 0xabc0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.code, 0xfedcba98);
	ck_assert_uint_eq(manager->tr.flags, 0xabc0);
}
END_TEST

START_TEST(oneway_tells_no_pid_but_the_uid)
{
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->tr.sender_pid, 0);
	ck_assert_uint_eq(manager->tr.sender_euid, 1);
}
END_TEST

START_TEST(offsets_lie_behind_the_padded_data)
{
	struct payload payload = { "12345", 5, NULL, 0 };

	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.data.ptr.offsets, buffer_of(manager) + 8);
	ck_assert_uint_eq(manager->tr.offsets_size, 0);
}
END_TEST

START_TEST(target_gets_its_own_ptr_and_cookie)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	bc_call(client, handle, 1, 0, NULL);
	expect_write(client);
	expect_read(server, "NOOP TRANSACTION");
	ck_assert_uint_eq(server->tr.target.ptr, 0x1000);
	ck_assert_uint_eq(server->tr.cookie, 0x1001);
}
END_TEST

START_TEST(label_comes_with_the_call_when_the_node_asks)
{
	struct thread *server = looper_new(world, 302);
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object), text = { "abc", 3, NULL, 0 };
	u32 handle;

	object.flags |= FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	expect_call(server, 0, TF_ONE_WAY, &payload, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	acknowledge(server, 0x1000);
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_read(manager, 0)->handle;
	bc_call(manager, handle, 1, TF_ONE_WAY, &text);
	expect_write(manager);
	expect_read(server, "NOOP TRANSACTION_SEC_CTX");
	ck_assert_str_eq((char *)(uintptr_t)server->secctx, "test_label");
	ck_assert_uint_eq(server->secctx, buffer_of(server) + 8);

	manager->home->label_error = -EINVAL;
	expect_call(manager, handle, 0, NULL, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

/* ---- replies ---------------------------------------------------------------------- */

START_TEST(reply_carries_uid_code_and_flags_but_no_pid)
{
	struct binder_transaction_data tr = { .code = 9, .flags = TF_STATUS_CODE };

	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	bc_transaction_data(manager, BC_REPLY, &tr);
	expect_write(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_uint_eq(client->tr.code, 9);
	ck_assert_uint_eq(client->tr.flags, TF_STATUS_CODE);
	ck_assert_int_eq(client->tr.sender_pid, 0);
	ck_assert_uint_eq(client->tr.sender_euid, 0);
	ck_assert_uint_eq(client->tr.target.ptr, 0);
	ck_assert_uint_eq(client->tr.cookie, 0);
}
END_TEST

START_TEST(reply_to_nothing_fails)
{
	bc_reply(manager, 0, NULL);
	ck_assert_int_eq(ioctl_write(manager), 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPROTO);
}
END_TEST

START_TEST(reply_from_the_wrong_thread_leaves_the_stack)
{
	struct thread *other = thread_new(manager->process, 101);

	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	bc_reply(other, 0, NULL);
	ck_assert_int_eq(ioctl_write(other), 0);
	expect_read(other, "NOOP FAILED_REPLY");
	/* One that waits for a reply itself cannot give one. */
	bc_reply(client, 0, NULL);
	ck_assert_int_eq(ioctl_write(client), 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP REPLY");
}
END_TEST

START_TEST(failed_reply_ends_the_call_for_both)
{
	struct flat_binder_object file = fd_object(5);
	struct payload payload = object_payload(&file);

	test_file(5);
	bc_call(client, 0, 1, 0, NULL); /* without TF_ACCEPT_FDS */
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	expect_error(manager, BR_OK, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPERM);
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

/* Its own mistake in the meantime stays what it is told. */
START_TEST(failed_reply_leaves_an_extended_error_that_is_there)
{
	struct flat_binder_object file = fd_object(5);
	struct payload payload = object_payload(&file);

	test_file(5);
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(client, 77, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

START_TEST(reply_to_a_caller_without_mapping_is_dead)
{
	struct thread *caller = thread_new(process_open(world, 400, 0), 400);

	bc_call(caller, 0, 1, 0, NULL);
	expect_write(caller);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(caller, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	expect_error(caller, BR_DEAD_REPLY, -ESRCH);
}
END_TEST

START_TEST(reply_to_a_dead_caller_still_completes)
{
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	process_close(client->process);
	reply_with(manager, 0, NULL);
}
END_TEST

START_TEST(reply_with_oneway_flag_is_a_reply)
{
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, TF_ONE_WAY, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_uint_eq(client->tr.flags, TF_ONE_WAY);
}
END_TEST

START_TEST(reply_wakes_the_caller_alone)
{
	struct thread *other = thread_new(client->process, 202);

	expect_read(other, "");
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_read(client, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(other->home->wakes, 0);
}
END_TEST

SCENE_SUITE(calls, call_and_reply, call_needs_a_strong_reference, call_without_manager_is_dead,
	    call_to_dead_node_is_dead, manager_cannot_call_itself,
	    second_call_while_waiting_is_refused, oneway_while_waiting_is_allowed,
	    call_with_own_transaction_unread_is_refused, complete_of_a_call_comes_with_the_reply,
	    code_and_unknown_flags_pass_untouched, oneway_tells_no_pid_but_the_uid,
	    offsets_lie_behind_the_padded_data, target_gets_its_own_ptr_and_cookie,
	    label_comes_with_the_call_when_the_node_asks,
	    reply_carries_uid_code_and_flags_but_no_pid, reply_to_nothing_fails,
	    reply_from_the_wrong_thread_leaves_the_stack, failed_reply_ends_the_call_for_both,
	    failed_reply_leaves_an_extended_error_that_is_there,
	    reply_to_a_caller_without_mapping_is_dead, reply_to_a_dead_caller_still_completes,
	    reply_with_oneway_flag_is_a_reply, reply_wakes_the_caller_alone)

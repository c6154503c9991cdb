/* SPDX-License-Identifier: MIT */
/*
 * oneway.c: one-way calls: their queue at the node, their half of the buffer,
 * and those who flood it (section 7).
 */
#include "suites.h"

static void oneway(u32 code, const struct payload *payload)
{
	bc_call(client, 0, code, TF_ONE_WAY, payload);
	ck_assert_int_eq(ioctl_write(client), 0);
}

START_TEST(one_at_a_time_for_each_node)
{
	oneway(1, NULL);
	oneway(2, NULL);
	oneway(3, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.code, 1);
	expect_nothing(manager);
	free_buffer(manager);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.code, 2);
	free_buffer(manager);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.code, 3);
}
END_TEST

START_TEST(nodes_do_not_wait_for_one_another)
{
	struct thread *server = looper_new(world, 302);
	u32 first = fetch_from(client, server, 0x1000), second = fetch_from(client, server, 0x2000);

	bc_call(client, first, 1, TF_ONE_WAY, NULL);
	bc_call(client, second, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(server, "NOOP TRANSACTION");
	expect_read(server, "NOOP TRANSACTION");
}
END_TEST

START_TEST(next_one_goes_to_the_process_when_the_buffer_is_freed)
{
	struct thread *other = thread_new(manager->process, 101);

	oneway(1, NULL);
	oneway(2, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	expect_read(other, "");
	free_buffer(manager);
	ck_assert_uint_eq(other->home->wakes, 1);
	expect_read(other, "NOOP TRANSACTION");
}
END_TEST

START_TEST(calls_overtake_queued_oneways)
{
	struct thread *caller = looper_new(world, 302);

	oneway(1, NULL);
	oneway(2, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(caller, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.flags, 0);
}
END_TEST

START_TEST(oneways_may_fill_half_of_the_buffer)
{
	struct payload half = bytes(64 << 10), more = bytes((64 << 10) + 1), eight = bytes(8);

	expect_call(client, 0, TF_ONE_WAY, &more, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	expect_call(client, 0, TF_ONE_WAY, &half, "NOOP TRANSACTION_COMPLETE");
	expect_call(client, 0, TF_ONE_WAY, &eight, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP FAILED_REPLY"); /* 8 bytes as well */
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_call(client, 0, TF_ONE_WAY, &half, "NOOP TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(calls_may_use_what_oneways_may_not)
{
	struct payload more = bytes(100 << 10);

	expect_call(client, 0, 0, &more, "");
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

static unsigned flood(void)
{
	struct payload payload = bytes(504);
	unsigned sent = 0, suspected = 0;

	for (;;) {
		oneway(1, &payload);
		ck_assert_int_eq(ioctl_read(client), 0);
		if (strstr(commands_read(client), "FAILED_REPLY"))
			break;
		sent++;
		if (strstr(commands_read(client), "ONEWAY_SPAM_SUSPECT")) {
			ck_assert_uint_eq(suspected, 0);
			suspected = sent;
		}
	}
	ck_assert_uint_eq(sent, 130);
	return suspected;
}

static void detect_spam(u32 on)
{
	ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_ENABLE_ONEWAY_SPAM_DETECTION,
					     (uintptr_t)&on),
			 0);
}

START_TEST(flooding_sender_is_told_once)
{
	detect_spam(1);
	ck_assert_uint_eq(flood(), 105);
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
}
END_TEST

START_TEST(flooding_sender_that_did_not_ask_is_not_told)
{
	ck_assert_uint_eq(flood(), 0);
}
END_TEST

START_TEST(flood_is_told_again_when_space_had_recovered)
{
	int i;

	detect_spam(1);
	flood();
	for (i = 0; i < 130; i++) {
		expect_read(manager, "NOOP TRANSACTION");
		free_buffer(manager);
	}
	ck_assert_uint_eq(flood(), 105);
}
END_TEST

START_TEST(small_share_is_no_flood)
{
	struct thread *other = looper_new(world, 302);
	struct payload most = bytes(60 << 10), little = bytes(8);

	detect_spam(1);
	expect_call(other, 0, TF_ONE_WAY, &most, "NOOP TRANSACTION_COMPLETE");
	expect_call(client, 0, TF_ONE_WAY, &little, "NOOP TRANSACTION_COMPLETE");
}
END_TEST

static void give_half(struct thread *sender, const struct payload *half)
{
	expect_call(sender, 0, TF_ONE_WAY, half, "NOOP TRANSACTION_COMPLETE");
}

/* Of 128 KiB: half for one-way calls, and a tenth of the whole is little. */
static void almost_fill(size_t left)
{
	struct payload half = bytes(((64 << 10) - left) / 2);
	s32 pid;

	detect_spam(1);
	for (pid = 302; pid < 304; pid++)
		give_half(looper_new(world, pid), &half);
}

START_TEST(more_than_fifty_calls_are_a_flood)
{
	int i;

	almost_fill(8192);
	for (i = 0; i < 50; i++)
		expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP ONEWAY_SPAM_SUSPECT");
}
END_TEST

START_TEST(more_than_a_quarter_is_a_flood)
{
	struct payload quarter = bytes(32 << 10), eight = bytes(8);

	almost_fill(40 << 10);
	expect_call(client, 0, TF_ONE_WAY, &quarter, "NOOP TRANSACTION_COMPLETE");
	expect_call(client, 0, TF_ONE_WAY, &eight, "NOOP ONEWAY_SPAM_SUSPECT");
}
END_TEST

START_TEST(queued_oneways_die_with_their_node)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);
	int i;

	for (i = 0; i < 5; i++)
		expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(server, "NOOP TRANSACTION");
	process_close(server->process);
	expect_nothing(client);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
}
END_TEST

START_TEST(queued_oneways_outlive_the_senders_reference)
{
	u32 back = give_object(client, manager, 0x1000, NULL);

	bc_call(manager, back, 1, TF_ONE_WAY, NULL);
	bc_call(manager, back, 2, TF_ONE_WAY, NULL);
	bc_u32(manager, BC_RELEASE, back);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).refs, 0);
	expect_read(client, "NOOP TRANSACTION");
	free_buffer(client);
	expect_read(client, "NOOP TRANSACTION");
	ck_assert_uint_eq(client->tr.code, 2);
	free_buffer(client);
	expect_read(client, "NOOP RELEASE DECREFS");
}
END_TEST

START_TEST(queued_oneways_of_a_dead_sender_arrive)
{
	oneway(1, NULL);
	oneway(2, NULL);
	process_close(client->process);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.sender_euid, 1);
}
END_TEST

SCENE_SUITE(oneway, one_at_a_time_for_each_node, nodes_do_not_wait_for_one_another,
	    next_one_goes_to_the_process_when_the_buffer_is_freed, calls_overtake_queued_oneways,
	    oneways_may_fill_half_of_the_buffer, calls_may_use_what_oneways_may_not,
	    flooding_sender_is_told_once, flooding_sender_that_did_not_ask_is_not_told,
	    flood_is_told_again_when_space_had_recovered, small_share_is_no_flood,
	    more_than_fifty_calls_are_a_flood, more_than_a_quarter_is_a_flood,
	    queued_oneways_die_with_their_node, queued_oneways_outlive_the_senders_reference,
	    queued_oneways_of_a_dead_sender_arrive)

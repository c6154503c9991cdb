/* SPDX-License-Identifier: MIT */
/*
 * oneway.c: one-way calls: their queue at the node, their half of the buffer,
 * and those who flood it (section 7).
 */
#include "scene.h"

static void oneway(uint32_t code)
{
	bc_call(client, 0, code, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
}

TEST("7.1", one_at_a_time_for_each_node)
{
	scene();
	for (uint32_t code = 1; code <= 3; code++)
		oneway(code);
	for (uint32_t code = 1; code <= 3; code++) {
		expect_read(manager, "NOOP TRANSACTION");
		is(code_of(manager), code);
		expect_nothing(manager);
		free_buffer(manager);
	}
	expect_nothing(manager);
}

TEST("7.1", nodes_do_not_wait_for_one_another)
{
	struct actor *server;
	uint32_t first, second;

	scene();
	server = looper_new();
	first = fetch_from(client, server, 0x1000);
	second = fetch_from(client, server, 0x2000);
	expect_oneway(client, first, NULL);
	expect_oneway(client, second, NULL);
	expect_read(server, "NOOP TRANSACTION");
	expect_read(server, "NOOP TRANSACTION");
}

TEST("7.2", next_one_goes_to_the_process_when_the_buffer_is_freed)
{
	struct actor *other;

	scene();
	other = thread_new(manager);
	oneway(1);
	oneway(2);
	expect_read(manager, "NOOP TRANSACTION");
	expect_waits(other);
	free_buffer(manager);
	expect_return(other, "NOOP TRANSACTION");
	is(code_of(other), 2);
}

TEST("7.2", end_of_the_thread_does_not_release_the_next_one)
{
	struct actor *other;
	uint64_t buffer;

	scene();
	other = thread_new(manager);
	oneway(1);
	oneway(2);
	expect_read(manager, "NOOP TRANSACTION");
	buffer = buffer_of(manager);
	is(actor_ioctl(manager, BINDER_THREAD_EXIT, NULL), 0);
	expect_nothing(other);
	free_at(other, buffer);
	expect_read(other, "NOOP TRANSACTION");
}

TEST("7.3", calls_overtake_queued_oneways)
{
	struct actor *caller;

	scene();
	caller = looper_new();
	oneway(1);
	oneway(2);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(caller, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.flags, 0);
}

TEST("7.4", oneways_may_fill_half_of_the_buffer)
{
	struct payload *half = payload_bytes(ACTOR_MAP / 2), *eight = payload_bytes(8);

	scene();
	expect_call(client, 0, TF_ONE_WAY, payload_bytes(ACTOR_MAP / 2 + 1), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	expect_oneway(client, 0, half);
	expect_call(client, 0, TF_ONE_WAY, eight, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP FAILED_REPLY"); /* 8 bytes as well */
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_oneway(client, 0, half);
}

/* One-way calls of 504 bytes until there is no room; the number of the one that was suspected. */
static unsigned flood(void)
{
	struct payload *payload = payload_bytes(504);
	unsigned sent = 0, suspected = 0;

	for (;;) {
		bc_call(client, 0, 1, TF_ONE_WAY, payload);
		expect_write(client);
		is(do_read(client, client->room), 0);
		if (strstr(client->news.words, "FAILED_REPLY"))
			break;
		sent++;
		if (strcmp(client->news.words, "NOOP ONEWAY_SPAM_SUSPECT") == 0) {
			is(suspected, 0);
			suspected = sent;
		} else {
			is_text(client->news.words, "NOOP TRANSACTION_COMPLETE");
		}
	}
	is(sent, 130);
	return suspected;
}

static void detect_spam(uint32_t on)
{
	is(actor_ioctl_value(client, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, on), 0);
}

TEST("7.5", flooding_sender_is_told_once)
{
	scene();
	detect_spam(1);
	is(flood(), 105);
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
}

TEST("7.5", flooding_sender_that_did_not_ask_is_not_told)
{
	scene();
	is(flood(), 0);
}

TEST("7.5", flooding_sender_that_asked_no_more_is_not_told)
{
	scene();
	detect_spam(1);
	detect_spam(0);
	is(flood(), 0);
}

TEST("7.5", flood_is_told_again_when_space_had_recovered)
{
	scene();
	detect_spam(1);
	is(flood(), 105);
	for (int i = 0; i < 130; i++) {
		expect_read(manager, "NOOP TRANSACTION");
		free_buffer(manager);
	}
	is(flood(), 105);
}

TEST("7.5", small_share_is_no_flood)
{
	struct actor *other;

	scene();
	other = looper_new();
	detect_spam(1);
	expect_oneway(other, 0, payload_bytes(60 << 10));
	expect_oneway(client, 0, payload_bytes(8));
}

TEST("7.6", calls_may_use_what_oneways_may_not)
{
	scene();
	expect_oneway(client, 0, payload_bytes(ACTOR_MAP / 2));
	send_call(client, 0, 0, payload_bytes(ACTOR_MAP / 2));
	expect_read(manager, "NOOP TRANSACTION");
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.data_size, ACTOR_MAP / 2);
}

TEST("7.7", queued_oneways_die_with_their_node)
{
	struct actor *server;
	uint32_t handle;

	scene();
	server = looper_new();
	handle = fetch_from(client, server, 0x1000);
	for (int i = 0; i < 5; i++)
		expect_oneway(client, handle, NULL);
	expect_read(server, "NOOP TRANSACTION");
	process_ends(server);
	expect_nothing(client);
	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
}

TEST("7.7", queued_oneways_outlive_the_senders_reference)
{
	uint32_t back;

	scene();
	back = give_object(client, 0x1000);
	bc_call(manager, back, 1, TF_ONE_WAY, NULL);
	bc_call(manager, back, 2, TF_ONE_WAY, NULL);
	bc_u32(manager, BC_RELEASE, back);
	expect_write(manager);
	expect_read(client, "NOOP TRANSACTION");
	free_buffer(client);
	expect_read(client, "NOOP TRANSACTION");
	is(code_of(client), 2);
	free_buffer(client);
	expect_read(client, "NOOP RELEASE DECREFS");
}

TEST("7.7", queued_oneways_of_a_dead_sender_arrive)
{
	scene();
	oneway(1);
	oneway(2);
	process_ends(client);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_read(manager, "NOOP TRANSACTION");
	is(code_of(manager), 2);
}

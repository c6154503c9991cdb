/* SPDX-License-Identifier: MIT */
/* nodes.c: what an object's owner is told of those who hold it (section 10). */
#include "scene.h"

static struct payload *object(uint32_t type)
{
	return payload_object(local_object(type, 0x1000, 0x1001));
}

/* client sends its object; the handle, with the count in the manager's buffer alone. */
static uint32_t send_object(uint32_t type, const char *words)
{
	expect_call(client, 0, TF_ONE_WAY, object(type), words);
	expect_read(manager, "NOOP TRANSACTION");
	return object_of(manager, 0)->handle;
}

static uint32_t send_first(void)
{
	return send_object(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
}

static void acknowledge(void)
{
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	expect_write(client);
}

TEST("10.1", first_strong_export_tells_the_owner_before_the_completion)
{
	scene();
	send_first();
	is(client->news.node.ptr, 0x1000);
	is(client->news.node.cookie, 0x1001);
	free_buffer(manager);
	send_object(BINDER_TYPE_BINDER, "NOOP TRANSACTION_COMPLETE");
}

TEST("10.1", news_of_the_owner_do_not_wake_it)
{
	scene();
	send_call(client, 0, 0, object(BINDER_TYPE_BINDER));
	expect_nothing(client);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE REPLY");
}

TEST("10.1", weak_export_tells_of_the_weak_hold_alone)
{
	scene();
	send_object(BINDER_TYPE_WEAK_BINDER, "NOOP INCREFS TRANSACTION_COMPLETE");
}

TEST("10.1", strong_export_after_a_weak_one_tells_the_rest)
{
	scene();
	send_object(BINDER_TYPE_WEAK_BINDER, "NOOP INCREFS TRANSACTION_COMPLETE");
	free_buffer(manager);
	send_object(BINDER_TYPE_BINDER, "NOOP ACQUIRE TRANSACTION_COMPLETE");
}

TEST("10.2", hold_stays_until_it_is_acknowledged)
{
	scene();
	send_first();
	free_buffer(manager);
	expect_nothing(client);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP RELEASE");
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP DECREFS");
}

TEST("10.2", acknowledging_twice_changes_nothing)
{
	scene();
	send_first();
	acknowledge();
	acknowledge();
	expect_nothing(client);
	free_buffer(manager);
	expect_read(client, "NOOP RELEASE DECREFS");
}

TEST("10.3", last_strong_hold_gone_releases)
{
	uint32_t handle;

	scene();
	handle = send_first();
	acknowledge();
	bc_u32(manager, BC_INCREFS, handle);
	bc_u64(manager, BC_FREE_BUFFER, buffer_of(manager));
	expect_write(manager);
	expect_read(client, "NOOP RELEASE");
	bc_u32(manager, BC_DECREFS, handle);
	expect_write(manager);
	expect_read(client, "NOOP DECREFS");
	expect_nothing(client);
}

TEST("10.3", last_hold_gone_is_told_to_any_thread)
{
	struct actor *other;

	scene();
	other = thread_new(client);
	send_first();
	acknowledge();
	expect_waits(other);
	free_buffer(manager);
	expect_return(other, "NOOP RELEASE DECREFS");
	is(other->news.node.ptr, 0x1000);
	is(other->news.node.cookie, 0x1001);
}

TEST("10.3", forgotten_object_may_come_back_with_another_cookie)
{
	scene();
	send_first();
	acknowledge();
	free_buffer(manager);
	expect_read(client, "NOOP RELEASE DECREFS");
	expect_call(client, 0, TF_ONE_WAY,
		    payload_object(local_object(BINDER_TYPE_BINDER, 0x1000, 0x7777)),
		    "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
}

TEST("10.4", what_reverts_before_it_is_read_is_not_told)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, object(BINDER_TYPE_BINDER));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(client);
}

TEST("10.4", release_that_reverts_is_not_told)
{
	scene();
	send_first();
	acknowledge();
	free_buffer(manager); /* release and decrefs on their way */
	bc_call(client, 0, 1, TF_ONE_WAY, object(BINDER_TYPE_BINDER)); /* and held again */
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(client);
}

TEST("10.4", news_taken_by_another_thread_leave_the_first_idle)
{
	struct actor *other;

	scene();
	other = thread_new(client);
	bc_call(client, 0, 1, TF_ONE_WAY, object(BINDER_TYPE_WEAK_BINDER));
	expect_write(client);
	bc_call(other, 0, 1, TF_ONE_WAY, object(BINDER_TYPE_BINDER));
	expect_write(other);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(client);
	expect_read(other, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
}

TEST("10.6", call_holds_its_target_until_its_buffer_is_freed)
{
	uint32_t handle;
	uint64_t buffer;

	scene();
	handle = send_first();
	buffer = buffer_of(manager);
	acknowledge();
	expect_oneway(manager, handle, NULL);
	free_at(manager, buffer);
	expect_read(client, "NOOP TRANSACTION");
	expect_nothing(client);
	free_buffer(client);
	expect_read(client, "NOOP RELEASE DECREFS");
}

TEST("10.9", object_at_address_0_is_legal)
{
	uint32_t handle;

	scene();
	expect_call(client, 0, TF_ONE_WAY, payload_object(local_object(BINDER_TYPE_BINDER, 0, 0)),
		    "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_of(manager, 0)->handle;
	expect_oneway(manager, handle, NULL);
	expect_read(client, "NOOP TRANSACTION");
	is(client->news.tr.target.ptr, 0);
}

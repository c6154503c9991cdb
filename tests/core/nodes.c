/* SPDX-License-Identifier: MIT */
/*
 * nodes.c: what an object's owner is told of those who hold it (section 10).
 */
#include "suites.h"

/* client sends its object; returns the handle, with the count in the manager's buffer alone. */
static u32 export(u32 type, const char *words)
{
	struct flat_binder_object object = local_object(type, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	expect_call(client, 0, TF_ONE_WAY, &payload, words);
	expect_read(manager, "NOOP TRANSACTION");
	return object_read(manager, 0)->handle;
}

START_TEST(first_strong_export_tells_the_owner_before_the_completion)
{
	export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	ck_assert_uint_eq(client->node.ptr, 0x1000);
	ck_assert_uint_eq(client->node.cookie, 0x1001);
	free_buffer(manager);
	export(BINDER_TYPE_BINDER, "NOOP TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(news_of_the_owner_do_not_wake_it)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	bc_call(client, 0, 1, 0, &payload);
	expect_write(client);
	ck_assert_int_eq(ioctl_nonblock(client), -EAGAIN);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(weak_export_tells_of_the_weak_hold_alone)
{
	export(BINDER_TYPE_WEAK_BINDER, "NOOP INCREFS TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(strong_export_after_a_weak_one_tells_the_rest)
{
	export(BINDER_TYPE_WEAK_BINDER, "NOOP INCREFS TRANSACTION_COMPLETE");
	free_buffer(manager);
	export(BINDER_TYPE_BINDER, "NOOP ACQUIRE TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(last_strong_hold_gone_releases)
{
	u32 handle = export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");

	acknowledge(client, 0x1000);
	bc_u32(manager, BC_INCREFS, handle);
	bc_u64(manager, BC_FREE_BUFFER, buffer_of(manager));
	expect_write(manager);
	expect_read(client, "NOOP RELEASE");
	bc_u32(manager, BC_DECREFS, handle);
	expect_write(manager);
	expect_read(client, "NOOP DECREFS");
	ck_assert_uint_eq(world_counts(world).nodes, 1);
}
END_TEST

START_TEST(last_hold_gone_releases_and_decrefs_in_one_read)
{
	struct thread *other = thread_new(client->process, 202);

	export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	acknowledge(client, 0x1000);
	free_buffer(manager);
	expect_read(other, "NOOP RELEASE DECREFS"); /* any thread of the owner */
	ck_assert_uint_eq(world_counts(world).nodes, 1);
}
END_TEST

START_TEST(hold_stays_until_it_is_acknowledged)
{
	export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	free_buffer(manager);
	expect_nothing(client);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP RELEASE");
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP DECREFS");
}
END_TEST

START_TEST(acknowledging_twice_or_wrongly_changes_nothing)
{
	export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0xbad);
	bc_node(client, BC_ACQUIRE_DONE, 0xbad, 0x1001);
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0xbad);
	expect_write(client);
	free_buffer(manager);
	expect_nothing(client); /* it is still held */
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP RELEASE");
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP DECREFS");
}
END_TEST

START_TEST(what_reverts_before_it_is_read_is_not_told)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(world_counts(world).nodes, 1);
}
END_TEST

START_TEST(release_that_reverts_is_not_told)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	acknowledge(client, 0x1000);
	free_buffer(manager);                        /* release and decrefs on their way */
	bc_call(client, 0, 1, TF_ONE_WAY, &payload); /* and held again */
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(client);
}
END_TEST

START_TEST(manager_is_never_told)
{
	bc_u32(client, BC_INCREFS, 0);
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_RELEASE, 0);
	bc_u32(client, BC_DECREFS, 0);
	expect_write(client);
	round_trip(client, 0, manager);
	expect_nothing(manager);
}
END_TEST

START_TEST(call_holds_its_target_until_its_buffer_is_freed)
{
	u32 handle = export(BINDER_TYPE_BINDER, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	u64 buffer = buffer_of(manager);

	acknowledge(client, 0x1000);
	expect_call(manager, handle, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	free_at(manager, buffer);
	expect_read(client, "NOOP TRANSACTION");
	expect_nothing(client);
	free_buffer(client);
	expect_read(client, "NOOP RELEASE DECREFS");
}
END_TEST

START_TEST(object_at_address_0_is_legal)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0, 0);
	struct payload payload = object_payload(&object);
	u32 handle;

	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_read(manager, 0)->handle;
	expect_call(manager, handle, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(client, "NOOP TRANSACTION");
	ck_assert_uint_eq(client->tr.target.ptr, 0);
}
END_TEST

START_TEST(news_taken_from_a_thread_leave_it_idle)
{
	struct thread *other = thread_new(client->process, 202);
	struct flat_binder_object weak = local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001);
	struct flat_binder_object strong = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&weak), again = object_payload(&strong);

	/* [node, complete] for one thread; the other exports again and takes the node's news. */
	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	bc_call(other, 0, 1, TF_ONE_WAY, &again);
	expect_write(other);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(client);
	expect_read(other, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(news_of_a_thread_that_ends_go_to_another)
{
	struct thread *other = thread_new(client->process, 202);
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	bc_call(other, 0, 1, TF_ONE_WAY, &payload);
	expect_write(other);
	expect_read(client, "");
	thread_exit(other);
	ck_assert_uint_eq(client->home->wakes, 1);
	expect_read(client, "NOOP INCREFS ACQUIRE");
}
END_TEST

SCENE_SUITE(nodes, first_strong_export_tells_the_owner_before_the_completion,
	    news_of_the_owner_do_not_wake_it, weak_export_tells_of_the_weak_hold_alone,
	    strong_export_after_a_weak_one_tells_the_rest, last_strong_hold_gone_releases,
	    last_hold_gone_releases_and_decrefs_in_one_read, hold_stays_until_it_is_acknowledged,
	    acknowledging_twice_or_wrongly_changes_nothing,
	    what_reverts_before_it_is_read_is_not_told, release_that_reverts_is_not_told,
	    manager_is_never_told, call_holds_its_target_until_its_buffer_is_freed,
	    object_at_address_0_is_legal, news_taken_from_a_thread_leave_it_idle,
	    news_of_a_thread_that_ends_go_to_another)

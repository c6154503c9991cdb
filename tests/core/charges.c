/* SPDX-License-Identifier: MIT */
/*
 * charges.c: what a client can have many of is charged to an account, and given
 * back however it ends (that nothing stays charged, world_free() checks for
 * every test of the core).
 */
#include "suites.h"

static u64 used(void)
{
	return world->account.used;
}

/* Nobody may have more than this. */
static void leave(u64 bytes)
{
	world->account.limit = used() + bytes;
}

START_TEST(call_over_the_limit_fails)
{
	u64 before = used();

	leave(8);
	expect_call(client, 0, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EDQUOT);
	ck_assert_uint_eq(used(), before);
	leave(1 << 20);
	round_trip(client, 0, manager);
	ck_assert_uint_eq(used(), before);
}
END_TEST

/* As much room as a call takes, and none for what lies in it. */
START_TEST(object_over_the_limit_fails_the_call)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);
	u64 before = used();

	leave(1500);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	ck_assert_uint_eq(used(), before);
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EDQUOT);
	ck_assert_uint_eq(used(), before);
	ck_assert_uint_eq(world_counts(world).nodes, 1);
}
END_TEST

START_TEST(node_and_reference_are_charged_while_they_last)
{
	u64 before = used();
	u64 buffer;
	u32 handle = give_object(client, manager, 0x1000, &buffer);

	free_at(manager, buffer);
	ck_assert_uint_gt(used(), before);
	bc_u32(manager, BC_RELEASE, handle);
	expect_write(manager);
	process_close(client->process);
	/* The table of handles stays as long as it was, until its process ends. */
	ck_assert_uint_lt(used(), before + 8192);
}
END_TEST

/* Whoever holds on to it pays for the hold; its owner is not there any more. */
START_TEST(dead_object_costs_its_owner_nothing)
{
	u64 alive;

	give_object(client, manager, 0x1000, NULL);
	alive = used();
	process_close(client->process);
	ck_assert_uint_eq(world_counts(world).nodes, 2);
	ck_assert_uint_lt(used(), alive);
}
END_TEST

/* Sends and never reads. */
START_TEST(unread_completions_are_charged)
{
	u64 before = used();

	leave(64 << 10);
	for (int i = 0; i < 1000; i++) {
		bc_call(client, 0, 1, TF_ONE_WAY, NULL);
		ck_assert_int_eq(ioctl_write(client), 0);
		if (used() == before || world_counts(world).transactions < (u32)i + 1)
			break;
	}
	expect_error(client, BR_FAILED_REPLY, -EDQUOT);
	ck_assert_uint_le(used(), before + (64 << 10));
}
END_TEST

static void ask_and_clear(u32 handle, u64 cookie)
{
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, cookie);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, cookie);
}

/* Asks, clears, and never reads that it was cleared. */
START_TEST(unread_confirmations_are_charged)
{
	u64 before = used();
	int r = 0;

	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	leave(64 << 10);
	for (int i = 0; i < 1000 && r == 0; i++) {
		ask_and_clear(0, (u64)i);
		r = ioctl_write(client);
	}
	ck_assert_int_eq(r, -EDQUOT);
	ck_assert_uint_le(used(), before + (128 << 10));
}
END_TEST

/* As in the kernel, which logs that there is no memory: the commands behind it are carried out. */
static void hold_over_the_limit(u32 command)
{
	struct thread *thread = thread_new(client->process, 203);

	leave(8);
	bc_u32(thread, command, 0);
	bc(thread, BC_ENTER_LOOPER);
	expect_write(thread);
	ck_assert_uint_eq(world_counts(world).refs, 0);
	ck_assert(binder_thread_is_looper(thread->thread));
	leave(1 << 20);
	bc_u32(thread, command, 0);
	expect_write(thread);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}

START_TEST(acquire_of_the_manager_over_the_limit_is_passed_over)
{
	hold_over_the_limit(BC_ACQUIRE);
}
END_TEST

START_TEST(increfs_of_the_manager_over_the_limit_is_passed_over)
{
	hold_over_the_limit(BC_INCREFS);
}
END_TEST

/* One that there is already takes no memory. */
START_TEST(held_manager_is_counted_without_memory)
{
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	leave(8);
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_RELEASE, 0);
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).refs, 1);
	bc_u32(client, BC_RELEASE, 0);
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).refs, 0);
}
END_TEST

SCENE_SUITE(charges, call_over_the_limit_fails, object_over_the_limit_fails_the_call,
	    node_and_reference_are_charged_while_they_last, dead_object_costs_its_owner_nothing,
	    unread_completions_are_charged, unread_confirmations_are_charged,
	    acquire_of_the_manager_over_the_limit_is_passed_over,
	    increfs_of_the_manager_over_the_limit_is_passed_over,
	    held_manager_is_counted_without_memory)

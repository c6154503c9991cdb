/* SPDX-License-Identifier: MIT */
/*
 * refs.c: handles: their numbers, their counts, and how long they last
 * (9.6, 9.7, 10.7, 10.8).
 */
#include "suites.h"

#include "internal.h"

START_TEST(lowest_free_number_is_given)
{
	u32 handle[3];
	int i;

	for (i = 0; i < 3; i++) {
		handle[i] = give_object(client, manager, 0x1000 + 16 * (u64)i, NULL);
		ck_assert_uint_eq(handle[i], i + 1);
	}
	bc_u32(manager, BC_RELEASE, 2);
	expect_write(manager);
	ck_assert_uint_eq(give_object(client, manager, 0x9000, NULL), 2);
	ck_assert_uint_eq(give_object(client, manager, 0xa000, NULL), 4);
}
END_TEST

START_TEST(numbers_go_on_over_a_thousand)
{
	u32 i;

	for (i = 1; i <= 1200; i++)
		ck_assert_uint_eq(give_object(client, manager, 0x1000 + 16 * (u64)i, NULL), i);
	bc_u32(manager, BC_RELEASE, 1100);
	bc_u32(manager, BC_RELEASE, 511);
	bc_u32(manager, BC_RELEASE, 512);
	expect_write(manager);
	ck_assert_uint_eq(give_object(client, manager, 0x100, NULL), 511);
	ck_assert_uint_eq(give_object(client, manager, 0x200, NULL), 512);
	ck_assert_uint_eq(give_object(client, manager, 0x300, NULL), 1100);
	ck_assert_uint_eq(give_object(client, manager, 0x400, NULL), 1201);
}
END_TEST

START_TEST(room_for_numbers_goes_with_them)
{
	u64 before = world->account.used, most;
	u32 i;

	for (i = 1; i <= 2000; i++)
		give_object(client, manager, 0x1000 + 16 * (u64)i, NULL);
	most = world->account.used;
	for (i = 1; i <= 2000; i++) {
		bc_u32(manager, BC_RELEASE, i);
		expect_write(manager);
	}
	for (i = 0; i < 2000 && world_counts(world).nodes > 1; i++)
		ioctl_nonblock(client);
	ck_assert_uint_lt(world->account.used, before + (most - before) / 4);
	ck_assert_uint_eq(give_object(client, manager, 0x9000, NULL), 1);
}
END_TEST

/* From the highest count back to 0, the node would be held once too often for good. */
START_TEST(count_does_not_wrap)
{
	u32 handle = give_object(client, manager, 0x1000, NULL);
	struct binder_ref *ref = binder_ref_by_handle(manager->process->proc, handle, true);
	u32 strong = ref->strong;

	ref->strong = U32_MAX;
	bc_u32(manager, BC_ACQUIRE, handle);
	expect_write(manager);
	ck_assert_uint_eq(ref->strong, U32_MAX);
	ref->strong = strong;
}
END_TEST

START_TEST(number_0_is_the_managers_alone)
{
	struct thread *server = looper_new(world, 302);

	ck_assert_uint_eq(fetch_from(client, server, 0x1000), 1);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).refs, 3);
	ck_assert_uint_eq(fetch_from(client, server, 0x2000), 2);
}
END_TEST

START_TEST(stale_0_makes_the_next_manager_another_number)
{
	struct thread *next;

	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	process_close(manager->process);
	next = manager_new(world, 110);
	bc_u32(client, BC_ACQUIRE, 0); /* silently another number: 1 */
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).refs, 2);
	bc_call(client, 0, 1, TF_ONE_WAY, NULL); /* 0 as a target is always the manager */
	bc_call(client, 1, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(next, "NOOP TRANSACTION");
	ck_assert_uint_eq(next->tr.code, 1);
	free_buffer(next);
	expect_read(next, "NOOP TRANSACTION");
	ck_assert_uint_eq(next->tr.code, 2);
}
END_TEST

START_TEST(same_object_keeps_its_handle)
{
	ck_assert_uint_eq(give_object(client, manager, 0x1000, NULL), 1);
	ck_assert_uint_eq(give_object(client, manager, 0x1000, NULL), 1);
	ck_assert_uint_eq(world_counts(world).refs, 1);
	bc_u32(manager, BC_RELEASE, 1);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).refs, 1);
	bc_u32(manager, BC_RELEASE, 1);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).refs, 0);
}
END_TEST

START_TEST(weak_handle_cannot_be_made_strong)
{
	u32 weak = fetch(client, local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001));

	bc_u32(client, BC_ACQUIRE, weak);
	expect_write(client);
	expect_call(client, weak, 0, NULL, "NOOP FAILED_REPLY");
	bc_u32(client, BC_RELEASE, weak); /* no strong count to give back either */
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

START_TEST(weak_count_keeps_a_handle_that_cannot_be_called)
{
	u32 handle = give_object(client, manager, 0x1000, NULL);

	bc_u32(manager, BC_INCREFS, handle);
	bc_u32(manager, BC_RELEASE, handle);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).refs, 1);
	expect_call(manager, handle, TF_ONE_WAY, NULL, "NOOP FAILED_REPLY");
	bc_u32(manager, BC_DECREFS, handle);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).refs, 0);
}
END_TEST

START_TEST(handle_dies_with_its_last_count_even_under_a_buffer)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x2000, 0x2001);
	struct payload payload = object_payload(&object);
	u64 buffer;
	u32 handle = give_object(client, manager, 0x1000, &buffer);

	/* The one count is the buffer's; the holder gives it back as if it were its own. */
	bc_u32(manager, BC_RELEASE, handle);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).refs, 0);
	/* The number goes to another object, which the buffer must not touch. */
	bc_call(client, 0, 1, 0, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->handle, handle);
	free_at(manager, buffer);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

START_TEST(dead_node_lasts_as_long_as_its_references)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	process_close(server->process);
	ck_assert_uint_eq(world_counts(world).nodes, 2);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).nodes, 2); /* the manager has one as well */
	bc_u32(manager, BC_RELEASE, 1);
	expect_write(manager);
	ck_assert_uint_eq(world_counts(world).nodes, 1);
}
END_TEST

START_TEST(holder_that_dies_gives_everything_back)
{
	give_object(client, manager, 0x1000, NULL);
	give_object(client, manager, 0x2000, NULL);
	process_close(manager->process);
	expect_read(client, "NOOP RELEASE DECREFS RELEASE DECREFS");
	ck_assert_uint_eq(world_counts(world).nodes, 0);
}
END_TEST

SCENE_SUITE(refs, count_does_not_wrap, lowest_free_number_is_given, numbers_go_on_over_a_thousand,
	    room_for_numbers_goes_with_them, number_0_is_the_managers_alone,
	    stale_0_makes_the_next_manager_another_number, same_object_keeps_its_handle,
	    weak_handle_cannot_be_made_strong, weak_count_keeps_a_handle_that_cannot_be_called,
	    handle_dies_with_its_last_count_even_under_a_buffer,
	    dead_node_lasts_as_long_as_its_references, holder_that_dies_gives_everything_back)

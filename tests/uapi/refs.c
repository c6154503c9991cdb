/* SPDX-License-Identifier: MIT */
/* refs.c: handles: their numbers, their counts, and how long they last (9.6, 9.7, 10.7, 10.8). */
#include "scene.h"

/* How many hold the object strongly, if the manager is one of them; -EINVAL: it is not. */
static long strong_count(uint32_t handle)
{
	struct binder_node_info_for_ref *info = arena_alloc(sizeof(*info));
	long r;

	info->handle = handle;
	r = actor_ioctl(manager, BINDER_GET_NODE_INFO_FOR_REF, info);
	return r < 0 ? r : (long)info->strong_count;
}

static void release(struct actor *actor, uint32_t handle)
{
	bc_u32(actor, BC_RELEASE, handle);
	expect_write(actor);
}

TEST("9.6", lowest_free_number_is_given)
{
	scene();
	for (uint32_t i = 1; i <= 3; i++)
		is(give_object(client, 0x1000 * i), i);
	release(manager, 2);
	is(give_object(client, 0x9000), 2);
	is(give_object(client, 0xa000), 4);
}

TEST("9.6", numbers_go_on_over_a_hundred)
{
	static const uint32_t freed[] = { 63, 64, 65, 129 };

	scene();
	for (uint32_t i = 1; i <= 150; i++)
		is(give_object(client, 0x1000 * i), i);
	for (size_t i = ARRAY_SIZE(freed); i-- > 0;)
		release(manager, freed[i]);
	for (size_t i = 0; i < ARRAY_SIZE(freed); i++)
		is(give_object(client, 0x100000 + 0x1000 * i), freed[i]);
	is(give_object(client, 0x200000), 151);
}

TEST("9.6", number_0_is_the_managers_alone)
{
	struct actor *server;

	scene();
	server = looper_new();
	is(fetch_from(client, server, 0x1000), 1);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	is(fetch_from(client, server, 0x2000), 2);
}

TEST("9.6", stale_0_makes_the_next_manager_another_number)
{
	struct actor *next;

	scene();
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	process_ends(manager);
	next = manager_new(NULL);
	bc_u32(client, BC_ACQUIRE, 0); /* silently another number: 1 */
	expect_write(client);
	bc_call(client, 0, 1, TF_ONE_WAY, NULL); /* 0 as a target is always the manager */
	bc_call(client, 1, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_read(next, "NOOP TRANSACTION");
	is(code_of(next), 1);
	free_buffer(next);
	expect_read(next, "NOOP TRANSACTION");
	is(code_of(next), 2);
}

TEST("9.7", same_object_keeps_its_handle)
{
	scene();
	is(give_object(client, 0x1000), 1);
	is(give_object(client, 0x1000), 1);
	release(manager, 1);
	is(strong_count(1), 1);
	release(manager, 1);
	is(strong_count(1), -EINVAL);
}

TEST("10.7", weak_handle_cannot_be_made_strong)
{
	uint32_t weak;

	scene();
	weak = fetch(client, local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001));
	bc_u32(client, BC_ACQUIRE, weak);
	expect_write(client);
	expect_call(client, weak, 0, NULL, "NOOP FAILED_REPLY");
	release(client, weak); /* no strong count to give back either */
	expect_oneway(client, 0, payload_object(handle_object(BINDER_TYPE_WEAK_HANDLE, weak)));
}

TEST("10.8", weak_count_keeps_a_handle_that_cannot_be_called)
{
	uint32_t handle;

	scene();
	handle = give_object(client, 0x1000);
	bc_u32(manager, BC_INCREFS, handle);
	release(manager, handle);
	expect_read(client, "NOOP RELEASE");
	expect_call(manager, handle, TF_ONE_WAY, NULL, "NOOP FAILED_REPLY");
	is(give_object(looper_new(), 0x1000), 2); /* the number is taken */
	bc_u32(manager, BC_DECREFS, handle);
	expect_write(manager);
	expect_read(client, "NOOP DECREFS");
	is(give_object(looper_new(), 0x1000), 1);
}

TEST("10.8", dead_node_lasts_as_long_as_its_references)
{
	struct actor *server;
	uint32_t handle;

	scene();
	server = looper_new();
	handle = give_object(server, 0x1000);
	process_ends(server);
	is(strong_count(handle), 1);
	is(give_object(client, 0x1000), handle + 1);
	release(manager, handle);
	is(give_object(client, 0x2000), handle);
}

TEST("10.8", handle_dies_with_its_last_count_even_under_a_buffer)
{
	uint32_t handle;

	scene();
	bc_call(client, 0, 1, TF_ONE_WAY,
		payload_object(local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001)));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_of(manager, 0)->handle;
	/* The one count is the buffer's; the holder gives it back as if it were its own. */
	release(manager, handle);
	is(strong_count(handle), -EINVAL);
}

TEST("13.5", holder_that_dies_gives_everything_back)
{
	scene();
	give_object(client, 0x1000);
	give_object(client, 0x2000);
	process_ends(manager);
	expect_read(client, "NOOP RELEASE DECREFS RELEASE DECREFS");
}

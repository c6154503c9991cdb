/* SPDX-License-Identifier: MIT */
/* scene.c: the usual cast of a test, and what it usually does; see scene.h. */
#include "scene.h"

struct world *world;
struct thread *manager, *client;

static void set_up(void)
{
	world = world_new();
	manager = manager_new(world, 100);
	client = looper_new(world, 201);
}

static void tear_down(void)
{
	world_free(world);
}

Suite *scene_suite(const char *name, const TTest **tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	size_t i;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	for (i = 0; i < count; i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return suite;
}

void reply_with(struct thread *callee, u32 flags, const struct payload *payload)
{
	bc_reply(callee, flags, payload);
	ck_assert_int_eq(ioctl_write(callee), 0);
	expect_read(callee, "NOOP TRANSACTION_COMPLETE");
}

void round_trip(struct thread *caller, u32 handle, struct thread *callee)
{
	bc_call(caller, handle, 1, 0, NULL);
	expect_write(caller);
	expect_read(callee, "NOOP TRANSACTION");
	free_buffer(callee);
	reply_with(callee, 0, NULL);
	expect_read(caller, "NOOP TRANSACTION_COMPLETE REPLY");
	free_buffer(caller);
}

u32 fetch(struct thread *from, struct flat_binder_object object)
{
	struct payload payload = object_payload(&object);
	const struct flat_binder_object *got;
	u32 handle;

	bc_call(from, 0, 1, 0, NULL);
	expect_write(from);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	bc_reply(manager, 0, &payload);
	expect_write(manager);
	ck_assert_int_eq(ioctl_read(manager), 0); /* perhaps INCREFS, ACQUIRE; COMPLETE */
	if (strstr(commands_read(manager), "INCREFS"))
		bc_node(manager, BC_INCREFS_DONE, object.binder, object.cookie);
	if (strstr(commands_read(manager), "ACQUIRE"))
		bc_node(manager, BC_ACQUIRE_DONE, object.binder, object.cookie);
	expect_write(manager);
	expect_read(from, "NOOP TRANSACTION_COMPLETE REPLY");
	got = object_read(from, 0);
	handle = got->handle;
	bc_u32(from, got->hdr.type == BINDER_TYPE_HANDLE ? BC_ACQUIRE : BC_INCREFS, handle);
	bc_u64(from, BC_FREE_BUFFER, from->tr.data.ptr.buffer);
	expect_write(from);
	return handle;
}

u32 fetch_from(struct thread *from, struct thread *owner, u64 ptr)
{
	return fetch(from,
		     handle_object(BINDER_TYPE_HANDLE, give_object(owner, manager, ptr, NULL)));
}

void acknowledge(struct thread *owner, u64 ptr)
{
	bc_node(owner, BC_INCREFS_DONE, ptr, ptr + 1);
	bc_node(owner, BC_ACQUIRE_DONE, ptr, ptr + 1);
	expect_write(owner);
}

struct payload bytes(size_t size)
{
	static u8 data[8 << 20];

	ck_assert_uint_le(size, sizeof(data));
	return (struct payload){ data, size, NULL, 0 };
}

u64 buffer_of(struct thread *thread)
{
	return thread->tr.data.ptr.buffer;
}

void free_at(struct thread *thread, u64 buffer)
{
	bc_u64(thread, BC_FREE_BUFFER, buffer);
	expect_write(thread);
}

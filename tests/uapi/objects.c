/* SPDX-License-Identifier: MIT */
/* objects.c: binders and handles inside of payloads, and what is wrong with offsets (9.1 to 9.7). */
#include "scene.h"

#define OBJECT sizeof(struct flat_binder_object)

static struct payload *two_objects(struct flat_binder_object a, struct flat_binder_object b)
{
	struct flat_binder_object both[] = { a, b };

	return payload_objects(both, 2);
}

static struct flat_binder_object binder(uint64_t ptr)
{
	return local_object(BINDER_TYPE_BINDER, ptr, ptr + 1);
}

static void check_refused(const struct payload *payload, int error)
{
	bc_call(client, 0, 1, 0, payload);
	is(do_write(client), 0);
	expect_read_(client, "NOOP FAILED_REPLY");
	expect_error_(client, BR_FAILED_REPLY, error);
}

#define expect_refused(payload, error) STEP(check_refused(payload, error))

static void put_offset(struct payload *payload, unsigned index, uint64_t offset)
{
	((uint64_t *)payload->offsets)[index] = offset;
}

TEST("9.1", offsets_size_must_be_a_multiple_of_8)
{
	struct payload *payload = payload_object(binder(1));

	scene();
	payload->offsets_size = 7;
	expect_refused(payload, -EINVAL);
	payload->offsets_size = 12;
	expect_refused(payload, -EINVAL);
}

TEST("9.1", unreadable_offsets_are_efault)
{
	struct payload *payload = payload_object(binder(1));

	scene();
	payload->offsets = BAD_ADDRESS;
	expect_refused(payload, -EFAULT);
}

TEST("9.2", unreadable_payload_is_efault)
{
	struct payload *payload = payload_bytes(24);

	scene();
	payload->data = BAD_ADDRESS;
	expect_refused(payload, -EFAULT);
}

TEST("9.2", unreadable_object_is_einval)
{
	struct payload *payload = payload_object(binder(1));

	scene();
	payload->data = BAD_ADDRESS;
	expect_refused(payload, -EINVAL);
}

TEST("9.2", object_must_lie_aligned_inside_of_the_data)
{
	static const uint64_t bad[] = { 1, 2, 3, 6, 88, 92 };
	struct payload *payload = payload_bytes(92);

	scene();
	payload->offsets = (uintptr_t)arena_alloc(8);
	payload->offsets_size = 8;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		put_offset(payload, 0, bad[i]);
		expect_refused(payload, -EINVAL);
	}
}

TEST("9.2", object_behind_the_data_is_efault)
{
	static const uint64_t bad[] = { 96, 100, 1ull << 32, ~0ull - 3, ~0ull };
	struct payload *payload = payload_bytes(92);

	scene();
	payload->offsets = (uintptr_t)arena_alloc(8);
	payload->offsets_size = 8;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		put_offset(payload, 0, bad[i]);
		expect_refused(payload, -EFAULT);
	}
}

TEST("9.2", object_may_lie_at_a_multiple_of_4)
{
	struct payload *payload = payload_new();
	struct flat_binder_object object = binder(0x1000);

	scene();
	payload->size = 4;
	payload_add(payload, &object, sizeof(object));
	expect_call(client, 0, TF_ONE_WAY, payload, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	is(object_of(manager, 0)->hdr.type, BINDER_TYPE_HANDLE);
}

TEST("9.2", object_cut_short_is_refused)
{
	struct payload *payload = payload_object(binder(1));

	scene();
	for (payload->size = 0; payload->size < OBJECT; payload->size += 4)
		expect_refused(payload, -EINVAL);
}

TEST("9.2", unknown_type_is_refused)
{
	scene();
	expect_refused(payload_object(local_object(0x12345678, 1, 2)), -EINVAL);
	expect_refused(payload_object(local_object(0, 1, 2)), -EINVAL);
}

TEST("9.2", overlapping_or_backward_objects_are_efault)
{
	static const uint64_t bad[][2] = { { 0, 0 }, { 0, 8 }, { 24, 0 } };
	struct payload *payload = two_objects(binder(1), binder(3));

	scene();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		put_offset(payload, 0, bad[i][0]);
		put_offset(payload, 1, bad[i][1]);
		expect_refused(payload, -EFAULT);
	}
}

TEST("9.2", more_offsets_than_objects_fit_are_refused)
{
	struct payload *payload = two_objects(binder(1), binder(3));

	scene();
	payload->offsets = (uintptr_t)arena_alloc(4096 * 8);
	payload->offsets_size = 4096 * 8;
	for (unsigned i = 0; i < 4096; i++)
		put_offset(payload, i, i * OBJECT);
	expect_refused(payload, -EINVAL);
}

TEST("9.2", data_between_objects_is_copied)
{
	struct payload *payload = payload_new();
	struct flat_binder_object object = binder(0x1000);
	const uint64_t *offset;

	scene();
	memcpy((char *)payload->data, "before", 7);
	payload_add(payload, &object, sizeof(object));
	memcpy((char *)payload->data + 32, "after", 6);
	payload->size = 40;
	bc_call(client, 0, 1, TF_ONE_WAY, payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	is_text(text_of(manager), "before");
	is_text(text_of(manager) + 32, "after");
	offset = actor_peek(manager, manager->news.tr.data.ptr.offsets, 8);
	is(*offset, 8);
	is(manager->news.tr.data.ptr.offsets, buffer_of(manager) + 40);
}

TEST("9.3", failure_undoes_the_objects_before_it)
{
	scene();
	expect_refused(two_objects(binder(0x1000), handle_object(BINDER_TYPE_HANDLE, 77)), -EINVAL);
	expect_nothing(client);
	/* The number was given back. */
	is(give_object(client, 0x2000), 1);
}

TEST("9.3", failure_keeps_what_was_there_before)
{
	uint32_t handle;

	scene();
	handle = give_object(client, 0x1000);
	expect_refused(two_objects(binder(0x1000), local_object(BINDER_TYPE_BINDER, 0x1000, 0xbad)),
		       -EINVAL);
	expect_oneway(manager, handle, NULL);
	expect_read(client, "NOOP TRANSACTION");
}

TEST("9.3", hundreds_of_objects_are_translated_or_all_undone)
{
	struct flat_binder_object objects[300];

	scene();
	for (unsigned i = 0; i < 300; i++)
		objects[i] = binder(0x1000 + 16 * i);
	objects[299] = handle_object(BINDER_TYPE_HANDLE, 77);
	expect_refused(payload_objects(objects, 300), -EINVAL);
	objects[299] = objects[0];
	bc_call(client, 0, 1, TF_ONE_WAY, payload_objects(objects, 300));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	is(object_of(manager, 0)->handle, 1);
	is(object_of(manager, 298)->handle, 299);
	is(object_of(manager, 299)->handle, 1);
	free_buffer(manager);
	is(give_object(looper_new(), 0x1000), 1);
}

TEST("9.4", binder_becomes_a_handle)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x123456789a, 0x77);

	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, payload_object(object));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	is(object_of(manager, 0)->hdr.type, BINDER_TYPE_HANDLE);
	is(object_of(manager, 0)->binder, 1); /* the upper half is zero */
	is(object_of(manager, 0)->cookie, 0);
	is(object_of(manager, 0)->flags, object.flags);
}

TEST("9.4", weak_binder_becomes_a_weak_handle)
{
	scene();
	expect_call(client, 0, TF_ONE_WAY,
		    payload_object(local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001)),
		    "NOOP INCREFS TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	is(object_of(manager, 0)->hdr.type, BINDER_TYPE_WEAK_HANDLE);
	is(object_of(manager, 0)->handle, 1);
}

TEST("9.4", wrong_cookie_is_refused)
{
	scene();
	give_object(client, 0x1000);
	expect_refused(payload_object(local_object(BINDER_TYPE_BINDER, 0x1000, 0xbad)), -EINVAL);
}

TEST("9.4", flags_are_fixed_by_the_first_export)
{
	struct flat_binder_object object = binder(0x1000);
	uint32_t handle;

	scene();
	object.flags = 0; /* no descriptors */
	bc_call(client, 0, 1, TF_ONE_WAY, payload_object(object));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_of(manager, 0)->handle;
	object.flags = FLAT_BINDER_FLAG_ACCEPTS_FDS;
	bc_call(client, 0, 1, TF_ONE_WAY, payload_object(object));
	expect_write(client);
	expect_call(manager, handle, TF_ONE_WAY, payload_object(file_object(0)),
		    "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPERM);
}

TEST("9.5", handle_comes_home_as_a_binder)
{
	uint32_t handle;

	scene();
	handle = give_object(client, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0,
		   two_objects(handle_object(BINDER_TYPE_HANDLE, handle),
			       handle_object(BINDER_TYPE_WEAK_HANDLE, handle)));
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(object_of(client, 0)->hdr.type, BINDER_TYPE_BINDER);
	is(object_of(client, 0)->binder, 0x1000);
	is(object_of(client, 0)->cookie, 0x1001);
	is(object_of(client, 1)->hdr.type, BINDER_TYPE_WEAK_BINDER);
	is(object_of(client, 1)->binder, 0x1000);
}

TEST("9.5", handle_is_passed_on_with_a_number_of_its_own)
{
	struct actor *server;
	uint32_t second;

	scene();
	server = looper_new();
	is(give_object(server, 0x1000), 1);
	is(give_object(server, 0x2000), 2);
	second = fetch(client, handle_object(BINDER_TYPE_HANDLE, 2));
	is(second, 1);
	send_call(client, second, 0, NULL);
	expect_read(server, "NOOP TRANSACTION");
	is(server->news.tr.target.ptr, 0x2000);
}

TEST("9.5", strong_handle_object_needs_a_strong_reference)
{
	uint32_t weak;

	scene();
	weak = fetch(client, local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001));
	expect_refused(payload_object(handle_object(BINDER_TYPE_HANDLE, weak)), -EINVAL);
	expect_refused(payload_object(handle_object(BINDER_TYPE_HANDLE, 77)), -EINVAL);
	expect_refused(payload_object(handle_object(BINDER_TYPE_WEAK_HANDLE, 77)), -EINVAL);
	expect_oneway(client, 0, payload_object(handle_object(BINDER_TYPE_WEAK_HANDLE, weak)));
}

TEST("9.5", handle_0_is_an_object_only_when_held)
{
	struct payload *payload = payload_object(handle_object(BINDER_TYPE_HANDLE, 0));

	scene();
	expect_refused(payload, -EINVAL);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	expect_oneway(client, 0, payload);
	expect_read(manager, "NOOP TRANSACTION");
	is(object_of(manager, 0)->hdr.type, BINDER_TYPE_BINDER);
	is(object_of(manager, 0)->binder, 0);
}

TEST("9.5", handle_to_a_dead_object_is_passed_on)
{
	struct actor *server;
	uint32_t handle;

	scene();
	server = looper_new();
	handle = fetch_from(client, server, 0x1000);
	process_ends(server);
	expect_oneway(client, 0, payload_object(handle_object(BINDER_TYPE_WEAK_HANDLE, handle)));
	expect_oneway(client, 0, payload_object(handle_object(BINDER_TYPE_HANDLE, handle)));
	expect_read(manager, "NOOP TRANSACTION");
	is(object_of(manager, 0)->hdr.type, BINDER_TYPE_WEAK_HANDLE);
}

TEST("9.16", objects_are_let_go_with_the_buffer)
{
	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, payload_object(binder(0x1000)));
	expect_write(client);
	expect_read(client, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	expect_nothing(client);
	free_buffer(manager);
	expect_read(client, "NOOP RELEASE DECREFS");
}

TEST("9.16", object_in_a_buffer_at_home_is_held)
{
	uint32_t handle;

	scene();
	handle = give_object(client, 0x1000);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, payload_object(handle_object(BINDER_TYPE_HANDLE, handle)));
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	bc_u32(manager, BC_RELEASE, handle);
	expect_write(manager);
	expect_nothing(client);
	free_buffer(client);
	expect_read(client, "NOOP RELEASE DECREFS");
}

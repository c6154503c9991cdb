/* SPDX-License-Identifier: MIT */
/*
 * objects.c: binders and handles inside of payloads, and what is wrong with
 * offsets (9.1 to 9.7, 9.16).
 */
#include "suites.h"

/* Payloads with two objects. */
static struct two {
	struct flat_binder_object object[2];
} two;
static const u64 two_offsets[] = { 0, sizeof(struct flat_binder_object) };

static struct payload two_objects(struct flat_binder_object a, struct flat_binder_object b)
{
	two.object[0] = a;
	two.object[1] = b;
	return (struct payload){ &two, sizeof(two), two_offsets, sizeof(two_offsets) };
}

static void expect_refused(const struct payload *payload, s32 error)
{
	struct binder_counts before = world_counts(world), after;

	bc_call(client, 0, 1, 0, payload);
	ck_assert_int_eq(ioctl_write(client), 0);
	expect_read(client, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, error);
	after = world_counts(world);
	ck_assert_uint_eq(after.nodes, before.nodes);
	ck_assert_uint_eq(after.refs, before.refs);
	ck_assert_uint_eq(after.buffers, before.buffers);
	ck_assert_uint_eq(after.transactions, before.transactions);
}

START_TEST(offsets_size_must_be_a_multiple_of_8)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 1, 2);
	struct payload payload = object_payload(&object);

	payload.offsets_size = 7;
	expect_refused(&payload, -EINVAL);
}
END_TEST

START_TEST(unreadable_payload_is_efault)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 1, 2);
	struct payload payload = object_payload(&object);

	payload.offsets = (const u64 *)(uintptr_t)WORLD_BAD_ADDRESS;
	expect_refused(&payload, -EFAULT);
	payload = object_payload(&object);
	payload.data = (const void *)(uintptr_t)WORLD_BAD_ADDRESS;
	expect_refused(&payload, -EINVAL); /* no object is there */
	payload.offsets_size = 0;
	expect_refused(&payload, -EFAULT);
}
END_TEST

START_TEST(object_must_lie_aligned_inside_of_the_data)
{
	static struct {
		u32 pad;
		struct flat_binder_object object;
		u8 more[64];
	} data;
	static const u64 bad[] = { 1, 2, 3, 6, 88, 92 };
	static const u64 behind[] = { 97, 100, 104, ~0ull, ~0ull - 3, 1ull << 32 };
	struct flat_binder_object good = local_object(BINDER_TYPE_BINDER, 1, 2);
	struct payload payload = { &data, sizeof(data), NULL, 8 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t room = sizeof(data) - bad[i];

		/* Nothing is wrong with it but where it lies. */
		memset(&data, 0, sizeof(data));
		memcpy((u8 *)&data + bad[i], &good, room < sizeof(good) ? room : sizeof(good));
		payload.offsets = &bad[i];
		expect_refused(&payload, -EINVAL);
	}
	for (i = 0; i < ARRAY_SIZE(behind); i++) {
		payload.offsets = &behind[i];
		expect_refused(&payload, -EFAULT);
	}
}
END_TEST

START_TEST(object_cut_short_is_refused)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 1, 2);
	struct payload payload = object_payload(&object);

	for (payload.size = 0; payload.size < sizeof(object); payload.size++)
		expect_refused(&payload, -EINVAL);
}
END_TEST

START_TEST(unknown_type_is_refused)
{
	struct flat_binder_object object = local_object(0x12345678, 1, 2);
	struct payload payload = object_payload(&object);

	expect_refused(&payload, -EINVAL);
	object.hdr.type = 0;
	expect_refused(&payload, -EINVAL);
}
END_TEST

START_TEST(overlapping_or_backward_objects_are_efault)
{
	struct payload payload = two_objects(local_object(BINDER_TYPE_BINDER, 1, 2),
					     local_object(BINDER_TYPE_BINDER, 3, 4));
	const u64 same[] = { 0, 0 }, overlap[] = { 0, 8 }, backward[] = { 24, 0 };

	payload.offsets = same;
	expect_refused(&payload, -EFAULT);
	payload.offsets = overlap;
	expect_refused(&payload, -EFAULT);
	payload.offsets = backward;
	expect_refused(&payload, -EFAULT);
}
END_TEST

START_TEST(more_offsets_than_objects_fit_are_refused)
{
	static u64 offsets[4096];
	struct payload payload = two_objects(local_object(BINDER_TYPE_BINDER, 1, 2),
					     local_object(BINDER_TYPE_BINDER, 3, 4));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		offsets[i] = i * sizeof(struct flat_binder_object);
	payload.offsets = offsets;
	payload.offsets_size = sizeof(offsets);
	expect_refused(&payload, -EINVAL);
}
END_TEST

START_TEST(data_between_objects_is_copied)
{
	struct {
		char before[8];
		struct flat_binder_object object;
		char after[8];
	} data = { "before", local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001), "after" };
	u64 offset = 8;
	struct payload payload = { &data, sizeof(data), &offset, 8 };

	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_str_eq((char *)(uintptr_t)buffer_of(manager), "before");
	ck_assert_str_eq((char *)(uintptr_t)(buffer_of(manager) + 32), "after");
	ck_assert_uint_eq(*(u64 *)(uintptr_t)manager->tr.data.ptr.offsets, 8);
}
END_TEST

START_TEST(failure_undoes_the_objects_before_it)
{
	struct payload payload = two_objects(local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001),
					     handle_object(BINDER_TYPE_HANDLE, 77));

	expect_refused(&payload, -EINVAL);
	ck_assert_uint_eq(world_counts(world).nodes, 1); /* the manager's */
	expect_nothing(client);
}
END_TEST

START_TEST(failure_keeps_what_was_there_before)
{
	u32 handle = give_object(client, manager, 0x1000, NULL);
	struct payload payload = two_objects(local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001),
					     local_object(BINDER_TYPE_BINDER, 0x1000, 0xbad));

	expect_refused(&payload, -EINVAL);
	bc_call(manager, handle, 1, TF_ONE_WAY, NULL);
	expect_write(manager);
	expect_read(client, "NOOP TRANSACTION");
}
END_TEST

START_TEST(hundreds_of_objects_are_translated_or_all_undone)
{
	static struct flat_binder_object objects[300];
	static u64 offsets[300];
	struct payload payload = { objects, sizeof(objects), offsets, sizeof(offsets) };
	size_t i;

	for (i = 0; i < 300; i++) {
		objects[i] = local_object(BINDER_TYPE_BINDER, 0x1000 + 16 * i, 1);
		offsets[i] = i * sizeof(objects[0]);
	}
	objects[299] = handle_object(BINDER_TYPE_HANDLE, 77);
	expect_refused(&payload, -EINVAL);
	objects[299] = objects[0];
	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(world_counts(world).refs, 299);
	ck_assert_uint_eq(object_read(manager, 298)->handle, 299);
	ck_assert_uint_eq(object_read(manager, 299)->handle, 1);
	free_buffer(manager);
	ck_assert_uint_eq(world_counts(world).refs, 0);
	ck_assert_uint_eq(world_counts(world).nodes, 1); /* the owner was never told */
}
END_TEST

/* ---- translation -------------------------------------------------------------------- */

START_TEST(binder_becomes_a_handle)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x123456789a, 0x77);
	struct payload payload = object_payload(&object);

	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->hdr.type, BINDER_TYPE_HANDLE);
	ck_assert_uint_eq(object_read(manager, 0)->binder, 1); /* the upper half is zero */
	ck_assert_uint_eq(object_read(manager, 0)->cookie, 0);
	ck_assert_uint_eq(object_read(manager, 0)->flags, object.flags);
}
END_TEST

START_TEST(weak_binder_becomes_a_weak_handle)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP INCREFS TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->hdr.type, BINDER_TYPE_WEAK_HANDLE);
	ck_assert_uint_eq(object_read(manager, 0)->handle, 1);
}
END_TEST

START_TEST(handle_comes_home_as_a_binder)
{
	u32 handle = give_object(client, manager, 0x1000, NULL);
	struct payload payload = two_objects(handle_object(BINDER_TYPE_HANDLE, handle),
					     handle_object(BINDER_TYPE_WEAK_HANDLE, handle));

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_uint_eq(object_read(client, 0)->hdr.type, BINDER_TYPE_BINDER);
	ck_assert_uint_eq(object_read(client, 0)->binder, 0x1000);
	ck_assert_uint_eq(object_read(client, 0)->cookie, 0x1001);
	ck_assert_uint_eq(object_read(client, 1)->hdr.type, BINDER_TYPE_WEAK_BINDER);
	ck_assert_uint_eq(object_read(client, 1)->binder, 0x1000);
}
END_TEST

START_TEST(object_in_a_buffer_keeps_its_home_alive)
{
	u32 handle = give_object(client, manager, 0x1000, NULL);
	struct flat_binder_object object = handle_object(BINDER_TYPE_HANDLE, handle);
	struct payload payload = object_payload(&object);

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	bc_u32(manager, BC_RELEASE, handle);
	expect_write(manager);
	expect_nothing(client);
	free_buffer(client);
	expect_read(client, "NOOP RELEASE DECREFS");
}
END_TEST

START_TEST(handle_is_passed_on_with_a_number_of_its_own)
{
	struct thread *server = looper_new(world, 302);
	u32 first, second;

	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	first = give_object(server, manager, 0x1000, NULL);
	give_object(server, manager, 0x2000, NULL);
	second = fetch(client, handle_object(BINDER_TYPE_HANDLE, 2));
	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(second, 1);
	bc_call(client, second, 1, 0, NULL);
	expect_write(client);
	expect_read(server, "NOOP TRANSACTION");
	ck_assert_uint_eq(server->tr.target.ptr, 0x2000);
}
END_TEST

START_TEST(strong_handle_object_needs_a_strong_reference)
{
	u32 weak = fetch(client, local_object(BINDER_TYPE_WEAK_BINDER, 0x1000, 0x1001));
	struct flat_binder_object object = handle_object(BINDER_TYPE_HANDLE, weak);
	struct payload payload = object_payload(&object);

	expect_refused(&payload, -EINVAL);
	object.handle = 77;
	expect_refused(&payload, -EINVAL);
	object = handle_object(BINDER_TYPE_WEAK_HANDLE, 77);
	expect_refused(&payload, -EINVAL);
	object.handle = weak;
	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(weak_handle_to_a_dead_object_is_passed_on)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);
	struct flat_binder_object object = handle_object(BINDER_TYPE_WEAK_HANDLE, handle);
	struct payload payload = object_payload(&object);

	process_close(server->process);
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	object.hdr.type = BINDER_TYPE_HANDLE;
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP TRANSACTION_COMPLETE");
}
END_TEST

START_TEST(weak_hold_that_the_dead_owner_never_heard_of_is_refused)
{
	struct thread *server = looper_new(world, 302);
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	bc_call(server, 0, 1, TF_ONE_WAY, &payload);
	expect_write(server);
	process_close(server->process); /* which has not read BR_INCREFS */
	expect_read(manager, "NOOP TRANSACTION");
	bc_u32(manager, BC_INCREFS, 1);
	bc_u32(manager, BC_ACQUIRE, 1);
	bc_u32(manager, BC_DECREFS, 1);
	expect_write(manager);
	object = handle_object(BINDER_TYPE_WEAK_HANDLE, 1);
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

START_TEST(handle_0_is_an_object_only_when_held)
{
	struct flat_binder_object object = handle_object(BINDER_TYPE_HANDLE, 0);
	struct payload payload = object_payload(&object);

	expect_refused(&payload, -EINVAL);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->hdr.type, BINDER_TYPE_BINDER);
	ck_assert_uint_eq(object_read(manager, 0)->binder, 0);
}
END_TEST

START_TEST(wrong_cookie_is_refused)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0xbad);
	struct payload payload = object_payload(&object);

	give_object(client, manager, 0x1000, NULL);
	expect_refused(&payload, -EINVAL);
}
END_TEST

START_TEST(flags_are_fixed_by_the_first_export)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct flat_binder_object file = fd_object(6);
	struct payload payload = object_payload(&object), files = object_payload(&file);
	u32 handle;

	test_file(6);
	object.flags = 0; /* no descriptors */
	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_read(manager, 0)->handle;
	object.flags = FLAT_BINDER_FLAG_ACCEPTS_FDS;
	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	bc_call(manager, handle, 1, TF_ONE_WAY, &files);
	ck_assert_int_eq(ioctl_write(manager), 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPERM);
}
END_TEST

SCENE_SUITE(objects, offsets_size_must_be_a_multiple_of_8, unreadable_payload_is_efault,
	    object_must_lie_aligned_inside_of_the_data, object_cut_short_is_refused,
	    unknown_type_is_refused, overlapping_or_backward_objects_are_efault,
	    more_offsets_than_objects_fit_are_refused, data_between_objects_is_copied,
	    failure_undoes_the_objects_before_it, failure_keeps_what_was_there_before,
	    hundreds_of_objects_are_translated_or_all_undone, binder_becomes_a_handle,
	    weak_binder_becomes_a_weak_handle, handle_comes_home_as_a_binder,
	    object_in_a_buffer_keeps_its_home_alive, handle_is_passed_on_with_a_number_of_its_own,
	    strong_handle_object_needs_a_strong_reference,
	    weak_handle_to_a_dead_object_is_passed_on,
	    weak_hold_that_the_dead_owner_never_heard_of_is_refused,
	    handle_0_is_an_object_only_when_held, wrong_cookie_is_refused,
	    flags_are_fixed_by_the_first_export)

/* SPDX-License-Identifier: MIT */
/*
 * buffers.c: the receive buffer: its mapping, its chunks, who may free them
 * (sections 1.4 to 1.8 and 8).
 */
#include "suites.h"

/* A call, answered but not freed; returns where it lies. */
static u64 fill(size_t size)
{
	struct payload payload = bytes(size);

	expect_call(client, 0, 0, &payload, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	free_buffer(client);
	return buffer_of(manager) - (uintptr_t)manager->process->home->memory;
}

static void drop(u64 at)
{
	free_at(manager, at + (uintptr_t)manager->process->home->memory);
}

START_TEST(smallest_hole_that_fits_is_taken)
{
	u64 large = fill(1024), between = fill(8), small = fill(256), last = fill(8);

	ck_assert_uint_eq(large, 0);
	ck_assert_uint_eq(between, 1024);
	ck_assert_uint_eq(small, 1032);
	ck_assert_uint_eq(last, 1288);
	drop(large);
	drop(small);
	ck_assert_uint_eq(fill(200), 1032);
	ck_assert_uint_eq(fill(200), 0);
}
END_TEST

START_TEST(neighbours_join_when_freed)
{
	u64 a = fill(64), b = fill(64), c = fill(64), d = fill(64);

	drop(a);
	drop(c);
	drop(b); /* joins both sides */
	ck_assert_uint_eq(fill(192), 0);
	drop(d);
	ck_assert_uint_eq(fill((128 << 10) - 192), 192);
}
END_TEST

START_TEST(exact_fit_is_not_split)
{
	u64 a = fill(64);

	fill(64);
	drop(a);
	ck_assert_uint_eq(fill(64), a);
	ck_assert_uint_eq(fill(8), 128);
}
END_TEST

START_TEST(empty_payloads_have_addresses_of_their_own)
{
	ck_assert_uint_eq(fill(0), 0);
	ck_assert_uint_eq(fill(0), 8);
}
END_TEST

START_TEST(full_buffer_fails_the_call)
{
	struct payload all = bytes(128 << 10), more = bytes((128 << 10) + 1), one = bytes(1);

	expect_call(client, 0, 0, &more, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	fill(all.size);
	expect_call(client, 0, 0, &one, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
}
END_TEST

START_TEST(sizes_that_overflow_are_invalid)
{
	u64 sizes[] = { ~0ull, ~0ull - 6, ~7ull, 1ull << 63 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct binder_transaction_data tr = { .data_size = sizes[i],
						      .offsets_size = ~7ull };

		bc_transaction_data(client, BC_TRANSACTION, &tr);
		ck_assert_int_eq(ioctl_write(client), 0);
		expect_read(client, "NOOP FAILED_REPLY");
		expect_error(client, BR_FAILED_REPLY, -EINVAL);
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct binder_transaction_data tr = { .data_size = 8 };

		bc_transaction_sg(client, BC_TRANSACTION_SG, &tr, sizes[i]);
		ck_assert_int_eq(ioctl_write(client), 0);
		expect_read(client, "NOOP FAILED_REPLY");
	}
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

START_TEST(target_without_mapping_is_dead)
{
	struct thread *server = thread_new(process_open(world, 302, 0), 302);
	u32 handle = fetch_from(client, server, 0x1000);

	expect_call(client, handle, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -ESRCH);
}
END_TEST

START_TEST(lost_mapping_is_dead_for_senders)
{
	binder_proc_munmap(manager->process->proc);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -ESRCH);
	ck_assert_int_eq(binder_proc_mmap(manager->process->proc, 0x10000, 4096), -EBUSY);
}
END_TEST

START_TEST(mapping_is_made_once)
{
	struct process *process = process_open(world, 400, 0);

	ck_assert_int_eq(binder_proc_mmap(process->proc, 0x10000, 0), -EINVAL);
	ck_assert_int_eq(binder_proc_mmap(process->proc, 0x10000, 4096), 0);
	ck_assert_int_eq(binder_proc_mmap(process->proc, 0x20000, 4096), -EBUSY);
}
END_TEST

START_TEST(mapping_is_cut_to_4_mib)
{
	struct thread *server = thread_new(process_open(world, 302, 8 << 20), 302);
	u32 handle = fetch_from(client, server, 0x1000);
	struct payload most = bytes(4 << 20), more = bytes((4 << 20) + 1);

	expect_call(client, handle, 0, &more, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	expect_call(client, handle, 0, &most, "");
}
END_TEST

START_TEST(refused_memory_fails_the_call)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 1, 2);
	struct payload payload = object_payload(&object);

	manager->process->home->refuse_pages = 1;
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOMEM);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

/* ---- freeing -------------------------------------------------------------------------- */

START_TEST(unread_buffer_cannot_be_freed)
{
	expect_call(client, 0, 0, NULL, "");
	free_at(manager, (uintptr_t)manager->process->home->memory);
	ck_assert_uint_eq(world_counts(world).buffers, 1);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
	free_buffer(manager);
}
END_TEST

START_TEST(address_inside_of_a_buffer_does_not_free_it)
{
	fill(64);
	free_at(manager, buffer_of(manager) + 8);
	free_at(manager, buffer_of(manager) - 8);
	ck_assert_uint_eq(world_counts(world).buffers, 1);
}
END_TEST

START_TEST(buffer_may_be_freed_before_the_reply)
{
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(buffer_outlives_the_reply)
{
	struct payload text = { "hello", 6, NULL, 0 };

	expect_call(client, 0, 0, &text, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	ck_assert_str_eq((char *)(uintptr_t)buffer_of(manager), "hello");
	free_buffer(manager);
}
END_TEST

START_TEST(content_stays_unless_it_is_to_be_cleared)
{
	struct payload text = { "secret", 7, NULL, 0 };
	const char *memory = (const char *)manager->process->home->memory;

	bc_call(client, 0, 1, TF_ONE_WAY, &text);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	ck_assert_str_eq(memory, "secret");

	bc_call(client, 0, 1, TF_ONE_WAY | TF_CLEAR_BUF, &text);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_str_eq(memory, "secret");
	free_buffer(manager);
	ck_assert_int_eq(memory[0], 0);
	ck_assert_int_eq(memory[7], 0); /* the whole chunk */
}
END_TEST

START_TEST(failed_call_is_cleared_as_well)
{
	u64 offsets[] = { 0, 0 };
	struct {
		struct flat_binder_object object;
		char text[8];
	} data = { handle_object(BINDER_TYPE_HANDLE, 77), "secret" };
	struct payload payload = { &data, sizeof(data), offsets, 8 };
	const char *memory = (const char *)manager->process->home->memory;

	expect_call(client, 0, TF_CLEAR_BUF, &payload, "NOOP FAILED_REPLY");
	ck_assert_str_ne(memory + sizeof(data.object), "secret");
}
END_TEST

SCENE_SUITE(buffers, smallest_hole_that_fits_is_taken, neighbours_join_when_freed,
	    exact_fit_is_not_split, empty_payloads_have_addresses_of_their_own,
	    full_buffer_fails_the_call, sizes_that_overflow_are_invalid,
	    target_without_mapping_is_dead, lost_mapping_is_dead_for_senders, mapping_is_made_once,
	    mapping_is_cut_to_4_mib, refused_memory_fails_the_call, unread_buffer_cannot_be_freed,
	    address_inside_of_a_buffer_does_not_free_it, buffer_may_be_freed_before_the_reply,
	    buffer_outlives_the_reply, content_stays_unless_it_is_to_be_cleared,
	    failed_call_is_cleared_as_well)

/* SPDX-License-Identifier: MIT */
/*
 * sg.c: payloads in several pieces: BINDER_TYPE_PTR, BINDER_TYPE_FDA, and the
 * places in their parents (9.10 to 9.15).
 */
#include "suites.h"

#define EIGHT(x) (((x) + 7) & ~7ull)

/* A payload under construction: objects after one word, since an object at 0 is no parent. */
static struct {
	u64 first;
	u8 data[1024];
} out;
static u64 offsets[16];
static size_t used, count;
static u64 room;

static void begin(void)
{
	memset(&out, 0, sizeof(out));
	used = count = 0;
	room = 0;
}

static u64 add(const void *object, size_t size)
{
	memcpy(out.data + used, object, size);
	offsets[count] = 8 + used;
	used += size;
	return count++;
}

static u64 add_ptr(const void *bytes, u64 length)
{
	struct binder_buffer_object ptr = { .hdr.type = BINDER_TYPE_PTR,
					    .buffer = (uintptr_t)bytes,
					    .length = length };

	room += EIGHT(length);
	return add(&ptr, sizeof(ptr));
}

static u64 add_child(const void *bytes, u64 length, u64 parent, u64 parent_offset)
{
	struct binder_buffer_object ptr = { .hdr.type = BINDER_TYPE_PTR,
					    .flags = BINDER_BUFFER_FLAG_HAS_PARENT,
					    .buffer = (uintptr_t)bytes,
					    .length = length,
					    .parent = parent,
					    .parent_offset = parent_offset };

	room += EIGHT(length);
	return add(&ptr, sizeof(ptr));
}

static void add_fda(u64 num_fds, u64 parent, u64 parent_offset)
{
	struct binder_fd_array_object fda = { .hdr.type = BINDER_TYPE_FDA,
					      .num_fds = num_fds,
					      .parent = parent,
					      .parent_offset = parent_offset };

	add(&fda, sizeof(fda));
}

static void send_it(u32 flags)
{
	struct binder_transaction_data tr = { .flags = flags,
					      .data_size = 8 + used,
					      .offsets_size = count * 8,
					      .data.ptr.buffer = (uintptr_t)&out,
					      .data.ptr.offsets = (uintptr_t)offsets };

	bc_transaction_sg(client, BC_TRANSACTION_SG, &tr, room);
	ck_assert_int_eq(ioctl_write(client), 0);
}

#define expect_sent() \
	do { \
		send_it(TF_ONE_WAY); \
		expect_read(client, "NOOP TRANSACTION_COMPLETE"); \
		expect_read(manager, "NOOP TRANSACTION"); \
	} while (0)
#define expect_refused(error) \
	do { \
		send_it(TF_ONE_WAY); \
		expect_read(client, "NOOP FAILED_REPLY"); \
		expect_error(client, BR_FAILED_REPLY, error); \
		ck_assert_uint_eq(world_counts(world).buffers, 0); \
	} while (0)

static const struct binder_buffer_object *ptr_read(unsigned index)
{
	return (const void *)object_read(manager, index);
}

static const void *piece(unsigned index)
{
	return (const void *)(uintptr_t)ptr_read(index)->buffer;
}

START_TEST(pieces_lie_behind_the_payload)
{
	begin();
	add_ptr("one", 4);
	add_ptr("a longer one", 13);
	expect_sent();
	ck_assert_str_eq(piece(0), "one");
	ck_assert_str_eq(piece(1), "a longer one");
	ck_assert_uint_eq(ptr_read(0)->buffer, manager->tr.data.ptr.offsets + count * 8);
	ck_assert_uint_eq(ptr_read(1)->buffer, ptr_read(0)->buffer + 8);
	ck_assert_uint_eq(ptr_read(1)->length, 13);
}
END_TEST

START_TEST(reply_may_come_in_pieces)
{
	struct binder_transaction_data tr;
	struct thread *server = manager;

	begin();
	add_ptr("one", 4);
	tr = (struct binder_transaction_data){ .data_size = 8 + used,
					       .offsets_size = 8,
					       .data.ptr.buffer = (uintptr_t)&out,
					       .data.ptr.offsets = (uintptr_t)offsets };
	expect_call(client, 0, 0, NULL, "");
	expect_read(server, "NOOP TRANSACTION");
	bc_transaction_sg(server, BC_REPLY_SG, &tr, room);
	expect_write(server);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_str_eq((const char *)(uintptr_t)((const struct binder_buffer_object *)object_read(
							   client, 0))
				 ->buffer,
			 "one");
}
END_TEST

START_TEST(room_must_be_a_multiple_of_8)
{
	begin();
	add_ptr("one", 4);
	room = 4;
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(piece_larger_than_the_room_is_refused)
{
	begin();
	add_ptr("one", 4);
	add_ptr("two", 4);
	room = 8;
	expect_refused(-EINVAL);
	begin();
	add_ptr("one", ~0ull);
	room = 8;
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(unreadable_piece_is_einval)
{
	begin();
	add_ptr((void *)(uintptr_t)WORLD_BAD_ADDRESS, 8);
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(address_of_a_child_is_written_to_its_parent)
{
	u64 parent[3] = { 1, 2, 3 };
	u64 p;

	begin();
	p = add_ptr(parent, sizeof(parent));
	add_child("child", 6, p, 8);
	expect_sent();
	ck_assert_uint_eq(((u64 *)piece(0))[0], 1);
	ck_assert_uint_eq(((u64 *)piece(0))[1], ptr_read(1)->buffer);
	ck_assert_uint_eq(((u64 *)piece(0))[2], 3);
	ck_assert_str_eq(piece(1), "child");
	ck_assert_uint_eq(parent[1], 2);
}
END_TEST

START_TEST(children_of_children_then_of_the_root)
{
	u64 root[3] = { 0 }, middle[2] = { 0 };
	u64 r, m;

	begin();
	r = add_ptr(root, sizeof(root));
	m = add_child(middle, sizeof(middle), r, 0);
	add_child("leaf", 5, m, 8);
	add_child("last", 5, r, 16);
	expect_sent();
	ck_assert_uint_eq(((u64 *)piece(0))[0], ptr_read(1)->buffer);
	ck_assert_uint_eq(((u64 *)piece(0))[2], ptr_read(3)->buffer);
	ck_assert_uint_eq(((u64 *)piece(1))[1], ptr_read(2)->buffer);
}
END_TEST

START_TEST(places_in_a_parent_must_be_in_order)
{
	u64 root[4] = { 0 };
	u64 r;

	begin();
	r = add_ptr(root, sizeof(root));
	add_child("b", 2, r, 16);
	add_child("a", 2, r, 0);
	expect_refused(-EINVAL);
	begin();
	r = add_ptr(root, sizeof(root));
	add_child("b", 2, r, 8);
	add_child("a", 2, r, 12); /* overlaps */
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(parent_must_be_the_last_one_or_its_ancestor)
{
	u64 words[4] = { 0 };
	u64 first;

	begin();
	first = add_ptr(words, sizeof(words));
	add_ptr(words, sizeof(words)); /* unrelated: first is closed */
	add_child("x", 2, first, 0);
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(parent_must_be_an_earlier_piece)
{
	u64 words[4] = { 0 };
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 1, 2);

	begin();
	add_ptr(words, sizeof(words));
	add_child("x", 2, 1, 0); /* itself */
	expect_refused(-EINVAL);
	begin();
	add_ptr(words, sizeof(words));
	add_child("x", 2, 9, 0);
	expect_refused(-EINVAL);
	begin();
	add_ptr(words, sizeof(words));
	add_child("x", 2, ~0ull, 0);
	expect_refused(-EINVAL);
	begin();
	add(&object, sizeof(object));
	add_child("x", 2, 0, 0); /* not a piece at all */
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(address_must_fit_into_the_parent)
{
	u64 words[2] = { 0 };
	u64 bad[] = { 9, 12, 16, ~0ull, ~0ull - 7 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		begin();
		add_child("x", 2, add_ptr(words, sizeof(words)), bad[i]);
		expect_refused(-EINVAL);
	}
	begin();
	add_child("x", 2, add_ptr(words, 4), 0);
	expect_refused(-EINVAL);
	begin();
	add_child("x", 2, add_ptr(words, sizeof(words)), 2); /* misaligned */
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(parent_at_offset_0_is_refused)
{
	u64 words[2] = { 0 };
	struct {
		struct binder_buffer_object ptr[2];
	} data = { {
		{ .hdr.type = BINDER_TYPE_PTR, .buffer = (uintptr_t)words, .length = 16 },
		{ .hdr.type = BINDER_TYPE_PTR,
		  .flags = BINDER_BUFFER_FLAG_HAS_PARENT,
		  .buffer = (uintptr_t)words,
		  .length = 8 },
	} };
	u64 at[] = { 0, sizeof(data.ptr[0]) };
	struct binder_transaction_data tr = { .data_size = sizeof(data),
					      .offsets_size = 16,
					      .data.ptr.buffer = (uintptr_t)&data,
					      .data.ptr.offsets = (uintptr_t)at };

	bc_transaction_sg(client, BC_TRANSACTION_SG, &tr, 24);
	ck_assert_int_eq(ioctl_write(client), 0);
	expect_read(client, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

/* ---- arrays of descriptors ------------------------------------------------------------- */

static u32 fds[4] = { 0xaaaaaaaa, 5, 6, 0xbbbbbbbb };

static void open_files(void)
{
	test_file(5);
	test_file(6);
}

START_TEST(array_becomes_descriptors_of_the_receiver)
{
	open_files();
	begin();
	add_fda(2, add_ptr(fds, sizeof(fds)), 4);
	expect_sent();
	ck_assert_uint_eq(((u32 *)piece(0))[0], 0xaaaaaaaa);
	ck_assert_uint_eq(((u32 *)piece(0))[1], 1000);
	ck_assert_uint_eq(((u32 *)piece(0))[2], 1001);
	ck_assert_uint_eq(((u32 *)piece(0))[3], 0xbbbbbbbb);
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

START_TEST(freeing_closes_the_array_and_returns_the_next_read)
{
	open_files();
	begin();
	add_fda(2, add_ptr(fds, sizeof(fds)), 4);
	expect_sent();
	bc_u64(manager, BC_FREE_BUFFER, buffer_of(manager));
	ck_assert_int_eq(ioctl_both(manager), 0);
	ck_assert_str_eq(commands_read(manager), "NOOP");
	ck_assert_uint_eq(manager->home->closed_count, 2);
	ck_assert_int_eq(manager->home->closed[0], 1000);
	ck_assert_int_eq(manager->home->closed[1], 1001);
	expect_nothing(manager);
}
END_TEST

START_TEST(undelivered_array_closes_nothing)
{
	open_files();
	begin();
	add_fda(2, add_ptr(fds, sizeof(fds)), 4);
	send_it(0);
	ck_assert_int_eq(test_file_holds(5), 1);
	manager->home->install_result = -EMFILE;
	expect_nothing(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	ck_assert_uint_eq(manager->home->closed_count, 0);
	ck_assert_int_eq(test_file_holds(5), 0);
	ck_assert_int_eq(test_file_holds(6), 0);
}
END_TEST

START_TEST(buffers_of_a_dead_receiver_close_nothing)
{
	open_files();
	begin();
	add_fda(2, add_ptr(fds, sizeof(fds)), 4);
	send_it(0);
	process_close(manager->process);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

START_TEST(long_arrays_are_fine)
{
	static u32 many[20];
	u32 i;

	for (i = 0; i < 20; i++) {
		many[i] = 5 + i;
		test_file((s32)many[i]);
	}
	begin();
	add_fda(20, add_ptr(many, sizeof(many)), 0);
	expect_sent();
	for (i = 0; i < 20; i++)
		ck_assert_uint_eq(((const u32 *)piece(0))[i], 1000 + i);
}
END_TEST

/* As many as a reader can be given at once, and one more. */
START_TEST(array_of_too_many_is_refused)
{
	static u32 many[PORT_MAX_FILES + 1];
	u32 i;

	test_file(5);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = 5;
	begin();
	add_fda(PORT_MAX_FILES, add_ptr(many, sizeof(many)), 0);
	expect_sent();
	ck_assert_uint_eq(((const u32 *)piece(0))[PORT_MAX_FILES - 1], 1000 + PORT_MAX_FILES - 1);
	free_buffer(manager);
	begin();
	add_fda(PORT_MAX_FILES + 1, add_ptr(many, sizeof(many)), 0);
	expect_refused(-EMFILE);
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

START_TEST(places_behind_an_array_must_be_in_order)
{
	u32 numbers[] = { 5, 6, 5, 6 };

	open_files();
	begin();
	add_fda(2, add_ptr(numbers, sizeof(numbers)), 0);
	add_fda(1, 0, 4); /* overlaps */
	expect_refused(-EINVAL);
	begin();
	add_fda(2, add_ptr(numbers, sizeof(numbers)), 0);
	add_fda(1, 0, 8);
	expect_sent();
}
END_TEST

START_TEST(empty_array_is_fine)
{
	begin();
	add_fda(0, add_ptr(fds, sizeof(fds)), 4);
	expect_sent();
}
END_TEST

START_TEST(array_must_lie_in_its_parent)
{
	u64 bad[][2] = { { 5, 0 },  { 4, 4 },         { 1ull << 62, 0 },      { ~0ull, 4 },
			 { 1, 16 }, { 1, ~0ull - 3 }, { (1ull << 62) + 1, 0 } };
	size_t i;

	open_files();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		begin();
		add_fda(bad[i][0], add_ptr(fds, sizeof(fds)), bad[i][1]);
		expect_refused(-EINVAL);
	}
	begin();
	add_fda(1, 7, 0);
	expect_refused(-EINVAL);
	begin();
	add_fda(1, add_ptr(fds, sizeof(fds)), 2);
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(array_at_a_misaligned_source_is_refused)
{
	static u8 bytes[16] __attribute__((aligned(8)));

	open_files();
	begin();
	add_fda(1, add_ptr(bytes + 2, 8), 4);
	expect_refused(-EINVAL);
}
END_TEST

START_TEST(bad_descriptor_in_an_array_undoes_all)
{
	u32 bad[] = { 5, 400 };

	open_files();
	begin();
	add_fda(2, add_ptr(bad, sizeof(bad)), 0);
	expect_refused(-EBADF);
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

SCENE_SUITE(sg, pieces_lie_behind_the_payload, reply_may_come_in_pieces, long_arrays_are_fine,
	    room_must_be_a_multiple_of_8, piece_larger_than_the_room_is_refused,
	    unreadable_piece_is_einval, address_of_a_child_is_written_to_its_parent,
	    children_of_children_then_of_the_root, places_in_a_parent_must_be_in_order,
	    places_behind_an_array_must_be_in_order, parent_must_be_the_last_one_or_its_ancestor,
	    parent_must_be_an_earlier_piece, address_must_fit_into_the_parent,
	    parent_at_offset_0_is_refused, array_becomes_descriptors_of_the_receiver,
	    freeing_closes_the_array_and_returns_the_next_read, undelivered_array_closes_nothing,
	    buffers_of_a_dead_receiver_close_nothing, empty_array_is_fine,
	    array_must_lie_in_its_parent, array_at_a_misaligned_source_is_refused,
	    bad_descriptor_in_an_array_undoes_all, array_of_too_many_is_refused)

/* SPDX-License-Identifier: MIT */
/*
 * sg.c: payloads in several pieces: BINDER_TYPE_PTR, BINDER_TYPE_FDA, and the
 * places in their parents (9.10 to 9.15).
 */
#include "files.h"

#define EIGHT(x) (((x) + 7) & ~7ull)

static struct payload *out;

/* A payload whose objects come after one word, since an object at 0 is no parent. */
static void begin(void)
{
	out = payload_new();
	out->sg = true;
}

static void *shared(const void *bytes, size_t size)
{
	return memcpy(arena_alloc(size), bytes, size);
}

/* The bytes lie where the sender has them; see shared(). */
static uint64_t add_ptr(const void *bytes, uint64_t length)
{
	struct binder_buffer_object ptr = {
		.hdr.type = BINDER_TYPE_PTR,
		.buffer = (uintptr_t)bytes,
		.length = length,
	};

	out->extra += EIGHT(length);
	return payload_add(out, &ptr, sizeof(ptr));
}

static uint64_t add_child(const void *bytes, uint64_t length, uint64_t parent, uint64_t at)
{
	struct binder_buffer_object ptr = {
		.hdr.type = BINDER_TYPE_PTR,
		.flags = BINDER_BUFFER_FLAG_HAS_PARENT,
		.buffer = (uintptr_t)bytes,
		.length = length,
		.parent = parent,
		.parent_offset = at,
	};

	out->extra += EIGHT(length);
	return payload_add(out, &ptr, sizeof(ptr));
}

static void add_fda(uint64_t num_fds, uint64_t parent, uint64_t at)
{
	struct binder_fd_array_object fda = {
		.hdr.type = BINDER_TYPE_FDA,
		.num_fds = num_fds,
		.parent = parent,
		.parent_offset = at,
	};

	payload_add(out, &fda, sizeof(fda));
}

static void check_sent(void)
{
	expect_call(client, 0, TF_ONE_WAY, out, "NOOP TRANSACTION_COMPLETE");
	expect_read_(manager, "NOOP TRANSACTION");
}

static void check_refused(int error)
{
	expect_call(client, 0, TF_ONE_WAY, out, "NOOP FAILED_REPLY");
	expect_error_(client, BR_FAILED_REPLY, error);
}

#define expect_sent() STEP(check_sent())
#define expect_refused(error) STEP(check_refused(error))

static struct binder_buffer_object ptr_of(struct actor *actor, unsigned index)
{
	struct binder_buffer_object ptr;

	memcpy(&ptr, object_at(actor, index, sizeof(ptr)), sizeof(ptr));
	return ptr;
}

/* What the manager finds where its piece is said to be. */
static const void *piece(unsigned index)
{
	struct binder_buffer_object ptr = ptr_of(manager, index);

	return actor_peek(manager, ptr.buffer, ptr.length);
}

static const char *text(const char *string)
{
	return shared(string, strlen(string) + 1);
}

static uint64_t *words(size_t count)
{
	return arena_alloc(count * 8);
}

TEST("9.10", pieces_lie_behind_the_payload)
{
	scene();
	begin();
	add_ptr(text("one"), 4);
	add_ptr(text("a longer one"), 13);
	expect_sent();
	is_text(piece(0), "one");
	is_text(piece(1), "a longer one");
	is(ptr_of(manager, 0).buffer, manager->news.tr.data.ptr.offsets + 16);
	is(ptr_of(manager, 1).buffer, ptr_of(manager, 0).buffer + 8);
	is(ptr_of(manager, 1).length, 13);
}

TEST("9.10", reply_may_come_in_pieces)
{
	struct binder_buffer_object ptr;

	scene();
	begin();
	add_ptr(text("one"), 4);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, out);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ptr = ptr_of(client, 0);
	is_text(actor_peek(client, ptr.buffer, 4), "one");
}

TEST("9.1", room_must_be_a_multiple_of_8)
{
	scene();
	begin();
	add_ptr(text("one"), 4);
	out->extra = 4;
	expect_refused(-EINVAL);
}

TEST("9.10", piece_larger_than_the_room_is_refused)
{
	scene();
	begin();
	add_ptr(text("one"), 4);
	add_ptr(text("two"), 4);
	out->extra = 8;
	expect_refused(-EINVAL);
	begin();
	add_ptr(text("one"), ~0ull);
	out->extra = 8;
	expect_refused(-EINVAL);
}

TEST("9.10", plain_command_has_no_room_for_pieces)
{
	scene();
	begin();
	add_ptr(text("one"), 4);
	out->sg = false;
	expect_refused(-EINVAL);
}

TEST("9.10", unreadable_piece_is_einval)
{
	scene();
	begin();
	add_ptr((void *)BAD_ADDRESS, 8);
	expect_refused(-EINVAL);
}

TEST("9.11", address_of_a_child_is_written_to_its_parent)
{
	uint64_t *parent = words(3);
	const uint64_t *got;
	uint64_t p;

	scene();
	for (uint64_t i = 0; i < 3; i++)
		parent[i] = i + 1;
	begin();
	p = add_ptr(parent, 24);
	add_child(text("child"), 6, p, 8);
	expect_sent();
	got = piece(0);
	is(got[0], 1);
	is(got[1], ptr_of(manager, 1).buffer);
	is(got[2], 3);
	is_text(piece(1), "child");
	is(parent[1], 2);
}

TEST("9.11", children_of_children_then_of_the_root)
{
	const uint64_t *root, *middle;
	uint64_t r, m;

	scene();
	begin();
	r = add_ptr(words(3), 24);
	m = add_child(words(2), 16, r, 0);
	add_child(text("leaf"), 5, m, 8);
	add_child(text("last"), 5, r, 16);
	expect_sent();
	root = piece(0);
	middle = piece(1);
	is(root[0], ptr_of(manager, 1).buffer);
	is(root[2], ptr_of(manager, 3).buffer);
	is(middle[1], ptr_of(manager, 2).buffer);
}

TEST("9.11", places_in_a_parent_must_be_in_order)
{
	uint64_t r;

	scene();
	begin();
	r = add_ptr(words(4), 32);
	add_child(text("b"), 2, r, 16);
	add_child(text("a"), 2, r, 0);
	expect_refused(-EINVAL);
	begin();
	r = add_ptr(words(4), 32);
	add_child(text("b"), 2, r, 8);
	add_child(text("a"), 2, r, 12); /* overlaps */
	expect_refused(-EINVAL);
}

TEST("9.11", parent_must_be_the_last_one_or_its_ancestor)
{
	uint64_t first;

	scene();
	begin();
	first = add_ptr(words(4), 32);
	add_ptr(words(4), 32); /* unrelated: first is closed */
	add_child(text("x"), 2, first, 0);
	expect_refused(-EINVAL);
}

TEST("9.11", parent_must_be_an_earlier_piece)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 1, 2);
	static const uint64_t bad[] = { 1 /* itself */, 9, ~0ull };

	scene();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		begin();
		add_ptr(words(4), 32);
		add_child(text("x"), 2, bad[i], 0);
		expect_refused(-EINVAL);
	}
	begin();
	payload_add(out, &object, sizeof(object));
	add_child(text("x"), 2, 0, 0); /* not a piece at all */
	expect_refused(-EINVAL);
}

TEST("9.11", address_must_fit_into_the_parent)
{
	static const uint64_t bad[] = { 9, 12, 16, ~0ull, ~0ull - 7 };

	scene();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		begin();
		add_child(text("x"), 2, add_ptr(words(2), 16), bad[i]);
		expect_refused(-EINVAL);
	}
	begin();
	add_child(text("x"), 2, add_ptr(words(1), 4), 0);
	expect_refused(-EINVAL);
	begin();
	add_child(text("x"), 2, add_ptr(words(2), 16), 2); /* misaligned */
	expect_refused(-EINVAL);
}

TEST("9.12", parent_at_offset_0_is_refused)
{
	scene();
	begin();
	out->size = 0;
	add_child(text("x"), 2, add_ptr(words(2), 16), 0);
	expect_refused(-EINVAL);
}

/* ---- arrays of descriptors ------------------------------------------------------------- */

static int watched[2], ends[2];
static uint32_t *array;

/* Two pipes of the client's, and an array of four words with their ends in the middle. */
static void with_files(void)
{
	scene();
	array = arena_alloc(16);
	array[0] = 0xaaaaaaaa;
	array[3] = 0xbbbbbbbb;
	for (int i = 0; i < 2; i++) {
		watched[i] = pipe_new(client, &ends[i]);
		array[i + 1] = (uint32_t)ends[i];
	}
}

static void close_ends(void)
{
	for (int i = 0; i < 2; i++)
		actor_close(client, ends[i]);
}

TEST("9.13", array_becomes_descriptors_of_the_receiver)
{
	const uint32_t *got;

	with_files();
	begin();
	add_fda(2, add_ptr(array, 16), 4);
	expect_sent();
	got = piece(0);
	is(got[0], 0xaaaaaaaa);
	is(got[3], 0xbbbbbbbb);
	close_ends();
	for (int i = 0; i < 2; i++) {
		need(is_open(manager, (int)got[i + 1]));
		expect_open(client, watched[i]);
		actor_close(manager, (int)got[i + 1]);
		expect_hangup(client, watched[i]);
	}
}

TEST("9.13", long_arrays_are_fine)
{
	uint32_t *many = arena_alloc(80);
	const uint32_t *got;

	scene(); /* many of descriptor 0 */
	begin();
	add_fda(20, add_ptr(many, 80), 0);
	expect_sent();
	got = piece(0);
	for (int i = 0; i < 20; i++)
		need(got[i] != 0 && is_open(manager, (int)got[i]));
}

TEST("9.13", empty_array_is_fine)
{
	with_files();
	begin();
	add_fda(0, add_ptr(array, 16), 4);
	expect_sent();
}

TEST("9.13", array_must_lie_in_its_parent)
{
	static const uint64_t bad[][2] = {
		{ 5, 0 },  { 4, 4 },         { 1ull << 62, 0 },       { ~0ull, 4 },
		{ 1, 16 }, { 1, ~0ull - 3 }, { (1ull << 62) + 1, 0 },
	};

	with_files();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		begin();
		add_fda(bad[i][0], add_ptr(array, 16), bad[i][1]);
		expect_refused(-EINVAL);
	}
	begin();
	add_fda(1, 7, 0);
	expect_refused(-EINVAL);
	begin();
	add_fda(1, add_ptr(array, 16), 2);
	expect_refused(-EINVAL);
}

TEST("9.13", array_at_a_misaligned_source_is_refused)
{
	with_files();
	begin();
	add_fda(1, add_ptr((char *)arena_alloc(16) + 2, 8), 4);
	expect_refused(-EINVAL);
}

TEST("9.13", array_that_cannot_be_read_is_refused)
{
	with_files();
	begin();
	add_fda(1, add_ptr((void *)BAD_ADDRESS, 8), 4);
	expect_refused(-EINVAL);
}

TEST("9.13", bad_descriptor_in_an_array_undoes_all)
{
	with_files();
	array[2] = 400;
	begin();
	add_fda(2, add_ptr(array, 16), 4);
	expect_refused(-EBADF);
	close_ends();
	expect_hangup(client, watched[0]);
}

TEST("9.13", array_needs_a_node_that_takes_descriptors)
{
	manager = manager_new(NULL);
	client = looper_new();
	array = arena_alloc(16);
	begin();
	add_fda(1, add_ptr(array, 16), 4);
	expect_refused(-EPERM);
}

TEST("9.14", freeing_closes_the_array)
{
	const uint32_t *got;

	with_files();
	begin();
	add_fda(2, add_ptr(array, 16), 4);
	expect_sent();
	got = piece(0);
	close_ends();
	free_buffer(manager);
	for (int i = 0; i < 2; i++) {
		need(!is_open(manager, (int)got[i + 1]));
		expect_hangup(client, watched[i]);
	}
}

TEST("9.14", read_after_freeing_an_array_returns)
{
	with_files();
	begin();
	add_fda(2, add_ptr(array, 16), 4);
	expect_sent();
	bc_u64(manager, BC_FREE_BUFFER, buffer_of(manager));
	expect_both(manager, "NOOP");
	expect_nothing(manager);
}

TEST("9.15", undelivered_array_closes_nothing)
{
	with_files();
	begin();
	add_fda(2, add_ptr(array, 16), 4);
	send_call(client, 0, 0, out);
	forbid_files(manager, true);
	expect_nothing(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	close_ends();
	for (int i = 0; i < 2; i++)
		expect_hangup(client, watched[i]);
}

TEST("9.15", buffers_of_a_dead_receiver_close_nothing)
{
	with_files();
	begin();
	add_fda(2, add_ptr(array, 16), 4);
	send_call(client, 0, 0, out);
	process_ends(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	for (int i = 0; i < 2; i++) {
		need(is_open(client, ends[i]));
		need(is_open(client, watched[i]));
	}
	close_ends();
	for (int i = 0; i < 2; i++)
		expect_hangup(client, watched[i]);
}

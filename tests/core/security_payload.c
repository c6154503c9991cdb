/* SPDX-License-Identifier: MIT */
/*
 * security_payload.c: attacks by what a payload says, by changing it while it
 * is being read, and by what lies in the receiver's memory.  The CVEs are
 * listed in tests/SECURITY.md.
 */
#include "suites.h"

/* What an ioctl with one call reads of its sender, in this order. */
enum { READ_COMMAND = 1, READ_CALL, READ_OFFSETS, READ_HEADER, READ_REST };

static struct flat_binder_object object;
static u64 at[2];
static struct payload payload;
static u32 held; /* a handle of the manager's, held once */

static void begin(void)
{
	held = give_object(client, manager, 0x1000, NULL);
	object = local_object(BINDER_TYPE_BINDER, 0x2000, 0x2001);
	at[0] = 0;
	payload = (struct payload){ &object, sizeof(object), at, 8 };
}

static int handle_state(u32 handle)
{
	struct binder_node_info_for_ref info = { .handle = handle };

	return binder_thread_ioctl(manager->thread, BINDER_GET_NODE_INFO_FOR_REF, (uintptr_t)&info);
}

/* ---- sizes ------------------------------------------------------------------------- */

/* CVE-2019-2181 */
START_TEST(sizes_are_added_up_without_overflow)
{
	static const u64 sizes[][3] = {
		{ ~0ull, 8, 8 },
		{ ~0ull - 7, 8, 0 },
		{ 8, ~0ull - 7, 0 },
		{ 8, 8, ~0ull - 7 },
		{ 1ull << 63, 1ull << 63, 8 },
		{ ~0ull - 15, 8, 8 },
		{ 0x7ffffffffffffff8ull, 0x7ffffffffffffff8ull, 24 },
		{ 0, 8, ~0ull - 15 },
	};
	u8 byte[64] = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct binder_transaction_data tr = { .flags = TF_ONE_WAY,
						      .data_size = sizes[i][0],
						      .offsets_size = sizes[i][1],
						      .data.ptr.buffer = (uintptr_t)byte,
						      .data.ptr.offsets = (uintptr_t)byte };

		bc_transaction_sg(client, BC_TRANSACTION_SG, &tr, sizes[i][2]);
		ck_assert_int_eq(ioctl_write(client), 0);
		expect_read(client, "NOOP FAILED_REPLY");
		ck_assert_uint_eq(world_counts(world).buffers, 0);
	}
	round_trip(client, 0, manager);
}
END_TEST

struct pieces {
	u64 first;
	struct binder_buffer_object ptr[2];
};

static void send_pieces(u32 handle, struct pieces *pieces, size_t count, u64 room)
{
	static const u64 places[] = { 8, 8 + sizeof(struct binder_buffer_object) };
	struct binder_transaction_data tr = {
		.target.handle = handle,
		.flags = TF_ONE_WAY,
		.data_size = 8 + count * sizeof(pieces->ptr[0]),
		.offsets_size = count * 8,
		.data.ptr.buffer = (uintptr_t)pieces,
		.data.ptr.offsets = (uintptr_t)places,
	};

	bc_transaction_sg(client, BC_TRANSACTION_SG, &tr, room);
	ck_assert_int_eq(ioctl_write(client), 0);
}

static struct binder_buffer_object piece(const void *bytes, u64 length)
{
	return (struct binder_buffer_object){ .hdr.type = BINDER_TYPE_PTR,
					      .buffer = (uintptr_t)bytes,
					      .length = length };
}

/* CVE-2019-2214: the label lies behind the pieces, and is not room for them. */
START_TEST(pieces_cannot_reach_the_label_behind_them)
{
	static const char words[32] = "forged label forged label";
	struct flat_binder_object wanting = local_object(BINDER_TYPE_BINDER, 0x3000, 0x3001);
	struct pieces pieces = { .ptr = { piece(words, 16) } };
	u32 handle;

	wanting.flags |= FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	handle = fetch(client, wanting);
	send_pieces(handle, &pieces, 1, 8);
	expect_read(client, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
	send_pieces(handle, &pieces, 1, 16);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION_SEC_CTX");
	ck_assert_str_eq((char *)(uintptr_t)manager->secctx, "test_label");
	free_buffer(manager);
	/* Room that is all there is, with a label behind it. */
	send_pieces(handle, &pieces, 1, ~0ull - 7);
	expect_read(client, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
	/* The second piece must share what the first left. */
	pieces.ptr[1] = piece(words, 16);
	send_pieces(handle, &pieces, 2, 24);
	expect_read(client, "NOOP FAILED_REPLY");
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

/* ---- objects that are named by number ------------------------------------------------------ */

/* CVE-2020-0041 */
START_TEST(parent_is_a_piece_before_its_child)
{
	static const u64 forged[] = { 1, 2, 3, 8, 1ull << 32, 1ull << 61, ~0ull };
	static u64 words[4];
	struct pieces pieces = { .ptr = { piece(words, 32), piece(words, 8) } };
	size_t i;

	pieces.ptr[1].flags = BINDER_BUFFER_FLAG_HAS_PARENT;
	for (i = 0; i < ARRAY_SIZE(forged); i++) {
		pieces.ptr[1].parent = forged[i];
		send_pieces(0, &pieces, 2, 40);
		expect_read(client, "NOOP FAILED_REPLY");
		expect_error(client, BR_FAILED_REPLY, -EINVAL);
		ck_assert_uint_eq(world_counts(world).buffers, 0);
	}
	pieces.ptr[1].parent = 0;
	send_pieces(0, &pieces, 2, 40);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
}
END_TEST

static struct pieces nested;
static u64 parent_bytes[4];

static void forge_parent(void)
{
	nested.ptr[0].buffer = WORLD_BAD_ADDRESS;
	nested.ptr[0].length = 1 << 20;
	nested.ptr[0].hdr.type = BINDER_TYPE_FDA;
	nested.ptr[1].parent = 77;
	nested.ptr[1].parent_offset = 1 << 20;
}

static void send_nested(u64 parent_offset, unsigned forge_after)
{
	nested = (struct pieces){ .ptr = { piece(parent_bytes, 32), piece("a child", 8) } };
	nested.ptr[1].flags = BINDER_BUFFER_FLAG_HAS_PARENT;
	nested.ptr[1].parent_offset = parent_offset;
	memset(parent_bytes, 0xee, sizeof(parent_bytes));
	if (forge_after)
		during(HOOK_READ, forge_after, forge_parent);
	send_pieces(0, &nested, 2, 40);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
}

static void expect_address_at(unsigned word)
{
	const struct binder_buffer_object *parent = (const void *)object_read(manager, 0);
	const struct binder_buffer_object *child = (const void *)object_read(manager, 1);
	const u64 *words = (const void *)(uintptr_t)parent->buffer;
	unsigned i;

	ck_assert_uint_eq(parent->length, 32);
	for (i = 0; i < 4; i++)
		ck_assert_uint_eq(words[i], i == word ? child->buffer : 0xeeeeeeeeeeeeeeee);
	ck_assert_str_eq((const char *)(uintptr_t)child->buffer, "a child");
}

/* CVE-2020-0041: the sender changes all of it once the last object has been read. */
START_TEST(pieces_are_what_was_checked)
{
	send_nested(8, READ_OFFSETS + 4);
	ck_assert(during_ran());
	expect_address_at(1);
}
END_TEST

/* A Rust driver took a place at 0 for "nothing to skip": the sender's pointer went through. */
START_TEST(place_at_0_is_a_place)
{
	send_nested(0, 0);
	expect_address_at(0);
}
END_TEST

/* ---- what changes while it is read ------------------------------------------------------------ */

static void forge_offsets(void)
{
	at[0] = 1 << 20;
	at[1] = 3;
}

/* CVE-2024-46740, CVE-2025-68260: neither the core nor the receiver sees the change. */
START_TEST(offsets_are_what_was_checked)
{
	begin();
	during(HOOK_READ, READ_OFFSETS, forge_offsets);
	expect_call(client, 0, 0, &payload, "");
	ck_assert(during_ran());
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(*(u64 *)(uintptr_t)manager->tr.data.ptr.offsets, 0);
	ck_assert_uint_eq(object_read(manager, 0)->hdr.type, BINDER_TYPE_HANDLE);
	ck_assert_uint_eq(object_read(manager, 0)->binder, held + 1);
}
END_TEST

static void forge_object(void)
{
	object = fd_object(7);
	object.handle = held;
	object.hdr.type = BINDER_TYPE_HANDLE;
}

static void forge_type(void)
{
	object.hdr.type = BINDER_TYPE_HANDLE;
}

/* CVE-2024-46740: the type was checked, so it stays; the rest was never read as anything else. */
START_TEST(type_is_what_was_checked)
{
	begin();
	object = fd_object(5);
	test_file(5);
	during(HOOK_READ, READ_HEADER, forge_type);
	expect_call(client, 0, 0, &payload, "");
	ck_assert(during_ran());
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->hdr.type, BINDER_TYPE_FD);
	ck_assert_uint_eq(object_read(manager, 0)->handle, 1000);
}
END_TEST

/* CVE-2024-46740: a handle of the receiver's, forged into the copy. */
START_TEST(object_is_what_was_checked)
{
	begin();
	during(HOOK_READ, READ_REST, forge_object);
	expect_call(client, 0, 0, &payload, "");
	ck_assert(during_ran());
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->hdr.type, BINDER_TYPE_HANDLE);
	ck_assert_uint_eq(object_read(manager, 0)->handle, held + 1);
	ck_assert_uint_eq(object_read(manager, 0)->cookie, 0);
}
END_TEST

/* CVE-2024-26926: the second one is bad, so the first one takes nothing. */
START_TEST(all_offsets_are_checked_before_one_is_used)
{
	static const u64 bad[] = { 1, 2, 23, 25, 26, 46, 47, 48, 49, 1ull << 32, ~0ull, ~0ull - 7 };
	struct flat_binder_object two[2];
	size_t i;

	begin();
	two[0] = local_object(BINDER_TYPE_BINDER, 0x2000, 0x2001);
	two[1] = local_object(BINDER_TYPE_BINDER, 0x3000, 0x3001);
	payload = (struct payload){ two, sizeof(two), at, 16 };
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		at[1] = bad[i];
		expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
		ck_assert_uint_eq(world_counts(world).refs, 1);
		ck_assert_uint_eq(world_counts(world).nodes, 2); /* the manager, and held */
		ck_assert_uint_eq(world_counts(world).buffers, 0);
	}
}
END_TEST

/* ---- undoing ------------------------------------------------------------------------------------ */

/* What an earlier call left behind, or what the receiver's other half wrote there. */
static void fill_memory_with_handles(void)
{
	struct process *process = manager->process;
	struct flat_binder_object forged = handle_object(BINDER_TYPE_HANDLE, held);
	size_t i;

	for (i = 0; i + sizeof(forged) <= process->home->size; i += sizeof(forged))
		memcpy(process->home->memory + i, &forged, sizeof(forged));
}

/* CVE-2023-20938: it fails half-way, over bytes that look like objects. */
START_TEST(failure_does_not_release_what_was_never_taken)
{
	begin();
	fill_memory_with_handles();
	payload.data = (void *)WORLD_BAD_ADDRESS;
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	payload.data = &object;
	payload.offsets = (void *)WORLD_BAD_ADDRESS;
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	payload.offsets = at;
	object = handle_object(BINDER_TYPE_HANDLE, 999);
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	ck_assert_int_eq(handle_state(held), 0);
}
END_TEST

/* CVE-2023-21255: the sender's bytes may change, too, before they are given up. */
START_TEST(failure_does_not_read_the_payload_again)
{
	begin();
	fill_memory_with_handles();
	during(HOOK_READ, READ_REST, forge_object);
	object = handle_object(BINDER_TYPE_HANDLE, 999);
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	ck_assert(during_ran());
	ck_assert_int_eq(handle_state(held), 0);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

/* CVE-2023-20938: the mapping is read-only, but the rule does not lean on that. */
START_TEST(free_releases_what_was_taken_whatever_the_bytes_say)
{
	begin();
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	acknowledge(client, 0x2000);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(world_counts(world).refs, 2);
	fill_memory_with_handles();
	free_buffer(manager);
	ck_assert_int_eq(handle_state(held), 0);
	ck_assert_int_eq(handle_state(held + 1), -EINVAL);
	ck_assert_uint_eq(world_counts(world).refs, 1);
	expect_read(client, "NOOP RELEASE DECREFS");
	ck_assert_uint_eq(client->node.ptr, 0x2000);
}
END_TEST

/* CVE-2023-20938: all but the last of many were taken, and all of these go back, once. */
START_TEST(failure_releases_all_that_was_taken)
{
	static struct flat_binder_object many[200];
	static u64 places[200];
	size_t i;

	begin();
	for (i = 0; i < 200; i++) {
		many[i] = local_object(BINDER_TYPE_BINDER, 0x10000 + 16 * i, 1);
		places[i] = i * sizeof(many[0]);
	}
	many[199] = handle_object(BINDER_TYPE_HANDLE, 999);
	payload = (struct payload){ many, sizeof(many), places, sizeof(places) };
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	ck_assert_int_eq(handle_state(held), 0);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

/* CVE-2022-20421: counting the new reference fails; it was not put in place before. */
START_TEST(reference_that_cannot_be_counted_is_not_left_behind)
{
	struct thread *server = looper_new(world, 302);
	u32 handle, refs;

	begin();
	bc_call(server, 0, 1, TF_ONE_WAY, &payload);
	expect_write(server);
	process_close(server->process); /* without having read BR_INCREFS */
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_read(manager, 0)->handle;
	bc_u32(manager, BC_INCREFS, handle);
	expect_write(manager);
	object = handle_object(BINDER_TYPE_WEAK_HANDLE, handle);
	refs = world_counts(world).refs;
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	ck_assert_uint_eq(world_counts(world).refs, refs);
}
END_TEST

SCENE_SUITE(security_payload, sizes_are_added_up_without_overflow,
	    pieces_cannot_reach_the_label_behind_them, parent_is_a_piece_before_its_child,
	    pieces_are_what_was_checked, place_at_0_is_a_place, offsets_are_what_was_checked,
	    type_is_what_was_checked, object_is_what_was_checked,
	    all_offsets_are_checked_before_one_is_used,
	    failure_does_not_release_what_was_never_taken, failure_does_not_read_the_payload_again,
	    free_releases_what_was_taken_whatever_the_bytes_say,
	    failure_releases_all_that_was_taken,
	    reference_that_cannot_be_counted_is_not_left_behind)

/* SPDX-License-Identifier: MIT */
/* buffers.c: the receive buffer: its chunks, who may free them, what is in them (section 8). */
#include "scene.h"

#include <sys/uio.h>

/* A call, answered but not freed; where it lies. */
static uint64_t fill(size_t size)
{
	send_call(client, 0, 0, size ? payload_bytes(size) : NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	free_buffer(client);
	return buffer_of(manager) - (uintptr_t)manager->map;
}

static void drop(uint64_t at)
{
	free_at(manager, at + (uintptr_t)manager->map);
}

TEST("8.1", smallest_hole_that_fits_is_taken)
{
	uint64_t large, small;

	scene();
	large = fill(1024);
	is(large, 0);
	is(fill(8), 1024);
	small = fill(256);
	is(small, 1032);
	is(fill(8), 1288);
	drop(large);
	drop(small);
	is(fill(200), 1032);
	is(fill(200), 0);
}

TEST("8.1", neighbours_join_when_freed)
{
	uint64_t at[4];

	scene();
	for (int i = 0; i < 4; i++)
		at[i] = fill(64);
	drop(at[0]);
	drop(at[2]);
	drop(at[1]); /* joins both sides */
	is(fill(192), 0);
	drop(at[3]);
	is(fill(ACTOR_MAP - 192), 192);
}

TEST("8.1", exact_fit_is_not_split)
{
	uint64_t first;

	scene();
	first = fill(64);
	fill(64);
	drop(first);
	is(fill(64), first);
	is(fill(8), 128);
}

TEST("8.2", empty_payloads_have_addresses_of_their_own)
{
	scene();
	is(fill(0), 0);
	is(fill(0), 8);
}

TEST("8.2", sizes_are_padded_to_8)
{
	scene();
	is(fill(1), 0);
	is(fill(9), 8);
	is(fill(16), 24);
	is(fill(1), 40);
}

TEST("8.2", full_buffer_fails_the_call)
{
	scene();
	expect_call(client, 0, 0, payload_bytes(ACTOR_MAP + 1), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	fill(ACTOR_MAP);
	expect_call(client, 0, 0, payload_bytes(1), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
}

TEST("8.2", sizes_that_overflow_are_invalid)
{
	const uint64_t sizes[] = { ~0ull, ~0ull - 6, ~7ull, 1ull << 63 };

	scene();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct payload payload = { .size = sizes[i], .offsets_size = ~7ull };

		expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
		expect_error(client, BR_FAILED_REPLY, -EINVAL);
	}
}

TEST("8.2", room_for_pieces_that_overflows_fails)
{
	const uint64_t sizes[] = { ~7ull, 1ull << 63, ~0ull };

	scene();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct payload payload = { .extra = sizes[i], .sg = true };

		expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	}
	round_trip(client, 0, manager);
}

TEST("8.4", unread_buffer_cannot_be_freed)
{
	scene();
	send_call(client, 0, 0, NULL);
	free_at(manager, (uintptr_t)manager->map);
	expect_read(manager, "NOOP TRANSACTION");
	is(buffer_of(manager), (uintptr_t)manager->map);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(fill(8), 8); /* it is there still */
}

TEST("8.4", buffer_is_freed_once)
{
	scene();
	is(fill(64), 0);
	drop(0);
	drop(0);
	is(fill(64), 0);
	is(fill(64), 64);
}

TEST("8.4", address_inside_of_a_buffer_does_not_free_it)
{
	scene();
	fill(64);
	drop(8);
	drop(-8ull);
	is(fill(64), 64);
}

TEST("8.5", buffer_may_be_freed_before_the_reply)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("8.5", buffer_outlives_the_reply)
{
	scene();
	send_call(client, 0, 0, payload_text("hello"));
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	is_text(text_of(manager), "hello");
	free_buffer(manager);
}

TEST("8.3", content_stays_unless_it_is_to_be_cleared)
{
	const char *seen;

	scene();
	bc_call(client, 0, 1, TF_ONE_WAY, payload_text("secret"));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	is_text(actor_peek(manager, (uintptr_t)manager->map, 8), "secret");
	bc_call(client, 0, 1, TF_ONE_WAY | TF_CLEAR_BUF, payload_text("secret"));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	is_text(actor_peek(manager, (uintptr_t)manager->map, 8), "secret");
	free_buffer(manager);
	seen = actor_peek(manager, (uintptr_t)manager->map, 8);
	for (int i = 0; i < 8; i++)
		is(seen[i], 0); /* the whole chunk */
}

TEST("8.3", failed_call_is_cleared_as_well)
{
	struct flat_binder_object object = handle_object(BINDER_TYPE_HANDLE, 77);
	struct payload *payload = payload_new();
	const char *seen;

	scene();
	memcpy((char *)payload->data, "secret", 7);
	payload_add(payload, &object, sizeof(object));
	bc_call(client, 0, 1, TF_ONE_WAY, payload_text("public")); /* so that the page is there */
	expect_write(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_call(client, 0, TF_CLEAR_BUF, payload, "NOOP FAILED_REPLY");
	seen = actor_peek(manager, (uintptr_t)manager->map, 8);
	is(seen[0], 0);
}

static long do_read_memory(struct actor *self, const long *arguments)
{
	struct iovec here = { (void *)arguments[1], (size_t)arguments[3] };
	struct iovec there = { (void *)arguments[2], (size_t)arguments[3] };
	ssize_t n = process_vm_readv((pid_t)arguments[0], &here, 1, &there, 1, 0);

	return n < 0 ? -errno : n;
}

TEST("8.7", buffer_can_be_sent_on_from_where_it_lies)
{
	struct payload onward = { 0 };
	uint32_t back;

	scene();
	back = give_object(client, 0x1000);
	send_call(client, 0, TF_ONE_WAY, payload_text("hello"));
	expect_read(manager, "NOOP TRANSACTION");
	onward.data = buffer_of(manager);
	onward.size = 6;
	expect_oneway(manager, back, &onward);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_read(client, "NOOP TRANSACTION");
	is_text(text_of(client), "hello");
}

TEST("8.7", buffer_can_be_read_by_those_who_may_trace)
{
	char *copy = arena_alloc(8);
	long r;

	scene();
	send_call(client, 0, TF_ONE_WAY, payload_text("hello"));
	expect_read(manager, "NOOP TRANSACTION");
	r = actor_do(manager, do_read_memory, manager->pid, (long)copy, (long)buffer_of(manager),
		     6);
	if (r == -EPERM || r == -ENOSYS)
		check_skip("process_vm_readv is not allowed here");
	is(r, 6);
	is_text(copy, "hello");
}

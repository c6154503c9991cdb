/* SPDX-License-Identifier: MIT */
/*
 * security.c: attacks on buffers and transactions that once worked on a Binder
 * driver: the other processor acts while the core has dropped its lock.  The
 * CVEs are listed in tests/SECURITY.md.
 */
#include "suites.h"

static struct thread *second; /* of the manager's process */
static struct payload text = { "hello", 6, NULL, 0 };
static u64 attacked; /* an address of the manager's */

static u64 first_address(void)
{
	return (uintptr_t)manager->process->home->memory;
}

static void begin(void)
{
	second = thread_new(manager->process, 101);
	attacked = first_address();
}

static void free_attacked(void)
{
	free_at(second, attacked);
}

static const char *text_at(u64 address)
{
	return (const char *)(uintptr_t)address;
}

/* ---- buffers -------------------------------------------------------------------- */

/* CVE-2019-2025: the receiver guesses where a call will lie, and frees it first. */
START_TEST(buffer_being_filled_cannot_be_freed)
{
	begin();
	during(HOOK_COPY, 1, free_attacked);
	expect_call(client, 0, 0, &text, "");
	ck_assert(during_ran());
	ck_assert_uint_eq(world_counts(world).buffers, 1);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(buffer_of(manager), attacked);
	ck_assert_str_eq(text_at(attacked), "hello");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

/* CVE-2019-2025: the bytes of BR_TRANSACTION are there, but it is not handed over yet. */
START_TEST(buffer_being_delivered_cannot_be_freed)
{
	begin();
	expect_call(client, 0, 0, &text, "");
	during(HOOK_WRITE, 2, free_attacked);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert(during_ran());
	ck_assert_uint_eq(world_counts(world).buffers, 1);
	free_buffer(manager);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

/* CVE-2019-2213: the request goes while its answer is on the way. */
START_TEST(request_may_be_freed_while_it_is_answered)
{
	begin();
	expect_call(client, 0, 0, &text, "");
	expect_read(manager, "NOOP TRANSACTION");
	bc_reply(manager, 0, &text);
	during(HOOK_COPY, 1, free_attacked);
	expect_write(manager);
	ck_assert(during_ran());
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_str_eq(text_at(buffer_of(client)), "hello");
	free_buffer(client);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
	ck_assert_uint_eq(world_counts(world).transactions, 1); /* its completion is unread */
}
END_TEST

/* CVE-2019-2025: freed twice, with somebody else's call in its place in between. */
START_TEST(buffer_being_cleared_is_nobodys)
{
	begin();
	expect_call(client, 0, TF_CLEAR_BUF, &text, "");
	expect_read(manager, "NOOP TRANSACTION");
	during(HOOK_ZERO, 1, free_attacked);
	free_buffer(manager);
	ck_assert(during_ran());
	ck_assert_uint_eq(world_counts(world).buffers, 0);
	free_attacked();
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	round_trip(client, 0, manager);
}
END_TEST

static struct thread *other;

static void call_of_another(void)
{
	bc_call(other, 0, 2, 0, &text);
	expect_write(other);
}

/* CVE-2019-2025: what is about to be zeroed is not given to the next call. */
START_TEST(space_is_free_only_after_it_is_cleared)
{
	begin();
	other = looper_new(world, 302);
	expect_call(client, 0, TF_CLEAR_BUF, &text, "");
	expect_read(manager, "NOOP TRANSACTION");
	during(HOOK_ZERO, 1, call_of_another);
	free_buffer(manager);
	ck_assert(during_ran());
	expect_read(second, "NOOP TRANSACTION");
	ck_assert_uint_ne(buffer_of(second), attacked);
	ck_assert_str_eq(text_at(buffer_of(second)), "hello");
}
END_TEST

/* ---- the mapping -------------------------------------------------------------------- */

static void unmap(void)
{
	binder_proc_munmap(manager->process->proc);
}

/* CVE-2019-1999, CVE-2023-52438: nothing but the home knows what the memory is. */
START_TEST(mapping_may_be_lost_while_a_call_fills_it)
{
	begin();
	during(HOOK_COPY, 1, unmap);
	expect_call(client, 0, TF_ONE_WAY, &text, "NOOP TRANSACTION_COMPLETE");
	ck_assert(during_ran());
	expect_call(client, 0, TF_ONE_WAY, &text, "NOOP DEAD_REPLY");
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

/* CVE-2022-50240: the same between finding the target and taking its space. */
START_TEST(mapping_may_be_lost_before_a_call_takes_space)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	u32 handle;

	begin();
	object.flags |= FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	handle = fetch(client, object);
	during(HOOK_LABEL, 1, unmap);
	expect_call(client, handle, 0, &text, "NOOP DEAD_REPLY");
	ck_assert(during_ran());
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

static void end_manager(void)
{
	process_close(manager->process);
}

/* CVE-2023-52438: the whole receiver goes; its memory stays for as long as it is written to. */
START_TEST(receiver_may_end_while_a_call_fills_its_buffer)
{
	struct port_proc *home = manager->process->home;

	during(HOOK_COPY, 1, end_manager);
	bc_call(client, 0, 1, 0, &text);
	ck_assert_int_eq(ioctl_write(client), 0);
	ck_assert(during_ran());
	ck_assert(home->gone);
	expect_read(client, "NOOP DEAD_REPLY");
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

/* ---- after the hand-over -------------------------------------------------------------- */

static void serve_and_end(void)
{
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	bc_reply(manager, 0, NULL);
	expect_write(manager);
	process_close(manager->process);
}

/* CVE-2026-23184: the sender is still in its ioctl when it all is over. */
START_TEST(call_may_be_answered_before_its_sender_is_done)
{
	expect_read(manager, "");
	during(HOOK_WAKE, 1, serve_and_end);
	bc_call(client, 0, 1, 0, &text);
	expect_write(client);
	ck_assert(during_ran());
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	free_buffer(client);
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

static void take_and_end(void)
{
	expect_read(manager, "NOOP TRANSACTION");
	process_close(manager->process);
}

/* CVE-2026-23184 */
START_TEST(oneway_may_be_over_before_its_sender_is_done)
{
	expect_read(manager, "");
	during(HOOK_WAKE, 1, take_and_end);
	bc_call(client, 0, 1, TF_ONE_WAY, &text);
	expect_write(client);
	ck_assert(during_ran());
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

static void end_client(void)
{
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	process_close(client->process);
}

/* CVE-2026-23184 */
START_TEST(caller_may_end_before_the_reply_is_done)
{
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	during(HOOK_WAKE, 1, end_client);
	reply_with(manager, 0, &text);
	ck_assert(during_ran());
	ck_assert_uint_eq(world_counts(world).transactions, 0);
}
END_TEST

/* ---- a superseded call ----------------------------------------------------------------- */

static void freeze_manager(u32 enable)
{
	struct binder_freeze_info info = { .pid = 100, .enable = enable };

	ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_FREEZE, (uintptr_t)&info), 0);
}

static void update(const struct payload *payload)
{
	bc_call(client, 0, 1, TF_ONE_WAY | TF_UPDATE_TXN, payload);
	expect_write(client);
	ck_assert_int_eq(ioctl_read(client), 0);
}

/* CVE-2026-98777, CVE-2026-98778: it was never delivered, so it holds, and closes nothing. */
START_TEST(superseded_call_gives_back_what_it_took_once)
{
	static const u64 at[] = { 0, 24 };
	struct flat_binder_object objects[] = { local_object(BINDER_TYPE_BINDER, 0x1000, 1),
						fd_object(5) };
	struct payload payload = { objects, sizeof(objects), at, sizeof(at) };
	int i;

	test_file(5);
	freeze_manager(1);
	update(NULL);
	for (i = 0; i < 5; i++) {
		update(&payload);
		ck_assert_int_eq(test_file_holds(5), 1);
		ck_assert_uint_eq(world_counts(world).buffers, 2);
		ck_assert_uint_eq(world_counts(world).refs, 1);
	}
	update(NULL);
	ck_assert_int_eq(test_file_holds(5), 0);
	ck_assert_uint_eq(world_counts(world).refs, 0);
	ck_assert_uint_eq(manager->home->closed_count, 0);
	freeze_manager(0);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

/* ---- one-way space ------------------------------------------------------------------------ */

static void expect_half_is_free(void)
{
	struct payload half = bytes(64 << 10);

	expect_call(client, 0, TF_ONE_WAY, &half, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
}

/* CVE-2021-46935: charged by one rule, and given back by the same. */
START_TEST(oneway_space_comes_back_however_it_ends)
{
	struct payload half = bytes(64 << 10), bad = half;
	struct flat_binder_object file = fd_object(5);
	struct payload refused = object_payload(&file);

	expect_half_is_free();
	bad.data = (void *)WORLD_BAD_ADDRESS;
	expect_call(client, 0, TF_ONE_WAY, &bad, "NOOP FAILED_REPLY");
	expect_half_is_free();
	expect_call(client, 0, TF_ONE_WAY | TF_CLEAR_BUF, &half, "NOOP TRANSACTION_COMPLETE");
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_half_is_free();
	test_file(5);
	manager->home->install_result = -EMFILE;
	expect_call(client, 0, TF_ONE_WAY, &refused, "NOOP TRANSACTION_COMPLETE");
	expect_nothing(manager);
	expect_half_is_free();
	freeze_manager(1);
	update(NULL);
	half.size = 40 << 10;
	update(&half);
	update(NULL);
	freeze_manager(0);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	expect_half_is_free();
	/* A call is not charged, nor is anything given back for it. */
	round_trip(client, 0, manager);
	half.size = (64 << 10) + 8;
	expect_call(client, 0, TF_ONE_WAY, &half, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
}
END_TEST

SCENE_SUITE(security, buffer_being_filled_cannot_be_freed, buffer_being_delivered_cannot_be_freed,
	    request_may_be_freed_while_it_is_answered, buffer_being_cleared_is_nobodys,
	    space_is_free_only_after_it_is_cleared, mapping_may_be_lost_while_a_call_fills_it,
	    mapping_may_be_lost_before_a_call_takes_space,
	    receiver_may_end_while_a_call_fills_its_buffer,
	    call_may_be_answered_before_its_sender_is_done,
	    oneway_may_be_over_before_its_sender_is_done, caller_may_end_before_the_reply_is_done,
	    superseded_call_gives_back_what_it_took_once, oneway_space_comes_back_however_it_ends)

/* SPDX-License-Identifier: MIT */
/*
 * freeze.c: frozen processes and who hears of them (section 12).
 */
#include "suites.h"

static int freeze(struct thread *thread, s32 pid, u32 enable, u32 timeout_ms)
{
	struct binder_freeze_info info = { .pid = (u32)pid,
					   .enable = enable,
					   .timeout_ms = timeout_ms };
	int r = binder_thread_ioctl(thread->thread, BINDER_FREEZE, (uintptr_t)&info);

	ck_assert(binder_context_check(world->ctx));
	return r;
}

static int go_on(struct thread *thread)
{
	return binder_thread_ioctl(thread->thread, BINDER_FREEZE, WORLD_BAD_ADDRESS);
}

#define expect_info(pid_, sync, async) \
	do { \
		struct binder_frozen_status_info i_ = { .pid = pid_ }; \
		ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_GET_FROZEN_INFO, \
						     (uintptr_t)&i_), \
				 0); \
		ck_assert_uint_eq(i_.sync_recv, sync); \
		ck_assert_uint_eq(i_.async_recv, async); \
	} while (0)

/* Another thread of the client's. */
static struct thread *second_caller(s32 tid)
{
	return thread_new(client->process, tid);
}

/* Someone who freezes others: another process. */
static struct thread *freezer(void)
{
	return thread_new(process_open(world, 900, 0), 900);
}

START_TEST(call_to_a_frozen_process_is_refused)
{
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	expect_call(client, 0, 0, NULL, "NOOP FROZEN_REPLY");
	expect_error(client, BR_FROZEN_REPLY, 0);
	expect_info(100, 1, 0);
	ck_assert_int_eq(freeze(client, 100, 0, 0), 0);
	expect_info(100, 0, 0);
	round_trip(client, 0, manager);
}
END_TEST

START_TEST(oneway_to_a_frozen_process_is_pending)
{
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_PENDING_FROZEN");
	expect_info(100, 2, 1);
	expect_read(manager, "NOOP TRANSACTION");
	expect_info(100, 0, 1);
}
END_TEST

START_TEST(reply_to_a_frozen_process_passes)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = give_object(server, manager, 0x1000, NULL);

	expect_call(manager, handle, 0, NULL, "");
	expect_read(server, "NOOP TRANSACTION");
	ck_assert_int_eq(freeze(client, 100, 1, 0), -EAGAIN); /* it waits for a reply */
	ck_assert_int_eq(freeze(client, 302, 1, 0), -EAGAIN); /* it handles a call */
	reply_with(server, 0, NULL);
	ck_assert_int_eq(freeze(client, 100, 1, 0), -EAGAIN); /* the reply is not read */
	expect_read(manager, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
}
END_TEST

START_TEST(frozen_process_may_read_and_call)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = give_object(server, manager, 0x1000, NULL);

	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	round_trip(manager, handle, server);
}
END_TEST

START_TEST(call_under_way_refuses_the_freeze)
{
	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(freeze(client, 100, 1, 0), -EAGAIN);
	expect_info(100, 2, 0);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(freeze(client, 100, 1, 0), -EAGAIN);
	reply_with(manager, 0, NULL);
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
}
END_TEST

START_TEST(freeze_waits_for_calls_under_way)
{
	struct thread *f = freezer(), *second;

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(freeze(f, 100, 1, 1000), -EINPROGRESS);
	/* It is frozen meanwhile. */
	second = second_caller(202);
	expect_call(second, 0, 0, NULL, "NOOP FROZEN_REPLY");
	ck_assert_int_eq(go_on(f), -EINPROGRESS);
	ck_assert_uint_eq(f->home->wakes, 0);
	reply_with(manager, 0, NULL);
	ck_assert_uint_eq(f->home->wakes, 1);
	ck_assert_int_eq(go_on(f), 0);
	expect_info(100, 1, 0);
}
END_TEST

START_TEST(freeze_that_waits_in_vain_thaws)
{
	struct thread *f = freezer(), *second;

	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(freeze(f, 100, 1, 1000), -EINPROGRESS);
	ck_assert_int_eq(binder_thread_freeze_end(f->thread, false), -EAGAIN);
	second = second_caller(202);
	expect_call(second, 0, 0, NULL, "");
	ck_assert_int_eq(binder_thread_freeze_end(f->thread, false), -EINVAL);
}
END_TEST

START_TEST(cancelled_freeze_thaws)
{
	struct thread *f = freezer(), *second;

	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(freeze(f, 100, 1, 1000), -EINPROGRESS);
	ck_assert_int_eq(binder_thread_freeze_end(f->thread, true), -EINTR);
	second = second_caller(202);
	expect_call(second, 0, 0, NULL, "");
}
END_TEST

START_TEST(freezer_that_ends_thaws)
{
	struct thread *f = freezer(), *g = thread_new(f->process, 901), *second;

	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(freeze(f, 100, 1, 1000), -EINPROGRESS);
	thread_exit(f);
	second = second_caller(202);
	expect_call(second, 0, 0, NULL, "");
	ck_assert_int_eq(freeze(g, 100, 1, 1000), -EINPROGRESS);
	process_close(g->process);
	second = second_caller(203);
	expect_call(second, 0, 0, NULL, "");
}
END_TEST

START_TEST(frozen_process_that_ends_is_frozen_no_more)
{
	struct thread *f = freezer();

	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(freeze(f, 100, 1, 1000), -EINPROGRESS);
	process_close(manager->process);
	ck_assert_uint_eq(f->home->wakes, 1);
	ck_assert_int_eq(go_on(f), 0);
	ck_assert_int_eq(freeze(f, 100, 1, 0), -EINVAL);
}
END_TEST

static void freeze_and_end_manager(void)
{
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	process_close(manager->process);
}

START_TEST(frozen_process_that_ends_is_dead_to_its_callers)
{
	struct payload text = { "hello", 6, NULL, 0 };

	during(HOOK_COPY, 1, freeze_and_end_manager);
	expect_call(client, 0, 0, &text, "NOOP DEAD_REPLY");
	ck_assert(during_ran());
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
}
END_TEST

START_TEST(every_open_of_the_pid_freezes_on_every_device)
{
	struct world *other = world_new();
	struct thread *elsewhere = manager_new(other, 302), *caller = looper_new(other, 201);
	struct thread *one = looper_new(world, 302), *two = looper_new(world, 302);
	u32 first = fetch_from(client, one, 0x1000), second = fetch_from(client, two, 0x1000);

	ck_assert_int_eq(freeze(client, 302, 1, 0), 0);
	expect_call(client, first, 0, NULL, "NOOP FROZEN_REPLY");
	expect_call(client, second, 0, NULL, "NOOP FROZEN_REPLY");
	expect_call(caller, 0, 0, NULL, "NOOP FROZEN_REPLY");
	ck_assert_int_eq(freeze(client, 302, 0, 0), 0);
	round_trip(client, first, one);
	round_trip(caller, 0, elsewhere);
	world_free(other);
}
END_TEST

START_TEST(freezing_waits_for_another_device)
{
	struct world *other = world_new();
	struct thread *elsewhere = manager_new(other, 100), *caller = looper_new(other, 201);

	expect_call(caller, 0, 0, NULL, "");
	expect_read(elsewhere, "NOOP TRANSACTION");
	ck_assert_int_eq(freeze(client, 100, 1, 1000), -EINPROGRESS);
	reply_with(elsewhere, 0, NULL);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_int_eq(go_on(client), 0);
	world_free(other);
}
END_TEST

/* It waits for one process at a time: the others have their turn after it. */
START_TEST(freezing_waits_for_one_device_after_the_other)
{
	struct world *other = world_new();
	struct thread *elsewhere = manager_new(other, 100), *caller = looper_new(other, 201);

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(caller, 0, 0, NULL, "");
	expect_read(elsewhere, "NOOP TRANSACTION");
	ck_assert_int_eq(freeze(caller, 100, 1, 1000), -EINPROGRESS);
	reply_with(elsewhere, 0, NULL);
	ck_assert_int_eq(go_on(caller), -EINPROGRESS);
	reply_with(manager, 0, NULL);
	ck_assert_int_eq(go_on(caller), 0);
	world_free(other);
}
END_TEST

/* Each goes on where it was: what the first one froze keeps what it has seen. */
START_TEST(two_freezers_do_not_disturb_each_other)
{
	struct world *other = world_new();
	struct thread *elsewhere = manager_new(other, 100), *caller = looper_new(other, 201);
	struct thread *one = freezer(), *two = freezer();

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	expect_call(caller, 0, 0, NULL, "");
	expect_read(elsewhere, "NOOP TRANSACTION");
	ck_assert_int_eq(freeze(one, 100, 1, 1000), -EINPROGRESS);
	ck_assert_int_eq(freeze(two, 100, 1, 1000), -EINPROGRESS);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_int_eq(go_on(one), -EINPROGRESS);
	expect_call(client, 0, 0, NULL, "NOOP FROZEN_REPLY");
	expect_info(100, 3, 0);
	ck_assert_int_eq(go_on(two), -EINPROGRESS);
	expect_info(100, 3, 0);
	reply_with(elsewhere, 0, NULL);
	ck_assert_int_eq(go_on(one), 0);
	ck_assert_int_eq(go_on(two), 0);
	world_free(other);
}
END_TEST

START_TEST(unknown_pid_is_einval)
{
	struct binder_frozen_status_info info = { .pid = 12345 };

	ck_assert_int_eq(freeze(client, 12345, 1, 0), -EINVAL);
	ck_assert_int_eq(freeze(client, 12345, 0, 0), -EINVAL);
	ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_GET_FROZEN_INFO,
					     (uintptr_t)&info),
			 -EINVAL);
	ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_GET_FROZEN_INFO,
					     WORLD_BAD_ADDRESS),
			 -EFAULT);
	ck_assert_int_eq(go_on(client), -EFAULT);
}
END_TEST

/* ---- TF_UPDATE_TXN ---------------------------------------------------------------------- */

static void update(u32 code, const char *text)
{
	struct payload payload = { text, strlen(text) + 1, NULL, 0 };

	bc_call(client, 0, code, TF_ONE_WAY | TF_UPDATE_TXN, &payload);
	expect_write(client);
	ck_assert_int_eq(ioctl_read(client), 0);
}

static void expect_text(const char *text)
{
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_str_eq((char *)(uintptr_t)buffer_of(manager), text);
	free_buffer(manager);
}

START_TEST(update_replaces_a_queued_one)
{
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	update(1, "handed over");
	update(1, "outdated");
	update(2, "another code");
	update(1, "latest");
	expect_text("handed over");
	expect_text("another code");
	expect_text("latest");
	expect_nothing(manager);
}
END_TEST

START_TEST(update_replaces_the_one_that_waits_longest)
{
	update(1, "handed over");
	update(1, "two");
	update(1, "three");
	update(1, "four");
	/* Frozen already, but there is more under way than there may be. */
	ck_assert_int_eq(freeze(freezer(), 100, 1, 1000), -EINPROGRESS);
	update(1, "latest");
	expect_text("handed over");
	expect_text("three");
	expect_text("four");
	expect_text("latest");
}
END_TEST

START_TEST(update_of_a_process_that_is_not_frozen_replaces_nothing)
{
	update(1, "one");
	update(1, "two");
	update(1, "three");
	expect_text("one");
	expect_text("two");
	expect_text("three");
}
END_TEST

START_TEST(update_replaces_only_what_its_own_process_sent)
{
	struct thread *other = looper_new(world, 302);

	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	update(1, "handed over");
	bc_call(other, 0, 1, TF_ONE_WAY | TF_UPDATE_TXN, NULL);
	expect_write(other);
	update(1, "mine");
	expect_text("handed over");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.data_size, 0);
	free_buffer(manager);
	expect_text("mine");
}
END_TEST

START_TEST(update_with_other_flags_replaces_nothing)
{
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	update(1, "handed over");
	update(1, "plain");
	bc_call(client, 0, 1, TF_ONE_WAY | TF_UPDATE_TXN | TF_CLEAR_BUF, NULL);
	expect_write(client);
	expect_text("handed over");
	expect_text("plain");
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(update_that_replaces_drops_files_unclosed)
{
	struct flat_binder_object file = fd_object(5);
	struct payload payload = object_payload(&file);

	test_file(5);
	ck_assert_int_eq(freeze(client, 100, 1, 0), 0);
	update(1, "handed over");
	bc_call(client, 0, 1, TF_ONE_WAY | TF_UPDATE_TXN, &payload);
	expect_write(client);
	ck_assert_int_eq(test_file_holds(5), 1);
	update(1, "latest");
	ck_assert_int_eq(test_file_holds(5), 0);
	ck_assert_uint_eq(manager->home->closed_count, 0);
}
END_TEST

SCENE_SUITE(freeze, call_to_a_frozen_process_is_refused, oneway_to_a_frozen_process_is_pending,
	    reply_to_a_frozen_process_passes, frozen_process_may_read_and_call,
	    call_under_way_refuses_the_freeze, freeze_waits_for_calls_under_way,
	    freeze_that_waits_in_vain_thaws, cancelled_freeze_thaws, freezer_that_ends_thaws,
	    frozen_process_that_ends_is_frozen_no_more,
	    every_open_of_the_pid_freezes_on_every_device, freezing_waits_for_another_device,
	    freezing_waits_for_one_device_after_the_other, two_freezers_do_not_disturb_each_other,
	    frozen_process_that_ends_is_dead_to_its_callers,
	    update_replaces_the_one_that_waits_longest, unknown_pid_is_einval,
	    update_replaces_a_queued_one, update_of_a_process_that_is_not_frozen_replaces_nothing,
	    update_replaces_only_what_its_own_process_sent,
	    update_with_other_flags_replaces_nothing, update_that_replaces_drops_files_unclosed)

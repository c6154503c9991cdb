/* SPDX-License-Identifier: MIT */
/*
 * read.c: what one read brings, in which order, and when it waits (section 4).
 */
#include "suites.h"

START_TEST(first_read_of_a_thread_does_not_wait)
{
	struct thread *fresh = thread_new_unused(client->process, 202);

	expect_read(fresh, "NOOP");
	expect_nothing(fresh);
}
END_TEST

START_TEST(read_that_goes_on_has_no_noop)
{
	u64 consumed = 8;

	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	memset(client->in, 0, sizeof(client->in));
	ck_assert_int_eq(binder_thread_read(client->thread, (uintptr_t)client->in, 256, &consumed,
					    false),
			 0);
	ck_assert_uint_eq(consumed, 12);
	ck_assert_uint_eq(*(u32 *)(client->in + 8), BR_TRANSACTION_COMPLETE);
	ck_assert_uint_eq(*(u32 *)client->in, 0);
}
END_TEST

START_TEST(own_work_comes_without_work_of_the_process)
{
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	bc_call(manager, 77, 1, 0, NULL);
	ck_assert_int_eq(ioctl_write(manager), 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(work_needs_80_bytes_of_room)
{
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_int_eq(ioctl_read_sized(manager, 4), 0);
	ck_assert_str_eq(commands_read(manager), "NOOP");
	ck_assert_int_eq(ioctl_read_sized(manager, 79), 0);
	ck_assert_str_eq(commands_read(manager), "NOOP");
	ck_assert_int_eq(ioctl_read_sized(manager, 80), 0);
	ck_assert_str_eq(commands_read(manager), "NOOP TRANSACTION");
}
END_TEST

START_TEST(small_read_waits_when_there_is_nothing)
{
	ck_assert_int_eq(ioctl_read_sized(manager, 4), -EAGAIN);
	give_up_waiting(manager);
}
END_TEST

START_TEST(noop_is_written_whatever_the_size)
{
	u32 guard[2] = { 0, 0x5a5a5a5a };
	u64 consumed = 0;

	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_int_eq(binder_thread_read(manager->thread, (uintptr_t)guard, 1, &consumed, false),
			 0);
	ck_assert_uint_eq(consumed, 4);
	ck_assert_uint_eq(guard[0], BR_NOOP);
	ck_assert_uint_eq(guard[1], 0x5a5a5a5a);
}
END_TEST

START_TEST(several_items_in_one_read_until_a_transaction)
{
	bc_call(manager, 77, 1, 0, NULL);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_call(client, 0, 0, NULL, "");
	give_up_waiting(client);
	ck_assert_int_eq(ioctl_write(manager), 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_read(manager, "NOOP TRANSACTION");
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(nonblocking_read_says_again)
{
	ck_assert_int_eq(ioctl_nonblock(client), -EAGAIN);
	ck_assert_uint_eq(client->in_size, 0);
	expect_call(client, 0, 0, NULL, "");
	give_up_waiting(client);
	ck_assert_int_eq(ioctl_nonblock(client), -EAGAIN); /* a deferred completion alone */
}
END_TEST

START_TEST(nonblocking_read_does_not_count_as_waiting)
{
	ck_assert_int_eq(ioctl_nonblock(manager), -EAGAIN);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(manager->home->wakes, 0);
}
END_TEST

START_TEST(interrupted_wait_loses_nothing)
{
	struct thread *other = thread_new(manager->process, 101);

	expect_read(other, "");
	expect_read(manager, "");
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(manager->home->wakes, 1);
	give_up_waiting(manager); /* chosen for it, and interrupted: it keeps it */
	expect_nothing(other);
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(interrupted_wait_passes_work_of_the_process_on)
{
	struct thread *other = thread_new(client->process, 202);
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	expect_write(client);
	expect_read(other, "");
	expect_read(client, "");
	client->home->wakes = 0;
	process_close(server->process); /* news for any thread of the client */
	ck_assert_uint_eq(client->home->wakes, 1);
	give_up_waiting(client);
	ck_assert_uint_eq(other->home->wakes, 1);
	expect_read(other, "NOOP DEAD_BINDER");
}
END_TEST

START_TEST(exiting_thread_passes_work_of_the_process_on)
{
	struct thread *other = thread_new(client->process, 202);
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	expect_write(client);
	expect_read(client, "");
	expect_read(other, "");
	client->home->wakes = 0;
	process_close(server->process);
	thread_exit(other);
	ck_assert_uint_eq(client->home->wakes, 1);
	expect_read(client, "NOOP DEAD_BINDER");
}
END_TEST

START_TEST(unwritable_noop_takes_nothing)
{
	u64 consumed = 0;

	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_int_eq(binder_thread_read(manager->thread, WORLD_BAD_ADDRESS, 256, &consumed,
					    false),
			 -EFAULT);
	ck_assert_uint_eq(consumed, 0);
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

/* A read that begins in good memory and whose items lie in bad. */
static int read_into_nothing(struct thread *thread)
{
	u64 consumed = 4;
	int r = binder_thread_read(thread->thread, WORLD_BAD_ADDRESS, 256, &consumed, false);

	binder_thread_ioctl_done(thread->thread);
	ck_assert_uint_eq(consumed, 4);
	return r;
}

START_TEST(unwritable_call_fails_for_its_caller)
{
	expect_call(client, 0, 0, NULL, "");
	ck_assert_int_eq(read_into_nothing(manager), -EFAULT);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	ck_assert_uint_eq(world_counts(world).buffers, 0);
	expect_nothing(manager);
}
END_TEST

START_TEST(unwritable_oneway_is_dropped_and_the_next_one_goes)
{
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	bc_call(client, 0, 2, TF_ONE_WAY, NULL);
	expect_write(client);
	ck_assert_int_eq(read_into_nothing(manager), -EFAULT);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.code, 2);
	expect_nothing(manager);
}
END_TEST

START_TEST(unwritable_item_is_lost)
{
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	ck_assert_int_eq(read_into_nothing(client), -EFAULT);
	expect_nothing(client);
}
END_TEST

START_TEST(latest_waiter_is_woken_first)
{
	struct thread *other = thread_new(manager->process, 101);

	expect_read(manager, "");
	expect_read(other, "");
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(other->home->wakes, 1);
	ck_assert_uint_eq(manager->home->wakes, 0);
}
END_TEST

START_TEST(read_wakes_another_for_what_is_left)
{
	struct thread *waiting[3] = { thread_new(client->process, 202),
				      thread_new(client->process, 203),
				      thread_new(client->process, 204) };
	struct thread *server = looper_new(world, 302);
	u32 handle[2] = { fetch_from(client, server, 0x1000), fetch_from(client, server, 0x2000) };
	int i;

	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle[0], 1);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle[1], 2);
	expect_write(client);
	for (i = 0; i < 3; i++)
		expect_read(waiting[i], "");
	process_close(server->process); /* two items wake two threads */
	ck_assert_uint_eq(waiting[0]->home->wakes, 0);
	expect_read(client, "NOOP DEAD_BINDER");
	ck_assert_uint_eq(waiting[0]->home->wakes, 1);
}
END_TEST

START_TEST(thief_of_work_wakes_another_waiter)
{
	struct thread *second = thread_new(client->process, 202);
	struct thread *third = thread_new(client->process, 203);
	struct thread *server = looper_new(world, 302);
	u32 handle[2] = { fetch_from(client, server, 0x1000), fetch_from(client, server, 0x2000) };

	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle[0], 1);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle[1], 2);
	expect_write(client);
	expect_read(second, "");
	process_close(server->process); /* wakes second, for one of two items */
	ck_assert_uint_eq(second->home->wakes, 1);
	expect_read(second, "NOOP DEAD_BINDER");
	expect_read(third, "NOOP DEAD_BINDER");
	expect_nothing(third);
}
END_TEST

START_TEST(thread_that_waits_for_a_reply_gets_no_work_of_the_process)
{
	struct thread *other = thread_new(manager->process, 101);
	struct thread *server = looper_new(world, 302);
	u32 handle = give_object(server, manager, 0x1000, NULL);

	bc_call(manager, handle, 1, 0, NULL);
	expect_write(manager);
	expect_read(manager, "");
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(manager->home->wakes, 0);
	expect_read(manager, "");
	expect_read(other, "NOOP TRANSACTION");
}
END_TEST

START_TEST(flush_returns_every_read)
{
	struct thread *idle = thread_new(client->process, 202);

	expect_read(client, "");
	binder_proc_flush(client->process->proc);
	ck_assert_uint_eq(client->home->wakes, 1);
	expect_read(client, "NOOP");
	expect_nothing(client);
	expect_read(idle, "NOOP"); /* not in a read just now: its next one */
}
END_TEST

START_TEST(thread_that_could_not_be_written_to_waits_no_more)
{
	struct thread *other = thread_new(manager->process, 101);
	u64 consumed = 0;

	expect_read(manager, "");
	ck_assert_int_eq(binder_thread_read(manager->thread, WORLD_BAD_ADDRESS, 4096, &consumed,
					    false),
			 -EFAULT);
	binder_thread_ioctl_done(manager->thread);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert_uint_eq(manager->home->wakes, 0);
	expect_read(other, "NOOP TRANSACTION");
}
END_TEST

SCENE_SUITE(read, thread_that_could_not_be_written_to_waits_no_more,
	    first_read_of_a_thread_does_not_wait, read_that_goes_on_has_no_noop,
	    own_work_comes_without_work_of_the_process, work_needs_80_bytes_of_room,
	    small_read_waits_when_there_is_nothing, noop_is_written_whatever_the_size,
	    several_items_in_one_read_until_a_transaction, nonblocking_read_says_again,
	    nonblocking_read_does_not_count_as_waiting, interrupted_wait_loses_nothing,
	    interrupted_wait_passes_work_of_the_process_on,
	    exiting_thread_passes_work_of_the_process_on, unwritable_noop_takes_nothing,
	    unwritable_call_fails_for_its_caller,
	    unwritable_oneway_is_dropped_and_the_next_one_goes, unwritable_item_is_lost,
	    latest_waiter_is_woken_first, read_wakes_another_for_what_is_left,
	    thief_of_work_wakes_another_waiter,
	    thread_that_waits_for_a_reply_gets_no_work_of_the_process, flush_returns_every_read)

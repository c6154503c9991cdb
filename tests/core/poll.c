/* SPDX-License-Identifier: MIT */
/*
 * poll.c: what poll reports, and who is woken for it (section 14).
 */
#include "suites.h"

START_TEST(idle_thread_has_nothing)
{
	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
}
END_TEST

START_TEST(unused_thread_is_readable)
{
	struct thread *fresh = thread_new_unused(client->process, 202);

	ck_assert_uint_eq(binder_thread_poll(fresh->thread), EPOLLIN);
	ck_assert_uint_eq(binder_thread_poll(fresh->thread), EPOLLIN);
	binder_thread_ioctl_done(fresh->thread);
	ck_assert_uint_eq(binder_thread_poll(fresh->thread), 0);
}
END_TEST

START_TEST(work_of_the_process_is_readable_for_all_free_threads)
{
	struct thread *second = thread_new(manager->process, 101);
	struct thread *silent = thread_new(manager->process, 102);

	ck_assert_uint_eq(binder_thread_poll(manager->thread), 0);
	ck_assert_uint_eq(binder_thread_poll(second->thread), 0);
	expect_call(client, 0, 0, NULL, "");
	ck_assert_uint_eq(manager->home->wakes, 1);
	ck_assert_uint_eq(second->home->wakes, 1);
	ck_assert_uint_eq(silent->home->wakes, 0);
	ck_assert_uint_eq(binder_thread_poll(manager->thread), EPOLLIN);
	ck_assert_uint_eq(binder_thread_poll(second->thread), EPOLLIN);
	ck_assert_int_eq(ioctl_nonblock(second), 0);
	ck_assert_uint_eq(binder_thread_poll(manager->thread), 0);
}
END_TEST

START_TEST(waiting_thread_is_woken_before_pollers)
{
	struct thread *second = thread_new(manager->process, 101);

	ck_assert_uint_eq(binder_thread_poll(manager->thread), 0);
	expect_read(second, "");
	expect_call(client, 0, 0, NULL, "");
	ck_assert_uint_eq(second->home->wakes, 1);
	ck_assert_uint_eq(manager->home->wakes, 0);
}
END_TEST

START_TEST(busy_thread_is_not_woken_for_work_of_the_process)
{
	struct thread *other = looper_new(world, 302);

	ck_assert_uint_eq(binder_thread_poll(manager->thread), 0);
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	manager->home->wakes = 0;
	expect_call(other, 0, 0, NULL, "");
	ck_assert_uint_eq(manager->home->wakes, 0);
	ck_assert_uint_eq(binder_thread_poll(manager->thread), 0);
}
END_TEST

START_TEST(own_completion_wakes_and_is_readable)
{
	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
}
END_TEST

START_TEST(own_failure_wakes_and_is_readable)
{
	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
	bc_call(client, 77, 1, 0, NULL);
	ck_assert_int_eq(ioctl_write(client), 0);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
}
END_TEST

START_TEST(own_clear_wakes_and_is_readable)
{
	u32 handle = fetch_from(client, looper_new(world, 302), 0x1000);

	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
	client->home->wakes = 0;
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(client);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
}
END_TEST

START_TEST(deferred_completion_is_not_readable)
{
	expect_call(client, 0, 0, NULL, "");
	give_up_waiting(client);
	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	ck_assert_uint_eq(client->home->wakes, 1);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
}
END_TEST

START_TEST(thread_that_ends_is_polled_no_more)
{
	struct thread *second = thread_new(manager->process, 101);

	ck_assert_uint_eq(binder_thread_poll(second->thread), 0);
	thread_exit(second);
	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

SCENE_SUITE(poll, idle_thread_has_nothing, unused_thread_is_readable,
	    work_of_the_process_is_readable_for_all_free_threads,
	    waiting_thread_is_woken_before_pollers,
	    busy_thread_is_not_woken_for_work_of_the_process, own_completion_wakes_and_is_readable,
	    own_failure_wakes_and_is_readable, own_clear_wakes_and_is_readable,
	    deferred_completion_is_not_readable, thread_that_ends_is_polled_no_more)

/* SPDX-License-Identifier: MIT */
/*
 * death.c: death notifications in all their orders (section 11).
 */
#include "suites.h"

static struct thread *server;
static u32 handle;

static void begin(void)
{
	server = looper_new(world, 302);
	handle = fetch_from(client, server, 0x1000);
}

static void request(u64 cookie)
{
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void clear(u64 cookie)
{
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void done(u64 cookie)
{
	bc_u64(client, BC_DEAD_BINDER_DONE, cookie);
	expect_write(client);
}

#define expect_cookie(words, cookie_) \
	do { \
		expect_read(client, words); \
		ck_assert_uint_eq(client->cookie, cookie_); \
	} while (0)

START_TEST(request_on_a_live_object_is_silent)
{
	begin();
	request(7);
	expect_nothing(client);
	ck_assert_uint_eq(world_counts(world).deaths, 1);
}
END_TEST

START_TEST(request_on_a_dead_object_is_answered_at_once)
{
	begin();
	process_close(server->process);
	request(7);
	expect_cookie("NOOP DEAD_BINDER", 7);
}
END_TEST

START_TEST(death_is_told_to_everyone_who_asked)
{
	struct thread *idle = thread_new(client->process, 202);

	begin();
	request(7);
	bc_handle_cookie(manager, BC_REQUEST_DEATH_NOTIFICATION, 1, 8);
	expect_write(manager);
	expect_read(idle, "");
	process_close(server->process);
	ck_assert_uint_eq(idle->home->wakes, 1);
	expect_read(idle, "NOOP DEAD_BINDER");
	ck_assert_uint_eq(idle->cookie, 7);
	expect_read(manager, "NOOP DEAD_BINDER");
	ck_assert_uint_eq(manager->cookie, 8);
	expect_nothing(client);
}
END_TEST

START_TEST(weak_reference_is_enough)
{
	u32 weak;

	begin();
	weak = fetch(client, handle_object(BINDER_TYPE_WEAK_HANDLE, 1));
	ck_assert_uint_eq(weak, handle);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	request(7);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
}
END_TEST

START_TEST(two_deaths_need_two_reads)
{
	u32 second;

	begin();
	second = fetch_from(client, server, 0x2000);
	request(7);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, second, 7); /* cookies may repeat */
	expect_write(client);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_nothing(client);
}
END_TEST

START_TEST(second_request_on_a_reference_is_ignored)
{
	begin();
	request(7);
	request(8);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_nothing(client);
}
END_TEST

START_TEST(clear_before_death_is_confirmed)
{
	begin();
	request(7);
	clear(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	process_close(server->process);
	expect_nothing(client);
	request(9); /* and may ask again */
	expect_cookie("NOOP DEAD_BINDER", 9);
}
END_TEST

START_TEST(clear_is_confirmed_to_a_looper_itself)
{
	struct thread *outsider = thread_new(client->process, 202);

	begin();
	request(7);
	clear(7);
	ck_assert_int_eq(ioctl_nonblock(outsider), -EAGAIN);
	expect_read(client, "NOOP CLEAR_DEATH_NOTIFICATION_DONE");
}
END_TEST

START_TEST(clear_by_another_thread_is_confirmed_to_the_process)
{
	struct thread *outsider = thread_new(client->process, 202);

	begin();
	request(7);
	expect_read(client, "");
	bc_handle_cookie(outsider, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(outsider);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
}
END_TEST

START_TEST(wrong_clear_is_ignored)
{
	begin();
	clear(7);
	request(7);
	clear(8);
	expect_nothing(client);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
}
END_TEST

START_TEST(clear_while_the_death_is_queued_waits_for_it)
{
	begin();
	request(7);
	process_close(server->process);
	clear(7);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	expect_nothing(client);
}
END_TEST

START_TEST(clear_while_the_death_is_unacknowledged_waits_for_it)
{
	begin();
	request(7);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
	clear(7);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
}
END_TEST

START_TEST(clear_after_all_is_confirmed_at_once)
{
	begin();
	request(7);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
	done(7);
	expect_nothing(client);
	clear(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
}
END_TEST

START_TEST(done_takes_the_first_with_that_cookie)
{
	u32 second;

	begin();
	second = fetch_from(client, server, 0x2000);
	request(7);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, second, 7);
	expect_write(client);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_cookie("NOOP DEAD_BINDER", 7);
	/* Which of the two references was told first is the order of the nodes. */
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, second, 7);
	expect_write(client);
	done(8);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	done(7);
	expect_nothing(client);
}
END_TEST

START_TEST(done_takes_the_one_told_first_of_many)
{
	struct thread *servers[5];
	u32 handles[5];
	int i;

	for (i = 0; i < 5; i++) {
		servers[i] = looper_new(world, 302 + i);
		handles[i] = fetch_from(client, servers[i], 0x1000);
		bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handles[i], 7);
		expect_write(client);
	}
	for (i = 0; i < 5; i++) {
		process_close(servers[i]->process);
		expect_cookie("NOOP DEAD_BINDER", 7);
	}
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handles[0], 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handles[2], 7);
	expect_write(client);
	for (i = 0; i < 5; i++) {
		done(7);
		if (i == 0 || i == 2)
			expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
		else
			expect_nothing(client);
	}
}
END_TEST

START_TEST(dropped_reference_takes_its_death_along)
{
	begin();
	request(7);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	process_close(server->process);
	expect_nothing(client);
	ck_assert_uint_eq(world_counts(world).deaths, 0);
}
END_TEST

START_TEST(dropped_reference_takes_a_queued_or_told_death_along)
{
	u32 second;

	begin();
	second = fetch_from(client, server, 0x2000);
	request(7);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, second, 8);
	expect_write(client);
	process_close(server->process);
	ck_assert_int_eq(ioctl_read(client), 0); /* one told, one queued */
	bc_u32(client, BC_RELEASE, handle);
	bc_u32(client, BC_RELEASE, second);
	bc_u64(client, BC_DEAD_BINDER_DONE, 7);
	bc_u64(client, BC_DEAD_BINDER_DONE, 8);
	expect_write(client);
	expect_nothing(client);
}
END_TEST

START_TEST(cookie_0_is_a_cookie)
{
	begin();
	request(0);
	process_close(server->process);
	expect_cookie("NOOP DEAD_BINDER", 0);
	done(0);
	clear(0);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 0);
}
END_TEST

START_TEST(end_of_a_thread_is_no_death)
{
	begin();
	request(7);
	thread_exit(server);
	expect_nothing(client);
}
END_TEST

START_TEST(confirmation_of_a_thread_that_ends_goes_to_another)
{
	struct thread *other = thread_new(client->process, 202);

	begin();
	request(7);
	bc(other, BC_ENTER_LOOPER);
	bc_handle_cookie(other, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(other);
	thread_exit(other);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
}
END_TEST

START_TEST(process_with_deaths_in_every_state_ends_cleanly)
{
	u32 more[4];
	int i;

	begin();
	for (i = 0; i < 4; i++) {
		more[i] = fetch_from(client, server, 0x2000 + 16 * (u64)i);
		bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, more[i], 10 + (u64)i);
	}
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, more[0], 10);
	expect_write(client);
	process_close(server->process);
	expect_read(client, "NOOP CLEAR_DEATH_NOTIFICATION_DONE");
	/* Told and then cleared; told; on its way and then cleared. */
	expect_read(client, "NOOP DEAD_BINDER");
	expect_read(client, "NOOP DEAD_BINDER");
	for (i = 1; i < 4; i++)
		if (client->cookie != 10 + (u64)i)
			bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, more[i], 10 + (u64)i);
	expect_write(client);
	process_close(client->process);
}
END_TEST

SCENE_SUITE(death, request_on_a_live_object_is_silent, request_on_a_dead_object_is_answered_at_once,
	    death_is_told_to_everyone_who_asked, weak_reference_is_enough,
	    two_deaths_need_two_reads, second_request_on_a_reference_is_ignored,
	    clear_before_death_is_confirmed, clear_is_confirmed_to_a_looper_itself,
	    clear_by_another_thread_is_confirmed_to_the_process, wrong_clear_is_ignored,
	    clear_while_the_death_is_queued_waits_for_it,
	    clear_while_the_death_is_unacknowledged_waits_for_it,
	    clear_after_all_is_confirmed_at_once, done_takes_the_first_with_that_cookie,
	    done_takes_the_one_told_first_of_many, dropped_reference_takes_its_death_along,
	    dropped_reference_takes_a_queued_or_told_death_along, cookie_0_is_a_cookie,
	    confirmation_of_a_thread_that_ends_goes_to_another, end_of_a_thread_is_no_death,
	    process_with_deaths_in_every_state_ends_cleanly)

/* SPDX-License-Identifier: MIT */
/* death.c: death notifications in all their orders (section 11). */
#include "scene.h"

static struct actor *server;
static uint32_t handle;

static void begin(void)
{
	scene();
	server = looper_new();
	handle = fetch_from(client, server, 0x1000);
}

static void request_for(struct actor *actor, uint32_t of, uint64_t cookie)
{
	bc_handle_cookie(actor, BC_REQUEST_DEATH_NOTIFICATION, of, cookie);
	expect_write(actor);
}

static void request(uint64_t cookie)
{
	request_for(client, handle, cookie);
}

static void clear(uint64_t cookie)
{
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void done(uint64_t cookie)
{
	bc_u64(client, BC_DEAD_BINDER_DONE, cookie);
	expect_write(client);
}

#define expect_cookie(words, cookie_) \
	do { \
		expect_read(client, words); \
		is(cookie_of(client), cookie_); \
	} while (0)

TEST("11.1", request_on_a_live_object_is_silent)
{
	begin();
	request(7);
	expect_nothing(client);
}

TEST("11.1", request_on_a_dead_object_is_answered_at_once)
{
	begin();
	process_ends(server);
	request(7);
	expect_cookie("NOOP DEAD_BINDER", 7);
}

TEST("11.1", second_request_on_a_reference_is_ignored)
{
	begin();
	request(7);
	request(8);
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_nothing(client);
}

TEST("11.2", death_is_told_to_everyone_who_asked)
{
	struct actor *idle;

	begin();
	idle = thread_new(client);
	request(7);
	request_for(manager, 1, 8);
	expect_waits(idle);
	process_ends(server);
	expect_return(idle, "NOOP DEAD_BINDER");
	is(cookie_of(idle), 7);
	expect_read(manager, "NOOP DEAD_BINDER");
	is(cookie_of(manager), 8);
	expect_nothing(client);
}

TEST("11.2", weak_reference_is_enough)
{
	begin();
	is(fetch(client, handle_object(BINDER_TYPE_WEAK_HANDLE, 1)), handle);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	request(7);
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
}

TEST("11.2", managers_death_is_told)
{
	scene();
	bc_u32(client, BC_ACQUIRE, 0);
	request_for(client, 0, 9);
	process_ends(manager);
	expect_cookie("NOOP DEAD_BINDER", 9);
}

TEST("11.3", done_takes_the_first_with_that_cookie)
{
	uint32_t second;

	begin();
	second = fetch_from(client, server, 0x2000);
	request(7);
	request_for(client, second, 7);
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_cookie("NOOP DEAD_BINDER", 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, second, 7);
	expect_write(client);
	done(8);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	done(7);
	expect_nothing(client);
}

TEST("11.4", clear_before_death_is_confirmed)
{
	begin();
	request(7);
	clear(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	process_ends(server);
	expect_nothing(client);
	request(9); /* and may ask again */
	expect_cookie("NOOP DEAD_BINDER", 9);
}

TEST("11.4", clear_is_confirmed_to_a_looper_itself)
{
	struct actor *outsider;

	begin();
	outsider = thread_new(client);
	request(7);
	clear(7);
	expect_nothing(outsider);
	expect_read(client, "NOOP CLEAR_DEATH_NOTIFICATION_DONE");
}

TEST("11.4", clear_by_another_thread_is_confirmed_to_the_process)
{
	struct actor *outsider;

	begin();
	outsider = thread_new(client);
	request(7);
	expect_waits(client);
	bc_handle_cookie(outsider, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(outsider);
	expect_return(client, "NOOP CLEAR_DEATH_NOTIFICATION_DONE");
	is(cookie_of(client), 7);
}

TEST("11.4", wrong_clear_is_ignored)
{
	begin();
	clear(7);
	request(7);
	clear(8);
	expect_nothing(client);
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
}

TEST("11.5", clear_while_the_death_is_queued_waits_for_it)
{
	begin();
	request(7);
	process_ends(server);
	clear(7);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
	expect_nothing(client);
}

TEST("11.5", clear_while_the_death_is_unacknowledged_waits_for_it)
{
	begin();
	request(7);
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
	clear(7);
	expect_nothing(client);
	done(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
}

TEST("11.6", clear_after_all_is_confirmed_at_once)
{
	begin();
	request(7);
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
	done(7);
	expect_nothing(client);
	clear(7);
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 7);
}

TEST("11.7", dropped_reference_takes_its_death_along)
{
	begin();
	request(7);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	process_ends(server);
	expect_nothing(client);
}

TEST("11.7", dropped_reference_takes_a_queued_or_told_death_along)
{
	uint32_t second;

	begin();
	second = fetch_from(client, server, 0x2000);
	request(7);
	request_for(client, second, 8);
	process_ends(server);
	expect_read(client, "NOOP DEAD_BINDER"); /* one told, one queued */
	bc_u32(client, BC_RELEASE, handle);
	bc_u32(client, BC_RELEASE, second);
	bc_u64(client, BC_DEAD_BINDER_DONE, 7);
	bc_u64(client, BC_DEAD_BINDER_DONE, 8);
	expect_write(client);
	expect_nothing(client);
}

TEST("11.8", cookie_0_is_a_cookie)
{
	begin();
	request(0);
	process_ends(server);
	client->news.cookie = 99;
	expect_cookie("NOOP DEAD_BINDER", 0);
	done(0);
	clear(0);
	client->news.cookie = 99;
	expect_cookie("NOOP CLEAR_DEATH_NOTIFICATION_DONE", 0);
}

TEST("11.8", two_deaths_need_two_reads)
{
	uint32_t second;

	begin();
	second = fetch_from(client, server, 0x2000);
	request(7);
	request_for(client, second, 7); /* cookies may repeat */
	process_ends(server);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_cookie("NOOP DEAD_BINDER", 7);
	expect_nothing(client);
}

TEST("11.8", thread_that_is_no_looper_may_ask)
{
	struct actor *outsider;

	begin();
	outsider = thread_new(client);
	request_for(outsider, handle, 7);
	process_ends(server);
	expect_read(outsider, "NOOP DEAD_BINDER");
}

TEST("11.9", end_of_a_thread_is_no_death)
{
	begin();
	request(7);
	is(actor_ioctl(server, BINDER_THREAD_EXIT, NULL), 0);
	expect_nothing(client);
}

TEST("11.4", confirmation_of_a_thread_that_ends_is_lost)
{
	struct actor *other;

	begin();
	other = thread_new(client);
	request(7);
	bc(other, BC_ENTER_LOOPER);
	bc_handle_cookie(other, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(other);
	is(actor_ioctl(other, BINDER_THREAD_EXIT, NULL), 0);
	expect_nothing(client);
}

TEST("11.7", process_with_deaths_in_every_state_ends_cleanly)
{
	uint32_t more[4];

	begin();
	for (int i = 0; i < 4; i++) {
		more[i] = fetch_from(client, server, 0x2000 + 16 * (uint64_t)i);
		request_for(client, more[i], 10 + (uint64_t)i);
	}
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, more[0], 10);
	expect_write(client);
	process_ends(server);
	is(do_read(client, client->room), 0); /* the confirmation, perhaps one death */
	for (int i = 1; i < 4; i++)
		bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, more[i], 10 + (uint64_t)i);
	expect_write(client);
	process_ends(client);
	round_trip(looper_new(), 0, manager);
}

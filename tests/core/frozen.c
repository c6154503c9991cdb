/* SPDX-License-Identifier: MIT */
/*
 * frozen.c: freeze notifications in all their orders (12.4 to 12.6).
 */
#include "suites.h"

static struct thread *server;
static u32 handle;

static void begin(void)
{
	server = looper_new(world, 302);
	handle = fetch_from(client, server, 0x1000);
}

static void freeze(u32 enable)
{
	struct binder_freeze_info info = { .pid = 302, .enable = enable };

	ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_FREEZE, (uintptr_t)&info), 0);
}

static void request(u64 cookie)
{
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void clear(u64 cookie)
{
	bc_handle_cookie(client, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void done(u64 cookie)
{
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, cookie);
	expect_write(client);
}

#define expect_state(cookie_, frozen_) \
	do { \
		expect_read(client, "NOOP FROZEN_BINDER"); \
		ck_assert_uint_eq(client->frozen.cookie, cookie_); \
		ck_assert_uint_eq(client->frozen.is_frozen, frozen_); \
	} while (0)
#define expect_cleared(cookie_) \
	do { \
		expect_read(client, "NOOP CLEAR_FREEZE_NOTIFICATION_DONE"); \
		ck_assert_uint_eq(client->cookie, cookie_); \
	} while (0)

START_TEST(request_is_answered_with_the_state)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	expect_nothing(client);
}
END_TEST

START_TEST(request_on_a_frozen_object_says_so)
{
	begin();
	freeze(1);
	request(7);
	expect_state(7, 1);
}
END_TEST

START_TEST(request_on_a_dead_object_is_silent)
{
	begin();
	process_close(server->process);
	request(7);
	expect_nothing(client);
	clear(7);
	expect_cleared(7);
}
END_TEST

START_TEST(each_change_is_told_once_acknowledged)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	freeze(1);
	expect_state(7, 1);
	done(7);
	freeze(0);
	expect_state(7, 0);
	done(7);
	expect_nothing(client);
}
END_TEST

START_TEST(change_while_unacknowledged_waits)
{
	begin();
	request(7);
	expect_state(7, 0);
	freeze(1);
	expect_nothing(client);
	done(7);
	expect_state(7, 1);
	done(7);
	expect_nothing(client);
}
END_TEST

START_TEST(change_back_while_unacknowledged_tells_the_latest)
{
	begin();
	request(7);
	expect_state(7, 0);
	freeze(1);
	freeze(0);
	done(7);
	expect_state(7, 0);
	done(7);
	expect_nothing(client);
}
END_TEST

START_TEST(change_while_queued_overwrites)
{
	begin();
	request(7);
	freeze(1);
	expect_state(7, 1);
	expect_nothing(client);
	done(7);
	expect_nothing(client);
}
END_TEST

START_TEST(clear_when_idle_is_confirmed)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	clear(7);
	expect_cleared(7);
	freeze(1);
	expect_nothing(client);
}
END_TEST

START_TEST(clear_while_queued_takes_its_place)
{
	begin();
	request(7);
	clear(7);
	expect_cleared(7);
	expect_nothing(client);
}
END_TEST

START_TEST(clear_while_unacknowledged_waits)
{
	begin();
	request(7);
	expect_state(7, 0);
	clear(7);
	expect_nothing(client);
	done(7);
	expect_cleared(7);
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, 7);
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
}
END_TEST

START_TEST(request_again_after_clear)
{
	begin();
	request(7);
	expect_state(7, 0);
	clear(7);
	request(8);
	expect_state(8, 0);
	done(7);
	expect_cleared(7);
	done(8);
	freeze(1);
	expect_state(8, 1);
}
END_TEST

START_TEST(dropped_reference_takes_its_notification_along)
{
	begin();
	request(7);
	expect_state(7, 0);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	freeze(1);
	expect_nothing(client);
}
END_TEST

START_TEST(watched_process_may_end)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	process_close(server->process);
	expect_nothing(client);
	clear(7);
	expect_cleared(7);
}
END_TEST

START_TEST(watcher_may_end_in_every_state)
{
	u32 more;

	begin();
	more = fetch_from(client, server, 0x2000);
	request(7);
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, more, 8);
	expect_write(client);
	expect_state(7, 0);
	clear(7);
	process_close(client->process);
}
END_TEST

START_TEST(watcher_may_end_with_a_clearing_queued)
{
	begin();
	request(7);
	clear(7);
	process_close(client->process);
}
END_TEST

START_TEST(thread_that_ends_leaves_notifications_to_others)
{
	struct thread *other = thread_new(client->process, 202);

	begin();
	bc_handle_cookie(other, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, handle, 7);
	expect_write(other);
	thread_exit(other);
	expect_state(7, 0);
}
END_TEST

START_TEST(freezing_twice_is_one_change)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	freeze(1);
	expect_state(7, 1);
	freeze(1);
	done(7);
	expect_nothing(client);
}
END_TEST

SCENE_SUITE(frozen, freezing_twice_is_one_change, request_is_answered_with_the_state,
	    request_on_a_frozen_object_says_so, request_on_a_dead_object_is_silent,
	    each_change_is_told_once_acknowledged, change_while_unacknowledged_waits,
	    change_back_while_unacknowledged_tells_the_latest, change_while_queued_overwrites,
	    clear_when_idle_is_confirmed, clear_while_queued_takes_its_place,
	    clear_while_unacknowledged_waits, request_again_after_clear,
	    dropped_reference_takes_its_notification_along, watched_process_may_end,
	    watcher_may_end_in_every_state, watcher_may_end_with_a_clearing_queued,
	    thread_that_ends_leaves_notifications_to_others)

/* SPDX-License-Identifier: MIT */
/* frozen.c: freeze notifications in all their orders (12.4 to 12.6; Linux 6.12). */
#include "scene.h"

static struct actor *server;
static uint32_t handle;

static void begin(void)
{
	scene();
	need_freeze_notifications();
	server = looper_new();
	handle = fetch_from(client, server, 0x1000);
}

static void freeze(uint32_t enable)
{
	struct binder_freeze_info info = { .pid = (uint32_t)server->pid, .enable = enable };

	is(actor_ioctl_value(manager, BINDER_FREEZE, info), 0);
}

static void request(uint64_t cookie)
{
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void clear(uint64_t cookie)
{
	bc_handle_cookie(client, NEW_BC_CLEAR_FREEZE_NOTIFICATION, handle, cookie);
	expect_write(client);
}

static void done(uint64_t cookie)
{
	bc_u64(client, NEW_BC_FREEZE_NOTIFICATION_DONE, cookie);
	expect_write(client);
}

static void check_state(uint64_t cookie, uint32_t is_frozen)
{
	expect_read_(client, "NOOP FROZEN_BINDER");
	is(cookie_of(client), cookie);
	is(client->news.is_frozen, is_frozen);
}

static void check_cleared(uint64_t cookie)
{
	expect_read_(client, "NOOP CLEAR_FREEZE_NOTIFICATION_DONE");
	is(cookie_of(client), cookie);
}

#define expect_state(cookie, is_frozen) STEP(check_state(cookie, is_frozen))
#define expect_cleared(cookie) STEP(check_cleared(cookie))

TEST("12.4", request_is_answered_with_the_state)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	expect_nothing(client);
}

TEST("12.4", request_on_a_frozen_object_says_so)
{
	begin();
	freeze(1);
	request(7);
	expect_state(7, 1);
}

TEST("12.4", request_on_a_dead_object_is_silent)
{
	begin();
	process_ends(server);
	request(7);
	expect_nothing(client);
	clear(7);
	expect_cleared(7);
}

TEST("12.5", each_change_is_told_once_acknowledged)
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

TEST("12.5", change_while_unacknowledged_waits)
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

TEST("12.5", change_back_while_unacknowledged_tells_the_latest)
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

TEST("12.5", change_while_queued_overwrites)
{
	begin();
	request(7);
	freeze(1);
	expect_state(7, 1);
	expect_nothing(client);
	done(7);
	expect_nothing(client);
}

TEST("12.6", clear_when_idle_is_confirmed)
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

TEST("12.6", clear_while_queued_takes_its_place)
{
	begin();
	request(7);
	clear(7);
	expect_cleared(7);
	expect_nothing(client);
}

TEST("12.6", clear_while_unacknowledged_waits)
{
	begin();
	request(7);
	expect_state(7, 0);
	clear(7);
	expect_nothing(client);
	done(7);
	expect_cleared(7);
	bc_u64(client, NEW_BC_FREEZE_NOTIFICATION_DONE, 7);
	expect_write_result(client, -EINVAL);
}

TEST("12.6", request_again_after_clear)
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

TEST("12.6", dropped_reference_takes_its_notification_along)
{
	begin();
	request(7);
	expect_state(7, 0);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	freeze(1);
	expect_nothing(client);
}

TEST("12.6", watched_process_may_end)
{
	begin();
	request(7);
	expect_state(7, 0);
	done(7);
	process_ends(server);
	expect_nothing(client);
	clear(7);
	expect_cleared(7);
}

TEST("12.6", watcher_may_end_in_every_state)
{
	uint32_t more;

	begin();
	more = fetch_from(client, server, 0x2000);
	request(7);
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, more, 8);
	expect_write(client);
	is(do_read(client, client->room), 0);
	clear(7);
	process_ends(client);
	freeze(1);
	freeze(0);
}

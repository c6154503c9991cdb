/* SPDX-License-Identifier: MIT */
/* poll.c: what poll reports, and who is woken for it (section 14). */
#include "scene.h"
#include "../limit.h"

#include <poll.h>

/* Now or soon: a driver that is a process may be on its way to say so. */
#define expect_readable(actor) is(actor_poll(actor, POLLIN, limit_of(5000)), POLLIN)
#define expect_idle(actor) is(actor_poll(actor, POLLIN, 0), 0)

static long do_poll_waiting(struct actor *self, const long *arguments)
{
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN };

	return poll(&pfd, 1, -1) < 0 ? -errno : pfd.revents;
}

/* Sleeps in poll(2). */
static void begin_poll(struct actor *actor)
{
	actor_start(actor, do_poll_waiting, 0);
	need(actor_blocks(actor));
}

TEST("14.1", idle_thread_has_nothing)
{
	scene();
	expect_idle(client);
}

TEST("14.1", device_is_never_writable)
{
	scene();
	is(actor_poll(client, POLLOUT, 0), 0);
	is(actor_poll(client, POLLIN | POLLOUT | POLLPRI, 0), 0);
	send_call(client, 0, TF_ONE_WAY, NULL);
	is(actor_poll(client, POLLIN | POLLOUT, limit_of(5000)), POLLIN);
}

TEST("14.1", work_of_the_process_is_readable)
{
	scene();
	expect_idle(manager);
	send_call(client, 0, 0, NULL);
	expect_readable(manager);
	expect_read(manager, "NOOP TRANSACTION");
	expect_idle(manager);
}

TEST("14.1", own_completion_is_readable)
{
	scene();
	expect_idle(client);
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_readable(client);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	expect_idle(client);
}

TEST("14.1", own_failure_is_readable)
{
	scene();
	expect_idle(client);
	bc_call(client, 77, 1, 0, NULL);
	expect_write_result(client, 0);
	expect_readable(client);
	expect_read(client, "NOOP FAILED_REPLY");
	expect_idle(client);
}

TEST("14.1", busy_thread_does_not_see_work_of_the_process)
{
	struct actor *other;

	scene();
	other = looper_new();
	expect_idle(manager);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(other, 0, 0, NULL);
	expect_idle(manager);
	reply_with(manager, 0, NULL);
	expect_readable(manager);
}

TEST("14.2", unused_thread_is_readable)
{
	struct actor *fresh;

	scene();
	fresh = thread_bare(client);
	expect_readable(fresh);
	expect_readable(fresh);
	expect_read(fresh, "NOOP");
	expect_idle(fresh);
}

TEST("14.3", work_of_the_process_wakes_all_free_pollers)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	begin_poll(manager);
	begin_poll(second);
	send_call(client, 0, 0, NULL);
	is(actor_join(manager), POLLIN);
	is(actor_join(second), POLLIN);
	expect_read(second, "NOOP TRANSACTION");
	expect_nothing(manager);
	expect_idle(manager);
}

TEST("14.3", waiting_thread_is_woken_before_pollers)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	begin_poll(manager);
	expect_waits(second);
	send_call(client, 0, 0, NULL);
	expect_return(second, "NOOP TRANSACTION");
	need(actor_blocks(manager));
}

TEST("14.4", clear_by_a_poller_wakes_it)
{
	uint32_t handle;

	scene();
	handle = fetch_from(client, looper_new(), 0x1000);
	expect_idle(client);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(client);
	expect_readable(client);
	expect_read(client, "NOOP CLEAR_DEATH_NOTIFICATION_DONE");
}

TEST("14.5", deferred_completion_is_not_readable)
{
	scene();
	expect_idle(client);
	send_call(client, 0, 0, NULL);
	expect_idle(client);
	expect_read(manager, "NOOP TRANSACTION");
	begin_poll(client);
	reply_with(manager, 0, NULL);
	is(actor_join(client), POLLIN);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("14.6", thread_that_ended_is_polled_as_a_new_one)
{
	struct actor *second;

	scene();
	second = thread_new(manager);
	expect_idle(second);
	is(actor_ioctl(second, BINDER_THREAD_EXIT, NULL), 0);
	send_call(client, 0, 0, NULL);
	expect_readable(second);
	expect_read(manager, "NOOP TRANSACTION");
}

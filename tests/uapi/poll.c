/* SPDX-License-Identifier: MIT */
/* poll.c: what poll reports, and who is woken for it (section 14). */
#include "scene.h"

#include <poll.h>

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
	is(actor_poll(client, POLLIN), 0);
}

TEST("14.1", device_is_never_writable)
{
	scene();
	is(actor_poll(client, POLLOUT), 0);
	is(actor_poll(client, POLLIN | POLLOUT | POLLPRI), 0);
	send_call(client, 0, TF_ONE_WAY, NULL);
	is(actor_poll(client, POLLIN | POLLOUT), POLLIN);
}

TEST("14.1", work_of_the_process_is_readable)
{
	scene();
	is(actor_poll(manager, POLLIN), 0);
	send_call(client, 0, 0, NULL);
	is(actor_poll(manager, POLLIN), POLLIN);
	expect_read(manager, "NOOP TRANSACTION");
	is(actor_poll(manager, POLLIN), 0);
}

TEST("14.1", own_completion_is_readable)
{
	scene();
	is(actor_poll(client, POLLIN), 0);
	bc_call(client, 0, 1, TF_ONE_WAY, NULL);
	expect_write(client);
	is(actor_poll(client, POLLIN), POLLIN);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	is(actor_poll(client, POLLIN), 0);
}

TEST("14.1", own_failure_is_readable)
{
	scene();
	is(actor_poll(client, POLLIN), 0);
	bc_call(client, 77, 1, 0, NULL);
	expect_write_result(client, 0);
	is(actor_poll(client, POLLIN), POLLIN);
	expect_read(client, "NOOP FAILED_REPLY");
	is(actor_poll(client, POLLIN), 0);
}

TEST("14.1", busy_thread_does_not_see_work_of_the_process)
{
	struct actor *other;

	scene();
	other = looper_new();
	is(actor_poll(manager, POLLIN), 0);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	send_call(other, 0, 0, NULL);
	is(actor_poll(manager, POLLIN), 0);
	reply_with(manager, 0, NULL);
	is(actor_poll(manager, POLLIN), POLLIN);
}

TEST("14.2", unused_thread_is_readable)
{
	struct actor *fresh;

	scene();
	fresh = thread_bare(client);
	is(actor_poll(fresh, POLLIN), POLLIN);
	is(actor_poll(fresh, POLLIN), POLLIN);
	expect_read(fresh, "NOOP");
	is(actor_poll(fresh, POLLIN), 0);
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
	is(actor_poll(manager, POLLIN), 0);
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
	is(actor_poll(client, POLLIN), 0);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	expect_write(client);
	is(actor_poll(client, POLLIN), POLLIN);
	expect_read(client, "NOOP CLEAR_DEATH_NOTIFICATION_DONE");
}

TEST("14.5", deferred_completion_is_not_readable)
{
	scene();
	is(actor_poll(client, POLLIN), 0);
	send_call(client, 0, 0, NULL);
	is(actor_poll(client, POLLIN), 0);
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
	is(actor_poll(second, POLLIN), 0);
	is(actor_ioctl(second, BINDER_THREAD_EXIT, NULL), 0);
	send_call(client, 0, 0, NULL);
	is(actor_poll(second, POLLIN), POLLIN);
	expect_read(manager, "NOOP TRANSACTION");
}

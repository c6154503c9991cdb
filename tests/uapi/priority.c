/* SPDX-License-Identifier: MIT */
/* priority.c: how nice a thread is while it handles a call (section 15). */
#include "scene.h"

#include <sys/resource.h>
#include <unistd.h>

static long do_set_nice(struct actor *self, const long *arguments)
{
	return setpriority(PRIO_PROCESS, (id_t)self->tid, (int)arguments[0]) < 0 ? -errno : 0;
}

static long do_get_nice(struct actor *self, const long *arguments)
{
	return getpriority(PRIO_PROCESS, (id_t)self->tid);
}

/* How nice the test was started: its actors are so, too, and all else is measured from there. */
static int usual;

static void begin(void)
{
	need_root(); /* to become less nice */
	usual = getpriority(PRIO_PROCESS, 0);
	if (usual > 19 - 6)
		check_skip("started too nice to become nicer");
	scene();
}

static void set_nice(struct actor *actor, int more)
{
	is(actor_do(actor, do_set_nice, usual + more), 0);
}

/* How much nicer it is than the test was started. */
#define nice_of(actor) (actor_do(actor, do_get_nice, 0) - usual)

/* A handle of client's to an object of the manager's process with this ceiling. */
static uint32_t object_with(int more)
{
	const uint8_t min_priority = (uint8_t)(usual + more);
	struct flat_binder_object object =
		local_object(BINDER_TYPE_BINDER, 0x1000u + min_priority, 1);

	object.flags = min_priority;
	return fetch(client, object);
}

TEST("15.1", callee_is_as_nice_as_its_caller)
{
	begin();
	set_nice(client, 5);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 5);
	reply_with(manager, 0, NULL);
}

TEST("15.1", caller_below_the_ceiling_takes_the_callee_along)
{
	uint32_t handle;

	begin();
	handle = object_with(4);
	set_nice(client, 3);
	send_call(client, handle, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 3);
}

TEST("15.1", object_sets_a_ceiling_of_niceness)
{
	uint32_t handle;

	begin();
	handle = object_with(4);
	set_nice(client, 6);
	send_call(client, handle, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 4);
}

TEST("15.1", oneway_leaves_the_priority_below_the_ceiling)
{
	uint32_t handle;

	begin();
	handle = object_with(4);
	set_nice(client, 3);
	expect_oneway(client, handle, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 0);
}

TEST("15.2", reply_restores_the_priority)
{
	begin();
	set_nice(client, 5);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 5);
	bc_reply(manager, 0, NULL);
	expect_write(manager);
	is(nice_of(manager), 0);
}

TEST("15.2", failing_reply_restores_the_priority)
{
	begin();
	set_nice(client, 5);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	process_ends(client);
	is(nice_of(manager), 5);
	bc_reply(manager, 0, NULL);
	expect_write(manager);
	is(nice_of(manager), 0);
}

TEST("15.3", waiting_for_work_of_the_process_restores_the_default)
{
	begin();
	set_nice(manager, 6);
	expect_nothing(manager);
	is(nice_of(manager), 0);
}

TEST("15.3", waiting_for_a_reply_keeps_the_priority)
{
	begin();
	set_nice(client, 6);
	send_call(client, 0, 0, NULL);
	expect_nothing(client);
	is(nice_of(client), 6);
}

static long do_drop_root(struct actor *self, const long *arguments)
{
	/* Of 20 less the niceness. */
	const rlim_t most = (rlim_t)(20 - usual - arguments[0]);
	struct rlimit limit = { most, most };

	if (setrlimit(RLIMIT_NICE, &limit) < 0 || setresuid(1234, 1234, 1234) < 0)
		return -errno;
	return 0;
}

TEST("15.4", callee_that_may_not_goes_as_far_as_its_limit)
{
	begin();
	set_nice(manager, 6);
	if (actor_do(manager, do_drop_root, 5) < 0)
		check_skip("may not raise RLIMIT_NICE");
	set_nice(client, 0);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 5);
}

TEST("15.4", callee_that_may_go_nowhere_stays_as_it_is)
{
	begin();
	set_nice(manager, 6);
	if (actor_do(manager, do_drop_root, 20 - usual) < 0)
		check_skip("may not become somebody else");
	set_nice(client, 0);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(nice_of(manager), 6);
}

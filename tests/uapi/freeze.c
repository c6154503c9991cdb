/* SPDX-License-Identifier: MIT */
/* freeze.c: frozen processes, and what is sent to them (12.1 to 12.3, 12.7, 12.8, 2.8, 2.9). */
#include "scene.h"

static struct binder_freeze_info *freeze_info(const struct actor *whom, uint32_t enable,
					      uint32_t timeout_ms)
{
	struct binder_freeze_info *info = arena_alloc(sizeof(*info));

	*info = (struct binder_freeze_info){
		.pid = (uint32_t)whom->pid,
		.enable = enable,
		.timeout_ms = timeout_ms,
	};
	return info;
}

static long freeze(struct actor *by, struct actor *whom, uint32_t enable)
{
	return actor_ioctl(by, BINDER_FREEZE, freeze_info(whom, enable, 0));
}

static long do_freeze(struct actor *self, const long *arguments)
{
	return ioctl(self->fd, BINDER_FREEZE, arguments[0]) < 0 ? -errno : 0;
}

static void check_info(struct actor *whom, uint32_t sync_recv, uint32_t async_recv)
{
	struct binder_frozen_status_info *info = arena_alloc(sizeof(*info));

	info->pid = (uint32_t)whom->pid;
	is(actor_ioctl(client, BINDER_GET_FROZEN_INFO, info), 0);
	is(info->sync_recv, sync_recv);
	is(info->async_recv, async_recv);
}

#define expect_info(whom, sync, async) STEP(check_info(whom, sync, async))

/* Sends a one-way call to a frozen process; what the sender reads is a driver's version's. */
static void oneway_to_frozen(uint32_t code, uint32_t flags, const struct payload *payload)
{
	bc_call(client, 0, code, TF_ONE_WAY | flags, payload);
	expect_write_(client);
	is(do_read(client, client->room), 0);
	need(strcmp(client->news.words, "NOOP TRANSACTION_PENDING_FROZEN") == 0 ||
	     strcmp(client->news.words, "NOOP TRANSACTION_COMPLETE") == 0);
}

/* Somebody else, as an activity manager would be. */
static struct actor *freezer;

static void begin(void)
{
	scene();
	freezer = process_new();
}

TEST("2.8", unknown_pid_is_einval)
{
	struct actor nobody = { .pid = 0x3fffffff };
	struct binder_frozen_status_info *info = arena_alloc(sizeof(*info));

	begin();
	is(freeze(freezer, &nobody, 1), -EINVAL);
	is(freeze(freezer, &nobody, 0), -EINVAL);
	info->pid = (uint32_t)nobody.pid;
	is(actor_ioctl(freezer, BINDER_GET_FROZEN_INFO, info), -EINVAL);
	is(actor_ioctl(freezer, BINDER_FREEZE, (void *)BAD_ADDRESS), -EFAULT);
	is(actor_ioctl(freezer, BINDER_GET_FROZEN_INFO, (void *)BAD_ADDRESS), -EFAULT);
}

TEST("2.8", call_under_way_refuses_the_freeze)
{
	begin();
	send_call(client, 0, 0, NULL);
	is(freeze(freezer, manager, 1), -EAGAIN);
	expect_info(manager, 2, 0);
	expect_read(manager, "NOOP TRANSACTION");
	is(freeze(freezer, manager, 1), -EAGAIN);
	reply_with(manager, 0, NULL);
	is(freeze(freezer, manager, 1), 0);
}

TEST("2.8", every_open_of_the_pid_freezes)
{
	struct actor *one, *two;
	uint32_t first, second;

	begin();
	one = looper_new();
	two = open_new(one);
	first = fetch_from(client, one, 0x1000);
	second = fetch_from(client, two, 0x1000);
	is(freeze(freezer, one, 1), 0);
	expect_call(client, first, 0, NULL, "NOOP FROZEN_REPLY");
	expect_call(client, second, 0, NULL, "NOOP FROZEN_REPLY");
	is(freeze(freezer, one, 0), 0);
	round_trip(client, first, one);
	round_trip(client, second, two);
}

TEST("2.8", process_may_freeze_itself_and_thaw)
{
	begin();
	is(freeze(manager, manager, 1), 0);
	expect_call(client, 0, 0, NULL, "NOOP FROZEN_REPLY");
	is(freeze(manager, manager, 0), 0);
	round_trip(client, 0, manager);
}

TEST("2.9", information_tells_what_came_since_the_freeze)
{
	begin();
	expect_info(manager, 0, 0);
	is(freeze(freezer, manager, 1), 0);
	expect_info(manager, 0, 0);
	expect_call(client, 0, 0, NULL, "NOOP FROZEN_REPLY");
	expect_info(manager, 1, 0);
	is(freeze(freezer, manager, 0), 0);
	expect_info(manager, 0, 0);
}

TEST("12.1", freeze_waits_for_calls_under_way)
{
	struct actor *second;

	begin();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	actor_start(freezer, do_freeze, (long)freeze_info(manager, 1, 60000));
	need(actor_blocks(freezer));
	/* It is frozen meanwhile. */
	second = looper_new();
	expect_call(second, 0, 0, NULL, "NOOP FROZEN_REPLY");
	need(actor_blocks(freezer));
	reply_with(manager, 0, NULL);
	is(actor_join(freezer), 0);
	expect_info(manager, 1, 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("12.1", freeze_that_waits_in_vain_thaws)
{
	struct actor *second;

	begin();
	send_call(client, 0, 0, NULL);
	is(actor_ioctl(freezer, BINDER_FREEZE, freeze_info(manager, 1, 50)), -EAGAIN);
	second = looper_new();
	send_call(second, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("12.1", process_that_waits_for_a_reply_does_not_freeze)
{
	struct actor *server;
	uint32_t handle;

	begin();
	server = looper_new();
	handle = give_object(server, 0x1000);
	send_call(manager, handle, 0, NULL);
	expect_read(server, "NOOP TRANSACTION");
	is(freeze(freezer, manager, 1), -EAGAIN); /* it waits for a reply */
	is(freeze(freezer, server, 1), -EAGAIN);  /* it handles a call */
	reply_with(server, 0, NULL);
	is(freeze(freezer, manager, 1), -EAGAIN); /* the reply is not read */
	expect_read(manager, "NOOP TRANSACTION_COMPLETE REPLY");
	is(freeze(freezer, manager, 1), 0);
}

TEST("12.2", call_to_a_frozen_process_is_refused)
{
	begin();
	is(freeze(freezer, manager, 1), 0);
	expect_call(client, 0, 0, NULL, "NOOP FROZEN_REPLY");
	expect_error(client, BR_FROZEN_REPLY, 0);
	expect_nothing(manager);
	is(freeze(freezer, manager, 0), 0);
	round_trip(client, 0, manager);
}

TEST("12.2", oneway_to_a_frozen_process_is_queued)
{
	begin();
	is(freeze(freezer, manager, 1), 0);
	oneway_to_frozen(1, 0, NULL);
	expect_info(manager, 2, 1);
	expect_read(manager, "NOOP TRANSACTION");
	expect_info(manager, 0, 1);
}

TEST("12.2", oneway_to_a_frozen_process_is_told_as_pending)
{
	begin();
	need_freeze_notifications(); /* they came together */
	is(freeze(freezer, manager, 1), 0);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_PENDING_FROZEN");
	is(freeze(freezer, manager, 0), 0);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
}

static void update(uint32_t code, const char *text)
{
	oneway_to_frozen(code, TF_UPDATE_TXN, payload_text(text));
}

static void check_arrives(const char *text)
{
	expect_read_(manager, "NOOP TRANSACTION");
	is_text(text_of(manager), text);
	free_buffer_(manager);
}

#define expect_text(text) STEP(check_arrives(text))

TEST("12.3", update_replaces_a_queued_one)
{
	begin();
	is(freeze(freezer, manager, 1), 0);
	update(1, "handed over");
	update(1, "outdated");
	update(2, "another code");
	update(1, "latest");
	expect_text("handed over");
	expect_text("another code");
	expect_text("latest");
	expect_nothing(manager);
}

TEST("12.3", update_of_a_process_that_is_not_frozen_replaces_nothing)
{
	begin();
	update(1, "one");
	update(1, "two");
	update(1, "three");
	expect_text("one");
	expect_text("two");
	expect_text("three");
}

TEST("12.3", update_replaces_only_what_its_own_process_sent)
{
	struct actor *other;

	begin();
	other = looper_new();
	is(freeze(freezer, manager, 1), 0);
	update(1, "handed over");
	bc_call(other, 0, 1, TF_ONE_WAY | TF_UPDATE_TXN, payload_text("theirs"));
	expect_write(other);
	update(1, "mine");
	expect_text("handed over");
	expect_text("theirs");
	expect_text("mine");
}

TEST("12.3", update_with_other_flags_replaces_nothing)
{
	begin();
	is(freeze(freezer, manager, 1), 0);
	update(1, "handed over");
	update(1, "plain");
	oneway_to_frozen(1, TF_UPDATE_TXN | TF_CLEAR_BUF, payload_text("clear"));
	expect_text("handed over");
	expect_text("plain");
	expect_text("clear");
}

TEST("12.7", frozen_process_may_read_and_call)
{
	struct actor *server;
	uint32_t handle;

	begin();
	server = looper_new();
	handle = give_object(server, 0x1000);
	is(freeze(freezer, manager, 1), 0);
	round_trip(manager, handle, server);
}

TEST("12.8", frozen_process_that_ends_is_frozen_no_more)
{
	begin();
	is(freeze(freezer, manager, 1), 0);
	process_ends(manager);
	is(freeze(freezer, manager, 0), -EINVAL);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
}

/* At once or when its time is up: upstream does not wake whoever waits for it. */
TEST("12.8", freezing_ends_with_the_process)
{
	begin();
	send_call(client, 0, 0, NULL);
	actor_start(freezer, do_freeze, (long)freeze_info(manager, 1, 1000));
	need(actor_blocks(freezer));
	process_ends(manager);
	is(actor_join(freezer), 0);
}

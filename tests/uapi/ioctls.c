/* SPDX-License-Identifier: MIT */
/* ioctls.c: the small ioctls, and extended errors (sections 2 and 16). */
#include "scene.h"

#include <fcntl.h>

static void *const bad = (void *)BAD_ADDRESS;

TEST("0.5", version_is_8)
{
	struct actor *actor = process_new();
	struct binder_version *version = arena_alloc(sizeof(*version));

	is(actor_ioctl(actor, BINDER_VERSION, version), 0);
	is(version->protocol_version, 8);
}

TEST("2.1", bad_argument_is_efault)
{
	struct actor *actor = process_new();

	is(actor_ioctl(actor, BINDER_WRITE_READ, bad), -EFAULT);
}

TEST("2.1", failed_write_says_how_far_it_came)
{
	struct actor *actor = process_new();

	bc(actor, BC_ENTER_LOOPER);
	bc(actor, _IO('c', 99));
	actor->bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)actor->out.bytes,
		.write_size = actor->out.used,
		.read_buffer = (uintptr_t)actor->in,
		.read_size = sizeof(actor->in),
		.read_consumed = 12,
	};
	is(actor_do(actor, do_write_read, 0), -EINVAL);
	is(actor->bwr.write_consumed, 4);
	is(actor->bwr.read_consumed, 0);
}

TEST("2.1", failed_read_says_what_was_written)
{
	struct actor *actor = process_new();

	bc(actor, BC_ENTER_LOOPER);
	actor->bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)actor->out.bytes,
		.write_size = actor->out.used,
		.read_buffer = BAD_ADDRESS,
		.read_size = 256,
	};
	is(actor_do(actor, do_write_read, 0), -EFAULT);
	is(actor->bwr.write_consumed, 4);
	is(actor->bwr.read_consumed, 0);
}

TEST("2.2", unwritable_version_is_einval)
{
	struct actor *actor = process_new();

	is(actor_ioctl(actor, BINDER_VERSION, bad), -EINVAL);
}

TEST("2.3", any_number_of_threads_may_be_allowed)
{
	struct actor *actor = process_new();
	uint32_t max = 0xffffffff;

	is(actor_ioctl_value(actor, BINDER_SET_MAX_THREADS, max), 0);
	is(actor_ioctl(actor, BINDER_SET_MAX_THREADS, bad), -EINVAL);
}

TEST("2.5", thread_exit_always_succeeds)
{
	struct actor *actor = process_new();

	is(actor_ioctl(actor, BINDER_THREAD_EXIT, NULL), 0);
	is(actor_ioctl(actor, BINDER_THREAD_EXIT, NULL), 0);
}

TEST("2.5", thread_that_comes_back_is_a_new_one)
{
	scene();
	send_call(client, 0, 0, NULL);
	is(actor_ioctl(client, BINDER_THREAD_EXIT, NULL), 0);
	expect_read(client, "NOOP"); /* its first ioctl does not wait */
	expect_nothing(client);      /* what it waited for is forgotten */
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("2.5", looper_state_ends_with_the_thread)
{
	uint32_t max = 2;

	scene();
	is(actor_ioctl_value(manager, BINDER_SET_MAX_THREADS, max), 0);
	is(actor_ioctl(manager, BINDER_THREAD_EXIT, NULL), 0);
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION"); /* a looper would be told to spawn */
}

TEST("2.10", spam_detection_reads_its_argument)
{
	struct actor *actor = process_new();
	uint32_t on = 1;

	is(actor_ioctl_value(actor, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, on), 0);
	is(actor_ioctl(actor, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, bad), -EFAULT);
}

TEST("2.11", extended_error_is_given_once)
{
	struct binder_extended_error error;

	scene();
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	error = extended_error(client);
	need(error.id != 0);
	is(error.command, BR_FAILED_REPLY);
	is(error.param, -EINVAL);
	error = extended_error(client);
	is(error.id, 0);
	is(error.command, BR_OK);
	is(error.param, 0);
}

TEST("2.11", unreadable_extended_error_is_cleared_all_the_same)
{
	scene();
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	is(actor_ioctl(client, BINDER_GET_EXTENDED_ERROR, bad), -EFAULT);
	expect_error(client, BR_OK, 0);
}

TEST("2.11", extended_error_is_each_threads_own)
{
	struct actor *other;

	scene();
	other = thread_new(client);
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(other, BR_OK, 0);
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}

TEST("2.12", unknown_ioctls_are_einval)
{
	struct actor *actor = process_new();
	uint64_t value = 0;

	is(actor_ioctl_value(actor, BINDER_SET_IDLE_TIMEOUT, value), -EINVAL);
	is(actor_ioctl_value(actor, BINDER_SET_IDLE_PRIORITY, value), -EINVAL);
	is(actor_ioctl_value(actor, _IO('b', 99), value), -EINVAL);
	is(actor_ioctl_value(actor, _IOW('b', 5, uint64_t), value), -EINVAL); /* wrong size */
	is(actor_ioctl_value(actor, _IOR('b', 9, struct binder_version), value), -EINVAL);
}

TEST("16.1", numbers_of_transactions_grow)
{
	uint32_t last = 0;

	scene();
	for (int i = 0; i < 3; i++) {
		uint32_t id;

		expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
		id = extended_error(client).id;
		need(id > last);
		last = id;
	}
}

TEST("16.2", reply_after_exit_fails)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(actor_ioctl(manager, BINDER_THREAD_EXIT, NULL), 0);
	bc_reply(manager, 0, NULL);
	expect_write_result(manager, 0);
	expect_read(manager, "NOOP FAILED_REPLY");
	expect_error(manager, BR_FAILED_REPLY, -EPROTO);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
}

TEST("16.3", next_transaction_resets_the_extended_error)
{
	struct binder_extended_error error;

	scene();
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	expect_oneway(client, 0, NULL);
	error = extended_error(client);
	need(error.id != 0);
	is(error.command, BR_OK);
	is(error.param, 0);
}

TEST("16.3", death_leaves_the_extended_error_ok)
{
	scene();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(actor_ioctl(manager, BINDER_THREAD_EXIT, NULL), 0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	expect_error(client, BR_OK, 0);
}

/* SPDX-License-Identifier: MIT */
/*
 * ioctls.c: the small ioctls, opens that share a pid, extended errors
 * (sections 1.2, 2, 16).
 */
#include "suites.h"

static int call_ioctl(struct thread *thread, u32 cmd, void *arg)
{
	return binder_thread_ioctl(thread->thread, cmd, (uintptr_t)arg);
}

static void *const bad = (void *)(uintptr_t)WORLD_BAD_ADDRESS;

START_TEST(version_is_8)
{
	struct binder_version version = { 0 };

	ck_assert_int_eq(call_ioctl(client, BINDER_VERSION, &version), 0);
	ck_assert_int_eq(version.protocol_version, 8);
	ck_assert_int_eq(call_ioctl(client, BINDER_VERSION, bad), -EINVAL);
}
END_TEST

START_TEST(any_number_of_threads_may_be_allowed)
{
	u32 max = 0xffffffff;

	ck_assert_int_eq(call_ioctl(client, BINDER_SET_MAX_THREADS, &max), 0);
	ck_assert_int_eq(call_ioctl(client, BINDER_SET_MAX_THREADS, bad), -EINVAL);
}
END_TEST

START_TEST(unknown_ioctls_are_einval)
{
	u64 arg = 0;

	ck_assert_int_eq(call_ioctl(client, BINDER_SET_IDLE_TIMEOUT, &arg), -EINVAL);
	ck_assert_int_eq(call_ioctl(client, BINDER_SET_IDLE_PRIORITY, &arg), -EINVAL);
	ck_assert_int_eq(call_ioctl(client, _IO('b', 99), &arg), -EINVAL);
	ck_assert_int_eq(call_ioctl(client, _IOW('b', 5, u64), &arg), -EINVAL); /* wrong size */
}
END_TEST

START_TEST(spam_detection_reads_its_argument)
{
	u32 on = 1;

	ck_assert_int_eq(call_ioctl(client, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, &on), 0);
	ck_assert_int_eq(call_ioctl(client, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, bad), -EFAULT);
}
END_TEST

START_TEST(extended_error_is_given_once)
{
	struct binder_extended_error error;

	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	error = extended_error(client);
	ck_assert_uint_ne(error.id, 0);
	ck_assert_uint_eq(error.command, BR_FAILED_REPLY);
	ck_assert_int_eq(error.param, -EINVAL);
	error = extended_error(client);
	ck_assert_uint_eq(error.id, 0);
	ck_assert_uint_eq(error.command, BR_OK);
	ck_assert_int_eq(error.param, 0);
}
END_TEST

START_TEST(unreadable_extended_error_is_cleared_all_the_same)
{
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	ck_assert_int_eq(call_ioctl(client, BINDER_GET_EXTENDED_ERROR, bad), -EFAULT);
	expect_error(client, BR_OK, 0);
}
END_TEST

START_TEST(next_transaction_resets_the_extended_error)
{
	struct binder_extended_error error;

	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	error = extended_error(client);
	ck_assert_uint_ne(error.id, 0);
	ck_assert_uint_eq(error.command, BR_OK);
}
END_TEST

START_TEST(extended_error_is_each_threads_own)
{
	struct thread *other = thread_new(client->process, 202);

	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	expect_error(other, BR_OK, 0);
	expect_error(client, BR_FAILED_REPLY, -EINVAL);
}
END_TEST

START_TEST(opens_of_one_process_share_nothing)
{
	struct thread *again = thread_new(process_open(world, 201, 128 << 10), 201);
	u32 handle = fetch_from(client, looper_new(world, 302), 0x1000);

	expect_call(again, handle, 0, NULL, "NOOP FAILED_REPLY");
	expect_call(client, handle, 0, NULL, "");
	ck_assert_uint_eq(world_counts(world).procs, 4);
	bc_call(again, 0, 1, 0, NULL); /* though the other one's thread waits */
	expect_write(again);
}
END_TEST

START_TEST(opens_of_one_process_may_call_one_another)
{
	struct thread *again = thread_new(process_open(world, 201, 128 << 10), 201);
	u32 handle = fetch_from(client, again, 0x1000);

	round_trip(client, handle, again);
}
END_TEST

START_TEST(thread_is_found_again_by_its_number)
{
	struct thread *first = thread_new(client->process, 150),
		      *last = thread_new(client->process, 250);

	ck_assert_ptr_eq(binder_thread_get(client->process->proc, 150, NULL), first->thread);
	ck_assert_ptr_eq(binder_thread_get(client->process->proc, 250, NULL), last->thread);
	ck_assert_ptr_eq(binder_thread_get(client->process->proc, 201, NULL), client->thread);
}
END_TEST

START_TEST(own_object_cannot_be_called_by_handle)
{
	/* A process never gets a handle to its own object: it comes home as a binder. */
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	expect_call(client, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	give_object(thread_new(client->process, 202), thread_new(manager->process, 101), 0x1000,
		    NULL);
	object = handle_object(BINDER_TYPE_HANDLE, 1);
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_uint_eq(object_read(client, 0)->hdr.type, BINDER_TYPE_BINDER);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

START_TEST(numbers_of_transactions_grow)
{
	u32 last = 0;
	int i;

	for (i = 0; i < 3; i++) {
		u32 id;

		expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
		id = extended_error(client).id;
		ck_assert_uint_gt(id, last);
		last = id;
	}
}
END_TEST

SCENE_SUITE(ioctls, version_is_8, any_number_of_threads_may_be_allowed, unknown_ioctls_are_einval,
	    spam_detection_reads_its_argument, extended_error_is_given_once,
	    unreadable_extended_error_is_cleared_all_the_same,
	    next_transaction_resets_the_extended_error, extended_error_is_each_threads_own,
	    opens_of_one_process_share_nothing, opens_of_one_process_may_call_one_another,
	    thread_is_found_again_by_its_number, own_object_cannot_be_called_by_handle,
	    numbers_of_transactions_grow)

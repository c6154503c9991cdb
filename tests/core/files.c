/* SPDX-License-Identifier: MIT */
/*
 * files.c: descriptors inside of payloads (9.8, 9.9; arrays of them in sg.c).
 */
#include "suites.h"

static struct flat_binder_object file;
static struct payload payload;

static void prepare(void)
{
	file = fd_object(5);
	payload = object_payload(&file);
	test_file(5);
}

static const struct binder_fd_object *fd_read(struct thread *thread)
{
	return (const void *)object_read(thread, 0);
}

START_TEST(receiver_gets_a_descriptor_of_its_own)
{
	struct binder_fd_object *sent = (void *)&file;

	prepare();
	sent->pad_flags = 0x1234;
	sent->pad_binder = 0xffffffff00000005;
	sent->cookie = 0x5678;
	expect_call(client, 0, 0, &payload, "");
	ck_assert_int_eq(test_file_holds(5), 1);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(fd_read(manager)->pad_binder, 1000);
	ck_assert_uint_eq(fd_read(manager)->pad_flags, 0x1234);
	ck_assert_uint_eq(fd_read(manager)->cookie, 0x5678);
	ck_assert_int_eq(test_file_holds(5), 0);
	free_buffer(manager);
	ck_assert_uint_eq(manager->home->closed_count, 0); /* it is the receiver's */
}
END_TEST

START_TEST(node_that_takes_no_descriptors_refuses_them)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	u32 handle;

	prepare();
	object.flags = 0;
	handle = fetch(client, object);
	/* The manager's own object without the flag; the manager's other one takes them. */
	expect_call(client, handle, 0, &payload, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPERM);
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

START_TEST(bad_descriptor_is_ebadf)
{
	prepare();
	file = fd_object(400);
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EBADF);
	file = fd_object(-1);
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EBADF);
}
END_TEST

START_TEST(reply_needs_the_callers_consent)
{
	prepare();
	expect_call(client, 0, TF_ACCEPT_FDS, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	ck_assert_uint_eq(fd_read(client)->fd, 1000);
}
END_TEST

START_TEST(file_is_held_until_it_is_read)
{
	prepare();
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP TRANSACTION_COMPLETE");
	process_close(client->process);
	ck_assert_int_eq(test_file_holds(5), 1);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

START_TEST(unread_file_is_dropped_with_its_receiver)
{
	prepare();
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP TRANSACTION_COMPLETE");
	process_close(manager->process);
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

START_TEST(receiver_without_room_for_it_sees_nothing)
{
	prepare();
	manager->home->install_result = -EMFILE;
	expect_call(client, 0, 0, &payload, "");
	expect_nothing(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	ck_assert_int_eq(test_file_holds(5), 0);
	ck_assert_uint_eq(world_counts(world).buffers, 0);
}
END_TEST

START_TEST(receiver_without_room_goes_on_to_the_next_work)
{
	struct thread *other = looper_new(world, 302);

	prepare();
	manager->home->install_result = -EMFILE;
	expect_call(client, 0, 0, &payload, "");
	expect_call(other, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(manager->tr.sender_pid, 302);
}
END_TEST

START_TEST(caller_without_room_for_it_reads_failed)
{
	prepare();
	client->home->install_result = -EMFILE;
	expect_call(client, 0, TF_ACCEPT_FDS, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, &payload);
	test_unanswered = 0;
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	ck_assert_uint_eq(test_unanswered, 1);
	ck_assert_int_eq(test_file_holds(5), 0);
	round_trip(client, 0, thread_new(manager->process, 101));
}
END_TEST

START_TEST(descriptors_that_take_time_are_waited_for)
{
	prepare();
	manager->home->install_later = true;
	expect_call(client, 0, 0, &payload, "");
	ck_assert_int_eq(ioctl_read(manager), -EINPROGRESS);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
}
END_TEST

START_TEST(small_read_does_not_take_what_was_waited_for)
{
	prepare();
	manager->home->install_later = true;
	expect_call(client, 0, 0, &payload, "");
	ck_assert_int_eq(ioctl_read(manager), -EINPROGRESS);
	binder_thread_ioctl_done(manager->thread); /* given up; the next read is a small one */
	ck_assert_int_eq(ioctl_read_sized(manager, 8), 0);
	ck_assert_str_eq(commands_read(manager), "NOOP");
	expect_read(manager, "NOOP TRANSACTION");
}
END_TEST

START_TEST(thread_that_ends_while_it_waits_fails_the_call)
{
	struct thread *other = thread_new(manager->process, 101);

	prepare();
	other->home->install_later = true;
	expect_call(client, 0, 0, &payload, "");
	ck_assert_int_eq(ioctl_read(other), -EINPROGRESS);
	thread_exit(other);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	ck_assert_int_eq(test_file_holds(5), 0);
}
END_TEST

SCENE_SUITE(files, receiver_gets_a_descriptor_of_its_own,
	    node_that_takes_no_descriptors_refuses_them, bad_descriptor_is_ebadf,
	    reply_needs_the_callers_consent, file_is_held_until_it_is_read,
	    unread_file_is_dropped_with_its_receiver, receiver_without_room_for_it_sees_nothing,
	    receiver_without_room_goes_on_to_the_next_work, caller_without_room_for_it_reads_failed,
	    descriptors_that_take_time_are_waited_for, small_read_does_not_take_what_was_waited_for,
	    thread_that_ends_while_it_waits_fails_the_call)

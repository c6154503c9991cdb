/* SPDX-License-Identifier: MIT */
/*
 * commands.c: how a buffer of BC_ commands is worked through (sections 0 and 3).
 */
#include "suites.h"

static int write_raw(struct thread *thread, const void *data, size_t size)
{
	bc_raw(thread, data, size);
	return ioctl_write(thread);
}

START_TEST(sizes_on_the_wire)
{
	static const struct {
		u32 command;
		unsigned size;
	} rows[] = {
		{ BC_TRANSACTION, 64 },
		{ BC_REPLY, 64 },
		{ BC_TRANSACTION_SG, 72 },
		{ BC_REPLY_SG, 72 },
		{ BC_FREE_BUFFER, 8 },
		{ BC_INCREFS, 4 },
		{ BC_ACQUIRE, 4 },
		{ BC_RELEASE, 4 },
		{ BC_DECREFS, 4 },
		{ BC_INCREFS_DONE, 16 },
		{ BC_ACQUIRE_DONE, 16 },
		{ BC_REGISTER_LOOPER, 0 },
		{ BC_ENTER_LOOPER, 0 },
		{ BC_EXIT_LOOPER, 0 },
		{ BC_REQUEST_DEATH_NOTIFICATION, 12 },
		{ BC_CLEAR_DEATH_NOTIFICATION, 12 },
		{ BC_DEAD_BINDER_DONE, 8 },
		{ UAPI_BC_REQUEST_FREEZE_NOTIFICATION, 12 },
		{ UAPI_BC_CLEAR_FREEZE_NOTIFICATION, 12 },
		{ UAPI_BC_FREEZE_NOTIFICATION_DONE, 8 },
		{ BR_TRANSACTION, 64 },
		{ BR_REPLY, 64 },
		{ BR_TRANSACTION_SEC_CTX, 72 },
		{ BR_INCREFS, 16 },
		{ BR_ACQUIRE, 16 },
		{ BR_RELEASE, 16 },
		{ BR_DECREFS, 16 },
		{ BR_DEAD_BINDER, 8 },
		{ BR_CLEAR_DEATH_NOTIFICATION_DONE, 8 },
		{ UAPI_BR_FROZEN_BINDER, 16 },
		{ UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE, 8 },
		{ BR_NOOP, 0 },
		{ BR_SPAWN_LOOPER, 0 },
		{ BR_TRANSACTION_COMPLETE, 0 },
		{ BR_DEAD_REPLY, 0 },
		{ BR_FAILED_REPLY, 0 },
		{ BR_FROZEN_REPLY, 0 },
		{ BR_ONEWAY_SPAM_SUSPECT, 0 },
		{ UAPI_BR_TRANSACTION_PENDING_FROZEN, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_uint_eq(_IOC_SIZE(rows[i].command), rows[i].size);
}
END_TEST

START_TEST(unknown_command_is_einval)
{
	u32 unknown[] = { _IO('c', 99),     0,
			  0xffffffff,       BR_NOOP,
			  _IO('d', 11),     BC_ATTEMPT_ACQUIRE,
			  BC_ACQUIRE_RESULT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		ck_assert_int_eq(write_raw(client, &unknown[i], sizeof(u32)), -EINVAL);
		ck_assert_uint_eq(client->write_consumed, 0);
	}
}
END_TEST

START_TEST(wrong_size_is_another_command)
{
	struct {
		u32 command;
		u8 padded[16];
	} request = {
		.command = _IOC(_IOC_WRITE, 'c', _IOC_NR(BC_REQUEST_DEATH_NOTIFICATION), 16),
	};

	ck_assert_int_eq(write_raw(client, &request, sizeof(request)), -EINVAL);
}
END_TEST

START_TEST(commands_before_a_bad_one_stand)
{
	bc_u32(client, BC_ACQUIRE, 0);
	bc(client, _IO('c', 99));
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
	ck_assert_uint_eq(client->write_consumed, 8);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

START_TEST(command_may_begin_before_the_end_and_go_beyond)
{
	u64 consumed = 0;
	struct {
		u32 command, handle;
	} acquire = { BC_ACQUIRE, 0 };

	ck_assert_int_eq(binder_thread_write(client->thread, (uintptr_t)&acquire, 4, &consumed), 0);
	ck_assert_uint_eq(consumed, 8);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

START_TEST(unreadable_command_is_efault)
{
	u64 consumed = 0;

	ck_assert_int_eq(binder_thread_write(client->thread, WORLD_BAD_ADDRESS, 4, &consumed),
			 -EFAULT);
	ck_assert_uint_eq(consumed, 0);
}
END_TEST

START_TEST(failed_transaction_stops_the_buffer_until_it_is_read)
{
	bc_call(client, 77, 1, 0, NULL);
	bc_u32(client, BC_ACQUIRE, 0);
	ck_assert_int_eq(ioctl_write(client), 0);
	ck_assert_uint_eq(client->write_consumed, 68);
	bc_u32(client, BC_ACQUIRE, 0);
	ck_assert_int_eq(ioctl_write(client), 0);
	ck_assert_uint_eq(client->write_consumed, 0);
	expect_read(client, "NOOP FAILED_REPLY");
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
	ck_assert_uint_eq(world_counts(world).refs, 1);
}
END_TEST

START_TEST(harmless_mistakes_are_passed_over)
{
	bc_u32(client, BC_INCREFS, 77);
	bc_u32(client, BC_ACQUIRE, 77);
	bc_u32(client, BC_RELEASE, 77);
	bc_u32(client, BC_DECREFS, 77);
	bc_u32(client, BC_RELEASE, 0xffffffff);
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_RELEASE, 0);
	bc_u32(client, BC_RELEASE, 0);
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0);
	bc_u64(client, BC_FREE_BUFFER, 0);
	bc_u64(client, BC_FREE_BUFFER, (uintptr_t)client->process->home->memory);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, 77, 1);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, 77, 1);
	bc_u64(client, BC_DEAD_BINDER_DONE, 1);
	bc(client, BC_REGISTER_LOOPER);
	bc(client, BC_ENTER_LOOPER);
	bc(client, BC_EXIT_LOOPER);
	expect_write(client);
	expect_nothing(client);
}
END_TEST

START_TEST(manager_may_not_hold_itself)
{
	bc_u32(manager, BC_ACQUIRE, 0);
	ck_assert_int_eq(ioctl_write(manager), -EINVAL);
	bc_u32(manager, BC_INCREFS, 0);
	ck_assert_int_eq(ioctl_write(manager), -EINVAL);
	bc_u32(manager, BC_RELEASE, 0);
	bc_u32(manager, BC_DECREFS, 0);
	expect_write(manager);
}
END_TEST

START_TEST(wrong_freeze_commands_are_einval)
{
	bc_u32(client, BC_ACQUIRE, 0);
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, 0, 7);
	expect_write(client);
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, 0, 7);
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, 77, 7);
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
	bc_handle_cookie(client, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, 0, 8);
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
	bc_handle_cookie(client, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, 77, 7);
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, 7); /* not told yet */
	ck_assert_int_eq(ioctl_write(client), -EINVAL);
}
END_TEST

SCENE_SUITE(commands, sizes_on_the_wire, unknown_command_is_einval, wrong_size_is_another_command,
	    commands_before_a_bad_one_stand, command_may_begin_before_the_end_and_go_beyond,
	    unreadable_command_is_efault, failed_transaction_stops_the_buffer_until_it_is_read,
	    harmless_mistakes_are_passed_over, manager_may_not_hold_itself,
	    wrong_freeze_commands_are_einval)

/* SPDX-License-Identifier: MIT */
/* commands.c: how a buffer of BC_ commands is worked through (sections 0 and 3). */
#include "scene.h"

TEST("0.1", sizes_on_the_wire)
{
	static const struct {
		uint32_t word;
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
	};

	scene();
	/* Each is taken whole, and nothing more, whatever it makes of zeros. */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static const char zeros[72];
		struct actor *actor = process_new();

		is(_IOC_SIZE(rows[i].word), rows[i].size);
		bc(actor, rows[i].word);
		bc_raw(actor, zeros, rows[i].size);
		expect_write_result(actor, 0);
		is(actor->bwr.write_consumed, 4 + rows[i].size);
	}
}

TEST("0.4", wrong_size_is_another_command)
{
	struct {
		uint32_t word;
		uint8_t padded[16];
	} request = {
		.word = _IOC(_IOC_WRITE, 'c', _IOC_NR(BC_REQUEST_DEATH_NOTIFICATION), 16),
	};
	struct actor *actor = process_new();

	bc_raw(actor, &request, sizeof(request));
	expect_write_result(actor, -EINVAL);
	is(actor->bwr.write_consumed, 0);
}

TEST("3.1", commands_begin_where_the_last_ones_ended)
{
	struct actor *actor = process_new();

	bc(actor, _IO('c', 99)); /* consumed already, as it is said */
	bc(actor, BC_ENTER_LOOPER);
	actor->bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)actor->out.bytes,
		.write_size = actor->out.used,
		.write_consumed = 4,
	};
	is(actor_do(actor, do_write_read, 0), 0);
	is(actor->bwr.write_consumed, 8);
}

TEST("3.2", command_may_begin_before_the_end_and_go_beyond)
{
	scene();
	bc_u32(client, BC_ACQUIRE, 0);
	client->bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)client->out.bytes,
		.write_size = 4,
	};
	is(actor_do(client, do_write_read, 0), 0);
	is(client->bwr.write_consumed, 8);
	client->out.used = 0;
	/* It was done: handle 0 is an object only when held. */
	expect_oneway(client, 0, payload_object(handle_object(BINDER_TYPE_HANDLE, 0)));
}

TEST("3.2", unreadable_command_is_efault)
{
	struct actor *actor = process_new();

	actor->bwr = (struct binder_write_read){ .write_buffer = BAD_ADDRESS, .write_size = 4 };
	is(actor_do(actor, do_write_read, 0), -EFAULT);
	is(actor->bwr.write_consumed, 0);
}

TEST("3.3", failed_transaction_stops_the_buffer_until_it_is_read)
{
	scene();
	bc_call(client, 77, 1, 0, NULL);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write_result(client, 0);
	is(client->bwr.write_consumed, 68);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write_result(client, 0);
	is(client->bwr.write_consumed, 0);
	expect_read(client, "NOOP FAILED_REPLY");
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write(client);
}

TEST("3.3", failed_transaction_in_pieces_stops_the_buffer_too)
{
	struct payload *payload = payload_new();

	scene();
	payload->sg = true;
	bc_call(client, 77, 1, 0, payload);
	bc_u32(client, BC_ACQUIRE, 0);
	expect_write_result(client, 0);
	is(client->bwr.write_consumed, 76);
	expect_read(client, "NOOP FAILED_REPLY");
}

TEST("3.4", harmless_mistakes_are_passed_over)
{
	scene();
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
	bc_u64(client, BC_FREE_BUFFER, (uintptr_t)client->map);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, 77, 1);
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, 77, 1);
	bc_u64(client, BC_DEAD_BINDER_DONE, 1);
	bc(client, BC_REGISTER_LOOPER);
	bc(client, BC_ENTER_LOOPER);
	bc(client, BC_EXIT_LOOPER);
	expect_write(client);
	expect_nothing(client);
}

TEST("3.4", acknowledging_wrongly_changes_nothing)
{
	uint32_t handle;

	scene();
	bc_call(client, 0, 1, TF_ONE_WAY,
		payload_object(local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001)));
	expect_write(client);
	expect_read(client, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0xbad);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0xbad);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_of(manager, 0)->handle;
	free_buffer(manager);
	expect_nothing(client); /* still held for it */
	bc_node(client, BC_INCREFS_DONE, 0x1000, 0x1001);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	bc_node(client, BC_ACQUIRE_DONE, 0x1000, 0x1001);
	expect_write(client);
	expect_read(client, "NOOP RELEASE DECREFS");
	is(handle, 1);
}

TEST("3.5", unknown_command_is_einval)
{
	uint32_t unknown[] = { _IO('c', 99),     0,
			       0xffffffff,       BR_NOOP,
			       _IO('d', 11),     BC_ATTEMPT_ACQUIRE,
			       BC_ACQUIRE_RESULT };
	struct actor *actor = process_new();

	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		bc(actor, unknown[i]);
		bc_raw(actor, "12345678", 8);
		expect_write_result(actor, -EINVAL);
		is(actor->bwr.write_consumed, 0);
	}
}

TEST("3.5", manager_may_not_hold_itself)
{
	scene();
	bc_u32(manager, BC_ACQUIRE, 0);
	expect_write_result(manager, -EINVAL);
	bc_u32(manager, BC_INCREFS, 0);
	expect_write_result(manager, -EINVAL);
	bc_u32(manager, BC_RELEASE, 0);
	bc_u32(manager, BC_DECREFS, 0);
	expect_write(manager);
}

TEST("3.5", wrong_freeze_commands_are_einval)
{
	scene();
	need_freeze_notifications();
	bc_u32(client, BC_ACQUIRE, 0);
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, 0, 7);
	expect_write(client);
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, 0, 7);
	expect_write_result(client, -EINVAL);
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, 77, 7);
	expect_write_result(client, -EINVAL);
	bc_handle_cookie(client, NEW_BC_CLEAR_FREEZE_NOTIFICATION, 0, 8);
	expect_write_result(client, -EINVAL);
	bc_handle_cookie(client, NEW_BC_CLEAR_FREEZE_NOTIFICATION, 77, 7);
	expect_write_result(client, -EINVAL);
	bc_u64(client, NEW_BC_FREEZE_NOTIFICATION_DONE, 7); /* not told yet */
	expect_write_result(client, -EINVAL);
}

TEST("3.6", commands_before_a_bad_one_stand)
{
	scene();
	bc_u32(client, BC_ACQUIRE, 0);
	bc(client, BC_ENTER_LOOPER);
	bc(client, _IO('c', 99));
	bc(client, BC_ENTER_LOOPER);
	expect_write_result(client, -EINVAL);
	is(client->bwr.write_consumed, 12);
	expect_oneway(client, 0, payload_object(handle_object(BINDER_TYPE_HANDLE, 0)));
}

/* SPDX-License-Identifier: MIT */
/*
 * stream_test.c: BC_ commands as bytes, BR_ commands from bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "connection/stream.h"
#include "suites.h"

START_TEST(commands_are_packed_behind_each_other)
{
	static const uint8_t expected[] = {
		0x05, 0x63, 0x04, 0x40, 0x07, 0,    0,    0, /* BC_ACQUIRE 7 */
		0x0e, 0x63, 0x0c, 0x40, 0x07, 0,    0,    0, /* BC_REQUEST_DEATH... 7 */
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
		0x0c, 0x63, 0,    0, /* BC_ENTER_LOOPER */
		0x03, 0x63, 0x08, 0x40, 1,    2,    0,    0,
		0,    0,    0,    0, /* BC_FREE_BUFFER 0x201 */
	};
	struct stream_out out;

	stream_out_init(&out);
	stream_put_u32(&out, BC_ACQUIRE, 7);
	stream_put_handle_cookie(&out, BC_REQUEST_DEATH_NOTIFICATION, 7, 0x1122334455667788);
	stream_put(&out, BC_ENTER_LOOPER, NULL);
	stream_put_u64(&out, BC_FREE_BUFFER, 0x201);
	ck_assert_uint_eq(out.size, sizeof(expected));
	ck_assert_mem_eq(out.data, expected, sizeof(expected));
	stream_out_free(&out);
}
END_TEST

START_TEST(buffer_grows_and_keeps_what_was_not_taken)
{
	struct stream_out out;
	uint32_t handle;

	stream_out_init(&out);
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_int_eq(stream_put_u32(&out, BC_RELEASE, i), 0);
	ck_assert_uint_eq(out.size, 8000);
	stream_out_consume(&out, 8 * 990);
	ck_assert_uint_eq(out.size, 80);
	memcpy(&handle, out.data + 4, 4);
	ck_assert_uint_eq(handle, 990);
	stream_out_consume(&out, 80);
	ck_assert_uint_eq(out.size, 0);
	stream_out_free(&out);
}
END_TEST

START_TEST(call_with_buffers_is_taken_back_too)
{
	struct binder_transaction_data tr = { .code = 1 };
	struct stream_out out;

	stream_out_init(&out);
	for (size_t buffers = 0; buffers <= 16; buffers += 8) {
		ck_assert_int_eq(stream_put_transaction(&out, &tr, buffers, false), 0);
		ck_assert(stream_take_back_transaction(&out, &tr, buffers));
		ck_assert_uint_eq(out.size, 0);
	}
	stream_out_free(&out);
}
END_TEST

START_TEST(command_is_taken_back_only_if_it_is_the_last)
{
	struct binder_transaction_data tr = { .code = 1 }, other = { .code = 2 };
	struct stream_out out;

	stream_out_init(&out);
	ck_assert(!stream_take_back(&out, BC_TRANSACTION, &tr));
	stream_put_u32(&out, BC_ACQUIRE, 7);
	ck_assert(!stream_take_back(&out, BC_TRANSACTION, &tr));
	stream_put(&out, BC_TRANSACTION, &tr);
	ck_assert(!stream_take_back(&out, BC_TRANSACTION, &other));
	ck_assert(!stream_take_back(&out, BC_REPLY, &tr));
	ck_assert(stream_take_back(&out, BC_TRANSACTION, &tr));
	ck_assert_uint_eq(out.size, 8);
	stream_out_free(&out);
}
END_TEST

static void feed(struct stream_in *in, const void *data, size_t size)
{
	memcpy(in->data, data, size);
	in->pos = 0;
	in->end = size;
}

START_TEST(commands_come_in_order_with_their_payload)
{
	const struct binder_transaction_data tr = { .code = 5, .sender_pid = 9 };
	struct stream_command command;
	struct stream_in in;
	uint8_t data[128];
	uint32_t noop = BR_NOOP, complete = BR_TRANSACTION_COMPLETE, reply = BR_REPLY;

	memcpy(data, &noop, 4);
	memcpy(data + 4, &complete, 4);
	memcpy(data + 8, &reply, 4);
	memcpy(data + 12, &tr, sizeof(tr));
	feed(&in, data, 12 + sizeof(tr));
	ck_assert_int_eq(stream_next(&in, &command), 1);
	ck_assert_uint_eq(command.cmd, BR_NOOP);
	ck_assert_int_eq(stream_next(&in, &command), 1);
	ck_assert_uint_eq(command.cmd, BR_TRANSACTION_COMPLETE);
	ck_assert_int_eq(stream_next(&in, &command), 1);
	ck_assert_uint_eq(command.cmd, BR_REPLY);
	ck_assert_uint_eq(command.transaction.code, 5);
	ck_assert_int_eq(command.transaction.sender_pid, 9);
	ck_assert_int_eq(stream_next(&in, &command), 0);
	ck_assert(stream_in_empty(&in));
}
END_TEST

START_TEST(error_is_a_bare_word)
{
	uint32_t words[] = { BR_ERROR, BR_NOOP };
	struct stream_command command;
	struct stream_in in;

	feed(&in, words, sizeof(words));
	ck_assert_int_eq(stream_next(&in, &command), 1);
	ck_assert_uint_eq(command.cmd, BR_ERROR);
	ck_assert_int_eq(stream_next(&in, &command), 1);
	ck_assert_uint_eq(command.cmd, BR_NOOP);
}
END_TEST

START_TEST(cut_off_or_unknown_commands_are_garbage)
{
	uint32_t words[] = { BR_DEAD_BINDER, 1, 0x12345678, 0, 0 };
	struct stream_command command;
	struct stream_in in;

	feed(&in, words, 8);
	ck_assert_int_eq(stream_next(&in, &command), -EPROTO);
	ck_assert(stream_in_empty(&in));
	feed(&in, words, 2);
	ck_assert_int_eq(stream_next(&in, &command), -EPROTO);
	feed(&in, words + 2, 12);
	ck_assert_int_eq(stream_next(&in, &command), -EPROTO);
	ck_assert_int_eq(stream_next(&in, &command), 0);
}
END_TEST

START_TEST(random_bytes_never_lead_out_of_the_buffer)
{
	struct stream_command command;
	struct stream_in in;
	unsigned int seed = 1;

	for (int round = 0; round < 20000; round++) {
		uint8_t data[64];

		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = rand_r(&seed) >> 4;
		/* Mostly true command words, or nothing would get through. */
		data[0] = rand_r(&seed) % 24;
		data[1] = 'r';
		feed(&in, data, rand_r(&seed) % sizeof(data));
		while (stream_next(&in, &command) > 0)
			ck_assert_uint_le(in.pos, in.end);
	}
}
END_TEST

Suite *stream_suite(void)
{
	Suite *suite = suite_create("stream");
	TCase *tc = tcase_create("stream");

	tcase_add_test(tc, commands_are_packed_behind_each_other);
	tcase_add_test(tc, buffer_grows_and_keeps_what_was_not_taken);
	tcase_add_test(tc, command_is_taken_back_only_if_it_is_the_last);
	tcase_add_test(tc, call_with_buffers_is_taken_back_too);
	tcase_add_test(tc, commands_come_in_order_with_their_payload);
	tcase_add_test(tc, error_is_a_bare_word);
	tcase_add_test(tc, cut_off_or_unknown_commands_are_garbage);
	tcase_add_test(tc, random_bytes_never_lead_out_of_the_buffer);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * sizes_test.c: read buffers of every size are filled as a device fills them.
 */
#include "suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CALL_SIZE = sizeof(uint32_t) + sizeof(struct binder_transaction_data) };

static struct raw raw;

static void setup(void)
{
	start_world();
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	ck_assert_int_eq(raw_exchange(&raw, true, false), 0);
}

static void teardown(void)
{
	raw_close(&raw);
	stop_world();
}

/* @count one-way calls in one write, nothing read. */
static void send_oneways(size_t count)
{
	const uint32_t command = BC_TRANSACTION;
	const struct binder_transaction_data tr = { .flags = TF_ONE_WAY };
	char *commands = malloc(count * CALL_SIZE);
	struct binder_write_read bwr = { .write_buffer = (uintptr_t)commands,
					 .write_size = count * CALL_SIZE };

	for (size_t i = 0; i < count; i++) {
		memcpy(commands + i * CALL_SIZE, &command, sizeof(command));
		memcpy(commands + i * CALL_SIZE + sizeof(command), &tr, sizeof(tr));
	}
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0), 0);
	ck_assert_uint_eq(bwr.write_consumed, count * CALL_SIZE);
	free(commands);
}

/* One read; what it gave.  The buffer may be short of what its size says. */
static size_t read_once(void *in, size_t size, size_t consumed)
{
	struct binder_write_read bwr = { .read_buffer = (uintptr_t)in,
					 .read_size = size,
					 .read_consumed = consumed };

	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0), 0);
	return bwr.read_consumed;
}

START_TEST(one_read_takes_all_that_is_queued)
{
	enum { COUNT = 5000, SIZE = 64 << 10 };
	uint32_t *in = malloc(SIZE);

	send_oneways(COUNT);
	ck_assert_uint_eq(read_once(in, SIZE, 0), (COUNT + 1) * 4);
	ck_assert_uint_eq(in[0], BR_NOOP);
	for (size_t i = 1; i <= COUNT; i++)
		ck_assert_uint_eq(in[i], BR_TRANSACTION_COMPLETE);
	free(in);
	check_echo(&raw, 10);
}
END_TEST

/* It stops where an item of the largest size might not fit. */
START_TEST(full_buffer_leaves_the_rest)
{
	static const size_t sizes[] = { 80, 4096, 4100, 8192, 20000 };
	enum { COUNT = 5000 };
	uint32_t *in = malloc(20000);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t got = 0, rest;

		send_oneways(COUNT);
		/* The last one begins where 76 bytes are left. */
		got = read_once(in, sizes[i], 0);
		ck_assert_uint_eq(got, (sizes[i] - 76) / 4 * 4 + 4);
		for (rest = COUNT - (got / 4 - 1); rest; rest -= got / 4 - 1)
			got = read_once(in, 20000, 0);
	}
	free(in);
	check_echo(&raw, 10);
}
END_TEST

/* The reply ends the read, whatever room is left. */
START_TEST(transaction_is_the_last_of_a_read)
{
	enum { SIZE = 32 << 10 };
	char *in = malloc(SIZE);
	uint32_t word;

	send_oneways(2000);
	raw_put_call(&raw, BC_TRANSACTION, 0, 1, 0, "x", 1);
	ck_assert_int_eq(raw_exchange(&raw, false, false), 0);
	/* The service, which has one thread, has answered when it answers somebody else. */
	check_daemon_answers();
	ck_assert_uint_eq(read_once(in, SIZE, 0), 4 + 2001 * 4 + CALL_SIZE);
	memcpy(&word, in + 4 + 2001 * 4, 4);
	ck_assert_uint_eq(word, BR_REPLY);
	free(in);
}
END_TEST

START_TEST(small_buffer_gets_a_noop_at_once)
{
	static const size_t sizes[] = { 1, 3, 4, 79 };
	uint32_t in[20];

	send_oneways(1);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(in, 0, sizeof(in));
		/* More than there was room for: nobody looks. */
		ck_assert_uint_eq(read_once(in, sizes[i], 0), 4);
		ck_assert_uint_eq(in[0], BR_NOOP);
		ck_assert_uint_eq(in[1], 0);
	}
	ck_assert_uint_eq(read_once(in, 80, 0), 8);
	ck_assert_uint_eq(in[1], BR_TRANSACTION_COMPLETE);
}
END_TEST

START_TEST(read_appends_to_what_was_consumed)
{
	static const size_t places[] = { 4, 100, 4000, 9000 };
	uint32_t *in = malloc(16 << 10);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t at = places[i];

		memset(in, 0x55, 16 << 10);
		send_oneways(2);
		ck_assert_uint_eq(read_once(in, 16 << 10, at), at + 8);
		ck_assert_uint_eq(in[0], 0x55555555);
		ck_assert_uint_eq(in[at / 4 - 1], 0x55555555);
		ck_assert_uint_eq(in[at / 4], BR_TRANSACTION_COMPLETE);
		ck_assert_uint_eq(in[at / 4 + 1], BR_TRANSACTION_COMPLETE);
		ck_assert_uint_eq(in[at / 4 + 2], 0x55555555);
	}
	free(in);
}
END_TEST

START_TEST(buffer_of_any_size_may_be_named)
{
	uint32_t in[64];

	send_oneways(1);
	ck_assert_uint_eq(read_once(in, (size_t)1 << 40, 0), 8);
	ck_assert_uint_eq(in[1], BR_TRANSACTION_COMPLETE);
}
END_TEST

Suite *sizes_suite(void)
{
	Suite *suite = suite_create("sizes");
	TCase *tc = tcase_create("reads");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_read_takes_all_that_is_queued);
	tcase_add_test(tc, full_buffer_leaves_the_rest);
	tcase_add_test(tc, transaction_is_the_last_of_a_read);
	tcase_add_test(tc, small_buffer_gets_a_noop_at_once);
	tcase_add_test(tc, read_appends_to_what_was_consumed);
	if (!world_has_valgrind())
		tcase_add_test(tc, buffer_of_any_size_may_be_named);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * client_test.c: driver/client behaves as the device does.
 */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct raw raw;

static void setup(void)
{
	start_world();
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void setup_without_reading(void)
{
	start_world_without_reading();
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void teardown(void)
{
	raw_close(&raw);
	stop_world();
}

START_TEST(version_is_eight)
{
	struct binder_version version = { 0 };

	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_VERSION, &version, false, 0), 0);
	ck_assert_int_eq(version.protocol_version, 8);
}
END_TEST

START_TEST(unknown_ioctl_is_refused)
{
	ck_assert_int_eq(binder_client_ioctl(raw.client, _IOW('b', 99, int), NULL, false, 0),
			 -EINVAL);
}
END_TEST

START_TEST(bad_pointers_are_refused)
{
	void *bad = (void *)-1L;

	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, NULL, false, 0),
			 -EFAULT);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, bad, false, 0),
			 -EFAULT);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_VERSION, NULL, false, 0), -EINVAL);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_SET_MAX_THREADS, bad, false, 0),
			 -EINVAL);
}
END_TEST

START_TEST(writable_mapping_is_refused)
{
	struct binder_client *client;
	void *map;

	ck_assert_int_eq(binder_client_open(world.device, 0, &client), 0);
	ck_assert_int_eq(binder_client_mmap(client, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
					    0, &map),
			 -EPERM);
	binder_client_close(client);
}
END_TEST

START_TEST(second_mapping_is_refused)
{
	void *map;

	ck_assert_int_eq(binder_client_mmap(raw.client, NULL, 4096, PROT_READ, MAP_PRIVATE, 0,
					    &map),
			 -EBUSY);
	ck_assert_int_eq(binder_client_munmap(raw.client, raw.map, raw.map_size), 0);
	raw.map = NULL;
	ck_assert_int_eq(binder_client_mmap(raw.client, NULL, 4096, PROT_READ, MAP_PRIVATE, 0,
					    &map),
			 -EBUSY);
}
END_TEST

START_TEST(mapping_stays_read_only)
{
	ck_assert_int_eq(mprotect(raw.map, raw.map_size, PROT_READ | PROT_WRITE), -1);
	ck_assert_int_eq(errno, EACCES);
}
END_TEST

START_TEST(failed_mapping_may_be_tried_again)
{
	struct binder_client *client;
	void *map;

	ck_assert_int_eq(binder_client_open(world.device, 0, &client), 0);
	/* Nothing can be mapped at an odd address. */
	ck_assert_int_eq(binder_client_mmap(client, (void *)1, 4096, PROT_READ,
					    MAP_PRIVATE | MAP_FIXED, 0, &map),
			 -EINVAL);
	ck_assert_int_eq(binder_client_mmap(client, NULL, 4096, PROT_READ, MAP_PRIVATE, 0, &map),
			 0);
	ck_assert_int_eq(binder_client_munmap(client, map, 4096), 0);
	binder_client_close(client);
}
END_TEST

START_TEST(first_read_does_not_wait)
{
	ck_assert_int_eq(raw_exchange(&raw, true, false), 0);
	ck_assert_uint_eq(raw.in_size, 4);
	ck_assert_uint_eq(*(uint32_t *)raw.in, BR_NOOP);
}
END_TEST

START_TEST(nonblocking_read_finds_nothing)
{
	ck_assert_int_eq(raw_exchange(&raw, true, false), 0);
	binder_client_set_nonblock(raw.client, true);
	ck_assert_int_eq(raw_exchange(&raw, true, false), -EAGAIN);
	ck_assert_uint_eq(raw.in_size, 0);
}
END_TEST

/* ---- waiting ---- */

static void on_signal(int number) {}

static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(SIGUSR2, &action, NULL);
}

static void *read_twice(void *result)
{
	/* The first one says BR_NOOP. */
	*(int *)result = raw_exchange(&raw, true, false);
	if (*(int *)result == 0)
		*(int *)result = raw_exchange(&raw, true, false);
	return NULL;
}

static void *poll_for_ever(void *result)
{
	raw_exchange(&raw, true, false);
	*(int *)result = binder_client_poll(raw.client, -1, 0);
	return NULL;
}

/* Row: what to do, and how long to leave it alone before the signals begin. */
static const struct {
	void *(*wait)(void *result);
	int ms;
} interrupts[] = {
	{ read_twice, 0 },
	{ read_twice, 120 },
	{ poll_for_ever, 0 },
	{ poll_for_ever, 120 },
};

START_TEST(signal_ends_waiting)
{
	pthread_t thread;
	int result = 1;

	catch_signals();
	pthread_create(&thread, NULL, interrupts[_i].wait, &result);
	poll(NULL, 0, interrupts[_i].ms);
	/* The first may come before it waits. */
	while (pthread_tryjoin_np(thread, NULL) == EBUSY) {
		pthread_kill(thread, SIGUSR2);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(result, -EINTR);
	check_echo(&raw, 10);
}
END_TEST

START_TEST(poll_runs_out_of_time)
{
	raw_exchange(&raw, true, false);
	ck_assert_int_eq(binder_client_poll(raw.client, 0, 0), 0);
	ck_assert_int_eq(binder_client_poll(raw.client, 70, 0), 0);
}
END_TEST

START_TEST(flush_ends_waiting)
{
	pthread_t thread;
	int result = 1;

	pthread_create(&thread, NULL, read_twice, &result);
	while (pthread_tryjoin_np(thread, NULL) == EBUSY) {
		ck_assert_int_eq(binder_client_flush(raw.client), 0);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(result, 0);
}
END_TEST

START_TEST(close_ends_waiting)
{
	struct binder_client *client = raw.client;
	pthread_t thread;
	int result = 1;

	pthread_create(&thread, NULL, read_twice, &result);
	poll(NULL, 0, 20 + 100 * _i);
	binder_client_munmap(client, raw.map, raw.map_size);
	binder_client_close(client);
	pthread_join(thread, NULL);
	raw.map = NULL;
	raw.client = NULL;
	ck_assert_int_eq(result, -EBADF);
}
END_TEST

/* ---- payloads ---- */

START_TEST(payloads_arrive_whole)
{
	static const size_t sizes[] = { 0, 1, 7, 64, 4095, 4096, 4097, 65536, 900 << 10 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		check_echo(&raw, sizes[i]);
}
END_TEST

START_TEST(payload_over_buffer_fails)
{
	static char data[5 << 20];
	struct binder_transaction_data reply;
	uint32_t command;

	ck_assert_int_eq(raw_call(&raw, 0, 1, data, sizeof(data), &command, &reply), 0);
	ck_assert_uint_eq(command, BR_FAILED_REPLY);
	check_echo(&raw, 10);
}
END_TEST

/* More payloads than a mailbox has ranges, more commands than it takes at once. */
START_TEST(long_write_is_carried_out_whole)
{
	enum { COUNT = 2000, SIZE = sizeof(uint32_t) + sizeof(struct binder_transaction_data) };
	struct binder_write_read bwr = { .write_size = COUNT * SIZE };
	static uint32_t data[COUNT];
	char *commands = malloc(COUNT * SIZE);

	for (uint32_t i = 0; i < COUNT; i++) {
		const uint32_t command = BC_TRANSACTION;
		struct binder_transaction_data tr = {
			.flags = TF_ONE_WAY,
			.data_size = 4,
			.data.ptr.buffer = (uintptr_t)&data[i],
		};

		data[i] = i;
		memcpy(commands + i * SIZE, &command, 4);
		memcpy(commands + i * SIZE + 4, &tr, sizeof(tr));
	}
	bwr.write_buffer = (uintptr_t)commands;
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0), 0);
	ck_assert_uint_eq(bwr.write_consumed, COUNT * SIZE);
	free(commands);
	for (uint32_t i = 0; i < COUNT;) {
		uint32_t command;
		char payload[72];

		ck_assert_int_eq(raw_next(&raw, &command, payload, false), 0);
		i += command == BR_TRANSACTION_COMPLETE;
		ck_assert(command == BR_TRANSACTION_COMPLETE || command == BR_NOOP);
	}
	check_echo(&raw, 10);
}
END_TEST

/* What comes after a failed transaction waits until the failure is read. */
START_TEST(write_stops_at_failure)
{
	struct binder_transaction_data tr = { .target.handle = 77 };
	const uint32_t handle = 0;
	struct binder_write_read bwr = { 0 };

	raw_put(&raw, BC_TRANSACTION, &tr);
	raw_put(&raw, BC_ACQUIRE, &handle);
	bwr.write_buffer = (uintptr_t)raw.out;
	bwr.write_size = raw.out_size;
	bwr.read_buffer = (uintptr_t)raw.in;
	bwr.read_size = sizeof(raw.in);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0), 0);
	ck_assert_uint_eq(bwr.write_consumed, 68);
	ck_assert_uint_eq(*(uint32_t *)(raw.in + 4), BR_FAILED_REPLY);
}
END_TEST

START_TEST(unknown_command_is_refused)
{
	const uint32_t handle = 0, unknown = 0x1234;
	struct binder_write_read bwr = { 0 };

	raw_put(&raw, BC_ACQUIRE, &handle);
	memcpy(raw.out + raw.out_size, &unknown, 4);
	bwr.write_buffer = (uintptr_t)raw.out;
	bwr.write_size = raw.out_size + 4;
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0),
			 -EINVAL);
	ck_assert_uint_eq(bwr.write_consumed, 8);
}
END_TEST

static TCase *payload_case(const char *name, void (*start)(void))
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, start, teardown);
	tcase_add_test(tc, payloads_arrive_whole);
	tcase_add_test(tc, payload_over_buffer_fails);
	tcase_add_test(tc, long_write_is_carried_out_whole);
	return tc;
}

Suite *client_suite(void)
{
	Suite *suite = suite_create("client");
	TCase *tc = tcase_create("device");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, version_is_eight);
	tcase_add_test(tc, unknown_ioctl_is_refused);
	tcase_add_test(tc, bad_pointers_are_refused);
	tcase_add_test(tc, writable_mapping_is_refused);
	tcase_add_test(tc, second_mapping_is_refused);
	tcase_add_test(tc, mapping_stays_read_only);
	tcase_add_test(tc, failed_mapping_may_be_tried_again);
	tcase_add_test(tc, first_read_does_not_wait);
	tcase_add_test(tc, nonblocking_read_finds_nothing);
	tcase_add_loop_test(tc, signal_ends_waiting, 0, 4);
	tcase_add_test(tc, poll_runs_out_of_time);
	tcase_add_test(tc, flush_ends_waiting);
	tcase_add_loop_test(tc, close_ends_waiting, 0, 2);
	tcase_add_test(tc, write_stops_at_failure);
	tcase_add_test(tc, unknown_command_is_refused);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, payload_case("payloads read from memory", setup));
	suite_add_tcase(suite, payload_case("payloads laid out", setup_without_reading));
	return suite;
}

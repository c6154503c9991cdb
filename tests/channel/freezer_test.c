/* SPDX-License-Identifier: MIT */
/*
 * freezer_test.c: processes are frozen and thawed through binderd.
 */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define LONG_MS 60000

/* A call with code SLOW is answered when a byte comes through @go. */
enum { QUICK = 1, SLOW = 2 };

static struct raw raw;
static int go[2];

static int serve(void *context)
{
	struct binder_transaction_data tr;
	char payload[72], byte;
	uint32_t command;
	struct raw mine;

	if (raw_open(&mine, world.device, 1 << 20) < 0 || raw_become_manager(&mine) < 0)
		return 1;
	raw_put(&mine, BC_ENTER_LOOPER, NULL);
	say_ready();
	while (raw_next_work(&mine, &command, payload, false) == 0) {
		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		if (tr.code == SLOW && read(go[0], &byte, 1) != 1)
			return 2;
		raw_put_free(&mine, tr.data.ptr.buffer);
		if (!(tr.flags & TF_ONE_WAY))
			raw_put_call(&mine, BC_REPLY, 0, 0, 0, NULL, 0);
	}
	return 2;
}

static void setup(void)
{
	start_world();
	ck_assert_int_eq(pipe(go), 0);
	replace_echo(serve, NULL);
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void teardown(void)
{
	raw_close(&raw);
	stop_world();
}

static int freeze(struct raw *by, uint32_t enable, uint32_t timeout_ms)
{
	struct binder_freeze_info info = { .pid = (uint32_t)echo,
					   .enable = enable,
					   .timeout_ms = timeout_ms };

	return binder_client_ioctl(by->client, BINDER_FREEZE, &info, false, 0);
}

static struct binder_frozen_status_info frozen_info(void)
{
	struct binder_frozen_status_info info = { .pid = (uint32_t)echo };

	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_GET_FROZEN_INFO, &info, false, 0),
			 0);
	return info;
}

static uint32_t call(uint32_t code)
{
	struct binder_transaction_data reply;
	uint32_t command;

	ck_assert_int_eq(raw_call(&raw, 0, code, NULL, 0, &command, &reply), 0);
	if (command == BR_REPLY)
		raw_put_free(&raw, reply.data.ptr.buffer);
	return command;
}

/* ---- a call under way ---------------------------------------------------------- */

static pthread_t caller;

/* NULL: it was answered. */
static void *call_slowly(void *context)
{
	struct binder_transaction_data reply;
	uint32_t command = 0;
	struct raw mine;

	if (raw_open(&mine, world.device, 1 << 20) == 0 &&
	    raw_call(&mine, 0, SLOW, NULL, 0, &command, &reply) == 0)
		raw_close(&mine);
	return command == BR_REPLY ? NULL : context;
}

/* Until it has begun. */
static void begin_call(void)
{
	ck_assert_int_eq(pthread_create(&caller, NULL, call_slowly, go), 0);
	while (!(frozen_info().sync_recv & 2))
		poll(NULL, 0, 1);
}

static void end_call(void)
{
	void *result;

	ck_assert_int_eq(write(go[1], "", 1), 1);
	pthread_join(caller, &result);
	ck_assert_ptr_null(result);
}

/* What a one-way call is told: it is never waited for. */
static uint32_t call_oneway(void)
{
	uint32_t command;
	char payload[72];

	raw_put_call(&raw, BC_TRANSACTION, 0, QUICK, TF_ONE_WAY, NULL, 0);
	do
		ck_assert_int_eq(raw_next(&raw, &command, payload, false), 0);
	while (command == BR_NOOP);
	return command;
}

static void wait_until_frozen(void)
{
	while (call_oneway() != UAPI_BR_TRANSACTION_PENDING_FROZEN)
		poll(NULL, 0, 1);
}

/* ---- the rules ------------------------------------------------------------------- */

START_TEST(frozen_process_is_not_called)
{
	ck_assert_uint_eq(call(QUICK), BR_REPLY);
	ck_assert_int_eq(freeze(&raw, 1, 0), 0);
	ck_assert_uint_eq(call(QUICK), BR_FROZEN_REPLY);
	ck_assert_uint_eq(frozen_info().sync_recv, 1);
	ck_assert_uint_eq(frozen_info().async_recv, 0);
	ck_assert_uint_eq(call_oneway(), UAPI_BR_TRANSACTION_PENDING_FROZEN);
	ck_assert_uint_eq(frozen_info().async_recv, 1);
	ck_assert_int_eq(freeze(&raw, 0, 0), 0);
	ck_assert_uint_eq(call(QUICK), BR_REPLY);
}
END_TEST

START_TEST(unknown_process_is_not_frozen)
{
	struct binder_freeze_info info = { .pid = (uint32_t)world.pid, .enable = 1 };
	struct binder_frozen_status_info status = { .pid = (uint32_t)world.pid };

	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_FREEZE, &info, false, 0), -EINVAL);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_GET_FROZEN_INFO, &status, false, 0),
			 -EINVAL);
}
END_TEST

START_TEST(call_under_way_refuses_the_freeze)
{
	begin_call();
	ck_assert_int_eq(freeze(&raw, 1, 0), -EAGAIN);
	/* With a time, too, once that is over; and it is thawed again. */
	ck_assert_int_eq(freeze(&raw, 1, 30), -EAGAIN);
	end_call();
	ck_assert_uint_eq(call(QUICK), BR_REPLY);
}
END_TEST

struct freezing {
	int result;
};

static void *freeze_for_long(void *context)
{
	struct freezing *freezing = context;
	struct raw mine;

	freezing->result = raw_open(&mine, world.device, 0);
	if (freezing->result == 0) {
		freezing->result = freeze(&mine, 1, LONG_MS);
		raw_close(&mine);
	}
	return NULL;
}

START_TEST(freeze_waits_for_the_call_under_way)
{
	struct freezing freezing = { 1 };
	pthread_t thread;

	begin_call();
	pthread_create(&thread, NULL, freeze_for_long, &freezing);
	wait_until_frozen();
	ck_assert_int_eq(pthread_tryjoin_np(thread, NULL), EBUSY);
	end_call();
	pthread_join(thread, NULL);
	ck_assert_int_eq(freezing.result, 0);
	ck_assert_uint_eq(call(QUICK), BR_FROZEN_REPLY);
	ck_assert_int_eq(freeze(&raw, 0, 0), 0);
	ck_assert_uint_eq(call(QUICK), BR_REPLY);
}
END_TEST

/* Times that the daemon has gone to sleep. */
static long sleeps(void)
{
	return world_status_kib(&world, "voluntary_ctxt_switches: %ld");
}

START_TEST(waiting_freeze_leaves_the_daemon_asleep)
{
	struct freezing freezing = { 1 };
	pthread_t thread;
	long before;

	begin_call();
	pthread_create(&thread, NULL, freeze_for_long, &freezing);
	wait_until_frozen();
	before = sleeps();
	poll(NULL, 0, 200);
	ck_assert_int_le(sleeps() - before, 10);
	end_call();
	pthread_join(thread, NULL);
	ck_assert_int_eq(freezing.result, 0);
}
END_TEST

static void on_signal(int number) {}

/* Also where the handler asks for restarts: the wait is the device's, and is over. */
START_TEST(signal_ends_the_freezing)
{
	const struct sigaction action = { .sa_handler = on_signal,
					  .sa_flags = _i ? SA_RESTART : 0 };
	struct freezing freezing = { 1 };
	pthread_t thread;

	sigaction(SIGUSR2, &action, NULL);
	begin_call();
	pthread_create(&thread, NULL, freeze_for_long, &freezing);
	wait_until_frozen();
	while (pthread_tryjoin_np(thread, NULL) == EBUSY) {
		pthread_kill(thread, SIGUSR2);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(freezing.result, -EINTR);
	end_call();
	ck_assert_uint_eq(call(QUICK), BR_REPLY);
}
END_TEST

static int freeze_as_child(void *context)
{
	struct freezing freezing;

	freeze_for_long(&freezing);
	return freezing.result != 0;
}

START_TEST(freezer_that_dies_thaws)
{
	pid_t freezer;

	begin_call();
	freezer = start_child(freeze_as_child, NULL);
	wait_until_frozen();
	kill(freezer, SIGKILL);
	wait_child(freezer);
	end_call();
	while (call(QUICK) == BR_FROZEN_REPLY)
		poll(NULL, 0, 1);
	ck_assert_uint_eq(call(QUICK), BR_REPLY);
}
END_TEST

START_TEST(frozen_process_that_dies_is_gone)
{
	ck_assert_int_eq(freeze(&raw, 1, 0), 0);
	replace_echo(serve, NULL);
	while (call(QUICK) != BR_REPLY)
		poll(NULL, 0, 1);
	ck_assert_uint_eq(frozen_info().sync_recv, 0);
}
END_TEST

static void expect_told(uint32_t is_frozen)
{
	struct binder_uapi_frozen_state state;
	char payload[72];
	uint32_t command;

	do
		ck_assert_int_eq(raw_next_work(&raw, &command, payload, false), 0);
	while (command != UAPI_BR_FROZEN_BINDER);
	memcpy(&state, payload, sizeof(state));
	ck_assert_uint_eq(state.cookie, 77);
	ck_assert_uint_eq(state.is_frozen, is_frozen);
}

START_TEST(watcher_is_told_of_each_change)
{
	const struct binder_handle_cookie watch = { .handle = 0, .cookie = 77 };
	const uint32_t manager = 0;
	char payload[72];
	uint32_t command;

	raw_put(&raw, BC_ACQUIRE, &manager);
	raw_put(&raw, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, &watch);
	expect_told(0);
	for (uint32_t frozen = 1; frozen < 4; frozen++) {
		raw_put(&raw, UAPI_BC_FREEZE_NOTIFICATION_DONE, &watch.cookie);
		ck_assert_int_eq(raw_exchange(&raw, false, false), 0);
		ck_assert_int_eq(freeze(&raw, frozen & 1, 0), 0);
		expect_told(frozen & 1);
	}
	raw_put(&raw, UAPI_BC_FREEZE_NOTIFICATION_DONE, &watch.cookie);
	raw_put(&raw, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, &watch);
	ck_assert_int_eq(raw_next_work(&raw, &command, payload, false), 0);
	ck_assert_uint_eq(command, UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE);
}
END_TEST

Suite *freezer_suite(void)
{
	Suite *suite = suite_create("freezer");
	TCase *tc = tcase_create("freezer");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, frozen_process_is_not_called);
	tcase_add_test(tc, unknown_process_is_not_frozen);
	tcase_add_test(tc, call_under_way_refuses_the_freeze);
	tcase_add_test(tc, freeze_waits_for_the_call_under_way);
	tcase_add_test(tc, waiting_freeze_leaves_the_daemon_asleep);
	tcase_add_loop_test(tc, signal_ends_the_freezing, 0, 2);
	tcase_add_test(tc, freezer_that_dies_thaws);
	tcase_add_test(tc, frozen_process_that_dies_is_gone);
	tcase_add_test(tc, watcher_is_told_of_each_change);
	suite_add_tcase(suite, tc);
	return suite;
}

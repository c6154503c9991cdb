/* SPDX-License-Identifier: MIT */
/*
 * nice_test.c: a thread that handles a call is as nice as its caller, where the
 * system lets it come back from there.
 */
#include "../limit.h"
#include "suites.h"

#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct raw raw;

struct service {
	uint32_t min_priority;
	bool powerless;
};

static int drop_power(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	const struct rlimit none = { 0, 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	data[0].effective &= ~(1u << CAP_SYS_NICE);
	if (syscall(SYS_capset, &header, data) < 0 || setrlimit(RLIMIT_NICE, &none) < 0)
		return -errno;
	return 0;
}

/* Answers each call with how nice it is while it handles it, and after the last reply. */
static int serve_nice(void *context)
{
	const struct service *service = context;
	struct flat_binder_object manager = { .flags = service->min_priority };
	struct binder_transaction_data tr;
	char payload[72];
	int32_t told[2] = { 0 };
	uint32_t command;
	struct raw mine;

	if ((service->powerless && drop_power() < 0) || raw_open(&mine, world.device, 1 << 20) < 0)
		return 3;
	if (binder_client_ioctl(mine.client, BINDER_SET_CONTEXT_MGR_EXT, &manager, false, 0) < 0)
		return 1;
	raw_put(&mine, BC_ENTER_LOOPER, NULL);
	told[1] = getpriority(PRIO_PROCESS, 0);
	say_ready();
	while (raw_next_work(&mine, &command, payload, true) == 0) {
		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		told[0] = getpriority(PRIO_PROCESS, 0);
		raw_put_free(&mine, tr.data.ptr.buffer);
		raw_put_call(&mine, BC_REPLY, 0, 0, 0, told, sizeof(told));
		/* Code 1: write the reply alone; else it is left to the next read. */
		if (tr.code == 1 && raw_exchange(&mine, false, false) < 0)
			return 2;
		told[1] = getpriority(PRIO_PROCESS, 0);
	}
	return 2;
}

static void start_service(uint32_t min_priority, bool powerless)
{
	struct service service = { min_priority, powerless };

	start_world();
	replace_echo(serve_nice, &service);
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void end_service(void)
{
	raw_close(&raw);
	stop_world();
}

static void call(uint32_t code, int32_t told[2])
{
	struct binder_transaction_data reply;
	uint32_t command;

	ck_assert_int_eq(raw_call(&raw, 0, code, "x", 1, &command, &reply), 0);
	ck_assert_uint_eq(command, BR_REPLY);
	memcpy(told, (void *)(uintptr_t)reply.data.ptr.buffer, 2 * sizeof(*told));
	raw_put_free(&raw, reply.data.ptr.buffer);
	ck_assert_int_eq(raw_exchange(&raw, false, false), 0);
}

enum { NICEST = 19, NO_CEILING = 0x7f, RANGE = 6 };

/* How nice this test was started: the service is so, too, and all else is measured from there. */
static int usual;

/*
 * Without the right to come back nothing changes, and above a certain niceness there is no room
 * for the test: then there is nothing to see here.
 */
static bool may_come_back(void)
{
	usual = getpriority(PRIO_PROCESS, 0);
	return usual + RANGE <= NICEST && setpriority(PRIO_PROCESS, 0, usual + 1) == 0 &&
	       setpriority(PRIO_PROCESS, 0, usual) == 0;
}

/* Row, beyond the usual: the caller's niceness, the object's ceiling, what the callee is then. */
static const int rows[][3] = {
	{ 3, NO_CEILING, 3 }, { 2, 4, 2 }, { 6, 4, 4 }, { 0, 4, 0 }, { -1, 4, -1 },
};

START_TEST(callee_is_as_nice_as_its_caller)
{
	int32_t told[2];
	int ceiling;

	if (!may_come_back())
		return;
	ceiling = rows[_i][1] == NO_CEILING ? NO_CEILING : usual + rows[_i][1];
	start_service((uint8_t)ceiling, false);
	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, usual + rows[_i][0]), 0);
	call(1, told);
	ck_assert_int_eq(told[0], usual + rows[_i][2]);
	/* And it was itself again when the reply had been written. */
	call(1, told);
	ck_assert_int_eq(told[1], usual);
	ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), usual + rows[_i][0]);
	end_service();
}
END_TEST

/* Also when the reply is written by the ioctl that waits for the next call. */
START_TEST(sleeping_callee_is_itself_again)
{
	int32_t told[2];
	int now;

	if (!may_come_back())
		return;
	start_service(NO_CEILING, false);
	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, usual + RANGE), 0);
	call(2, told);
	ck_assert_int_eq(told[0], usual + RANGE);
	now = getpriority(PRIO_PROCESS, (id_t)echo);
	for (int i = 0; i < limit_of(5000) && now != usual; i++) {
		poll(NULL, 0, 1);
		now = getpriority(PRIO_PROCESS, (id_t)echo);
	}
	ck_assert_int_eq(now, usual);
	end_service();
}
END_TEST

START_TEST(niceness_is_the_callers_at_the_call)
{
	int32_t told[2];

	if (!may_come_back())
		return;
	start_service(NO_CEILING, false);
	for (int nice = usual + 1; nice <= NICEST; nice += 3) {
		ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, nice), 0);
		call(2, told);
		ck_assert_int_eq(told[0], nice);
	}
	end_service();
}
END_TEST

START_TEST(callee_that_could_not_come_back_stays_as_it_is)
{
	int32_t told[2];

	usual = getpriority(PRIO_PROCESS, 0);
	start_service(NO_CEILING, true);
	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, NICEST), 0);
	for (uint32_t code = 1; code <= 2; code++) {
		call(code, told);
		ck_assert_int_eq(told[0], usual);
		ck_assert_int_eq(told[1], usual);
	}
	end_service();
}
END_TEST

Suite *nice_suite(void)
{
	Suite *suite = suite_create("nice");
	TCase *tc = tcase_create("nice");

	tcase_add_loop_test(tc, callee_is_as_nice_as_its_caller, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, sleeping_callee_is_itself_again);
	tcase_add_test(tc, niceness_is_the_callers_at_the_call);
	tcase_add_test(tc, callee_that_could_not_come_back_stays_as_it_is);
	suite_add_tcase(suite, tc);
	return suite;
}

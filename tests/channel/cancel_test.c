/* SPDX-License-Identifier: MIT */
/*
 * cancel_test.c: a cancel is answered at once, whatever its request waits for, and a daemon
 * that lives says so.
 */
#include "line.h"
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "deadline.h"

static void setup(void)
{
	start_world();
	check_daemon_answers();
}

static void stop_daemon(void)
{
	kill(world.pid, SIGSTOP);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
}

static void request(struct line *line)
{
	__atomic_store_n(&line->box->state, CHANNEL_REQUEST, __ATOMIC_SEQ_CST);
	line_ring(line);
}

static void cancel(struct line *line)
{
	__atomic_store_n(&line->box->cancel, 1, __ATOMIC_SEQ_CST);
	line_ring(line);
}

static void await(const struct line *line)
{
	while (__atomic_load_n(&line->box->state, __ATOMIC_SEQ_CST) != CHANNEL_DONE)
		poll(NULL, 0, 1);
}

static void open_line(struct line *line)
{
	ck_assert_int_eq(line_open(line, world.device), 0);
	ck_assert_int_eq(line_attach(line), 0);
}

/* Commands that take more than one turn: each in a page of its own, in all @count. */
static void lay_commands(struct line *line, size_t count)
{
	uint32_t *commands = (uint32_t *)(line->mailbox + CHANNEL_IN_OFFSET);

	for (size_t i = 0; i < count; i++)
		commands[i] = BC_EXIT_LOOPER;
	line->box->op = CHANNEL_IOCTL;
	line->box->cmd = BINDER_WRITE_READ;
	line->box->range_count = 1;
	line->box->range[0] =
		(struct channel_range){ 4096, (uint32_t)count * 4, CHANNEL_IN_OFFSET };
	line->box->bwr =
		(struct binder_write_read){ .write_buffer = 4096, .write_size = count * 4 };
}

/* The answer says how many commands have been carried out: some, and not all. */
START_TEST(write_is_cancelled_between_two_commands)
{
	struct line line;

	open_line(&line);
	lay_commands(&line, 50000);
	stop_daemon();
	request(&line);
	cancel(&line);
	kill(world.pid, SIGCONT);
	await(&line);
	ck_assert_int_eq(line.box->result, -EINTR);
	ck_assert_uint_gt(line.box->bwr.write_consumed, 0);
	ck_assert_uint_lt(line.box->bwr.write_consumed, 50000 * 4);
	ck_assert_uint_eq(line.box->bwr.write_consumed % 4, 0);
	line_close(&line);
}
END_TEST

/* Once it is under way, too; what is left can be written with the next request. */
START_TEST(write_under_way_is_cancelled)
{
	struct line line;
	uint64_t consumed;

	open_line(&line);
	lay_commands(&line, 100000);
	request(&line);
	cancel(&line);
	await(&line);
	consumed = line.box->bwr.write_consumed;
	if (line.box->result == 0)
		ck_assert_uint_eq(consumed, 100000 * 4);
	else
		ck_assert_int_eq(line.box->result, -EINTR);
	line.box->cancel = 0;
	request(&line);
	await(&line);
	ck_assert_int_eq(line.box->result, 0);
	ck_assert_uint_eq(line.box->bwr.write_consumed, 100000 * 4);
	line_close(&line);
}
END_TEST

/*
 * Another thread of the same client has just had an expensive turn, and a stranger a cheap
 * one: the request is held, and a cancel lets go of it before it is begun.  When the daemon
 * was too slow for that it was carried out; then it is tried again.
 */
START_TEST(held_request_is_cancelled_before_it_is_begun)
{
	struct line first, second, stranger;
	bool was_held = false;

	open_line(&first);
	open_line(&stranger);
	second = first;
	ck_assert_int_eq(line_attach(&second), 0);
	while (!was_held) {
		lay_commands(&first, 50000);
		lay_commands(&second, 1);
		lay_commands(&stranger, 1);
		first.box->cancel = 0;
		stop_daemon();
		request(&first);
		request(&stranger);
		request(&second);
		cancel(&second);
		cancel(&first);
		kill(world.pid, SIGCONT);
		await(&first);
		await(&second);
		await(&stranger);
		second.box->cancel = 0;
		was_held = second.box->result == -EINTR;
		ck_assert_uint_eq(second.box->bwr.write_consumed, was_held ? 0 : 4);
	}
	/* A request that is not expensive is never held: a thread may always end. */
	second.box->op = CHANNEL_IOCTL;
	second.box->cmd = BINDER_THREAD_EXIT;
	second.box->cancel = 1;
	request(&second);
	await(&second);
	ck_assert_int_eq(second.box->result, 0);
	second.conn = -1;
	line_close(&second);
	line_close(&stranger);
	line_close(&first);
}
END_TEST

START_TEST(ping_is_answered)
{
	struct line line;

	open_line(&line);
	/* Until its first ioctl is over, a new thread's poll does not wait. */
	line.box->op = CHANNEL_IOCTL;
	line.box->cmd = BINDER_VERSION;
	request(&line);
	await(&line);
	for (uint32_t ping = 7; ping < 10; ping++) {
		line.box->op = CHANNEL_POLL;
		line.box->timeout_ms = -1;
		line.box->cancel = 0;
		request(&line);
		line.box->ping = ping;
		cancel(&line);
		while (__atomic_load_n(&line.box->pong, __ATOMIC_SEQ_CST) != ping)
			poll(NULL, 0, 1);
		await(&line);
		ck_assert_int_eq(line.box->result, -EINTR);
	}
	line_close(&line);
}
END_TEST

/* ---- the client's end ---- */

static void *continue_later(void *context)
{
	poll(NULL, 0, 600);
	kill(world.pid, SIGCONT);
	return NULL;
}

/* It does not run for a while, then it does: no call, and no connection, is lost for that. */
START_TEST(daemon_that_is_late_is_not_taken_for_dead)
{
	pthread_t thread;
	struct raw raw;
	int result;

	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	check_echo(&raw, 10);
	stop_daemon();
	pthread_create(&thread, NULL, continue_later, NULL);
	result = binder_client_poll(raw.client, -1, deadline_in(20));
	pthread_join(thread, NULL);
	ck_assert_int_eq(result, -EINTR);
	check_echo(&raw, 10);
	raw_close(&raw);
}
END_TEST

Suite *cancel_suite(void)
{
	Suite *suite = suite_create("cancel");
	TCase *tc = tcase_create("cancel");

	tcase_add_checked_fixture(tc, setup, stop_world);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, write_is_cancelled_between_two_commands);
	tcase_add_test(tc, write_under_way_is_cancelled);
	tcase_add_test(tc, ping_is_answered);
	tcase_add_test(tc, daemon_that_is_late_is_not_taken_for_dead);
	suite_add_tcase(suite, tc);
	tc = tcase_create("held");
	tcase_add_checked_fixture(tc, setup, stop_world);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, held_request_is_cancelled_before_it_is_begun);
	suite_add_tcase(suite, tc);
	return suite;
}

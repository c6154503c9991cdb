/* SPDX-License-Identifier: MIT */
/*
 * signals_test.c: a signal ends a wait as it does on a device, and loses nothing.
 */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct raw raw;
static int started[2];

static void on_signal(int number) {}

static void setup(void)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	start_world();
	ck_assert_int_eq(pipe(started), 0);
	sigaction(SIGUSR2, &action, NULL);
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void teardown(void)
{
	raw_close(&raw);
	stop_world();
}

/* One ioctl of a thread that is not new any more. */
struct wait {
	char out[256];
	size_t out_size;
	struct binder_write_read bwr;
	char in[256];
	int result;
};

static void *run_wait(void *context)
{
	struct wait *wait = context;

	raw_exchange(&raw, true, false);
	wait->bwr.write_buffer = (uintptr_t)wait->out;
	wait->bwr.write_size = wait->out_size;
	wait->bwr.read_buffer = (uintptr_t)wait->in;
	wait->bwr.read_size = sizeof(wait->in);
	wait->result = binder_client_ioctl(raw.client, BINDER_WRITE_READ, &wait->bwr, false, 0);
	return NULL;
}

static void interrupt_until_done(pthread_t thread)
{
	while (pthread_tryjoin_np(thread, NULL) == EBUSY) {
		pthread_kill(thread, SIGUSR2);
		poll(NULL, 0, 1);
	}
}

START_TEST(interrupted_read_has_written)
{
	const uint32_t enter = BC_ENTER_LOOPER;
	struct wait wait = { .out_size = sizeof(enter), .result = 1 };
	pthread_t thread;

	memcpy(wait.out, &enter, sizeof(enter));
	pthread_create(&thread, NULL, run_wait, &wait);
	interrupt_until_done(thread);
	ck_assert_int_eq(wait.result, -EINTR);
	ck_assert_uint_eq(wait.bwr.write_consumed, sizeof(enter));
	ck_assert_uint_eq(wait.bwr.read_consumed, 0);
}
END_TEST

/* Answers a call when it is told to. */
static int serve_late(void *context)
{
	char payload[72], byte;
	uint32_t command;
	struct raw mine;

	if (raw_open(&mine, world.device, 1 << 20) < 0 || raw_become_manager(&mine) < 0)
		return 1;
	raw_put(&mine, BC_ENTER_LOOPER, NULL);
	say_ready();
	do {
		if (raw_next_work(&mine, &command, payload, false) < 0)
			return 2;
	} while (command != BR_TRANSACTION);
	if (read(started[0], &byte, 1) != 1)
		return 2;
	raw_put_call(&mine, BC_REPLY, 0, 0, 0, "late", 5);
	raw_next_work(&mine, &command, payload, false);
	return 0;
}

static uint32_t word_at(const char *in, size_t at)
{
	uint32_t word;

	memcpy(&word, in + at, sizeof(word));
	return word;
}

START_TEST(interrupted_call_is_read_later)
{
	struct binder_write_read bwr = { .read_size = sizeof(raw.in) };
	int result;

	replace_echo(serve_late, NULL);
	raw_exchange(&raw, true, false);
	raw_put_call(&raw, BC_TRANSACTION, 0, 1, 0, NULL, 0);
	ck_assert_int_eq(raw_exchange(&raw, false, false), 0);
	bwr.read_buffer = (uintptr_t)raw.in;
	/* An alarm of this very thread, again and again until one meets the wait. */
	signal(SIGALRM, on_signal);
	ualarm(20000, 20000);
	result = binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0);
	ualarm(0, 0);
	ck_assert_int_eq(result, -EINTR);
	ck_assert_uint_eq(bwr.read_consumed, 0);
	ck_assert_int_eq(write(started[1], "", 1), 1);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_WRITE_READ, &bwr, false, 0), 0);
	ck_assert_uint_eq(word_at(raw.in, 4), BR_TRANSACTION_COMPLETE);
	ck_assert_uint_eq(word_at(raw.in, 8), BR_REPLY);
}
END_TEST

static int read_as_child(void *context)
{
	struct raw mine;

	if (raw_open(&mine, world.device, 0) < 0 || raw_exchange(&mine, true, false) < 0 ||
	    write(started[1], "", 1) != 1)
		return 1;
	return raw_exchange(&mine, true, false) == -EINTR ? 0 : 2;
}

/* Stopped and continued: the device's wait ends with EINTR then. */
START_TEST(stopped_wait_is_interrupted)
{
	pid_t child = start_child(read_as_child, NULL);
	char byte;
	int status;

	ck_assert_int_eq(read(started[0], &byte, 1), 1);
	do {
		kill(child, SIGSTOP);
		waitpid(child, &status, WUNTRACED);
		kill(child, SIGCONT);
		poll(NULL, 0, 10);
	} while (waitpid(child, &status, WNOHANG) == 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

/* Nobody handles it, so there is nothing to return for. */
START_TEST(ignored_signal_interrupts_nothing)
{
	struct wait wait = { .result = 1 };
	pthread_t thread;

	signal(SIGUSR2, SIG_IGN);
	pthread_create(&thread, NULL, run_wait, &wait);
	for (int i = 0; i < 30; i++) {
		ck_assert_int_eq(pthread_kill(thread, SIGUSR2), 0);
		poll(NULL, 0, 1);
	}
	/* It ends with what it waits for: a flush. */
	while (pthread_tryjoin_np(thread, NULL) == EBUSY) {
		binder_client_flush(raw.client);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(wait.result, 0);
	ck_assert_uint_eq(wait.bwr.read_consumed, 4);
}
END_TEST

static volatile pid_t forked;

static void fork_once(int number)
{
	if (forked < 0)
		forked = fork();
}

/* A child's: sends the signal when its parent has fallen asleep. */
static int interrupt_parent(void *context)
{
	char path[64], state = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
	while (state != 'S') {
		FILE *file = fopen(path, "re");

		if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			return 1;
		fclose(file);
		poll(NULL, 0, 1);
	}
	return kill(getppid(), SIGUSR2) < 0;
}

/* Both come back from the same call; the child is one more thread, as always. */
START_TEST(handler_may_fork)
{
	struct binder_version version;
	int result;
	pid_t child;

	raw_exchange(&raw, true, false);
	forked = -1;
	signal(SIGUSR2, fork_once);
	child = start_child(interrupt_parent, NULL);
	result = raw_exchange(&raw, true, false);
	if (forked == 0)
		_exit(result != -EINTR                                                        ? 1 :
		      binder_client_ioctl(raw.client, BINDER_VERSION, &version, false, 0) < 0 ? 2 :
												0);
	ck_assert_int_eq(result, -EINTR);
	ck_assert_int_eq(wait_child(child), 0);
	ck_assert_int_eq(wait_child(forked), 0);
	check_echo(&raw, 100);
}
END_TEST

static int interrupt_view(void *context)
{
	int result = interrupt_parent(context);

	kill(world.pid, SIGCONT);
	return result;
}

/* The parent reads on; the child has no channel to read on with, and hears so. */
START_TEST(handler_may_fork_amid_a_view)
{
	char *text = NULL;
	int result;
	pid_t child;

	ck_assert_int_eq(binder_client_view(raw.client, "stats", 0, &text), 0);
	free(text);
	ck_assert_int_eq(kill(world.pid, SIGSTOP), 0);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
	forked = -1;
	signal(SIGUSR2, fork_once);
	child = start_child(interrupt_view, NULL);
	result = binder_client_view(raw.client, "stats", 0, &text);
	if (forked == 0)
		_exit(result == -EINTR ? 0 : 1);
	ck_assert_int_eq(result, 0);
	free(text);
	ck_assert_int_eq(wait_child(child), 0);
	ck_assert_int_eq(wait_child(forked), 0);
}
END_TEST

Suite *signals_suite(void)
{
	Suite *suite = suite_create("signals");
	TCase *tc = tcase_create("signals");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 20);
	tcase_add_test(tc, interrupted_read_has_written);
	tcase_add_test(tc, interrupted_call_is_read_later);
	tcase_add_test(tc, stopped_wait_is_interrupted);
	tcase_add_test(tc, ignored_signal_interrupts_nothing);
	tcase_add_test(tc, handler_may_fork);
	tcase_add_test(tc, handler_may_fork_amid_a_view);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * mix_test.c: large, small, cancelled and timed-out calls at once: each gets its answer in the end,
 * and nobody takes the daemon for dead.  LOAD_MIX_S: for how many seconds (3).
 */
#include "channel/raw.h"
#include "daemon.h"
#include "deadline.h"
#include "suites.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE (120 << 10)
#define CALLERS 8

static struct world world;
static atomic_bool over;

static int serve(void)
{
	struct raw mine;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (raw_open(&mine, world.device, 4 << 20) < 0 || raw_become_manager(&mine) < 0)
		return 1;
	raw_echo(&mine);
	return 0;
}

enum kind { SMALL_CALLS, LARGE_CALLS, CANCELLED_CALLS, TIMED_CALLS, KINDS };

struct caller {
	pthread_t thread;
	enum kind kind;
	struct raw raw;
	char data[LARGE];
	uint64_t calls, cut_short; /* by a signal or a deadline */
	const char *wrong;
};

/* Reads on until the answer comes, however often that is cut short.  NULL: it was right. */
static const char *finish(struct caller *c, size_t size)
{
	struct binder_transaction_data reply;
	char payload[72];
	uint32_t command;
	int r;

	for (;;) {
		if (c->kind == TIMED_CALLS)
			c->raw.deadline = deadline_now() + c->calls % 7 * 100000 + 1;
		r = raw_next_work(&c->raw, &command, payload, false);
		if (r == 0)
			break;
		if (r == -ETIMEDOUT)
			return "the daemon was taken for dead";
		if (r != -EINTR)
			return strerror(-r);
		c->cut_short++;
	}
	c->raw.deadline = 0;
	if (command != BR_REPLY)
		return command == BR_FAILED_REPLY ? "a call failed" : "another answer came";
	memcpy(&reply, payload, sizeof(reply));
	if (reply.data_size != size ||
	    memcmp((void *)(uintptr_t)reply.data.ptr.buffer, c->data, size) != 0)
		return "another call's answer came";
	raw_put_free(&c->raw, reply.data.ptr.buffer);
	return NULL;
}

static void *call_on(void *context)
{
	struct caller *c = context;
	bool large = c->kind == LARGE_CALLS;

	while (!over && !c->wrong) {
		size_t size = large || c->calls % 5 == 0 ? LARGE : sizeof(c->calls);

		c->calls++;
		for (size_t at = 0; at + sizeof(c->calls) <= size; at += 4096)
			memcpy(c->data + at, &c->calls, sizeof(c->calls));
		raw_put_call(&c->raw, BC_TRANSACTION, 0, 1, 0, c->data, size);
		c->wrong = finish(c, size);
	}
	return NULL;
}

static void on_signal(int number) {}

static void interrupt(struct caller *callers)
{
	const struct timespec pause = { 0, 700000 };

	for (int i = 0; i < CALLERS; i++) {
		if (callers[i].kind == CANCELLED_CALLS)
			pthread_kill(callers[i].thread, SIGUSR2);
	}
	nanosleep(&pause, NULL);
}

START_TEST(mixed_calls_lose_nothing)
{
	const struct sigaction action = { .sa_handler = on_signal };
	const char *seconds = getenv("LOAD_MIX_S");
	struct caller *callers = calloc(CALLERS, sizeof(*callers));
	uint64_t end, calls[KINDS] = { 0 }, cut_short[KINDS] = { 0 };
	pid_t service;

	ck_assert_int_eq(daemon_start(&world, NULL), 0);
	sigaction(SIGUSR2, &action, NULL);
	service = fork();
	if (service == 0)
		_exit(serve());
	for (int i = 0; i < CALLERS; i++) {
		struct binder_transaction_data reply;
		uint32_t command = 0;

		callers[i].kind = (enum kind)(i % KINDS);
		ck_assert_int_eq(raw_open(&callers[i].raw, world.device, 1 << 20), 0);
		while (command != BR_REPLY) /* the service is about to be there */
			ck_assert_int_eq(raw_call(&callers[i].raw, 0, 1, NULL, 0, &command, &reply),
					 0);
		raw_put_free(&callers[i].raw, reply.data.ptr.buffer);
	}
	for (int i = 0; i < CALLERS; i++)
		pthread_create(&callers[i].thread, NULL, call_on, &callers[i]);
	end = deadline_now() + (uint64_t)(seconds ? atoi(seconds) : 3) * 1000000000;
	while (deadline_now() < end)
		interrupt(callers);
	over = true;
	for (int i = 0; i < CALLERS; i++) {
		pthread_join(callers[i].thread, NULL);
		ck_assert_msg(!callers[i].wrong, "%s", callers[i].wrong);
		ck_assert_uint_gt(callers[i].calls, 0);
		calls[callers[i].kind] += callers[i].calls;
		cut_short[callers[i].kind] += callers[i].cut_short;
		raw_close(&callers[i].raw);
	}
	fprintf(stderr,
		"# calls: %llu small, %llu large, %llu cancelled %llu times, %llu timed out %llu "
		"times\n",
		(unsigned long long)calls[SMALL_CALLS], (unsigned long long)calls[LARGE_CALLS],
		(unsigned long long)calls[CANCELLED_CALLS],
		(unsigned long long)cut_short[CANCELLED_CALLS],
		(unsigned long long)calls[TIMED_CALLS], (unsigned long long)cut_short[TIMED_CALLS]);
	ck_assert_uint_gt(cut_short[CANCELLED_CALLS] + cut_short[TIMED_CALLS], 0);
	kill(service, SIGKILL);
	waitpid(service, NULL, 0);
	ck_assert_int_eq(daemon_logged("inconsistency"), 0);
	ck_assert(daemon_stop(&world));
	free(callers);
}
END_TEST

Suite *mix_suite(void)
{
	Suite *suite = suite_create("mix");
	TCase *tc = tcase_create("mix");

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, mixed_calls_lose_nothing);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * flood_test.c: too many clients, clients that die, clients that never stop.
 */
#include "line.h"
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONNECTIONS 10000

static int fds_before;

static void setup(void)
{
	start_world();
	fds_before = world_fds(&world);
	check_daemon_answers();
}

static void teardown(void)
{
	check_daemon_answers();
	check_fds_return_to(fds_before);
	stop_world();
}

static void raise_file_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* How many of them were served; all stay open in lines[]. */
static int connect_many(struct line *lines, int count)
{
	int served = 0;

	for (int i = 0; i < count; i++)
		served += line_open(&lines[i], world.device) == 0;
	return served;
}

static int told[2];

/* Keeps them open until it is killed. */
static int flood(void *context)
{
	struct line *lines = calloc(CONNECTIONS, sizeof(*lines));
	int served;

	raise_file_limit();
	served = connect_many(lines, CONNECTIONS);
	if (write(told[1], &served, sizeof(served)) == sizeof(served))
		pause();
	return 0;
}

static pid_t start_flood(int *served)
{
	pid_t pid;

	ck_assert_int_eq(pipe(told), 0);
	pid = start_child(flood, NULL);
	close(told[1]);
	ck_assert_int_eq(read(told[0], served, sizeof(*served)), sizeof(*served));
	close(told[0]);
	return pid;
}

START_TEST(ten_thousand_connections_leave_room_for_others)
{
	struct raw raw;
	int served;
	pid_t pid;

	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	check_echo(&raw, 100);
	pid = start_flood(&served);
	/* The limit for one process. */
	ck_assert_int_eq(served, 1024);
	check_echo(&raw, 100);
	check_daemon_answers();
	kill(pid, SIGKILL);
	wait_child(pid);
	raw_close(&raw);
}
END_TEST

/* ---- a daemon that is short of descriptors ---- */

#define FEW 200

static void setup_with_few(void)
{
	const struct rlimit limit = { FEW, FEW };
	struct rlimit old;

	getrlimit(RLIMIT_NOFILE, &old);
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ FEW, old.rlim_max });
	setup();
	ck_assert_int_eq(prlimit(world.pid, RLIMIT_NOFILE, &limit, NULL), 0);
	setrlimit(RLIMIT_NOFILE, &old);
}

START_TEST(daemon_without_descriptors_serves_whom_it_has)
{
	struct raw raw;
	int served;
	pid_t pid;

	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	check_echo(&raw, 100);
	pid = start_flood(&served);
	ck_assert_int_gt(served, FEW / 2);
	ck_assert_int_lt(served, FEW);
	for (int i = 0; i < 100; i++)
		check_echo(&raw, 100);
	kill(pid, SIGKILL);
	wait_child(pid);
	raw_close(&raw);
}
END_TEST

/* ---- dying ---- */

static int call_for_ever(void *context)
{
	struct raw raw;

	if (raw_open(&raw, world.device, 1 << 20) < 0)
		return 1;
	for (size_t size = 0;; size = (size + 777) % 20000) {
		struct binder_transaction_data reply;
		static char data[20000];
		uint32_t command;

		if (raw_call(&raw, 0, 1, data, size, &command, &reply) < 0 || command != BR_REPLY)
			return 2;
		raw_put_free(&raw, reply.data.ptr.buffer);
	}
}

/* Sanitizers and valgrind keep freed memory back. */
static long memory_slack_kib(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return 1 << 20;
#else
	return world_has_valgrind() ? 1 << 20 : 2048;
#endif
}

START_TEST(clients_may_die_at_any_instant)
{
	unsigned int seed = 3;
	long rss = 0;

	for (int i = 0; i < 300; i++) {
		pid_t pids[3];

		if (i == 50)
			rss = world_rss_kib(&world);
		for (int j = 0; j < 3; j++)
			pids[j] = start_child(call_for_ever, NULL);
		usleep((unsigned int)rand_r(&seed) % 3000);
		for (int j = 0; j < 3; j++)
			kill(pids[j], SIGKILL);
		for (int j = 0; j < 3; j++)
			ck_assert_int_eq(wait_child(pids[j]), 128 + SIGKILL);
	}
	check_daemon_answers();
	check_fds_return_to(fds_before);
	ck_assert_int_lt(world_rss_kib(&world), rss + memory_slack_kib());
}
END_TEST

/* ---- never stopping ---- */

struct ringer {
	struct line line;
	int stop;
};

static void *ring_for_ever(void *context)
{
	struct ringer *ringer = context;

	while (!__atomic_load_n(&ringer->stop, __ATOMIC_RELAXED)) {
		ringer->line.box->op = CHANNEL_FLUSH;
		__atomic_store_n(&ringer->line.box->state, CHANNEL_REQUEST, __ATOMIC_SEQ_CST);
		line_ring(&ringer->line);
	}
	return NULL;
}

START_TEST(ringing_for_ever_starves_nobody)
{
	struct ringer ringers[3];
	pthread_t threads[3];

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(line_open(&ringers[i].line, world.device), 0);
		ck_assert_int_eq(line_attach(&ringers[i].line), 0);
		ringers[i].stop = 0;
		pthread_create(&threads[i], NULL, ring_for_ever, &ringers[i]);
	}
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
	for (int i = 0; i < 3; i++) {
		__atomic_store_n(&ringers[i].stop, 1, __ATOMIC_RELAXED);
		pthread_join(threads[i], NULL);
		line_close(&ringers[i].line);
	}
}
END_TEST

/* Never waits for its wake-ups, so they pile up. */
START_TEST(client_that_never_waits_is_served_on)
{
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	line.box->op = CHANNEL_FLUSH;
	for (int i = 0; i < 2000; i++) {
		line.box->state = CHANNEL_REQUEST;
		line_ring(&line);
		while (__atomic_load_n(&line.box->state, __ATOMIC_SEQ_CST) != CHANNEL_DONE)
			poll(NULL, 0, 0);
	}
	line_close(&line);
}
END_TEST

/* As many commands as the mailbox holds, again and again. */
START_TEST(endless_writing_starves_nobody)
{
	struct line line;
	uint32_t *commands;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	commands = (uint32_t *)(line.mailbox + CHANNEL_IN_OFFSET);
	for (size_t i = 0; i < CHANNEL_IN_SIZE / 4; i++)
		commands[i] = BC_EXIT_LOOPER;
	line.box->op = CHANNEL_IOCTL;
	line.box->cmd = BINDER_WRITE_READ;
	line.box->range_count = 1;
	line.box->range[0] = (struct channel_range){ 4096, CHANNEL_IN_SIZE, CHANNEL_IN_OFFSET };
	line.box->bwr.write_buffer = 4096;
	line.box->bwr.write_size = CHANNEL_IN_SIZE;
	line.box->state = CHANNEL_REQUEST;
	line_ring(&line);
	check_daemon_answers();
	/* The other was served before this one was through. */
	ck_assert_uint_eq(__atomic_load_n(&line.box->state, __ATOMIC_SEQ_CST), CHANNEL_REQUEST);
	line_close(&line);
}
END_TEST

/* ---- large commands in one write ---- */

enum { CALLS = 58, SIZE = 32 << 10 };

/* How many calls the daemon has been told to make. */
static unsigned int calls_begun(const struct line *line)
{
	const char *text = line->mailbox + CHANNEL_VIEW_OFFSET;
	unsigned int count = 0;
	const char *at;

	ck_assert_int_eq(line->box->result, 0);
	at = strstr(text, "\nBC_TRANSACTION: ");
	if (at)
		sscanf(at, "\nBC_TRANSACTION: %u", &count);
	return count;
}

static void lay_oneways(const struct line *line)
{
	struct call {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) calls[CALLS];

	line_prepare_call(line, TF_ONE_WAY, SIZE, 0);
	line->box->range[1].size = SIZE;
	memset(calls, 0, sizeof(calls));
	for (int i = 0; i < CALLS; i++) {
		calls[i].command = BC_TRANSACTION;
		calls[i].tr.flags = TF_ONE_WAY;
		calls[i].tr.data_size = SIZE;
		calls[i].tr.data.ptr.buffer = LINE_DATA;
	}
	line_lay(line, 0, LINE_COMMANDS, calls, sizeof(calls), 2 * SIZE);
	line->box->bwr.write_size = sizeof(calls);
	line->box->bwr.read_size = 0;
}

/* Few bytes of commands, much to do: the other's turn comes before all of it is done. */
START_TEST(large_commands_of_one_write_are_more_than_one_turn)
{
	struct line writer, viewer;
	unsigned int before, between;

	ck_assert_int_eq(line_open(&writer, world.device), 0);
	ck_assert_int_eq(line_attach(&writer), 0);
	ck_assert_int_eq(line_open(&viewer, world.device), 0);
	ck_assert_int_eq(line_attach(&viewer), 0);
	viewer.box->op = CHANNEL_VIEW;
	viewer.box->arg = CHANNEL_VIEW_STATS;
	ck_assert(line_request(&viewer));
	before = calls_begun(&viewer);

	lay_oneways(&writer);
	kill(world.pid, SIGSTOP);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
	writer.box->state = CHANNEL_REQUEST;
	line_ring(&writer);
	viewer.box->state = CHANNEL_REQUEST;
	line_ring(&viewer);
	kill(world.pid, SIGCONT);
	while (__atomic_load_n(&viewer.box->state, __ATOMIC_SEQ_CST) != CHANNEL_DONE)
		poll(NULL, 0, 1);
	between = calls_begun(&viewer) - before;
	ck_assert_uint_gt(between, 0);
	ck_assert_uint_lt(between, CALLS);
	while (__atomic_load_n(&writer.box->state, __ATOMIC_SEQ_CST) != CHANNEL_DONE)
		poll(NULL, 0, 1);
	ck_assert_uint_eq(writer.box->bwr.write_consumed, writer.box->bwr.write_size);
	line_close(&writer);
	line_close(&viewer);
}
END_TEST

Suite *flood_suite(void)
{
	Suite *suite = suite_create("flood");
	TCase *tc = tcase_create("flood");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, ten_thousand_connections_leave_room_for_others);
	tcase_add_test(tc, clients_may_die_at_any_instant);
	tcase_add_test(tc, ringing_for_ever_starves_nobody);
	tcase_add_test(tc, client_that_never_waits_is_served_on);
	tcase_add_test(tc, endless_writing_starves_nobody);
	tcase_add_test(tc, large_commands_of_one_write_are_more_than_one_turn);
	suite_add_tcase(suite, tc);
	tc = tcase_create("few descriptors");
	tcase_add_checked_fixture(tc, setup_with_few, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, daemon_without_descriptors_serves_whom_it_has);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * limit_test.c: what somebody sees who is at a limit, and that others do not.
 */
#include "channel/line.h"
#include "channel/raw.h"
#include "daemon.h"
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world world;

static void start_with(const char *option, const char *value)
{
	const char *const args[] = { "--log-level", "warning", option, value, NULL };

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(daemon_start(&world, args), 0);
}

static void stop(void)
{
	ck_assert_int_eq(daemon_logged("inconsistency"), 0);
	ck_assert(daemon_stop(&world));
}

/* ---- opens, threads --------------------------------------------------------------- */

START_TEST(open_over_the_limit_says_edquot)
{
	struct raw raws[4];

	start_with("--max-opens-per-process", "3");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(raw_open(&raws[i], world.device, 0), 0);
	ck_assert_int_eq(raw_open(&raws[3], world.device, 0), -EDQUOT);
	ck_assert_int_eq(daemon_logged("has as many devices open as it may"), 1);
	raw_close(&raws[0]);
	/* The daemon hears of it when it gets to it. */
	while (raw_open(&raws[0], world.device, 0) == -EDQUOT)
		poll(NULL, 0, 1);
	for (int i = 0; i < 3; i++)
		raw_close(&raws[i]);
	stop();
}
END_TEST

static void *ask_version(void *context)
{
	struct binder_version version;

	return (void *)(intptr_t)binder_client_ioctl(context, BINDER_VERSION, &version, false, 0);
}

START_TEST(thread_over_the_limit_says_edquot)
{
	struct raw raw;
	pthread_t thread;
	void *result;

	start_with("--max-threads-per-open", "1");
	ck_assert_int_eq(raw_open(&raw, world.device, 4096), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, ask_version, raw.client), 0);
	pthread_join(thread, &result);
	ck_assert_int_eq((int)(intptr_t)result, -EDQUOT);
	ck_assert_int_eq(daemon_logged("gets no channel"), 1);
	raw_close(&raw);
	stop();
}
END_TEST

START_TEST(descriptors_over_the_limit_say_edquot)
{
	struct raw raw;

	start_with("--max-files-per-process", "3");
	ck_assert_int_eq(raw_open(&raw, world.device, 0), 0);
	ck_assert_int_eq((int)(intptr_t)ask_version(raw.client), -EDQUOT);
	raw_close(&raw);
	stop();
}
END_TEST

/* ---- memory --------------------------------------------------------------------------- */

/* A child's: sends one-way calls and never reads, until that is refused; the reason. */
static int fill_up(void)
{
	struct binder_extended_error error = { 0 };
	struct raw raw;

	if (raw_open(&raw, world.device, 4096) < 0)
		return 1;
	for (int i = 0; i < 100000 && !error.param; i++) {
		raw_put_call(&raw, BC_TRANSACTION, 0, 1, TF_ONE_WAY, NULL, 0);
		if (raw_write(&raw) < 0)
			return 2;
		binder_client_ioctl(raw.client, BINDER_GET_EXTENDED_ERROR, &error, false, 0);
	}
	return -error.param;
}

/* Takes all that comes, and gives its buffers back. */
static pid_t start_manager(void)
{
	pid_t pid = fork();
	struct raw raw;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (raw_open(&raw, world.device, 1 << 20) < 0 || raw_become_manager(&raw) < 0)
			_exit(1);
		raw_echo(&raw);
		_exit(0);
	}
	ck_assert_int_ge(pid, 0);
	while (raw_open(&raw, world.device, 4096) == 0) {
		struct binder_transaction_data reply;
		uint32_t command = 0;

		raw_call(&raw, 0, 1, NULL, 0, &command, &reply);
		raw_close(&raw);
		if (command == BR_REPLY)
			return pid;
	}
	ck_abort_msg("no manager");
}

START_TEST(call_over_the_memory_limit_says_edquot)
{
	struct raw other;
	pid_t pid, server;
	int status;

	start_with("--max-memory-per-process", "1");
	server = start_manager();
	pid = fork();
	if (pid == 0)
		_exit(fill_up());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), EDQUOT);
	ck_assert_int_ge(daemon_logged("--max-memory-per-process"), 1);
	ck_assert_int_le(daemon_logged("--max-memory-per-process"), 10);
	ck_assert_int_eq(raw_open(&other, world.device, 4096), 0);
	raw_close(&other);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	stop();
}
END_TEST

/* ---- connections that nobody has ---------------------------------------------------------- */

enum { DATA = 0x100000, OFFSETS = 0x200000, COMMANDS = 0x300000 };

/* Sends a descriptor to the manager of this device, in a one-way call. */
static void send_descriptor(struct line *line, int fd)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD };
	const uint64_t offset = 0;
	struct {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) call = { .command = BC_TRANSACTION };
	const int32_t number = 7;

	object.fd = (uint32_t)number;
	call.tr.flags = TF_ONE_WAY;
	call.tr.data_size = sizeof(object);
	call.tr.offsets_size = sizeof(offset);
	call.tr.data.ptr.buffer = DATA;
	call.tr.data.ptr.offsets = OFFSETS;
	memset(&line->box->op, 0, sizeof(*line->box) - offsetof(struct channel_mailbox, op));
	line_lay(line, 0, COMMANDS, &call, sizeof(call), 0);
	line_lay(line, 1, DATA, &object, sizeof(object), 256);
	line_lay(line, 2, OFFSETS, &offset, sizeof(offset), 512);
	line->box->op = CHANNEL_IOCTL;
	line->box->cmd = BINDER_WRITE_READ;
	line->box->bwr.write_buffer = COMMANDS;
	line->box->bwr.write_size = sizeof(call);
	line->box->file_packets = 1;
	line_send(line->sock, &number, sizeof(number), &fd, 1);
	line_request(line);
}

/* No process calls itself: another one does it. */
static int send_to_manager(int fd)
{
	struct line line;

	if (line_open(&line, world.device) < 0 || line_attach(&line) < 0)
		return 1;
	send_descriptor(&line, fd);
	return 0;
}

/*
 * A child's: becomes manager, and is sent one end of a pair in whose queue all of
 * its connections lie.  When it has died only the daemon holds that end, for a
 * call to a process that is no more.
 */
static int hide(size_t count)
{
	struct flat_binder_object accepts = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	struct raw receiver;
	int pair[2], fds[64], status;
	pid_t pid;

	if (raw_open(&receiver, world.device, 1 << 16) < 0 ||
	    binder_client_ioctl(receiver.client, BINDER_SET_CONTEXT_MGR_EXT, &accepts, false, 0) <
		    0)
		return 1;
	fds[0] = binder_client_fd(receiver.client);
	for (size_t i = 1; i < count; i++) {
		struct line line;

		if (line_open(&line, world.device) < 0)
			return 2;
		fds[i] = line.conn;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0 ||
	    line_send(pair[0], "x", 1, fds, count) < 0)
		return 3;
	pid = fork();
	if (pid == 0)
		_exit(send_to_manager(pair[1]));
	return waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : 4;
}

static unsigned int opens(void)
{
	struct daemon_counts counts = { 0 };

	ck_assert_int_eq(daemon_counts(&world, &counts), 0);
	return counts.opens;
}

START_TEST(connections_that_nobody_has_go_when_there_is_no_room)
{
	struct raw raws[20];
	int status;
	pid_t pid;

	start_with("--max-opens-per-uid", "20");
	pid = fork();
	if (pid == 0)
		_exit(hide(17));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	while (opens() > 17)
		poll(NULL, 0, 1);
	/* They are there, and nobody can use them. */
	ck_assert_uint_eq(opens(), 17);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(raw_open(&raws[i], world.device, 0), 0);
	ck_assert_int_eq(daemon_logged("belonged to no process"), 1);
	ck_assert_uint_eq(opens(), 20);
	for (int i = 0; i < 20; i++)
		raw_close(&raws[i]);
	stop();
}
END_TEST

Suite *limit_suite(void)
{
	Suite *suite = suite_create("limit");
	TCase *tc = tcase_create("limit");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, open_over_the_limit_says_edquot);
	tcase_add_test(tc, thread_over_the_limit_says_edquot);
	tcase_add_test(tc, descriptors_over_the_limit_say_edquot);
	tcase_add_test(tc, call_over_the_memory_limit_says_edquot);
	tcase_add_test(tc, connections_that_nobody_has_go_when_there_is_no_room);
	suite_add_tcase(suite, tc);
	return suite;
}

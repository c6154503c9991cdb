/* SPDX-License-Identifier: MIT */
/*
 * closing_test.c: a descriptor whose close takes long holds nobody up.
 *
 * A TCP socket that lingers over unsent data stands in for the file systems and
 * networks that can do the same: its last close takes as long as it is told to.
 */
#include "line.h"
#include "../limit.h"
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Many times what a test may take. */
#define LINGER_S 600

static char sink_device[160];
static int sender, peer; /* the two ends of a connection */
static int fds_before;

/* @room: of each end's buffer; 0: as the system has it. */
static void connect_them(int room, int *sender_ret, int *peer_ret)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct linger linger = { 1, LINGER_S };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t size = sizeof(address);
	static char data[65536];
	int from, to;

	if (room)
		setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&address, &size);
	from = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (room)
		setsockopt(from, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	ck_assert_int_eq(connect(from, (struct sockaddr *)&address, size), 0);
	to = accept(listener, NULL, NULL);
	close(listener);
	ck_assert_int_eq(setsockopt(from, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	/* More than the other end, which never reads, has room for. */
	while (send(from, data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	*sender_ret = from;
	*peer_ret = to;
}

static void setup(void)
{
	start_world();
	snprintf(sink_device, sizeof(sink_device), "%s/hwbinder", world.dir);
	check_daemon_answers();
	connect_them(0, &sender, &peer);
	fds_before = world_fds(&world);
}

/* What hung comes to its end, and nothing is left over. */
static void teardown(void)
{
	close(peer);
	check_fds_return_to(fds_before);
	stop_world();
}

static int never_read(void *context)
{
	struct flat_binder_object manager = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	const int *ready = context;
	struct raw mine;

	close(sender);
	close(peer);
	if (raw_open(&mine, sink_device, 1 << 20) < 0 ||
	    binder_client_ioctl(mine.client, BINDER_SET_CONTEXT_MGR_EXT, &manager, false, 0) < 0 ||
	    write(ready[1], "", 1) != 1)
		return 1;
	for (;;)
		pause();
}

START_TEST(undelivered_descriptor_is_closed_aside)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD, .fd = (uint32_t)sender };
	const uint64_t offset = 0;
	struct raw raw;
	int ready[2];
	pid_t sink;
	char byte;

	ck_assert_int_eq(pipe(ready), 0);
	sink = start_child(never_read, ready);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_int_eq(raw_open(&raw, sink_device, 1 << 20), 0);
	raw_put_objects(&raw, BC_TRANSACTION, 0, 1, TF_ONE_WAY, &object, sizeof(object), &offset,
			1);
	ck_assert_int_eq(raw_exchange(&raw, false, false), 0);
	close(sender);
	kill(sink, SIGKILL);
	wait_child(sink);
	raw_close(&raw);
	/* The last one is the daemon's, and it has let go of it by now or does so next. */
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
}
END_TEST

/* With a message that makes no sense. */
START_TEST(stray_descriptor_is_closed_aside)
{
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	/* Ours must not be the last one. */
	kill(world.pid, SIGSTOP);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
	ck_assert_int_eq(line_send(line.conn, "what?", 5, &sender, 1), 0);
	close(sender);
	kill(world.pid, SIGCONT);
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
	line_close(&line);
}
END_TEST

/* As many as a packet can carry: what the daemon had no room for, its kernel would close. */
START_TEST(descriptors_beyond_all_use_are_closed_aside)
{
	enum { MOST = 253 };
	int fds[MOST];
	struct line line;

	for (int i = 0; i < MOST - 1; i++)
		fds[i] = STDIN_FILENO;
	fds[MOST - 1] = sender;
	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	kill(world.pid, SIGSTOP);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
	if (_i) {
		line.box->op = CHANNEL_FLUSH;
		line.box->file_packets = 1;
		line.box->state = CHANNEL_REQUEST;
		line_ring(&line);
	}
	ck_assert_int_eq(line_send(_i ? line.sock : line.conn, "what?", 5, fds, MOST), 0);
	close(sender);
	kill(world.pid, SIGCONT);
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
	line_close(&line);
}
END_TEST

/* ---- a pipe that somebody is in ---- */

static int busy_pipe[2], got_stuck[2];
static char *nowhere; /* a page that never comes */

static void *read_into_nowhere(void *unused)
{
	return (void *)(intptr_t)read(busy_pipe[0], nowhere, 1);
}

/* A child's: holds the pipe's lock in a read that waits for memory.  1: it may not. */
static int hold_pipe(void *unused)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffd_msg fault;
	pthread_t thread;
	char path[64];
	int own;

	nowhere = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	range.range.start = (uintptr_t)nowhere;
	range.range.len = 4096;
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) < 0 ||
	    ioctl(faults, UFFDIO_REGISTER, &range) < 0)
		return 1;
	/* An end of its own, so that others' can be closed for good. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", busy_pipe[0]);
	own = open(path, O_RDONLY | O_CLOEXEC);
	if (own >= 0)
		busy_pipe[0] = own; /* else it is a socket */
	for (int fd = 3; fd < 1024; fd++) {
		if (fd != busy_pipe[0] && fd != faults && fd != got_stuck[1])
			close(fd);
	}
	pthread_create(&thread, NULL, read_into_nowhere, NULL);
	if (read(faults, &fault, sizeof(fault)) != sizeof(fault) || write(got_stuck[1], "", 1) != 1)
		return 2;
	for (;;)
		pause();
}

/* 0: privileges are missing, and there is nothing to show. */
static pid_t start_holding(void)
{
	pid_t child;
	char byte;

	ck_assert_int_eq(pipe(got_stuck), 0);
	ck_assert_int_eq(write(busy_pipe[1], "", 1), 1);
	child = start_child(hold_pipe, NULL);
	close(got_stuck[1]);
	if (read(got_stuck[0], &byte, 1) == 1)
		return child;
	ck_assert_int_eq(wait_child(child), 1);
	return 0;
}

/* With a message that makes no sense; as a doorbell; as a doorbell of a thread that ends. */
START_TEST(pipe_that_is_busy_holds_nobody_up)
{
	struct channel_attach attach = { .message = CHANNEL_ATTACH, .tid = 1 };
	struct line line;
	int pair[2];
	pid_t child;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	if (_i == 2) {
		ck_assert_int_eq(line_attach(&line), 0);
		memcpy(busy_pipe, line.bell, sizeof(busy_pipe));
	} else {
		ck_assert_int_eq(pipe(busy_pipe), 0);
	}
	child = start_holding();
	kill(world.pid, SIGSTOP);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
	if (_i == 0) {
		line_send(line.conn, "what?", 5, &busy_pipe[0], 1);
	} else if (_i == 1) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
		line_send(line.conn, &attach, sizeof(attach), (int[]){ pair[1], busy_pipe[0] }, 2);
	} else {
		shutdown(line.sock, SHUT_RDWR);
	}
	/* The daemon's is the last. */
	close(busy_pipe[0]);
	kill(world.pid, SIGCONT);
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
	if (child) {
		kill(child, SIGKILL);
		wait_child(child);
	}
	if (_i < 2)
		close(busy_pipe[1]);
	else
		line.bell[0] = -1;
	line_close(&line);
}
END_TEST

/* The socket that ATTACH brings, while somebody is in it. */
START_TEST(socket_that_is_busy_holds_nobody_up)
{
	struct channel_attach attach = { .message = CHANNEL_ATTACH, .tid = 1 };
	struct line line;
	int bell[2];
	pid_t child;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(pipe(bell), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, busy_pipe), 0);
	child = start_holding();
	line_send(line.conn, &attach, sizeof(attach), (int[]){ busy_pipe[0], bell[0] }, 2);
	check_daemon_answers();
	/* The thread has gone. */
	close(busy_pipe[1]);
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
	if (child) {
		kill(child, SIGKILL);
		wait_child(child);
	}
	close(busy_pipe[0]);
	close(bell[0]);
	close(bell[1]);
	line_close(&line);
}
END_TEST

/* ---- more than the daemon has descriptors to spare ---- */

#define HANGING 60

static void setup_with_few(void)
{
	static const char *const args[] = {
		"--log-level", "error", "--max-files-per-uid", "100", "--max-files-per-process",
		"100",         NULL
	};
	const char *wrap = getenv("TEST_WRAP");
	char limited[400];

	/* The daemon raises its own limit as far as it can. */
	snprintf(limited, sizeof(limited), "prlimit --nofile=400:400 %s", wrap ? wrap : "");
	setenv("TEST_WRAP", limited, 1);
	start_world_with(args);
	check_daemon_answers();
	fds_before = world_fds(&world);
}

static void teardown_with_few(void)
{
	check_fds_return_to(fds_before);
	stop_world();
}

/* Who has many that hang is short of them; who is served already does not notice. */
START_TEST(descriptors_that_hang_are_charged_to_who_sent_them)
{
	static struct line lines[HANGING];
	int senders[HANGING], peers[HANGING];
	struct raw raw, late;

	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	for (int i = 0; i < HANGING; i++) {
		connect_them(4096, &senders[i], &peers[i]);
		ck_assert_int_eq(line_open(&lines[i], world.device), 0);
	}
	kill(world.pid, SIGSTOP);
	ck_assert_int_eq(waitpid(world.pid, NULL, WUNTRACED), world.pid);
	for (int i = 0; i < HANGING; i++) {
		ck_assert_int_eq(line_send(lines[i].conn, "what?", 5, &senders[i], 1), 0);
		close(senders[i]);
	}
	kill(world.pid, SIGCONT);
	for (int i = 0; i < 20; i++)
		check_echo(&raw, 100);
	for (int i = 0; i < HANGING; i++) {
		struct pollfd fd = { .fd = lines[i].conn, .events = POLLRDHUP };

		ck_assert_int_eq(poll(&fd, 1, limit_of(2000)), 1);
		line_close(&lines[i]);
	}
	/* These are gone, and what came with them is not. */
	for (int i = 0; i < 40; i++)
		if (line_open(&lines[i], world.device) == -EDQUOT)
			break;
		else
			ck_assert_int_lt(i, 39);
	check_echo(&raw, 100);
	for (int i = 0; i < HANGING; i++)
		close(peers[i]);
	for (int i = 0; i < 40; i++)
		line_close(&lines[i]);
	raw_close(&raw);
	while (raw_open(&late, world.device, 4096) == -EDQUOT)
		poll(NULL, 0, 1);
	raw_close(&late);
}
END_TEST

START_TEST(descriptors_left_in_a_socket_are_closed_aside)
{
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	ck_assert_int_eq(line_send(line.sock, _i ? "" : "unread", _i ? 0 : 6, &sender, 1), 0);
	close(sender);
	line_close(&line);
	for (int i = 0; i < 20; i++)
		check_daemon_answers();
}
END_TEST

Suite *closing_suite(void)
{
	Suite *suite = suite_create("closing");
	TCase *tc = tcase_create("closing");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 20);
	tcase_add_test(tc, undelivered_descriptor_is_closed_aside);
	tcase_add_test(tc, stray_descriptor_is_closed_aside);
	tcase_add_loop_test(tc, descriptors_left_in_a_socket_are_closed_aside, 0, 2);
	tcase_add_loop_test(tc, descriptors_beyond_all_use_are_closed_aside, 0, 2);
	tcase_add_loop_test(tc, pipe_that_is_busy_holds_nobody_up, 0, 3);
	tcase_add_test(tc, socket_that_is_busy_holds_nobody_up);
	suite_add_tcase(suite, tc);
	tc = tcase_create("few descriptors");
	tcase_add_checked_fixture(tc, setup_with_few, teardown_with_few);
	tcase_set_timeout(tc, 20);
	tcase_add_test(tc, descriptors_that_hang_are_charged_to_who_sent_them);
	suite_add_tcase(suite, tc);
	return suite;
}

/* SPDX-License-Identifier: MIT */
/*
 * closing_test.c: a descriptor whose close takes long holds nobody up.
 *
 * A TCP socket that lingers over unsent data stands in for the file systems and
 * networks that can do the same: its last close takes as long as it is told to.
 */
#include "line.h"
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Many times what a test may take. */
#define LINGER_S 600

static char sink_device[160];
static int sender, peer; /* the two ends of a connection */
static int fds_before;

static void connect_them(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct linger linger = { 1, LINGER_S };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t size = sizeof(address);
	static char data[65536];

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&address, &size);
	sender = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(sender, (struct sockaddr *)&address, size), 0);
	peer = accept(listener, NULL, NULL);
	close(listener);
	ck_assert_int_eq(setsockopt(sender, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	/* More than the other end, which never reads, has room for. */
	while (send(sender, data, sizeof(data), MSG_DONTWAIT) > 0)
		;
}

static void setup(void)
{
	start_world();
	snprintf(sink_device, sizeof(sink_device), "%s/hwbinder", world.dir);
	check_daemon_answers();
	connect_them();
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
	    binder_client_ioctl(mine.client, BINDER_SET_CONTEXT_MGR_EXT, &manager, false) < 0 ||
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
	suite_add_tcase(suite, tc);
	return suite;
}

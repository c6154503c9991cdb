/* SPDX-License-Identifier: MIT */
/*
 * hostile_test.c: clients that send nonsense; the daemon serves the others.
 */
#include "line.h"
#include "../limit.h"
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* The daemon hangs up on what makes no sense. */
static void check_dropped(int conn)
{
	struct pollfd fd = { .fd = conn, .events = POLLRDHUP };

	ck_assert_int_eq(poll(&fd, 1, limit_of(2000)), 1);
	ck_assert(fd.revents & (POLLHUP | POLLRDHUP));
	close(conn);
}

START_TEST(garbage_on_the_connection_ends_it)
{
	static const size_t sizes[] = { 1, 4, 7, 8, 9, 23, 24, 25, 64, 65, 4000 };
	unsigned char data[4000];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int conn = line_connect(world.device);

		memset(data, 0xa5 + (int)i, sizeof(data));
		ck_assert_int_ge(conn, 0);
		line_send(conn, data, sizes[i], NULL, 0);
		check_dropped(conn);
	}
}
END_TEST

START_TEST(other_version_is_told_so)
{
	const struct channel_hello hello = { CHANNEL_HELLO, CHANNEL_MAGIC + 1 };
	struct channel_hello_reply reply;
	int conn = line_connect(world.device);

	line_send(conn, &hello, sizeof(hello), NULL, 0);
	ck_assert_int_eq(recv(conn, &reply, sizeof(reply), 0), sizeof(reply));
	ck_assert_int_eq(reply.result, -EPROTO);
	check_dropped(conn);
}
END_TEST

START_TEST(second_hello_ends_the_connection)
{
	const struct channel_hello hello = { CHANNEL_HELLO, CHANNEL_MAGIC };
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	line_send(line.conn, &hello, sizeof(hello), NULL, 0);
	check_dropped(line.conn);
}
END_TEST

START_TEST(listen_before_hello_ends_the_connection)
{
	const struct channel_hello listen = { CHANNEL_LISTEN, CHANNEL_MAGIC };
	int conn = line_connect(world.device);

	line_send(conn, &listen, sizeof(listen), NULL, 0);
	check_dropped(conn);
}
END_TEST

START_TEST(listen_of_another_version_ends_the_connection)
{
	const struct channel_hello listen = { CHANNEL_LISTEN, CHANNEL_MAGIC + 1 };
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	line_send(line.conn, &listen, sizeof(listen), NULL, 0);
	check_dropped(line.conn);
}
END_TEST

START_TEST(attach_before_hello_ends_the_connection)
{
	const struct channel_attach attach = { .message = CHANNEL_ATTACH, .tid = 1 };
	int conn = line_connect(world.device), ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	line_send(conn, &attach, sizeof(attach), ends, 2);
	check_dropped(conn);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* None, one, too many. */
START_TEST(attach_wants_two_descriptors)
{
	const struct channel_attach attach = { .message = CHANNEL_ATTACH, .tid = 1 };
	static const size_t counts[] = { 0, 1, 3, 100 };
	struct line line;
	int fds[100];

	for (int i = 0; i < 100; i++)
		fds[i] = STDIN_FILENO;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		ck_assert_int_eq(line_open(&line, world.device), 0);
		line_send(line.conn, &attach, sizeof(attach), fds, counts[i]);
		check_dropped(line.conn);
	}
}
END_TEST

/* Others it only lets go of: the connection is as good as before. */
START_TEST(attach_wants_a_packet_socket_and_a_pipe)
{
	const struct channel_attach attach = { .message = CHANNEL_ATTACH, .tid = 1 };
	int stream[2], packets[2], bell[2];
	struct line line;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, stream), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets), 0);
	ck_assert_int_eq(pipe(bell), 0);
	ck_assert_int_eq(line_open(&line, world.device), 0);
	line_send(line.conn, &attach, sizeof(attach), (int[]){ stream[1], bell[0] }, 2);
	line_send(line.conn, &attach, sizeof(attach), (int[]){ packets[1], packets[1] }, 2);
	line_send(line.conn, &attach, sizeof(attach), (int[]){ bell[0], packets[1] }, 2);
	ck_assert_int_eq(line_attach(&line), 0);
	line_close(&line);
	for (int i = 0; i < 2; i++) {
		close(stream[i]);
		close(packets[i]);
		close(bell[i]);
	}
}
END_TEST

/* ---- the mailbox ---- */

static uint64_t random_word(unsigned int *seed)
{
	static const uint64_t edges[] = {
		0,
		1,
		4,
		4095,
		4096,
		4097,
		0x7fffffff,
		0x80000000u,
		0xffffffffu,
		0x100000000u,
		0x7ffffffff000,
		INT64_MAX,
		(uint64_t)INT64_MIN,
		UINT64_MAX,
		UINT64_MAX - 7,
		CHANNEL_IN_OFFSET,
		CHANNEL_SIZE,
		CHANNEL_SIZE - 8,
	};

	if (rand_r(seed) % 4)
		return edges[(size_t)rand_r(seed) % (sizeof(edges) / sizeof(edges[0]))];
	return (uint64_t)rand_r(seed) << 32 | (uint32_t)rand_r(seed);
}

static const uint32_t ioctls[] = {
	BINDER_WRITE_READ,
	BINDER_SET_MAX_THREADS,
	BINDER_SET_CONTEXT_MGR,
	BINDER_VERSION,
	BINDER_GET_NODE_DEBUG_INFO,
	BINDER_GET_NODE_INFO_FOR_REF,
	BINDER_SET_CONTEXT_MGR_EXT,
	BINDER_GET_FROZEN_INFO,
	BINDER_ENABLE_ONEWAY_SPAM_DETECTION,
	BINDER_GET_EXTENDED_ERROR,
	BINDER_THREAD_EXIT,
	0,
};

static void fill_with_nonsense(const struct line *line, unsigned int *seed)
{
	struct channel_mailbox *box = line->box;

	for (size_t at = offsetof(struct channel_mailbox, op); at < sizeof(*box); at += 8) {
		uint64_t word = random_word(seed);

		memcpy((char *)box + at, &word, 8);
	}
	box->flags |= CHANNEL_NONBLOCK;
	box->op = (uint32_t)rand_r(seed) % 9;
	if (box->op == CHANNEL_POLL)
		box->timeout_ms = 0;
	box->cmd = ioctls[(size_t)rand_r(seed) % (sizeof(ioctls) / sizeof(ioctls[0]))];
}

START_TEST(nonsense_in_the_mailbox_is_answered)
{
	unsigned int seed = (unsigned int)_i + 1;
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	for (int i = 0; i < 3000; i++) {
		fill_with_nonsense(&line, &seed);
		ck_assert(line_request(&line));
	}
	line_close(&line);
}
END_TEST

START_TEST(forged_ranges_reach_no_further)
{
	static const struct channel_range forged[] = {
		{ LINE_DATA, 256, 0 },                  /* the head of the mailbox */
		{ LINE_DATA, 256, CHANNEL_SIZE - 255 }, /* past its end */
		{ LINE_DATA, 256, CHANNEL_SIZE },
		{ LINE_DATA, 256, 0xffffff00 },
		{ LINE_DATA, 0xffffffff, CHANNEL_IN_OFFSET },
		{ UINT64_MAX - 100, 256, CHANNEL_IN_OFFSET }, /* wraps round */
		{ LINE_DATA, 255, CHANNEL_IN_OFFSET },        /* a byte too short */
	};
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		line_prepare_call(&line, 0, 256, 0);
		line.box->range[1] = forged[i];
		ck_assert(line_request(&line));
		ck_assert_int_eq(line.box->result, 0);
		ck_assert_uint_eq(line_answer(&line, 0), BR_NOOP);
		ck_assert_uint_eq(line_answer(&line, 1), BR_FAILED_REPLY);
	}
	line_close(&line);
}
END_TEST

START_TEST(forged_sizes_fail_the_call)
{
	static const uint64_t sizes[] = {
		1u << 30, UINT32_MAX, INT64_MAX, UINT64_MAX, UINT64_MAX - 6,
	};
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		line_prepare_call(&line, 0, i % 2 ? 8 : sizes[i / 2], i % 2 ? sizes[i / 2] : 0);
		ck_assert(line_request(&line));
		ck_assert_uint_eq(line_answer(&line, 1), BR_FAILED_REPLY);
	}
	line_close(&line);
}
END_TEST

/* Row: what is said of the area's size, and what it is. */
static const uint32_t out_areas[][2] = {
	{ CHANNEL_OUT_SIZE, CHANNEL_OUT_SIZE },
	{ UINT32_MAX, CHANNEL_FAR_SIZE },
};

START_TEST(answers_stay_in_the_out_area)
{
	const uint32_t size = out_areas[_i][1];
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	line_prepare_call(&line, 0, 8, 0);
	line.box->bwr.write_size = 0;
	line.box->out_size = out_areas[_i][0];
	line.box->bwr.read_consumed = size - 2;
	line.box->bwr.read_size = UINT64_MAX;
	ck_assert(line_request(&line));
	/* Past the end of the area, before its beginning. */
	line.box->bwr.read_consumed = 0;
	line.box->bwr.read_buffer = LINE_OUT + size - 3;
	ck_assert(line_request(&line));
	ck_assert_int_eq(line.box->result, -EFAULT);
	line.box->bwr.read_buffer = LINE_OUT - 1;
	ck_assert(line_request(&line));
	ck_assert_int_eq(line.box->result, -EFAULT);
	line_close(&line);
}
END_TEST

/* A process of its own: it is as good as a thread, since the mailbox is shared. */
static int scribble(void *context)
{
	const struct line *line = context;
	unsigned int seed = 7;

	for (;;) {
		char *at = line->mailbox;
		uint64_t word = random_word(&seed);

		/* The ranges and commands, their payload, the rest of the request. */
		switch (rand_r(&seed) % 4) {
		case 0:
			at += offsetof(struct channel_mailbox, range) + (size_t)rand_r(&seed) % 64;
			break;
		case 1:
			at += CHANNEL_IN_OFFSET + (size_t)rand_r(&seed) % 80;
			break;
		case 2:
			at += CHANNEL_IN_OFFSET + 256 + (size_t)rand_r(&seed) % 1024;
			break;
		default:
			at += offsetof(struct channel_mailbox, arg) + (size_t)rand_r(&seed) % 96;
			break;
		}
		memcpy(at, &word, 4);
	}
	return 0;
}

START_TEST(mailbox_changes_while_it_is_read)
{
	struct line line;
	pid_t scribbler;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	scribbler = start_child(scribble, &line);
	for (int i = 0; i < 20000; i++) {
		line_prepare_call(&line, 0, 64, i % 3 * 8);
		line.box->flags |= CHANNEL_NONBLOCK;
		if (!line_request(&line)) {
			/* It scribbled over the flag: the daemon waits, and a signal ends that. */
			line.box->cancel = 1;
			line_ring(&line);
		}
	}
	kill(scribbler, SIGKILL);
	wait_child(scribbler);
	line_close(&line);
}
END_TEST

/* ---- descriptors ---- */

/* Its far end would keep the connection open if the daemon took it. */
START_TEST(connection_cannot_be_sent)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD };
	const uint64_t offset = 0;
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	line_prepare_call(&line, 0, sizeof(object), sizeof(offset));
	object.fd = 5;
	line_lay(&line, 1, LINE_DATA, &object, sizeof(object), 256);
	line_lay(&line, 2, LINE_OFFSETS, &offset, sizeof(offset), 1024);
	line.box->file_packets = 1;
	ck_assert_int_eq(line_send(line.sock, &(int32_t){ 5 }, 4, &line.conn, 1), 0);
	ck_assert(line_request(&line));
	ck_assert_uint_eq(line_answer(&line, 1), BR_FAILED_REPLY);
	line_close(&line);
}
END_TEST

START_TEST(descriptors_nobody_asked_for_are_dropped)
{
	int32_t numbers[250];
	int fds[250];
	struct line line;

	for (int i = 0; i < 250; i++) {
		numbers[i] = i;
		fds[i] = STDIN_FILENO;
	}
	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	for (int i = 0; i < 200; i++) {
		line_prepare_call(&line, 0, 8, 0);
		line.box->file_packets = i % 2 ? UINT32_MAX : 0;
		for (int packet = 0; packet < 8; packet++)
			line_send(line.sock, numbers, sizeof(numbers), fds, 250);
		ck_assert(line_request(&line));
		check_fds_return_to(fds_before + 40);
	}
	line_close(&line);
}
END_TEST

/* It would be the view of nobody in particular, which the core takes for root. */
START_TEST(view_cannot_be_gone_on_with_before_it_has_begun)
{
	struct line line;

	ck_assert_int_eq(line_open(&line, world.device), 0);
	ck_assert_int_eq(line_attach(&line), 0);
	line.box->op = CHANNEL_VIEW;
	line.box->arg = CHANNEL_VIEW_STATE;
	line.box->flags = CHANNEL_CONTINUED;
	line.box->size_reply = 0;
	ck_assert(line_request(&line));
	ck_assert_int_eq(line.box->result, -EINVAL);
	ck_assert_uint_eq(line.box->size_reply, 0);
	/* To its end, and once more. */
	line.box->flags = 0;
	do {
		ck_assert(line_request(&line));
		ck_assert_int_eq(line.box->result, 0);
		line.box->flags = CHANNEL_CONTINUED;
	} while (line.box->size_reply);
	ck_assert(line_request(&line));
	ck_assert_int_eq(line.box->result, -EINVAL);
	line_close(&line);
}
END_TEST

Suite *hostile_suite(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tc = tcase_create("hostile");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, garbage_on_the_connection_ends_it);
	tcase_add_test(tc, other_version_is_told_so);
	tcase_add_test(tc, second_hello_ends_the_connection);
	tcase_add_test(tc, listen_before_hello_ends_the_connection);
	tcase_add_test(tc, listen_of_another_version_ends_the_connection);
	tcase_add_test(tc, attach_before_hello_ends_the_connection);
	tcase_add_test(tc, attach_wants_two_descriptors);
	tcase_add_test(tc, attach_wants_a_packet_socket_and_a_pipe);
	tcase_add_loop_test(tc, nonsense_in_the_mailbox_is_answered, 0, 3);
	tcase_add_test(tc, forged_ranges_reach_no_further);
	tcase_add_test(tc, forged_sizes_fail_the_call);
	tcase_add_loop_test(tc, answers_stay_in_the_out_area, 0, 2);
	tcase_add_test(tc, mailbox_changes_while_it_is_read);
	tcase_add_test(tc, connection_cannot_be_sent);
	tcase_add_test(tc, descriptors_nobody_asked_for_are_dropped);
	tcase_add_test(tc, view_cannot_be_gone_on_with_before_it_has_begun);
	suite_add_tcase(suite, tc);
	return suite;
}

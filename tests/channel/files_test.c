/* SPDX-License-Identifier: MIT */
/*
 * files_test.c: descriptors travel in transactions.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct parcel {
	struct binder_fd_object objects[300];
	uint64_t offsets[300];
};

static struct parcel parcel;
static struct raw raw;

static void setup(void)
{
	start_world();
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void teardown(void)
{
	raw_close(&raw);
	stop_world();
}

static void fill(size_t count, const int *fds)
{
	memset(&parcel, 0, sizeof(parcel));
	for (size_t i = 0; i < count; i++) {
		parcel.objects[i].hdr.type = BINDER_TYPE_FD;
		parcel.objects[i].fd = (uint32_t)fds[i];
		parcel.offsets[i] = i * sizeof(parcel.objects[0]);
	}
}

struct service {
	rlim_t files; /* limit of descriptors; 0: leave it */
	bool send_back;
};

static int serve_files(void *context)
{
	const struct service *service = context;
	struct flat_binder_object manager = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	struct binder_transaction_data tr;
	char payload[72];
	uint32_t command;
	struct raw mine;

	if (raw_open(&mine, world.device, 4 << 20) < 0 ||
	    binder_client_ioctl(mine.client, BINDER_SET_CONTEXT_MGR_EXT, &manager, false, 0) < 0)
		return 1;
	raw_put(&mine, BC_ENTER_LOOPER, NULL);
	if (service->files) {
		struct rlimit limit = { service->files, service->files };

		setrlimit(RLIMIT_NOFILE, &limit);
	}
	say_ready();
	while (raw_next_work(&mine, &command, payload, true) == 0) {
		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		raw_put_objects(&mine, BC_REPLY, 0, 0, 0, (void *)(uintptr_t)tr.data.ptr.buffer,
				tr.data_size, (void *)(uintptr_t)tr.data.ptr.offsets,
				service->send_back ? tr.offsets_size / 8 : 0);
		raw_put_free(&mine, tr.data.ptr.buffer);
	}
	return 2;
}

static uint32_t call(size_t count, struct binder_transaction_data *reply)
{
	char payload[72];
	uint32_t command;

	raw_put_objects(&raw, BC_TRANSACTION, 0, 1, TF_ACCEPT_FDS, parcel.objects,
			count * sizeof(parcel.objects[0]), parcel.offsets, count);
	ck_assert_int_eq(raw_next_work(&raw, &command, payload, false), 0);
	memcpy(reply, payload, sizeof(*reply));
	return command;
}

/* Duplicates of standard input. */
static void make_fds(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fds[i] = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
}

static void close_fds(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

static ino_t inode_of(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return st.st_ino;
}

static void send_and_compare(size_t count)
{
	struct service service = { .send_back = true };
	struct binder_transaction_data reply;
	const struct binder_fd_object *back;
	int fds[300], pipes[2];

	replace_echo(serve_files, &service);
	ck_assert_int_eq(pipe(pipes), 0);
	for (size_t i = 0; i < count; i++)
		fds[i] = dup(pipes[1]);
	fill(count, fds);
	ck_assert_uint_eq(call(count, &reply), BR_REPLY);
	ck_assert_uint_eq(reply.offsets_size, count * 8);
	back = (void *)(uintptr_t)reply.data.ptr.buffer;
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(inode_of((int)back[i].fd), inode_of(pipes[1]));
		ck_assert_int_eq(fcntl((int)back[i].fd, F_GETFD), FD_CLOEXEC);
		close((int)back[i].fd);
		close(fds[i]);
	}
	close(pipes[0]);
	close(pipes[1]);
}

START_TEST(descriptor_travels_both_ways)
{
	send_and_compare(1);
}
END_TEST

/* More than one packet holds. */
START_TEST(three_hundred_descriptors_travel)
{
	send_and_compare(300);
}
END_TEST

START_TEST(closed_descriptor_fails_the_call)
{
	struct service service = { 0 };
	struct binder_transaction_data reply;
	struct binder_extended_error error;
	const int fds[] = { STDIN_FILENO, 999 };

	replace_echo(serve_files, &service);
	fill(2, fds);
	ck_assert_uint_eq(call(2, &reply), BR_FAILED_REPLY);
	ck_assert_int_eq(
		binder_client_ioctl(raw.client, BINDER_GET_EXTENDED_ERROR, &error, false, 0), 0);
	ck_assert_int_eq(error.param, -EBADF);
}
END_TEST

/* Always the same: as many as there is room for cost the sender nothing. */
START_TEST(call_with_more_than_an_answer_holds_fails)
{
	enum { COUNT = 1000000 };
	struct service service = { 0 };
	uint32_t *numbers = calloc(COUNT, sizeof(*numbers));
	struct {
		struct binder_buffer_object ptr;
		struct binder_fd_array_object array;
	} data = { .ptr = { .hdr.type = BINDER_TYPE_PTR,
			    .buffer = (uintptr_t)numbers,
			    .length = COUNT * sizeof(*numbers) },
		   .array = { .hdr.type = BINDER_TYPE_FDA, .num_fds = COUNT } };
	struct {
		char first[8];
		__typeof__(data) rest;
	} __attribute__((packed)) padded = { .rest = data };
	const uint64_t offsets[] = { 8, 8 + sizeof(data.ptr) };
	struct binder_transaction_data_sg tr = {
		.transaction_data = { .flags = TF_ACCEPT_FDS,
				      .data_size = sizeof(padded),
				      .offsets_size = sizeof(offsets),
				      .data.ptr.buffer = (uintptr_t)&padded,
				      .data.ptr.offsets = (uintptr_t)offsets },
		.buffers_size = COUNT * sizeof(*numbers),
	};
	struct binder_extended_error error;
	char payload[72];
	uint32_t command;

	replace_echo(serve_files, &service);
	raw_put(&raw, BC_TRANSACTION_SG, &tr);
	ck_assert_int_eq(raw_next_work(&raw, &command, payload, false), 0);
	ck_assert_uint_eq(command, BR_FAILED_REPLY);
	ck_assert_int_eq(
		binder_client_ioctl(raw.client, BINDER_GET_EXTENDED_ERROR, &error, false, 0), 0);
	ck_assert_int_eq(error.param, -EMFILE);
	free(numbers);
}
END_TEST

/* The receiver has no room for all: it sees nothing, and keeps nothing. */
START_TEST(receiver_without_room_fails_the_call)
{
	struct service service = { .files = 20 };
	struct binder_transaction_data reply;
	int fds[40];

	replace_echo(serve_files, &service);
	make_fds(fds, 40);
	for (int round = 0; round < 3; round++) {
		fill(40, fds);
		ck_assert_uint_eq(call(40, &reply), BR_FAILED_REPLY);
		fill(2, fds);
		ck_assert_uint_eq(call(2, &reply), BR_REPLY);
	}
	close_fds(fds, 40);
}
END_TEST

/* Not those of answered calls, and not those in a call that nobody has taken. */
START_TEST(daemon_keeps_no_descriptor)
{
	struct service service = { 0 };
	struct binder_transaction_data reply;
	int fds[50], before;

	/* As long as nobody has ended and no descriptor was sent, the daemon has none to close. */
	check_echo(&raw, 1);
	before = world_fds(&world);
	replace_echo(serve_files, &service);
	make_fds(fds, 50);
	fill(50, fds);
	ck_assert_uint_eq(call(50, &reply), BR_REPLY);
	for (int round = 0; round < 10; round++) {
		raw_put_free(&raw, reply.data.ptr.buffer);
		ck_assert_uint_eq(call(50, &reply), BR_REPLY);
	}
	check_fds_return_to(before);

	kill(echo, SIGSTOP);
	ck_assert_int_eq(waitpid(echo, NULL, WUNTRACED), echo);
	for (int i = 0; i < 2; i++) {
		raw_put_objects(&raw, BC_TRANSACTION, 0, 1, TF_ONE_WAY, parcel.objects,
				50 * sizeof(parcel.objects[0]), parcel.offsets, 50);
		ck_assert_int_eq(raw_exchange(&raw, false, false), 0);
	}
	ck_assert_int_ge(world_fds(&world), before + 50);
	/* The dead one's connection, doorbell, waker and thread socket go, too. */
	kill(echo, SIGKILL);
	check_fds_return_to(before - 4);
	close_fds(fds, 50);
}
END_TEST

Suite *files_suite(void)
{
	Suite *suite = suite_create("files");
	TCase *tc = tcase_create("files");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, descriptor_travels_both_ways);
	tcase_add_test(tc, three_hundred_descriptors_travel);
	tcase_add_test(tc, closed_descriptor_fails_the_call);
	/* Valgrind has room of its own. */
	if (!world_has_valgrind())
		tcase_add_test(tc, receiver_without_room_fails_the_call);
	tcase_add_test(tc, call_with_more_than_an_answer_holds_fails);
	tcase_add_test(tc, daemon_keeps_no_descriptor);
	suite_add_tcase(suite, tc);
	return suite;
}

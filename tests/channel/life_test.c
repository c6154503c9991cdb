/* SPDX-License-Identifier: MIT */
/*
 * life_test.c: processes and threads that begin and end, on both sides.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* ---- fork ---- */

/* It shares the opener, not the mailbox and not the buffer. */
static int use_as_child(void *context)
{
	struct binder_version version = { 0 };
	uint32_t threads = 3;
	void *map;

	if (binder_client_ioctl(raw.client, BINDER_VERSION, &version, false, 0) < 0 ||
	    version.protocol_version != 8)
		return 1;
	if (binder_client_ioctl(raw.client, BINDER_SET_MAX_THREADS, &threads, false, 0) < 0)
		return 2;
	if (binder_client_mmap(raw.client, NULL, 4096, PROT_READ, MAP_PRIVATE, 0, &map) != -EINVAL)
		return 3;
	raw_put_call(&raw, BC_TRANSACTION, 0, 1, TF_ONE_WAY, "child", 5);
	return raw_exchange(&raw, false, false) < 0 ? 4 : 0;
}

START_TEST(child_acts_as_another_thread)
{
	check_echo(&raw, 10);
	ck_assert_int_eq(wait_child(start_child(use_as_child, NULL)), 0);
	check_echo(&raw, 10);
}
END_TEST

/* NULL when all went well. */
static void *call_on(void *stop)
{
	struct binder_version version;

	while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED)) {
		if (binder_client_ioctl(raw.client, BINDER_VERSION, &version, false, 0) < 0)
			return stop;
	}
	return NULL;
}

START_TEST(fork_amid_calls_harms_nobody)
{
	pthread_t threads[3];
	void *result;
	int stop = 0;

	/* What the other threads were about to make is nobody's in the child: a leak to valgrind. */
	if (world_has_valgrind())
		return;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, call_on, &stop);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(wait_child(start_child(use_as_child, NULL)), 0);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], &result);
		ck_assert_ptr_null(result);
	}
}
END_TEST

/* ---- threads ---- */

static void *make_one_call(void *unused)
{
	struct binder_version version;

	binder_client_ioctl(raw.client, BINDER_VERSION, &version, false, 0);
	return NULL;
}

START_TEST(ended_threads_cost_nothing)
{
	pthread_t thread;
	int before;

	check_echo(&raw, 10);
	before = world_fds(&world);
	for (int i = 0; i < 300; i++) {
		ck_assert_int_eq(pthread_create(&thread, NULL, make_one_call, NULL), 0);
		pthread_join(thread, NULL);
	}
	check_fds_return_to(before);
}
END_TEST

/* Takes a call and ends its thread without an answer; the process lives on. */
static void *take_and_end(void *unused)
{
	struct raw *mine = unused;
	char payload[72];
	uint32_t command = 0;

	raw_put(mine, BC_ENTER_LOOPER, NULL);
	while (command != BR_TRANSACTION) {
		if (raw_next_work(mine, &command, payload, false) < 0)
			break;
	}
	return NULL;
}

static int serve_once(void *context)
{
	struct raw mine;
	pthread_t thread;

	if (raw_open(&mine, world.device, 1 << 20) < 0 || raw_become_manager(&mine) < 0)
		return 1;
	pthread_create(&thread, NULL, take_and_end, &mine);
	say_ready();
	pthread_join(thread, NULL);
	pause();
	return 0;
}

START_TEST(end_of_a_thread_ends_its_call)
{
	struct binder_transaction_data reply;
	uint32_t command;

	replace_echo(serve_once, NULL);
	ck_assert_int_eq(raw_call(&raw, 0, 1, NULL, 0, &command, &reply), 0);
	ck_assert_uint_eq(command, BR_DEAD_REPLY);
}
END_TEST

/* ---- the daemon ---- */

static void *wait_for_work(void *result)
{
	raw_exchange(&raw, true, false);
	*(int *)result = raw_exchange(&raw, true, false);
	return NULL;
}

/* At once, and after so long that the wait has moved to the socket. */
START_TEST(death_of_the_daemon_ends_waiting)
{
	struct binder_version version;
	pthread_t thread;
	int result = 0;

	pthread_create(&thread, NULL, wait_for_work, &result);
	poll(NULL, 0, 10 + 150 * _i);
	kill(world.pid, SIGKILL);
	pthread_join(thread, NULL);
	ck_assert_int_eq(result, -ENODEV);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_VERSION, &version, false, 0),
			 -ENODEV);
	waitpid(world.pid, NULL, 0);
	/* Its sockets are stale now, and the next one takes their place. */
	ck_assert_int_eq(binder_client_open(world.device, 0, &(struct binder_client *){ NULL }),
			 -ECONNREFUSED);
	world.pid = 0;
}
END_TEST

static void teardown_dead(void)
{
	char command[128];

	raw_close(&raw);
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	snprintf(command, sizeof(command), "rm -r %s", world.dir);
	ck_assert_int_eq(system(command), 0);
}

static int start_again(const char *dir, int *status)
{
	struct world other = { .pid = 0 };
	const char *const args[] = { "--dir", dir, "--log-level", "warning", NULL };
	int err = dup(STDERR_FILENO), null, r;

	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	r = world_start(&other, args);
	dup2(err, STDERR_FILENO);
	close(err);
	close(null);
	*status = r;
	if (r == 0) {
		rmdir(other.dir); /* not where it went, after all */
		snprintf(other.dir, sizeof(other.dir), "%s", dir);
		world_stop(&other);
	}
	return r;
}

START_TEST(directory_serves_one_daemon)
{
	int status;

	ck_assert_int_lt(start_again(world.dir, &status), 0);
	check_daemon_answers();
}
END_TEST

START_TEST(stale_sockets_are_replaced)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/binder-test-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0), status;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/binder", dir);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	ck_assert_int_eq(start_again(dir, &status), 0);
	ck_assert_int_eq(access(dir, F_OK), -1);
}
END_TEST

START_TEST(unsafe_directory_is_refused)
{
	char dir[] = "/tmp/binder-test-XXXXXX";
	int status;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chmod(dir, 0777), 0);
	ck_assert_int_lt(start_again(dir, &status), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(sockets_are_private)
{
	struct stat st;

	ck_assert_int_eq(stat(world.device, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

Suite *life_suite(void)
{
	Suite *suite = suite_create("life");
	TCase *tc = tcase_create("processes and threads");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, child_acts_as_another_thread);
	tcase_add_test(tc, fork_amid_calls_harms_nobody);
	tcase_add_test(tc, ended_threads_cost_nothing);
	tcase_add_test(tc, end_of_a_thread_ends_its_call);
	tcase_add_test(tc, directory_serves_one_daemon);
	tcase_add_test(tc, stale_sockets_are_replaced);
	tcase_add_test(tc, unsafe_directory_is_refused);
	tcase_add_test(tc, sockets_are_private);
	suite_add_tcase(suite, tc);
	tc = tcase_create("death of the daemon");
	tcase_add_checked_fixture(tc, setup, teardown_dead);
	tcase_add_loop_test(tc, death_of_the_daemon_ends_waiting, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}

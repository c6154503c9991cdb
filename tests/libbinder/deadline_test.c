/* SPDX-License-Identifier: MIT */
/*
 * deadline_test.c: nothing waits longer than a connection's deadline, whoever
 * is silent: a socket of somebody else, binderd, the service manager, a service.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "suites.h"
#include "../limit.h"
#include "world.h"

/* What the tests wait for on purpose, and what an idle machine may add to that. */
#define LIMIT_MS 100
#define AT_MOST_MS 5000

static struct timespec began;

static void start_clock(void)
{
	clock_gettime(CLOCK_MONOTONIC, &began);
}

static void ends_in_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ck_assert_int_lt((now.tv_sec - began.tv_sec) * 1000 +
				 (now.tv_nsec - began.tv_nsec) / 1000000,
			 limit_of(AT_MOST_MS));
}

static bool says(const char *words)
{
	return strstr(ABinder_lastError(), words) != NULL;
}

/* A socket in the world's folder on which nobody answers; its path. */
static const char *listen_on(int type, int *ret)
{
	static struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/mute", getenv("BINDER_DIR"));
	unlink(address.sun_path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	*ret = fd;
	return address.sun_path;
}

START_TEST(opening_a_mute_socket_ends)
{
	ABinderConnection *conn = NULL;
	const char *path;
	int fd;

	path = listen_on(SOCK_SEQPACKET, &fd);
	start_clock();
	/* The backlog is full after some of them: then connect() is what waits. */
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(ABinderConnection_openWithin(path, LIMIT_MS, &conn),
				 STATUS_TIMED_OUT);
		ck_assert(says(path) && says("does not answer"));
	}
	ck_assert_ptr_null(conn);
	ends_in_time();
	close(fd);
}
END_TEST

START_TEST(odd_paths_are_told_apart)
{
	ABinderConnection *conn = NULL;
	const char *path;
	int fd;

	path = listen_on(SOCK_STREAM, &fd);
	ck_assert_int_eq(ABinderConnection_open(path, &conn), STATUS_BAD_TYPE);
	ck_assert(says("socket of another program"));
	close(fd);
	path = listen_on(SOCK_SEQPACKET, &fd);
	close(fd);
	ck_assert_int_eq(ABinderConnection_open(path, &conn), STATUS_NAME_NOT_FOUND);
	ck_assert(says("nobody listens on"));
	ck_assert_int_eq(ABinderConnection_open("/tmp", &conn), STATUS_BAD_TYPE);
	ck_assert(says("is a directory"));
	ck_assert_int_eq(ABinderConnection_open("/etc/passwd", &conn), STATUS_BAD_TYPE);
	ck_assert(says("a plain file"));
	ck_assert_ptr_null(conn);
}
END_TEST

START_TEST(opening_a_stopped_daemon_ends)
{
	ABinderConnection *conn = NULL;

	world_stop_daemon();
	start_clock();
	ck_assert_int_eq(ABinderConnection_openWithin(NULL, LIMIT_MS, &conn), STATUS_TIMED_OUT);
	ck_assert_ptr_null(conn);
	ends_in_time();
	world_continue_daemon();
}
END_TEST

START_TEST(call_of_a_stopped_daemon_ends)
{
	ABinderConnection *conn;
	AIBinder *manager;
	AParcel *in, *out;

	ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_getContextManager(conn, &manager), STATUS_OK);
	world_stop_daemon();
	start_clock();
	ck_assert_int_eq(AIBinder_prepareRaw(manager, NULL, &in), STATUS_OK);
	ck_assert_int_eq(AIBinder_transactRaw(manager, 1, &in, &out, 0, LIMIT_MS),
			 STATUS_TIMED_OUT);
	ck_assert(says("does not answer"));
	ck_assert(!ABinderConnection_isAlive(conn));
	/* It is of no use from now on, and says so at once. */
	ck_assert_int_eq(AIBinder_ping(manager), STATUS_TIMED_OUT);
	AIBinder_decStrong(manager);
	ABinderConnection_close(conn);
	ends_in_time();
	world_continue_daemon();
}
END_TEST

START_TEST(deadline_holds_for_every_call_of_the_connection)
{
	pid_t pid = peer_start();
	AIBinder *peer = peer_get(), *found = NULL;
	ABinderConnection *conn = AIBinder_getConnection(peer);

	peer_stop(pid);
	start_clock();
	ABinderConnection_setDeadline(conn, LIMIT_MS);
	ck_assert_int_eq(AIBinder_ping(peer), STATUS_TIMED_OUT);
	ck_assert_int_eq(AServiceManager_checkOn(conn, "name", &found), STATUS_TIMED_OUT);
	ck_assert(says("service manager"));
	ck_assert_int_eq(AServiceManager_waitOn(conn, "name", -1, &found), STATUS_TIMED_OUT);
	ck_assert_ptr_null(found);
	/* The driver is there: nothing is lost. */
	ck_assert(ABinderConnection_isAlive(conn));
	ends_in_time();
	kill(pid, SIGCONT);
	ABinderConnection_setDeadline(conn, -1);
	ck_assert_int_eq(AIBinder_ping(peer), STATUS_OK);
	AIBinder_decStrong(peer);
	peer_kill(pid);
}
END_TEST

START_TEST(wait_ends_although_the_manager_hangs)
{
	pid_t pid = peer_start();
	AIBinder *peer = peer_get(), *found = NULL;
	ABinderConnection *conn = AIBinder_getConnection(peer);

	peer_stop(pid);
	start_clock();
	ck_assert_int_eq(AServiceManager_waitOn(conn, "name", LIMIT_MS, &found), STATUS_TIMED_OUT);
	ends_in_time();
	AIBinder_decStrong(peer);
	peer_kill(pid);
}
END_TEST

START_TEST(threads_that_serve_outlive_the_deadline)
{
	pid_t pid = peer_start();
	AIBinder *peer = peer_get(), *mine = AIBinder_new(test_class(), NULL), *same = NULL;
	ABinderConnection *conn = AIBinder_getConnection(peer), *other;
	const struct timespec over = { .tv_nsec = 2 * LIMIT_MS * 1000000 };
	AParcel *in = request(peer), *out;

	ck_assert_int_eq(ABinderConnection_startThreadPool(conn, 1), STATUS_OK);
	ck_assert_int_eq(AParcel_writeStrongBinder(in, mine), STATUS_OK);
	AParcel_delete(call(peer, TEST_KEEP, in));
	ABinderConnection_setDeadline(conn, LIMIT_MS);
	/* Time itself is what is tested. */
	nanosleep(&over, NULL);
	/* Only the pool can answer: the call comes through another connection. */
	ck_assert_int_eq(ABinderConnection_open(NULL, &other), STATUS_OK);
	AIBinder_decStrong(peer);
	ck_assert_int_eq(ABinderConnection_getContextManager(other, &peer), STATUS_OK);
	out = call(peer, TEST_KEPT, NULL);
	ck_assert_int_eq(AParcel_readStrongBinder(out, &same), STATUS_OK);
	AParcel_delete(out);
	AIBinder_prepareRaw(same, TEST_DESCRIPTOR, &in);
	ck_assert_int_eq(AIBinder_transactRaw(same, TEST_CALLER, &in, &out, 0, limit_of(10000)),
			 STATUS_OK);
	AParcel_delete(out);
	AIBinder_decStrong(same);
	AIBinder_decStrong(peer);
	ABinderConnection_close(other);
	AIBinder_decStrong(mine);
	peer_kill(pid);
}
END_TEST

Suite *deadline_suite(void)
{
	Suite *suite = suite_create("deadline");
	TCase *tc = tcase_create("deadline");

	tcase_set_timeout(tc, 30);
	tcase_add_checked_fixture(tc, world_up, world_down);
	tcase_add_test(tc, opening_a_mute_socket_ends);
	tcase_add_test(tc, odd_paths_are_told_apart);
	/* A kernel cannot be stopped. */
	if (world_has_daemon()) {
		tcase_add_test(tc, opening_a_stopped_daemon_ends);
		tcase_add_test(tc, call_of_a_stopped_daemon_ends);
	}
	tcase_add_test(tc, deadline_holds_for_every_call_of_the_connection);
	tcase_add_test(tc, wait_ends_although_the_manager_hangs);
	tcase_add_test(tc, threads_that_serve_outlive_the_deadline);
	suite_add_tcase(suite, tc);
	return suite;
}

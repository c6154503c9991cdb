/* SPDX-License-Identifier: MIT */
/*
 * fork_test.c: a child gets clear errors for its parent's objects, a fresh
 * connection of its own, and leaves the parent as it was.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suites.h"
#include "world.h"

static pid_t peer;

static void up(void)
{
	world_up();
	peer = peer_start();
}

static void down(void)
{
	peer_kill(peer);
	world_down();
}

/* Runs it in a child; its result. */
static int in_child(int (*run)(AIBinder *), AIBinder *binder)
{
	int result = -1, status, fds[2];
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		result = run(binder);
		if (write(fds[1], &result, sizeof(result)) != sizeof(result))
			_exit(1);
		/* No leak checker looks at what threads that do not exist here have left. */
		raise(SIGKILL);
	}
	ck_assert_int_ge(pid, 0);
	close(fds[1]);
	ck_assert_int_eq(read(fds[0], &result, sizeof(result)), sizeof(result));
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return result;
}

static int use_parents(AIBinder *b)
{
	AIBinder_DeathRecipient *recipient;
	AParcel *in = NULL, *out = NULL;

	if (AIBinder_ping(b) != STATUS_INVALID_OPERATION)
		return 1;
	if (!strstr(ABinder_lastError(), "forked"))
		return 2;
	if (AIBinder_isAlive(b))
		return 3;
	if (AIBinder_prepareRaw(b, TEST_DESCRIPTOR, &in))
		return 4;
	if (AIBinder_transactRaw(b, TEST_COUNTS, &in, &out, 0, 100) != STATUS_INVALID_OPERATION)
		return 5;
	recipient = AIBinder_DeathRecipient_new(free);
	if (AIBinder_linkToDeath(b, recipient, NULL) != STATUS_INVALID_OPERATION)
		return 6;
	AIBinder_DeathRecipient_delete(recipient);
	AIBinder_decStrong(b);
	return 0;
}

START_TEST(childs_use_of_its_parents_binder_is_an_error)
{
	AIBinder *b = peer_get();

	ck_assert_int_eq(in_child(use_parents, b), 0);
	ck_assert_int_eq(AIBinder_ping(b), STATUS_OK);
	AIBinder_decStrong(b);
}
END_TEST

static int use_own(AIBinder *b)
{
	AIBinder *own;
	AParcel *in, *out = NULL;
	int32_t pid;

	if (ABinderConnection_getContextManager(ABinderConnection_getDefault(), &own))
		return 1;
	if (AIBinder_prepareRaw(own, TEST_DESCRIPTOR, &in) ||
	    AIBinder_transactRaw(own, TEST_CALLER, &in, &out, 0, -1))
		return 2;
	if (AParcel_readInt32(out, &pid) || pid != getpid())
		return 3;
	AParcel_delete(out);
	AIBinder_decStrong(own);
	return 0;
}

START_TEST(child_gets_a_connection_of_its_own)
{
	AIBinder *b = peer_get();

	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(in_child(use_own, b), 0);
	ck_assert_int_eq(AIBinder_ping(b), STATUS_OK);
	AIBinder_decStrong(b);
}
END_TEST

static int drop_everything(AIBinder *b)
{
	ABinderConnection *conn = AIBinder_getConnection(b);

	AIBinder_decStrong(b);
	ABinderConnection_close(conn);
	return 0;
}

START_TEST(childs_clean_up_does_not_reach_the_parent)
{
	AIBinder *b = peer_get(), *object;
	AParcel *out = call(b, TEST_NEW, NULL);

	ck_assert_int_eq(AParcel_readStrongBinder(out, &object), STATUS_OK);
	AParcel_delete(out);
	ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 2);
	ck_assert_int_eq(in_child(drop_everything, object), 0);
	ck_assert_int_eq(AIBinder_ping(object), STATUS_OK);
	AIBinder_decStrong(object);
	AIBinder_decStrong(b);
}
END_TEST

static atomic_int died;

static void on_died(void *cookie)
{
	died = 1;
}

static bool has_died(void *unused)
{
	return died;
}

START_TEST(parents_death_is_seen_although_a_child_lives)
{
	AIBinder_DeathRecipient *recipient = AIBinder_DeathRecipient_new(on_died);
	AIBinder *b;
	int alive[2];
	pid_t pid;

	/* A service that forks and dies; its child goes on. */
	peer_kill(peer);
	ck_assert_int_eq(pipe(alive), 0);
	pid = fork();
	if (pid == 0) {
		AIBinder *service = AIBinder_new(test_class(), NULL);

		if (ABinderConnection_becomeContextManager(ABinderConnection_getDefault(), service))
			_exit(1);
		if (fork() == 0) {
			char byte;

			close(alive[1]);
			_exit(read(alive[0], &byte, 1) == 0 ? 0 : 1);
		}
		/* Until the test has linked: closing its end is the word. */
		ABinderConnection_joinThreadPool(ABinderConnection_getDefault());
		_exit(0);
	}
	peer = pid;
	do
		ABinderConnection_getContextManager(ABinderConnection_getDefault(), &b);
	while (AIBinder_ping(b) != STATUS_OK && (AIBinder_decStrong(b), 1));
	ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 1);
	ck_assert_int_eq(AIBinder_linkToDeath(b, recipient, NULL), STATUS_OK);
	peer_kill(peer);
	peer = 0;
	ck_assert(eventually(has_died, NULL));
	close(alive[0]);
	close(alive[1]);
	AIBinder_decStrong(b);
	AIBinder_DeathRecipient_delete(recipient);
}
END_TEST

Suite *fork_suite(void)
{
	Suite *suite = suite_create("fork");
	TCase *tc = tcase_create("fork");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, childs_use_of_its_parents_binder_is_an_error);
	tcase_add_test(tc, child_gets_a_connection_of_its_own);
	tcase_add_test(tc, childs_clean_up_does_not_reach_the_parent);
	tcase_add_test(tc, parents_death_is_seen_although_a_child_lives);
	suite_add_tcase(suite, tc);
	return suite;
}

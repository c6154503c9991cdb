/* SPDX-License-Identifier: MIT */
/*
 * peer.c: the test service, and processes that serve it as context manager.
 *
 * Called by the suites; service.c has what the service does.
 */
#include "world.h"

#include <check.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int peer_main(char **arguments)
{
	uint32_t max_threads = atoi(arguments[0]);
	int ready = atoi(arguments[2]);
	ABinderConnection *conn;
	AIBinder *service;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ABinderConnection_setMapSize(atol(arguments[1]));
	conn = ABinderConnection_getDefault();
	if (!conn)
		return 10;
	service = AIBinder_new(test_class(), NULL);
	if (!service || ABinderConnection_becomeContextManager(conn, service))
		return 11;
	if (max_threads > 1 && ABinderConnection_startThreadPool(conn, max_threads - 1))
		return 12;
	if (write(ready, "r", 1) != 1)
		return 13;
	close(ready);
	ABinderConnection_joinThreadPool(conn);
	_exit(0);
}

pid_t peer_start_with(uint32_t max_threads, size_t map_size)
{
	char self[PATH_MAX] = "", threads[16], size[32], fd[16], byte;
	int ready[2];
	pid_t pid;

	ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof(self) - 1), 0);
	ck_assert_int_eq(pipe(ready), 0);
	snprintf(threads, sizeof(threads), "%u", max_threads);
	snprintf(size, sizeof(size), "%zu", map_size);
	snprintf(fd, sizeof(fd), "%d", ready[1]);
	pid = fork();
	if (pid == 0) {
		/* A program of its own: it starts threads, whatever runs in this one. */
		close(ready[0]);
		execl(self, "libbinder-tests", "peer", threads, size, fd, (char *)NULL);
		_exit(127);
	}
	ck_assert_int_ge(pid, 0);
	close(ready[1]);
	ck_assert_msg(read(ready[0], &byte, 1) == 1, "the peer does not start");
	close(ready[0]);
	return pid;
}

pid_t peer_start(void)
{
	return peer_start_with(3, 0);
}

void peer_kill(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* One thread takes the signal; another may answer a call before it learns of it. */
void peer_stop(pid_t pid)
{
	int status = 0;

	/* 0 would be this test's own group. */
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
}

AIBinder *peer_get(void)
{
	AIBinder *binder;

	ck_assert_int_eq(ABinderConnection_getContextManager(ABinderConnection_getDefault(),
							     &binder),
			 STATUS_OK);
	ck_assert_msg(AIBinder_associateClass(binder, test_class()), "%s", ABinder_lastError());
	return binder;
}

AParcel *request(AIBinder *binder)
{
	AParcel *in;

	ck_assert_int_eq(AIBinder_prepareRaw(binder, TEST_DESCRIPTOR, &in), STATUS_OK);
	return in;
}

AParcel *call(AIBinder *binder, uint32_t code, AParcel *in)
{
	AParcel *out = NULL;
	binder_status_t status;

	if (!in)
		in = request(binder);
	status = AIBinder_transactRaw(binder, code, &in, &out, 0, -1);
	ck_assert_msg(status == STATUS_OK, "code %u: %s: %s", code, ABinder_statusName(status),
		      ABinder_lastError());
	ck_assert_ptr_null(in);
	return out;
}

int32_t call_int(AIBinder *binder, uint32_t code, AParcel *in)
{
	AParcel *out = call(binder, code, in);
	int32_t value;

	ck_assert_int_eq(AParcel_readInt32(out, &value), STATUS_OK);
	AParcel_delete(out);
	return value;
}

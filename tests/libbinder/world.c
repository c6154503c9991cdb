/* SPDX-License-Identifier: MIT */
/*
 * world.c: a private binderd for each case, and its end; or the devices in the
 * folder that TEST_DEVICES names, which cases then use one after another.
 *
 * Called by the suites as their fixture; peer.c has the processes in it.
 */
#include "world.h"
#include "../limit.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char directory[64];
static pid_t daemon_pid;

/* build/tests/libbinder-tests -> build/bin/binderd */
static void daemon_path(char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	snprintf(path, size, "%s/../bin/binderd", dirname(self));
}

static void run_daemon(const char *path, int ready)
{
	char fd[16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(fd, sizeof(fd), "%d", ready);
	execl(path, "binderd", "--dir", directory, "--device", "binder", "--device", "hwbinder",
	      "--log-level", "error", "--ready-fd", fd, (char *)NULL);
	_exit(127);
}

bool world_has_daemon(void)
{
	return !getenv("TEST_DEVICES");
}

static void link_device(const char *name)
{
	char device[PATH_MAX], link[128];

	snprintf(device, sizeof(device), "%s/%s", getenv("TEST_DEVICES"), name);
	snprintf(link, sizeof(link), "%s/%s", directory, name);
	ck_assert_int_eq(symlink(device, link), 0);
}

static void start_daemon(void)
{
	char path[PATH_MAX + 32], byte;
	int ready[2];

	daemon_path(path, sizeof(path));
	ck_assert_int_eq(pipe(ready), 0);
	daemon_pid = fork();
	if (daemon_pid == 0)
		run_daemon(path, ready[1]);
	ck_assert_int_ge(daemon_pid, 0);
	close(ready[1]);
	ck_assert_msg(read(ready[0], &byte, 1) == 1, "%s does not start", path);
	close(ready[0]);
}

void world_up(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/binder-test.XXXXXX",
		 tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	setenv("BINDER_DIR", directory, 1);
	unsetenv("BINDER_DEVICE");
	if (world_has_daemon()) {
		start_daemon();
		return;
	}
	link_device("binder");
	link_device("hwbinder");
}

void world_kill_daemon(void)
{
	if (daemon_pid <= 0)
		return;
	kill(daemon_pid, SIGKILL);
	waitpid(daemon_pid, NULL, 0);
	daemon_pid = 0;
}

void world_stop_daemon(void)
{
	peer_stop(daemon_pid);
}

void world_continue_daemon(void)
{
	ck_assert_int_gt(daemon_pid, 0);
	ck_assert_int_eq(kill(daemon_pid, SIGCONT), 0);
}

void world_down(void)
{
	char command[128];

	if (daemon_pid > 0)
		kill(daemon_pid, SIGTERM);
	if (daemon_pid > 0)
		waitpid(daemon_pid, NULL, 0);
	daemon_pid = 0;
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	ck_assert_int_eq(system(command), 0);
}

bool eventually(bool (*condition)(void *arg), void *arg)
{
	const struct timespec pause = { .tv_nsec = 2000000 };

	for (int i = 0; i < limit_of(5000); i++) {
		if (condition(arg))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

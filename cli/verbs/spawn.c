/* SPDX-License-Identifier: MIT */
/*
 * spawn.c: fork, descriptors, exec, and a pipe on which a daemon says "ready".
 */
#include "cli/verbs/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/peer.h"

#define READY_FD 3
#define READY_TIMEOUT_MS 10000
#define STOP_TIMEOUT_MS 2000

static bool is_program(const char *path)
{
	return access(path, X_OK) == 0;
}

int spawn_find(const char *name, char path[static PATH_MAX])
{
	static const char *const beside[] = { "", "../sbin/", "../libexec/" };
	char self[PATH_MAX], *slash;
	const char *search = getenv("PATH");
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length > 0) {
		self[length] = 0;
		slash = strrchr(self, '/');
		if (slash)
			slash[1] = 0;
		for (size_t i = 0; slash && i < sizeof(beside) / sizeof(*beside); i++) {
			if (snprintf(path, PATH_MAX, "%s%s%s", self, beside[i], name) < PATH_MAX &&
			    is_program(path))
				return 0;
		}
	}
	while (search && *search) {
		int part = strcspn(search, ":");

		if (part && snprintf(path, PATH_MAX, "%.*s/%s", part, search, name) < PATH_MAX &&
		    is_program(path))
			return 0;
		search += part + (search[part] == ':');
	}
	return -ENOENT;
}

int spawn_find_library(const char *name, char path[static PATH_MAX])
{
	/* Installed, where libraries have a folder for each architecture, and in the build tree. */
	static const char *const beside[] = { "../lib/binder/",
					      "../lib/" BINDER_MULTIARCH "/binder/", "../lib/",
					      "" };
	char self[PATH_MAX], found[PATH_MAX], *slash;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length <= 0)
		return -ENOENT;
	self[length] = 0;
	slash = strrchr(self, '/');
	if (slash)
		slash[1] = 0;
	for (size_t i = 0; slash && i < sizeof(beside) / sizeof(*beside); i++) {
		if (snprintf(found, PATH_MAX, "%s%s%s", self, beside[i], name) < PATH_MAX &&
		    realpath(found, path))
			return 0;
	}
	return -ENOENT;
}

/* In the child: only async-signal-safe calls from here to exec. */
static void become(const struct spawn *spawn, int ready, int log, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);

	/* A terminal's Ctrl-C is for the command, not for its driver. */
	if (spawn->detach) {
		setsid();
	} else {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	if (null < 0)
		_exit(127);
	dup2(null, STDIN_FILENO);
	if (spawn->log)
		dup2(log, STDERR_FILENO);
	dup2(spawn->log ? log : null, STDOUT_FILENO);
	if (ready == READY_FD)
		fcntl(ready, F_SETFD, 0);
	else
		dup2(ready, READY_FD);
	/* A daemon that stays must not keep open what its starter had open. */
	syscall(SYS_close_range, READY_FD + 1, ~0u, 0);
	if (spawn->mask)
		sigprocmask(SIG_SETMASK, spawn->mask, NULL);
	if (spawn->detach && chdir("/") != 0)
		_exit(127);
	execv(spawn->argv[0], (char *const *)spawn->argv);
	_exit(127);
}

static int wait_ready(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char byte;
	int count;

	do
		count = poll(&poll_fd, 1, READY_TIMEOUT_MS);
	while (count < 0 && errno == EINTR);
	if (count == 0)
		return -ETIMEDOUT;
	if (count < 0)
		return -errno;
	/* End of file: it has closed its end by dying. */
	return read(fd, &byte, 1) == 1 ? 0 : -ECHILD;
}

pid_t spawn_daemon(const struct spawn *spawn)
{
	pid_t parent = getpid(), child;
	int ready[2] = { -1, -1 }, result, log = -1;

	/* Opened here, where somebody can be told why it cannot. */
	if (spawn->log)
		log = open(spawn->log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
			   0600);
	if (spawn->log && log < 0)
		return -errno;
	child = pipe2(ready, O_CLOEXEC) == 0 ? fork() : -1;
	result = child < 0 ? -errno : 0;
	if (child == 0)
		become(spawn, ready[1], log, parent);
	if (log >= 0)
		close(log);
	if (ready[1] >= 0)
		close(ready[1]);
	if (child > 0)
		result = wait_ready(ready[0]);
	if (ready[0] >= 0)
		close(ready[0]);
	if (result == 0)
		return child;
	if (child < 0)
		return result;
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return result;
}

void spawn_stop(pid_t child)
{
	struct timespec pause = { .tv_nsec = 2000000 };

	if (child <= 0)
		return;
	kill(child, SIGTERM);
	/* A stopped one hears of it only when it goes on. */
	if (peer_is_stopped(child))
		kill(child, SIGCONT);
	for (int waited = 0; waited < STOP_TIMEOUT_MS; waited += 2) {
		if (waitpid(child, NULL, WNOHANG) != 0)
			return;
		nanosleep(&pause, NULL);
	}
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

const char *spawn_why(int error)
{
	switch (error) {
	case -ECHILD:
		return "it ended before it was ready";
	case -ETIMEDOUT:
		return "it was not ready within 10 seconds";
	case -ENOENT:
		return "the program was not found beside binderctl nor in $PATH";
	default:
		return strerror(-error);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * world.c: starts the binderd that was built beside the calling test program.
 *
 * $BINDERD names another one; $TEST_WRAP is put before its command line.
 */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ARGS 32

static void find_binderd(char *path, size_t size)
{
	const char *given = getenv("BINDERD");
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (given) {
		snprintf(path, size, "%s", given);
		return;
	}
	self[n > 0 ? n : 0] = '\0';
	for (int i = 0; i < 2; i++) {
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
	}
	snprintf(path, size, "%s/bin/binderd", self);
}

bool world_has_valgrind(void)
{
	return getenv("TEST_WRAP");
}

static void run_binderd(const struct world *world, const char *const *args, int ready)
{
	char *wrap = getenv("TEST_WRAP"), *copy = wrap ? strdup(wrap) : NULL;
	char path[4200], number[16];
	const char *argv[MAX_ARGS + 8];
	int n = 0;

	find_binderd(path, sizeof(path));
	for (char *word = copy ? strtok(copy, " ") : NULL; word && n < MAX_ARGS / 2;
	     word = strtok(NULL, " "))
		argv[n++] = word;
	snprintf(number, sizeof(number), "%d", ready);
	argv[n++] = path;
	argv[n++] = "--dir";
	argv[n++] = world->dir;
	argv[n++] = "--ready-fd";
	argv[n++] = number;
	for (int i = 0; args && args[i] && n < MAX_ARGS; i++)
		argv[n++] = args[i];
	argv[n] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execvp(argv[0], (char **)argv);
	fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

int world_start(struct world *world, const char *const *args)
{
	int ready[2];
	char byte;
	ssize_t n;

	strcpy(world->dir, "/tmp/binder-test-XXXXXX");
	if (!mkdtemp(world->dir) || pipe2(ready, O_CLOEXEC) < 0) {
		perror("cannot make a private world");
		return -errno;
	}
	snprintf(world->device, sizeof(world->device), "%s/binder", world->dir);
	fflush(NULL);
	world->pid = fork();
	if (world->pid == 0) {
		fcntl(ready[1], F_SETFD, 0);
		run_binderd(world, args, ready[1]);
	}
	close(ready[1]);
	n = read(ready[0], &byte, 1);
	close(ready[0]);
	if (n == 1)
		return 0;
	fprintf(stderr, "binderd did not start\n");
	world_stop(world);
	return -ECHILD;
}

bool world_stop(struct world *world)
{
	char path[128];
	int status = -1;

	if (world->pid > 0) {
		kill(world->pid, SIGTERM);
		waitpid(world->pid, &status, 0);
	}
	world->pid = 0;
	snprintf(path, sizeof(path), "%s/binderd.lock", world->dir);
	unlink(path);
	if (rmdir(world->dir) < 0)
		fprintf(stderr, "%s is left behind: %s\n", world->dir, strerror(errno));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int world_fds(const struct world *world)
{
	char path[64];
	int count = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", world->pid);
	dir = opendir(path);
	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count - 2;
}

long world_rss_kib(const struct world *world)
{
	return world_status_kib(world, "VmRSS: %ld");
}

long world_status_kib(const struct world *world, const char *format)
{
	char path[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", world->pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, format, &kib) == 1)
			break;
	}
	if (file)
		fclose(file);
	return kib;
}

/* SPDX-License-Identifier: MIT */
/*
 * daemon.c: starts a binderd with a log that can be read, and looks at it.
 *
 * Used by storm.c and attack.c.
 */
#include "daemon.h"
#include "../limit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int log_fd = -1;

int daemon_start(struct world *world, const char *const *args)
{
	char path[] = "/tmp/binder-log-XXXXXX";
	int err = dup(STDERR_FILENO), r;

	log_fd = mkostemp(path, O_APPEND | O_CLOEXEC);
	if (log_fd < 0 || err < 0)
		return -errno;
	unlink(path);
	dup2(log_fd, STDERR_FILENO);
	r = world_start(world, args);
	dup2(err, STDERR_FILENO);
	close(err);
	return r;
}

bool daemon_stop(struct world *world)
{
	bool well = world_stop(world);

	close(log_fd);
	log_fd = -1;
	return well;
}

/* The log from an offset on, as a string to be freed; NULL: nothing there. */
static char *read_log(off_t from)
{
	off_t end = lseek(log_fd, 0, SEEK_END);
	char *text = end > from ? calloc(1, (size_t)(end - from) + 1) : NULL;

	if (text && pread(log_fd, text, (size_t)(end - from), from) < 0)
		text[0] = '\0';
	return text;
}

int daemon_logged(const char *text)
{
	char *log = read_log(0);
	int count = 0;

	for (char *at = log; at && (at = strstr(at, text)); at++)
		count++;
	free(log);
	return count;
}

static bool parse(const char *log, struct daemon_counts *ret)
{
	const char *line = log ? strstr(log, "binderd: binder: ") : NULL;

	if (!line || !strchr(line, '\n') ||
	    sscanf(line,
		   "binderd: binder: %u opens, %u threads, %u nodes, %u references, "
		   "%u deaths watched, %u transactions, %u buffers",
		   &ret->opens, &ret->threads, &ret->nodes, &ret->references, &ret->deaths,
		   &ret->transactions, &ret->buffers) != 7)
		return false;
	ret->consistent = !strstr(log, "INCONSISTENT");
	return true;
}

int daemon_counts(const struct world *world, struct daemon_counts *ret)
{
	off_t from = lseek(log_fd, 0, SEEK_END);

	if (kill(world->pid, SIGUSR1) < 0)
		return -errno;
	/* A line in a file: there is nothing to wait on. */
	for (int i = 0; i < limit_of(20000); i++) {
		char *log = read_log(from);
		bool there = parse(log, ret);

		free(log);
		if (there)
			return 0;
		poll(NULL, 0, 1);
	}
	return -ETIMEDOUT;
}

long daemon_anon_kib(const struct world *world)
{
	return world_status_kib(world, "RssAnon: %ld");
}

long daemon_shared_kib(const struct world *world)
{
	return world_status_kib(world, "RssShmem: %ld");
}

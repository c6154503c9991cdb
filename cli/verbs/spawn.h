/* SPDX-License-Identifier: MIT */
/*
 * spawn.h: finds and starts binderd and servicemanager, and waits until they serve.
 *
 * Called by up.c (they stay) and sandbox.c (they go with their parent).
 */
#ifndef CLI_SPAWN_H
#define CLI_SPAWN_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * A program of ours: beside this executable, in ../sbin, ../libexec, then in
 * $PATH.  0 or -ENOENT.
 */
int spawn_find(const char *name, char path[static PATH_MAX]);

/* A library of ours: in ../lib from this executable, then beside it.  0 or -ENOENT. */
int spawn_find_library(const char *name, char path[static PATH_MAX]);

struct spawn {
	const char *const *argv; /* argv[0] is a path; ends with NULL */
	const char *log;         /* appended to; NULL: our standard error */
	bool detach;             /* a session of its own, outlives us; else dies with us */
	const sigset_t *mask;    /* signal mask of the program; NULL: ours */
};

/*
 * Starts a daemon that was given --ready-fd 3 and waits until it has written
 * there.  The pid, or -errno: -ECHILD when it ended before it was ready (and
 * has been reaped), -ETIMEDOUT when it was not in time (and has been killed).
 */
pid_t spawn_daemon(const struct spawn *spawn);

/* Sends SIGTERM, waits, then SIGKILL; for children only. */
void spawn_stop(pid_t child);

/* Text for a failure of spawn_daemon(). */
const char *spawn_why(int error);

#endif

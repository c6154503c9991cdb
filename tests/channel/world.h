/* SPDX-License-Identifier: MIT */
/*
 * world.h: a private binderd in a directory of its own, for one test program.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct world {
	char dir[64];
	char device[96]; /* the socket of "binder" */
	pid_t pid;
};

/* @args: more options, ends with NULL, may be NULL.  Says itself what went wrong. */
int world_start(struct world *world, const char *const *args);
/* Some tests are too much for it, or are about what it does otherwise than a processor. */
bool world_has_valgrind(void);
/* True when the daemon ended by itself and well. */
bool world_stop(struct world *world);

/* What the daemon has now. */
int world_fds(const struct world *world);
long world_rss_kib(const struct world *world);
/* A line of its /proc/PID/status, as "VmRSS: %ld"; -1: not there. */
long world_status_kib(const struct world *world, const char *format);

#endif

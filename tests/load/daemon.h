/* SPDX-License-Identifier: MIT */
/*
 * daemon.h: a binderd under load, and what it costs.
 */
#ifndef TESTS_LOAD_DAEMON_H
#define TESTS_LOAD_DAEMON_H

#include "channel/world.h"

/* What SIGUSR1 makes it tell of one device. */
struct daemon_counts {
	unsigned int opens, threads, nodes, references, deaths, transactions, buffers;
	bool consistent;
};

/* A private world whose daemon logs to a file of ours.  Says itself what went wrong. */
int daemon_start(struct world *world, const char *const *args);
bool daemon_stop(struct world *world);

/* 0 or -errno: of the device "binder". */
int daemon_counts(const struct world *world, struct daemon_counts *ret);
/* How many lines of its log have this in them. */
int daemon_logged(const char *text);
/* KiB of its own, and KiB that it shares with clients. */
long daemon_anon_kib(const struct world *world);
long daemon_shared_kib(const struct world *world);

#endif

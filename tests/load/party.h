/* SPDX-License-Identifier: MIT */
/*
 * party.h: who takes part in a crash storm: services, callers, victims.
 */
#ifndef TESTS_LOAD_PARTY_H
#define TESTS_LOAD_PARTY_H

#include <stdbool.h>
#include <stdint.h>

/* Shared with every process of a storm; each caller has a row of its own. */
struct party_caller {
	uint64_t calls, busy, wrong; /* busy: no room in the service's buffer, tried again */
	char what[120];              /* the first wrong thing */
};

struct party {
	const char *device;
	bool stop;
	uint64_t dead_peers; /* callbacks of the service that met a dead client */
	struct party_caller caller[];
};

/* Each is a process's whole life; returns its exit status. */

/* The context manager, on so many threads; tells @ready when it is. */
int party_serve(struct party *party, unsigned int threads, int ready);
/* Calls and checks every answer until party->stop. */
int party_call(struct party *party, unsigned int index, unsigned int seed);
/* Opens, maps, calls, is called back, sends objects and files, closes, again and again. */
int party_suffer(struct party *party, unsigned int seed);

#endif

/* SPDX-License-Identifier: MIT */
/* worker.h: a thread of a client that does everything that clients do, at random. */
#ifndef TESTS_CORE_THREADS_WORKER_H
#define TESTS_CORE_THREADS_WORKER_H

#include <semaphore.h>

#include "home.h"

#define HANDLES 16

struct worker {
	struct binder_proc *proc;
	struct binder_thread *thread;
	struct port_thread *home;
	s32 tid;
	unsigned seed;
	u8 out[4096];
	size_t out_size;
	u8 in[1024];
	u32 handle[HANDLES]; /* held strongly; 0: none */
	unsigned calls;      /* that it waits for */
	unsigned patience;   /* waits left until it gives up */
	sem_t *show;         /* asks for a view every so many steps */
	/* What it has seen, for the test to be sure that something happened. */
	unsigned replies, failures, handled, deaths;
};

/* Works for so many steps; 0: only serves, until *stop. */
void worker_run(struct worker *worker, unsigned steps, const bool *stop);

#endif

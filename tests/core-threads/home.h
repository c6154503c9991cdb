/* SPDX-License-Identifier: MIT */
/*
 * home.h: a home for the driver core in which calls really run at once and
 * reads really block; the core is compiled with PORT_THREADED for it.
 */
#ifndef TESTS_CORE_THREADS_HOME_H
#define TESTS_CORE_THREADS_HOME_H

#include <pthread.h>

#include "core.h"

struct port_proc {
	u8 *memory;
	size_t size;
};

struct port_thread {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool woken;
};

/* Things of the home that exist; all 0 when everything has gone. */
struct home_counts {
	int procs, threads, files;
};
extern struct home_counts home_counts;

/* They go with port_proc_gone() and port_thread_gone(). */
struct port_proc *home_proc_new(size_t size);
struct port_thread *home_thread_new(void);
/* Until port_wake(), or a while has gone by: false. */
bool home_wait(struct port_thread *thread);

#endif

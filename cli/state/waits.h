/* SPDX-License-Identifier: MIT */
/*
 * waits.h: who waits for whom, over all devices of a state, and which of them
 * wait for one another.
 *
 * A call waits either for the thread that has read it, or, while nobody has, for any thread of a
 * process.  Of the first kind one is enough for a deadlock; of the second, all threads of the pool
 * have to be part of it.
 */
#ifndef CLI_STATE_WAITS_H
#define CLI_STATE_WAITS_H

#include "cli/state/model.h"

/* A thread that serves a call or waits for a reply, on whichever devices. */
struct state_task {
	int pid, tid;
	int outgoing;  /* the call whose reply it waits for; STATE_NONE: it runs */
	int incoming;  /* the call that it serves; STATE_NONE: none */
	int callee;    /* the task that serves the outgoing one; STATE_NONE: none that is known */
	int queued_at; /* the process in whose queue the outgoing one lies; STATE_NONE: it is read */
	bool has_work;   /* something has come that it will wake up for */
	bool is_called;  /* another waiting task waits for this one */
	bool deadlocked; /* nothing that it waits for can ever come */
	int cycle;       /* number of the ring that it is part of; STATE_NONE: none */
};

struct state_waits {
	const struct state *state;
	struct state_task *task;
	int count, cycles;
	int *of_thread; /* the task of each thread of the state; STATE_NONE: none */
};

/* 0, or -ENOMEM. */
int state_waits_new(const struct state *state, struct state_waits **ret);
void state_waits_free(struct state_waits *waits);

/* Whom a task waits for: of a queue, a thread of the pool that is part of the deadlock.
 * STATE_NONE: nobody who waits, too. */
int state_waits_next(const struct state_waits *waits, int task);

#endif

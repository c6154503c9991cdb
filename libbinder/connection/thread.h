/* SPDX-License-Identifier: MIT */
/*
 * thread.h: one thread's side of one connection, and its talk with the driver.
 *
 * Everything above sends commands through a thread and reads what came to it.
 * Nothing here is shared between threads.
 */
#ifndef LIBBINDER_THREAD_H
#define LIBBINDER_THREAD_H

#include "connection.h"
#include "stream.h"

/* A call that this thread is serving. */
struct serving {
	ABinderConnection *conn;
	pid_t pid;
	uid_t uid;
	uint32_t flags;
	const char *sid; /* the caller's security label, or NULL */
	struct serving *outer;
};

struct thread {
	ABinderConnection *conn; /* a reference */
	struct thread *next;     /* this thread's others */
	struct stream_out out;
	struct stream_in in;
	size_t unsent_buffers; /* bytes of receive buffer that out gives back */
	unsigned int depth;    /* calls being served, one inside the other */
	bool looper;           /* serves until told otherwise */
	bool entered;          /* the driver has been told that it serves now and then */
	uint64_t deadline;     /* of the call that it makes; 0: none, or no call */

	/* References that the driver gave up while nothing could be run. */
	AIBinder *releases; /* by next_release */

	/* Raised to have this thread look whether to go on, while it polls a kernel's device;
	 * -1: not made yet. */
	int wake;
	struct thread *next_waker;

	/* The reply that out points into, and one at rest for the next call. */
	AParcel *reply, *spare;
	int32_t status_word;
};

enum talk {
	TALK_WRITE,     /* send what there is */
	TALK_ANSWER,    /* ... and read the driver's own answer, which comes at once */
	TALK_READ,      /* ... and wait for something */
	TALK_READ_MORE, /* ... that is more than an acknowledgement */
};

/* This thread's state for the connection, made at need; NULL: no memory, which the first
 * connection of a thread does not need. */
struct thread *thread_get(ABinderConnection *conn);
/* The innermost call that this thread serves, or NULL. */
struct serving *thread_serving(void);
void thread_set_serving(struct serving *serving);

/*
 * Sends, and reads when all that came before has been taken: one request, but for a kernel's
 * device with a deadline, which is polled before it is read.  Interrupted calls are repeated,
 * unless thread_interrupted(): -EINTR.  0 or -errno; when the driver is gone, the connection is
 * broken from now on.  -ETIMEDOUT: the deadline (0: none) is over.
 */
int thread_talk(struct thread *t, enum talk talk, uint64_t deadline);
/* Whether somebody wants this thread to give up its call; never while it serves one, whose
 * caller would be lost. */
bool thread_interrupted(const struct thread *t);
/* Sends now what would otherwise wait for this thread's next call. */
int thread_flush(struct thread *t);
/* Makes room for one more command, by sending the others if there is no memory: for those that
 * the driver waits for, or that give something back. */
void thread_reserve(struct thread *t);
/* As thread_flush(), unless this thread serves and will soon talk anyway. */
void thread_flush_if_idle(struct thread *t);
/* Makes the driver forget this thread, with what it waits for. */
void thread_leave(struct thread *t);

/* What limits this thread's talk with the driver now; 0: nothing. */
uint64_t thread_deadline(const struct thread *t);

int thread_ioctl(struct thread *t, unsigned long cmd, void *arg);
int thread_poll(struct thread *t, int timeout_ms);
/* Has every thread return from thread_talk() that waits on the connection, or is about to. */
void thread_wake_all(ABinderConnection *conn);
/* A kernel's flush does not wake threads that poll: thread_wake_all() raises an eventfd for each
 * that has called this.  0 or -ENOMEM. */
int thread_make_waker(struct thread *t);

/* Defers one decStrong to a moment when anything may run.  Needs no memory. */
void thread_defer_release(struct thread *t, AIBinder *binder);
void thread_run_releases(struct thread *t);

/* What to do with t->reply when it has been sent, and with both at the end: serve.c's. */
extern void (*thread_reply_sent)(struct thread *t);
extern void (*thread_reply_free)(struct thread *t);

#endif

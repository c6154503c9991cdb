/* SPDX-License-Identifier: MIT */
/*
 * looper.h: threads that serve.
 */
#ifndef LIBBINDER_LOOPER_H
#define LIBBINDER_LOOPER_H

#include "connection/thread.h"

/* How many threads the driver may ask for. */
binder_status_t looper_set_max_threads(ABinderConnection *conn, uint32_t more);
/* Starts the first thread of the pool; nothing the second time. */
binder_status_t looper_start_pool(ABinderConnection *conn);
/* Serves in this thread until the connection is closed or the driver gone. */
void looper_join(ABinderConnection *conn);
/* Waits until the threads of the pool have ended; not if this thread serves for it. */
void looper_wait_pool(ABinderConnection *conn);

/* Queues BC_ENTER_LOOPER, once a thread: before one polls that is in no pool.  0 or -ENOMEM. */
int looper_enter(struct thread *t);
/* Serves what has come, without waiting for more.  0 or -errno. */
int looper_handle(struct thread *t);
/* Waits for something to serve and serves it.  0, also when it was woken for nothing;
 * -ETIMEDOUT; -EINTR: thread_interrupted(); -errno. */
int looper_handle_one(struct thread *t, uint64_t deadline);

#endif

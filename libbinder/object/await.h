/* SPDX-License-Identifier: MIT */
/*
 * await.h: waits for something that another process tells this one by a call.
 *
 * The call comes to a thread of the connection's pool.  Where there is none, the
 * waiting thread serves meanwhile.
 */
#ifndef LIBBINDER_AWAIT_H
#define LIBBINDER_AWAIT_H

#include "connection/thread.h"

/* All but conn is guarded by the connection's lock. */
struct await {
	ABinderConnection *conn;
	bool done;
	bool serving; /* the thread waits in the driver, not for conn->changed */
};

/* Ends the wait, from any thread. */
void await_end(struct await *await);
/* A moment of deadline_in(); 0: none.  0; -ETIMEDOUT; -EINTR; -ESHUTDOWN: the connection is over. */
int await_served(struct await *await, uint64_t deadline);
/* Serves what has come already, where no other thread does. */
void await_settle(ABinderConnection *conn);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * peer.h: who serves here, whoever has started it.
 *
 * Called by up.c, which must not start or stop what is not its own, and by the
 * doctor.  Nothing is reported.
 */
#ifndef CLI_PEER_H
#define CLI_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

struct peer {
	pid_t pid; /* 0: not visible from here */
	int64_t uid;
	char program[64];
	uint32_t code; /* of the call that it owes an answer to */
};

/* Who listens on a socket, from the kernel: also one that hangs.  0; -ECONNREFUSED: nobody any
 * more; or why that cannot be said. */
int peer_of_socket(const char *path, struct peer *ret);

/* Who serves handle 0 of a device.  STATUS_DEAD_OBJECT: nobody; STATUS_TIMED_OUT: somebody
 * who does not answer, or a driver that does not. */
binder_status_t peer_of_manager(ABinderConnection *connection, int timeout_ms, struct peer *ret);

/* Who has a call of this process and has not answered it: 1; 0: nobody; < 0: the driver does not
 * show that. */
int peer_that_owes(ABinderConnection *connection, struct peer *ret);

/* Does it run a program that was replaced, as by an upgrade, since it started? */
bool peer_is_replaced(pid_t pid);

/* By a signal: it answers nobody until it is continued. */
bool peer_is_stopped(pid_t pid);

#endif

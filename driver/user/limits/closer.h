/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * closer.h: closing what clients sent, without waiting for it.
 */
#ifndef BINDERD_CLOSER_H
#define BINDERD_CLOSER_H

#include "quota.h"

/*
 * The most descriptors that a packet can carry (the kernel's SCM_MAX_FD).  Whoever
 * receives has room for them: the kernel closes the others itself, in the loop.
 */
#define CLOSER_MOST_IN_PACKET 253

/* Once, before anything is closed.  0 or -errno. */
int closer_start(void);
void closer_stop(void);

/* Closes a descriptor of any kind, from user @uid; then uncharges it.  NULL: it was charged to
 * nobody, and is to its user while it waits. */
void closer_close(int fd, u32 uid, struct quota_account *account);
/* Hangs a client's Unix socket up, and closes it with what lies unread in it. */
void closer_hang_up(int sock, u32 uid);
/* The same for a connection that was just accepted, whatever it said already. */
void closer_refuse(int conn, u32 uid);

#endif

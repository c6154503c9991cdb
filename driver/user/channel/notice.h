/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * notice.h: the packet on a connection that makes it readable while there is work.
 */
#ifndef BINDERD_NOTICE_H
#define BINDERD_NOTICE_H

#include "client.h"

struct port_thread;

/* The client said LISTEN.  0 or -ENOMEM. */
int notice_listen(struct port_proc *client);
/* The connection ends. */
void notice_close(struct port_proc *client);
/* Something came for a thread that is not in a request. */
void notice_wake(struct port_thread *thread);
/* A request is about to be answered: is this client to take the notice down? */
bool notice_settle(struct port_thread *thread);
/*
 * Every thread was told to return.  Those that are not in a request do so from
 * their next one: until then nobody may see it, as some might never make one.
 */
void notice_flushed(struct port_proc *client);

#endif

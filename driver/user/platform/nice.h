/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * nice.h: how nice a client's threads are, and are to be.
 */
#ifndef BINDERD_NICE_H
#define BINDERD_NICE_H

#include "port.h"
#include "hooks.h"

/* How nice it is, and is to be. */
struct thread_nice {
	s32 pid;    /* what to ask the kernel about; 0: it cannot be asked */
	bool can;   /* the client can change it, both ways */
	bool exact; /* it is asked anew for each request, not now and then */
	u32 age;    /* requests since it was asked for */
	bool known;
	s32 value;
	bool untold; /* changed, and the client may be asleep */
};

/* Thread @tid of process @pid, if there is such a one. */
void nice_attach(struct port_thread *thread, s32 pid, s32 tid, u32 flags);
/* A request begins: the thread may have changed itself. */
void nice_begin(struct port_thread *thread);
/* The client is going to sleep on: it has to hear of a change first. */
void nice_tell(struct port_thread *thread);

#endif

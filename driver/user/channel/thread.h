/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * thread.h: makes, wakes and ends the channel of a client's thread; carries out its requests.
 */
#ifndef BINDERD_THREAD_H
#define BINDERD_THREAD_H

#include "client.h"
#include "platform/port_thread.h"

/* Makes a channel for a thread of process @pid; takes the descriptors over, answers on @sock. */
void thread_attach(struct port_proc *client, const struct channel_attach *attach, s32 pid, u32 uid,
		   int sock, int bell);
/* Lets go of the channel.  The core's side is the caller's; port_thread_gone() frees. */
void thread_hang_up(struct port_thread *thread);
/* Makes sure that there is a core thread.  0 or -ENOMEM. */
int thread_enter_core(struct port_thread *thread);

/* ---- request.c ---- */
/* The bell rang. */
void request_bell(struct port_thread *thread);
/* Something to do for a request that is parked. */
void request_task(struct loop_task *task);
void request_timeout(struct loop_timer *timer);

/* ---- view.c ---- */
/* CHANNEL_VIEW: puts the next piece into the mailbox.  0 or -errno. */
int view_read(struct port_thread *thread, u64 arg, bool continued, u64 *size_reply);

#endif

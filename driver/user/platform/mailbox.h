/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * mailbox.h: what daemon and client write for each other into a thread's mailbox.
 */
#ifndef BINDERD_MAILBOX_H
#define BINDERD_MAILBOX_H

#include "port_thread.h"

/* Charges what is about to be touched, as far as it is not paid for.  0 or -EDQUOT. */
int mailbox_charge(struct port_thread *thread, size_t offset, size_t size);
/* Reads the mailbox's table of ranges; those that lie wrong are left out. */
void mailbox_load_ranges(struct port_thread *thread, const struct channel_mailbox *box);
/* Gives the mailbox to the client. */
void mailbox_hand_over(struct port_thread *thread, enum channel_state state);
/* Lets the client look at its mailbox. */
void mailbox_nudge(struct port_thread *thread);

#endif

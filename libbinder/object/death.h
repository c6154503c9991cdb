/* SPDX-License-Identifier: MIT */
/*
 * death.h: who wants to know that a remote object has died.
 *
 * A proxy has a list of links (recipient and cookie).  While it has any, the
 * driver is asked once, with a cookie of our own: the handle and a running
 * number, so that news find their proxy, and late news no other.
 */
#ifndef LIBBINDER_DEATH_H
#define LIBBINDER_DEATH_H

#include "connection/thread.h"

struct proxy;
struct link;

/* BR_DEAD_BINDER: runs the recipients and answers the driver. */
void death_deliver(struct thread *t, uint64_t id);
/* The driver is gone, and so is everybody: runs all recipients. */
void death_deliver_all(ABinderConnection *conn);
/*
 * The proxy's last reference is gone, connection.lock is held: stops the
 * driver's news and gives the links, to be passed to death_drop_links().
 */
struct link *death_forget(struct thread *t, struct proxy *proxy);
/* In a forked child: only memory. */
struct link *death_forget_foreign(struct proxy *proxy);
void death_drop_links(struct link *links);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * frozen.h: who wants to know whether the process of a remote object is frozen.
 */
#ifndef LIBBINDER_FROZEN_H
#define LIBBINDER_FROZEN_H

#include "connection/thread.h"

struct proxy;
struct frozen_link;

/* BR_FROZEN_BINDER: runs the callbacks and answers the driver. */
void frozen_deliver(struct thread *t, const struct binder_uapi_frozen_state *state);
/*
 * The proxy's last reference is gone, and connection.lock is held unless t is NULL, as in a forked
 * child: stops the driver's news and gives the registrations, for frozen_drop_links().
 */
struct frozen_link *frozen_forget(struct thread *t, struct proxy *proxy);
void frozen_drop_links(struct frozen_link *links);

#endif

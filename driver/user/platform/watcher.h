/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * watcher.h: connections that watch a device's events.
 */
#ifndef BINDERD_WATCHER_H
#define BINDERD_WATCHER_H

#include "core.h"
#include "hooks.h"

struct watcher;

/* CHANNEL_WATCH, of this device: sends the ring and the bell.  0 or -errno. */
int watcher_open(struct port_thread *thread, const struct binder_context *context, u64 addr,
		 u64 size);
/* The connection ends.  NULL is allowed. */
void watcher_close(struct watcher *watcher);
/* The core says that something happened. */
void watcher_trace(const struct binder_trace *trace);

#endif

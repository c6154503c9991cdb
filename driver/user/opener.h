/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * opener.h: one connection to a device, which stands for one open(2) of it.
 */
#ifndef BINDERD_OPENER_H
#define BINDERD_OPENER_H

#include "device.h"
#include "identity.h"
#include "pages.h"
#include "quota.h"

/* The receive buffer's way: each step once. */
enum buffer_step {
	BUFFER_NONE,
	BUFFER_OFFERED, /* the client has the memfd and is about to map it */
	BUFFER_MAPPED,  /* the core knows it; stays so after munmap */
};

struct port_proc {
	struct loop_source source; /* the connection */
	struct list_head link;     /* device->openers */
	struct device *device;
	struct binder_proc *core; /* NULL before HELLO */
	struct identity identity;
	struct quota_account *account;
	struct list_head threads; /* struct port_thread, link */
	u32 thread_count;
	s32 spare_tid;          /* for threads that claim one that is taken */
	struct list_head peers; /* struct peer */
	enum buffer_step buffer_step;
	char *buffer;
	size_t buffer_size;
	struct pages pages;      /* of the buffer */
	struct notice *notice;   /* NULL before LISTEN */
	struct watcher *watcher; /* NULL: it does not watch */
	/* fair.c's, after a large turn */
	u64 not_before; /* ns */
	u64 others_seen;
	u32 partner;
};

/* Takes the descriptor over. */
void opener_accept(struct device *device, int fd);
/* Tells a connection why it is not served; closing it is the caller's. */
void opener_refuse(int fd, int result);
void opener_close(struct port_proc *opener);

#endif

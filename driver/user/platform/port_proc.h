/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * port_proc.h: a client of a device, that is one connection, which stands for one open(2).
 *
 * The core keeps a pointer to it and passes it to the hooks of this folder.
 */
#ifndef BINDERD_PORT_PROC_H
#define BINDERD_PORT_PROC_H

#include "identity.h"
#include "loop.h"
#include "limits/throttle.h"
#include "limits/quota.h"

struct device;
struct notice;
struct watcher;

/* The receive buffer's way: each step once. */
enum buffer_step {
	BUFFER_NONE,
	BUFFER_OFFERED, /* the client has the memfd and is about to map it */
	BUFFER_MAPPED,  /* the core knows it; stays so after munmap */
};

struct port_proc {
	struct loop_source source; /* the connection */
	struct list_head link;     /* device->clients */
	struct device *device;
	const char *device_name;  /* for log lines */
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
	char program[16];        /* its process's name, once a watcher has needed it */
	struct throttle throttle;
};

#endif

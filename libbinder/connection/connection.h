/* SPDX-License-Identifier: MIT */
/*
 * connection.h: one device, opened once.
 *
 * Two counts keep it: refs is memory; uses is the open device and its mapping.
 * Closing gives up the device's own use; threads inside the driver and parcels
 * in the mapping have one each, so the device goes when the last of them is
 * done, and binders that outlive it find only memory.
 *
 * Lock order: connection.lock, death.c's lock; nothing is called with the list lock held.
 */
#ifndef LIBBINDER_CONNECTION_H
#define LIBBINDER_CONNECTION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

#include "profile.h"

struct driver;

struct ABinderConnection {
	atomic_uint refs;
	atomic_uint uses;
	atomic_bool closed;        /* by its owner */
	atomic_bool broken;        /* the driver is gone, or of no use */
	atomic_bool hung;          /* ... since it has not answered in time */
	_Atomic uint64_t deadline; /* of all that does not serve; ns, 0: none; deadline.h */
	unsigned int generation;   /* of the process: see connection_is_foreign() */
	pid_t pid;
	struct driver *driver;
	bool daemon; /* the driver is one; else a kernel's device */
	char *path;
	void *map;
	size_t map_size;
	/* Of Android: detect.c; NULL until it is said or found. */
	_Atomic(const struct profile *) profile;
	atomic_bool undetected;         /* nobody answered yet */
	enum profile_domain domain;     /* set before it is used */
	bool strict_domain;             /* requests of the other one are refused */
	struct ABinderConnection *next; /* list lock: all that are open */

	pthread_mutex_t lock;      /* guards what follows */
	pthread_cond_t changed;    /* a thread serves no longer, or see wakes */
	unsigned int wakes;        /* how often its waiting threads were woken */
	struct thread *wakers;     /* those that have an eventfd for that, by next_waker */
	struct AIBinder **proxies; /* by handle; a proxy takes itself out */
	size_t proxy_slots;
	uint32_t last_death; /* see death.c */
	uint32_t last_frozen;
	struct AIBinder *manager; /* object of ours that is handle 0, held */
	uint32_t max_threads;     /* that the driver may ask for */
	bool max_threads_set;
	bool pool_started;
	unsigned int pool_threads; /* that libbinder started and that live */
	unsigned int pool_serial;
	atomic_uint loopers; /* threads that serve, whoever started them */
	void (*spawn)(struct ABinderConnection *conn); /* answers BR_SPAWN_LOOPER */
};

binder_status_t connection_open(const char *device, ABinderConnection **ret);
/* The same with a deadline, which the connection keeps; see deadline.h. */
binder_status_t connection_open_until(const char *device, uint64_t deadline,
				      ABinderConnection **ret);
/* Marks it closed and wakes its threads; does not wait for them. */
void connection_shut(ABinderConnection *conn);
ABinderConnection *connection_ref(ABinderConnection *conn);
void connection_unref(ABinderConnection *conn);

/* Takes a use.  0; -ECHILD: opened by a process that this one was forked from;
 * -ESHUTDOWN: closed. */
int connection_use(ABinderConnection *conn);
void connection_unuse(ABinderConnection *conn);

/* Has not been closed, and its driver is there. */
static inline bool connection_is_alive(const ABinderConnection *conn)
{
	return !atomic_load_explicit(&conn->closed, memory_order_acquire) &&
	       !atomic_load_explicit(&conn->broken, memory_order_acquire);
}

/* Opened before the fork that made this process: only memory may be touched. */
bool connection_is_foreign(const ABinderConnection *conn);
/* Can a call get through?  STATUS_OK, or why not with error_say(). */
binder_status_t connection_check(ABinderConnection *conn);

/* Borrowed; NULL: see error_words(). */
ABinderConnection *connection_default(void);
/* As above, but never opens one. */
ABinderConnection *connection_default_if_open(void);
binder_status_t connection_set_default_device(const char *device);
void connection_set_map_size(size_t size);

/* An Android that the user names; it fails if the connection speaks another one already. */
binder_status_t connection_set_android(ABinderConnection *conn, const char *version);
/* "system" or "vendor". */
binder_status_t connection_set_domain(ABinderConnection *conn, const char *domain);
/* What the environment and the device's name say about both. */
binder_status_t connection_init_dialect(ABinderConnection *conn);
/* The connection's profile, detected on first use; the newest one if nobody answers. */
const struct profile *connection_profile(ABinderConnection *conn);
/* Sets conn->profile or conn->undetected: detect.c's. */
extern void (*connection_detect)(ABinderConnection *conn);

/* More to hold while the process forks; at most a few. */
void connection_lock_over_fork(pthread_mutex_t *lock);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * port.h (user space): the core's surroundings in an ordinary program.
 *
 * binderd and the tests compile the core with this one; driver/linux has the
 * kernel's.  Both give the same names; the functions that only a home can
 * define are in core/hooks.h.  PORT_THREADED makes the lock real.
 */
#ifndef BINDER_PORT_H
#define BINDER_PORT_H

#include <errno.h>
#include <stdarg.h>
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <linux/types.h>

#include "shim/list.h"
#include "shim/rbtree.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
#define U32_MAX UINT32_MAX
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#include "uapi.h"

#define ALIGN8(x) (((x) + 7) & ~(typeof(x))7)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
/* Descriptors in one payload: as many as a channel takes at a time. */
#define PORT_MAX_FILES 1024u
/* A transaction's line has "a1" for a one-way call and "r1" for a reply, as Linux 6.18's. */
#define PORT_MARKS_REPLIES true
#define PORT_ASSERT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)

/* Zeroed memory, NULL when there is none.  port_free(NULL) is allowed. */
static inline void *port_alloc(size_t size)
{
	return calloc(1, size);
}

static inline void *port_alloc_array(size_t count, size_t size)
{
	return calloc(count, size);
}

static inline void port_free(void *memory)
{
	free(memory);
}

/* For sparse, which is run on the kernel's build. */
#define __printf(text, first) __attribute__((format(printf, text, first)))
#define __must_hold(lock)
#define __acquires(lock)
#define __releases(lock)
#ifndef __force
#define __force
#endif

#ifndef fallthrough
#define fallthrough __attribute__((fallthrough))
#endif

/* In long work, between two steps, without a lock: whoever else wants the processor. */
static inline void port_relax(void) {}

/* Counts up without a lock; the first number is 1. */
struct port_counter {
	u32 last;
};

static inline u32 port_count_up(struct port_counter *counter)
{
	return __atomic_add_fetch(&counter->last, 1, __ATOMIC_RELAXED);
}

/* A counter that one thread alone writes, and others may look at meanwhile. */
static inline void port_tally(u32 *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

static inline u32 port_tally_read(const u32 *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* As vsnprintf(). */
#define port_format vsnprintf

/* A count of references that may change without the lock. */
struct port_ref {
	u32 count;
};

static inline void port_ref_init(struct port_ref *ref)
{
	__atomic_store_n(&ref->count, 1, __ATOMIC_RELAXED);
}

static inline void port_ref_get(struct port_ref *ref)
{
	__atomic_add_fetch(&ref->count, 1, __ATOMIC_RELAXED);
}

/* True: that was the last one. */
static inline bool port_ref_put(struct port_ref *ref)
{
	return __atomic_sub_fetch(&ref->count, 1, __ATOMIC_ACQ_REL) == 0;
}

/*
 * Whose memory the core uses; NULL: nobody counts it.  The home has one for each
 * process and user, sets limit, and keeps it as long as anything is charged.
 */
struct port_account {
	struct port_account *parent; /* charged as well; or NULL */
	u64 used, limit;             /* bytes */
	void (*refused)(struct port_account *account);
	void (*emptied)(struct port_account *account); /* may free it */
};

#ifdef PORT_THREADED
#define PORT_ACCOUNT_ADD(account, size) __atomic_add_fetch(&(account)->used, size, __ATOMIC_RELAXED)
#else
#define PORT_ACCOUNT_ADD(account, size) ((account)->used += (size))
#endif

static inline void port_uncharge(struct port_account *account, u64 size)
{
	while (account) {
		struct port_account *parent = account->parent;

		if (PORT_ACCOUNT_ADD(account, -size) == 0 && account->emptied)
			account->emptied(account);
		account = parent;
	}
}

/* 0 or -EDQUOT.  With the lock or without. */
static inline int port_charge(struct port_account *account, u64 size)
{
	for (struct port_account *a = account; a; a = a->parent) {
		if (PORT_ACCOUNT_ADD(a, size) <= a->limit)
			continue;
		PORT_ACCOUNT_ADD(a, -size);
		for (struct port_account *b = account; b != a; b = b->parent)
			PORT_ACCOUNT_ADD(b, -size);
		if (a->refused)
			a->refused(a);
		return -EDQUOT;
	}
	return 0;
}

/* A flag that is cleared without the lock. */
struct port_flag {
	bool set;
};

/* What it was. */
static inline bool port_flag_set(struct port_flag *flag)
{
	return __atomic_exchange_n(&flag->set, true, __ATOMIC_ACQ_REL);
}

static inline void port_flag_clear(struct port_flag *flag)
{
	__atomic_store_n(&flag->set, false, __ATOMIC_RELEASE);
}

static inline u32 port_first_zero_bit(u64 word) /* word != ~0 */
{
	return (u32)__builtin_ctzll(~word);
}

#ifdef PORT_THREADED
#include <pthread.h>

struct port_lock {
	pthread_mutex_t mutex;
};

#define PORT_LOCK_INITIALIZER \
	{ \
		PTHREAD_MUTEX_INITIALIZER \
	}

static inline void port_lock_init(struct port_lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
}

static inline void port_lock_destroy(struct port_lock *lock)
{
	pthread_mutex_destroy(&lock->mutex);
}

static inline void port_lock(struct port_lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

static inline void port_unlock(struct port_lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}
#else
struct port_lock {
	char nothing;
};

#define PORT_LOCK_INITIALIZER \
	{ \
		0 \
	}

static inline void port_lock_init(struct port_lock *lock)
{
	(void)lock;
}
static inline void port_lock_destroy(struct port_lock *lock)
{
	(void)lock;
}
static inline void port_lock(struct port_lock *lock)
{
	(void)lock;
}
static inline void port_unlock(struct port_lock *lock)
{
	(void)lock;
}
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * port.h (kernel): the core's surroundings in the Linux kernel.
 *
 * The module compiles the core with this one; driver/user has the one for user
 * space.  Both give the same names; the functions that only a home can define
 * are in core/hooks.h.
 */
#ifndef BINDER_PORT_H
#define BINDER_PORT_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/version.h>

#include "uapi.h"

#define ALIGN8(x) (((x) + 7) & ~(typeof(x))7)
/* Descriptors in one payload: as many as there is room for. */
#define PORT_MAX_FILES (BINDER_MAX_MAPPING / sizeof(u32))
/*
 * A transaction's line has "a1" for a one-way call and "r1" for a reply, as the kernel's own
 * driver prints since 6.18.  Before, it had "r1" where a reply is due.
 */
#define PORT_MARKS_REPLIES (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0))
#define PORT_ASSERT_SIZE(type, size) static_assert(sizeof(type) == (size), #type)

/*
 * Zeroed memory, NULL when there is none; may sleep.  What a client can make us
 * allocate is charged to its control group.  port_free() never sleeps for
 * objects of a page or less: those alone are freed under a lock.
 */
static inline void *port_alloc(size_t size)
{
	/* An object: its cache is known when this is compiled. */
	if (__builtin_constant_p(size) && size <= PAGE_SIZE)
		return kzalloc(size, GFP_KERNEL_ACCOUNT);
	return kvzalloc(size, GFP_KERNEL_ACCOUNT);
}

static inline void *port_alloc_array(size_t count, size_t size)
{
	return kvcalloc(count, size, GFP_KERNEL_ACCOUNT);
}

static inline void port_free(void *memory)
{
	kvfree(memory);
}

/* In long work, between two steps, without a lock: whoever else wants the processor. */
static inline void port_relax(void)
{
	cond_resched();
}

/* Counts up without a lock; the first number is 1. */
struct port_counter {
	atomic_t last;
};

static inline u32 port_count_up(struct port_counter *counter)
{
	return (u32)atomic_inc_return_relaxed(&counter->last);
}

/* A counter that one thread alone writes, and others may look at meanwhile. */
static inline void port_tally(u32 *counter)
{
	WRITE_ONCE(*counter, *counter + 1);
}

static inline u32 port_tally_read(const u32 *counter)
{
	return READ_ONCE(*counter);
}

/* As vsnprintf(). */
#define port_format vsnprintf

/* A count of references that may change without the lock. */
struct port_ref {
	refcount_t count;
};

static inline void port_ref_init(struct port_ref *ref)
{
	refcount_set(&ref->count, 1);
}

static inline void port_ref_get(struct port_ref *ref)
{
	refcount_inc(&ref->count);
}

/* True: that was the last one. */
static inline bool port_ref_put(struct port_ref *ref)
{
	return refcount_dec_and_test(&ref->count);
}

/* Whose memory the core uses: the control groups know that here. */
struct port_account;

static inline int port_charge(struct port_account *account, u64 size)
{
	return 0;
}

static inline void port_uncharge(struct port_account *account, u64 size) {}

/* A flag that is cleared without the lock. */
struct port_flag {
	atomic_t set;
};

/* What it was. */
static inline bool port_flag_set(struct port_flag *flag)
{
	return atomic_xchg(&flag->set, 1);
}

static inline void port_flag_clear(struct port_flag *flag)
{
	atomic_set_release(&flag->set, 0);
}

static inline u32 port_first_zero_bit(u64 word) /* word != ~0 */
{
	return __ffs64(~word);
}

struct port_lock {
	spinlock_t lock; /* of a context, or of their list */
};

#define PORT_LOCK_INITIALIZER \
	{ \
		.lock = __SPIN_LOCK_UNLOCKED(port_lock.lock) \
	}

#define port_lock_init(what) spin_lock_init(&(what)->lock) /* a class of its own at each place */

static inline void port_lock_destroy(struct port_lock *lock) {}

static inline void port_lock(struct port_lock *lock) __acquires(lock->lock)
{
	spin_lock(&lock->lock);
}

static inline void port_unlock(struct port_lock *lock) __releases(lock->lock)
{
	spin_unlock(&lock->lock);
}

#endif

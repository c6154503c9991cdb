/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * home.h: the module's types, and what its files offer one another.
 *
 * One struct port_proc for each open of a device, one struct port_thread for
 * each task that has used it: what the core's objects of the same kind are to
 * the kernel.
 *
 * Lock order, outermost first:
 *
 *   a device's processes_lock (debugfs.c)  its files by pid; debugfs's own locks
 *
 *   mmap_lock of whoever maps or faults
 *     memories_lock (shrink.c)          the list of receive buffers
 *       memory->lock (memory.c)         which pages there are, and mapping them
 *         fs_reclaim: trylock alone leads from here to the first two again
 *           mapping->i_mmap_rwsem       taking a page out of the page tables
 *         the core's list of contexts   spinlock, for BINDER_FREEZE alone
 *           a context's lock            spinlock: nothing sleeps, nothing is woken
 *
 * Wait queues' locks are taken under none of these.
 */
#ifndef BINDER_HOME_H
#define BINDER_HOME_H

#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/wait.h>

#include "core.h"

/* ---- memory.c: receive buffers --------------------------------------------------- */

/*
 * The pages of a receive buffer.  They come when they are first written to, and
 * go under pressure, never by a client's doing.
 */
struct memory {
	struct mm_struct *mm;     /* constant: whose mmap it takes; counted, not used */
	struct mem_cgroup *payer; /* constant: the client's, whoever fills the pages */
	struct inode *inode;      /* constant: in whose page tables the pages are found */
	struct list_head entry;   /* shrink.c; empty: has no pages */
	struct mutex lock;        /* adding and removing pages; mapping them */
	struct page **pages;      /* NULL until mmap; read without the lock by a buffer's owner */
	unsigned long *touched;   /* a bit for each: used since the shrinker came by */
	unsigned long count;
	unsigned long present; /* pages that are there */
	unsigned long hand;    /* where the shrinker goes on */
	bool forgotten;        /* the shrinker counts its pages no more */
};

int memory_init(struct memory *memory);
/* The file is gone: no mapping, no page fault any more.  Senders may still write. */
void memory_forget(struct memory *memory);
void memory_destroy(struct memory *memory);
int memory_mmap(struct file *file, struct vm_area_struct *vma);
/*
 * Gives back at most so many unused pages as *budget says, which shrinks by each one that was
 * looked at.  How many it were.  For the shrinker: takes no lock that somebody holds.
 */
unsigned long memory_reclaim(struct memory *memory, unsigned long *budget);

/* The file system that gives each open an inode of its own. */
int memory_module_init(void);
void memory_module_exit(void);

/* ---- shrink.c -------------------------------------------------------------------- */

int shrink_init(void);
void shrink_exit(void);
void shrink_add(struct memory *memory);
void shrink_remove(struct memory *memory);
/* Pages came or went. */
void shrink_count(long change);

/* ---- one open, one task ------------------------------------------------------------ */

struct port_proc {
	struct binder_proc *core;
	struct pid *tgid;        /* constant: the client's */
	const struct cred *cred; /* constant: the client's at open */
	wait_queue_head_t poll;  /* epoll holds on to it as long as there is the file */
	struct memory memory;
	struct binder_device_process *debug; /* debugfs.c; NULL: it has no file there */
};

struct port_thread {
	struct binder_thread *core;
	struct port_proc *client;
	wait_queue_head_t wait; /* its own task alone sleeps here */
	bool woken;
	bool polls;
};

/* ---- wait.c ------------------------------------------------------------------------ */

/* What the current task is to this open; made when it is new.  NULL: no memory. */
struct port_thread *thread_current(struct port_proc *client);
/* BINDER_WRITE_READ's reading half: waits for something to read.  0 or a negative errno. */
int thread_read(struct port_thread *thread, u64 addr, u64 size, u64 *consumed, bool nonblock);
/* Any other ioctl: BINDER_FREEZE waits. */
int thread_ioctl(struct port_thread *thread, u32 cmd, unsigned long arg);

#endif

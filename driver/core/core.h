/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * core.h: the driver core as its homes see it.
 *
 * A home opens a binder_proc for each open(2), a binder_thread for each thread
 * that makes an ioctl, and passes ioctls on.  No entry point sleeps: where the
 * real driver would block, -EAGAIN comes back, and the home waits until
 * port_wake() names the thread; then it calls again.  What the core needs from
 * its surroundings is in port.h.
 *
 * Locking: entry points take the context's lock themselves.  A home serialises
 * the calls for one thread; calls for different threads may run at once.
 */
#ifndef BINDER_CORE_H
#define BINDER_CORE_H

#include "port.h"
#include "hooks.h"

struct binder_context;
struct binder_proc;
struct binder_thread;

/* Who opened the device, as the home knows it for certain. */
struct binder_identity {
	s32 pid;
	u32 euid;
	s32 nice;                     /* of the client: what its threads go back to */
	struct port_account *account; /* its memory is charged to; NULL: to nobody */
};

/* ---- context: one device ------------------------------------------------ */

/* NULL: no memory.  The name is copied. */
struct binder_context *binder_context_new(const char *name);
/* Every binder_proc of it must have been released. */
void binder_context_free(struct binder_context *ctx);

/* ---- one open of the device --------------------------------------------- */

/* NULL: no memory.  @home is what port functions get; it must outlive release. */
struct binder_proc *binder_proc_open(struct binder_context *ctx, const struct binder_identity *who,
				     struct port_proc *home);
/*
 * The last descriptor and mapping are gone.  All threads, nodes, references
 * and buffers go with it; no other call for this proc may be under way.
 */
void binder_proc_release(struct binder_proc *proc);
/* A descriptor was closed: every blocked read returns. */
void binder_proc_flush(struct binder_proc *proc);

/*
 * The receive buffer: @size bytes (cut to 4 MiB) that the client sees at
 * @user_addr.  0, -EBUSY (had one, ever), -EINVAL (empty), -ENOMEM.
 */
int binder_proc_mmap(struct binder_proc *proc, u64 user_addr, u64 size);
/* The client lost (part of) the mapping: nothing can be sent to it any more. */
void binder_proc_munmap(struct binder_proc *proc);

/*
 * For a home that gives memory back: calls take(), under the lock, if no buffer
 * lies in [offset, offset + size) of the receive buffer.  Did it?
 */
bool binder_proc_take_unused(struct binder_proc *proc, u64 offset, u64 size,
			     void (*take)(void *data), void *data);

struct port_proc *binder_proc_home(const struct binder_proc *proc);

/* ---- one thread --------------------------------------------------------- */

/* Finds or makes the thread.  NULL: no memory. */
struct binder_thread *binder_thread_get(struct binder_proc *proc, s32 tid,
					struct port_thread *home);
/* NULL: there is none. */
struct binder_thread *binder_thread_find(struct binder_proc *proc, s32 tid);
struct port_thread *binder_thread_home(const struct binder_thread *thread);
/* BINDER_THREAD_EXIT: the thread is gone afterwards, with what it was told or waited for. */
void binder_thread_exit(struct binder_thread *thread);

/*
 * BC_ commands from the client's memory at @addr + *@consumed up to @addr +
 * @size.  *@consumed grows by each one that was carried out.  0 (also when a
 * transaction failed: the thread reads that), -EINVAL, -EFAULT, -ENOMEM.
 */
int binder_thread_write(struct binder_thread *thread, u64 addr, u64 size, u64 *consumed);
/* The same with the one command at @addr + *@consumed. */
int binder_thread_write_one(struct binder_thread *thread, u64 addr, u64 *consumed);

/*
 * BR_ commands to the client's memory.  0: *@consumed says how much.
 * -EAGAIN: nothing yet; unless @nonblock, the thread now counts as waiting and
 * port_wake() will name it.  -EINPROGRESS: port_files_install() said so; call
 * again with the same arguments when it has what it wants.  -EFAULT.
 */
int binder_thread_read(struct binder_thread *thread, u64 addr, u64 size, u64 *consumed,
		       bool nonblock);
/* The client gave up waiting (signal, hang-up): it no longer counts as waiting. */
void binder_thread_stop_waiting(struct binder_thread *thread);

/* What poll(2) would report (0 or EPOLLIN); marks the thread as one that polls. */
u32 binder_thread_poll(struct binder_thread *thread);

/*
 * Every ioctl but BINDER_WRITE_READ and BINDER_THREAD_EXIT; @arg is an address
 * in the client.  Returns what ioctl(2) would.  -EINPROGRESS: BINDER_FREEZE
 * with a timeout, and calls still under way.  The process stays frozen
 * meanwhile; the home waits until port_wake() names the thread and calls again,
 * or ends the wait with binder_thread_freeze_end().
 */
int binder_thread_ioctl(struct binder_thread *thread, u32 cmd, u64 arg);
/* Then: its timeout, in ms, from when the ioctl began. */
u32 binder_thread_freeze_timeout(const struct binder_thread *thread);
/*
 * The timeout of BINDER_FREEZE is over, or the client gave up waiting.  Returns
 * what the ioctl then does: 0, -EAGAIN (still calls under way; thawed again),
 * -EINTR when cancelled.
 */
int binder_thread_freeze_end(struct binder_thread *thread, bool cancelled);
/* An ioctl of this thread returns to the client: the next read may block. */
void binder_thread_ioctl_done(struct binder_thread *thread);
/* What binder_proc_flush() does to each thread, for one: its next read must not block. */
void binder_thread_flush(struct binder_thread *thread);
/* Has it said BC_ENTER_LOOPER or BC_REGISTER_LOOPER? */
bool binder_thread_is_looper(const struct binder_thread *thread);

/* ---- looking at it ------------------------------------------------------ */

/*
 * Checks every invariant that the structures should keep; describes the first
 * broken one through port_broken() and returns false.
 */
bool binder_context_check(struct binder_context *ctx);

/* What exists now, for leak checks and statistics. */
struct binder_counts {
	u32 procs, threads, nodes, refs, deaths, transactions, buffers;
};

void binder_context_counts(struct binder_context *ctx, struct binder_counts *out);

/*
 * What the kernel shows in debugfs, in the same words: see print.h.  Text comes
 * piece by piece, so that a home need not hold all of it, and nobody waits
 * until all of it is written:
 *
 *	binder_print_start(&print, BINDER_VIEW_STATE, euid);
 *	while ((n = binder_context_print(ctx, &print, text, size)))
 *		...
 *
 * Pieces end anywhere in a line.  Each is true for a moment of its own.
 */
enum binder_view {
	BINDER_VIEW_STATE,
	BINDER_VIEW_STATS,
	BINDER_VIEW_TRANSACTIONS, /* of the state, what is under way */
	BINDER_VIEW_LOG,          /* the last transactions */
	BINDER_VIEW_FAILED_LOG,   /* the last that failed */
	BINDER_VIEW_PROC,         /* of the state, one process: see binder_print_only() */
	BINDER_VIEWS,
};

/*
 * Calls within calls.  The driver keeps and walks the chain, so it cannot be without end; each
 * waits on some thread's stack, which is shorter.
 */
#define BINDER_MAX_DEPTH 1000

#define BINDER_PRINT_MIN 2048 /* bytes; less is not enough for some lines */

/* Commands by their numbers. */
#define BINDER_BC_KINDS 22
#define BINDER_BR_KINDS 23

struct binder_counters {
	u32 bc[BINDER_BC_KINDS], br[BINDER_BR_KINDS];
};

/* In the order in which stats shows them. */
enum binder_kind {
	BINDER_PROCS,
	BINDER_THREADS,
	BINDER_NODES,
	BINDER_REFS,
	BINDER_DEATHS,
	BINDER_TRANSACTIONS,
	BINDER_COMPLETES,
	BINDER_FREEZES,
	BINDER_KINDS,
};

/* How far a text has come; the fields are the core's. */
struct binder_print {
	enum binder_view view;
	u32 viewer;                    /* euid; 0 sees everything */
	const struct binder_proc *but; /* left out: see binder_print_without() */
	s32 only;                      /* a pid; 0: all */
	u32 stage, step, sub;          /* of the view's table; of a step's item */
	u64 serial;                    /* of the process that is being printed */
	bool inside;                   /* ... which has begun */
	bool heading_due;              /* ... whose first lines are still to come */
	bool mid_line;
	bool dead_nodes; /* their heading is printed */
	bool exhausted;  /* the item with the highest key is done */
	u64 key;         /* lower bound for the next item's */
	u32 index;       /* in a queue */
	struct {         /* what has been counted so far, for stats */
		struct binder_counters commands;
		u32 made[BINDER_KINDS], active[BINDER_KINDS];
		u64 strong, weak;
		u32 pages;
	} sum;
};

void binder_print_start(struct binder_print *print, enum binder_view view, u32 viewer_euid);
/* Leaves one process out: an asker that had to open the device in order to ask. */
void binder_print_without(struct binder_print *print, const struct binder_proc *proc);
/* Of all processes only the one with this pid, as often as it has opened the device. */
void binder_print_only(struct binder_print *print, s32 pid);
/* The next piece: its size, not NUL-terminated; 0: that was all. */
size_t binder_context_print(struct binder_context *ctx, struct binder_print *print, char *text,
			    size_t size);

#endif

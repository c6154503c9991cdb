/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * types.h: what a driver is made of, and what guards each field.
 *
 * One lock per context guards every field below, except those marked
 * "constant" (set before anybody else sees the object) and "owner" (touched
 * only by the thread whose ioctl is running).  Included by internal.h, which has
 * what can be done with all this.
 */
#ifndef BINDER_TYPES_H
#define BINDER_TYPES_H

#include "core.h"

struct binder_node;
struct binder_ref;
struct binder_buffer;
struct binder_transaction;
struct binder_journal;
struct binder_death;
struct binder_freeze;

/* ---- work: what a thread can read ----------------------------------------- */

enum binder_work_type {
	BINDER_WORK_TRANSACTION = 1,           /* in struct binder_transaction */
	BINDER_WORK_TRANSACTION_COMPLETE,      /* likewise, its second work item */
	BINDER_WORK_TRANSACTION_PENDING,       /* complete, but the target is frozen */
	BINDER_WORK_ONEWAY_SPAM_SUSPECT,       /* complete, and the sender floods */
	BINDER_WORK_RETURN_ERROR,              /* in struct binder_error */
	BINDER_WORK_NODE,                      /* in struct binder_node: counts changed */
	BINDER_WORK_DEAD_BINDER,               /* in struct binder_death */
	BINDER_WORK_DEAD_BINDER_AND_CLEAR,     /* cleared while the death was on its way */
	BINDER_WORK_CLEAR_DEATH_NOTIFICATION,  /* the clearing is to be confirmed */
	BINDER_WORK_FROZEN_BINDER,             /* in struct binder_freeze: frozen or thawed */
	BINDER_WORK_CLEAR_FREEZE_NOTIFICATION, /* likewise */
};

/*
 * A queue entry; it is part of the object that it speaks of, which stays
 * alive as long as the entry is queued.
 */
struct binder_work {
	struct list_head entry; /* empty: not queued */
	enum binder_work_type type;
};

struct binder_error {
	struct binder_work work;
	u32 command;  /* BR_OK: nothing to tell */
	u32 id, node; /* the call that gets no reply, and its target's id; in reply_error */
};

/* News that the client asked for under a cookie, and acknowledges by it. */
struct binder_notice {
	struct binder_work work;
	u64 cookie;          /* constant */
	bool delivered;      /* told, not acknowledged: in a tree of its process */
	struct rb_node tree; /* by cookie, equal ones in the order of delivery */
};

/* ---- what there was ---------------------------------------------------------- */

/* One transaction, as the log shows it. */
struct binder_log_entry {
	u32 id;
	bool done; /* else it is under way */
	enum binder_trace_kind kind;
	s32 from_pid, from_tid, to_pid, to_tid; /* to_tid 0: any thread */
	u32 from_euid, to_euid;                 /* who may see it; to_euid with to_pid */
	u32 node, handle;
	u64 data_size, offsets_size;
	u32 error; /* BR_ code, 0 for success */
	s32 reason;
	u32 line;
};

#define BINDER_LOG_ENTRIES 32u

struct binder_log {
	u32 count; /* ever written: the next goes to count % BINDER_LOG_ENTRIES */
	struct binder_log_entry entry[BINDER_LOG_ENTRIES];
};

/* ---- context --------------------------------------------------------------- */

struct binder_context {
	struct list_head entry; /* in the list of contexts: its own lock, see context.c */
	struct port_lock lock;
	char *name; /* constant */
	struct list_head procs;
	struct binder_node *manager; /* handle 0, a count on it held; or NULL */
	u32 manager_euid;            /* who may be manager, once manager_known */
	bool manager_known;
	u64 sections;                 /* how often the lock was taken by binder_lock() */
	u32 number;                   /* constant: the contexts in order */
	u64 opens;                    /* ever: the last process's serial */
	struct rb_root dead;          /* nodes without an owner that refs keep, by id */
	u32 dead_nodes;               /* how many */
	u32 transactions;             /* live */
	struct binder_counters ended; /* commands of processes that are gone */
	u32 made[BINDER_KINDS];       /* what those had made */
	struct binder_log log, failed;
};

/* ---- receive buffers -------------------------------------------------------- */

enum binder_buffer_state {
	BINDER_BUFFER_FREE,
	BINDER_BUFFER_RESERVED,  /* a sender fills it: the sender's alone */
	BINDER_BUFFER_QUEUED,    /* belongs to a transaction not yet read */
	BINDER_BUFFER_DELIVERED, /* the receiver's, until BC_FREE_BUFFER */
	BINDER_BUFFER_CLEARING,  /* given back, about to be zeroed: binder_unlock()'s */
};

/* One chunk of a receive buffer, free or taken. */
struct binder_buffer {
	struct list_head entry; /* all chunks, by offset */
	struct rb_node tree;    /* free: by size; else: by offset */
	enum binder_buffer_state state;
	bool async; /* charged to the one-way half: in alloc->async */
	struct list_head async_entry;
	bool has_turn; /* the one-way call under way at its node */
	bool clear_on_free;
	size_t offset; /* from the start of the receive buffer */
	size_t data_size, offsets_size, extra_size;
	size_t sg_size; /* of extra: for BINDER_TYPE_PTR; the rest is the label */
	s32 sender_pid;
	u32 id;
	struct binder_node *target_node; /* counted: its strong local reference; NULL: a reply */
	struct binder_transaction *transaction; /* while it is being handled */
	struct binder_journal *journal;         /* what the buffer's objects hold; or NULL */
	struct binder_proc *owner;              /* CLEARING: referenced */
	size_t size;                            /* CLEARING */
	struct binder_buffer *next;             /* CLEARING: in struct binder_effects */
};

struct binder_alloc {
	bool mapped; /* there is, and always was, a mapping */
	bool used;   /* mmap succeeded once: never again */
	u64 user_addr;
	size_t size;
	size_t free_async;
	size_t high; /* the end of the highest chunk that was ever taken */
	bool spam_reported;
	struct list_head chunks;
	struct list_head async; /* taken for one-way calls */
	struct rb_root free_by_size;
	struct rb_root taken_by_offset;
	u32 taken;
	struct binder_buffer *spare; /* describes no chunk any more, for the next one; or NULL */
};

/* ---- handles ----------------------------------------------------------------- */

/*
 * A multiple of 64, and a chunk no larger than a page with what charge.c puts before it: chunks
 * are freed under the lock, see port_free().
 */
#define BINDER_HANDLES_PER_CHUNK 448u

struct binder_handle_chunk {
	u32 count; /* in use */
	u64 used[BINDER_HANDLES_PER_CHUNK / 64];
	struct binder_ref *ref[BINDER_HANDLES_PER_CHUNK];
};

/* handle -> ref, as chunks that never move; empty ones at the end go, but for one. */
struct binder_handles {
	struct binder_handle_chunk **chunk;
	u32 chunks, chunk_slots;
	u32 count;  /* handles in use */
	u32 lowest; /* no free handle lies below it (0 is not counted) */
};

/* ---- process, thread ----------------------------------------------------------- */

struct binder_proc {
	struct binder_context *ctx;   /* constant */
	struct list_head entry;       /* in ctx->procs */
	struct port_proc *home;       /* constant */
	s32 pid;                      /* constant */
	u32 euid;                     /* constant */
	u32 id;                       /* constant */
	u64 serial;                   /* constant: the processes of a context in order */
	struct port_account *account; /* constant */
	s32 default_priority;         /* constant: of threads that wait for its work */
	bool dead;                    /* released; only refs keep it */
	struct port_ref refs;         /* being open; its threads; unlocked phases */

	struct rb_root threads; /* by tid */
	struct rb_root nodes;   /* own nodes, by ptr */
	struct rb_root refs_by_node;
	struct binder_handles handles;
	struct list_head todo;            /* for any thread that waits for proc work */
	u32 todo_calls;                   /* transactions in it */
	struct list_head waiting;         /* such threads, the latest first */
	struct rb_root delivered_deaths;  /* notices told, BC_DEAD_BINDER_DONE outstanding */
	struct rb_root delivered_freezes; /* likewise, BC_FREEZE_NOTIFICATION_DONE */
	struct list_head watchers; /* struct binder_freeze that want to hear of this process */
	u32 pollers;               /* threads that have used poll */
	u64 pollers_woken;         /* in which section all free ones were, last */
	struct binder_alloc alloc;

	u32 max_threads;
	u32 requested_threads;  /* asked for, not yet registered: 0 or 1 */
	u32 registered_threads; /* came with BC_REGISTER_LOOPER */
	u32 outstanding;        /* transactions to it that are not finished */
	bool oneway_spam_detection;
	bool frozen;
	bool sync_received, async_received; /* calls that came since it was frozen */
	struct list_head freezers;          /* threads that wait for outstanding to become 0 */
	struct binder_counters ended;       /* commands of threads that are gone */
	u32 made[BINDER_KINDS];             /* what was ever made for it */
	u32 completes;                      /* "complete" messages in its threads' queues */
};

/* What a thread has said of itself; values as the kernel's state files print them. */
enum binder_looper {
	BINDER_LOOPER_REGISTERED = 0x01, /* BC_REGISTER_LOOPER */
	BINDER_LOOPER_ENTERED = 0x02,    /* BC_ENTER_LOOPER */
	BINDER_LOOPER_EXITED = 0x04,     /* BC_EXIT_LOOPER */
	BINDER_LOOPER_INVALID = 0x08,    /* mixed the two up; works nevertheless */
	BINDER_LOOPER_WAITING = 0x10,    /* in a blocking read */
	BINDER_LOOPER_POLL = 0x20,       /* has used poll */
};

struct binder_thread {
	struct binder_proc *proc;        /* constant */
	struct rb_node tree;             /* in proc->threads */
	struct port_thread *home;        /* constant */
	s32 tid;                         /* constant */
	u32 looper;                      /* enum binder_looper */
	bool dead;                       /* has left proc->threads; only refs keep it */
	struct port_ref refs;            /* being in proc->threads; unlocked phases; wakes */
	struct binder_thread *gone_next; /* in struct binder_effects */
	bool need_return;                /* the next read must not block */
	bool has_todo;                   /* todo holds something worth waking for */
	struct list_head todo;
	struct list_head waiting;              /* in proc->waiting; empty: not there */
	struct binder_transaction *stack;      /* top of what it waits for and handles */
	struct binder_transaction *delivering; /* owner: dequeued, its descriptors not there yet */
	struct binder_transaction *replying; /* off the stack, its reply on the way; for check.c */
	struct {                             /* owner: BINDER_FREEZE under way */
		struct binder_freeze_info info;
		u32 context; /* the last open that it came to: its context's number ... */
		u64 serial;  /* ... and its own; 0: it came to none yet */
		struct binder_proc *proc; /* waits for its calls to end; referenced */
	} freezing;
	struct list_head freeze_entry;    /* in freezing.proc->freezers, under that one's lock */
	struct binder_error return_error; /* its own last transaction failed */
	struct binder_error reply_error;  /* the call that it waits for failed */
	struct binder_extended_error extended_error;
	struct binder_counters counters; /* the owner writes, with port_tally(); anybody reads */
	struct port_flag wake_queued;    /* somebody is about to wake it; owns wake_next */
	struct binder_thread *wake_next; /* in struct binder_effects */
};

/* ---- nodes, references ----------------------------------------------------------- */

/* An object of some process, as the driver knows it. */
struct binder_node {
	u32 id;                     /* constant */
	struct binder_context *ctx; /* constant */
	struct binder_proc *proc;   /* owner; NULL: it died */
	u32 euid;                   /* constant: the owner's */
	struct rb_node tree;        /* in proc->nodes; in ctx->dead once it died */
	struct binder_work work;    /* BINDER_WORK_NODE: the owner is to hear of changed counts */
	u64 ptr, cookie;            /* constant */
	struct list_head refs;      /* every reference, strong or weak */
	u32 internal_strong;        /* references with a strong count */
	u32 local_strong;           /* transactions, buffers, an unacknowledged BR_ACQUIRE */
	u32 local_weak;             /* likewise, weak */
	u32 in_flight;              /* reservations, each with a local strong count */
	/* What the owner was told, and has not yet acknowledged. */
	bool has_strong, pending_strong;
	bool has_weak, pending_weak;
	bool accepts_fds, wants_label; /* constant */
	u8 min_priority;               /* constant */
	bool has_async;                /* a one-way call is under way: the others queue here */
	struct list_head async_todo;
	struct rb_root updates; /* those of async_todo with TF_UPDATE_TXN, see oneway.c */
	/* check.c's own: what it has counted. */
	struct {
		u32 strong_refs, strong, weak, turns;
	} seen;
};

struct binder_death {
	struct binder_notice notice;
};

struct binder_freeze {
	struct binder_notice notice;
	struct binder_proc *proc; /* constant: whose reference asked for it */
	struct list_head watch;   /* in the node's proc->watchers */
	bool is_frozen;           /* what is to be told, or was told */
	bool resend;              /* there is more to tell when this is acknowledged */
};

/* One process's hold on one node. */
struct binder_ref {
	u32 id;                      /* constant */
	struct binder_proc *proc;    /* constant */
	struct binder_node *node;    /* constant */
	struct rb_node tree;         /* in proc->refs_by_node */
	struct list_head node_entry; /* in node->refs */
	u32 handle;
	u32 strong, weak;
	struct binder_death *death;
	struct binder_freeze *freeze;
};

/* ---- transactions -------------------------------------------------------------------- */

struct binder_transaction {
	struct binder_work work;     /* for the receiver */
	struct binder_work complete; /* for the sender */
	struct binder_context *ctx;  /* constant */
	u8 users;                    /* of "in flight" and "complete queued": freed at 0 */
	u32 id;
	u32 reply_to; /* of a reply: the call's id */
	u32 node_id;  /* the target's; of a reply: that of its call */
	u32 depth;    /* of a call: 1, or one more than the call that is being handled */
	bool oneway, is_reply;
	struct rb_node update;      /* in the node's updates, while it waits there */
	struct binder_thread *from; /* caller waiting for a reply; NULL: none, or it died */
	struct binder_transaction *from_parent; /* next on the caller's stack */
	struct binder_proc *to_proc;            /* pinned */
	struct binder_thread *to_thread;        /* who handles it, from when it is read */
	struct binder_transaction *to_parent;   /* next on the handler's stack */
	struct binder_buffer *buffer;           /* until freed by the receiver */
	u32 code, flags;
	s32 priority, saved_priority;
	u32 sender_euid;
	s32 from_pid, from_tid;
	u64 started;    /* port_now_ms() */
	u64 label_addr; /* in the receiver's memory; 0: none */
	u64 label_size;
};

/* ---- what must wait until the lock is dropped ------------------------------------------ */

struct binder_effects {
	struct binder_thread *wake;              /* referenced, linked by wake_next */
	bool sync;                               /* the waker is about to sleep */
	struct binder_journal *journals;         /* to be emptied and freed */
	struct binder_buffer *clearing;          /* to be zeroed, then free */
	struct binder_transaction *transactions; /* to be freed, by from_parent */
	struct binder_thread *threads; /* a reference to each is to be dropped, by gone_next */
};

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * internal.h: the driver's types, and what its files offer one another.
 *
 * One lock per context guards every field below, except those marked
 * "constant" (set before anybody else sees the object) and "owner" (touched
 * only by the thread whose ioctl is running).  Functions whose name ends in
 * nothing special want the lock held; the entry points of core.h take it.
 *
 * What must not happen under the lock (waking, dropping files, freeing large
 * memory, telling) is noted in a struct binder_effects, and carried out by
 * binder_unlock().
 */
#ifndef BINDER_INTERNAL_H
#define BINDER_INTERNAL_H

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
	u32 command; /* BR_OK: nothing to tell */
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
	struct binder_alloc alloc;

	u32 max_threads;
	u32 requested_threads;  /* asked for, not yet registered: 0 or 1 */
	u32 registered_threads; /* came with BC_REGISTER_LOOPER */
	u32 outstanding;        /* transactions to it that are not finished */
	bool oneway_spam_detection;
	bool frozen;
	bool sync_received, async_received; /* calls that came since it was frozen */
	struct list_head freezers;          /* threads that wait for outstanding to become 0 */
	u32 freeze_round;                   /* the last BINDER_FREEZE that came by */
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
		u32 round;
		bool found;
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

static inline void binder_lock(struct binder_context *ctx, struct binder_effects *fx)
	__acquires(ctx->lock)
{
	memset(fx, 0, sizeof(*fx));
	port_lock(&ctx->lock);
}

/* Unlocked. */
void binder_effects_carry_out(struct binder_effects *fx);

/*
 * Most that is done under the lock has no effects.  The compiler sees that where
 * nobody was given fx, and leaves it out altogether.
 */
static inline void binder_unlock(struct binder_context *ctx, struct binder_effects *fx)
	__releases(ctx->lock)
{
	port_unlock(&ctx->lock);
	if (fx->wake || fx->journals || fx->clearing || fx->transactions || fx->threads)
		binder_effects_carry_out(fx);
}

/* ---- context.c --------------------------------------------------------------------------- */

/* A number that no other object of the driver has, for those who read logs. */
u32 binder_next_id(void);
int binder_set_context_manager(struct binder_thread *thread, const struct flat_binder_object *fp);

/* ---- charge.c: memory on somebody's account ---------------------------------------------- */

/* Zeroed.  NULL: *err says -EDQUOT or -ENOMEM; else it is 0. */
void *binder_charged_alloc(struct port_account *account, size_t size, int *err);
/* NULL is allowed. */
void binder_charged_free(void *object);
/* Lives on at nobody's expense. */
void binder_charged_acquit(void *object);

/* ---- work.c: queues and wakes ---------------------------------------------------------- */

static inline void binder_work_init(struct binder_work *work, enum binder_work_type type)
{
	INIT_LIST_HEAD(&work->entry);
	work->type = type;
}

static inline void binder_work_dequeue(struct binder_work *work)
{
	list_del_init(&work->entry);
}

/* To one thread; deferred: it does not make a read return by itself. */
void binder_thread_queue(struct binder_thread *thread, struct binder_work *work);
void binder_thread_queue_deferred(struct binder_thread *thread, struct binder_work *work);
/* To whichever thread of the process reads first; wakes one. */
void binder_proc_queue(struct binder_proc *proc, struct binder_work *work,
		       struct binder_effects *fx);
void binder_wake(struct binder_thread *thread, struct binder_effects *fx);
/* Wakes a thread that could take proc->todo, if there is one. */
void binder_wake_proc(struct binder_proc *proc, struct binder_effects *fx);
/* Takes the thread that began to wait last; NULL: none waits. */
struct binder_thread *binder_select_thread(struct binder_proc *proc);
/* Would read work from proc->todo. */
bool binder_thread_is_free(const struct binder_thread *thread);
bool binder_thread_has_work(const struct binder_thread *thread, bool proc_work);
/* To this thread if it is a looper, else to its process. */
void binder_queue_to_looper(struct binder_thread *thread, struct binder_work *work,
			    struct binder_effects *fx);
/* A thread in poll hears of what it has just queued for itself. */
void binder_wake_own_poll(struct binder_thread *thread, struct binder_effects *fx);
/* Wakes a thread of any context. */
void binder_wake_far(struct binder_thread *thread, struct binder_effects *fx);
/*
 * The queue of a dying thread of the process, or of the dying process: ends
 * each item rightly.  A process that lives on takes over what concerns it as a
 * whole.  Drops the lock now and then: a client decides how long the queue is.
 */
void binder_drop_queue(struct list_head *todo, struct binder_proc *proc, struct binder_effects *fx);
/* For long work under the lock: lets others in at every 64th step. */
void binder_breathe(struct binder_context *ctx, struct binder_effects *fx, u32 *steps);

/* ---- notice.c: what is told under a cookie ------------------------------------------------ */

void binder_notice_init(struct binder_notice *notice, enum binder_work_type type, u64 cookie);
void binder_notice_delivered(struct rb_root *root, struct binder_notice *notice);
/* The first one told under this cookie, taken out; NULL: none. */
struct binder_notice *binder_notice_acknowledge(struct rb_root *root, u64 cookie);
/* Out of whatever queue or tree it is in. */
void binder_notice_withdraw(struct rb_root *root, struct binder_notice *notice);
/* Is it on its way, or told and not acknowledged? */
static inline bool binder_notice_is_out(const struct binder_notice *notice)
{
	return notice->delivered || !list_empty(&notice->work.entry);
}

/* ---- proc.c, thread.c ---------------------------------------------------------------------- */

/* Drop a reference; unlocked.  NULL is allowed. */
void binder_proc_put(struct binder_proc *proc);
void binder_thread_put(struct binder_thread *thread);
/* The one with the lowest tid from this on; NULL: none. */
struct binder_thread *binder_thread_from(struct binder_proc *proc, s32 tid);
/* Ends a thread: its stack, its queue; leaves proc->threads.  May drop the lock for a while. */
void binder_thread_end(struct binder_thread *thread, struct binder_effects *fx);

/* ---- node.c ------------------------------------------------------------------------------- */

struct binder_node *binder_node_find(struct binder_proc *proc, u64 ptr);
/* The one with the lowest ptr from this on; NULL: none. */
struct binder_node *binder_node_from(struct binder_proc *proc, u64 ptr);
/* Puts a spare node in place for an object that the process names first. */
void binder_node_insert(struct binder_node *spare, struct binder_proc *proc, u64 ptr, u64 cookie,
			u32 flags);
/* On its owner's account.  NULL: *err says why. */
struct binder_node *binder_node_alloc(struct binder_proc *owner, int *err);
/*
 * Counts up or down.  internal: for a reference of some process.  teller: the
 * thread that reads the BR_INCREFS / BR_ACQUIRE which this may call for; NULL:
 * the owner knows already, else -EINVAL.
 */
int binder_node_inc(struct binder_node *node, bool strong, bool internal,
		    struct binder_thread *teller);
/* May free the node. */
void binder_node_dec(struct binder_node *node, bool strong, bool internal,
		     struct binder_effects *fx);
/* What the owner reads now; may free the node. */
struct binder_node_news {
	u32 command[4];
	u32 count;
	u64 ptr, cookie;
};

void binder_node_tell(struct binder_node *node, struct binder_node_news *news);
/* BC_INCREFS_DONE, BC_ACQUIRE_DONE. */
void binder_node_acknowledge(struct binder_proc *proc, u64 ptr, u64 cookie, bool strong,
			     struct binder_effects *fx);
/* The owner is gone: queued one-way calls end, deaths are told.  May drop the lock for a while. */
void binder_node_orphan(struct binder_node *node, struct binder_effects *fx);

/* ---- ref.c ----------------------------------------------------------------------------------- */

/* On its holder's account.  NULL: *err says why. */
struct binder_ref *binder_ref_alloc(struct binder_proc *holder, int *err);
struct binder_ref *binder_ref_by_handle(struct binder_proc *proc, u32 handle, bool need_strong);
/* The one with the lowest handle from this on; NULL: none. */
struct binder_ref *binder_ref_from(struct binder_proc *proc, u32 handle);
/* Makes room for count more handles; unlocked.  0, -EDQUOT or -ENOMEM. */
int binder_handles_grow(struct binder_proc *proc, u32 count);
bool binder_handles_fit(const struct binder_proc *proc, u32 count);
void binder_handles_free(struct binder_proc *proc);
/*
 * The process's reference to a node, counted up; *spare is used (and set to
 * NULL) when there was none.  There must be room for a handle.
 */
int binder_ref_take(struct binder_proc *proc, struct binder_node *node, bool strong,
		    struct binder_thread *teller, struct binder_ref **spare,
		    struct binder_ref **ret);
int binder_ref_inc(struct binder_ref *ref, bool strong, struct binder_thread *teller);
/* May free the reference and its node. */
void binder_ref_dec(struct binder_ref *ref, bool strong, struct binder_effects *fx);
/* With all its counts, its death request, and its handle. */
void binder_ref_delete(struct binder_ref *ref, struct binder_effects *fx);

/* ---- death.c --------------------------------------------------------------------------------- */

/* Takes *spare when it uses it. */
void binder_death_request(struct binder_thread *thread, u32 handle, u64 cookie,
			  struct binder_death **spare, struct binder_effects *fx);
void binder_death_clear(struct binder_thread *thread, u32 handle, u64 cookie,
			struct binder_effects *fx);
void binder_death_done(struct binder_thread *thread, u64 cookie, struct binder_effects *fx);
/* The node behind this reference has died. */
void binder_death_tell(struct binder_ref *ref, struct binder_effects *fx);
/* The reference goes: nobody is to be told any more. */
void binder_death_drop(struct binder_ref *ref);

void binder_death_free(struct binder_work *work);

/* ---- freeze.c -------------------------------------------------------------------------------- */

/* BC_ commands.  0, -EINVAL: no such handle, not asked for, or asked for already. */
int binder_freeze_request(struct binder_thread *thread, u32 handle, u64 cookie,
			  struct binder_freeze **spare, struct binder_effects *fx);
int binder_freeze_clear(struct binder_thread *thread, u32 handle, u64 cookie,
			struct binder_effects *fx);
int binder_freeze_done(struct binder_thread *thread, u64 cookie, struct binder_effects *fx);
void binder_freeze_drop(struct binder_ref *ref);
void binder_freeze_free(struct binder_work *work);
/* A transaction to the process is finished. */
void binder_freeze_settle(struct binder_proc *proc, struct binder_effects *fx);
/* The ioctls. */
int binder_freeze_ioctl(struct binder_thread *thread, u64 arg);
int binder_frozen_info_ioctl(struct binder_thread *thread, u64 arg);
/* The thread ends: it waits for nobody.  Unlocked. */
void binder_freeze_abort(struct binder_thread *thread);
/* The process ends: it is not frozen any more, and nobody watches it.  Locked. */
void binder_freeze_proc_ends(struct binder_proc *proc, struct binder_effects *fx);

/* ---- context.c: all of them, for freeze.c ---------------------------------------------------- */

/*
 * Calls visit for every process with this pid, with its context's lock held, until it returns other
 * than 0; returns that, or 0.
 */
int binder_for_each_of_pid(s32 pid,
			   int (*visit)(struct binder_proc *proc, void *data,
					struct binder_effects *fx),
			   void *data);

/* ---- oneway.c: one at a time for each node --------------------------------------------------- */

void binder_async_add(struct binder_node *node, struct binder_transaction *t);
/* Takes the one that waits longest; NULL: none. */
struct binder_transaction *binder_async_next(struct binder_node *node);
/* Takes one that t, a TF_UPDATE_TXN, makes pointless; NULL: none. */
struct binder_transaction *binder_async_outdated(struct binder_node *node,
						 const struct binder_transaction *t);

/* ---- buffer.c: the receive-buffer allocator -------------------------------------------------- */

/* A spare description of a chunk, for binder_buffer_reserve() where alloc->spare is NULL. */
struct binder_buffer *binder_buffer_alloc(void);
struct binder_buffer_request {
	u64 data_size, offsets_size, extra_size;
	bool async;
	s32 sender_pid;
};

/* 0, -ESRCH (no mapping), -EINVAL (sizes overflow), -ENOSPC, -EDQUOT. */
int binder_buffer_reserve(struct binder_proc *proc, const struct binder_buffer_request *request,
			  struct binder_buffer **spare, struct binder_buffer **ret);
struct binder_buffer *binder_buffer_at(struct binder_proc *proc, u64 user_addr);
/* Is every byte of [start, end) free? */
bool binder_buffer_none_in(struct binder_proc *proc, u64 start, u64 end);
/* The first taken chunk from offset on; NULL: none. */
struct binder_buffer *binder_buffer_from(struct binder_proc *proc, size_t offset);
/* Gives the chunk back, neighbours joined.  Objects and node must be gone already. */
void binder_buffer_free(struct binder_proc *proc, struct binder_buffer *buffer);
/* Is the sender flooding?  Asked after a one-way reservation; true once until space recovers. */
bool binder_buffer_spam(struct binder_proc *proc, s32 sender_pid);
int binder_alloc_map(struct binder_proc *proc, u64 user_addr, u64 size,
		     struct binder_buffer **spare);
void binder_alloc_destroy(struct binder_proc *proc);
size_t binder_buffer_chunk_size(const struct binder_proc *proc, const struct binder_buffer *buffer);

static inline size_t binder_buffer_offsets_at(const struct binder_buffer *buffer)
{
	return buffer->offset + ALIGN8(buffer->data_size);
}

static inline size_t binder_buffer_extra_at(const struct binder_buffer *buffer)
{
	return binder_buffer_offsets_at(buffer) + ALIGN8(buffer->offsets_size);
}

/* ---- object.c: objects in a payload ---------------------------------------------------------- */

/*
 * What is known of a payload's objects, in driver memory: nothing is ever read
 * from the buffer again, neither to translate nor to undo.
 */
union binder_object {
	struct binder_object_header hdr;
	struct flat_binder_object flat;
	struct binder_fd_object fd;
	struct binder_buffer_object ptr;
	struct binder_fd_array_object fda;
};

struct binder_object_entry {
	union binder_object object;
	size_t offset; /* in the payload */
	size_t size;
	/* A count that the buffer holds in its receiver: on its own node, or on a handle. */
	bool strong;
	struct binder_node *node;
	u32 handle, ref_id;
	struct binder_node *spare_node;
	struct binder_ref *spare_ref;
	/* BINDER_TYPE_PTR: where its bytes go, and what is to be changed in them. */
	size_t extra_at;
	u64 source;                  /* the sender's address of the bytes */
	u32 first_fixup, last_fixup; /* index + 1 in fixups; 0: none */
};

/* A descriptor that the receiver is to get. */
struct binder_file {
	struct port_file *file; /* held until installed */
	size_t at;              /* where its number goes, from the start of the receive buffer */
	s32 fd;                 /* once installed */
	bool close_on_free;     /* from a BINDER_TYPE_FDA */
};

/* A place in a PTR's bytes that is not copied: a pointer to write, or room for descriptors. */
struct binder_fixup {
	size_t at;   /* in the parent's bytes */
	size_t size; /* how many bytes are left out */
	u64 value;   /* written there when size is 8 and is_pointer */
	bool is_pointer;
	u32 next; /* index + 1 */
};

struct binder_journal {
	struct binder_journal *next; /* in struct binder_effects */
	struct binder_proc *owner;   /* whose counts those are; referenced once they are to go */
	u32 count;
	u32 done;     /* entries that took counts: the first so many */
	u32 released; /* of these: that gave them back */
	u32 handles;  /* entries that may take a handle */
	bool installed;
	struct binder_file *files;
	u32 file_count, file_room;
	struct binder_fixup *fixups;
	u32 fixup_count;
	struct binder_object_entry entry[];
};

struct binder_fill { /* one payload on its way into a buffer */
	struct binder_thread *from;
	struct binder_proc *to;
	struct binder_buffer *buffer;
	u64 data_addr, offsets_addr; /* in the sender */
	bool accepts_fds;
};

/*
 * Reads the offsets array into driver memory, checks all of it, copies the
 * payload into the buffer around the objects, and the objects into the
 * journal.  Unlocked; the buffer is RESERVED.  *ret is NULL when there are none.
 */
int binder_journal_fill(const struct binder_fill *fill, struct binder_journal **ret);
/* Memory that commit may need.  Unlocked.  0, -EDQUOT or -ENOMEM. */
int binder_journal_provide(struct binder_journal *journal, struct binder_proc *from,
			   struct binder_proc *to);
/* Translates the next objects and writes them to the buffer.  0: done; 1: not all yet; or why. */
int binder_journal_commit(struct binder_journal *journal, struct binder_thread *from,
			  struct binder_proc *to, struct binder_buffer *buffer);
/* Gives back the counts that the objects hold, and frees it.  Unlocked. */
void binder_journal_end(struct binder_journal *journal);
/* Gives the reader its descriptors and writes their numbers to the buffer.  Unlocked. */
int binder_journal_install(struct binder_journal *journal, struct binder_thread *reader);
/* Closes the descriptors of arrays; true if there were any.  Unlocked. */
bool binder_journal_close(struct binder_journal *journal, struct binder_thread *thread);
void binder_journal_free(struct binder_journal *journal);
/* Room for count more files; a file is held by the journal from then on. */
int binder_journal_add_file(struct binder_journal *journal, const struct binder_fill *fill, s32 fd,
			    size_t at, bool close_on_free);

/* ---- sg.c: payloads in several pieces (BINDER_TYPE_PTR, BINDER_TYPE_FDA) --------------------- */

/* Checks these objects in order, then copies their bytes around the fix-ups. */
int binder_sg_fill(struct binder_journal *journal, const struct binder_fill *fill);

/* ---- stats.c: what has been done so far ------------------------------------------------------ */

/* @from may be counting. */
void binder_counters_add(struct binder_counters *to, const struct binder_counters *from);
/* A process ends: its context remembers what it did.  Locked. */
void binder_stats_retire(const struct binder_proc *proc);

/* ---- log.c: the last transactions ------------------------------------------------------------ */

/* The number under which binder_log_find() finds it. */
u32 binder_log_add(struct binder_log *log, const struct binder_log_entry *entry);
/* NULL: younger ones have taken its place. */
struct binder_log_entry *binder_log_find(struct binder_log *log, u32 number);

/* ---- transaction.c --------------------------------------------------------------------------- */

/* BC_TRANSACTION, BC_REPLY, and their _SG forms.  What goes wrong, the thread reads. */
void binder_transact(struct binder_thread *thread, const struct binder_transaction_data *tr,
		     bool reply, u64 extra_size);
/* The call has come to its end, one way or another. */
void binder_transaction_finish(struct binder_transaction *t, struct binder_effects *fx);
/* One user less: in flight, or "complete" queued. */
void binder_transaction_put(struct binder_transaction *t, struct binder_effects *fx);
/* Tells the waiting caller, or the one before it, that no reply will come. */
void binder_send_failed_reply(struct binder_transaction *t, u32 command, struct binder_effects *fx);
/* Was queued, will not be read: the caller hears it, the buffer goes. */
void binder_transaction_abandon(struct binder_transaction *t, u32 command,
				struct binder_effects *fx);
/* Everything that a taken buffer holds, then the buffer itself; the next one-way call may go. */
void binder_buffer_release(struct binder_proc *proc, struct binder_buffer *buffer,
			   struct binder_effects *fx);

static inline void binder_set_error(struct binder_thread *thread, struct binder_error *error,
				    u32 command)
{
	error->command = command;
	binder_thread_queue(thread, &error->work);
}

#endif

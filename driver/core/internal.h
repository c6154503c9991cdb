/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * internal.h: what the driver's files offer one another.
 *
 * Functions whose name ends in nothing special want the context's lock held; the
 * entry points of core.h take it.
 *
 * What must not happen under the lock (waking, dropping files, freeing large
 * memory, telling) is noted in a struct binder_effects, and carried out by
 * binder_unlock().
 */
#ifndef BINDER_INTERNAL_H
#define BINDER_INTERNAL_H

#include "journal.h"
#include "types.h"

/* Begins a section, in which anything may be changed; what has effects adds to those there are. */
static inline void binder_lock_on(struct binder_context *ctx) __acquires(ctx->lock)
{
	port_lock(&ctx->lock);
	ctx->sections++;
}

static inline void binder_lock(struct binder_context *ctx, struct binder_effects *fx)
	__acquires(ctx->lock)
{
	memset(fx, 0, sizeof(*fx));
	binder_lock_on(ctx);
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

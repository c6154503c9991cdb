// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * thread.c: the threads of a process as the driver knows them.
 *
 * Found or made by the homes for each ioctl; ended by BINDER_THREAD_EXIT and
 * by their process's release.
 */
#include "internal.h"

static struct binder_thread *find_thread(struct binder_proc *proc, s32 tid, struct rb_node **parent,
					 struct rb_node ***link)
{
	struct rb_node **at = &proc->threads.rb_node;

	*parent = NULL;
	while (*at) {
		struct binder_thread *thread = rb_entry(*at, struct binder_thread, tree);

		if (tid == thread->tid)
			return thread;
		*parent = *at;
		at = tid < thread->tid ? &(*at)->rb_left : &(*at)->rb_right;
	}
	*link = at;
	return NULL;
}

struct binder_thread *binder_thread_find(struct binder_proc *proc, s32 tid)
{
	struct rb_node *parent, **link;
	struct binder_thread *thread;

	port_lock(&proc->ctx->lock);
	thread = find_thread(proc, tid, &parent, &link);
	port_unlock(&proc->ctx->lock);
	return thread;
}

struct port_thread *binder_thread_home(const struct binder_thread *thread)
{
	return thread->home;
}

struct binder_thread *binder_thread_from(struct binder_proc *proc, s32 tid)
{
	struct rb_node *n = proc->threads.rb_node;
	struct binder_thread *found = NULL;

	while (n) {
		struct binder_thread *thread = rb_entry(n, struct binder_thread, tree);

		if (thread->tid >= tid)
			found = thread;
		n = thread->tid >= tid ? n->rb_left : n->rb_right;
	}
	return found;
}

struct binder_thread *binder_thread_get(struct binder_proc *proc, s32 tid, struct port_thread *home)
{
	struct binder_thread *thread, *spare;
	struct rb_node *parent, **link;
	struct binder_effects fx;

	thread = binder_thread_find(proc, tid);
	if (thread)
		return thread;

	spare = port_alloc(sizeof(*spare));
	if (!spare)
		return NULL;
	spare->proc = proc;
	spare->home = home;
	spare->tid = tid;
	spare->need_return = true;
	port_ref_init(&spare->refs);
	INIT_LIST_HEAD(&spare->todo);
	INIT_LIST_HEAD(&spare->waiting);
	INIT_LIST_HEAD(&spare->freeze_entry);
	binder_work_init(&spare->return_error.work, BINDER_WORK_RETURN_ERROR);
	spare->return_error.command = BR_OK;
	binder_work_init(&spare->reply_error.work, BINDER_WORK_RETURN_ERROR);
	spare->reply_error.command = BR_OK;
	spare->extended_error.command = BR_OK;

	binder_lock(proc->ctx, &fx);
	thread = find_thread(proc, tid, &parent, &link);
	if (!thread) {
		thread = spare;
		spare = NULL;
		rb_link_node(&thread->tree, parent, link);
		rb_insert_color(&thread->tree, &proc->threads);
		port_ref_get(&proc->refs);
		proc->made[BINDER_THREADS]++;
	}
	binder_unlock(proc->ctx, &fx);
	port_free(spare);
	return thread;
}

void binder_thread_put(struct binder_thread *thread)
{
	struct binder_proc *proc;

	if (!thread || !port_ref_put(&thread->refs))
		return;
	proc = thread->proc;
	port_thread_gone(thread->home);
	port_free(thread);
	binder_proc_put(proc);
}

void binder_thread_end(struct binder_thread *thread, struct binder_effects *fx)
{
	struct binder_proc *proc = thread->proc;
	struct binder_transaction *t = thread->stack;
	struct binder_transaction *unanswered = NULL;

	thread->dead = true;
	rb_erase(&thread->tree, &proc->threads);
	list_del_init(&thread->waiting);
	if (thread->looper & BINDER_LOOPER_POLL)
		proc->pollers--;
	if (thread->delivering) {
		struct binder_transaction *half = thread->delivering;

		thread->delivering = NULL;
		binder_transaction_abandon(half, BR_DEAD_REPLY, fx);
	}

	/*
	 * Only the call on top hears of it at once.  A caller further down waits
	 * for somebody below us on the chain, whose end will reach it.
	 */
	if (t && t->to_thread == thread)
		unanswered = t;
	while (t) {
		if (t->to_thread == thread) {
			binder_freeze_settle(proc, fx);
			t->to_proc = NULL;
			t->to_thread = NULL;
			if (t->buffer) {
				t->buffer->transaction = NULL;
				t->buffer = NULL;
			}
			t = t->to_parent;
		} else {
			t->from = NULL;
			t = t->from_parent;
		}
	}
	thread->stack = NULL;
	if (unanswered)
		binder_send_failed_reply(unanswered, BR_DEAD_REPLY, fx);
	/* It may have been woken for work of the process, and will not take it now. */
	if (!proc->dead && !list_empty(&proc->todo))
		binder_wake_proc(proc, fx);
	binder_drop_queue(&thread->todo, proc, fx);
	binder_counters_add(&proc->ended, &thread->counters);

	thread->gone_next = fx->threads;
	fx->threads = thread;
}

void binder_thread_exit(struct binder_thread *thread)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_freeze_abort(thread);
	binder_lock(ctx, &fx);
	binder_thread_end(thread, &fx);
	binder_unlock(ctx, &fx);
}

void binder_thread_stop_waiting(struct binder_thread *thread)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	if (list_empty(&thread->waiting) && (thread->looper & BINDER_LOOPER_WAITING) &&
	    !list_empty(&thread->proc->todo) && binder_thread_is_free(thread)) {
		/* It was chosen for work of the process and will not come: choose another. */
		binder_wake_proc(thread->proc, &fx);
	}
	list_del_init(&thread->waiting);
	thread->looper &= ~(u32)BINDER_LOOPER_WAITING;
	binder_unlock(ctx, &fx);
}

u32 binder_thread_poll(struct binder_thread *thread)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;
	bool ready;

	binder_lock(ctx, &fx);
	if (!(thread->looper & BINDER_LOOPER_POLL))
		thread->proc->pollers++;
	thread->looper |= BINDER_LOOPER_POLL;
	ready = binder_thread_has_work(thread, binder_thread_is_free(thread));
	binder_unlock(ctx, &fx);
	return ready ? (__force u32)EPOLLIN : 0;
}

void binder_thread_ioctl_done(struct binder_thread *thread)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	thread->need_return = false;
	thread->looper &= ~(u32)BINDER_LOOPER_WAITING;
	/* A read that had waited may have come back with -EFAULT. */
	list_del_init(&thread->waiting);
	binder_unlock(ctx, &fx);
}

void binder_thread_flush(struct binder_thread *thread)
{
	struct binder_effects fx;

	binder_lock(thread->proc->ctx, &fx);
	thread->need_return = true;
	binder_unlock(thread->proc->ctx, &fx);
}

bool binder_thread_is_looper(const struct binder_thread *thread)
{
	return thread->looper & (BINDER_LOOPER_REGISTERED | BINDER_LOOPER_ENTERED);
}

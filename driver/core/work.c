// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * work.c: queues of what threads are to read, and who is woken for it.
 *
 * Called by everything that has news for a process; what it wakes is noted in
 * the effects and carried out by binder_unlock(), with the rest that must wait
 * until the lock is dropped.
 */
#include "internal.h"

void binder_wake_far(struct binder_thread *thread, struct binder_effects *fx)
{
	/* If it is set, that wake is still to come and serves for this one too. */
	if (port_flag_set(&thread->wake_queued))
		return;
	port_ref_get(&thread->refs);
	thread->wake_next = fx->wake;
	fx->wake = thread;
}

void binder_wake(struct binder_thread *thread, struct binder_effects *fx)
{
	if (!thread->dead)
		binder_wake_far(thread, fx);
}

/* A buffer with TF_CLEAR_BUF: zeroed without the lock, and only then free. */
static void clear_buffer(struct binder_buffer *buffer)
{
	struct binder_proc *proc = buffer->owner;
	struct binder_effects fx;

	port_buffer_zero(proc->home, buffer->offset, buffer->size);
	binder_lock(proc->ctx, &fx);
	binder_buffer_free(proc, buffer);
	binder_unlock(proc->ctx, &fx);
	binder_proc_put(proc);
}

void binder_effects_carry_out(struct binder_effects *fx)
{
	while (fx->wake) {
		struct binder_thread *thread = fx->wake;

		fx->wake = thread->wake_next;
		port_flag_clear(&thread->wake_queued);
		port_wake(thread->home, fx->sync);
		binder_thread_put(thread);
	}
	while (fx->journals) {
		struct binder_journal *journal = fx->journals;

		fx->journals = journal->next;
		binder_journal_end(journal);
	}
	while (fx->clearing) {
		struct binder_buffer *buffer = fx->clearing;

		fx->clearing = buffer->next;
		clear_buffer(buffer);
	}
	while (fx->transactions) {
		struct binder_transaction *t = fx->transactions;

		fx->transactions = t->from_parent;
		binder_charged_free(t);
	}
	while (fx->threads) {
		struct binder_thread *thread = fx->threads;

		fx->threads = thread->gone_next;
		binder_thread_put(thread);
	}
}

void binder_breathe(struct binder_context *ctx, struct binder_effects *fx, u32 *steps)
	__must_hold(ctx->lock)
{
	if (++*steps % 64)
		return;
	binder_unlock(ctx, fx);
	port_relax();
	binder_lock(ctx, fx);
}

void binder_thread_queue_deferred(struct binder_thread *thread, struct binder_work *work)
{
	/* What it had may have been withdrawn since. */
	if (list_empty(&thread->todo))
		thread->has_todo = false;
	list_add_tail(&work->entry, &thread->todo);
}

void binder_thread_queue(struct binder_thread *thread, struct binder_work *work)
{
	list_add_tail(&work->entry, &thread->todo);
	thread->has_todo = true;
}

bool binder_thread_is_free(const struct binder_thread *thread)
{
	return !thread->stack && list_empty(&thread->todo);
}

bool binder_thread_has_work(const struct binder_thread *thread, bool proc_work)
{
	return (thread->has_todo && !list_empty(&thread->todo)) || thread->need_return ||
	       (proc_work && !list_empty(&thread->proc->todo));
}

struct binder_thread *binder_select_thread(struct binder_proc *proc)
{
	struct binder_thread *thread;

	if (list_empty(&proc->waiting))
		return NULL;
	thread = list_first_entry(&proc->waiting, struct binder_thread, waiting);
	list_del_init(&thread->waiting);
	return thread;
}

/*
 * Threads in poll do not stand in proc->waiting: any free one may take the work.
 * To find them means to look at all threads, which may be many, as may be the
 * notices of one freeze or one death: once between lock and unlock is enough, as
 * those that were woken go only then.
 */
static void wake_pollers(struct binder_proc *proc, struct binder_effects *fx)
{
	struct rb_node *node;

	if (!proc->pollers || proc->pollers_woken == proc->ctx->sections)
		return;
	proc->pollers_woken = proc->ctx->sections;
	for (node = rb_first(&proc->threads); node; node = rb_next(node)) {
		struct binder_thread *thread = rb_entry(node, struct binder_thread, tree);

		if ((thread->looper & BINDER_LOOPER_POLL) && binder_thread_is_free(thread))
			binder_wake(thread, fx);
	}
}

void binder_wake_proc(struct binder_proc *proc, struct binder_effects *fx)
{
	struct binder_thread *thread = binder_select_thread(proc);

	if (thread)
		binder_wake(thread, fx);
	else
		wake_pollers(proc, fx);
}

void binder_proc_queue(struct binder_proc *proc, struct binder_work *work,
		       struct binder_effects *fx)
{
	list_add_tail(&work->entry, &proc->todo);
	proc->todo_calls += work->type == BINDER_WORK_TRANSACTION;
	binder_wake_proc(proc, fx);
}

void binder_queue_to_looper(struct binder_thread *thread, struct binder_work *work,
			    struct binder_effects *fx)
{
	if (thread->looper & (BINDER_LOOPER_REGISTERED | BINDER_LOOPER_ENTERED)) {
		binder_thread_queue(thread, work);
		binder_wake_own_poll(thread, fx);
	} else {
		binder_proc_queue(thread->proc, work, fx);
	}
}

void binder_wake_own_poll(struct binder_thread *thread, struct binder_effects *fx)
{
	if ((thread->looper & BINDER_LOOPER_POLL) && thread->has_todo)
		binder_wake(thread, fx);
}

/* What an item of a dying queue comes to; see binder_drop_queue(). */
static void drop_work(struct binder_work *work, struct binder_proc *proc, struct binder_effects *fx)
{
	struct binder_proc *heir = proc->dead ? NULL : proc;

	switch (work->type) {
	case BINDER_WORK_TRANSACTION:
		binder_transaction_abandon(container_of(work, struct binder_transaction, work),
					   BR_DEAD_REPLY, fx);
		break;
	case BINDER_WORK_TRANSACTION_COMPLETE:
	case BINDER_WORK_TRANSACTION_PENDING:
	case BINDER_WORK_ONEWAY_SPAM_SUSPECT:
		proc->completes--;
		binder_transaction_put(container_of(work, struct binder_transaction, complete), fx);
		break;
	case BINDER_WORK_RETURN_ERROR:
		container_of(work, struct binder_error, work)->command = BR_OK;
		break;
	case BINDER_WORK_NODE:
		if (heir)
			binder_proc_queue(heir, work, fx);
		break; /* else the node goes with its process */
	case BINDER_WORK_DEAD_BINDER:
	case BINDER_WORK_FROZEN_BINDER:
		if (heir)
			binder_proc_queue(heir, work, fx);
		break; /* else the reference that asked for it goes, and takes it along */
	case BINDER_WORK_DEAD_BINDER_AND_CLEAR:
	case BINDER_WORK_CLEAR_DEATH_NOTIFICATION:
		/* No reference knows of it any more. */
		if (heir)
			binder_proc_queue(heir, work, fx);
		else
			binder_death_free(work);
		break;
	case BINDER_WORK_CLEAR_FREEZE_NOTIFICATION:
		if (heir)
			binder_proc_queue(heir, work, fx);
		else
			binder_freeze_free(work);
		break;
	}
}

void binder_drop_queue(struct list_head *todo, struct binder_proc *proc, struct binder_effects *fx)
{
	u32 steps = 0;

	while (!list_empty(todo)) {
		struct binder_work *work = list_first_entry(todo, struct binder_work, entry);

		binder_work_dequeue(work);
		if (todo == &proc->todo)
			proc->todo_calls -= work->type == BINDER_WORK_TRANSACTION;
		drop_work(work, proc, fx);
		binder_breathe(proc->ctx, fx, &steps);
	}
}

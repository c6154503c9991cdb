// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * check.c: do all counts and lists agree with one another?
 *
 * Called by tests and fuzzers after every step.  Counts each hold from its
 * owner's side and compares; the first disagreement is told.
 */
#include "internal.h"

#define EXPECT(condition, ...) \
	do { \
		if (!(condition)) { \
			port_broken(__VA_ARGS__); \
			return false; \
		} \
	} while (0)

/* ---- counting what holds nodes -------------------------------------------------- */

static void forget(struct binder_node *node)
{
	memset(&node->seen, 0, sizeof(node->seen));
}

static void count_buffer(struct binder_buffer *buffer)
{
	struct binder_journal *journal = buffer->journal;
	struct binder_node *node = buffer->target_node;
	u32 i;

	/* A reserved one's hold is counted by in_flight. */
	if (node && buffer->state != BINDER_BUFFER_RESERVED) {
		node->seen.strong++;
		node->seen.turns += buffer->has_turn;
	}
	for (i = journal ? journal->released : 0; journal && i < journal->done; i++) {
		struct binder_object_entry *entry = &journal->entry[i];

		if (entry->node && entry->strong)
			entry->node->seen.strong++;
		else if (entry->node)
			entry->node->seen.weak++;
	}
}

/* ---- one kind of thing each -------------------------------------------------------- */

static bool check_alloc(struct binder_proc *proc)
{
	struct binder_alloc *alloc = &proc->alloc;
	struct binder_buffer *buffer;
	size_t at = 0, async = 0;
	u32 taken = 0, free = 0, in_tree = 0;
	size_t listed = 0;
	bool was_free = false;
	struct rb_node *n;

	list_for_each_entry(buffer, &alloc->chunks, entry) {
		bool is_free = buffer->state == BINDER_BUFFER_FREE;

		EXPECT(buffer->offset == at, "pid %d: chunk at %zu, expected %zu", proc->pid,
		       buffer->offset, at);
		EXPECT(!is_free || !was_free, "pid %d: free chunks not joined at %zu", proc->pid,
		       at);
		at += binder_buffer_chunk_size(proc, buffer);
		taken += !is_free;
		free += is_free;
		if (!is_free && buffer->async)
			async += binder_buffer_chunk_size(proc, buffer);
		was_free = is_free;
	}
	EXPECT(at == alloc->size, "pid %d: chunks end at %zu of %zu", proc->pid, at, alloc->size);
	EXPECT(taken == alloc->taken, "pid %d: %u buffers, %u counted", proc->pid, taken,
	       alloc->taken);
	EXPECT(alloc->free_async + async == alloc->size / 2,
	       "pid %d: one-way space %zu + %zu of %zu", proc->pid, alloc->free_async, async,
	       alloc->size / 2);
	list_for_each_entry(buffer, &alloc->async, async_entry)
		listed += binder_buffer_chunk_size(proc, buffer);
	EXPECT(listed == async, "pid %d: one-way buffers of %zu, %zu listed", proc->pid, async,
	       listed);
	for (n = rb_first(&alloc->free_by_size); n; n = rb_next(n))
		in_tree++;
	EXPECT(in_tree == free, "pid %d: %u free chunks, %u in the tree", proc->pid, free, in_tree);
	return true;
}

static bool check_refs(struct binder_proc *proc)
{
	u32 count = 0;
	struct rb_node *n;

	for (n = rb_first(&proc->refs_by_node); n; n = rb_next(n)) {
		struct binder_ref *ref = rb_entry(n, struct binder_ref, tree);

		count++;
		EXPECT(ref->proc == proc, "ref %u is filed with another process", ref->id);
		EXPECT(ref->strong || ref->weak, "ref %u holds nothing", ref->id);
		EXPECT(binder_ref_by_handle(proc, ref->handle, false) == ref,
		       "ref %u is not what handle %u finds", ref->id, ref->handle);
		ref->node->seen.strong_refs += !!ref->strong;
	}
	EXPECT(count == proc->handles.count, "pid %d: %u references, %u handles", proc->pid, count,
	       proc->handles.count);
	return true;
}

static bool check_node(struct binder_node *node)
{
	bool manager = node == node->ctx->manager;
	u32 strong = node->seen.strong + node->in_flight + node->pending_strong + manager;
	u32 weak = node->seen.weak + node->pending_weak + manager;

	EXPECT(node->internal_strong == node->seen.strong_refs,
	       "node %u: %u strong references, %u counted", node->id, node->seen.strong_refs,
	       node->internal_strong);
	EXPECT(node->local_strong == strong, "node %u: %u strong holds, %u counted", node->id,
	       strong, node->local_strong);
	EXPECT(node->local_weak == weak, "node %u: %u weak holds, %u counted", node->id, weak,
	       node->local_weak);
	EXPECT(node->seen.turns == node->has_async, "node %u: %u one-way calls under way", node->id,
	       node->seen.turns);
	EXPECT(node->has_async || list_empty(&node->async_todo),
	       "node %u: one-way calls wait for nothing", node->id);
	EXPECT(!list_empty(&node->refs) || strong || weak || !list_empty(&node->work.entry),
	       "node %u: nothing holds it", node->id);
	return true;
}

static bool is_complete(const struct binder_work *work)
{
	return work->type == BINDER_WORK_TRANSACTION_COMPLETE ||
	       work->type == BINDER_WORK_TRANSACTION_PENDING ||
	       work->type == BINDER_WORK_ONEWAY_SPAM_SUSPECT;
}

static bool check_thread(struct binder_thread *thread, u32 *incoming, u32 *completes)
{
	struct binder_transaction *t = thread->stack;
	struct binder_work *work;

	EXPECT(list_empty(&thread->waiting) || binder_thread_is_free(thread),
	       "thread %d waits for work and has some", thread->tid);
	*incoming += !!thread->replying;
	while (t) {
		EXPECT(t->to_thread == thread || t->from == thread,
		       "thread %d: transaction %u on its stack is not its own", thread->tid, t->id);
		*incoming += t->to_thread == thread;
		t = t->to_thread == thread ? t->to_parent : t->from_parent;
	}
	list_for_each_entry(work, &thread->todo, entry)
		*completes += is_complete(work);
	return true;
}

static bool check_proc(struct binder_proc *proc)
{
	u32 unfinished = 0, pollers = 0, completes = 0, calls = 0;
	struct binder_work *work;
	struct rb_node *n;

	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		struct binder_thread *thread = rb_entry(n, struct binder_thread, tree);

		if (!check_thread(thread, &unfinished, &completes))
			return false;
		pollers += !!(thread->looper & BINDER_LOOPER_POLL);
	}
	EXPECT(pollers == proc->pollers, "pid %d: %u threads poll, %u counted", proc->pid, pollers,
	       proc->pollers);
	EXPECT(completes == proc->completes, "pid %d: %u sends to confirm, %u counted", proc->pid,
	       completes, proc->completes);
	list_for_each_entry(work, &proc->todo, entry)
		calls += work->type == BINDER_WORK_TRANSACTION;
	EXPECT(calls == proc->todo_calls, "pid %d: %u calls in its queue, %u counted", proc->pid,
	       calls, proc->todo_calls);
	for (n = rb_first(&proc->alloc.taken_by_offset); n; n = rb_next(n))
		unfinished += rb_entry(n, struct binder_buffer, tree)->state ==
			      BINDER_BUFFER_QUEUED;
	EXPECT(unfinished == proc->outstanding, "pid %d: %u transactions under way, %u counted",
	       proc->pid, unfinished, proc->outstanding);
	return check_alloc(proc);
}

/* ---- all of it ------------------------------------------------------------------------ */

static bool check_dead_nodes(struct binder_context *ctx)
{
	u32 count = 0;
	struct rb_node *n;

	for (n = rb_first(&ctx->dead); n; n = rb_next(n)) {
		struct binder_node *node = rb_entry(n, struct binder_node, tree);

		count++;
		EXPECT(!node->proc, "node %u is filed as dead, and lives", node->id);
	}
	EXPECT(count == ctx->dead_nodes, "%u dead nodes, %u counted", count, ctx->dead_nodes);
	return true;
}

static bool check_locked(struct binder_context *ctx)
{
	struct binder_proc *proc;
	struct rb_node *n;

	list_for_each_entry(proc, &ctx->procs, entry) {
		for (n = rb_first(&proc->nodes); n; n = rb_next(n))
			forget(rb_entry(n, struct binder_node, tree));
		for (n = rb_first(&proc->refs_by_node); n; n = rb_next(n))
			forget(rb_entry(n, struct binder_ref, tree)->node);
	}
	list_for_each_entry(proc, &ctx->procs, entry) {
		for (n = rb_first(&proc->alloc.taken_by_offset); n; n = rb_next(n))
			count_buffer(rb_entry(n, struct binder_buffer, tree));
		if (!check_refs(proc))
			return false;
	}
	list_for_each_entry(proc, &ctx->procs, entry) {
		if (!check_proc(proc))
			return false;
		for (n = rb_first(&proc->nodes); n; n = rb_next(n))
			if (!check_node(rb_entry(n, struct binder_node, tree)))
				return false;
	}
	return check_dead_nodes(ctx);
}

bool binder_context_check(struct binder_context *ctx)
{
	struct binder_effects fx;
	bool ok;

	binder_lock(ctx, &fx);
	ok = check_locked(ctx);
	binder_unlock(ctx, &fx);
	return ok;
}

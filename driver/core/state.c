// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * state.c: the views "state" and "transactions": processes with all that they
 * have, or with what is under way alone.
 *
 * print.c calls the steps, under the lock.
 */
#include "print.h"

static bool shows_all(const struct binder_printing *p)
{
	return p->at->view != BINDER_VIEW_TRANSACTIONS;
}

/* ---- transactions and other work ----------------------------------------------- */

static void print_transaction(struct binder_printing *p, const char *prefix,
			      const struct binder_transaction *t)
{
	const struct binder_buffer *buffer = t->buffer;
	u64 now = port_now_ms();

	binder_print_heading(p);
	binder_say(p, "%s %u: %016x from %d:%d to %d:%d code %x flags %x ", prefix, t->id, t->id,
		   t->from_pid, t->from_tid, t->to_proc ? t->to_proc->pid : 0,
		   t->to_thread ? t->to_thread->tid : 0, t->code, t->flags);
	binder_say(p, "pri %d ", t->priority);
	if (PORT_MARKS_REPLIES)
		binder_say(p, "a%d r%d", t->oneway, t->is_reply);
	else
		binder_say(p, "r%d", !t->oneway && !t->is_reply);
	binder_say(p, " elapsed %llums",
		   (unsigned long long)(now > t->started ? now - t->started : 0));
	if (t->to_proc != p->proc) {
		binder_say(p, "\n");
		return;
	}
	if (!buffer) {
		binder_say(p, " buffer free\n");
		return;
	}
	if (buffer->target_node)
		binder_say(p, " node %u", buffer->target_node->id);
	binder_say(p, " size %zu:%zu offset %zx\n", buffer->data_size, buffer->offsets_size,
		   buffer->offset);
}

static void print_work(struct binder_printing *p, const char *prefix,
		       const char *transaction_prefix, const struct binder_work *work)
{
	const struct binder_node *node;

	binder_print_heading(p);
	switch (work->type) {
	case BINDER_WORK_TRANSACTION:
		print_transaction(p, transaction_prefix,
				  container_of(work, struct binder_transaction, work));
		return;
	case BINDER_WORK_TRANSACTION_COMPLETE:
	case BINDER_WORK_TRANSACTION_PENDING:
	case BINDER_WORK_ONEWAY_SPAM_SUSPECT:
		binder_say(p, "%stransaction complete\n", prefix);
		return;
	case BINDER_WORK_RETURN_ERROR:
		binder_say(p, "%stransaction error: %u\n", prefix,
			   container_of(work, struct binder_error, work)->command);
		return;
	case BINDER_WORK_NODE:
		node = container_of(work, struct binder_node, work);
		binder_say(p, "%snode work %u: u%016llx c%016llx\n", prefix, node->id,
			   (unsigned long long)node->ptr, (unsigned long long)node->cookie);
		return;
	case BINDER_WORK_DEAD_BINDER:
		binder_say(p, "%shas dead binder\n", prefix);
		return;
	case BINDER_WORK_DEAD_BINDER_AND_CLEAR:
		binder_say(p, "%shas cleared dead binder\n", prefix);
		return;
	case BINDER_WORK_CLEAR_DEATH_NOTIFICATION:
		binder_say(p, "%shas cleared death notification\n", prefix);
		return;
	case BINDER_WORK_FROZEN_BINDER:
		binder_say(p, "%shas frozen binder\n", prefix);
		return;
	case BINDER_WORK_CLEAR_FREEZE_NOTIFICATION:
		binder_say(p, "%shas cleared freeze notification\n", prefix);
		return;
	}
}

/* From the cursor's index on; true: to its end. */
static bool print_queue(struct binder_printing *p, const struct list_head *queue,
			const char *prefix, const char *transaction_prefix)
{
	struct list_head *entry = queue->next;
	u32 batch = 0, i;

	for (i = 0; i < p->at->index && entry != queue; i++)
		entry = entry->next;
	for (; entry != queue; entry = entry->next) {
		if (!binder_print_has_room(p) || batch++ == BINDER_PRINT_BATCH)
			return false;
		print_work(p, prefix, transaction_prefix,
			   list_entry(entry, struct binder_work, entry));
		p->at->index++;
	}
	return true;
}

/* ---- threads ---------------------------------------------------------------------- */

static bool print_stack(struct binder_printing *p, const struct binder_thread *thread)
{
	const struct binder_transaction *t = thread->stack;
	u32 i;

	for (i = 0; t; i++) {
		bool outgoing = t->from == thread;

		if (i >= p->at->index) {
			if (!binder_print_has_room(p))
				return false;
			print_transaction(p,
					  outgoing ? "    outgoing transaction" :
						     "    incoming transaction",
					  t);
			p->at->index++;
		}
		t = outgoing ? t->from_parent : t->to_parent;
	}
	return true;
}

static bool is_idle(const struct binder_thread *thread)
{
	return !thread->stack && !thread->delivering && list_empty(&thread->todo);
}

static void print_thread(struct binder_printing *p, const struct binder_thread *thread)
{
	binder_print_heading(p);
	binder_say(p, "  thread %d: l %02x need_return %d tr 0\n", thread->tid, thread->looper,
		   thread->need_return);
	/* Taken from a queue, and waiting for its descriptors: still to be read. */
	if (thread->delivering)
		print_transaction(p, "    pending transaction", thread->delivering);
}

enum { THREAD_NEW, THREAD_STACK, THREAD_TODO };

static bool step_threads(struct binder_printing *p)
{
	struct binder_print *at = p->at;
	struct binder_thread *thread = binder_print_thread(p);
	bool done = true;

	if (!thread)
		return true;
	if (binder_print_tid_key(thread->tid) != at->key)
		at->sub = THREAD_NEW; /* the one that was under way is gone */
	at->key = binder_print_tid_key(thread->tid);
	switch (at->sub) {
	case THREAD_NEW:
		if (!shows_all(p) && is_idle(thread))
			break;
		print_thread(p, thread);
		at->sub = THREAD_STACK;
		at->index = 0;
		return false;
	case THREAD_STACK:
		if (print_stack(p, thread)) {
			at->sub = THREAD_TODO;
			at->index = 0;
		}
		return false;
	case THREAD_TODO:
		done = print_queue(p, &thread->todo, "    ", "    pending transaction");
		break;
	}
	if (done) {
		at->sub = THREAD_NEW;
		binder_print_pass(at, at->key);
	}
	return false;
}

/* ---- nodes -------------------------------------------------------------------------- */

static void print_node(struct binder_printing *p, struct binder_node *node)
{
	struct binder_ref *ref;
	u32 refs = 0;

	list_for_each_entry(ref, &node->refs, node_entry)
		refs++;
	if (p->proc)
		binder_print_heading(p);
	/* The kernel's holds a node while it prints it, and counts that too. */
	binder_say(p, "  node %u: u%016llx c%016llx hs %d hw %d ls %u lw %u is %u iw %u tr %u%s",
		   node->id, (unsigned long long)node->ptr, (unsigned long long)node->cookie,
		   node->has_strong, node->has_weak, node->local_strong, node->local_weak,
		   node->internal_strong, refs, node->in_flight + 1, refs ? " proc" : "");
	p->at->mid_line = true;
}

/* The rest of the line: who has references; true: it is complete. */
static bool print_holders(struct binder_printing *p, const struct binder_node *node)
{
	const struct list_head *entry = node->refs.next;
	u32 i;

	for (i = 0; i < p->at->index && entry != &node->refs; i++)
		entry = entry->next;
	for (; entry != &node->refs; entry = entry->next) {
		if (!binder_print_has_room(p))
			return false;
		binder_say(p, " %d", list_entry(entry, struct binder_ref, node_entry)->proc->pid);
		p->at->index++;
	}
	binder_say(p, "\n");
	p->at->mid_line = false;
	return true;
}

enum { NODE_NEW, NODE_HOLDERS, NODE_TODO };

/* Some of this node; its key is the cursor's. */
static void print_some_of_node(struct binder_printing *p, struct binder_node *node)
{
	struct binder_print *at = p->at;

	switch (at->sub) {
	case NODE_NEW:
		if (p->proc && !shows_all(p) && !node->has_async)
			break;
		print_node(p, node);
		at->sub = NODE_HOLDERS;
		at->index = 0;
		return;
	case NODE_HOLDERS:
		if (print_holders(p, node)) {
			at->sub = NODE_TODO;
			at->index = 0;
		}
		return;
	case NODE_TODO:
		if (!print_queue(p, &node->async_todo, "    ", "    pending async transaction"))
			return;
		break;
	}
	at->sub = NODE_NEW;
	binder_print_pass(at, at->key);
}

/* The cursor is at this node now; the one that was under way may be gone. */
static void come_to_node(struct binder_printing *p, u64 key)
{
	if (p->at->key != key) {
		p->at->sub = NODE_NEW;
		if (p->at->mid_line)
			binder_say(p, "\n");
		p->at->mid_line = false;
	}
	p->at->key = key;
}

static bool end_of_nodes(struct binder_printing *p)
{
	come_to_node(p, ~p->at->key);
	return true;
}

static bool step_nodes(struct binder_printing *p)
{
	struct binder_node *node = binder_print_node(p);

	if (!node)
		return end_of_nodes(p);
	come_to_node(p, node->ptr);
	print_some_of_node(p, node);
	return false;
}

static bool step_dead_nodes(struct binder_printing *p)
{
	struct binder_print *at = p->at;
	struct binder_node *node = binder_print_dead_node(p);

	if (!node)
		return end_of_nodes(p);
	come_to_node(p, node->id);
	if (!binder_print_sees(p, node->euid)) {
		binder_print_pass(at, at->key);
		return false;
	}
	if (!at->dead_nodes)
		binder_say(p, "dead nodes:\n");
	at->dead_nodes = true;
	print_some_of_node(p, node);
	return false;
}

/* ---- the rest of a process -------------------------------------------------------------- */

static bool step_heading(struct binder_printing *p)
{
	binder_print_heading(p);
	return true;
}

static bool step_refs(struct binder_printing *p)
{
	struct binder_ref *ref = binder_print_ref(p);

	if (!ref)
		return true;
	binder_say(p, "  ref %u: desc %u %snode %u s %u w %u d %016x\n", ref->id, ref->handle,
		   ref->node->proc ? "" : "dead ", ref->node->id, ref->strong, ref->weak,
		   ref->death ? ref->id : 0);
	binder_print_pass(p->at, ref->handle);
	return false;
}

static bool step_buffers(struct binder_printing *p)
{
	struct binder_buffer *buffer = binder_print_buffer(p);
	bool active;

	if (!buffer)
		return true;
	active = buffer->transaction || buffer->state == BINDER_BUFFER_RESERVED;
	binder_print_heading(p);
	binder_say(p, "  buffer %u: %zx size %zu:%zu:%zu %s\n", buffer->id, buffer->offset,
		   buffer->data_size, buffer->offsets_size, buffer->extra_size,
		   active ? "active" : "delivered");
	binder_print_pass(p->at, buffer->offset);
	return false;
}

static bool step_todo(struct binder_printing *p)
{
	return print_queue(p, &p->proc->todo, "  ", "  pending transaction");
}

static bool step_delivered(struct binder_printing *p)
{
	if (p->proc->delivered_deaths.rb_node) {
		binder_print_heading(p);
		binder_say(p, "  has delivered dead binder\n");
	}
	if (p->proc->delivered_freezes.rb_node) {
		binder_print_heading(p);
		binder_say(p, "  has delivered freeze binder\n");
	}
	return true;
}

#define ALL_OF_A_PROCESS \
	step_heading, step_threads, step_nodes, step_refs, step_buffers, step_todo, step_delivered

const struct binder_print_stage binder_state_stages[] = {
	{ .steps = { step_dead_nodes } },
	{ .each_proc = true, .steps = { ALL_OF_A_PROCESS } },
	{ .steps = { NULL } },
};

const struct binder_print_stage binder_proc_stages[] = {
	{ .each_proc = true, .steps = { ALL_OF_A_PROCESS } },
	{ .steps = { NULL } },
};

const struct binder_print_stage binder_transactions_stages[] = {
	{ .each_proc = true,
	  .steps = { step_threads, step_nodes, step_buffers, step_todo, step_delivered } },
	{ .steps = { NULL } },
};

// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * node.c: objects, and the counts that keep them alive in their owner.
 *
 * Called when references and transactions come and go.  The owner is told of
 * the first and the last strong and weak hold (BR_INCREFS, BR_ACQUIRE,
 * BR_RELEASE, BR_DECREFS), and a hold that it was told of stays until it has
 * acknowledged it.
 */
#include "internal.h"

struct binder_node *binder_node_alloc(struct binder_proc *owner, int *err)
{
	return binder_charged_alloc(owner->account, sizeof(struct binder_node), err);
}

struct binder_node *binder_node_find(struct binder_proc *proc, u64 ptr)
{
	struct rb_node *n = proc->nodes.rb_node;

	while (n) {
		struct binder_node *node = rb_entry(n, struct binder_node, tree);

		if (ptr == node->ptr)
			return node;
		n = ptr < node->ptr ? n->rb_left : n->rb_right;
	}
	return NULL;
}

struct binder_node *binder_node_from(struct binder_proc *proc, u64 ptr)
{
	struct rb_node *n = proc->nodes.rb_node;
	struct binder_node *found = NULL;

	while (n) {
		struct binder_node *node = rb_entry(n, struct binder_node, tree);

		if (node->ptr >= ptr)
			found = node;
		n = node->ptr >= ptr ? n->rb_left : n->rb_right;
	}
	return found;
}

void binder_node_insert(struct binder_node *node, struct binder_proc *proc, u64 ptr, u64 cookie,
			u32 flags)
{
	struct rb_node **link = &proc->nodes.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = ptr < rb_entry(parent, struct binder_node, tree)->ptr ? &parent->rb_left :
									       &parent->rb_right;
	}
	node->id = binder_next_id();
	node->ctx = proc->ctx;
	node->proc = proc;
	node->euid = proc->euid;
	node->ptr = ptr;
	node->cookie = cookie;
	node->min_priority = flags & FLAT_BINDER_FLAG_PRIORITY_MASK;
	node->accepts_fds = flags & FLAT_BINDER_FLAG_ACCEPTS_FDS;
	node->wants_label = flags & FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	binder_work_init(&node->work, BINDER_WORK_NODE);
	INIT_LIST_HEAD(&node->refs);
	INIT_LIST_HEAD(&node->async_todo);
	node->updates = RB_ROOT;
	rb_link_node(&node->tree, parent, link);
	rb_insert_color(&node->tree, &proc->nodes);
	proc->made[BINDER_NODES]++;
}

int binder_node_inc(struct binder_node *node, bool strong, bool internal,
		    struct binder_thread *teller)
{
	if (strong) {
		/* The manager's owner holds it itself: it needs no telling. */
		bool held = node->proc && node == node->proc->ctx->manager && node->has_strong;

		if (internal && !teller && !node->internal_strong && !held)
			return -EINVAL;
		if (internal)
			node->internal_strong++;
		else
			node->local_strong++;
		if (!node->has_strong && teller) {
			binder_work_dequeue(&node->work);
			binder_thread_queue_deferred(teller, &node->work);
		}
	} else {
		bool untold = !node->has_weak && list_empty(&node->work.entry);

		if (internal && untold && !teller)
			return -EINVAL;
		if (!internal)
			node->local_weak++;
		if (untold && teller)
			binder_thread_queue_deferred(teller, &node->work);
	}
	return 0;
}

static bool is_unused(const struct binder_node *node)
{
	return list_empty(&node->refs) && !node->internal_strong && !node->local_strong &&
	       !node->local_weak;
}

/* Dead nodes are in a tree of the context's, for those who look at it. */
static void file_dead(struct binder_node *node)
{
	struct rb_node **link = &node->ctx->dead.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = node->id < rb_entry(parent, struct binder_node, tree)->id ?
			       &parent->rb_left :
			       &parent->rb_right;
	}
	rb_link_node(&node->tree, parent, link);
	rb_insert_color(&node->tree, &node->ctx->dead);
	node->ctx->dead_nodes++;
}

static void forget_dead(struct binder_node *node)
{
	rb_erase(&node->tree, &node->ctx->dead);
	node->ctx->dead_nodes--;
}

static void node_free(struct binder_node *node)
{
	binder_work_dequeue(&node->work);
	if (node->proc)
		rb_erase(&node->tree, &node->proc->nodes);
	else
		forget_dead(node);
	binder_charged_free(node);
}

void binder_node_dec(struct binder_node *node, bool strong, bool internal,
		     struct binder_effects *fx)
{
	if (strong) {
		if (internal)
			node->internal_strong--;
		else
			node->local_strong--;
		if (node->internal_strong || node->local_strong)
			return;
	} else {
		if (!internal)
			node->local_weak--;
		if (node->local_weak || !list_empty(&node->refs))
			return;
	}
	if (node->proc && (node->has_strong || node->has_weak)) {
		if (list_empty(&node->work.entry))
			binder_proc_queue(node->proc, &node->work, fx);
	} else if (is_unused(node)) {
		node_free(node);
	}
}

void binder_node_tell(struct binder_node *node, struct binder_node_news *news)
{
	bool strong = node->internal_strong || node->local_strong;
	bool weak = !list_empty(&node->refs) || node->local_weak || strong;

	news->count = 0;
	news->ptr = node->ptr;
	news->cookie = node->cookie;
	if (weak && !node->has_weak) {
		node->has_weak = true;
		node->pending_weak = true;
		node->local_weak++; /* until BC_INCREFS_DONE */
		news->command[news->count++] = BR_INCREFS;
	}
	if (strong && !node->has_strong) {
		node->has_strong = true;
		node->pending_strong = true;
		node->local_strong++; /* until BC_ACQUIRE_DONE */
		news->command[news->count++] = BR_ACQUIRE;
	}
	if (!strong && node->has_strong) {
		node->has_strong = false;
		news->command[news->count++] = BR_RELEASE;
	}
	if (!weak && node->has_weak) {
		node->has_weak = false;
		news->command[news->count++] = BR_DECREFS;
	}
	if (is_unused(node))
		node_free(node);
}

void binder_node_acknowledge(struct binder_proc *proc, u64 ptr, u64 cookie, bool strong,
			     struct binder_effects *fx)
{
	struct binder_node *node = binder_node_find(proc, ptr);
	bool *pending;

	if (!node || node->cookie != cookie)
		return;
	pending = strong ? &node->pending_strong : &node->pending_weak;
	if (!*pending)
		return;
	*pending = false;
	binder_node_dec(node, strong, false, fx);
}

void binder_node_orphan(struct binder_node *node, struct binder_effects *fx)
{
	struct binder_proc *proc = node->proc;
	struct binder_transaction *t;
	struct binder_ref *ref;
	u32 steps = 0;

	node->in_flight++; /* stays until the end of this */
	node->local_strong++;
	while ((t = binder_async_next(node))) {
		binder_transaction_abandon(t, BR_DEAD_REPLY, fx);
		binder_breathe(proc->ctx, fx, &steps);
	}
	binder_work_dequeue(&node->work);
	rb_erase(&node->tree, &proc->nodes);
	node->proc = NULL;
	file_dead(node);
	binder_charged_acquit(node); /* others keep it, and pay for what they keep it with */

	/*
	 * Holds for the owner's sake are void; senders in mid-flight keep theirs.
	 * What the owner was told stays on record: a dead object whose weak count
	 * was never told cannot be handed on weakly.
	 */
	node->local_strong = --node->in_flight;
	node->local_weak = 0;
	node->pending_strong = false;
	node->pending_weak = false;
	if (is_unused(node)) {
		node_free(node);
		return;
	}
	list_for_each_entry(ref, &node->refs, node_entry)
		binder_death_tell(ref, fx);
}

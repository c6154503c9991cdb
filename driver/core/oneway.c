// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * oneway.c: the one-way calls that wait at a node until the one before them is
 * done with.
 *
 * Called by transaction.c, which sends them, and finish.c, which lets the next
 * one go.  Those that a later TF_UPDATE_TXN may replace are in a tree as well.
 */
#include "internal.h"

/* Calls that replace one another compare equal: same sender, code and flags. */
static int compare(const struct binder_transaction *a, const struct binder_transaction *b)
{
	if (a->from_pid != b->from_pid)
		return a->from_pid < b->from_pid ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->flags != b->flags)
		return a->flags < b->flags ? -1 : 1;
	return 0;
}

static struct binder_transaction *update_entry(struct rb_node *n)
{
	return rb_entry(n, struct binder_transaction, update);
}

void binder_async_add(struct binder_node *node, struct binder_transaction *t)
{
	struct rb_node **link = &node->updates.rb_node, *parent = NULL;

	list_add_tail(&t->work.entry, &node->async_todo);
	if (!(t->flags & TF_UPDATE_TXN))
		return;
	while (*link) {
		parent = *link;
		link = compare(t, update_entry(parent)) < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&t->update, parent, link);
	rb_insert_color(&t->update, &node->updates);
}

static struct binder_transaction *take(struct binder_node *node, struct binder_transaction *t)
{
	binder_work_dequeue(&t->work);
	if (t->flags & TF_UPDATE_TXN)
		rb_erase(&t->update, &node->updates);
	return t;
}

struct binder_transaction *binder_async_next(struct binder_node *node)
{
	if (list_empty(&node->async_todo))
		return NULL;
	return take(node,
		    list_first_entry(&node->async_todo, struct binder_transaction, work.entry));
}

struct binder_transaction *binder_async_outdated(struct binder_node *node,
						 const struct binder_transaction *t)
{
	struct rb_node *n = node->updates.rb_node;
	struct binder_transaction *first = NULL;

	while (n) {
		int order = compare(update_entry(n), t);

		if (!order)
			first = update_entry(n);
		n = order < 0 ? n->rb_right : n->rb_left;
	}
	return first ? take(node, first) : NULL;
}

// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * notice.c: news that a process asked for under a cookie of its choice, and
 * acknowledges by that cookie: deaths and freezes.
 *
 * Called by death.c and freeze.c.  What was told and not yet acknowledged lies
 * in a tree, since a process may leave as much of it as it likes.
 */
#include "internal.h"

void binder_notice_init(struct binder_notice *notice, enum binder_work_type type, u64 cookie)
{
	binder_work_init(&notice->work, type);
	notice->cookie = cookie;
	notice->delivered = false;
}

void binder_notice_delivered(struct rb_root *root, struct binder_notice *notice)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = notice->cookie < rb_entry(parent, struct binder_notice, tree)->cookie ?
			       &parent->rb_left :
			       &parent->rb_right;
	}
	rb_link_node(&notice->tree, parent, link);
	rb_insert_color(&notice->tree, root);
	notice->delivered = true;
}

struct binder_notice *binder_notice_acknowledge(struct rb_root *root, u64 cookie)
{
	struct rb_node *n = root->rb_node;
	struct binder_notice *first = NULL;

	while (n) {
		struct binder_notice *notice = rb_entry(n, struct binder_notice, tree);

		if (notice->cookie == cookie)
			first = notice;
		n = notice->cookie < cookie ? n->rb_right : n->rb_left;
	}
	if (first)
		binder_notice_withdraw(root, first);
	return first;
}

void binder_notice_withdraw(struct rb_root *root, struct binder_notice *notice)
{
	binder_work_dequeue(&notice->work);
	if (notice->delivered)
		rb_erase(&notice->tree, root);
	notice->delivered = false;
}

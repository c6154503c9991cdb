/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * rbtree.h: balanced trees under the kernel's names, for user space.
 *
 * In the kernel <linux/rbtree.h> takes this file's place.  The caller walks
 * down and links; rb_insert_color() and rb_erase() keep the tree balanced.
 */
#ifndef BINDER_SHIM_RBTREE_H
#define BINDER_SHIM_RBTREE_H

#include <stdbool.h>
#include <stddef.h>

struct rb_node {
	struct rb_node *rb_parent;
	struct rb_node *rb_left, *rb_right;
	bool rb_red;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT ((struct rb_root){ NULL })
#define rb_entry(ptr, type, member) container_of(ptr, type, member)

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->rb_parent = parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * rbtree.c: red-black trees for user space; see rbtree.h.
 *
 * The textbook's algorithm with explicit parents.  A missing child counts as
 * black, so the repair after an erase carries the parent along.
 */
#include "rbtree.h"

static bool is_red(const struct rb_node *node)
{
	return node && node->rb_red;
}

/* Puts child where node hangs. */
static void replace(struct rb_root *root, struct rb_node *node, struct rb_node *child)
{
	struct rb_node *parent = node->rb_parent;

	if (!parent)
		root->rb_node = child;
	else if (parent->rb_left == node)
		parent->rb_left = child;
	else
		parent->rb_right = child;
	if (child)
		child->rb_parent = parent;
}

static void rotate_left(struct rb_root *root, struct rb_node *node)
{
	struct rb_node *up = node->rb_right;

	node->rb_right = up->rb_left;
	if (up->rb_left)
		up->rb_left->rb_parent = node;
	replace(root, node, up);
	up->rb_left = node;
	node->rb_parent = up;
}

static void rotate_right(struct rb_root *root, struct rb_node *node)
{
	struct rb_node *up = node->rb_left;

	node->rb_left = up->rb_right;
	if (up->rb_right)
		up->rb_right->rb_parent = node;
	replace(root, node, up);
	up->rb_right = node;
	node->rb_parent = up;
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	node->rb_red = true;
	while (is_red(node->rb_parent)) {
		struct rb_node *parent = node->rb_parent;
		struct rb_node *grand = parent->rb_parent;
		bool left = grand->rb_left == parent;
		struct rb_node *uncle = left ? grand->rb_right : grand->rb_left;

		if (is_red(uncle)) {
			parent->rb_red = false;
			uncle->rb_red = false;
			grand->rb_red = true;
			node = grand;
			continue;
		}
		if (left && parent->rb_right == node) {
			rotate_left(root, parent);
			parent = node;
		} else if (!left && parent->rb_left == node) {
			rotate_right(root, parent);
			parent = node;
		}
		parent->rb_red = false;
		grand->rb_red = true;
		if (left)
			rotate_right(root, grand);
		else
			rotate_left(root, grand);
		break;
	}
	root->rb_node->rb_red = false;
}

/* node (perhaps NULL) below parent is one black short. */
static void repair(struct rb_root *root, struct rb_node *parent, struct rb_node *node)
{
	while (parent && !is_red(node)) {
		bool left = parent->rb_left == node;
		struct rb_node *sibling = left ? parent->rb_right : parent->rb_left;
		struct rb_node *near, *far;

		if (sibling->rb_red) {
			sibling->rb_red = false;
			parent->rb_red = true;
			if (left)
				rotate_left(root, parent);
			else
				rotate_right(root, parent);
			sibling = left ? parent->rb_right : parent->rb_left;
		}
		near = left ? sibling->rb_left : sibling->rb_right;
		far = left ? sibling->rb_right : sibling->rb_left;
		if (!is_red(near) && !is_red(far)) {
			sibling->rb_red = true;
			node = parent;
			parent = node->rb_parent;
			continue;
		}
		if (!is_red(far)) {
			near->rb_red = false;
			sibling->rb_red = true;
			if (left)
				rotate_right(root, sibling);
			else
				rotate_left(root, sibling);
			far = sibling;
			sibling = near;
		}
		sibling->rb_red = parent->rb_red;
		parent->rb_red = false;
		far->rb_red = false;
		if (left)
			rotate_left(root, parent);
		else
			rotate_right(root, parent);
		return;
	}
	if (node)
		node->rb_red = false;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent;
	bool was_red = node->rb_red;

	if (!node->rb_left || !node->rb_right) {
		child = node->rb_left ? node->rb_left : node->rb_right;
		parent = node->rb_parent;
		replace(root, node, child);
	} else {
		struct rb_node *next = node->rb_right;

		while (next->rb_left)
			next = next->rb_left;
		was_red = next->rb_red;
		child = next->rb_right;
		if (next->rb_parent == node) {
			parent = next;
		} else {
			parent = next->rb_parent;
			replace(root, next, child);
			next->rb_right = node->rb_right;
			next->rb_right->rb_parent = next;
		}
		replace(root, node, next);
		next->rb_left = node->rb_left;
		next->rb_left->rb_parent = next;
		next->rb_red = node->rb_red;
	}
	if (!was_red)
		repair(root, parent, child);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	while ((parent = node->rb_parent) && parent->rb_right == node)
		node = parent;
	return parent;
}

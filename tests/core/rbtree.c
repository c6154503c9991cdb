/* SPDX-License-Identifier: MIT */
/*
 * rbtree.c: the tree that stands in for the kernel's, against a sorted array,
 * with its rules checked after every step.
 */
#include "suites.h"

#define NODES 400

struct item {
	struct rb_node node;
	unsigned key;
	bool in;
};

static struct item items[NODES];

/* Black nodes on the way down; the rules are checked on the way. */
static int black_height(const struct rb_node *node, const struct rb_node *parent)
{
	int left, right;

	if (!node)
		return 1;
	ck_assert_ptr_eq(node->rb_parent, parent);
	if (node->rb_red)
		ck_assert(!(parent && parent->rb_red));
	left = black_height(node->rb_left, node);
	right = black_height(node->rb_right, node);
	ck_assert_int_eq(left, right);
	return left + !node->rb_red;
}

static void check(const struct rb_root *root, unsigned count)
{
	struct rb_node *n;
	unsigned seen = 0, last = 0;

	ck_assert(!root->rb_node || !root->rb_node->rb_red);
	black_height(root->rb_node, NULL);
	for (n = rb_first(root); n; n = rb_next(n)) {
		struct item *item = rb_entry(n, struct item, node);

		ck_assert(item->in);
		ck_assert_uint_ge(item->key, last);
		last = item->key;
		seen++;
	}
	ck_assert_uint_eq(seen, count);
}

static void insert(struct rb_root *root, struct item *item)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = item->key < rb_entry(parent, struct item, node)->key ? &parent->rb_left :
									      &parent->rb_right;
	}
	rb_link_node(&item->node, parent, link);
	rb_insert_color(&item->node, root);
	item->in = true;
}

START_TEST(random_inserts_and_erases_keep_the_rules)
{
	struct rb_root root = RB_ROOT;
	unsigned step, count = 0;

	srand(1);
	for (step = 0; step < 20000; step++) {
		struct item *item = &items[rand() % NODES];

		if (item->in) {
			rb_erase(&item->node, &root);
			item->in = false;
			count--;
		} else {
			item->key = (unsigned)rand() % 100; /* equal keys as well */
			insert(&root, item);
			count++;
		}
		if (count < 40 || step % 16 == 0)
			check(&root, count);
	}
}
END_TEST

START_TEST(ascending_then_descending)
{
	struct rb_root root = RB_ROOT;
	unsigned i;

	for (i = 0; i < NODES; i++) {
		items[i].key = i;
		insert(&root, &items[i]);
		check(&root, i + 1);
	}
	for (i = NODES; i--;) {
		rb_erase(&items[i].node, &root);
		items[i].in = false;
		check(&root, i);
	}
	ck_assert_ptr_null(rb_first(&root));
}
END_TEST

SCENE_SUITE(rbtree, random_inserts_and_erases_keep_the_rules, ascending_then_descending)

/* SPDX-License-Identifier: MIT */
/*
 * holding.c: puts references together by who holds and what is held; see holding.h.
 */
#include "cli/verbs/holding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Names of nodes by node, as references are many and names a few hundred. */
static int by_node(const void *a, const void *b)
{
	const struct state_name *left = a, *right = b;

	if (left->context != right->context)
		return left->context < right->context ? -1 : 1;
	if (left->node != right->node)
		return left->node < right->node ? -1 : 1;
	return strcmp(left->name, right->name);
}

/* The first one of its names; NULL: it has none. */
static const char *name_of(const struct state *state, int context, int64_t node)
{
	char before_all[] = "";
	const struct state_name key = { .context = context, .node = node, .name = before_all };
	int low = 0, high = state->name_count;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (by_node(&state->name[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == state->name_count || state->name[low].context != context ||
	    state->name[low].node != node)
		return NULL;
	return state->name[low].name;
}

const char *holdings_name(const struct state *state, const char *service)
{
	for (int i = 0; i < state->name_count; i++)
		if (state->name[i].node != STATE_NONE && !strcmp(state->name[i].name, service))
			return name_of(state, state->name[i].context, state->name[i].node);
	return service;
}

static int compare(const void *a, const void *b)
{
	const struct holding *left = a, *right = b;
	const char *left_name = left->name ? left->name : "";
	const char *right_name = right->name ? right->name : "";

	if (left->holder != right->holder)
		return left->holder < right->holder ? -1 : 1;
	if (left->owner != right->owner)
		return left->owner < right->owner ? -1 : 1;
	if (left->dead != right->dead)
		return left->dead ? 1 : -1;
	return strcmp(left_name, right_name);
}

/* Neighbours that are the same become one. */
static void add_up(struct holdings *holdings)
{
	int kept = 0;

	for (int i = 0; i < holdings->count; i++) {
		struct holding *last = &holdings->item[kept ? kept - 1 : 0];
		const struct holding *item = &holdings->item[i];

		if (kept && compare(last, item) == 0) {
			last->objects += item->objects;
			last->strong += item->strong;
			last->weak += item->weak;
			last->deaths += item->deaths;
		} else {
			holdings->item[kept++] = *item;
		}
	}
	holdings->count = kept;
}

int holdings_read(struct source *source, struct holdings *ret)
{
	struct state *state = source->state;

	ret->count = 0;
	ret->item = calloc((size_t)state->ref_count + 1, sizeof(*ret->item));
	if (!ret->item)
		return -ENOMEM;
	if (state->name_count)
		qsort(state->name, (size_t)state->name_count, sizeof(*state->name), by_node);
	for (int i = 0; i < state->ref_count; i++) {
		const struct state_ref *ref = &state->ref[i];
		int context = state->process[ref->process].context;
		int node = ref->dead ? STATE_NONE : state_find_node(state, context, ref->node);

		if (source_is_self(source, state->process[ref->process].pid))
			continue;
		ret->item[ret->count++] = (struct holding){
			.holder = ref->process,
			.owner = node == STATE_NONE ? STATE_NONE : state->node[node].process,
			.name = name_of(state, context, ref->node),
			.dead = ref->dead,
			.objects = 1,
			.strong = ref->strong,
			.weak = ref->weak,
			.deaths = ref->death,
		};
	}
	qsort(ret->item, (size_t)ret->count, sizeof(*ret->item), compare);
	add_up(ret);
	return 0;
}

void holdings_free(struct holdings *holdings)
{
	free(holdings->item);
	*holdings = (struct holdings){ 0 };
}

const char *holding_no_owner(const struct holding *holding)
{
	return holding->dead ? "(dead)" : "(not visible)";
}

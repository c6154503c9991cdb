// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * ref.c: the references that a process holds to nodes, found by handle and by
 * node, and the numbering of handles.
 *
 * Called for BC_INCREFS and its kin, for objects in payloads, and when
 * processes end.  Counts on to node.c.
 */
#include "internal.h"

/* ---- handles ---------------------------------------------------------------- */

static struct binder_ref **handle_slot(const struct binder_handles *handles, u32 handle)
{
	u32 chunk = handle / BINDER_HANDLES_PER_CHUNK;

	if (chunk >= handles->chunks)
		return NULL;
	return &handles->chunk[chunk]->ref[handle % BINDER_HANDLES_PER_CHUNK];
}

bool binder_handles_fit(const struct binder_proc *proc, u32 count)
{
	const struct binder_handles *handles = &proc->handles;
	/* Handle 0 is only ever the manager's: do not count on it. */
	u64 room = (u64)handles->chunks * BINDER_HANDLES_PER_CHUNK;

	return room >= (u64)handles->count + count + 1;
}

/* Puts a spare chunk (and a longer table of chunks, if there is one) in place. */
static void add_chunk(struct binder_handles *handles, struct binder_handle_chunk **chunk,
		      struct binder_handle_chunk ***table, u32 slots)
{
	if (*table && slots > handles->chunk_slots) {
		struct binder_handle_chunk **old = handles->chunk;

		if (old)
			memcpy(*table, old, handles->chunks * sizeof(**table));
		handles->chunk = *table;
		handles->chunk_slots = slots;
		*table = old;
	}
	if (handles->chunks < handles->chunk_slots) {
		handles->chunk[handles->chunks++] = *chunk;
		*chunk = NULL;
	}
}

int binder_handles_grow(struct binder_proc *proc, u32 count)
{
	struct binder_handles *handles = &proc->handles;
	struct binder_handle_chunk *chunk = NULL, **table = NULL;
	struct binder_effects fx;
	u32 slots = 0;
	bool fit;
	int err = 0;

	for (;;) {
		binder_lock(proc->ctx, &fx);
		if (chunk && !binder_handles_fit(proc, count))
			add_chunk(handles, &chunk, &table, slots);
		fit = binder_handles_fit(proc, count);
		slots = handles->chunks < handles->chunk_slots ? 0 : handles->chunk_slots * 2 + 8;
		binder_unlock(proc->ctx, &fx);
		binder_charged_free(table);
		table = NULL;
		if (fit)
			break;
		if (!chunk)
			chunk = binder_charged_alloc(proc->account, sizeof(*chunk), &err);
		if (chunk && slots)
			table = binder_charged_alloc(proc->account, slots * sizeof(*table), &err);
		if (err)
			break;
	}
	binder_charged_free(chunk);
	return err;
}

void binder_handles_free(struct binder_proc *proc)
{
	struct binder_handles *handles = &proc->handles;
	u32 i;

	for (i = 0; i < handles->chunks; i++)
		binder_charged_free(handles->chunk[i]);
	binder_charged_free(handles->chunk);
}

/* The lowest free number; 0 for the manager's node alone. */
static u32 handle_take(struct binder_handles *handles, bool manager)
{
	u32 handle = manager ? 0 : handles->lowest > 1 ? handles->lowest : 1;
	u32 chunk = handle / BINDER_HANDLES_PER_CHUNK;
	u32 word = handle % BINDER_HANDLES_PER_CHUNK / 64;
	u64 skip = (1ull << (handle % 64)) - 1;

	for (; chunk < handles->chunks; chunk++, word = 0) {
		u64 *used = handles->chunk[chunk]->used;

		for (; word < BINDER_HANDLES_PER_CHUNK / 64; word++, skip = 0) {
			if ((used[word] | skip) == ~0ull)
				continue;
			handle = chunk * BINDER_HANDLES_PER_CHUNK + word * 64 +
				 port_first_zero_bit(used[word] | skip);
			used[word] |= 1ull << (handle % 64);
			handles->chunk[chunk]->count++;
			handles->count++;
			if (handle)
				handles->lowest = handle + 1;
			return handle;
		}
	}
	return 0; /* not reached: there was room */
}

static_assert(sizeof(struct binder_handle_chunk) <= 4096 - 64, "freed under the lock");

static void drop_empty_chunks(struct binder_handles *handles)
{
	while (handles->chunks > 1 && !handles->chunk[handles->chunks - 1]->count &&
	       !handles->chunk[handles->chunks - 2]->count)
		binder_charged_free(handles->chunk[--handles->chunks]);
}

static void handle_give_back(struct binder_handles *handles, u32 handle)
{
	struct binder_handle_chunk *chunk = handles->chunk[handle / BINDER_HANDLES_PER_CHUNK];
	u32 bit = handle % BINDER_HANDLES_PER_CHUNK;

	chunk->used[bit / 64] &= ~(1ull << (bit % 64));
	chunk->ref[bit] = NULL;
	handles->count--;
	if (handle && handle < handles->lowest)
		handles->lowest = handle;
	if (!--chunk->count)
		drop_empty_chunks(handles);
}

/* ---- references ---------------------------------------------------------------- */

struct binder_ref *binder_ref_alloc(struct binder_proc *holder, int *err)
{
	return binder_charged_alloc(holder->account, sizeof(struct binder_ref), err);
}

struct binder_ref *binder_ref_by_handle(struct binder_proc *proc, u32 handle, bool need_strong)
{
	struct binder_ref **slot = handle_slot(&proc->handles, handle);

	if (!slot || !*slot || (need_strong && !(*slot)->strong))
		return NULL;
	return *slot;
}

struct binder_ref *binder_ref_from(struct binder_proc *proc, u32 handle)
{
	const struct binder_handles *handles = &proc->handles;
	u32 chunk = handle / BINDER_HANDLES_PER_CHUNK;
	u32 slot = handle % BINDER_HANDLES_PER_CHUNK;

	for (; chunk < handles->chunks; chunk++, slot = 0) {
		for (; slot < BINDER_HANDLES_PER_CHUNK; slot++)
			if (handles->chunk[chunk]->ref[slot])
				return handles->chunk[chunk]->ref[slot];
	}
	return NULL;
}

static struct binder_ref *find_by_node(struct binder_proc *proc, struct binder_node *node,
				       struct rb_node **parent, struct rb_node ***link)
{
	struct rb_node **at = &proc->refs_by_node.rb_node;

	*parent = NULL;
	while (*at) {
		struct binder_ref *ref = rb_entry(*at, struct binder_ref, tree);

		if (node == ref->node)
			return ref;
		*parent = *at;
		at = node < ref->node ? &(*at)->rb_left : &(*at)->rb_right;
	}
	*link = at;
	return NULL;
}

int binder_ref_take(struct binder_proc *proc, struct binder_node *node, bool strong,
		    struct binder_thread *teller, struct binder_ref **spare,
		    struct binder_ref **ret)
{
	struct rb_node *parent, **link;
	struct binder_ref *ref = find_by_node(proc, node, &parent, &link);
	int err;

	if (ref) {
		err = binder_ref_inc(ref, strong, teller);
		if (!err)
			*ret = ref;
		return err;
	}

	/* In place only when nothing can fail any more. */
	ref = *spare;
	ref->node = node;
	err = binder_ref_inc(ref, strong, teller);
	if (err)
		return err;
	*spare = NULL;
	ref->id = binder_next_id();
	ref->proc = proc;
	rb_link_node(&ref->tree, parent, link);
	rb_insert_color(&ref->tree, &proc->refs_by_node);
	list_add(&ref->node_entry, &node->refs);
	ref->handle = handle_take(&proc->handles, node == proc->ctx->manager);
	*handle_slot(&proc->handles, ref->handle) = ref;
	proc->made[BINDER_REFS]++;
	*ret = ref;
	return 0;
}

int binder_ref_inc(struct binder_ref *ref, bool strong, struct binder_thread *teller)
{
	u32 *count = strong ? &ref->strong : &ref->weak;

	/* From 0 on the node would be held once more, and once for ever. */
	if (*count == U32_MAX)
		return -EINVAL;
	if (!*count) {
		int err = binder_node_inc(ref->node, strong, true, teller);

		if (err)
			return err;
	}
	++*count;
	return 0;
}

void binder_ref_delete(struct binder_ref *ref, struct binder_effects *fx)
{
	struct binder_proc *proc = ref->proc;
	struct binder_node *node = ref->node;

	rb_erase(&ref->tree, &proc->refs_by_node);
	handle_give_back(&proc->handles, ref->handle);
	binder_death_drop(ref);
	binder_freeze_drop(ref);
	/* The strong count first, while the entry still keeps the node. */
	if (ref->strong)
		binder_node_dec(node, true, true, fx);
	list_del(&ref->node_entry);
	binder_charged_free(ref);
	binder_node_dec(node, false, true, fx);
}

void binder_ref_dec(struct binder_ref *ref, bool strong, struct binder_effects *fx)
{
	u32 *count = strong ? &ref->strong : &ref->weak;

	if (!*count)
		return; /* more releases than holds: the user's mistake */
	if (*count == 1 && !(strong ? ref->weak : ref->strong)) {
		binder_ref_delete(ref, fx); /* gives the last count back */
		return;
	}
	--*count;
	if (strong && !ref->strong)
		binder_node_dec(ref->node, true, true, fx);
}

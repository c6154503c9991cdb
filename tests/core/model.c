/* SPDX-License-Identifier: MIT */
/* model.c: what the core should hold after each operation; see model.h. */
#include "model.h"

struct m_node node[NODES];
struct m_call call[CALLS];
struct m_proc proc[PROCS];
static unsigned generations;

/* ---- the model ---------------------------------------------------------------------- */

bool has_ref(int p, int n)
{
	return proc[p].ref[n].strong || proc[p].ref[n].weak;
}

int node_by_handle(int p, u32 handle)
{
	int n;

	for (n = 0; n < NODES; n++)
		if (node[n].used && has_ref(p, n) && proc[p].ref[n].handle == handle)
			return n;
	return -1;
}

int find_node(int owner, int ptr)
{
	int n;

	for (n = 0; n < NODES; n++)
		if (node[n].used && !node[n].dead && node[n].owner == owner && node[n].ptr == ptr)
			return n;
	return -1;
}

bool is_manager(int n)
{
	return !node[n].dead && node[n].owner == 0 && node[n].ptr == 0;
}

int new_node(int owner, int ptr)
{
	int n = 0;

	while (node[n].used)
		EXPECT(++n < NODES);
	node[n] = (struct m_node){ .used = true, .owner = owner, .ptr = ptr, .turn = -1 };
	return n;
}

/* Nobody can name it any more: the slot may serve another. */
void forget_unknown_nodes(void)
{
	bool known[NODES] = { false };
	int n, p, c, o;

	for (c = 0; c < CALLS; c++) {
		if (!call[c].used)
			continue;
		known[call[c].node] = true;
		for (o = 0; o < call[c].objects; o++)
			known[call[c].object[o].node] = true;
	}
	for (n = 0; n < NODES; n++) {
		for (p = 0; p < PROCS; p++)
			known[n] |= has_ref(p, n);
		if (!known[n] && !is_manager(n))
			node[n].used = false;
	}
}

void count_up(int p, int n, bool strong)
{
	struct m_ref *ref = &proc[p].ref[n];

	if (!has_ref(p, n)) {
		u32 handle = is_manager(n) ? 0 : 1;

		while (node_by_handle(p, handle) >= 0)
			handle++;
		ref->handle = handle;
		ref->generation = ++generations;
	}
	if (strong)
		ref->strong++;
	else
		ref->weak++;
}

void count_down(int p, int n, bool strong)
{
	int *count = strong ? &proc[p].ref[n].strong : &proc[p].ref[n].weak;

	if (*count)
		--*count;
}

static void make_pending(int c)
{
	struct m_proc *to = &proc[call[c].to];

	node[call[c].node].turn = c;
	to->fifo[to->pending++] = c;
}

void model_send(int c)
{
	struct m_node *target = &node[call[c].node];
	int i;

	for (i = 0; i < call[c].objects; i++) {
		struct m_object *object = &call[c].object[i];

		object->home = node[object->node].owner == call[c].to && !node[object->node].dead;
		if (object->home)
			continue;
		count_up(call[c].to, object->node, object->strong);
		object->generation = proc[call[c].to].ref[object->node].generation;
	}
	proc[call[c].to].async_used += call[c].size;
	if (target->turn >= 0)
		target->queue[target->queued++] = c;
	else
		make_pending(c);
}

void model_free(int c)
{
	struct m_node *target = &node[call[c].node];
	int i;

	target->turn = -1;
	if (target->queued) {
		int next = target->queue[0];

		memmove(target->queue, target->queue + 1, sizeof(int) * (size_t)--target->queued);
		make_pending(next);
	}
	for (i = 0; i < call[c].objects; i++) {
		struct m_object *object = &call[c].object[i];

		if (!object->home && has_ref(call[c].to, object->node) &&
		    proc[call[c].to].ref[object->node].generation == object->generation)
			count_down(call[c].to, object->node, object->strong);
	}
	proc[call[c].to].async_used -= call[c].size;
	call[c].used = false;
}

void model_end(int p)
{
	int n, c;

	memset(&proc[p], 0, sizeof(proc[p]));
	for (n = 0; n < NODES; n++) {
		if (!node[n].used || node[n].dead || node[n].owner != p)
			continue;
		node[n].dead = true;
		node[n].queued = 0;
		node[n].turn = -1;
	}
	for (c = 0; c < CALLS; c++)
		if (call[c].to == p)
			call[c].used = false;
}

/* ---- the core held against it ---------------------------------------------------------- */

void compare(void)
{
	int p, n, c, refs, buffers;

	for (p = 0; p < PROCS; p++) {
		struct binder_proc *core = proc[p].thread->process->proc;

		for (refs = n = 0; n < NODES; n++) {
			struct binder_ref *ref;

			if (!has_ref(p, n))
				continue;
			refs++;
			ref = binder_ref_by_handle(core, proc[p].ref[n].handle, false);
			EXPECT(ref);
			EXPECT((int)ref->strong == proc[p].ref[n].strong);
			EXPECT((int)ref->weak == proc[p].ref[n].weak);
			EXPECT(!ref->node->proc == node[n].dead);
			EXPECT(!ref->node->proc ||
			       ref->node->proc == proc[node[n].owner].thread->process->proc);
		}
		EXPECT(core->handles.count == (u32)refs);
		for (buffers = c = 0; c < CALLS; c++)
			buffers += call[c].used && call[c].to == p;
		EXPECT(core->alloc.taken == (u32)buffers);
		EXPECT(core->alloc.free_async == MAPPING / 2 - proc[p].async_used);
	}
}

static void add_hole(struct holes *holes, size_t size)
{
	int i = holes->count++;

	for (; i && holes->size[i - 1] > size; i--)
		holes->size[i] = holes->size[i - 1];
	holes->size[i] = size;
}

struct holes holes_of(int p)
{
	struct binder_proc *core = proc[p].thread->process->proc;
	struct holes holes = { .count = 0 };
	struct binder_buffer *chunk;

	list_for_each_entry(chunk, &core->alloc.chunks, entry)
		if (chunk->state == BINDER_BUFFER_FREE)
			add_hole(&holes, binder_buffer_chunk_size(core, chunk));
	return holes;
}

bool use_hole(struct holes *holes, size_t size)
{
	size_t rest;
	int i = 0;

	while (i < holes->count && holes->size[i] < size)
		i++;
	if (i == holes->count)
		return false;
	rest = holes->size[i] - size;
	memmove(&holes->size[i], &holes->size[i + 1],
		sizeof(size_t) * (size_t)(--holes->count - i));
	if (rest)
		add_hole(holes, rest);
	return true;
}

bool same_holes(const struct holes *a, const struct holes *b)
{
	return a->count == b->count && !memcmp(a->size, b->size, sizeof(size_t) * (size_t)a->count);
}

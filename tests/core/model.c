/* SPDX-License-Identifier: MIT */
/*
 * model.c: random operations on the core and on a model of it that is too
 * simple to be wrong: tables of counts, arrays for queues, a map of bytes for
 * each buffer.  MODEL_STEPS and MODEL_SEED choose how many, and which.
 */
#include <stdio.h>

#include "internal.h"
#include "scene.h"
#include "suites.h"

#define PROCS 4			/* 0 is the manager */
#define PTRS 4			/* objects that each may have */
#define NODES 64		/* that ever were, reused once nothing knows them */
#define MAPPING 4096
#define CALLS 128

/* An object; what the owner was told of it is the core's own affair. */
struct m_node {
	bool used, dead;
	int owner, ptr;
	int turn;		/* the call under way, or -1 */
	int queue[CALLS], queued;
};

struct m_object {
	int node;
	bool strong, home;	/* home: a count on the receiver's own object */
	unsigned generation;	/* of the reference that it counted */
};

/* A one-way call, from its sending to the freeing of its buffer. */
struct m_call {
	bool used, delivered;
	int to, node;
	size_t size;
	u64 address;		/* once delivered */
	struct m_object object[2];
	int objects;
};

struct m_ref {
	int strong, weak;	/* both 0: no reference */
	u32 handle;
	unsigned generation;
};

struct m_proc {
	struct thread *thread;
	struct m_ref ref[NODES];
	int fifo[CALLS], pending;
	size_t async_used;
};

static struct m_node node[NODES];
static struct m_call call[CALLS];
static struct m_proc proc[PROCS];
static unsigned generations, sent, refused, delivered, freed;
static unsigned seed;

static int pick(int below)
{
	return (int)((unsigned)rand_r(&seed) % (unsigned)below);
}

/* ---- the model ---------------------------------------------------------------------- */

static bool has_ref(int p, int n)
{
	return proc[p].ref[n].strong || proc[p].ref[n].weak;
}

static int node_by_handle(int p, u32 handle)
{
	int n;

	for (n = 0; n < NODES; n++)
		if (node[n].used && has_ref(p, n) && proc[p].ref[n].handle == handle)
			return n;
	return -1;
}

static int find_node(int owner, int ptr)
{
	int n;

	for (n = 0; n < NODES; n++)
		if (node[n].used && !node[n].dead && node[n].owner == owner && node[n].ptr == ptr)
			return n;
	return -1;
}

static bool is_manager(int n)
{
	return !node[n].dead && node[n].owner == 0 && node[n].ptr == 0;
}

static int new_node(int owner, int ptr)
{
	int n = 0;

	while (node[n].used)
		EXPECT(++n < NODES);
	node[n] = (struct m_node){ .used = true, .owner = owner, .ptr = ptr, .turn = -1 };
	return n;
}

/* Nobody can name it any more: the slot may serve another. */
static void forget_unknown_nodes(void)
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

static void count_up(int p, int n, bool strong)
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

static void count_down(int p, int n, bool strong)
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

static void send_model(int c)
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

static void free_model(int c)
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

/* ---- the core held against it ---------------------------------------------------------- */

static void compare(void)
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
			if (ref->node->proc)
				ck_assert_ptr_eq(ref->node->proc,
						 proc[node[n].owner].thread->process->proc);
		}
		EXPECT(core->handles.count == (u32)refs);
		for (buffers = c = 0; c < CALLS; c++)
			buffers += call[c].used && call[c].to == p;
		EXPECT(core->alloc.taken == (u32)buffers);
		EXPECT(core->alloc.free_async == MAPPING / 2 - proc[p].async_used);
	}
}

/* ---- operations ---------------------------------------------------------------------- */

static int random_ref(int p)
{
	int tries, n;

	for (tries = 0; tries < 40; tries++) {
		n = pick(24);	/* the low slots are the ones in use */
		if (node[n].used && has_ref(p, n))
			return n;
	}
	return -1;
}

/* One object for a payload; false: not one that can be sent. */
static bool choose_object(int from, struct m_object *object, struct flat_binder_object *flat)
{
	int ptr = pick(PTRS), n = -1;

	object->strong = pick(2);
	if (pick(2)) {
		n = find_node(from, ptr);
		object->node = n < 0 ? new_node(from, ptr) : n;
		*flat = local_object(object->strong ? BINDER_TYPE_BINDER : BINDER_TYPE_WEAK_BINDER,
				     (u64)ptr * 0x100, node[object->node].owner == 0 && !ptr ? 0 :
				     (u64)ptr * 0x100 + 1);
		return true;
	}
	n = random_ref(from);
	if (n < 0 || (object->strong && !proc[from].ref[n].strong) ||
	    (!object->strong && node[n].dead))
		return false;
	object->node = n;
	*flat = handle_object(object->strong ? BINDER_TYPE_HANDLE : BINDER_TYPE_WEAK_HANDLE,
			      proc[from].ref[n].handle);
	return true;
}

static const char *outcome(struct thread *thread)
{
	EXPECT(ioctl_nonblock(thread) == 0);
	return commands_read(thread);
}

/* BR_INCREFS and BR_ACQUIRE are acknowledged as they come. */
static void acknowledge_news(struct thread *thread)
{
	size_t at = 0;

	while (at < thread->in_size) {
		struct binder_ptr_cookie news;
		u32 command;

		memcpy(&command, thread->in + at, sizeof(command));
		memcpy(&news, thread->in + at + sizeof(command), sizeof(news));
		if (command == BR_INCREFS)
			bc_node(thread, BC_INCREFS_DONE, news.ptr, news.cookie);
		if (command == BR_ACQUIRE)
			bc_node(thread, BC_ACQUIRE_DONE, news.ptr, news.cookie);
		at += sizeof(command) + _IOC_SIZE(command);
	}
	expect_write(thread);
}

static bool is_sendable(int from, int target)
{
	if (target < 0 || node[target].dead || node[target].owner == from)
		return false;
	return is_manager(target) || proc[from].ref[target].strong;
}

static void op_send(int from)
{
	static struct { struct flat_binder_object object[2]; u8 text[600]; } data;
	static const u64 offsets[] = { 0, sizeof(struct flat_binder_object) };
	int target = pick(2) ? random_ref(from) : find_node(0, 0), c = 0, i;
	struct payload payload = { &data, 0, offsets, 0 };
	struct m_call new = { .used = true, .node = target };
	bool fits;

	if (!is_sendable(from, target))
		return;
	while (call[c].used)
		if (++c == CALLS)
			return;
	new.to = node[target].owner;
	new.objects = pick(3);
	for (i = 0; i < new.objects; i++)
		if (!choose_object(from, &new.object[i], &data.object[i]))
			new.objects = i;
	payload.offsets_size = 8 * (size_t)new.objects;
	payload.size = sizeof(data.object[0]) * (size_t)new.objects + (size_t)pick(pick(8) ? 40 : 600);
	new.size = ((payload.size + 7) & ~7ul) + payload.offsets_size;
	new.size = new.size ? new.size : 8;
	fits = new.size <= MAPPING / 2 - proc[new.to].async_used;	/* half of it, so no holes matter... */

	bc_call(proc[from].thread, is_manager(target) ? 0 : proc[from].ref[target].handle, (u32)c,
		TF_ONE_WAY, &payload);
	EXPECT(ioctl_write(proc[from].thread) == 0);
	outcome(proc[from].thread);
	if (strstr(commands_read(proc[from].thread), "TRANSACTION_COMPLETE")) {
		EXPECT(fits);
		call[c] = new;
		send_model(c);
		sent++;
	} else {
		struct binder_extended_error error = extended_error(proc[from].thread);

		EXPECT(error.param == -ENOSPC);
		EXPECT(!fits || new.size > 64);	/* ... unless it is large and they are small */
		refused++;
	}
	acknowledge_news(proc[from].thread);
}

static void op_read(int p)
{
	struct thread *thread = proc[p].thread;
	int c, r = ioctl_nonblock(thread);

	if (r) {
		EXPECT(r == -EAGAIN);
		EXPECT(proc[p].pending == 0);
		return;
	}
	if (strstr(commands_read(thread), "TRANSACTION")) {
		EXPECT(proc[p].pending > 0);
		c = proc[p].fifo[0];
		memmove(proc[p].fifo, proc[p].fifo + 1, sizeof(int) * (size_t)--proc[p].pending);
		EXPECT(thread->tr.code == (u32)c);
		EXPECT(thread->tr.target.ptr == (u64)node[call[c].node].ptr * 0x100);
		call[c].delivered = true;
		call[c].address = thread->tr.data.ptr.buffer;
		delivered++;
	}
	acknowledge_news(thread);
}

static void op_free(int p)
{
	int i, c = pick(CALLS);

	for (i = 0; i < CALLS; i++, c = (c + 1) % CALLS) {
		if (!call[c].used || call[c].to != p || !call[c].delivered)
			continue;
		free_at(proc[p].thread, call[c].address);
		free_model(c);
		freed++;
		return;
	}
}

static void op_count(int p)
{
	int n = random_ref(p);
	u32 handle = n < 0 ? (u32)pick(6) : proc[p].ref[n].handle;

	if (n < 0 && node_by_handle(p, handle) >= 0)
		return;
	switch (pick(5)) {
	case 0:
		bc_u32(proc[p].thread, BC_ACQUIRE, handle);
		if (n >= 0 && handle && proc[p].ref[n].strong)
			count_up(p, n, true);
		else if (!handle && p)
			count_up(p, find_node(0, 0), true);
		else if (!handle)
			proc[p].thread->out_size = 0;
		break;
	case 1:
		if (n < 0 || !handle || (node[n].dead && !proc[p].ref[n].weak))
			return;
		bc_u32(proc[p].thread, BC_INCREFS, handle);
		count_up(p, n, false);
		break;
	case 2:
		bc_u32(proc[p].thread, BC_DECREFS, handle);
		if (n >= 0)
			count_down(p, n, false);
		break;
	default:
		bc_u32(proc[p].thread, BC_RELEASE, handle);
		if (n >= 0)
			count_down(p, n, true);
	}
	expect_write(proc[p].thread);
}

static void op_restart(int p)
{
	int n, c;

	process_close(proc[p].thread->process);
	proc[p] = (struct m_proc){ .thread = NULL };
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
	proc[p].thread = thread_new(process_open(world, 300 + 10 * p, MAPPING), 300 + 10 * p);
}

static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

START_TEST(core_agrees_with_the_model)
{
	unsigned steps = setting("MODEL_STEPS", 200000), step;
	struct flat_binder_object object = { .flags = 0x7f };
	int p;

	seed = setting("MODEL_SEED", 1);
	process_close(manager->process);
	for (p = 0; p < PROCS; p++)
		proc[p].thread = thread_new(process_open(world, 300 + 10 * p, MAPPING), 300 + 10 * p);
	ck_assert_int_eq(binder_thread_ioctl(proc[0].thread->thread, BINDER_SET_CONTEXT_MGR_EXT,
					     (uintptr_t)&object),
			 0);
	new_node(0, 0);
	for (step = 0; step < steps; step++) {
		p = pick(PROCS);
		switch (pick(13)) {
		case 0 ... 2:
			op_send(p);
			break;
		case 3 ... 6:
			op_read(p);
			break;
		case 7 ... 10:
			op_free(p);
			break;
		default:
			op_count(p);
		}
		if (p && pick(2000) == 0)
			op_restart(p);
		forget_unknown_nodes();
		compare();
	}
	if (getenv("MODEL_VERBOSE"))
		fprintf(stderr, "%u sent, %u refused, %u delivered, %u freed\n", sent, refused,
			delivered, freed);
	ck_assert_uint_gt(sent, steps / 50);
	ck_assert_uint_gt(refused, 0);
	ck_assert_uint_gt(freed, steps / 100);
}
END_TEST

SCENE_SUITE(model, core_agrees_with_the_model)

/* SPDX-License-Identifier: MIT */
/*
 * random.c: random operations on the core and on a model of it, compared after
 * each one.  MODEL_STEPS and MODEL_SEED choose how many, and which.
 */
#include <stdio.h>

#include "model.h"
#include "suites.h"

static unsigned sent, refused, delivered, freed;
static unsigned seed;

static int pick(int below)
{
	return (int)((unsigned)rand_r(&seed) % (unsigned)below);
}

static int random_ref(int p)
{
	int tries, n;

	for (tries = 0; tries < 40; tries++) {
		n = pick(24); /* the low slots are the ones in use */
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
				     (u64)ptr * 0x100,
				     node[object->node].owner == 0 && !ptr ? 0 :
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
	static struct {
		struct flat_binder_object object[2];
		u8 text[600];
	} data;
	static const u64 offsets[] = { 0, sizeof(struct flat_binder_object) };
	int target = pick(2) ? random_ref(from) : find_node(0, 0), c = 0, i;
	struct payload payload = { &data, 0, offsets, 0 };
	struct m_call new = { .used = true, .node = target };
	struct holes holes;
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
	payload.offsets_size = 8 * (size_t) new.objects;
	payload.size =
		sizeof(data.object[0]) * (size_t) new.objects + (size_t)pick(pick(8) ? 40 : 600);
	new.size = ((payload.size + 7) & ~7ul) + payload.offsets_size;
	new.size = new.size ? new.size : 8;
	holes = holes_of(new.to);
	fits = new.size <= MAPPING / 2 - proc[new.to].async_used &&use_hole(&holes, new.size);

	bc_call(proc[from].thread, is_manager(target) ? 0 : proc[from].ref[target].handle, (u32)c,
		TF_ONE_WAY, &payload);
	EXPECT(ioctl_write(proc[from].thread) == 0);
	outcome(proc[from].thread);
	if (strstr(commands_read(proc[from].thread), "TRANSACTION_COMPLETE")) {
		struct holes after = holes_of(new.to);

		EXPECT(fits);
		EXPECT(same_holes(&holes, &after));
		call[c] = new;
		model_send(c);
		sent++;
	} else {
		struct binder_extended_error error = extended_error(proc[from].thread);

		EXPECT(error.param == -ENOSPC);
		EXPECT(!fits);
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
		model_free(c);
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

static struct thread *open_process(int p)
{
	return thread_new(process_open(world, 300 + 10 * p, MAPPING), 300 + 10 * p);
}

static void op_restart(int p)
{
	process_close(proc[p].thread->process);
	model_end(p);
	proc[p].thread = open_process(p);
}

static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

START_TEST(core_agrees_with_the_model)
{
	unsigned steps = setting("MODEL_STEPS", 500000), step;
	struct flat_binder_object object = { .flags = 0x7f };
	int p;

	seed = setting("MODEL_SEED", 1);
	process_close(manager->process);
	for (p = 0; p < PROCS; p++)
		proc[p].thread = open_process(p);
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

SCENE_SUITE(random, core_agrees_with_the_model)

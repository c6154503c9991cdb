/* SPDX-License-Identifier: MIT */
/*
 * world_end.c: how a world begins, and what must be true when it ends.
 *
 * Called by the harnesses; world.c has what lies between.
 */
#include "world.h"

struct world *world;
bool world_verbose;

static void home_free(struct port_proc *home)
{
	free(home->memory);
	free(home->written);
	free(home);
}

/* A thread in BINDER_FREEZE keeps the process that it waits for until it goes on. */
void world_bury(bool all)
{
	struct port_proc **link = &world->leaving;

	while (*link) {
		struct port_proc *home = *link;

		FUZZ_EXPECT(home->gone || !all, "a process is released and kept");
		if (home->gone) {
			*link = home->next;
			home_free(home);
		} else {
			link = &home->next;
		}
	}
}

/* ---- beginning and end ----------------------------------------------------------------------- */

void world_begin(void)
{
	static struct world space;

	world_verbose = getenv("FUZZ_VERBOSE");
	memset(&space, 0, sizeof(space));
	world = &space;
	world->account.limit = UINT64_MAX;
	world->ctx[0] = binder_context_new("fuzz");
	world->ctx[1] = binder_context_new("other");
	for (unsigned int i = 0; i < WORLD_CLIENTS; i++)
		world->clients[i].index = i;
}

/* Will the end of this call, whose caller died, be the end of the other one, too? */
static bool ends_with(const struct binder_transaction *call, const struct binder_transaction *other)
{
	for (; call && !call->from; call = call->from_parent)
		if (call->from_parent == other)
			return true;
	return false;
}

static bool queue_ends_with(const struct list_head *todo, const struct binder_transaction *other)
{
	struct binder_work *work;

	list_for_each_entry(work, todo, entry)
		if (work->type == BINDER_WORK_TRANSACTION &&
		    ends_with(container_of(work, struct binder_transaction, work), other))
			return true;
	return false;
}

/* Is there anything left in this process that its thread's call will end with? */
static bool will_end(struct binder_proc *proc, const struct binder_transaction *t)
{
	struct rb_node *n;

	if (queue_ends_with(&proc->todo, t))
		return true;
	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		struct binder_thread *thread = rb_entry(n, struct binder_thread, tree);
		const struct binder_transaction *own = thread->stack;

		if (queue_ends_with(&thread->todo, t) || ends_with(thread->delivering, t))
			return true;
		for (; own; own = own->to_thread == thread ? own->to_parent : own->from_parent)
			if (own->to_thread == thread && ends_with(own, t))
				return true;
	}
	return false;
}

/* The only process left: whoever it called is gone, and it must hear so. */
static void check_last(const struct binder_context *ctx)
{
	struct binder_proc *proc;
	struct rb_node *n;

	if (list_empty(&ctx->procs) || ctx->procs.next->next != &ctx->procs)
		return;
	proc = list_first_entry(&ctx->procs, struct binder_proc, entry);
	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		struct binder_thread *thread = rb_entry(n, struct binder_thread, tree);
		struct binder_transaction *t = thread->stack;

		for (; t; t = t->to_thread == thread ? t->to_parent : t->from_parent)
			FUZZ_EXPECT(t->to_thread == thread || will_end(proc, t),
				    "thread %d waits for nobody", thread->tid);
	}
}

/* What there is, counted from outside. */
static void check_counts(void)
{
	struct binder_counts n[WORLD_CONTEXTS];
	u32 procs = 0, threads = 0;

	for (unsigned int i = 0; i < WORLD_CONTEXTS; i++)
		binder_context_counts(world->ctx[i], &n[i]);
	for (unsigned int i = 0; i < WORLD_CLIENTS; i++) {
		procs += !!world->clients[i].core;
		for (unsigned int j = 0; j < WORLD_THREADS; j++)
			threads += !!world->clients[i].threads[j];
	}
	FUZZ_EXPECT(procs == n[0].procs + n[1].procs && threads == n[0].threads + n[1].threads,
		    "%u processes, %u threads", procs, threads);
}

static void check_empty(struct binder_context *ctx)
{
	struct binder_counts n;

	binder_context_counts(ctx, &n);
	FUZZ_EXPECT(!n.procs && !n.threads && !n.nodes && !n.refs && !n.deaths && !n.transactions &&
			    !n.buffers,
		    "%u processes, %u threads, %u nodes, %u references, %u deaths, "
		    "%u transactions, %u buffers left",
		    n.procs, n.threads, n.nodes, n.refs, n.deaths, n.transactions, n.buffers);
}

void world_end(const u8 order[WORLD_CLIENTS])
{
	world->alloc_fails_in = world->prepare_fails_in = world->copy_fails_in = 0;
	check_counts();
	for (unsigned int i = 0; i < 2 * WORLD_CLIENTS; i++) {
		/* First as the input has it, then whoever is left. */
		client_release(&world->clients[i < WORLD_CLIENTS ? order[i] % WORLD_CLIENTS :
								   i - WORLD_CLIENTS]);
		check_last(world->ctx[0]);
		check_last(world->ctx[1]);
	}
	world_bury(true);
	for (unsigned int i = 0; i < WORLD_CONTEXTS; i++) {
		check_empty(world->ctx[i]);
		binder_context_free(world->ctx[i]);
	}
	FUZZ_EXPECT(!world->account.used, "%llu bytes charged",
		    (unsigned long long)world->account.used);
	FUZZ_EXPECT(!port_live_files, "%u files left", port_live_files);
	FUZZ_EXPECT(!port_live_allocations, "%ld allocations left", port_live_allocations);
	world = NULL;
}

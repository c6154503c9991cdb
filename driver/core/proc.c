// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * proc.c: one open of the device, from open(2) to the release of its last
 * descriptor.
 *
 * Called by the homes.  Release ends threads, nodes, references and buffers in
 * the order that the others' messages depend on.
 */
#include "internal.h"

struct binder_proc *binder_proc_open(struct binder_context *ctx, const struct binder_identity *who,
				     struct port_proc *home)
{
	struct binder_proc *proc = port_alloc(sizeof(*proc));
	struct binder_effects fx;

	if (!proc)
		return NULL;
	proc->ctx = ctx;
	proc->home = home;
	proc->pid = who->pid;
	proc->euid = who->euid;
	proc->account = who->account;
	proc->default_priority = who->nice;
	proc->id = binder_next_id();
	port_ref_init(&proc->refs);
	proc->threads = RB_ROOT;
	proc->nodes = RB_ROOT;
	proc->refs_by_node = RB_ROOT;
	INIT_LIST_HEAD(&proc->todo);
	INIT_LIST_HEAD(&proc->waiting);
	proc->delivered_deaths = RB_ROOT;
	proc->delivered_freezes = RB_ROOT;
	INIT_LIST_HEAD(&proc->watchers);
	INIT_LIST_HEAD(&proc->freezers);
	INIT_LIST_HEAD(&proc->alloc.chunks);
	INIT_LIST_HEAD(&proc->alloc.async);
	proc->alloc.free_by_size = RB_ROOT;
	proc->alloc.taken_by_offset = RB_ROOT;

	binder_lock(ctx, &fx);
	proc->serial = ++ctx->opens;
	list_add_tail(&proc->entry, &ctx->procs);
	binder_unlock(ctx, &fx);
	return proc;
}

void binder_proc_put(struct binder_proc *proc)
{
	if (!proc || !port_ref_put(&proc->refs))
		return;
	binder_alloc_destroy(proc);
	binder_handles_free(proc);
	port_proc_gone(proc->home);
	port_free(proc);
}

struct port_proc *binder_proc_home(const struct binder_proc *proc)
{
	return proc->home;
}

int binder_proc_mmap(struct binder_proc *proc, u64 user_addr, u64 size)
{
	struct binder_buffer *spare = binder_buffer_alloc();
	struct binder_effects fx;
	int err;

	if (!spare)
		return -ENOMEM;
	binder_lock(proc->ctx, &fx);
	err = binder_alloc_map(proc, user_addr, size, &spare);
	binder_unlock(proc->ctx, &fx);
	port_free(spare);
	return err;
}

void binder_proc_munmap(struct binder_proc *proc)
{
	struct binder_effects fx;

	binder_lock(proc->ctx, &fx);
	proc->alloc.mapped = false;
	binder_unlock(proc->ctx, &fx);
}

bool binder_proc_take_unused(struct binder_proc *proc, u64 offset, u64 size,
			     void (*take)(void *data), void *data)
{
	bool unused;

	port_lock(&proc->ctx->lock);
	unused = binder_buffer_none_in(proc, offset, offset + size);
	if (unused)
		take(data);
	port_unlock(&proc->ctx->lock);
	return unused;
}

void binder_proc_flush(struct binder_proc *proc)
{
	struct binder_effects fx;
	struct rb_node *n;

	binder_lock(proc->ctx, &fx);
	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		struct binder_thread *thread = rb_entry(n, struct binder_thread, tree);

		thread->need_return = true;
		if (thread->looper & BINDER_LOOPER_WAITING)
			binder_wake(thread, &fx);
	}
	binder_unlock(proc->ctx, &fx);
}

/*
 * Each step of a release leaves something that others can live with, so the
 * lock need not be held for as long as a process was greedy.
 */
struct release {
	struct binder_proc *proc;
	struct binder_effects *fx;
	u32 steps;
};

static void breathe(struct release *r)
{
	binder_breathe(r->proc->ctx, r->fx, &r->steps);
}

/*
 * Buffers that the process was given.  Those in a queue go with their
 * transaction; those that a sender still fills are the sender's to give back.
 */
static void release_delivered(struct release *r)
{
	struct binder_buffer *buffer;
	size_t at = 0;

	while ((buffer = binder_buffer_from(r->proc, at))) {
		at = buffer->offset + 1;
		if (buffer->state == BINDER_BUFFER_DELIVERED)
			binder_buffer_release(r->proc, buffer, r->fx);
		breathe(r);
	}
}

/* Those that were cleared meanwhile; the others went with their references. */
static void release_notices(struct release *r, struct rb_root *root,
			    void (*free_notice)(struct binder_work *work))
{
	while (root->rb_node) {
		struct binder_notice *notice = rb_entry(root->rb_node, struct binder_notice, tree);

		binder_notice_withdraw(root, notice);
		free_notice(&notice->work);
		breathe(r);
	}
}

static void release_all(struct release *r)
{
	struct binder_proc *proc = r->proc;

	for (; proc->threads.rb_node; breathe(r))
		binder_thread_end(rb_entry(proc->threads.rb_node, struct binder_thread, tree),
				  r->fx);
	/* Frees may let queued one-way calls go on to todo, which ends them all. */
	release_delivered(r);
	binder_drop_queue(&proc->todo, proc, r->fx);
	for (; proc->nodes.rb_node; breathe(r))
		binder_node_orphan(rb_entry(proc->nodes.rb_node, struct binder_node, tree), r->fx);
	for (; proc->refs_by_node.rb_node; breathe(r))
		binder_ref_delete(rb_entry(proc->refs_by_node.rb_node, struct binder_ref, tree),
				  r->fx);
	release_notices(r, &proc->delivered_deaths, binder_death_free);
	release_notices(r, &proc->delivered_freezes, binder_freeze_free);
	/* What was told to it while this went on. */
	binder_drop_queue(&proc->todo, proc, r->fx);
}

void binder_proc_release(struct binder_proc *proc)
{
	struct binder_context *ctx = proc->ctx;
	struct binder_trace trace = { .event = BINDER_TRACE_PROC_DIED,
				      .ctx = ctx,
				      .context = ctx->name,
				      .from_pid = proc->pid,
				      .from_euid = proc->euid };
	struct binder_effects fx;
	struct release release = { .proc = proc, .fx = &fx };
	struct rb_node *n;

	/* Nobody else adds or removes threads now. */
	for (n = rb_first(&proc->threads); n; n = rb_next(n))
		binder_freeze_abort(rb_entry(n, struct binder_thread, tree));

	binder_lock(ctx, &fx);
	list_del_init(&proc->entry);
	proc->dead = true;
	proc->alloc.mapped = false;
	if (ctx->manager && ctx->manager->proc == proc)
		ctx->manager = NULL;
	binder_freeze_proc_ends(proc, &fx);
	release_all(&release);
	binder_stats_retire(proc);
	binder_unlock(ctx, &fx);

	port_trace(&trace);
	binder_proc_put(proc);
}

// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * context.c: one device: its lock, its processes, its context manager.
 *
 * Made by a home for each device that it offers.
 */
#include "internal.h"

/* Every context, for what is asked by pid alone.  Its lock comes before a context's. */
static struct list_head contexts = { &contexts, &contexts };
static struct port_lock contexts_lock = PORT_LOCK_INITIALIZER;
static u32 last_number; /* contexts_lock */

u32 binder_next_id(void)
{
	static struct port_counter last;

	return port_count_up(&last);
}

struct binder_context *binder_context_new(const char *name)
{
	size_t size = strlen(name) + 1;
	struct binder_context *ctx = port_alloc(sizeof(*ctx));

	if (!ctx)
		return NULL;
	ctx->name = port_alloc(size);
	if (!ctx->name) {
		port_free(ctx);
		return NULL;
	}
	memcpy(ctx->name, name, size);
	port_lock_init(&ctx->lock);
	INIT_LIST_HEAD(&ctx->procs);
	ctx->dead = RB_ROOT;
	port_lock(&contexts_lock);
	ctx->number = ++last_number;
	list_add_tail(&ctx->entry, &contexts);
	port_unlock(&contexts_lock);
	return ctx;
}

void binder_context_free(struct binder_context *ctx)
{
	if (!ctx)
		return;
	port_lock(&contexts_lock);
	list_del(&ctx->entry);
	port_unlock(&contexts_lock);
	port_lock_destroy(&ctx->lock);
	port_free(ctx->name);
	port_free(ctx);
}

int binder_for_each_of_pid(s32 pid,
			   int (*visit)(struct binder_proc *proc, void *data,
					struct binder_effects *fx),
			   void *data)
{
	struct binder_context *ctx;
	struct binder_proc *proc;
	struct binder_effects fx;
	int r = 0;

	memset(&fx, 0, sizeof(fx));
	port_lock(&contexts_lock);
	list_for_each_entry(ctx, &contexts, entry) {
		binder_lock_on(ctx);
		list_for_each_entry(proc, &ctx->procs, entry) {
			if (proc->pid == pid)
				r = visit(proc, data, &fx);
			if (r)
				break;
		}
		port_unlock(&ctx->lock);
		if (r)
			break;
	}
	port_unlock(&contexts_lock);
	binder_effects_carry_out(&fx);
	return r;
}

/*
 * BINDER_SET_CONTEXT_MGR and its _EXT form.  The first manager's uid is
 * remembered for the life of the context: nobody else can take over later.
 */
int binder_set_context_manager(struct binder_thread *thread, const struct flat_binder_object *fp)
{
	struct binder_proc *proc = thread->proc;
	struct binder_context *ctx = proc->ctx;
	struct binder_trace trace = { .event = BINDER_TRACE_MANAGER,
				      .ctx = ctx,
				      .context = ctx->name,
				      .from_pid = proc->pid,
				      .from_tid = thread->tid,
				      .from_euid = proc->euid };
	struct binder_effects fx;
	int err;
	struct binder_node *spare = binder_node_alloc(proc, &err);
	struct binder_node *node;
	u32 euid = port_manager_euid(thread->home, proc->euid);

	if (!spare)
		return err;
	binder_lock(ctx, &fx);
	if (ctx->manager) {
		err = -EBUSY;
		goto out;
	}
	err = port_may_become_manager(thread->home);
	if (err)
		goto out;
	if (ctx->manager_known && ctx->manager_euid != euid) {
		err = -EPERM;
		goto out;
	}
	node = binder_node_find(proc, fp->binder);
	if (!node) {
		node = spare;
		spare = NULL;
		binder_node_insert(node, proc, fp->binder, fp->cookie, fp->flags);
	}
	ctx->manager_euid = euid;
	ctx->manager_known = true;
	/* The owner counts as told: it is never asked to hold the manager. */
	node->local_weak++;
	node->local_strong++;
	node->has_strong = true;
	node->has_weak = true;
	ctx->manager = node;
	trace.node = node->id;
out:
	binder_unlock(ctx, &fx);
	binder_charged_free(spare);
	if (!err)
		port_trace(&trace);
	return err;
}

void binder_context_counts(struct binder_context *ctx, struct binder_counts *out)
{
	struct binder_effects fx;
	struct binder_proc *proc;
	struct rb_node *n;

	memset(out, 0, sizeof(*out));
	binder_lock(ctx, &fx);
	out->nodes = ctx->dead_nodes;
	out->transactions = ctx->transactions;
	list_for_each_entry(proc, &ctx->procs, entry) {
		out->procs++;
		out->buffers += proc->alloc.taken;
		for (n = rb_first(&proc->threads); n; n = rb_next(n))
			out->threads++;
		for (n = rb_first(&proc->nodes); n; n = rb_next(n))
			out->nodes++;
		for (n = rb_first(&proc->refs_by_node); n; n = rb_next(n)) {
			out->refs++;
			out->deaths += !!rb_entry(n, struct binder_ref, tree)->death;
		}
	}
	binder_unlock(ctx, &fx);
}

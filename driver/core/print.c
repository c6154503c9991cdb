// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * print.c: goes through a view stage by stage, and through its processes.
 *
 * Called by the homes for each piece of text; state.c, stats.c and log.c have
 * the steps.  print.h says how a cursor survives that the lock is dropped.
 */
#include "print.h"

#define STEPS_UNDER_LOCK 64

static const struct {
	const char *title;
	const struct binder_print_stage *stages;
} views[BINDER_VIEWS] = {
	[BINDER_VIEW_STATE] = { "binder state:\n", binder_state_stages },
	[BINDER_VIEW_STATS] = { "binder stats:\n", binder_stats_stages },
	[BINDER_VIEW_TRANSACTIONS] = { "binder transactions:\n", binder_transactions_stages },
	[BINDER_VIEW_LOG] = { "", binder_log_stages },
	[BINDER_VIEW_FAILED_LOG] = { "", binder_failed_log_stages },
	[BINDER_VIEW_PROC] = { "binder proc state:\n", binder_proc_stages },
};

void binder_say(struct binder_printing *p, const char *format, ...)
{
	size_t room = p->size - p->used;
	va_list args;
	int n;

	va_start(args, format);
	n = port_format(p->text + p->used, room, format, args);
	va_end(args);
	if (n > 0)
		p->used += (size_t)n < room ? (size_t)n : room - 1;
}

void binder_print_heading(struct binder_printing *p)
{
	if (!p->at->heading_due)
		return;
	p->at->heading_due = false;
	binder_say(p, "proc %d\ncontext %.255s\n", p->proc->pid, p->ctx->name);
}

/* ---- items by key --------------------------------------------------------------- */

struct binder_thread *binder_print_thread(const struct binder_printing *p)
{
	if (p->at->key > 0xffffffffu)
		return NULL;
	return binder_thread_from(p->proc, (s32)((u32)p->at->key ^ 0x80000000u));
}

struct binder_node *binder_print_node(const struct binder_printing *p)
{
	return p->at->exhausted ? NULL : binder_node_from(p->proc, p->at->key);
}

struct binder_ref *binder_print_ref(const struct binder_printing *p)
{
	return p->at->key > 0xffffffffu ? NULL : binder_ref_from(p->proc, (u32)p->at->key);
}

struct binder_buffer *binder_print_buffer(const struct binder_printing *p)
{
	return binder_buffer_from(p->proc, (size_t)p->at->key);
}

struct binder_node *binder_print_dead_node(const struct binder_printing *p)
{
	struct rb_node *n = p->ctx->dead.rb_node;
	struct binder_node *found = NULL;

	while (n) {
		struct binder_node *node = rb_entry(n, struct binder_node, tree);

		if (node->id >= p->at->key)
			found = node;
		n = node->id >= p->at->key ? n->rb_left : n->rb_right;
	}
	return found;
}

/* ---- processes --------------------------------------------------------------------- */

static bool is_shown(const struct binder_printing *p, const struct binder_proc *proc)
{
	return proc != p->at->but && binder_print_sees(p, proc->euid) &&
	       (!p->at->only || p->at->only == proc->pid);
}

/* The latest whose serial is at most this; NULL: none. */
static struct binder_proc *find_proc(struct binder_printing *p, u64 serial)
{
	struct list_head *entry = p->last ? p->last->entry.prev : p->ctx->procs.prev;

	for (; entry != &p->ctx->procs; entry = entry->prev) {
		struct binder_proc *proc = list_entry(entry, struct binder_proc, entry);

		if (proc->serial <= serial && is_shown(p, proc))
			return proc;
	}
	return NULL;
}

/* The lock has just been taken: the process may be gone. */
static void find_place(struct binder_printing *p)
{
	struct binder_print *at = p->at;

	p->last = NULL;
	p->proc = at->inside ? find_proc(p, at->serial) : NULL;
	if (!at->inside || (p->proc && p->proc->serial == at->serial))
		return;
	p->proc = NULL;
	at->inside = false;
	at->step = 0;
	if (at->mid_line)
		binder_say(p, "\n");
	at->mid_line = false;
}

static void fresh_cursor(struct binder_print *at)
{
	at->sub = 0;
	at->key = 0;
	at->index = 0;
	at->exhausted = false;
}

/* False: there are no more. */
static bool enter_next_proc(struct binder_printing *p)
{
	struct binder_print *at = p->at;

	p->proc = at->serial ? find_proc(p, at->serial - 1) : NULL;
	if (!p->proc)
		return false;
	at->serial = p->proc->serial;
	at->inside = true;
	at->heading_due = true;
	at->step = 0;
	fresh_cursor(at);
	return true;
}

/* ---- stages ------------------------------------------------------------------------- */

static void enter_next_stage(struct binder_printing *p)
{
	p->last = NULL;
	p->at->stage++;
	p->at->step = 0;
	p->at->serial = ~0ull;
	fresh_cursor(p->at);
}

/* False: all is printed. */
static bool go_on(struct binder_printing *p)
{
	struct binder_print *at = p->at;
	const struct binder_print_stage *stage = &views[at->view].stages[at->stage - 1];

	if (!stage->steps[0])
		return false;
	if (stage->each_proc && !at->inside) {
		if (!enter_next_proc(p))
			enter_next_stage(p);
	} else if (!stage->steps[at->step]) {
		p->last = p->proc;
		p->proc = NULL;
		at->inside = false;
		if (!stage->each_proc)
			enter_next_stage(p);
	} else if (stage->steps[at->step](p)) {
		at->step++;
		fresh_cursor(at);
	}
	return true;
}

void binder_print_start(struct binder_print *print, enum binder_view view, u32 viewer_euid)
{
	memset(print, 0, sizeof(*print));
	print->view = view;
	print->viewer = viewer_euid;
}

void binder_print_without(struct binder_print *print, const struct binder_proc *proc)
{
	print->but = proc;
}

void binder_print_only(struct binder_print *print, s32 pid)
{
	print->only = pid;
}

size_t binder_context_print(struct binder_context *ctx, struct binder_print *print, char *text,
			    size_t size)
{
	struct binder_printing p = { .ctx = ctx, .at = print, .text = text, .size = size };
	struct binder_effects fx;
	bool more = true;
	u32 steps;

	if (!print->stage) { /* 0 is the title */
		binder_say(&p, "%s", views[print->view].title);
		enter_next_stage(&p);
	}
	while (more && binder_print_has_room(&p)) {
		binder_lock(ctx, &fx);
		find_place(&p);
		for (steps = 0; more && steps < STEPS_UNDER_LOCK && binder_print_has_room(&p);
		     steps++)
			more = go_on(&p);
		binder_unlock(ctx, &fx);
	}
	return p.used;
}

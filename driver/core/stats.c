// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * stats.c: the view "stats": how many commands and objects there have been,
 * and what each process has.
 *
 * Nobody counts for everybody: a thread counts its commands in memory of its
 * own, a process what is made for it under the lock that is held then anyway.
 * Here it is added up, once somebody asks; print.c calls the steps.
 */
#include "print.h"

#define PAGE 4096u

static const char *const bc_names[BINDER_BC_KINDS] = {
	"BC_TRANSACTION",
	"BC_REPLY",
	"BC_ACQUIRE_RESULT",
	"BC_FREE_BUFFER",
	"BC_INCREFS",
	"BC_ACQUIRE",
	"BC_RELEASE",
	"BC_DECREFS",
	"BC_INCREFS_DONE",
	"BC_ACQUIRE_DONE",
	"BC_ATTEMPT_ACQUIRE",
	"BC_REGISTER_LOOPER",
	"BC_ENTER_LOOPER",
	"BC_EXIT_LOOPER",
	"BC_REQUEST_DEATH_NOTIFICATION",
	"BC_CLEAR_DEATH_NOTIFICATION",
	"BC_DEAD_BINDER_DONE",
	"BC_TRANSACTION_SG",
	"BC_REPLY_SG",
	"BC_REQUEST_FREEZE_NOTIFICATION",
	"BC_CLEAR_FREEZE_NOTIFICATION",
	"BC_FREEZE_NOTIFICATION_DONE",
};

static const char *const br_names[BINDER_BR_KINDS] = {
	"BR_ERROR",
	"BR_OK",
	"BR_TRANSACTION", /* with a label or without: the number is the same */
	"BR_REPLY",
	"BR_ACQUIRE_RESULT",
	"BR_DEAD_REPLY",
	"BR_TRANSACTION_COMPLETE",
	"BR_INCREFS",
	"BR_ACQUIRE",
	"BR_RELEASE",
	"BR_DECREFS",
	"BR_ATTEMPT_ACQUIRE",
	"BR_NOOP",
	"BR_SPAWN_LOOPER",
	"BR_FINISHED",
	"BR_DEAD_BINDER",
	"BR_CLEAR_DEATH_NOTIFICATION_DONE",
	"BR_FAILED_REPLY",
	"BR_FROZEN_REPLY",
	"BR_ONEWAY_SPAM_SUSPECT",
	"BR_TRANSACTION_PENDING_FROZEN",
	"BR_FROZEN_BINDER",
	"BR_CLEAR_FREEZE_NOTIFICATION_DONE",
};

static const char *const kind_names[BINDER_KINDS] = {
	[BINDER_PROCS] = "proc",
	[BINDER_THREADS] = "thread",
	[BINDER_NODES] = "node",
	[BINDER_REFS] = "ref",
	[BINDER_DEATHS] = "death",
	[BINDER_TRANSACTIONS] = "transaction",
	[BINDER_COMPLETES] = "transaction_complete",
	[BINDER_FREEZES] = "freeze",
};

void binder_counters_add(struct binder_counters *to, const struct binder_counters *from)
{
	u32 i;

	for (i = 0; i < BINDER_BC_KINDS; i++)
		to->bc[i] += port_tally_read(&from->bc[i]);
	for (i = 0; i < BINDER_BR_KINDS; i++)
		to->br[i] += port_tally_read(&from->br[i]);
}

static void add_made(u32 *to, const u32 *from)
{
	u32 i;

	for (i = 0; i < BINDER_KINDS; i++)
		to[i] += from[i];
}

void binder_stats_retire(const struct binder_proc *proc)
{
	binder_counters_add(&proc->ctx->ended, &proc->ended);
	add_made(proc->ctx->made, proc->made);
	proc->ctx->made[BINDER_PROCS]++;
}

/* ---- adding up --------------------------------------------------------------- */

static bool step_clear(struct binder_printing *p)
{
	memset(&p->at->sum, 0, sizeof(p->at->sum));
	return true;
}

static bool step_sum_threads(struct binder_printing *p)
{
	struct binder_thread *thread = binder_print_thread(p);

	if (!thread)
		return true;
	p->at->sum.active[BINDER_THREADS]++;
	binder_counters_add(&p->at->sum.commands, &thread->counters);
	binder_print_pass(p->at, binder_print_tid_key(thread->tid));
	return false;
}

static bool step_sum_nodes(struct binder_printing *p)
{
	struct binder_node *node = binder_print_node(p);

	if (!node)
		return true;
	p->at->sum.active[BINDER_NODES]++;
	binder_print_pass(p->at, node->ptr);
	return false;
}

static bool step_sum_dead_nodes(struct binder_printing *p)
{
	struct binder_node *node = binder_print_dead_node(p);

	if (!node)
		return true;
	p->at->sum.active[BINDER_NODES] += binder_print_sees(p, node->euid);
	binder_print_pass(p->at, node->id);
	return false;
}

static bool step_sum_refs(struct binder_printing *p)
{
	struct binder_ref *ref = binder_print_ref(p);

	if (!ref)
		return true;
	p->at->sum.active[BINDER_REFS]++;
	p->at->sum.active[BINDER_DEATHS] += !!ref->death;
	p->at->sum.active[BINDER_FREEZES] += !!ref->freeze;
	p->at->sum.strong += ref->strong;
	p->at->sum.weak += ref->weak;
	binder_print_pass(p->at, ref->handle);
	return false;
}

/* Pages that hold some of a buffer; the cursor's index is the first one not yet counted. */
static bool step_sum_pages(struct binder_printing *p)
{
	struct binder_buffer *buffer = binder_print_buffer(p);
	size_t first, end;

	if (!buffer)
		return true;
	first = buffer->offset / PAGE;
	end = (buffer->offset + binder_buffer_chunk_size(p->proc, buffer) + PAGE - 1) / PAGE;
	if (first < p->at->index)
		first = p->at->index;
	if (end > first) {
		p->at->sum.pages += (u32)(end - first);
		p->at->index = (u32)end;
	}
	binder_print_pass(p->at, buffer->offset);
	return false;
}

static bool step_sum_rest(struct binder_printing *p)
{
	const struct binder_proc *proc = p->proc;

	binder_counters_add(&p->at->sum.commands, &proc->ended);
	add_made(p->at->sum.made, proc->made);
	p->at->sum.made[BINDER_PROCS]++;
	p->at->sum.active[BINDER_PROCS]++;
	p->at->sum.active[BINDER_TRANSACTIONS] += proc->outstanding;
	p->at->sum.active[BINDER_COMPLETES] += proc->completes;
	return true;
}

/* What is gone, only root has a right to. */
static bool step_sum_ended(struct binder_printing *p)
{
	if (binder_print_sees(p, 0)) {
		binder_counters_add(&p->at->sum.commands, &p->ctx->ended);
		add_made(p->at->sum.made, p->ctx->made);
	}
	/* Each is made together with its transaction. */
	p->at->sum.made[BINDER_COMPLETES] = p->at->sum.made[BINDER_TRANSACTIONS];
	return true;
}

/* ---- showing ------------------------------------------------------------------- */

/* A line for each command that was counted, from the cursor's index on; true: all. */
static bool print_commands(struct binder_printing *p, const char *prefix)
{
	const struct binder_counters *sum = &p->at->sum.commands;
	u32 *i = &p->at->index;

	for (; *i < BINDER_BC_KINDS + BINDER_BR_KINDS; ++*i) {
		bool bc = *i < BINDER_BC_KINDS;
		u32 number = bc ? *i : *i - BINDER_BC_KINDS;
		u32 count = bc ? sum->bc[number] : sum->br[number];

		if (!binder_print_has_room(p))
			return false;
		if (count)
			binder_say(p, "%s%s: %u\n", prefix,
				   bc ? bc_names[number] : br_names[number], count);
	}
	return true;
}

static bool step_print_totals(struct binder_printing *p)
{
	return print_commands(p, "");
}

static bool step_print_kinds(struct binder_printing *p)
{
	u32 i;

	for (i = 0; i < BINDER_KINDS; i++)
		if (p->at->sum.made[i] || p->at->sum.active[i])
			binder_say(p, "%s: active %u total %u\n", kind_names[i],
				   p->at->sum.active[i], p->at->sum.made[i]);
	return true;
}

static bool step_print_proc(struct binder_printing *p)
{
	const struct binder_proc *proc = p->proc;
	const struct binder_alloc *alloc = &proc->alloc;
	u32 used = (u32)((alloc->high + PAGE - 1) / PAGE), ready = 0;
	const struct list_head *entry;

	for (entry = proc->waiting.next; entry != &proc->waiting; entry = entry->next)
		ready++;
	binder_print_heading(p);
	binder_say(p,
		   "  threads: %u\n  requested threads: %u+%u/%u\n  ready threads %u\n"
		   "  free async space %zu\n",
		   p->at->sum.active[BINDER_THREADS], proc->requested_threads,
		   proc->registered_threads, proc->max_threads, ready, alloc->free_async);
	binder_say(p, "  nodes: %u\n  refs: %u s %llu w %llu\n  buffers: %u\n",
		   p->at->sum.active[BINDER_NODES], p->at->sum.active[BINDER_REFS],
		   (unsigned long long)p->at->sum.strong, (unsigned long long)p->at->sum.weak,
		   alloc->taken);
	/* Pages that were used once, and are not now, stay with the process: the kernel's lru. */
	binder_say(p, "  pages: %u:%u:%u\n  pages high watermark: %u\n", p->at->sum.pages,
		   used - p->at->sum.pages, (u32)((alloc->size + PAGE - 1) / PAGE) - used, used);
	binder_say(p, "  pending transactions: %u\n", proc->todo_calls);
	return true;
}

static bool step_print_commands(struct binder_printing *p)
{
	return print_commands(p, "  ");
}

const struct binder_print_stage binder_stats_stages[] = {
	{ .each_proc = true,
	  .steps = { step_sum_threads, step_sum_nodes, step_sum_refs, step_sum_rest } },
	{ .steps = { step_sum_dead_nodes, step_sum_ended, step_print_totals, step_print_kinds } },
	{ .each_proc = true,
	  .steps = { step_clear, step_sum_threads, step_sum_nodes, step_sum_refs, step_sum_pages,
		     step_sum_rest, step_print_proc, step_print_commands } },
	{ .steps = { NULL } },
};

/* SPDX-License-Identifier: MIT */
/*
 * waits.c: makes tasks of threads, and finds those that can never go on.
 *
 * Called by blocked.c.  All waiting tasks count as deadlocked at first; those that wait for
 * somebody who can go on are taken out until none is left to take out.
 */
#include "cli/state/waits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct place {
	int pid, tid, thread;
};

static int by_task(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	if (left->pid != right->pid)
		return left->pid < right->pid ? -1 : 1;
	if (left->tid != right->tid)
		return left->tid < right->tid ? -1 : 1;
	return left->thread - right->thread;
}

/* The later of two calls; either may be STATE_NONE. */
static int later(const struct state *state, int a, int b)
{
	if (a == STATE_NONE || b == STATE_NONE)
		return a == STATE_NONE ? b : a;
	return state->transaction[a].elapsed_ms <= state->transaction[b].elapsed_ms ? a : b;
}

/* What the thread does on its device becomes part of its task. */
static void add_thread(const struct state *state, struct state_task *task, int index)
{
	const struct state_thread *thread = &state->thread[index];
	int top = state_top(state, thread);

	for (int at = thread->first_transaction; at != STATE_NONE; at = state->transaction[at].next)
		task->has_work |= state->transaction[at].kind == STATE_PENDING;
	if (top == STATE_NONE)
		return;
	if (state->transaction[top].kind == STATE_OUTGOING)
		task->outgoing = later(state, task->outgoing, top);
	for (int at = top; at != STATE_NONE; at = state->transaction[at].next) {
		if (state->transaction[at].kind != STATE_INCOMING)
			continue;
		task->incoming = later(state, task->incoming, at);
		break;
	}
}

static void make_tasks(struct state_waits *waits, const struct place *place, int count)
{
	const struct state *state = waits->state;

	for (int i = 0; i < count; i++) {
		struct state_task *task = waits->count ? &waits->task[waits->count - 1] : NULL;

		if (!task || task->pid != place[i].pid || task->tid != place[i].tid) {
			task = &waits->task[waits->count++];
			*task = (struct state_task){ .pid = place[i].pid,
						     .tid = place[i].tid,
						     .outgoing = STATE_NONE,
						     .incoming = STATE_NONE,
						     .callee = STATE_NONE,
						     .queued_at = STATE_NONE,
						     .cycle = STATE_NONE };
		}
		add_thread(state, task, place[i].thread);
		waits->of_thread[place[i].thread] = waits->count - 1;
	}
}

/* The task that has read a call; STATE_NONE: none, or one that is not visible. */
static int reader_of(const struct state_waits *waits, const struct state_transaction *call,
		     int process)
{
	const struct state *state = waits->state;
	int thread = STATE_NONE;

	for (int i = 0; process != STATE_NONE && i < state->transaction_count; i++)
		if (state->transaction[i].id == call->id &&
		    state->transaction[i].kind == STATE_INCOMING &&
		    state->transaction[i].process == process)
			thread = state->transaction[i].thread;
	if (thread == STATE_NONE && call->to_tid)
		thread = state_find_thread(state, process, call->to_tid);
	return thread == STATE_NONE ? STATE_NONE : waits->of_thread[thread];
}

static void find_callees(struct state_waits *waits)
{
	const struct state *state = waits->state;

	for (int i = 0; i < waits->count; i++) {
		struct state_task *task = &waits->task[i];
		const struct state_transaction *call;
		int context, process;

		if (task->outgoing == STATE_NONE)
			continue;
		call = &state->transaction[task->outgoing];
		context = state->process[call->process].context;
		process = state_find_process(state, context, call->to_pid);
		task->callee = reader_of(waits, call, process);
		if (task->callee == STATE_NONE && !call->to_tid)
			task->queued_at = process;
		else if (task->callee != STATE_NONE)
			waits->task[task->callee].is_called = true;
	}
}

/* ---- deadlocks ---------------------------------------------------------------------- */

/* Can any thread of the pool come to read what lies in the queue? */
static bool pool_can_read(const struct state_waits *waits, int process)
{
	const struct state *state = waits->state;
	const struct state_process *p = &state->process[process];
	bool any = false;

	if (p->ready_threads > 0 || p->requested_threads > 0)
		return true;
	for (int at = p->first_thread; at != STATE_NONE; at = state->thread[at].next) {
		int task = waits->of_thread[at];

		if (!state_serves(&state->thread[at]))
			continue;
		any = true;
		if (task == STATE_NONE || !waits->task[task].deadlocked)
			return true;
	}
	/* Without a pool it is no deadlock, whatever it is. */
	return !any;
}

static bool can_go_on(const struct state_waits *waits, const struct state_task *task)
{
	if (task->outgoing == STATE_NONE || task->has_work)
		return true;
	if (task->callee != STATE_NONE)
		return !waits->task[task->callee].deadlocked;
	return task->queued_at == STATE_NONE || pool_can_read(waits, task->queued_at);
}

static void find_deadlocks(struct state_waits *waits)
{
	bool changed = true;

	for (int i = 0; i < waits->count; i++)
		waits->task[i].deadlocked = true;
	while (changed) {
		changed = false;
		for (int i = 0; i < waits->count; i++) {
			struct state_task *task = &waits->task[i];

			if (!task->deadlocked || !can_go_on(waits, task))
				continue;
			task->deadlocked = false;
			changed = true;
		}
	}
}

int state_waits_next(const struct state_waits *waits, int index)
{
	const struct state *state = waits->state;
	const struct state_task *task = &waits->task[index];
	int thread;

	if (task->callee != STATE_NONE || task->queued_at == STATE_NONE || !task->deadlocked)
		return task->callee;
	thread = state->process[task->queued_at].first_thread;
	for (; thread != STATE_NONE; thread = state->thread[thread].next) {
		int next = waits->of_thread[thread];

		if (next != STATE_NONE && state_serves(&state->thread[thread]) &&
		    waits->task[next].deadlocked)
			return next;
	}
	return STATE_NONE;
}

/* From each deadlocked task the way leads into a ring. */
static void find_cycles(struct state_waits *waits, int *seen)
{
	for (int start = 0; start < waits->count; start++) {
		int at = start;

		while (at != STATE_NONE && waits->task[at].deadlocked && !seen[at]) {
			seen[at] = start + 1;
			at = state_waits_next(waits, at);
		}
		/* Back on this walk's own way: a ring that nobody has named. */
		if (at == STATE_NONE || seen[at] != start + 1 ||
		    waits->task[at].cycle != STATE_NONE)
			continue;
		do {
			waits->task[at].cycle = waits->cycles;
			at = state_waits_next(waits, at);
		} while (waits->task[at].cycle == STATE_NONE);
		waits->cycles++;
	}
}

int state_waits_new(const struct state *state, struct state_waits **ret)
{
	size_t room = (size_t)state->thread_count + 1;
	struct state_waits *waits = calloc(1, sizeof(*waits));
	struct place *place = calloc(room, sizeof(*place));
	int *seen = calloc(room, sizeof(*seen)), count = 0;

	if (waits) {
		waits->state = state;
		waits->task = calloc(room, sizeof(*waits->task));
		waits->of_thread = calloc(room, sizeof(*waits->of_thread));
	}
	if (!waits || !place || !seen || !waits->task || !waits->of_thread) {
		free(place);
		free(seen);
		state_waits_free(waits);
		return -ENOMEM;
	}
	for (int i = 0; i < state->thread_count; i++) {
		const struct state_thread *thread = &state->thread[i];

		waits->of_thread[i] = STATE_NONE;
		if (thread->first_transaction != STATE_NONE)
			place[count++] = (struct place){ state->process[thread->process].pid,
							 thread->tid, i };
	}
	qsort(place, (size_t)count, sizeof(*place), by_task);
	make_tasks(waits, place, count);
	find_callees(waits);
	find_deadlocks(waits);
	find_cycles(waits, seen);
	free(place);
	free(seen);
	*ret = waits;
	return 0;
}

void state_waits_free(struct state_waits *waits)
{
	if (!waits)
		return;
	free(waits->task);
	free(waits->of_thread);
	free(waits);
}

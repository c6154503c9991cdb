/* SPDX-License-Identifier: MIT */
/*
 * strand.c: coroutines in which handlers, callbacks and async functions run.
 *
 * queue.c starts one for each task.  A strand that waits (job.c, timer.c,
 * async.c) is suspended, so that the Lua thread can serve others, and goes on
 * when its resume task has come through the queue.
 */
#include <stdio.h>
#include <stdlib.h>

#include "queue.h"

/* ---- the end ---------------------------------------------------------------------- */

static void finish_task(struct lb_queue *queue, struct lb_task *task)
{
	struct lb_call *call;

	if (task->drop) {
		task->drop(task);
		return;
	}
	call = LB_CONTAINER(task, struct lb_call, task);
	pthread_mutex_lock(&queue->lock);
	call->done = true;
	if (!call->direct)
		pthread_cond_signal(&call->wake);
	pthread_mutex_unlock(&queue->lock);
}

/* The error on co's stack, its text with a traceback; co's pending variables are closed. */
static void push_error(lua_State *L, lua_State *co)
{
	lua_xmove(co, L, 1);
	if (lb_is_exception(L, -1)) {
		lua_pushvalue(L, -1);
	} else {
		luaL_traceback(L, co, luaL_tolstring(L, -1, NULL), 0);
		lua_remove(L, -2);
	}
	/* What fails in closing is no more than what has failed before. */
	lua_resetthread(co);
}

struct ending {
	struct lb_strand *strand;
	int status, count;
};

/* Protected: end(), or else the error is the script's to hear of. */
static int run_end(lua_State *L)
{
	const struct ending *ending = lua_touserdata(L, 1);
	const struct lb_strand *strand = ending->strand;
	const lua_CFunction end = strand->task->end;

	luaL_checkstack(L, ending->count + 10, "too many results");
	lua_pushcfunction(L, end);
	lua_pushlightuserdata(L, strand->task);
	lua_pushboolean(L, ending->status == LUA_OK);
	if (ending->status == LUA_OK)
		lua_xmove(strand->co, L, ending->count);
	else
		push_error(L, strand->co);
	if (end)
		lua_call(L, lua_gettop(L) - 2, 0);
	else if (ending->status != LUA_OK)
		return lua_error(L);
	return 0;
}

static void free_strand(struct lb_strand *strand)
{
	*strand->prev = strand->next;
	if (strand->next)
		strand->next->prev = strand->prev;
	lb_timer_disarm(strand->queue, &strand->timer);
	free(strand);
}

/* The results or the error are on co's stack. */
static void end(lua_State *L, struct lb_strand *strand, int status, int count)
{
	struct ending ending = { strand, status, count };
	int failed = LUA_OK;

	strand->queue->depth++;
	lua_pushcfunction(L, run_end);
	lua_pushlightuserdata(L, &ending);
	failed = lua_pcall(L, 1, 0, 0);
	if (strand->anchor)
		lb_unanchor(L, strand->anchor);
	/* Whoever waits has the answer, whatever the script does about the error. */
	finish_task(strand->queue, strand->task);
	if (failed)
		lb_report_error(L);
	strand->queue->depth--;
	free_strand(strand);
}

/* ---- running ------------------------------------------------------------------------ */

static void run(lua_State *L, struct lb_strand *strand, int args)
{
	struct lb_queue *queue = strand->queue;
	struct lb_strand *outer = queue->running;
	int status, count;

	do {
		queue->running = strand;
		queue->depth++;
		status = lua_resume(strand->co, L, args, &count);
		queue->depth--;
		queue->running = outer;
		if (status != LUA_YIELD) {
			end(L, strand, status, count);
			return;
		}
		lua_pop(strand->co, count);
		args = 0;
		/* A plain coroutine.yield() lets others come first, where that is possible. */
	} while (strand->blocking);
	if (!strand->suspended)
		lb_queue_push(queue, &strand->resume);
}

void lb_strand_resume(lua_State *L, struct lb_task *resume)
{
	struct lb_strand *strand = LB_CONTAINER(resume, struct lb_strand, resume);

	if (!lua_checkstack(L, LUA_MINSTACK)) {
		lb_queue_push(strand->queue, resume); /* a moment later, with less in the way */
		return;
	}
	strand->suspended = false;
	run(L, strand, 0);
}

static void time_over(struct lb_timer *timer)
{
	lb_strand_wake(LB_CONTAINER(timer, struct lb_strand, timer));
}

/* Protected.  The coroutine is anchored as soon as it is there. */
static int make(lua_State *L)
{
	struct lb_strand *strand = lua_touserdata(L, 1);

	if (!strand)
		return luaL_error(L, LB_NO_MEMORY);
	strand->co = lua_newthread(L);
	strand->anchor = lb_anchor(L);
	return 0;
}

static struct lb_strand *new_strand(struct lb_queue *queue, struct lb_task *task)
{
	struct lb_strand *strand = calloc(1, sizeof(*strand));

	if (!strand)
		return NULL;
	strand->queue = queue;
	strand->task = task;
	strand->resume.kind = task->kind;
	strand->timer.fire = time_over;
	if (!task->drop) {
		strand->call = LB_CONTAINER(task, struct lb_call, task);
		strand->blocking = strand->call->direct;
	}
	strand->prev = &queue->strands;
	strand->next = queue->strands;
	if (strand->next)
		strand->next->prev = &strand->next;
	queue->strands = strand;
	return strand;
}

static void not_started(lua_State *L, struct lb_queue *queue, struct lb_strand *strand,
			struct lb_task *task)
{
	if (strand)
		free_strand(strand);
	finish_task(queue, task);
	lb_report_error(L);
}

void lb_strand_start(lua_State *L, struct lb_queue *queue, struct lb_task *task)
{
	struct lb_strand *strand = new_strand(queue, task);
	int status, count;

	if (!lua_checkstack(L, LUA_MINSTACK)) {
		fputs("binder: a callback was lost: out of memory\n", stderr);
		if (strand)
			free_strand(strand);
		finish_task(queue, task);
		return;
	}
	lua_pushcfunction(L, make);
	lua_pushlightuserdata(L, strand);
	if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
		not_started(L, queue, strand, task);
		return;
	}
	queue->depth++;
	lua_pushcfunction(strand->co, task->begin);
	lua_pushlightuserdata(strand->co, task);
	status = lua_pcall(strand->co, 1, LUA_MULTRET, 0);
	count = lua_gettop(strand->co);
	queue->depth--;
	if (status == LUA_OK && count > 0)
		run(L, strand, count - 1);
	else
		end(L, strand, status, 0);
}

/* ---- waiting -------------------------------------------------------------------------- */

struct lb_strand *lb_strand_here(lua_State *L)
{
	struct lb_strand *strand = lb_queue_of(L)->running;

	if (!strand || strand->co != L || strand->blocking || !lua_isyieldable(L))
		return NULL;
	return strand;
}

int lb_strand_wait(lua_State *L, struct lb_strand *strand, int timeout_ms, lua_KContext context,
		   lua_KFunction k)
{
	if (timeout_ms >= 0)
		lb_timer_arm(strand->queue, &strand->timer, timeout_ms);
	strand->suspended = strand->waiting = true;
	return lua_yieldk(L, 0, context, k);
}

void lb_strand_wake(struct lb_strand *strand)
{
	if (!strand->waiting)
		return;
	strand->waiting = false;
	lb_timer_disarm(strand->queue, &strand->timer);
	lb_queue_push(strand->queue, &strand->resume);
}

enum lb_task_kind lb_strand_kind(const struct lb_queue *queue)
{
	return queue->running ? queue->running->task->kind : LB_EVENT;
}

void lb_strand_end_all(struct lb_queue *queue)
{
	while (queue->strands) {
		struct lb_strand *strand = queue->strands;
		struct lb_task *task = strand->task;

		free_strand(strand);
		if (task->drop) {
			/* Dropped with the queue's other tasks, once the lock is free. */
			task->next = queue->head;
			queue->head = task;
			continue;
		}
		struct lb_call *call = LB_CONTAINER(task, struct lb_call, task);

		call->done = true;
		if (!call->direct)
			pthread_cond_signal(&call->wake);
	}
}

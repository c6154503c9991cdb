/* SPDX-License-Identifier: MIT */
/*
 * async.c: binder.async(fn, ...): a function that runs beside others.
 *
 * It begins in the loop, or when somebody waits for it, in a strand: what
 * blocks suspends it alone.  What it returns or raises is kept for wait(); an
 * error that nobody waits for reaches the script as any callback's does.
 */
#include <stdlib.h>

#include "queue.h"

#define ASYNC_TYPE "binder.task"

struct async {
	struct lb_task task;
	int refs; /* the userdata's, and that of who runs it; both on the Lua thread */
	struct lb_queue *queue;
	lua_Integer function; /* anchor of {n=, fn, ...}; 0: begun */
	lua_Integer results;  /* anchor of {n=, ...} or {error}; 0: none */
	bool done, failed;
	struct lb_strand *waiters;
	int waiting; /* how many wait, with those that are no strands */
};

struct box { /* the userdata */
	struct async *async;
};

static struct async *async_of(struct lb_task *task)
{
	return LB_CONTAINER(task, struct async, task);
}

static void put(struct async *async)
{
	if (--async->refs > 0)
		return;
	lb_queue_put(async->queue);
	free(async);
}

static void wake_all(struct async *async)
{
	async->done = true;
	while (async->waiters) {
		struct lb_strand *strand = async->waiters;

		async->waiters = strand->next_waiter;
		lb_strand_wake(strand);
	}
}

/* ---- running ---------------------------------------------------------------------- */

/* Pops values and pushes what holds them. */
static void pack(lua_State *L, int count)
{
	lua_createtable(L, count, 1);
	lua_insert(L, -1 - count);
	for (int i = count; i >= 1; i--)
		lua_rawseti(L, -1 - i, i);
	lua_pushinteger(L, count);
	lua_setfield(L, -2, "n");
}

/* Replaces the table on top with its values. */
static int unpack(lua_State *L)
{
	int count;

	lua_getfield(L, -1, "n");
	count = (int)lua_tointeger(L, -1);
	lua_pop(L, 1);
	luaL_checkstack(L, count + 1, "too many values");
	for (int i = 1; i <= count; i++)
		lua_rawgeti(L, -i, i);
	lua_remove(L, -1 - count);
	return count;
}

static int begin(lua_State *L)
{
	struct async *async = async_of(lua_touserdata(L, 1));

	lb_push_anchored(L, async->function);
	lb_unanchor(L, async->function);
	async->function = 0;
	return unpack(L);
}

/* task, true, results... or task, false, error, text */
static int end(lua_State *L)
{
	struct async *async = async_of(lua_touserdata(L, 1));
	const bool heard = async->waiting > 0;

	async->failed = !lua_toboolean(L, 2);
	if (async->refs > 1) {
		if (async->failed) {
			lua_pushvalue(L, 3);
			pack(L, 1);
		} else {
			pack(L, lua_gettop(L) - 2);
		}
		async->results = lb_anchor(L);
	}
	wake_all(async);
	return async->failed && !heard ? lua_error(L) : 0;
}

/* Also when it could not even begin. */
static void drop(struct lb_task *task)
{
	struct async *async = async_of(task);

	if (!async->done) {
		async->failed = true;
		if (!async->queue->closed)
			wake_all(async);
	}
	put(async);
}

/* binder.async(fn, ...) */
int lb_async(lua_State *L)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct async *async;
	struct box *box;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	pack(L, lua_gettop(L));
	box = lua_newuserdatauv(L, sizeof(*box), 0);
	box->async = NULL;
	luaL_setmetatable(L, ASYNC_TYPE);
	async = calloc(1, sizeof(*async));
	if (!async)
		return luaL_error(L, LB_NO_MEMORY);
	async->refs = 1;
	async->queue = lb_queue_get(queue);
	async->task = (struct lb_task){
		.kind = lb_strand_kind(queue), .begin = begin, .end = end, .drop = drop
	};
	box->async = async;
	lua_pushvalue(L, 1);
	async->function = lb_anchor(L);
	async->refs++;
	if (lb_queue_push(queue, &async->task))
		put(async);
	return 1;
}

/* ---- the task as a value --------------------------------------------------------------- */

static struct async *check(lua_State *L)
{
	return ((struct box *)luaL_checkudata(L, 1, ASYNC_TYPE))->async;
}

static int results(lua_State *L, const struct async *async)
{
	if (!async->done)
		return lb_fail(L, STATUS_TIMED_OUT, "the task has not ended in time");
	if (!async->results)
		return luaL_error(L, "the task could not be run: out of memory");
	lb_push_anchored(L, async->results);
	if (!async->failed)
		return unpack(L);
	lua_rawgeti(L, -1, 1);
	return lua_error(L);
}

static int waited(lua_State *L, int status, lua_KContext context)
{
	struct lb_strand **link, *self = (struct lb_strand *)context;
	struct async *async = check(L);

	async->waiting--;
	for (link = &async->waiters; *link; link = &(*link)->next_waiter) {
		if (*link == self) {
			*link = self->next_waiter;
			break;
		}
	}
	return results(L, async);
}

/* Serves everything until it is done.  False: the error is on the stack. */
static bool serve(lua_State *L, struct async *async, int timeout_ms)
{
	const uint64_t until = lb_now() + (timeout_ms < 0 ? 0 : (uint64_t)timeout_ms * 1000000);
	int left = timeout_ms;

	while (!async->done && !lb_failed(L)) {
		enum lb_step step;

		if (timeout_ms >= 0) {
			const uint64_t now = lb_now();

			left = now >= until ? 0 : (int)((until - now + 999999) / 1000000);
		}
		step = lb_queue_wait(L, async->queue, LB_ALL, left);
		if (step == LB_INTERRUPTED)
			return false;
		if (step == LB_IDLE)
			break;
	}
	return true;
}

/* task:wait([seconds]): what the function returned; raises its error */
static int wait(lua_State *L)
{
	struct async *async = check(L);
	const int timeout_ms = lb_check_timeout(L, 2);
	struct lb_strand *strand;
	bool good;

	if (async->done)
		return results(L, async);
	strand = lb_strand_here(L);
	if (!strand && lb_queue_busy(async->queue))
		return luaL_error(L,
				  "task:wait cannot be used here: in a callback, wait outside of "
				  "coroutines of your own");
	async->waiting++;
	if (strand) {
		strand->next_waiter = async->waiters;
		async->waiters = strand;
		return lb_strand_wait(L, strand, timeout_ms, (lua_KContext)strand, waited);
	}
	good = serve(L, async, timeout_ms);
	async->waiting--;
	if (!good)
		return lua_error(L);
	lb_finish(L, 0); /* somebody else's error */
	return results(L, async);
}

/* task:done() */
static int done(lua_State *L)
{
	lua_pushboolean(L, check(L)->done);
	return 1;
}

static int to_string(lua_State *L)
{
	const struct async *async = check(L);

	lua_pushfstring(L, ASYNC_TYPE " (%s)",
			async->failed ? "failed" :
			async->done   ? "done" :
					"running");
	return 1;
}

static int collect(lua_State *L)
{
	struct box *box = luaL_checkudata(L, 1, ASYNC_TYPE);
	struct async *async = box->async;

	box->async = NULL;
	if (!async)
		return 0;
	if (async->results && !async->queue->closed)
		lb_unanchor(L, async->results);
	async->results = 0;
	put(async);
	return 0;
}

void lb_open_async(lua_State *L)
{
	static const luaL_Reg methods[] = {
		{ "wait", wait },
		{ "done", done },
		{ NULL, NULL },
	};
	static const luaL_Reg metamethods[] = {
		{ "__gc", collect },
		{ "__tostring", to_string },
		{ NULL, NULL },
	};

	luaL_newmetatable(L, ASYNC_TYPE);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

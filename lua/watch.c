/* SPDX-License-Identifier: MIT */
/*
 * watch.c: binder.watch(name, fn), and the handle that cancels it.
 *
 * fn(svc, name) runs in binder.loop() or binder.step() for each registration
 * under that name, the present one included.  It goes on until :cancel(),
 * whether or not the script keeps the handle.
 */
#include <stdlib.h>

#include "internal.h"

#define WATCH_TYPE "binder.watch"

struct watch {
	atomic_int refs; /* the handle's, and one per event */
	struct lb_queue *queue;
	AServiceManager_Watch *source;
	lua_Integer anchor; /* of {fn, name, handle}; 0: cancelled */
};

struct handle {
	struct watch *watch;
};

struct event {
	struct lb_task task;
	struct watch *watch;
	AIBinder *binder;
};

static void put(struct watch *watch)
{
	if (atomic_fetch_sub(&watch->refs, 1) != 1)
		return;
	lb_queue_put(watch->queue);
	free(watch);
}

static void drop(struct lb_task *task)
{
	struct event *event = (struct event *)task;

	AIBinder_decStrong(event->binder);
	put(event->watch);
	free(event);
}

static int tell(lua_State *L)
{
	struct event *event = lua_touserdata(L, 1);
	struct lb_service *service;

	if (!event->watch->anchor)
		return 0;
	lua_pushcfunction(L, lb_traceback);
	lb_push_anchored(L, event->watch->anchor);
	lua_rawgeti(L, 3, 1);
	service = lb_service_new(L);
	lua_rawgeti(L, 3, 2);
	lua_pushvalue(L, -1);
	lua_setiuservalue(L, -3, 1);
	service->binder = event->binder;
	event->binder = NULL;
	return lua_pcall(L, 2, 0, 2) == LUA_OK ? 0 : lua_error(L);
}

/* On a thread of the pool. */
static void on_watched(const char *name, AIBinder *binder, void *cookie)
{
	struct watch *watch = cookie;
	struct event *event = calloc(1, sizeof(*event));

	if (!event)
		return;
	AIBinder_incStrong(binder);
	atomic_fetch_add(&watch->refs, 1);
	*event = (struct event){
		.task = { .kind = LB_EVENT, .run = tell, .drop = drop },
		.watch = watch,
		.binder = binder,
	};
	if (lb_queue_push(watch->queue, &event->task))
		drop(&event->task);
}

struct job {
	struct lb_work work;
	const char *name;
	struct watch *watch;
	binder_status_t status;
};

static void begin(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	job->status = AServiceManager_watchOn(ABinderConnection_getDefault(), job->name, on_watched,
					      job->watch, &job->watch->source);
}

static void let_go(struct handle *handle)
{
	struct watch *watch = handle->watch;

	handle->watch = NULL;
	if (!watch)
		return;
	watch->anchor = 0;
	AServiceManager_Watch_delete(watch->source);
	put(watch);
}

/* binder.watch(name, fn) */
int lb_watch(lua_State *L)
{
	struct job job = { .name = luaL_checkstring(L, 1), .status = STATUS_UNKNOWN_ERROR };
	struct handle *handle;
	lua_Integer anchor;
	int failed;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	failed = lb_start_threads(L);
	if (failed)
		return failed;
	lua_settop(L, 2);
	handle = lua_newuserdatauv(L, sizeof(*handle), 0);
	handle->watch = NULL;
	luaL_setmetatable(L, WATCH_TYPE);
	lua_createtable(L, 3, 0);
	lua_pushvalue(L, 2);
	lua_rawseti(L, -2, 1);
	lua_pushvalue(L, 1);
	lua_rawseti(L, -2, 2);
	lua_pushvalue(L, 3);
	lua_rawseti(L, -2, 3);
	anchor = lb_anchor(L);

	handle->watch = calloc(1, sizeof(*handle->watch));
	if (!handle->watch) {
		lb_unanchor(L, anchor);
		return lb_fail(L, STATUS_NO_MEMORY, NULL);
	}
	atomic_init(&handle->watch->refs, 1);
	handle->watch->queue = lb_queue_get(lb_queue_of(L));
	handle->watch->anchor = anchor;
	job.work.run = begin;
	job.watch = handle->watch;
	lb_queue_do(L, &job.work);
	if (job.status != STATUS_OK) {
		lb_unanchor(L, anchor);
		let_go(handle);
		return lb_finish(L, lb_fail(L, job.status, job.work.error));
	}
	return lb_finish(L, 1);
}

/* handle:cancel(): true the first time; fn is not called any more */
static int cancel(lua_State *L)
{
	struct handle *handle = luaL_checkudata(L, 1, WATCH_TYPE);
	lua_Integer anchor = handle->watch ? handle->watch->anchor : 0;

	if (anchor)
		lb_unanchor(L, anchor);
	let_go(handle);
	lua_pushboolean(L, anchor != 0);
	return 1;
}

/* Only when cancelled, or when the state ends: until then it is anchored. */
static int collect(lua_State *L)
{
	let_go(luaL_checkudata(L, 1, WATCH_TYPE));
	return 0;
}

void lb_open_watch(lua_State *L)
{
	static const luaL_Reg metamethods[] = {
		{ "__gc", collect },
		{ "__close", cancel },
		{ NULL, NULL },
	};

	luaL_newmetatable(L, WATCH_TYPE);
	luaL_setfuncs(L, metamethods, 0);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, cancel);
	lua_setfield(L, -2, "cancel");
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

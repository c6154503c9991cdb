/* SPDX-License-Identifier: MIT */
/*
 * death.c: svc:on_death(fn), and the handle that cancels it.
 *
 * fn(svc) runs once, in binder.loop() or binder.step(), after the service's
 * process has died.  The link, the service and fn are kept until then or until
 * :cancel(), whether or not the script keeps the handle.
 */
#include <stdlib.h>

#include "internal.h"

#define DEATH_TYPE "binder.death"

struct death {
	atomic_int refs; /* the handle's, the link's, the task's */
	struct lb_queue *queue;
	AIBinder *binder;
	lua_Integer anchor; /* of {fn, svc, handle}; 0: cancelled or told */
	struct lb_task task;
};

struct handle {
	struct death *death;
};

static AIBinder_DeathRecipient *recipient;

static void put(struct death *death)
{
	if (atomic_fetch_sub(&death->refs, 1) != 1)
		return;
	AIBinder_decStrong(death->binder);
	lb_queue_put(death->queue);
	free(death);
}

static struct death *death_of(struct lb_task *task)
{
	return (struct death *)((char *)task - offsetof(struct death, task));
}

static void drop(struct lb_task *task)
{
	put(death_of(task));
}

static int tell(lua_State *L)
{
	struct death *death = death_of(lua_touserdata(L, 1));
	lua_Integer anchor = death->anchor;

	death->anchor = 0;
	if (!anchor)
		return 0;
	lua_pushcfunction(L, lb_traceback);
	lb_push_anchored(L, anchor);
	lb_unanchor(L, anchor);
	lua_rawgeti(L, -1, 1);
	lua_rawgeti(L, -2, 2);
	return lua_pcall(L, 1, 0, 2) == LUA_OK ? 0 : lua_error(L);
}

/* On threads of the pool. */
static void on_died(void *cookie)
{
	struct death *death = cookie;

	atomic_fetch_add(&death->refs, 1);
	if (lb_queue_push(death->queue, &death->task))
		put(death);
}

static void on_unlinked(void *cookie)
{
	put(cookie);
}

static void make_recipient(void)
{
	recipient = AIBinder_DeathRecipient_new(on_died);
	if (recipient)
		AIBinder_DeathRecipient_setOnUnlinked(recipient, on_unlinked);
}

static void let_go(struct handle *handle)
{
	struct death *death = handle->death;

	handle->death = NULL;
	if (!death)
		return;
	death->anchor = 0;
	AIBinder_unlinkToDeath(death->binder, recipient, death);
	put(death);
}

/* svc:on_death(fn) */
int lb_on_death(lua_State *L)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct lb_service *service = lb_service_check(L, 1);
	struct handle *handle;
	struct death *death;
	binder_status_t status;
	lua_Integer anchor;
	int failed;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	pthread_once(&once, make_recipient);
	if (!recipient)
		return lb_fail(L, STATUS_NO_MEMORY, NULL);
	failed = lb_start_threads(L);
	if (failed)
		return failed;
	handle = lua_newuserdatauv(L, sizeof(*handle), 0);
	handle->death = NULL;
	luaL_setmetatable(L, DEATH_TYPE);
	lua_createtable(L, 3, 0);
	for (int i = 1; i <= 3; i++) {
		lua_pushvalue(L, i == 1 ? 2 : i == 2 ? 1 : -2);
		lua_rawseti(L, -2, i);
	}
	anchor = lb_anchor(L);

	death = calloc(1, sizeof(*death));
	if (!death) {
		lb_unanchor(L, anchor);
		return lb_fail(L, STATUS_NO_MEMORY, NULL);
	}
	atomic_init(&death->refs, 2);
	death->queue = lb_queue_get(lb_queue_of(L));
	death->binder = service->binder;
	AIBinder_incStrong(death->binder);
	death->anchor = anchor;
	death->task = (struct lb_task){ .kind = LB_EVENT, .run = tell, .drop = drop };
	handle->death = death;
	status = AIBinder_linkToDeath(death->binder, recipient, death);
	if (status != STATUS_OK) {
		lb_unanchor(L, anchor);
		let_go(handle);
		return lb_fail(L, status, NULL);
	}
	return 1;
}

/* handle:cancel(): true when fn will not be called any more and was not before */
static int cancel(lua_State *L)
{
	struct handle *handle = luaL_checkudata(L, 1, DEATH_TYPE);
	lua_Integer anchor = handle->death ? handle->death->anchor : 0;

	if (anchor)
		lb_unanchor(L, anchor);
	let_go(handle);
	lua_pushboolean(L, anchor != 0);
	return 1;
}

/* Only when told or cancelled, or when the state ends: until then it is anchored. */
static int collect(lua_State *L)
{
	let_go(luaL_checkudata(L, 1, DEATH_TYPE));
	return 0;
}

static int to_string(lua_State *L)
{
	struct handle *handle = luaL_checkudata(L, 1, DEATH_TYPE);

	lua_pushfstring(L, DEATH_TYPE " (%s)",
			handle->death && handle->death->anchor ? "linked" : "over");
	return 1;
}

void lb_open_death(lua_State *L)
{
	static const luaL_Reg metamethods[] = {
		{ "__gc", collect },
		{ "__close", cancel },
		{ "__tostring", to_string },
		{ NULL, NULL },
	};

	luaL_newmetatable(L, DEATH_TYPE);
	luaL_setfuncs(L, metamethods, 0);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, cancel);
	lua_setfield(L, -2, "cancel");
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

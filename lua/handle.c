/* SPDX-License-Identifier: MIT */
/*
 * handle.c: what on_death(), watch(), after() and every() return: something that
 * calls a function of the script until it is over or cancelled.
 *
 * While it is not, the function, its value and the userdata are anchored, so
 * that the script need not keep the handle.
 */
#include <stdlib.h>

#include "queue.h"

struct box { /* the userdata */
	struct lb_handle *handle;
};

enum { FUNCTION = 1, VALUE, USERDATA };

struct lb_handle *lb_handle_get(struct lb_handle *handle)
{
	atomic_fetch_add(&handle->refs, 1);
	return handle;
}

void lb_handle_put(struct lb_handle *handle)
{
	if (!handle || atomic_fetch_sub(&handle->refs, 1) != 1)
		return;
	if (handle->kind->free)
		handle->kind->free(handle);
	lb_queue_put(handle->queue);
	free(handle);
}

void *lb_handle_new(lua_State *L, const struct lb_handle_kind *kind, int fn, int value)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct lb_handle *handle;
	struct box *box;

	fn = lua_absindex(L, fn);
	value = lua_absindex(L, value);
	box = lua_newuserdatauv(L, sizeof(*box), 0);
	box->handle = NULL;
	luaL_setmetatable(L, kind->type);
	handle = calloc(1, kind->size);
	if (!handle) {
		lua_pop(L, 1);
		return NULL;
	}
	handle->kind = kind;
	atomic_init(&handle->refs, 1);
	handle->queue = lb_queue_get(queue);
	box->handle = handle;
	lua_createtable(L, USERDATA, 0);
	lua_pushvalue(L, fn);
	lua_rawseti(L, -2, FUNCTION);
	lua_pushvalue(L, value);
	lua_rawseti(L, -2, VALUE);
	lua_pushvalue(L, -2);
	lua_rawseti(L, -2, USERDATA);
	handle->anchor = lb_anchor(L);
	return handle;
}

bool lb_handle_push(lua_State *L, const struct lb_handle *handle)
{
	if (!handle->anchor)
		return false;
	lb_push_anchored(L, handle->anchor);
	lua_rawgeti(L, -1, FUNCTION);
	lua_rawgeti(L, -2, VALUE);
	lua_remove(L, -3);
	return true;
}

void lb_handle_over(lua_State *L, struct lb_handle *handle)
{
	lua_Integer anchor = handle->anchor;

	handle->anchor = 0;
	if (anchor)
		lb_unanchor(L, anchor);
}

static struct box *check(lua_State *L)
{
	const struct lb_handle_kind *kind = lua_touserdata(L, lua_upvalueindex(1));

	return luaL_checkudata(L, 1, kind->type);
}

static void let_go(struct box *box)
{
	struct lb_handle *handle = box->handle;

	box->handle = NULL;
	if (!handle)
		return;
	handle->anchor = 0;
	handle->kind->stop(handle);
	lb_handle_put(handle);
}

/* handle:cancel(): true when the function will not be called any more and might have been */
static int cancel(lua_State *L)
{
	struct box *box = check(L);
	const bool live = box->handle && box->handle->anchor;

	if (live)
		lb_handle_over(L, box->handle);
	let_go(box);
	lua_pushboolean(L, live);
	return 1;
}

/* Only when over or cancelled, or when the state ends: until then it is anchored. */
static int collect(lua_State *L)
{
	let_go(check(L));
	return 0;
}

static int to_string(lua_State *L)
{
	const struct box *box = check(L);
	const struct lb_handle_kind *kind = lua_touserdata(L, lua_upvalueindex(1));

	lua_pushfstring(L, "%s (%s)", kind->type,
			box->handle && box->handle->anchor ? "active" : "over");
	return 1;
}

void lb_open_handle(lua_State *L, const struct lb_handle_kind *kind)
{
	static const luaL_Reg metamethods[] = {
		{ "__gc", collect },
		{ "__close", cancel },
		{ "__tostring", to_string },
		{ NULL, NULL },
	};

	luaL_newmetatable(L, kind->type);
	lua_pushlightuserdata(L, (void *)(uintptr_t)kind);
	luaL_setfuncs(L, metamethods, 1);
	lua_createtable(L, 0, 1);
	lua_pushlightuserdata(L, (void *)(uintptr_t)kind);
	lua_pushcclosure(L, cancel, 1);
	lua_setfield(L, -2, "cancel");
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

/* SPDX-License-Identifier: MIT */
/*
 * state.c: what the module keeps in one lua_State: its queue, the values that C
 * holds by number, and the errors of callbacks that the script has yet to see.
 *
 * All of it hangs on one userdata in the registry, whose collection ends the
 * queue.  Every other file gets to its state through here.
 */
#include <stdio.h>

#include "queue.h"

struct box { /* the userdata */
	struct lb_queue *queue;
	lua_Integer last_anchor;
	lua_Integer error_count;
};

enum { ANCHORS = 1, ERRORS, ON_ERROR, USER_VALUES = ON_ERROR };

static const char registry_key;

static struct box *push_box(lua_State *L)
{
	struct box *box;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_key);
	box = lua_touserdata(L, -1);
	if (!box || !box->queue)
		luaL_error(L, "binder: this Lua state is closing");
	return box;
}

struct lb_queue *lb_queue_of(lua_State *L)
{
	struct lb_queue *queue = push_box(L)->queue;

	lua_pop(L, 1);
	return queue;
}

/* ---- anchors ---------------------------------------------------------------- */

lua_Integer lb_anchor(lua_State *L)
{
	lua_Integer id = ++push_box(L)->last_anchor;

	lua_getiuservalue(L, -1, ANCHORS);
	lua_pushvalue(L, -3);
	lua_rawseti(L, -2, id);
	lua_pop(L, 3);
	return id;
}

void lb_push_anchored(lua_State *L, lua_Integer id)
{
	push_box(L);
	lua_getiuservalue(L, -1, ANCHORS);
	lua_rawgeti(L, -1, id);
	lua_replace(L, -3);
	lua_pop(L, 1);
}

void lb_unanchor(lua_State *L, lua_Integer id)
{
	push_box(L);
	lua_getiuservalue(L, -1, ANCHORS);
	lua_pushnil(L);
	lua_rawseti(L, -2, id);
	lua_pop(L, 2);
}

/* ---- errors of callbacks ------------------------------------------------------ */

void lb_set_on_error(lua_State *L)
{
	push_box(L);
	lua_insert(L, -2);
	lua_setiuservalue(L, -2, ON_ERROR);
	lua_pop(L, 1);
}

static int keep_error(lua_State *L)
{
	struct box *box = push_box(L);

	lua_getiuservalue(L, -1, ERRORS);
	lua_pushvalue(L, 1);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	box->error_count++;
	return 0;
}

static int call_on_error(lua_State *L)
{
	push_box(L);
	if (lua_getiuservalue(L, -1, ON_ERROR) == LUA_TNIL) {
		lua_settop(L, 1);
		return keep_error(L);
	}
	lua_pushvalue(L, 1);
	lua_call(L, 1, 0);
	return 0;
}

/* Pops the error on top of the stack, for on_error or the next lb_finish(). */
void lb_report_error(lua_State *L)
{
	lua_pushcfunction(L, call_on_error);
	lua_insert(L, -2);
	if (lua_pcall(L, 1, 0, 0) == LUA_OK)
		return;
	/* on_error itself failed */
	lua_pushcfunction(L, keep_error);
	lua_insert(L, -2);
	if (lua_pcall(L, 1, 0, 0) == LUA_OK)
		return;
	fprintf(stderr, "binder: an error in a callback was lost: %s\n",
		lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "out of memory");
	lua_pop(L, 1);
}

bool lb_failed(lua_State *L)
{
	bool failed = push_box(L)->error_count > 0;

	lua_pop(L, 1);
	return failed;
}

int lb_finish(lua_State *L, int n)
{
	struct box *box;
	lua_Integer count;

	luaL_checkstack(L, 5, NULL);
	box = push_box(L);
	count = box->error_count;
	if (count == 0 || lb_queue_busy(box->queue)) {
		lua_pop(L, 1);
		return n;
	}
	lua_getiuservalue(L, -1, ERRORS);
	lua_rawgeti(L, -1, 1);
	for (lua_Integer i = 1; i <= count; i++) {
		lua_rawgeti(L, -2, i + 1);
		lua_rawseti(L, -3, i);
	}
	box->error_count--;
	return lua_error(L);
}

/* ---- beginning and end ------------------------------------------------------------ */

static int box_gc(lua_State *L)
{
	struct box *box = lua_touserdata(L, 1);
	struct lb_queue *queue = box->queue;

	box->queue = NULL;
	if (queue) {
		lb_queue_close(queue);
		lb_queue_put(queue);
	}
	return 0;
}

void lb_open_state(lua_State *L)
{
	struct box *box;

	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_key) != LUA_TNIL) {
		lua_pop(L, 1); /* a second require, after package.loaded was cleared */
		return;
	}
	lua_pop(L, 1);
	box = lua_newuserdatauv(L, sizeof(*box), USER_VALUES);
	*box = (struct box){ 0 };
	lua_newtable(L);
	lua_setiuservalue(L, -2, ANCHORS);
	lua_newtable(L);
	lua_setiuservalue(L, -2, ERRORS);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, box_gc);
	lua_setfield(L, -2, "__gc");
	lua_setmetatable(L, -2);
	box->queue = lb_queue_new();
	if (!box->queue)
		luaL_error(L, "binder: no eventfd or no memory");
	lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_key);
}

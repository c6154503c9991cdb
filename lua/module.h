/* SPDX-License-Identifier: MIT */
/*
 * module.h: what a program that embeds the Lua module needs of it.
 *
 * binderctl puts luaopen_binder into package.preload and, while it waits for
 * something else, watches lb_queue_fd() and calls binder.step(0).
 */
#ifndef LUA_MODULE_H
#define LUA_MODULE_H

#include <lua.h>

int luaopen_binder(lua_State *L);
/* Readable when handlers or callbacks wait for the Lua thread. */
int lb_queue_fd(lua_State *L);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * suites.h: the suites that embed the Lua module, and what they share.
 */
#ifndef TESTS_LUA_SUITES_H
#define TESTS_LUA_SUITES_H

#include <check.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <sys/types.h>

Suite *interrupt_suite(void);
Suite *memory_suite(void);

/* A state with Lua's libraries and the module, from an allocator (NULL: the usual one); NULL:
 * out of memory. */
lua_State *state_new(lua_Alloc alloc, void *cookie);
/* Runs a text; NULL, or its error, which lives until the next call. */
const char *state_run(lua_State *L, const char *text);

/* A process that serves "test.peer": 1 echo(i32), 2 wait for ever, 3 call back(binder, i32). */
pid_t peer_start(void);
void peer_stop(pid_t pid);

#endif

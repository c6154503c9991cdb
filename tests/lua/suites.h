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

Suite *allocation_suite(void);
Suite *interrupt_suite(void);
Suite *memory_suite(void);

/* From one allocation to the next that fails: more than one where everything is slow. */
unsigned long allocation_step(void);
/* A process of allocation_suite() that has just begun; its exit status. */
int allocation_fresh(const char *first, const char *last);

/* A state with Lua's libraries and the module, from an allocator (NULL: the usual one); NULL:
 * out of memory. */
lua_State *state_new(lua_Alloc alloc, void *cookie);
/* Gives a state those libraries and the module; false: the error is on its stack. */
bool state_open(lua_State *L);
/* Runs a text; NULL, or its error, which lives until the next call. */
const char *state_run(lua_State *L, const char *text);

/* A process that serves "test.peer": 1 echo(i32), 2 wait for ever, 3 call back(binder, i32). */
pid_t peer_start(void);
void peer_stop(pid_t pid);

#endif

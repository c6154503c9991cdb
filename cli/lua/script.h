/* SPDX-License-Identifier: MIT */
/*
 * script.h: a Lua state as binderctl's scripts and its shell have it.
 */
#ifndef CLI_SCRIPT_H
#define CLI_SCRIPT_H

#include <lua.h>

/* Lua's libraries, require "binder" and require "binder.test".  Raises when memory is short. */
void script_open(lua_State *L);

/* A message handler: adds a traceback, unless script_no_traceback() was called. */
int script_traceback(lua_State *L);
/* What could not even be loaded has no story to tell. */
void script_no_traceback(lua_State *L);

/* Sets the table arg: [0] is the script, [1...] are its arguments, as in lua(1). */
void script_set_arguments(lua_State *L, int argc, char **argv);

#endif

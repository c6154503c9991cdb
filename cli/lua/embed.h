/* SPDX-License-Identifier: MIT */
/*
 * embed.h: the Lua that is part of binderctl: cli/lua/ and lua/test.lua.
 *
 * script.c, run.c and the shell load these by name.
 */
#ifndef CLI_EMBED_H
#define CLI_EMBED_H

#include <stdbool.h>

#include <lua.h>

/* Pushes the chunk "show", "verbs" ... as a function, or raises. */
void embed_load(lua_State *L, const char *name);

#endif

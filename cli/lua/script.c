/* SPDX-License-Identifier: MIT */
/*
 * script.c: makes a Lua state ready for scripts.
 *
 * Called by run.c for `run`, `serve` and `test`, and by the shell.  The module
 * is that of lua/, the same which stock lua5.4 loads from a file.
 */
#include "cli/lua/script.h"

#include <stdbool.h>

#include <lauxlib.h>
#include <lualib.h>

#include "cli/lua/embed.h"
#include "lua/module.h"

#define NOT_LOADED "binderctl: the script did not load"

static int open_test(lua_State *L)
{
	lua_settop(L, 1);
	embed_load(L, "test");
	lua_insert(L, 1);
	lua_call(L, 1, 1);
	return 1;
}

void script_open(lua_State *L)
{
	luaL_openlibs(L);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	lua_pushcfunction(L, luaopen_binder);
	lua_setfield(L, -2, "binder");
	lua_pushcfunction(L, open_test);
	lua_setfield(L, -2, "binder.test");
	lua_pop(L, 1);
}

void script_no_traceback(lua_State *L)
{
	lua_pushboolean(L, true);
	lua_setfield(L, LUA_REGISTRYINDEX, NOT_LOADED);
}

int script_traceback(lua_State *L)
{
	const char *message = lua_tostring(L, 1);

	/* Nothing in the script can mend these. */
	if (lb_driver_gone(L) || lua_getfield(L, LUA_REGISTRYINDEX, NOT_LOADED) == LUA_TBOOLEAN) {
		luaL_tolstring(L, 1, NULL);
		lua_replace(L, 1);
		lua_settop(L, 1);
		return 1;
	}
	/* An error may be any value; one that can be text says it by itself. */
	if (!message)
		message = luaL_tolstring(L, 1, NULL);
	luaL_traceback(L, L, message, 1);
	return 1;
}

void script_set_arguments(lua_State *L, int argc, char **argv)
{
	lua_createtable(L, argc, 1);
	for (int i = 0; i < argc; i++) {
		lua_pushstring(L, argv[i]);
		lua_rawseti(L, -2, i);
	}
	lua_setglobal(L, "arg");
}

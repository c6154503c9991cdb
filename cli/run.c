/* SPDX-License-Identifier: MIT */
/*
 * run.c: `binderctl run`, Lua 5.4 with the module "binder" built in.
 *
 * The module is that of lua/, the same which stock lua5.4 loads from a file.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "errors.h"
#include "world.h"

int luaopen_binder(lua_State *L);

#define NOT_LOADED "binderctl: the script did not load"

static int add_traceback(lua_State *L)
{
	const char *message = lua_tostring(L, 1);

	if (lua_getfield(L, LUA_REGISTRYINDEX, NOT_LOADED) == LUA_TBOOLEAN) {
		lua_settop(L, 1);
		return 1;
	}
	/* An error may be any value; one that can be text says it by itself. */
	if (!message)
		message = luaL_tolstring(L, 1, NULL);
	luaL_traceback(L, L, message, 1);
	return 1;
}

/* arg[0] is the script, arg[1...] are its arguments, as in lua(1). */
static void push_arguments(lua_State *L, int argc, char **argv)
{
	lua_createtable(L, argc - 1, 1);
	for (int i = 0; i < argc; i++) {
		lua_pushstring(L, argv[i]);
		lua_rawseti(L, -2, i);
	}
	lua_setglobal(L, "arg");
}

/* In protected mode: memory may run out anywhere here. */
static int run_script(lua_State *L)
{
	int argc = (int)lua_tointeger(L, 1);
	char **argv = lua_touserdata(L, 2);

	luaL_openlibs(L);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	lua_pushcfunction(L, luaopen_binder);
	lua_setfield(L, -2, "binder");
	lua_settop(L, 0);
	push_arguments(L, argc, argv);
	/* What cannot be read or is no Lua has no story to tell; NULL is standard input. */
	if (luaL_loadfile(L, strcmp(argv[0], "-") ? argv[0] : NULL) != LUA_OK) {
		lua_pushboolean(L, true);
		lua_setfield(L, LUA_REGISTRYINDEX, NOT_LOADED);
		return lua_error(L);
	}
	for (int i = 1; i < argc; i++)
		lua_pushstring(L, argv[i]);
	lua_call(L, argc - 1, 0);
	return 0;
}

int verb_run(struct invocation *invocation)
{
	lua_State *L = luaL_newstate();
	int result = EXIT_OK;

	if (!L)
		return fail(invocation, EXIT_OTHER, NULL, "out of memory");
	if (invocation->device)
		ABinderConnection_setDefaultDevice(invocation->device);
	lua_pushcfunction(L, add_traceback);
	lua_pushcfunction(L, run_script);
	lua_pushinteger(L, invocation->argc);
	lua_pushlightuserdata(L, invocation->argv);
	if (lua_pcall(L, 2, 0, 1) != LUA_OK)
		result = fail_lines(invocation, EXIT_OTHER, lua_tostring(L, -1));
	lua_close(L);
	return result;
}

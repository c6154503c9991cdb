/* SPDX-License-Identifier: MIT */
/*
 * run.c: `binderctl run` and `serve`, and what `test` starts for each file: a
 * script in a Lua state of its own.
 */
#include <string.h>

#include <binder/ext.h>
#include <lauxlib.h>

#include "cli/lua/embed.h"
#include "cli/errors.h"
#include "lua/module.h"
#include "cli/lua/script.h"

/* The script as a function; NULL is standard input. */
static void load_script(lua_State *L, const char *path)
{
	if (luaL_loadfile(L, strcmp(path, "-") ? path : NULL) == LUA_OK)
		return;
	script_no_traceback(L);
	lua_error(L);
}

static int push_words(lua_State *L, int argc, char **argv)
{
	luaL_checkstack(L, argc, "too many arguments");
	for (int i = 0; i < argc; i++)
		lua_pushstring(L, argv[i]);
	return argc;
}

static int do_run(lua_State *L, int argc, char **argv)
{
	load_script(L, argv[0]);
	lua_call(L, push_words(L, argc - 1, argv + 1), 0);
	return 0;
}

static int do_serve(lua_State *L, int argc, char **argv)
{
	embed_load(L, "serve");
	load_script(L, argv[0]);
	lua_call(L, 1 + push_words(L, argc - 1, argv + 1), 0);
	return 0;
}

static int do_test(lua_State *L, int argc, char **argv)
{
	embed_load(L, "testfile");
	lua_call(L, push_words(L, argc, argv), 0);
	return 0;
}

/* In protected mode: memory may run out anywhere here. */
static int begin(lua_State *L)
{
	const struct invocation *invocation = lua_touserdata(L, 1);
	int (*const *body)(lua_State *, int, char **) = lua_touserdata(L, 2);

	script_open(L);
	script_set_arguments(L, invocation->argc, invocation->argv);
	lua_settop(L, 0);
	return (*body)(L, invocation->argc, invocation->argv);
}

static int run(struct invocation *invocation, int (*body)(lua_State *, int, char **))
{
	lua_State *L = luaL_newstate();
	int result = EXIT_OK;

	if (!L)
		return fail(invocation, EXIT_OTHER, NULL, "out of memory");
	if (invocation->device)
		ABinderConnection_setDefaultDevice(invocation->device);
	lua_pushcfunction(L, script_traceback);
	lua_pushcfunction(L, begin);
	lua_pushlightuserdata(L, invocation);
	lua_pushlightuserdata(L, &body);
	if (lua_pcall(L, 2, 0, 1) != LUA_OK)
		result = fail_lines(invocation, lb_driver_gone(L) ? EXIT_NO_DRIVER : EXIT_OTHER,
				    lua_tostring(L, -1));
	lua_close(L);
	return result;
}

int verb_run(struct invocation *invocation)
{
	return run(invocation, do_run);
}

int verb_serve(struct invocation *invocation)
{
	return run(invocation, do_serve);
}

int verb_test_file(struct invocation *invocation)
{
	return run(invocation, do_test);
}

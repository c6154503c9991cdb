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
	const struct arguments *arguments = lua_touserdata(L, 1);
	int (*const *body)(lua_State *, int, char **) = lua_touserdata(L, 2);

	script_open(L);
	script_set_arguments(L, arguments->argc, arguments->argv);
	lua_settop(L, 0);
	return (*body)(L, arguments->argc, arguments->argv);
}

static int run(const struct arguments *arguments, int (*body)(lua_State *, int, char **))
{
	lua_State *L = luaL_newstate();
	int result = EXIT_OK;

	if (!L)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	if (arguments->device)
		ABinderConnection_setDefaultDevice(arguments->device);
	lua_pushcfunction(L, script_traceback);
	lua_pushcfunction(L, begin);
	lua_pushlightuserdata(L, (void *)arguments);
	lua_pushlightuserdata(L, &body);
	if (lua_pcall(L, 2, 0, 1) != LUA_OK)
		result = fail_lines(arguments, lb_driver_gone(L) ? EXIT_NO_DRIVER : EXIT_OTHER,
				    lua_tostring(L, -1));
	lua_close(L);
	return result;
}

static int run_run(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return run(arguments, do_run);
}

const struct verb verb_run = {
	.name = "run",
	.arguments = "SCRIPT.lua [ARGUMENT]...",
	.summary = "run a Lua script with the binder module",
	.details =
		"Lua 5.4 with its standard libraries; require \"binder\" needs nothing installed.\n"
		"The script's arguments are in the table arg.  \"-\" reads it from standard input.",
	.example = "binderctl run scripts/media_player.lua",
	.min_words = 1,
	.max_words = -1,
	.words_end_options = true,
	.words_are_files = true,
	.is_program = true,
	.run = run_run,
};

static int run_serve(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return run(arguments, do_serve);
}

const struct verb verb_serve = {
	.name = "serve",
	.arguments = "SCRIPT.lua [ARGUMENT]...",
	.summary = "run a Lua script and host its services until signalled",
	.details =
		"As run, and then answers calls until TERM, INT or HUP comes, so that the script need\n"
		"not end with binder.loop().  One that returns a table of names and specs has them\n"
		"registered: return { [\"my.echo\"] = { [1] = function(request, reply) ... end } }.",
	.example = "binderctl serve scripts/media_player.lua",
	.min_words = 1,
	.max_words = -1,
	.words_end_options = true,
	.words_are_files = true,
	.is_program = true,
	.run = run_serve,
};

static int run_test_file(struct session *session, const struct arguments *arguments,
			 struct sink *sink)
{
	return run(arguments, do_test);
}

const struct verb verb_test_file = {
	.name = "test-file",
	.arguments = "FILE",
	.summary = "run one file of tests and print TAP",
	.example = "binderctl test-file my_test.lua",
	.min_words = 1,
	.max_words = 1,
	.hidden = true,
	.is_program = true,
	.run = run_test_file,
};

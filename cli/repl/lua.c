/* SPDX-License-Identifier: MIT */
/*
 * lua.c: Lua at the shell: compiles what was typed, calls it, keeps its result.
 *
 * Called by line.c with a line that is no verb.  Results go to print.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "lua/module.h"
#include "cli/repl/repl.h"
#include "cli/lua/script.h"

#define CHUNK "=input"

/* A loop of the script ends at Ctrl-C too: coroutines inherit the hook. */
#define HOOK_EVERY 10000

static void look_for_interrupt(lua_State *L, lua_Debug *unused)
{
	if (!atomic_load(&repl_interrupted))
		return;
	/* Whoever catches it is interrupted again, until the prompt is back. */
	lua_sethook(L, look_for_interrupt, LUA_MASKCOUNT, 1);
	luaL_error(L, "interrupted");
}

static int open_state(lua_State *L)
{
	struct repl *repl = lua_touserdata(L, 1);

	script_open(L);
	repl_print_open(L, repl);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "binder");
	lua_call(L, 1, 1);
	lua_setglobal(L, "binder");
	lua_sethook(L, look_for_interrupt, LUA_MASKCOUNT, HOOK_EVERY);
	return 0;
}

bool repl_lua_open(struct repl *repl)
{
	repl->L = luaL_newstate();
	if (!repl->L)
		return false;
	lua_pushcfunction(repl->L, open_state);
	lua_pushlightuserdata(repl->L, repl);
	if (lua_pcall(repl->L, 1, 0, 0) == LUA_OK)
		return true;
	repl_complain(repl, lua_tostring(repl->L, -1));
	lua_close(repl->L);
	repl->L = NULL;
	return false;
}

static int to_text(lua_State *L)
{
	luaL_tolstring(L, 1, NULL);
	return 1;
}

/* Pops an error, which may be any value. */
static void report(struct repl *repl)
{
	lua_State *L = repl->L;

	lua_pushcfunction(L, to_text);
	lua_insert(L, -2);
	lua_pcall(L, 1, 1, 0);
	repl_complain(repl, lua_tostring(L, -1));
	lua_pop(L, 1);
	repl->status = EXIT_OTHER;
}

bool repl_pcall(struct repl *repl, int arguments, int results)
{
	bool good;

	/* What came while nothing ran is over. */
	atomic_store(&repl_interrupted, false);
	lb_interrupt_clear(repl->L);
	good = lua_pcall(repl->L, arguments, results, 0) == LUA_OK;
	atomic_store(&repl_interrupted, false);
	lb_interrupt_clear(repl->L);
	lua_sethook(repl->L, look_for_interrupt, LUA_MASKCOUNT, HOOK_EVERY);
	if (!good)
		report(repl);
	return good;
}

void repl_set_last(struct repl *repl)
{
	lua_setglobal(repl->L, "_");
}

/* ---- compiling --------------------------------------------------------------------- */

/* Pushes the function, or a message. */
static int load(lua_State *L, const char *before, const char *text)
{
	char *whole = malloc(strlen(before) + strlen(text) + 1);
	int status;

	if (!whole) {
		lua_pushliteral(L, "not enough memory");
		return LUA_ERRMEM;
	}
	strcpy(stpcpy(whole, before), text);
	status = luaL_loadbufferx(L, whole, strlen(whole), CHUNK, "t");
	free(whole);
	return status;
}

/* An error at the very end of the text means that there is more to come. */
static bool is_incomplete(lua_State *L)
{
	size_t length;
	const char *message = lua_tolstring(L, -1, &length);

	return length >= 5 && strcmp(message + length - 5, "<eof>") == 0;
}

/* An expression, with or without "=", or statements. */
static int compile(lua_State *L, const char *text, bool *is_expression)
{
	int status;

	*is_expression = true;
	if (*text == '=')
		return load(L, "return ", text + 1);
	status = load(L, "return ", text);
	if (status != LUA_ERRSYNTAX)
		return status;
	lua_pop(L, 1);
	*is_expression = false;
	return load(L, "", text);
}

/* Two words side by side are seldom Lua: the first may have been meant as a verb. */
static void suggest_for(struct repl *repl, const char *text)
{
	const size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
	const char *verb;
	char word[32], hint[80];

	if (!length || length >= sizeof(word) || text[length] != ' ')
		return;
	memcpy(word, text, length);
	word[length] = 0;
	if (lua_getglobal(repl->L, word) == LUA_TNIL && (verb = suggest_verb(word))) {
		snprintf(hint, sizeof(hint), "did you mean the verb %s?", verb);
		repl_complain(repl, hint);
	}
	lua_pop(repl->L, 1);
}

enum repl_result repl_lua(struct repl *repl, const char *text)
{
	lua_State *L = repl->L;
	const int before = lua_gettop(L);
	bool is_expression, good;
	int status = compile(L, text, &is_expression);

	if (status == LUA_ERRSYNTAX && is_incomplete(L)) {
		lua_pop(L, 1);
		return REPL_MORE;
	}
	if (status != LUA_OK) {
		report(repl);
		suggest_for(repl, text);
		return REPL_FAILED;
	}
	good = repl_pcall(repl, 0, LUA_MULTRET);
	repl_record_add(repl, text, !good);
	if (!good)
		return REPL_FAILED;
	if (lua_gettop(L) > before) {
		lua_pushvalue(L, before + 1);
		repl_set_last(repl);
		repl_print(repl, lua_gettop(L) - before);
	}
	return REPL_DONE;
}

bool repl_lua_call(struct repl *repl, const char *chunk, int *count_ret)
{
	lua_State *L = repl->L;
	const int before = lua_gettop(L);

	if (load(L, "", chunk) != LUA_OK) {
		report(repl);
		return false;
	}
	if (!repl_pcall(repl, 0, LUA_MULTRET))
		return false;
	*count_ret = lua_gettop(L) - before;
	return true;
}

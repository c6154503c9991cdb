/* SPDX-License-Identifier: MIT */
/*
 * print.c: results for the person at the shell.
 *
 * show.lua formats values; here is what it needs of C, and parcels, which are
 * shown as replies are.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "cli/lua/embed.h"
#include "lua/module.h"
#include "cli/repl/repl.h"
#include "cli/value/sink.h"
#include "cli/verbs/reply.h"
#include "cli/value/text.h"

static const char show_key;

/* ---- for show.lua ------------------------------------------------------ */

/* clean(text [, lines]): fit for a terminal */
static int clean(lua_State *L)
{
	const char *text = luaL_checkstring(L, 1);
	const bool lines = lua_toboolean(L, 2);
	char *buffer = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&buffer, &size);

	if (!out)
		return luaL_error(L, "not enough memory");
	text_print(out, text, lines);
	if (fclose(out) != 0 || !buffer) {
		free(buffer);
		return luaL_error(L, "not enough memory");
	}
	lua_pushlstring(L, buffer, size);
	free(buffer);
	return 1;
}

static int colour(lua_State *L)
{
	static const char *const names[] = { "number", "string", "off", NULL };
	static const char *const codes[] = { "\033[36m", "\033[32m", "\033[0m" };
	const struct repl *repl = lua_touserdata(L, lua_upvalueindex(1));

	lua_pushstring(L, repl->colour ? codes[luaL_checkoption(L, 1, NULL, names)] : "");
	return 1;
}

static int is_parcel(lua_State *L)
{
	lua_pushboolean(L, lb_parcel_of(L, 1) != NULL);
	return 1;
}

/* width(): columns that a line may have */
static int width(lua_State *L)
{
	const struct arguments nobody = { 0 };
	struct sink sink;

	sink_open(&sink, &nobody, stdout);
	lua_pushinteger(L, sink.width ? sink.width : 80);
	return 1;
}

/* parcel(value) */
static int show_parcel(lua_State *L)
{
	const AParcel *parcel = lb_parcel_of(L, 1);
	const struct arguments nobody = { 0 };
	struct reply_view view = { .title = "parcel" };
	struct sink sink;
	int32_t position;

	if (!parcel)
		return 0;
	position = AParcel_getDataPosition(parcel);
	sink_open(&sink, &nobody, stdout);
	reply_show(&sink, parcel, &view);
	AParcel_setDataPosition(parcel, position);
	return 0;
}

void repl_print_open(lua_State *L, struct repl *repl)
{
	static const luaL_Reg functions[] = {
		{ "clean", clean }, { "colour", colour },      { "is_parcel", is_parcel },
		{ "width", width }, { "parcel", show_parcel }, { NULL, NULL },
	};
	luaL_newlibtable(L, functions);
	lua_pushlightuserdata(L, repl);
	luaL_setfuncs(L, functions, 1);
	lua_newtable(L);
	embed_load(L, "show");
	lua_pushvalue(L, -3);
	lua_call(L, 1, 1);
	lua_setfield(L, -2, "show");
	embed_load(L, "names");
	lua_call(L, 0, 1);
	lua_setfield(L, -2, "names");
	lua_rawsetp(L, LUA_REGISTRYINDEX, &show_key);
	lua_pop(L, 1);
}

void repl_push_part(lua_State *L, const char *part, const char *name)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, &show_key);
	lua_getfield(L, -1, part);
	lua_remove(L, -2);
	if (name) {
		lua_getfield(L, -1, name);
		lua_remove(L, -2);
	}
}

void repl_print(struct repl *repl, int count)
{
	repl_push_part(repl->L, "show", "values");
	lua_insert(repl->L, -1 - count);
	repl_pcall(repl, count, 0);
}

void repl_push_json(lua_State *L, const json_t *value)
{
	const char *key;
	json_t *entry;
	size_t i;

	luaL_checkstack(L, 4, "nested too deeply");
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		lua_newtable(L);
		json_object_foreach((json_t *)value, key, entry)
		{
			repl_push_json(L, entry);
			lua_setfield(L, -2, key);
		}
		return;
	case JSON_ARRAY:
		lua_newtable(L);
		json_array_foreach((json_t *)value, i, entry)
		{
			repl_push_json(L, entry);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		return;
	case JSON_STRING:
		lua_pushlstring(L, json_string_value(value), json_string_length(value));
		return;
	case JSON_INTEGER:
		lua_pushinteger(L, json_integer_value(value));
		return;
	case JSON_REAL:
		lua_pushnumber(L, json_real_value(value));
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		lua_pushboolean(L, json_is_true(value));
		return;
	case JSON_NULL:
		lua_pushnil(L);
	}
}

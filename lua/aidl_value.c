/* SPDX-License-Identifier: MIT */
/*
 * aidl_value.c: Lua values as trees for the codec, and the other way round.
 *
 * A table is a list when it has a [1], an n, or nothing; else its names are
 * fields.  Whether a value fits its type is the codec's to say: it knows the
 * field's name.
 */
#include "aidl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA_TYPE "binder.aidl_data"
#define DEEPEST 64

struct aidl_data *lb_aidl_data_new(lua_State *L)
{
	struct aidl_data *data = lua_newuserdatauv(L, sizeof(*data), 0);

	*data = (struct aidl_data){ .kind = AIDL_DATA_NULL };
	luaL_setmetatable(L, DATA_TYPE);
	return data;
}

static int collect(lua_State *L)
{
	aidl_data_clear(lua_touserdata(L, 1));
	return 0;
}

void lb_open_aidl_value(lua_State *L)
{
	luaL_newmetatable(L, DATA_TYPE);
	lua_pushcfunction(L, collect);
	lua_setfield(L, -2, "__gc");
	lua_pop(L, 1);
}

/* ---- from Lua ------------------------------------------------------------------------- */

static void set(lua_State *L, int index, struct aidl_data *data, int depth);

static void check_memory(lua_State *L, bool had)
{
	if (!had)
		luaL_error(L, "not enough memory");
}

static lua_Integer list_length(lua_State *L, int index)
{
	lua_Integer length;

	/* As table.pack() has it: the only way to end a list with nil. */
	if (lua_getfield(L, index, "n") != LUA_TNUMBER || !lua_isinteger(L, -1)) {
		lua_pop(L, 1);
		return luaL_len(L, index);
	}
	length = lua_tointeger(L, -1);
	lua_pop(L, 1);
	return length;
}

/* Without a [1] it is one that begins with nil: numbers, and perhaps an n.  An n alone may be the
 * name of a field; where a list is wanted, the codec takes it for the length of one of nil. */
static bool is_list(lua_State *L, int index)
{
	bool list = lua_geti(L, index, 1) != LUA_TNIL;
	bool has_n = false;

	lua_pop(L, 1);
	if (list)
		return true;
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		bool is_n = lua_type(L, -2) == LUA_TSTRING && !strcmp(lua_tostring(L, -2), "n") &&
			    lua_isinteger(L, -1);

		if (!is_n && !lua_isinteger(L, -2)) {
			lua_pop(L, 2);
			return false;
		}
		has_n |= is_n;
		list |= !is_n;
	}
	return list || !has_n;
}

static void set_list(lua_State *L, int index, struct aidl_data *data, int depth)
{
	lua_Integer length = list_length(L, index);

	luaL_argcheck(L, length >= 0 && length <= INT32_MAX, 1, "a list's length is out of range");
	aidl_data_set_list(data);
	for (lua_Integer i = 1; i <= length; i++) {
		struct aidl_data *item = aidl_data_append(data);

		check_memory(L, item != NULL);
		lua_geti(L, index, i);
		set(L, lua_gettop(L), item, depth + 1);
		lua_pop(L, 1);
	}
}

/* A parcelable's holder looks for its type first. */
static void set_held_type(lua_State *L, int index, struct aidl_data *data)
{
	if (lua_getfield(L, index, "@type") == LUA_TSTRING) {
		struct aidl_data *type = aidl_data_put(data, "@type");

		check_memory(L, type != NULL);
		set(L, lua_gettop(L), type, 0);
	}
	lua_pop(L, 1);
}

/* A table cannot hold nil: {["@null"] = "field"} is a union whose field is null. */
#define NULL_FIELD "@null"

static void set_null_field(lua_State *L, int index, struct aidl_data *data)
{
	if (lua_getfield(L, index, NULL_FIELD) == LUA_TSTRING)
		check_memory(L, aidl_data_put(data, lua_tostring(L, -1)) != NULL);
	lua_pop(L, 1);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a table in their order, so that the same table becomes the same bytes; pushes
 * what they lie in.  The table keeps the strings. */
static const char **push_names(lua_State *L, int index, size_t *count)
{
	const char **names;
	size_t i = 0;

	*count = 0;
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
		++*count;
	names = lua_newuserdatauv(L, (*count + 1) * sizeof(*names), 0);
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "a table has names or 1, 2, ...; this one has a %s as a key",
				   luaL_typename(L, -2));
		names[i] = lua_tostring(L, -2);
		if (strlen(names[i++]) != lua_rawlen(L, -2))
			luaL_error(L, "a name with a NUL in it is no value of AIDL");
	}
	qsort(names, *count, sizeof(*names), compare_names);
	return names;
}

static void set_map(lua_State *L, int index, struct aidl_data *data, int depth)
{
	const char **names;
	size_t count;

	aidl_data_set_map(data);
	set_held_type(L, index, data);
	set_null_field(L, index, data);
	names = push_names(L, index, &count);
	for (size_t i = 0; i < count; i++) {
		struct aidl_data *item;

		if (!strcmp(names[i], NULL_FIELD))
			continue;
		item = aidl_data_put(data, names[i]);
		check_memory(L, item != NULL);
		lua_getfield(L, index, names[i]);
		set(L, lua_gettop(L), item, depth + 1);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

/* A service, a proxy, or an open file. */
static void set_userdata(lua_State *L, int index, struct aidl_data *data)
{
	bool proxy = lb_aidl_push_service(L, index);
	struct lb_service *service;
	luaL_Stream *stream;

	if (!proxy)
		lua_pushvalue(L, index);
	service = lb_service_test(L, -1);
	stream = luaL_testudata(L, -1, LUA_FILEHANDLE);
	if (service && !service->binder)
		luaL_error(L, "the service is closed");
	if (stream && !stream->closef)
		luaL_error(L, "the file is closed");
	if (service) {
		aidl_data_set_binder(data, service->binder);
	} else if (stream) {
		int fd;

		/* What was written so far belongs before what the other side writes. */
		fflush(stream->f);
		fd = dup(fileno(stream->f));
		if (fd < 0)
			luaL_error(L, "the file cannot be duplicated: too many open?");
		aidl_data_set_file(data, fd);
	} else {
		luaL_error(L, "a %s is no value of AIDL", luaL_typename(L, index));
	}
	lua_pop(L, 1);
}

static void set(lua_State *L, int index, struct aidl_data *data, int depth)
{
	const char *text;
	size_t length;

	if (depth > DEEPEST)
		luaL_error(L, "tables are nested more than %d levels deep", DEEPEST);
	luaL_checkstack(L, 8, NULL);
	switch (lua_type(L, index)) {
	case LUA_TNIL:
		aidl_data_clear(data);
		break;
	case LUA_TBOOLEAN:
		aidl_data_set_boolean(data, lua_toboolean(L, index));
		break;
	case LUA_TNUMBER:
		if (lua_isinteger(L, index))
			aidl_data_set_integer(data, lua_tointeger(L, index));
		else
			aidl_data_set_floating(data, lua_tonumber(L, index));
		break;
	case LUA_TSTRING:
		text = lua_tolstring(L, index, &length);
		check_memory(L, aidl_data_set_string(data, text, length));
		break;
	case LUA_TTABLE:
		if (is_list(L, index))
			set_list(L, index, data, depth);
		else
			set_map(L, index, data, depth);
		break;
	case LUA_TUSERDATA:
		set_userdata(L, index, data);
		break;
	default:
		luaL_error(L, "a %s is no value of AIDL", luaL_typename(L, index));
	}
}

void lb_aidl_data_set(lua_State *L, int index, struct aidl_data *data)
{
	set(L, lua_absindex(L, index), data, 0);
}

/* ---- to Lua ----------------------------------------------------------------------------- */

static void push_binder(lua_State *L, int interface, const struct aidl_data *data)
{
	struct lb_service *service = lb_service_new(L);

	AIBinder_incStrong(data->binder);
	service->binder = data->binder;
	/* Whoever declares an interface wants to call it. */
	if (data->type && data->type->kind == AIDL_INTERFACE) {
		lb_aidl_push(L, interface, data->type->declaration);
		lb_aidl_push_proxy(L, -1, -2);
		lua_replace(L, -3);
		lua_pop(L, 1);
	}
}

static void push_items(lua_State *L, int interface, const struct aidl_data *data)
{
	bool list = data->kind == AIDL_DATA_LIST, holes = false;

	lua_createtable(L, list ? (int)data->count : 0, list ? 0 : (int)data->count);
	for (size_t i = 0; i < data->count; i++) {
		if (!list)
			lua_pushstring(L, data->key[i]);
		lb_aidl_data_push(L, interface, &data->item[i]);
		if (list) {
			holes |= lua_isnil(L, -1);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		} else {
			lua_rawset(L, -3);
		}
	}
	if (data->type && data->type->kind == AIDL_UNION && data->count == 1 &&
	    data->item[0].kind == AIDL_DATA_NULL) {
		lua_pushstring(L, data->key[0]);
		lua_setfield(L, -2, NULL_FIELD);
	}
	if (holes) {
		lua_pushinteger(L, (lua_Integer)data->count);
		lua_setfield(L, -2, "n");
	}
}

void lb_aidl_data_push(lua_State *L, int interface, const struct aidl_data *data)
{
	interface = lua_absindex(L, interface);
	luaL_checkstack(L, 8, NULL);
	switch (data->kind) {
	case AIDL_DATA_BOOLEAN:
		lua_pushboolean(L, data->boolean);
		break;
	case AIDL_DATA_INTEGER:
		lua_pushinteger(L, data->integer);
		break;
	case AIDL_DATA_FLOATING:
		lua_pushnumber(L, data->floating);
		break;
	case AIDL_DATA_STRING:
	case AIDL_DATA_BYTES:
	case AIDL_DATA_OBJECT:
		lua_pushlstring(L, data->text, data->length);
		break;
	case AIDL_DATA_LIST:
	case AIDL_DATA_MAP:
		push_items(L, interface, data);
		break;
	case AIDL_DATA_BINDER:
		push_binder(L, interface, data);
		break;
	case AIDL_DATA_FILE:
		lb_file_open(lb_file_new(L), dup(data->fd));
		break;
	default:
		lua_pushnil(L);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * aidl.c: declarations of AIDL as Lua values.
 *
 *	local ICompute = binder.aidl "com.example.ICompute"
 *	ICompute.ERROR_OVERFLOW		-- a constant
 *	ICompute.Operation.ADD		-- a name of an enum that it uses
 *	ICompute(service)		-- a proxy: aidl_call.c
 *
 * A library of libbinder lives as long as any declaration of it is held.
 */
#include "aidl.h"

#include <stdlib.h>
#include <string.h>

#define LIBRARY_TYPE "binder.aidl_library"
#define DECLARATION_TYPE "binder.aidl"

enum { LIBRARY = 1, USER_VALUES = LIBRARY };

/* ---- libraries ----------------------------------------------------------------------- */

static struct aidl_library **new_library(lua_State *L)
{
	struct aidl_library **box = lua_newuserdatauv(L, sizeof(*box), 0);

	*box = NULL;
	luaL_setmetatable(L, LIBRARY_TYPE);
	*box = aidl_library_new();
	if (!*box)
		luaL_error(L, "not enough memory");
	return box;
}

static int free_library(lua_State *L)
{
	struct aidl_library **box = lua_touserdata(L, 1);

	aidl_library_free(*box);
	*box = NULL;
	return 0;
}

struct aidl_library *lb_aidl_library(lua_State *L, int index)
{
	struct aidl_library **box;

	lua_getiuservalue(L, index, LIBRARY);
	box = lua_touserdata(L, -1);
	lua_pop(L, 1);
	return box ? *box : NULL;
}

/* Pushes all that is wrong with the files, as the compiler's users know it. */
static void push_errors(lua_State *L, const struct aidl_library *library)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (const struct aidl_error *e = aidl_library_errors(library); out && e; e = e->next)
		aidl_error_print(e, out);
	if (out)
		fclose(out);
	/* A string that cannot be had loses the text, which is no more than memory. */
	lua_pushstring(L, text && *text ? text : "it has errors");
	free(text);
}

/* ---- declarations -------------------------------------------------------------------- */

static void push_declaration(lua_State *L, const struct aidl_declaration *declaration)
{
	/* library */
	const struct aidl_declaration **box = lua_newuserdatauv(L, sizeof(*box), USER_VALUES);

	*box = declaration;
	luaL_setmetatable(L, DECLARATION_TYPE);
	lua_pushvalue(L, -2);
	lua_setiuservalue(L, -2, LIBRARY);
	lua_remove(L, -2);
}

void lb_aidl_push(lua_State *L, int index, const struct aidl_declaration *declaration)
{
	lua_getiuservalue(L, index, LIBRARY);
	push_declaration(L, declaration);
}

const struct aidl_declaration *lb_aidl_test(lua_State *L, int index)
{
	const struct aidl_declaration **box = luaL_testudata(L, index, DECLARATION_TYPE);

	return box ? *box : NULL;
}

const struct aidl_declaration *lb_aidl_check_interface(lua_State *L, int arg)
{
	const struct aidl_declaration *declaration =
		*(const struct aidl_declaration **)luaL_checkudata(L, arg, DECLARATION_TYPE);

	if (declaration->kind != AIDL_INTERFACE)
		luaL_argerror(L, arg,
			      lua_pushfstring(L, "%s is no interface", declaration->qualified));
	return declaration;
}

const char *lb_aidl_signature(lua_State *L, const struct aidl_declaration *interface,
			      const struct aidl_method *method)
{
	char text[512] = "";
	FILE *out = fmemopen(text, sizeof(text) - 1, "w");

	if (out) {
		aidl_method_print(method, interface, out);
		fclose(out);
	}
	return lua_pushstring(L, *text ? text : method->name);
}

static void push_constant(lua_State *L, const struct aidl_value *value)
{
	switch (value->kind) {
	case AIDL_VALUE_BOOLEAN:
		lua_pushboolean(L, value->integer != 0);
		break;
	case AIDL_VALUE_CHARACTER:
	case AIDL_VALUE_INTEGER:
		lua_pushinteger(L, value->integer);
		break;
	case AIDL_VALUE_FLOATING:
		lua_pushnumber(L, value->floating);
		break;
	case AIDL_VALUE_STRING:
		lua_pushstring(L, value->string);
		break;
	case AIDL_VALUE_ARRAY:
		lua_createtable(L, (int)value->count, 0);
		for (size_t i = 0; i < value->count; i++) {
			push_constant(L, &value->item[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		break;
	default:
		lua_pushnil(L);
	}
}

/* A nested type, or one that its file, and those that it imports, have brought along. */
static const struct aidl_declaration *
find_type(lua_State *L, const struct aidl_declaration *declaration, const char *name)
{
	const struct aidl_library *library = lb_aidl_library(L, 1);
	const struct aidl_declaration *d;

	for (d = declaration->nested; d; d = d->next)
		if (!strcmp(d->name, name))
			return d;
	for (d = NULL; (d = aidl_library_next(library, d));)
		if (!strcmp(d->name, name) || !strcmp(d->qualified, name))
			return d;
	return NULL;
}

/* Type.NAME, Type.Nested, Type.descriptor; what there is not is a mistake */
static int index_declaration(lua_State *L)
{
	const struct aidl_declaration *declaration = lb_aidl_test(L, 1), *type;
	const char *name = luaL_checkstring(L, 2);
	const struct aidl_constant *constant = aidl_constant_find(declaration, name);

	if (constant) {
		push_constant(L, &constant->value);
		return 1;
	}
	type = find_type(L, declaration, name);
	if (type) {
		lb_aidl_push(L, 1, type);
		return 1;
	}
	if (!strcmp(name, "name") || !strcmp(name, "descriptor")) {
		lua_pushstring(L, declaration->descriptor && *name == 'd' ?
					  declaration->descriptor :
					  declaration->qualified);
		return 1;
	}
	return luaL_error(L, "%s has no '%s'", declaration->qualified, name);
}

/* Interface(service) or Interface "name": a proxy, or nil, message, NAME when there is none */
static int make_proxy(lua_State *L)
{
	lb_aidl_check_interface(L, 1);
	if (lua_type(L, 2) == LUA_TSTRING) {
		int failed;

		lua_pushcfunction(L, lb_get);
		lua_pushvalue(L, 2);
		lua_call(L, 1, LUA_MULTRET);
		failed = lua_gettop(L) - 2;
		if (lua_isnil(L, 3))
			return failed;
		lua_settop(L, 3);
		lua_replace(L, 2);
	} else if (lb_aidl_push_service(L, 2)) {
		lua_replace(L, 2);
	}
	lb_service_check(L, 2);
	lb_aidl_push_proxy(L, 1, 2);
	return 1;
}

static int declaration_to_string(lua_State *L)
{
	lua_pushfstring(L, "aidl: %s", lb_aidl_test(L, 1)->qualified);
	return 1;
}

static int same_declaration(lua_State *L)
{
	lua_pushboolean(L, lb_aidl_test(L, 1) == lb_aidl_test(L, 2));
	return 1;
}

/* ---- the way in ------------------------------------------------------------------------ */

/*
 * Which Android's folders come first: only what Android itself has differs, so for the
 * rest no device is opened and nobody is asked.
 */
static const char *android_words(const char *name)
{
	const char *version = getenv("BINDER_ANDROID");
	ABinderConnection *connection;

	if (version || strncmp(name, "android.", strlen("android.")) != 0)
		return ABinder_getAndroidWords(version);
	connection = ABinderConnection_getDefault();
	return connection ? ABinderConnection_getAndroidWords(connection) : NULL;
}

static binder_status_t add_usual_folders(struct aidl_library *library, const char *name)
{
	const char *words = android_words(name);
	binder_status_t status = words ? aidl_library_set_android(library, words) : STATUS_OK;

	return status == STATUS_OK ? aidl_library_add_usual_paths(library) : status;
}

static void add_folders(lua_State *L, struct aidl_library *library)
{
	lua_Integer count = lua_isnoneornil(L, 2) ? 0 : luaL_len(L, 2);

	for (lua_Integer i = 1; i <= count; i++) {
		lua_geti(L, 2, i);
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_argerror(L, 2, "a list of folders expected");
		if (aidl_library_add_path(library, lua_tostring(L, -1)) != STATUS_OK)
			luaL_error(L, "not enough memory");
		lua_pop(L, 1);
	}
	if (add_usual_folders(library, lua_tostring(L, 1)) != STATUS_OK)
		luaL_error(L, "not enough memory");
}

/* binder.aidl(name [, folders]): a file ending in .aidl, or a qualified name.  What is wrong with
 * it is raised: a script cannot go on without it. */
int lb_aidl(lua_State *L)
{
	const struct aidl_declaration *found = NULL;
	const char *name = luaL_checkstring(L, 1), *end = strrchr(name, '.');
	bool file = end && !strcmp(end, ".aidl");
	struct aidl_library *library;
	binder_status_t status;

	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	library = *new_library(L);
	add_folders(L, library);
	status = file ? aidl_library_load(library, name, &found) :
			aidl_library_find(library, name, &found);
	if (status == STATUS_NO_MEMORY)
		return luaL_error(L, "not enough memory");
	if (status == STATUS_NAME_NOT_FOUND && !aidl_library_errors(library))
		return luaL_error(L,
				  "there is no AIDL for %s in the given folders, $BINDER_AIDL_PATH "
				  "or share/binder/aidl",
				  name);
	/* A method that needs what is missing fails when it is called; the others do not. */
	if (!found || found->broken || (status != STATUS_OK && found->kind != AIDL_INTERFACE)) {
		push_errors(L, library);
		return luaL_error(L, "%s", lua_tostring(L, -1));
	}
	push_declaration(L, found);
	return 1;
}

void lb_open_aidl(lua_State *L)
{
	static const luaL_Reg declaration[] = {
		{ "__index", index_declaration },
		{ "__call", make_proxy },
		{ "__tostring", declaration_to_string },
		{ "__eq", same_declaration },
		{ NULL, NULL },
	};

	luaL_newmetatable(L, LIBRARY_TYPE);
	lua_pushcfunction(L, free_library);
	lua_setfield(L, -2, "__gc");
	luaL_newmetatable(L, DECLARATION_TYPE);
	luaL_setfuncs(L, declaration, 0);
	lua_pop(L, 2);
	lb_open_aidl_value(L);
	lb_open_aidl_call(L);
}

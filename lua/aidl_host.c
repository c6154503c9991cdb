/* SPDX-License-Identifier: MIT */
/*
 * aidl_host.c: an AIDL interface and a table of functions as an object's spec.
 *
 * Called by object.c for binder.object(ICompute, {add = function(a, b, ctx) ...}).
 * Each function is wrapped in one that reads the request for it and writes what
 * it returns: the result, then what comes out by other arguments.
 */
#include "aidl.h"

#include <string.h>

#include "parcel.h"

enum { UP_INTERFACE = 1, UP_METHOD, UP_FUNCTION };

/* The handler's arguments. */
enum { REQUEST = 1, REPLY, CONTEXT };

static const struct aidl_method *upvalue_method(lua_State *L)
{
	return lua_touserdata(L, lua_upvalueindex(UP_METHOD));
}

static void set_value(lua_State *L, struct aidl_data *reply, const char *name, int index)
{
	struct aidl_data *value;

	if (lua_isnoneornil(L, index))
		return;
	value = aidl_data_put(reply, name);
	if (!value)
		luaL_error(L, "not enough memory");
	lb_aidl_data_set(L, index, value);
}

/* Behind CONTEXT: what the function returned. */
static int finish_handler(lua_State *L, int status, lua_KContext context)
{
	const struct aidl_declaration *interface = lb_aidl_test(L, lua_upvalueindex(UP_INTERFACE));
	const struct aidl_method *method = upvalue_method(L);
	struct aidl_codec codec = LB_AIDL_CODEC(L, lua_upvalueindex(UP_INTERFACE));
	const int last = lua_gettop(L);
	struct aidl_data *reply;
	binder_status_t result;
	int next = CONTEXT + 1;

	if (method->oneway)
		return 0;
	reply = lb_aidl_data_new(L);
	aidl_data_set_map(reply);
	if (method->returns->kind != AIDL_VOID && next <= last)
		set_value(L, reply, "return", next);
	next += method->returns->kind != AIDL_VOID;
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		if (!(a->direction & AIDL_OUT))
			continue;
		if (next <= last)
			set_value(L, reply, a->name, next);
		next++;
	}
	result = aidl_reply_write(&codec, method, reply, lb_parcel_check(L, REPLY)->parcel);
	if (result == STATUS_OK)
		return 0;
	return luaL_error(L, "%s.%s: %s", interface->name, method->name,
			  codec.error[0] ? codec.error : ABinder_statusName(result));
}

/* function(request, reply, context), as host.c calls it */
static int handle(lua_State *L)
{
	const struct aidl_method *method = upvalue_method(L);
	struct aidl_codec codec = LB_AIDL_CODEC(L, lua_upvalueindex(UP_INTERFACE));
	struct lb_parcel *request;
	struct aidl_data *arguments;
	binder_status_t status;
	int count = 1;

	lua_settop(L, CONTEXT);
	request = lb_parcel_check(L, REQUEST);
	lua_pushvalue(L, lua_upvalueindex(UP_FUNCTION));
	arguments = lb_aidl_data_new(L);
	lua_insert(L, -2);
	status = aidl_request_read(&codec, method, request->parcel, arguments);
	if (status != STATUS_OK)
		return lb_throw(L, EX_BAD_PARCELABLE,
				codec.error[0] ? codec.error : ABinder_statusName(status));
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		if (!(a->direction & AIDL_IN))
			continue;
		luaL_checkstack(L, 8, NULL);
		lb_aidl_data_push(L, lua_upvalueindex(UP_INTERFACE),
				  aidl_data_get(arguments, a->name));
		count++;
	}
	lua_pushvalue(L, CONTEXT);
	/* The tree is no result: it goes where the collector finds it. */
	lua_pushvalue(L, CONTEXT + 1);
	lua_replace(L, REQUEST);
	lua_remove(L, CONTEXT + 1);
	lua_callk(L, count, LUA_MULTRET, 0, finish_handler);
	return finish_handler(L, LUA_OK, 0);
}

/* ---- the spec --------------------------------------------------------------------------- */

/* Functions that an object may have beside its methods. */
static bool is_beside_methods(const char *name)
{
	return !strcmp(name, "dump") || !strcmp(name, "shell");
}

/* Key and value on top: a method's function, or one beside them. */
static void add_function(lua_State *L, int interface_index, int functions, int spec)
{
	const struct aidl_declaration *interface = lb_aidl_test(L, interface_index);
	const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
	const struct aidl_method *method = name ? aidl_method_find(interface, name) : NULL;

	if (!name || (!method && !is_beside_methods(name)))
		luaL_argerror(L, functions,
			      lua_pushfstring(L, "%s has no method '%s'", interface->qualified,
					      luaL_tolstring(L, -2, NULL)));
	if (!lua_isfunction(L, -1))
		luaL_argerror(L, functions,
			      lua_pushfstring(L, "'%s': function expected, got %s", name,
					      luaL_typename(L, -1)));
	if (!method) {
		lua_pushvalue(L, -1);
		lua_setfield(L, spec, name);
		return;
	}
	lua_pushvalue(L, interface_index);
	lua_pushlightuserdata(L, (void *)(uintptr_t)method);
	lua_pushvalue(L, -3);
	lua_pushcclosure(L, handle, 3);
	lua_rawseti(L, spec, method->code);
}

void lb_aidl_take_functions(lua_State *L, int index)
{
	const struct aidl_declaration *interface = lb_aidl_test(L, index);
	int spec;

	if (!interface)
		return;
	lb_aidl_check_interface(L, index);
	luaL_checktype(L, index + 1, LUA_TTABLE);
	lua_settop(L, index + 1);
	lua_createtable(L, 0, 4);
	spec = lua_gettop(L);
	lua_pushstring(L, interface->descriptor);
	lua_setfield(L, spec, "descriptor");
	if (interface->vintf) {
		lua_pushliteral(L, "vintf");
		lua_setfield(L, spec, "stability");
	}
	for (lua_pushnil(L); lua_next(L, index + 1); lua_pop(L, 1))
		add_function(L, index, index + 1, spec);
	lua_replace(L, index);
	lua_settop(L, index);
}

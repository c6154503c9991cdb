/* SPDX-License-Identifier: MIT */
/*
 * aidl_call.c: proxies, whose methods are those of an interface.
 *
 * A method writes its arguments with the codec, calls the service as call.c
 * does, and gives back the result and what came out by other arguments.  What
 * the interface does not have, a proxy takes from its service.
 */
#include "aidl.h"

#include <string.h>

#include "parcel.h"

#define PROXY_TYPE "binder.proxy"

enum { INTERFACE = 1, SERVICE, USER_VALUES = SERVICE };

void lb_aidl_push_proxy(lua_State *L, int interface, int service)
{
	interface = lua_absindex(L, interface);
	service = lua_absindex(L, service);
	lua_newuserdatauv(L, 0, USER_VALUES);
	luaL_setmetatable(L, PROXY_TYPE);
	lua_pushvalue(L, interface);
	lua_setiuservalue(L, -2, INTERFACE);
	lua_pushvalue(L, service);
	lua_setiuservalue(L, -2, SERVICE);
}

bool lb_aidl_push_service(lua_State *L, int index)
{
	if (!luaL_testudata(L, index, PROXY_TYPE))
		return false;
	lua_getiuservalue(L, index, SERVICE);
	return true;
}

/* ---- one call ------------------------------------------------------------------------- */

enum { UP_INTERFACE = 1, UP_METHOD };

static const struct aidl_method *upvalue_method(lua_State *L)
{
	return lua_touserdata(L, lua_upvalueindex(UP_METHOD));
}

/* Pushes the result, and what came out; the number of them. */
static int push_results(lua_State *L, const struct aidl_method *method,
			const struct aidl_data *reply)
{
	int count = 0;

	if (method->returns->kind != AIDL_VOID) {
		lb_aidl_data_push(L, lua_upvalueindex(UP_INTERFACE),
				  aidl_data_get(reply, "return"));
		count++;
	}
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		if (!(a->direction & AIDL_OUT))
			continue;
		luaL_checkstack(L, 8, NULL);
		lb_aidl_data_push(L, lua_upvalueindex(UP_INTERFACE), aidl_data_get(reply, a->name));
		count++;
	}
	if (!count)
		lua_pushboolean(L, true);
	return count ? count : 1;
}

/* ... at base: the reply behind its status, or nil, message, NAME; true of a one-way call */
static int finish_call(lua_State *L, int status, lua_KContext base)
{
	const struct aidl_method *method = upvalue_method(L);
	struct lb_parcel *parcel = lb_parcel_test(L, (int)base);
	struct aidl_codec codec = LB_AIDL_CODEC(L, lua_upvalueindex(UP_INTERFACE));
	struct aidl_data *reply;
	binder_status_t result;

	if (!parcel)
		return lua_gettop(L) - (int)base + 1;
	reply = lb_aidl_data_new(L);
	result = aidl_reply_read(&codec, method, parcel->parcel, reply);
	lb_parcel_close(parcel);
	if (result != STATUS_OK) {
		lua_pushfstring(L, "the reply of %s is not what the AIDL says: %s", method->name,
				codec.error[0] ? codec.error : ABinder_statusName(result));
		return lb_fail(L, result, lua_tostring(L, -1));
	}
	return push_results(L, method, reply);
}

/* Pushes the arguments as a tree by name; number of those given. */
static struct aidl_data *take_arguments(lua_State *L, const struct aidl_method *method, int *last)
{
	const int given = lua_gettop(L);
	struct aidl_data *arguments = lb_aidl_data_new(L);
	int next = 2;

	aidl_data_set_map(arguments);
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		struct aidl_data *value;

		if (!(a->direction & AIDL_IN))
			continue;
		if (next <= given && !(lua_isnil(L, next) && !a->type->nullable)) {
			value = aidl_data_put(arguments, a->name);
			if (!value)
				luaL_error(L, "not enough memory");
			lb_aidl_data_set(L, next, value);
		}
		next++;
	}
	*last = next - 1;
	return arguments;
}

static void write_request(lua_State *L, const struct aidl_declaration *interface,
			  const struct aidl_method *method, const struct aidl_data *arguments)
{
	struct aidl_codec codec = LB_AIDL_CODEC(L, lua_upvalueindex(UP_INTERFACE));
	struct lb_parcel *parcel = lb_parcel_new(L);
	binder_status_t status;

	parcel->parcel = AParcel_create();
	if (!parcel->parcel)
		luaL_error(L, "%s", ABinder_lastError());
	status = aidl_request_write(&codec, method, arguments, parcel->parcel);
	if (status == STATUS_OK)
		return;
	if (!codec.error[0])
		luaL_error(L, "%s: %s", method->name, ABinder_statusName(status));
	luaL_error(L, "%s: %s in %s", interface->name, codec.error,
		   lb_aidl_signature(L, interface, method));
}

/* {interface = DESCRIPTOR} and what the script has said behind the arguments. */
static void push_options(lua_State *L, const struct aidl_declaration *interface, int given)
{
	lua_createtable(L, 0, 2);
	if (given) {
		for (lua_pushnil(L); lua_next(L, given); lua_pop(L, 1)) {
			lua_pushvalue(L, -2);
			lua_pushvalue(L, -2);
			lua_rawset(L, -5);
		}
	}
	lua_pushstring(L, interface->descriptor);
	lua_setfield(L, -2, "interface");
}

/* proxy:method(argument, ... [, options]) */
static int call_method(lua_State *L)
{
	const struct aidl_declaration *interface = lb_aidl_test(L, lua_upvalueindex(UP_INTERFACE));
	const struct aidl_method *method = upvalue_method(L);
	const struct aidl_data *arguments;
	const int given = lua_gettop(L);
	int last, base;

	if (!lb_aidl_push_service(L, 1))
		return luaL_error(L, "call it with a colon: proxy:%s(...)", method->name);
	lua_replace(L, 1);
	arguments = take_arguments(L, method, &last);
	if (given > last + 1 || (given == last + 1 && !lua_istable(L, given)))
		return luaL_error(L, "%s: argument %d is one too many in %s", interface->name, last,
				  lb_aidl_signature(L, interface, method));
	write_request(L, interface, method, arguments);
	base = lua_gettop(L) + 1;
	lua_getfield(L, 1, method->oneway ? "oneway" : "call");
	lua_pushvalue(L, 1);
	lua_pushinteger(L, method->code);
	lua_pushvalue(L, base - 1);
	push_options(L, interface, given == last + 1 ? given : 0);
	lua_callk(L, 4, LUA_MULTRET, base, finish_call);
	return finish_call(L, LUA_OK, base);
}

/* ---- the proxy ----------------------------------------------------------------------------- */

/* proxy:ping() and so on: the service's own, with the service in place of the proxy. */
static int call_service(lua_State *L)
{
	if (lb_aidl_push_service(L, 1))
		lua_replace(L, 1);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	/* Any of them may wait, and a handler that waits is left and come back to. */
	lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, NULL);
	return lua_gettop(L);
}

static int index_proxy(lua_State *L)
{
	const struct aidl_declaration *interface;
	const struct aidl_method *method;
	const char *name = luaL_checkstring(L, 2);

	lua_getiuservalue(L, 1, INTERFACE);
	interface = lb_aidl_test(L, -1);
	method = aidl_method_find(interface, name);
	if (method) {
		lua_pushlightuserdata(L, (void *)(uintptr_t)method);
		lua_pushcclosure(L, call_method, 2);
		return 1;
	}
	lua_getiuservalue(L, 1, SERVICE);
	lua_getfield(L, -1, name);
	if (lua_isnil(L, -1))
		return luaL_error(L, "%s has no method '%s'", interface->qualified, name);
	if (lua_isfunction(L, -1))
		lua_pushcclosure(L, call_service, 1);
	return 1;
}

static int proxy_to_string(lua_State *L)
{
	lua_settop(L, 1);
	lua_getiuservalue(L, 1, INTERFACE);
	lua_getiuservalue(L, 1, SERVICE);
	luaL_tolstring(L, -1, NULL);
	lua_pushfstring(L, "%s: %s", lb_aidl_test(L, 2)->qualified, lua_tostring(L, -1));
	return 1;
}

/* Of the same object, as services are. */
static int same_proxy(lua_State *L)
{
	for (int i = 1; i <= 2; i++)
		if (lb_aidl_push_service(L, i))
			lua_replace(L, i);
	lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPEQ));
	return 1;
}

void lb_open_aidl_call(lua_State *L)
{
	static const luaL_Reg proxy[] = {
		{ "__index", index_proxy },
		{ "__tostring", proxy_to_string },
		{ "__eq", same_proxy },
		{ NULL, NULL },
	};

	luaL_newmetatable(L, PROXY_TYPE);
	luaL_setfuncs(L, proxy, 0);
	lua_pop(L, 1);
}

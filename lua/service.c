/* SPDX-License-Identifier: MIT */
/*
 * service.c: a binder as a Lua value, whether a service with a name, one that
 * came in a parcel, or an object of this script.
 *
 * Holds one strong reference until it is closed or collected.  What it is, is
 * said here; talking to it is in call.c and death.c.
 */
#include "internal.h"
#include "module.h"

#define SERVICE_TYPE "binder.service"

enum { NAME = 1, DESCRIPTOR, USER_VALUES = DESCRIPTOR };

struct lb_service *lb_service_new(lua_State *L)
{
	struct lb_service *service = lua_newuserdatauv(L, sizeof(*service), USER_VALUES);

	service->binder = NULL;
	luaL_setmetatable(L, SERVICE_TYPE);
	return service;
}

void lb_push_service(lua_State *L, AIBinder **binder, const char *name)
{
	lb_service_new(L)->binder = *binder;
	*binder = NULL;
	lua_pushstring(L, name);
	lua_setiuservalue(L, -2, NAME);
}

void lb_service_set_name(lua_State *L, int index)
{
	lua_pushvalue(L, index);
	lua_setiuservalue(L, -2, NAME);
}

struct lb_service *lb_service_test(lua_State *L, int index)
{
	return luaL_testudata(L, index, SERVICE_TYPE);
}

struct lb_service *lb_service_check(lua_State *L, int arg)
{
	struct lb_service *service = luaL_checkudata(L, arg, SERVICE_TYPE);

	luaL_argcheck(L, service->binder, arg, "the service is closed");
	return service;
}

const char *lb_service_descriptor(lua_State *L, int index)
{
	const char *known = NULL;

	if (lua_getiuservalue(L, index, DESCRIPTOR) == LUA_TSTRING)
		known = lua_tostring(L, -1);
	lua_pop(L, 1);
	return known;
}

void lb_service_set_descriptor(lua_State *L, int index, const char *descriptor)
{
	index = lua_absindex(L, index);
	lua_pushstring(L, descriptor);
	lua_setiuservalue(L, index, DESCRIPTOR);
}

AIBinder *lb_binder_of(lua_State *L, int index)
{
	const struct lb_service *service = lb_service_test(L, index);

	return service ? service->binder : NULL;
}

/* ---- what it is ------------------------------------------------------------------------ */

static int alive(lua_State *L)
{
	lua_pushboolean(L, AIBinder_isAlive(lb_service_check(L, 1)->binder));
	return 1;
}

/* The driver's number for a remote object; nil for one of this process. */
static int handle(lua_State *L)
{
	uint32_t number;

	if (AIBinder_getHandle(lb_service_check(L, 1)->binder, &number) == STATUS_OK)
		lua_pushinteger(L, number);
	else
		lua_pushnil(L);
	return 1;
}

/* The name that it was found or registered under; nil for others. */
static int name(lua_State *L)
{
	luaL_checkudata(L, 1, SERVICE_TYPE);
	lua_getiuservalue(L, 1, NAME);
	return 1;
}

static int equal(lua_State *L)
{
	struct lb_service *a = lb_service_test(L, 1), *b = lb_service_test(L, 2);

	lua_pushboolean(L, a == b || (a && b && a->binder && b->binder &&
				      !AIBinder_lt(a->binder, b->binder) &&
				      !AIBinder_lt(b->binder, a->binder)));
	return 1;
}

static int to_string(lua_State *L)
{
	struct lb_service *service = luaL_checkudata(L, 1, SERVICE_TYPE);
	const char *label;
	uint32_t number;

	lua_getiuservalue(L, 1, NAME);
	label = lua_isstring(L, -1) ? lua_tostring(L, -1) : "anonymous";
	if (!service->binder)
		lua_pushfstring(L, SERVICE_TYPE " (%s, closed)", label);
	else if (AIBinder_getHandle(service->binder, &number) == STATUS_OK)
		lua_pushfstring(L, SERVICE_TYPE " (%s, handle %d%s)", label, (int)number,
				AIBinder_isAlive(service->binder) ? "" : ", dead");
	else
		lua_pushfstring(L, SERVICE_TYPE " (%s, local)", label);
	return 1;
}

static int close_service(lua_State *L)
{
	struct lb_service *service = luaL_checkudata(L, 1, SERVICE_TYPE);
	AIBinder *binder = service->binder;

	service->binder = NULL;
	AIBinder_decStrong(binder);
	return 0;
}

static const luaL_Reg methods[] = {
	{ "alive", alive },          { "handle", handle },       { "name", name },
	{ "on_death", lb_on_death }, { "close", close_service }, { NULL, NULL },
};

static const luaL_Reg metamethods[] = {
	{ "__gc", close_service },
	{ "__close", close_service },
	{ "__eq", equal },
	{ "__tostring", to_string },
	{ NULL, NULL },
};

void lb_open_service(lua_State *L)
{
	luaL_newmetatable(L, SERVICE_TYPE);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	luaL_setfuncs(L, lb_call_methods, 0);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

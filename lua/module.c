/* SPDX-License-Identifier: MIT */
/*
 * module.c: require "binder": puts the functions of the other files together.
 *
 * Loaded by stock Lua as binder.so and by binderctl through package.preload.
 */
#include "internal.h"
#include "module.h"

/* binder.device(): path of the driver in use; binder.device(name): use that one */
static int device(lua_State *L)
{
	ABinderConnection *connection;

	if (!lua_isnoneornil(L, 1)) {
		binder_status_t status = ABinderConnection_setDefaultDevice(luaL_checkstring(L, 1));

		if (status != STATUS_OK)
			return lb_fail(L, status, NULL);
	}
	connection = ABinderConnection_getDefault();
	if (!connection)
		return lb_fail(L, STATUS_NO_INIT, NULL);
	lua_pushstring(L, ABinderConnection_getDevice(connection));
	return 1;
}

/* binder.counts(): what libbinder holds in this process */
static int counts(lua_State *L)
{
	struct ABinderCounts now;

	ABinder_getCounts(&now);
	lua_createtable(L, 0, 4);
	lua_pushinteger(L, now.proxies);
	lua_setfield(L, -2, "proxies");
	lua_pushinteger(L, now.locals);
	lua_setfield(L, -2, "locals");
	lua_pushinteger(L, now.parcels);
	lua_setfield(L, -2, "parcels");
	lua_pushinteger(L, now.threads);
	lua_setfield(L, -2, "threads");
	return 1;
}

static const luaL_Reg functions[] = {
	{ "list", lb_list },
	{ "get", lb_get },
	{ "check", lb_check },
	{ "wait", lb_wait },
	{ "serve", lb_serve },
	{ "object", lb_object },
	{ "parcel", lb_parcel_create },
	{ "loop", lb_loop },
	{ "step", lb_step },
	{ "quit", lb_quit },
	{ "on_error", lb_on_error },
	{ "watch", lb_watch },
	{ "device", device },
	{ "counts", counts },
	{ NULL, NULL },
};

__attribute__((visibility("default"))) int luaopen_binder(lua_State *L)
{
	luaL_checkversion(L);
	lb_open_state(L);
	lb_open_parcel(L);
	lb_open_service(L);
	lb_open_death(L);
	lb_open_watch(L);
	luaL_newlib(L, functions);
	lb_open_error(L);
	lua_pushliteral(L, BINDER_VERSION_STRING);
	lua_setfield(L, -2, "version");
	return 1;
}

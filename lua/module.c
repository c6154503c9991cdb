/* SPDX-License-Identifier: MIT */
/*
 * module.c: require "binder": puts the functions of the other files together.
 *
 * Loaded by stock Lua as binder.so and by binderctl through package.preload.
 */
#include "aidl.h"
#include "module.h"
#include "parcel.h"
#include "queue.h"

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

/* binder.android(): whose wire format is in use, as "Android 13"; nil while no service manager tells;
 * binder.android(version): that of an Android release or API level */
static int android(lua_State *L)
{
	ABinderConnection *connection;
	const char *version = luaL_optstring(L, 1, NULL);
	binder_status_t status;

	connection = ABinderConnection_getDefault();
	if (!connection)
		return lb_fail(L, STATUS_NO_INIT, NULL);
	if (version) {
		status = ABinderConnection_setAndroid(connection, version);
		if (status != STATUS_OK)
			return lb_fail(L, status, NULL);
	}
	lua_pushstring(L, ABinderConnection_getAndroid(connection, NULL));
	return 1;
}

/* binder.manager(): handle 0, whether or not anybody is there */
static int manager(lua_State *L)
{
	ABinderConnection *connection = ABinderConnection_getDefault();
	struct lb_service *service = lb_service_new(L);
	binder_status_t status = STATUS_NO_INIT;

	if (connection)
		status = ABinderConnection_getContextManager(connection, &service->binder);
	return status == STATUS_OK ? 1 : lb_fail(L, status, NULL);
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
	{ "list", lb_list },     { "get", lb_get },         { "check", lb_check },
	{ "wait", lb_wait },     { "add", lb_add },         { "serve", lb_serve },
	{ "object", lb_object }, { "aidl", lb_aidl },       { "parcel", lb_parcel_create },
	{ "async", lb_async },   { "after", lb_after },     { "every", lb_every },
	{ "sleep", lb_sleep },   { "now", lb_now_seconds }, { "loop", lb_loop },
	{ "step", lb_step },     { "quit", lb_quit },       { "on_error", lb_on_error },
	{ "watch", lb_watch },   { "manager", manager },    { "device", device },
	{ "android", android },  { "counts", counts },      { "on_restart", lb_on_restart },
	{ NULL, NULL },
};

__attribute__((visibility("default"))) int luaopen_binder(lua_State *L)
{
	luaL_checkversion(L);
	lb_open_state(L);
	lb_open_parcel(L);
	lb_open_service(L);
	lb_open_aidl(L);
	lb_open_death(L);
	lb_open_watch(L);
	lb_open_registry(L);
	lb_open_timer(L);
	lb_open_async(L);
	lb_open_job(L);
	luaL_newlib(L, functions);
	lb_open_error(L);
	lua_pushliteral(L, BINDER_VERSION_STRING);
	lua_setfield(L, -2, "version");
	return 1;
}

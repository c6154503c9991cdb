/* SPDX-License-Identifier: MIT */
/*
 * lua.c: the calls of library.c from a Lua script, to the same server.
 *
 * A step is one call of a Lua function that makes one call of the service, so
 * that what Lua adds is counted as a script would feel it.
 */
#include "bench.h"

#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <unistd.h>

#include "lua/module.h"

static const char script[] =
	"local device, size = ...\n"
	"local binder = require 'binder'\n"
	"binder.device(device)\n"
	"local service = assert(binder.manager())\n"
	"local options = { token = false, status = false }\n"
	"if size == 0 then return function() return assert(service:call(1, options)) end end\n"
	"local bytes = { 'raw', ('x'):rep(size) }\n"
	"return function() return assert(service:call(1, bytes, options)) end\n";

static bool check(lua_State *L, int status)
{
	if (status != LUA_OK)
		fprintf(stderr, "Lua: %s\n", lua_tostring(L, -1));
	return status == LUA_OK;
}

static int call_step(void *context)
{
	lua_State *L = context;

	lua_pushvalue(L, -1);
	return check(L, lua_pcall(L, 0, 0, 0)) ? 0 : -EIO;
}

static double measure(const struct bench_library *library, size_t size)
{
	lua_State *L = luaL_newstate();

	if (!L)
		return -1;
	luaL_openlibs(L);
	luaL_requiref(L, "binder", luaopen_binder, 0);
	luaL_loadstring(L, script);
	lua_pushstring(L, bench_library_device(library));
	lua_pushinteger(L, (lua_Integer)size);
	return check(L, lua_pcall(L, 2, 1, 0)) ? bench_measure(call_step, L) : -1;
}

struct client {
	const struct bench_library *library;
	size_t size;
	int result;
};

static void run_client(void *context)
{
	const struct client *client = context;
	double ns = measure(client->library, client->size);

	if (write(client->result, &ns, sizeof(ns)) < 0)
		perror("lua");
}

/* In a process of its own, because a process has one default connection. */
double bench_lua_call(const struct bench_library *library, size_t size)
{
	struct client client = { .library = library, .size = size };
	double ns = -1;
	int fds[2];
	pid_t pid;

	if (pipe(fds) < 0)
		return -1;
	client.result = fds[1];
	pid = bench_fork(run_client, &client);
	close(fds[1]);
	if (read(fds[0], &ns, sizeof(ns)) != sizeof(ns))
		ns = -1;
	close(fds[0]);
	bench_end(pid);
	return ns;
}

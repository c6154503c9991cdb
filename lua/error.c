/* SPDX-License-Identifier: MIT */
/*
 * error.c: failures and exceptions as Lua values.
 *
 * Misuse raises where it is found.  What went wrong on the way is returned as
 * nil, message, NAME (lb_fail).  An exception is a table {exception="EX_...",
 * message=, code=} that a handler throws and host.c turns into the reply.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "module.h"

#define EXCEPTION_TYPE "binder.exception"

static const char gone_key;

bool lb_driver_gone(lua_State *L)
{
	bool gone;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &gone_key);
	gone = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return gone;
}

/* A call of a dead object and one without a driver fail alike. */
static void note_driver_gone(lua_State *L)
{
	ABinderConnection *connection = ABinderConnection_getDefault();

	if (!connection || ABinderConnection_isAlive(connection))
		return;
	lua_pushboolean(L, true);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &gone_key);
}

int lb_fail(lua_State *L, binder_status_t status, const char *message)
{
	char copy[LB_ERROR_SIZE];
	const char *name = ABinder_statusName(status);

	if (!message)
		message = ABinder_lastError();
	snprintf(copy, sizeof(copy), "%s", message && *message ? message : name);
	if (status == STATUS_DEAD_OBJECT)
		note_driver_gone(L);
	luaL_pushfail(L);
	lua_pushstring(L, copy);
	lua_pushstring(L, name);
	return 3;
}

int lb_fail_exception(lua_State *L, const AStatus *status)
{
	binder_exception_t exception = AStatus_getExceptionCode(status);
	const char *message = AStatus_getMessage(status);

	if (AStatus_isOk(status))
		return 0;
	if (exception == EX_TRANSACTION_FAILED)
		return lb_fail(L, AStatus_getStatus(status), message);
	luaL_pushfail(L);
	lua_pushstring(L, message && *message ? message : ABinder_exceptionName(exception));
	lua_pushstring(L, ABinder_exceptionName(exception));
	if (exception != EX_SERVICE_SPECIFIC)
		return 3;
	lua_pushinteger(L, AStatus_getServiceSpecificError(status));
	return 4;
}

static bool exception_code(const char *name, binder_exception_t *ret)
{
	for (binder_exception_t code = EX_SECURITY; code >= EX_PARCELABLE; code--) {
		if (strcmp(name, ABinder_exceptionName(code)) == 0) {
			*ret = code;
			return true;
		}
	}
	return false;
}

/* Pops what lua_getfield pushed only when it has been used: strings stay alive in the table. */
static const char *field(lua_State *L, int index, const char *name)
{
	const char *text = NULL;

	lua_pushstring(L, name);
	lua_rawget(L, index);
	if (lua_type(L, -1) == LUA_TSTRING)
		text = lua_tostring(L, -1);
	lua_pop(L, 1);
	return text;
}

bool lb_is_exception(lua_State *L, int index)
{
	binder_exception_t code;
	const char *name;

	index = lua_absindex(L, index);
	if (!lua_istable(L, index))
		return false;
	name = field(L, index, "exception");
	return name && exception_code(name, &code);
}

AStatus *lb_to_status(lua_State *L, int index)
{
	binder_exception_t exception = EX_ILLEGAL_STATE;
	const char *message;

	index = lua_absindex(L, index);
	exception_code(field(L, index, "exception"), &exception);
	message = field(L, index, "message");
	if (exception == EX_SERVICE_SPECIFIC) {
		lua_Integer code;

		lua_pushstring(L, "code");
		lua_rawget(L, index);
		code = lua_tointeger(L, -1);
		lua_pop(L, 1);
		return AStatus_fromServiceSpecificErrorWithMessage((int32_t)code,
								   message ? message : "");
	}
	return message ? AStatus_fromExceptionCodeWithMessage(exception, message) :
			 AStatus_fromExceptionCode(exception);
}

AStatus *lb_error_to_status(lua_State *L, int index)
{
	const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : NULL;
	char line[LB_ERROR_SIZE];

	snprintf(line, sizeof(line), "%.*s", text ? (int)strcspn(text, "\n") : 100,
		 text ? text : "the handler raised an error that is not a string");
	return AStatus_fromExceptionCodeWithMessage(EX_ILLEGAL_STATE, line);
}

static void push_exception(lua_State *L, const char *name, const char *message)
{
	lua_createtable(L, 0, 3);
	lua_pushstring(L, name);
	lua_setfield(L, -2, "exception");
	lua_pushstring(L, message); /* NULL becomes nil */
	lua_setfield(L, -2, "message");
	luaL_setmetatable(L, EXCEPTION_TYPE);
}

int lb_throw(lua_State *L, binder_exception_t exception, const char *message)
{
	push_exception(L, ABinder_exceptionName(exception), message);
	return lua_error(L);
}

/* binder.throw("EX_ILLEGAL_ARGUMENT", "no such player", code) */
static int throw(lua_State * L)
{
	const char *name = luaL_checkstring(L, 1);
	const char *message = luaL_optstring(L, 2, NULL);
	lua_Integer code = luaL_optinteger(L, 3, 0);
	binder_exception_t exception;

	luaL_argcheck(L, exception_code(name, &exception), 1,
		      "unknown exception; EX_SECURITY, EX_ILLEGAL_ARGUMENT ... EX_PARCELABLE");
	luaL_argcheck(L, code >= INT32_MIN && code <= INT32_MAX, 3, "out of range for i32");
	push_exception(L, name, message);
	lua_pushinteger(L, code);
	lua_setfield(L, -2, "code");
	return lua_error(L);
}

static int exception_tostring(lua_State *L)
{
	lua_settop(L, 1);
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_getfield(L, 1, "exception");
	lua_getfield(L, 1, "message");
	lua_pushfstring(L, "%s: %s", luaL_tolstring(L, 2, NULL), luaL_tolstring(L, 3, NULL));
	return 1;
}

void lb_open_error(lua_State *L)
{
	luaL_newmetatable(L, EXCEPTION_TYPE);
	lua_pushcfunction(L, exception_tostring);
	lua_setfield(L, -2, "__tostring");
	lua_pop(L, 1);
	lua_pushcfunction(L, throw);
	lua_setfield(L, -2, "throw");
}

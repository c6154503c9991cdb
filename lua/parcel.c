/* SPDX-License-Identifier: MIT */
/*
 * parcel.c: the parcel as a Lua value.
 *
 *	p:TYPE(value) writes and returns p, so that writes chain: p:i32(3):str("x")
 *	p:read_TYPE() reads one value; p:read("i32", "str") reads several
 *
 * The types are in parcel_types.c; arrays are p:i32_array{...} and "i32[]".
 * Reads start where writes end: p:position(0) goes back.  A read that fails
 * returns nil, message, NAME, but in a handler's request it throws
 * EX_BAD_PARCELABLE, which is what its sender shall see.  Looking at a parcel
 * as it is, bytes and objects, is in parcel_look.c.
 */
#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "parcel.h"

struct lb_parcel *lb_parcel_new(lua_State *L)
{
	struct lb_parcel *parcel = lua_newuserdatauv(L, sizeof(*parcel), 0);

	memset(parcel, 0, sizeof(*parcel));
	luaL_setmetatable(L, PARCEL_TYPE);
	return parcel;
}

binder_status_t lb_parcel_new_part(lua_State *L, struct lb_parcel *whole, int32_t size)
{
	struct lb_parcel *part = lb_parcel_new(L);
	const int32_t at = AParcel_getDataPosition(whole->parcel);
	binder_status_t status;

	if (size < 0 || size > AParcel_getDataSize(whole->parcel) - at)
		return STATUS_BAD_VALUE;
	part->request = whole->request;
	part->parcel = AParcel_create();
	if (!part->parcel)
		return STATUS_NO_MEMORY;
	status = AParcel_appendFrom(whole->parcel, part->parcel, at, size);
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(part->parcel, 0);
	return status == STATUS_OK ? AParcel_setDataPosition(whole->parcel, at + size) : status;
}

void lb_parcel_close(struct lb_parcel *parcel)
{
	if (!parcel->lent)
		AParcel_delete(parcel->parcel);
	parcel->parcel = NULL;
	free(parcel->scratch);
	parcel->scratch = NULL;
	AStatus_delete(parcel->status);
	parcel->status = NULL;
}

struct lb_parcel *lb_parcel_test(lua_State *L, int index)
{
	return luaL_testudata(L, index, PARCEL_TYPE);
}

void lb_push_parcel(lua_State *L, AParcel **parcel)
{
	lb_parcel_new(L)->parcel = *parcel;
	*parcel = NULL;
}

const AParcel *lb_parcel_of(lua_State *L, int index)
{
	const struct lb_parcel *parcel = lb_parcel_test(L, index);

	return parcel ? parcel->parcel : NULL;
}

struct lb_parcel *lb_parcel_check(lua_State *L, int arg)
{
	struct lb_parcel *parcel = luaL_checkudata(L, arg, PARCEL_TYPE);

	if (!parcel->parcel)
		luaL_argerror(L, arg,
			      parcel->lent ? "the request that this parcel belongs to is over" :
					     "the parcel is closed");
	return parcel;
}

static struct lb_parcel *check_writable(lua_State *L, int arg)
{
	struct lb_parcel *parcel = lb_parcel_check(L, arg);

	luaL_argcheck(L, !parcel->request, arg, "a request can be read only");
	return parcel;
}

/* ---- writing -------------------------------------------------------------------- */

static int raise_write(lua_State *L, const char *type, binder_status_t status)
{
	const char *why = ABinder_lastError();

	return luaL_error(L, "cannot write %s: %s%s%s", type, ABinder_statusName(status),
			  *why ? ": " : "", why);
}

/* p:TYPE(value); upvalues: the row, whether an array */
static int write_method(lua_State *L)
{
	const struct aidl_wire *type = lua_touserdata(L, lua_upvalueindex(1));
	struct lb_parcel *parcel = check_writable(L, 1);
	binder_status_t status = STATUS_OK;
	const char *misuse;

	if (lua_isnone(L, 2))
		return luaL_argerror(L, 2, "value expected");
	misuse = lb_type_write(L, type, lua_toboolean(L, lua_upvalueindex(2)), 2, parcel->parcel,
			       &status);
	if (misuse)
		return luaL_argerror(L, 2, misuse);
	if (status != STATUS_OK)
		return raise_write(L, type->name, status);
	lua_settop(L, 1);
	return 1;
}

/* The pair {"i32", 3} on top of the stack; number: which one it is.  NULL, or what is wrong. */
static const char *write_pair(lua_State *L, AParcel *parcel, int number, binder_status_t *status)
{
	const struct aidl_wire *type;
	const char *name, *misuse;
	bool array;

	lua_rawgeti(L, -1, 1);
	lua_rawgeti(L, -2, 2);
	name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
	type = name ? lb_type_find(name, &array) : NULL;
	if (!type)
		return lua_pushfstring(L, "value %d: unknown type '%s'", number,
				       name ? name : luaL_typename(L, -2));
	misuse = lb_type_write(L, type, array, -1, parcel, status);
	return misuse ? lua_pushfstring(L, "value %d (%s): %s", number, name, misuse) : NULL;
}

const char *lb_parcel_write_values(lua_State *L, AParcel *parcel, int index,
				   binder_status_t *status)
{
	const int top = lua_gettop(L);
	const struct lb_parcel *from = lb_parcel_test(L, index);
	const char *misuse = NULL;
	lua_Integer count;
	bool single;

	luaL_checkstack(L, 10, "values are nested too deeply");
	if (from) {
		if (!from->parcel)
			return "the parcel is closed";
		*status = AParcel_appendFrom(from->parcel, parcel, 0,
					     AParcel_getDataSize(from->parcel));
		return NULL;
	}
	if (!lua_istable(L, index))
		return lb_type_expected(L, index, "table or parcel");
	single = lua_rawgeti(L, index, 1) == LUA_TSTRING;
	lua_settop(L, top);
	count = single ? 1 : (lua_Integer)lua_rawlen(L, index);
	for (lua_Integer i = 1; i <= count && !misuse && *status == STATUS_OK; i++) {
		if (single)
			lua_pushvalue(L, index);
		else if (lua_rawgeti(L, index, i) != LUA_TTABLE)
			return lua_pushfstring(L, "value %d: {type, value} expected, got %s",
					       (int)i, luaL_typename(L, -1));
		misuse = write_pair(L, parcel, (int)i, status);
		if (!misuse)
			lua_settop(L, top);
	}
	return misuse;
}

void lb_parcel_write_arg(lua_State *L, AParcel *parcel, int arg)
{
	binder_status_t status = STATUS_OK;
	const char *misuse = lb_parcel_write_values(L, parcel, arg, &status);

	if (misuse)
		luaL_argerror(L, arg, misuse);
	if (status != STATUS_OK)
		raise_write(L, "values", status);
}

/* binder.parcel(), binder.parcel{{"i32", 3}, ...}, binder.parcel(bytes) */
int lb_parcel_create(lua_State *L)
{
	struct lb_parcel *parcel;

	if (!lua_isnoneornil(L, 1) && lua_type(L, 1) != LUA_TSTRING)
		luaL_argexpected(L, lua_istable(L, 1) || lb_parcel_test(L, 1), 1,
				 "table, string or parcel");
	lua_settop(L, 1);
	parcel = lb_parcel_new(L);
	parcel->parcel = AParcel_create();
	if (!parcel->parcel)
		return luaL_error(L, LB_NO_MEMORY); /* as its methods do, since they are chained */
	if (lua_type(L, 1) == LUA_TSTRING) {
		size_t size;
		const char *bytes = lua_tolstring(L, 1, &size);
		binder_status_t status = AParcel_writeRaw(parcel->parcel, bytes, size);

		if (status == STATUS_OK)
			status = AParcel_setDataPosition(parcel->parcel, 0);
		if (status != STATUS_OK)
			return raise_write(L, "bytes", status);
	} else if (!lua_isnil(L, 1)) {
		lb_parcel_write_arg(L, parcel->parcel, 1);
	}
	return 1;
}

/* p:append(parcel or values) */
static int append(lua_State *L)
{
	lb_parcel_write_arg(L, check_writable(L, 1)->parcel, 2);
	lua_settop(L, 1);
	return 1;
}

/* p:token(descriptor): the header words and the name of the interface */
static int token(lua_State *L)
{
	struct lb_parcel *parcel = check_writable(L, 1);
	binder_status_t status =
		AParcel_writeInterfaceToken(parcel->parcel, luaL_checkstring(L, 2));

	if (status != STATUS_OK)
		return raise_write(L, "token", status);
	lua_settop(L, 1);
	return 1;
}

/* p:status() or p:status{exception="EX_...", message=, code=} */
static int status_header(lua_State *L)
{
	struct lb_parcel *parcel = check_writable(L, 1);
	binder_status_t status;

	if (lua_isnoneornil(L, 2))
		parcel->status = AStatus_newOk();
	else if (lb_is_exception(L, 2))
		parcel->status = lb_to_status(L, 2);
	else
		return luaL_argerror(L, 2, "{exception=\"EX_...\", message=} expected");
	status = AParcel_writeStatusHeader(parcel->parcel, parcel->status);
	AStatus_delete(parcel->status);
	parcel->status = NULL;
	if (status != STATUS_OK)
		return raise_write(L, "status", status);
	lua_settop(L, 1);
	return 1;
}

/* ---- reading -------------------------------------------------------------------- */

static int fail_read(lua_State *L, const struct lb_parcel *parcel, const char *type,
		     binder_status_t status)
{
	const char *message = lua_pushfstring(L, "cannot read %s at byte %d of %d: %s", type,
					      (int)AParcel_getDataPosition(parcel->parcel),
					      (int)AParcel_getDataSize(parcel->parcel),
					      ABinder_statusName(status));

	if (parcel->request)
		return lb_throw(L, EX_BAD_PARCELABLE, message);
	return lb_fail(L, status, message);
}

/* p:read_TYPE() */
static int read_method(lua_State *L)
{
	const struct aidl_wire *type = lua_touserdata(L, lua_upvalueindex(1));
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	const bool array = lua_toboolean(L, lua_upvalueindex(2));
	binder_status_t status = lb_type_read(L, type, array, parcel);

	return status == STATUS_OK ? 1 : fail_read(L, parcel, type->name, status);
}

/* p:read(type, ...) */
static int read_several(lua_State *L)
{
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	const int count = lua_gettop(L) - 1;

	luaL_checkstack(L, count, "too many types");
	for (int i = 0; i < count; i++) {
		const char *name = luaL_checkstring(L, 2 + i);
		bool array;
		const struct aidl_wire *type = lb_type_find(name, &array);
		binder_status_t status;

		if (!type)
			return luaL_argerror(L, 2 + i,
					     lua_pushfstring(L, "unknown type '%s'", name));
		status = lb_type_read(L, type, array, parcel);
		if (status != STATUS_OK)
			return fail_read(L, parcel, name, status);
	}
	return count;
}

/* p:read_raw([size]): that many bytes, or all that are left */
static int read_raw(lua_State *L)
{
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	lua_Integer size = luaL_optinteger(L, 2,
					   AParcel_getDataSize(parcel->parcel) -
						   AParcel_getDataPosition(parcel->parcel));
	const void *data = "";
	binder_status_t status = STATUS_OK;

	luaL_argcheck(L, size >= 0 && size <= INT32_MAX, 2, "size out of range");
	if (size > 0)
		status = AParcel_readRaw(parcel->parcel, (size_t)size, &data);
	if (status != STATUS_OK)
		return fail_read(L, parcel, "raw", status);
	lua_pushlstring(L, data, (size_t)size);
	return 1;
}

/* p:read_parcelable([type, ...]): its fields as a parcel, or those of the types; nil: it is null */
static int read_parcelable(lua_State *L)
{
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	binder_status_t status;

	luaL_checkstack(L, 4, NULL);
	status = lb_read_parcelable(L, parcel);
	if (status != STATUS_OK)
		return fail_read(L, parcel, "parcelable", status);
	if (lua_isnil(L, -1) || lua_gettop(L) == 2)
		return 1;
	lua_replace(L, 1);
	return read_several(L);
}

/* p:read_token() */
static int read_token(lua_State *L)
{
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	binder_status_t status;

	free(parcel->scratch);
	parcel->scratch = NULL;
	status = AParcel_readInterfaceToken(parcel->parcel, &parcel->scratch);
	if (status != STATUS_OK)
		return fail_read(L, parcel, "token", status);
	lua_pushstring(L, parcel->scratch);
	return 1;
}

int lb_parcel_read_status(lua_State *L, struct lb_parcel *parcel)
{
	binder_status_t status;

	AStatus_delete(parcel->status);
	parcel->status = NULL;
	status = AParcel_readStatusHeader(parcel->parcel, &parcel->status);
	if (status != STATUS_OK)
		return fail_read(L, parcel, "status", status);
	return lb_fail_exception(L, parcel->status);
}

/* p:read_status(): true, or nil, message, NAME */
static int read_status(lua_State *L)
{
	int failed = lb_parcel_read_status(L, lb_parcel_check(L, 1));

	if (failed)
		return failed;
	lua_pushboolean(L, true);
	return 1;
}

static int close_parcel(lua_State *L)
{
	lb_parcel_close(luaL_checkudata(L, 1, PARCEL_TYPE));
	return 0;
}

/* ---- the metatable ------------------------------------------------------------------ */

static const luaL_Reg methods[] = {
	{ "append", append },         { "token", token },
	{ "status", status_header },  { "read", read_several },
	{ "read_raw", read_raw },     { "read_parcelable", read_parcelable },
	{ "read_token", read_token }, { "read_status", read_status },
	{ "close", close_parcel },    { NULL, NULL },
};

static const luaL_Reg metamethods[] = {
	{ "__gc", close_parcel },
	{ "__close", close_parcel },
	{ "__eq", lb_parcel_equal },
	{ "__len", lb_parcel_size },
	{ "__tostring", lb_parcel_to_string },
	{ NULL, NULL },
};

static void add_type(lua_State *L, const struct aidl_wire *type, bool array)
{
	const char *suffix = array ? "_array" : "";

	lua_pushfstring(L, "%s%s", type->name, suffix);
	lua_pushlightuserdata(L, (void *)(uintptr_t)type);
	lua_pushboolean(L, array);
	lua_pushcclosure(L, write_method, 2);
	lua_rawset(L, -3);
	lua_pushfstring(L, "read_%s%s", type->name, suffix);
	lua_pushlightuserdata(L, (void *)(uintptr_t)type);
	lua_pushboolean(L, array);
	lua_pushcclosure(L, read_method, 2);
	lua_rawset(L, -3);
}

binder_status_t lb_parcel_set_size(AParcel *parcel, int32_t start, int32_t header)
{
	int32_t end = AParcel_getDataPosition(parcel);
	binder_status_t status = AParcel_setDataPosition(parcel, start);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, end - start - header);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end) : status;
}

void lb_open_parcel(lua_State *L)
{
	const struct aidl_wire *type;

	luaL_newmetatable(L, PARCEL_TYPE);
	luaL_setfuncs(L, metamethods, 0);
	lua_newtable(L);
	for (size_t i = 0; (type = lb_type_at(i)); i++) {
		add_type(L, type, false);
		if (lb_type_has_array(type))
			add_type(L, type, true);
	}
	/* Those that are more than the row of their name come last. */
	luaL_setfuncs(L, lb_parcel_look, 0);
	luaL_setfuncs(L, methods, 0);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

/* SPDX-License-Identifier: MIT */
/*
 * parcel_value.c: single values between Lua and a parcel, by the rows of binder/wire.h.
 *
 * Called by parcel_types.c.  A value becomes a leaf that borrows from the Lua value; what is
 * read is owned by Lua, or by the parcel's userdata, before anything can raise an error.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "parcel.h"

/* ---- from Lua ------------------------------------------------------------------ */

const char *lb_type_expected(lua_State *L, int index, const char *what)
{
	return lua_pushfstring(L, "%s expected, got %s", what, luaL_typename(L, index));
}

static const char *to_integer(lua_State *L, const struct aidl_wire *wire, int index,
			      struct aidl_data *leaf)
{
	lua_Integer value;
	int exact;

	if (lua_type(L, index) != LUA_TNUMBER)
		return lb_type_expected(L, index, "integer");
	value = lua_tointegerx(L, index, &exact);
	if (!exact)
		return "number has no integer representation";
	if (value < wire->low || value > wire->high)
		return lua_pushfstring(L, "%I is out of range, %I to %I", value,
				       (lua_Integer)wire->low, (lua_Integer)wire->high);
	leaf->integer = value;
	return NULL;
}

static const char *to_floating(lua_State *L, const struct aidl_wire *wire, int index,
			       struct aidl_data *leaf)
{
	if (lua_type(L, index) != LUA_TNUMBER)
		return lb_type_expected(L, index, "number");
	leaf->floating = lua_tonumber(L, index);
	/* Infinity may be sent, but no number silently becomes it. */
	if (wire->kind == AIDL_FLOAT && isfinite(leaf->floating) &&
	    !isfinite((float)leaf->floating))
		return lua_pushfstring(L, "%f is out of range for f32", leaf->floating);
	return NULL;
}

static const char *to_text(lua_State *L, const struct aidl_wire *wire, int index,
			   struct aidl_data *leaf)
{
	if (lua_type(L, index) != LUA_TSTRING)
		return lb_type_expected(L, index, wire->nullable ? "string or nil" : "string");
	leaf->text = (char *)(uintptr_t)lua_tolstring(L, index, &leaf->length);
	return leaf->length > INT32_MAX ? "string is too long" : NULL;
}

static const char *to_binder(lua_State *L, int index, struct aidl_data *leaf)
{
	struct lb_service *service = lb_service_test(L, index);

	if (!service)
		return lb_type_expected(L, index, "binder.service or nil");
	leaf->binder = service->binder;
	return service->binder ? NULL : "the service is closed";
}

/* The descriptor is borrowed from the file. */
static const char *to_file(lua_State *L, const struct aidl_wire *wire, int index,
			   struct aidl_data *leaf)
{
	luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
	lua_Integer fd;
	int exact;

	if (stream) {
		if (!stream->closef)
			return "the file is closed";
		/* The receiver writes behind what is buffered here. */
		fflush(stream->f);
		leaf->fd = fileno(stream->f);
		return NULL;
	}
	if (lua_type(L, index) != LUA_TNUMBER)
		return lb_type_expected(L, index,
					wire->nullable ? "file, descriptor number or nil" :
							 "file or descriptor number");
	fd = lua_tointegerx(L, index, &exact);
	if (!exact || fd < 0 || fd > INT32_MAX)
		return "no descriptor has that number";
	leaf->fd = (int)fd;
	return NULL;
}

static const char *to_leaf(lua_State *L, const struct aidl_wire *wire, int index,
			   struct aidl_data *leaf)
{
	if (wire->nullable && lua_isnil(L, index))
		return NULL;
	leaf->kind = wire->value;
	switch (wire->value) {
	case AIDL_DATA_INTEGER:
		return to_integer(L, wire, index, leaf);
	case AIDL_DATA_FLOATING:
		return to_floating(L, wire, index, leaf);
	case AIDL_DATA_BOOLEAN:
		if (!lua_isboolean(L, index))
			return lb_type_expected(L, index, "boolean");
		leaf->boolean = lua_toboolean(L, index);
		return NULL;
	case AIDL_DATA_BINDER:
		return to_binder(L, index, leaf);
	case AIDL_DATA_FILE:
		return to_file(L, wire, index, leaf);
	default:
		return to_text(L, wire, index, leaf);
	}
}

const char *lb_value_write(lua_State *L, const struct aidl_wire *wire, int index, AParcel *parcel,
			   binder_status_t *status)
{
	struct aidl_data leaf;
	const char *misuse;

	/* All that is looked at of a single value; the rest of the struct would cost as much. */
	leaf.kind = AIDL_DATA_NULL;
	leaf.text = NULL;
	leaf.length = 0;
	leaf.binder = NULL;
	misuse = to_leaf(L, wire, index, &leaf);
	if (misuse)
		return misuse;
	*status = wire->write(wire, &leaf, parcel);
	if (*status == STATUS_BAD_VALUE && wire->kind == AIDL_STRING)
		return "the string is not valid UTF-8";
	return NULL;
}

/* ---- to Lua ---------------------------------------------------------------------- */

static binder_status_t push_number(lua_State *L, const struct aidl_wire *wire,
				   struct lb_parcel *parcel)
{
	struct aidl_data data; /* a number owns nothing, so only its kind has to be set */
	binder_status_t status;

	data.kind = AIDL_DATA_NULL;
	status = wire->read(wire, parcel->parcel, &data);
	if (status != STATUS_OK)
		return status;
	if (wire->value == AIDL_DATA_INTEGER)
		lua_pushinteger(L, data.integer);
	else if (wire->value == AIDL_DATA_FLOATING)
		lua_pushnumber(L, data.floating);
	else
		lua_pushboolean(L, data.boolean);
	return STATUS_OK;
}

/* Without the copy that a tree would need: they may be many. */
static binder_status_t push_bytes(lua_State *L, const struct aidl_wire *wire,
				  struct lb_parcel *parcel)
{
	int32_t count =
		AParcel_getDataSize(parcel->parcel) - AParcel_getDataPosition(parcel->parcel);
	const void *bytes = "";
	binder_status_t status = STATUS_OK;

	if (wire->size)
		status = AParcel_readInt32(parcel->parcel, &count);
	if (status == STATUS_OK && count < -1)
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK && count > 0)
		status = AParcel_readRaw(parcel->parcel, (size_t)count, &bytes);
	if (status != STATUS_OK)
		return status;
	if (count < 0)
		lua_pushnil(L);
	else
		lua_pushlstring(L, bytes, (size_t)count);
	return STATUS_OK;
}

static binder_status_t push_text(lua_State *L, const struct aidl_wire *wire,
				 struct lb_parcel *parcel)
{
	struct aidl_data data; /* of a string, only these are set and read */
	binder_status_t status;

	data.kind = AIDL_DATA_NULL;
	data.text = NULL;
	status = wire->read(wire, parcel->parcel, &data);
	if (status != STATUS_OK)
		return status;
	free(parcel->scratch);
	parcel->scratch = data.text;
	if (data.kind == AIDL_DATA_NULL)
		lua_pushnil(L);
	else
		lua_pushlstring(L, data.text, data.length);
	free(parcel->scratch);
	parcel->scratch = NULL;
	return STATUS_OK;
}

static binder_status_t push_binder(lua_State *L, const struct aidl_wire *wire,
				   struct lb_parcel *parcel)
{
	struct lb_service *service = lb_service_new(L);
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	binder_status_t status = wire->read(wire, parcel->parcel, &data);

	service->binder = data.binder;
	if (service->binder)
		return STATUS_OK;
	lua_pop(L, 1);
	if (status == STATUS_OK)
		lua_pushnil(L);
	return status;
}

static binder_status_t push_file(lua_State *L, const struct aidl_wire *wire,
				 struct lb_parcel *parcel)
{
	luaL_Stream *stream = lb_file_new(L);
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	binder_status_t status = wire->read(wire, parcel->parcel, &data);

	if (status == STATUS_OK && data.kind == AIDL_DATA_FILE) {
		if (lb_file_open(stream, data.fd))
			return STATUS_OK;
		status = STATUS_NO_MEMORY;
	}
	lua_pop(L, 1);
	if (status == STATUS_OK)
		lua_pushnil(L);
	return status;
}

binder_status_t lb_value_read(lua_State *L, const struct aidl_wire *wire, struct lb_parcel *parcel)
{
	switch (wire->value) {
	case AIDL_DATA_STRING:
		return push_text(L, wire, parcel);
	case AIDL_DATA_BYTES:
		return push_bytes(L, wire, parcel);
	case AIDL_DATA_BINDER:
		return push_binder(L, wire, parcel);
	case AIDL_DATA_FILE:
		return push_file(L, wire, parcel);
	default:
		return push_number(L, wire, parcel);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * parcel_types.c: the one table of value types that a parcel can carry.
 *
 * A row says how a value is checked and written, and read: numbers here, others
 * in parcel_text.c, parcel_object.c, parcel_bundle.c and parcel_nested.c.  "x[]"
 * is an array of any type x: a count (-1: nil) and the values.  parcel.c makes a
 * method p:x() and p:read_x() of each row, and p:x_array() and p:read_x_array().
 */
#include <math.h>
#include <string.h>

#include "parcel.h"

/* ---- checking ---------------------------------------------------------------- */

const char *lb_type_expected(lua_State *L, int index, const char *what)
{
	return lua_pushfstring(L, "%s expected, got %s", what, luaL_typename(L, index));
}

static const char *to_integer(lua_State *L, int index, lua_Integer min, lua_Integer max,
			      lua_Integer *ret)
{
	lua_Integer value;
	int exact;

	if (lua_type(L, index) != LUA_TNUMBER)
		return lb_type_expected(L, index, "integer");
	value = lua_tointegerx(L, index, &exact);
	if (!exact)
		return "number has no integer representation";
	if (value < min || value > max)
		return lua_pushfstring(L, "%I is out of range, %I to %I", value, min, max);
	*ret = value;
	return NULL;
}

/* ---- numbers ------------------------------------------------------------------- */

#define INTEGER(name, ctype, min, max, Api) \
	static const char *write_##name(lua_State *L, int index, AParcel *parcel, \
					binder_status_t *status) \
	{ \
		lua_Integer value = 0; \
		const char *misuse = to_integer(L, index, min, max, &value); \
\
		if (!misuse) \
			*status = AParcel_write##Api(parcel, (ctype)value); \
		return misuse; \
	} \
\
	static binder_status_t read_##name(lua_State *L, struct lb_parcel *parcel) \
	{ \
		ctype value; \
		binder_status_t status = AParcel_read##Api(parcel->parcel, &value); \
\
		if (status == STATUS_OK) \
			lua_pushinteger(L, (lua_Integer)value); \
		return status; \
	}

/* A byte may be given as -128..127 or 0..255 and is read signed, as AIDL has it. */
INTEGER(byte, int8_t, INT8_MIN, UINT8_MAX, Byte)
INTEGER(char, char16_t, 0, UINT16_MAX, Char)
INTEGER(i32, int32_t, INT32_MIN, INT32_MAX, Int32)
INTEGER(u32, uint32_t, 0, UINT32_MAX, Uint32)
INTEGER(i64, int64_t, INT64_MIN, INT64_MAX, Int64)
/* Lua's integers are signed: the upper half of u64 reads as negative. */
INTEGER(u64, uint64_t, INT64_MIN, INT64_MAX, Uint64)

#define FLOAT(name, ctype, Api) \
	static const char *write_##name(lua_State *L, int index, AParcel *parcel, \
					binder_status_t *status) \
	{ \
		if (lua_type(L, index) != LUA_TNUMBER) \
			return lb_type_expected(L, index, "number"); \
		*status = AParcel_write##Api(parcel, (ctype)lua_tonumber(L, index)); \
		return NULL; \
	} \
\
	static binder_status_t read_##name(lua_State *L, struct lb_parcel *parcel) \
	{ \
		ctype value; \
		binder_status_t status = AParcel_read##Api(parcel->parcel, &value); \
\
		if (status == STATUS_OK) \
			lua_pushnumber(L, (lua_Number)value); \
		return status; \
	}

FLOAT(f32, float, Float)
FLOAT(f64, double, Double)

/* Infinity may be sent, but no number silently becomes it. */
static const char *write_finite_f32(lua_State *L, int index, AParcel *parcel,
				    binder_status_t *status)
{
	if (lua_type(L, index) == LUA_TNUMBER) {
		const lua_Number value = lua_tonumber(L, index);

		if (isfinite(value) && !isfinite((float)value))
			return lua_pushfstring(L, "%f is out of range for f32", value);
	}
	return write_f32(L, index, parcel, status);
}

static const char *write_bool(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	if (!lua_isboolean(L, index))
		return lb_type_expected(L, index, "boolean");
	*status = AParcel_writeBool(parcel, lua_toboolean(L, index));
	return NULL;
}

static binder_status_t read_bool(lua_State *L, struct lb_parcel *parcel)
{
	bool value;
	binder_status_t status = AParcel_readBool(parcel->parcel, &value);

	if (status == STATUS_OK)
		lua_pushboolean(L, value);
	return status;
}

/* ---- the table ------------------------------------------------------------------- */

const struct lb_type lb_types[] = {
	{ "bool", 4, write_bool, read_bool },
	{ "byte", 4, write_byte, read_byte },
	{ "char", 4, write_char, read_char },
	{ "i32", 4, write_i32, read_i32 },
	{ "u32", 4, write_u32, read_u32 },
	{ "i64", 8, write_i64, read_i64 },
	{ "u64", 8, write_u64, read_u64 },
	{ "f32", 4, write_finite_f32, read_f32 },
	{ "f64", 8, write_f64, read_f64 },
	{ "str", 4, lb_write_str, lb_read_str },
	{ "str8", 4, lb_write_str8, lb_read_str8 },
	{ "bytes", 4, lb_write_bytes, lb_read_bytes },
	{ "raw", 1, lb_write_raw, lb_read_raw },
	{ "binder", 24, lb_write_binder, lb_read_binder },
	{ "fd", 4, lb_write_fd, lb_read_fd },
	{ "pfd", 4, lb_write_pfd, lb_read_pfd },
	{ "parcelable", 4, lb_write_parcelable, lb_read_parcelable },
	{ "bundle", 4, lb_write_bundle, lb_read_bundle },
	{ NULL, 0, NULL, NULL },
};

const struct lb_type *lb_type_find(const char *name, bool *array)
{
	size_t length = strlen(name);

	*array = length > 2 && strcmp(name + length - 2, "[]") == 0;
	if (*array)
		length -= 2;
	/* An array of bytes is packed: it is what "bytes" writes. */
	if (*array && length == 4 && memcmp(name, "byte", 4) == 0) {
		*array = false;
		return lb_type_find("bytes", array);
	}
	for (const struct lb_type *type = lb_types; type->name; type++)
		if (strlen(type->name) == length && memcmp(type->name, name, length) == 0)
			return *array && type->read == lb_read_raw ? NULL : type;
	return NULL;
}

/* Each value inside of another takes some places of the Lua stack, and the C stack has an end:
 * more is a table that holds itself, or a hostile sender. */
#define DEEP 1000

/* ---- arrays ---------------------------------------------------------------------- */

static const char *write_array(lua_State *L, const struct lb_type *type, int index, AParcel *parcel,
			       binder_status_t *status)
{
	lua_Unsigned count;

	if (lua_isnil(L, index)) {
		*status = AParcel_writeInt32(parcel, -1);
		return NULL;
	}
	if (!lua_istable(L, index))
		return lb_type_expected(L, index, "table or nil");
	count = lua_rawlen(L, index);
	if (count > INT32_MAX)
		return "too many elements";
	*status = AParcel_writeInt32(parcel, (int32_t)count);
	for (lua_Unsigned i = 1; i <= count && *status == STATUS_OK; i++) {
		const char *misuse;

		lua_rawgeti(L, index, (lua_Integer)i);
		misuse = type->write(L, lua_gettop(L), parcel, status);
		if (misuse)
			return lua_pushfstring(L, "element %d: %s", (int)i, misuse);
		lua_pop(L, 1);
	}
	return NULL;
}

static binder_status_t read_array(lua_State *L, const struct lb_type *type,
				  struct lb_parcel *parcel)
{
	int32_t count;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &count);
	int32_t left =
		AParcel_getDataSize(parcel->parcel) - AParcel_getDataPosition(parcel->parcel);

	if (status != STATUS_OK)
		return status;
	if (count == -1) {
		lua_pushnil(L);
		return STATUS_OK;
	}
	if (count < 0)
		return STATUS_BAD_VALUE;
	/* Before a table is made for what a sender only claims. */
	if ((size_t)count > (size_t)left / type->min_size)
		return STATUS_NOT_ENOUGH_DATA;
	lua_createtable(L, count, 0);
	for (int32_t i = 1; i <= count; i++) {
		status = type->read(L, parcel);
		if (status != STATUS_OK) {
			lua_pop(L, 1);
			return status;
		}
		lua_rawseti(L, -2, i);
	}
	return STATUS_OK;
}

const char *lb_type_write(lua_State *L, const struct lb_type *type, bool array, int index,
			  AParcel *parcel, binder_status_t *status)
{
	index = lua_absindex(L, index);
	if (lua_gettop(L) > DEEP)
		return "values are nested too deeply";
	luaL_checkstack(L, 8, NULL);
	return array ? write_array(L, type, index, parcel, status) :
		       type->write(L, index, parcel, status);
}

binder_status_t lb_type_read(lua_State *L, const struct lb_type *type, bool array,
			     struct lb_parcel *parcel)
{
	if (lua_gettop(L) > DEEP)
		return STATUS_BAD_VALUE;
	luaL_checkstack(L, 8, NULL);
	return array ? read_array(L, type, parcel) : type->read(L, parcel);
}

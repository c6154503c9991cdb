/* SPDX-License-Identifier: MIT */
/*
 * parcel_types.c: the one table of value types that a parcel can carry.
 *
 * A row says how a value is checked and written, and read.  "x[]" is an array
 * of any type x: a count (-1: nil) and the values.  parcel.c makes a method
 * p:x() and p:read_x() of each row, and p:x_array() and p:read_x_array().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- checking ---------------------------------------------------------------- */

static const char *expected(lua_State *L, int index, const char *what)
{
	return lua_pushfstring(L, "%s expected, got %s", what, luaL_typename(L, index));
}

static const char *to_integer(lua_State *L, int index, lua_Integer min, lua_Integer max,
			      lua_Integer *ret)
{
	lua_Integer value;
	int exact;

	if (lua_type(L, index) != LUA_TNUMBER)
		return expected(L, index, "integer");
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
			return expected(L, index, "number"); \
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

static const char *write_bool(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	if (!lua_isboolean(L, index))
		return expected(L, index, "boolean");
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

/* ---- strings ------------------------------------------------------------------- */

static const char *to_string(lua_State *L, int index, const char *what, const char **ret,
			     int32_t *length)
{
	size_t size;

	if (lua_type(L, index) != LUA_TSTRING)
		return expected(L, index, what);
	*ret = lua_tolstring(L, index, &size);
	if (size > INT32_MAX)
		return "string is too long";
	*length = (int32_t)size;
	return NULL;
}

static const char *write_str(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *misuse, *text = NULL;
	int32_t length = 0;

	if (lua_isnil(L, index)) {
		*status = AParcel_writeString(parcel, NULL, -1);
		return NULL;
	}
	misuse = to_string(L, index, "string or nil", &text, &length);
	if (!misuse)
		*status = AParcel_writeString(parcel, text, length);
	return misuse;
}

struct text {
	struct lb_parcel *owner;
	int32_t size; /* with the NUL; -1: null */
};

static bool allocate_text(void *cookie, int32_t size, char **buffer)
{
	struct text *text = cookie;

	text->size = size;
	if (size < 0)
		return true;
	*buffer = malloc((size_t)size + 1);
	text->owner->scratch = *buffer;
	return *buffer != NULL;
}

static void free_scratch(struct lb_parcel *parcel)
{
	free(parcel->scratch);
	parcel->scratch = NULL;
}

static binder_status_t read_str(lua_State *L, struct lb_parcel *parcel)
{
	struct text text = { parcel, -1 };
	binder_status_t status;

	free_scratch(parcel);
	status = AParcel_readString(parcel->parcel, &text, allocate_text);
	if (status != STATUS_OK)
		return status;
	if (text.size < 1)
		lua_pushnil(L);
	else
		lua_pushlstring(L, parcel->scratch, (size_t)text.size - 1);
	free_scratch(parcel);
	return STATUS_OK;
}

static const char *write_str8(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *text = NULL;
	int32_t length = 0;
	const char *misuse = to_string(L, index, "string", &text, &length);

	if (!misuse)
		*status = AParcel_writeString8(parcel, text, length);
	return misuse;
}

static binder_status_t read_str8(lua_State *L, struct lb_parcel *parcel)
{
	binder_status_t status;
	int32_t length;

	free_scratch(parcel);
	status = AParcel_readString8(parcel->parcel, &parcel->scratch, &length);
	if (status != STATUS_OK)
		return status;
	if (length < 0)
		lua_pushnil(L);
	else
		lua_pushlstring(L, parcel->scratch, (size_t)length);
	free_scratch(parcel);
	return STATUS_OK;
}

/* ---- bytes: byte[] as a string ---------------------------------------------------- */

static const char *write_bytes(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *misuse, *text = NULL;
	int32_t length = 0;

	if (lua_isnil(L, index)) {
		*status = AParcel_writeInt32(parcel, -1);
		return NULL;
	}
	misuse = to_string(L, index, "string or nil", &text, &length);
	if (misuse)
		return misuse;
	*status = AParcel_writeInt32(parcel, length);
	if (*status == STATUS_OK && length > 0)
		*status = AParcel_writeRaw(parcel, text, (size_t)length);
	return NULL;
}

static binder_status_t read_bytes(lua_State *L, struct lb_parcel *parcel)
{
	const void *data = "";
	int32_t length;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &length);

	if (status == STATUS_OK && length < -1)
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK && length > 0)
		status = AParcel_readRaw(parcel->parcel, (size_t)length, &data);
	if (status != STATUS_OK)
		return status;
	if (length < 0)
		lua_pushnil(L);
	else
		lua_pushlstring(L, data, (size_t)length);
	return STATUS_OK;
}

/* ---- binders ------------------------------------------------------------------- */

static const char *write_binder(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	struct lb_service *service = lb_service_test(L, index);

	if (!service && !lua_isnil(L, index))
		return expected(L, index, "binder.service or nil");
	if (service && !service->binder)
		return "the service is closed";
	*status = AParcel_writeStrongBinder(parcel, service ? service->binder : NULL);
	return NULL;
}

static binder_status_t read_binder(lua_State *L, struct lb_parcel *parcel)
{
	struct lb_service *service = lb_service_new(L);
	binder_status_t status = AParcel_readStrongBinder(parcel->parcel, &service->binder);

	if (status != STATUS_OK) {
		lua_pop(L, 1);
	} else if (!service->binder) {
		lua_pop(L, 1);
		lua_pushnil(L);
	}
	return status;
}

/* ---- descriptors ------------------------------------------------------------------ */

static const char *write_fd(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
	lua_Integer fd = -1;

	if (stream) {
		if (!stream->closef)
			return "the file is closed";
		/* The receiver writes behind what is buffered here. */
		fflush(stream->f);
		fd = fileno(stream->f);
	} else if (!lua_isnil(L, index)) {
		const char *misuse = lua_isnumber(L, index) ?
					     to_integer(L, index, 0, INT32_MAX, &fd) :
					     expected(L, index, "file, descriptor number or nil");

		if (misuse)
			return misuse;
	}
	*status = AParcel_writeParcelFileDescriptor(parcel, (int)fd);
	return NULL;
}

static binder_status_t read_fd(lua_State *L, struct lb_parcel *parcel)
{
	luaL_Stream *stream = lb_file_new(L);
	int fd = -1;
	binder_status_t status = AParcel_readParcelFileDescriptor(parcel->parcel, &fd);

	if (status == STATUS_OK && fd >= 0) {
		if (lb_file_open(stream, fd))
			return STATUS_OK;
		status = STATUS_NO_MEMORY;
	}
	lua_pop(L, 1);
	if (status == STATUS_OK)
		lua_pushnil(L);
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
	{ "f32", 4, write_f32, read_f32 },
	{ "f64", 8, write_f64, read_f64 },
	{ "str", 4, write_str, read_str },
	{ "str8", 4, write_str8, read_str8 },
	{ "bytes", 4, write_bytes, read_bytes },
	{ "binder", 24, write_binder, read_binder },
	{ "fd", 4, write_fd, read_fd },
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
			return type;
	return NULL;
}

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
		return expected(L, index, "table or nil");
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
	luaL_checkstack(L, 8, NULL);
	return array ? write_array(L, type, index, parcel, status) :
		       type->write(L, index, parcel, status);
}

binder_status_t lb_type_read(lua_State *L, const struct lb_type *type, bool array,
			     struct lb_parcel *parcel)
{
	luaL_checkstack(L, 8, NULL);
	return array ? read_array(L, type, parcel) : type->read(L, parcel);
}

/* SPDX-License-Identifier: MIT */
/*
 * parcel_text.c: the rows of parcel_types.c that are Lua strings: str (String16),
 * str8, bytes (byte[]), and raw (bytes as they are).
 */
#include <stdlib.h>
#include <string.h>

#include "parcel.h"

static const char *to_string(lua_State *L, int index, const char *what, const char **ret,
			     int32_t *length)
{
	size_t size;

	if (lua_type(L, index) != LUA_TSTRING)
		return lb_type_expected(L, index, what);
	*ret = lua_tolstring(L, index, &size);
	if (size > INT32_MAX)
		return "string is too long";
	*length = (int32_t)size;
	return NULL;
}

const char *lb_write_str(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *misuse, *text = NULL;
	int32_t length = 0;

	if (lua_isnil(L, index)) {
		*status = AParcel_writeString(parcel, NULL, -1);
		return NULL;
	}
	misuse = to_string(L, index, "string or nil", &text, &length);
	if (misuse)
		return misuse;
	*status = AParcel_writeString(parcel, text, length);
	return *status == STATUS_BAD_VALUE ? "the string is not valid UTF-8" : NULL;
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

binder_status_t lb_read_str(lua_State *L, struct lb_parcel *parcel)
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

const char *lb_write_str8(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *text = NULL;
	int32_t length = 0;
	const char *misuse = to_string(L, index, "string", &text, &length);

	if (!misuse)
		*status = AParcel_writeString8(parcel, text, length);
	return misuse;
}

binder_status_t lb_read_str8(lua_State *L, struct lb_parcel *parcel)
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

const char *lb_write_bytes(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
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

binder_status_t lb_read_bytes(lua_State *L, struct lb_parcel *parcel)
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

/* ---- raw: bytes as they are, padded to a multiple of 4 ------------------------------ */

const char *lb_write_raw(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *text = NULL;
	int32_t length = 0;
	const char *misuse = to_string(L, index, "string", &text, &length);

	if (!misuse && length > 0)
		*status = AParcel_writeRaw(parcel, text, (size_t)length);
	return misuse;
}

/* All that is left. */
binder_status_t lb_read_raw(lua_State *L, struct lb_parcel *parcel)
{
	const int32_t left =
		AParcel_getDataSize(parcel->parcel) - AParcel_getDataPosition(parcel->parcel);
	const void *data = "";
	binder_status_t status = STATUS_OK;

	if (left > 0)
		status = AParcel_readRaw(parcel->parcel, (size_t)left, &data);
	if (status == STATUS_OK)
		lua_pushlstring(L, data, left > 0 ? (size_t)left : 0);
	return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * parcel_bundle.c: android.os.Bundle as a Lua table with names.
 *
 * A value is plain (boolean, integer, number, string, service, nil is absent) or
 * typed: {"i64", 3}, {"i32[]", {1, 2}}, {"bundle", {...}}.  Integers are i32
 * where they fit, else i64; they come back as plain values.  On the wire: the
 * length of what follows the next word, a magic word, a count, and for each
 * entry its name (String16), a word for its type, and the value.
 */
#include <string.h>

#include "parcel.h"

#define MAGIC_JAVA 0x4c444e42   /* BNDL */
#define MAGIC_NATIVE 0x4c444e44 /* BNDN: a PersistableBundle of native code */

/* android.os.Parcel's words for the types that have rows of ours. */
static const struct {
	int32_t word;
	const char *type;
} kinds[] = {
	{ 0, "str" },    { 1, "i32" },    { 3, "bundle" },  { 5, "i32" /* short */ },
	{ 6, "i64" },    { 7, "f32" },    { 8, "f64" },     { 9, "bool" },
	{ 13, "bytes" }, { 14, "str[]" }, { 15, "binder" }, { 18, "i32[]" },
	{ 19, "i64[]" }, { 20, "byte" },  { 23, "bool[]" }, { 25, "bundle" },
	{ 28, "f64[]" }, { 29, "char" },  { 31, "char[]" }, { 32, "f32[]" },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))
#define WORD_NULL (-1)

/* Values of these have a length before them (Android 13 and later), so that they can be kept as
 * they are: map, parcelable, list, sparse array, arrays of the last two, serializable. */
static bool has_length(int32_t word)
{
	return word == 2 || word == 4 || word == 11 || word == 12 || word == 16 || word == 17 ||
	       word == 21;
}

static const char *type_of_word(int32_t word)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].word == word)
			return kinds[i].type;
	return NULL;
}

static bool word_of_type(const char *type, int32_t *ret)
{
	if (strcmp(type, "byte[]") == 0)
		type = "bytes";
	for (size_t i = 0; i < KINDS; i++) {
		if (strcmp(kinds[i].type, type) == 0) {
			*ret = kinds[i].word;
			return true;
		}
	}
	return false;
}

/* ---- writing ------------------------------------------------------------------------- */

static const char *type_of_plain(lua_State *L, int index)
{
	switch (lua_type(L, index)) {
	case LUA_TBOOLEAN:
		return "bool";
	case LUA_TSTRING:
		return "str";
	case LUA_TNUMBER:
		if (!lua_isinteger(L, index))
			return "f64";
		return lua_tointeger(L, index) == (int32_t)lua_tointeger(L, index) ? "i32" : "i64";
	default:
		return lb_service_test(L, index) ? "binder" : NULL;
	}
}

/* The value on top of the stack. */
static const char *write_value(lua_State *L, AParcel *parcel, binder_status_t *status)
{
	const char *name = type_of_plain(L, -1);
	const struct aidl_wire *type;
	int32_t word;
	bool array;

	if (!name) {
		if (!lua_istable(L, -1))
			return lb_type_expected(L, -1, "plain value or {type, value}");
		lua_rawgeti(L, -1, 1);
		lua_rawgeti(L, -2, 2);
		name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
	}
	if (!word_of_type(name, &word))
		return lua_pushfstring(L, "a bundle has no type '%s'", name);
	type = lb_type_find(name, &array);
	*status = AParcel_writeInt32(parcel, word);
	return *status == STATUS_OK ? lb_type_write(L, type, array, -1, parcel, status) : NULL;
}

/* Pushes a sorted list of names, so that equal tables make equal bytes. */
static const char *push_names(lua_State *L, int index)
{
	lua_Integer count = 0;

	lua_newtable(L);
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		lua_Integer at = ++count;

		if (lua_type(L, -2) != LUA_TSTRING)
			return "names of a bundle are strings";
		for (; at > 1; at--) {
			bool before;

			lua_rawgeti(L, -3, at - 1);
			before = lua_compare(L, -3, -1, LUA_OPLT);
			if (!before) {
				lua_pop(L, 1);
				break;
			}
			lua_rawseti(L, -4, at);
		}
		lua_pushvalue(L, -2);
		lua_rawseti(L, -4, at);
	}
	return NULL;
}

static const char *write_entries(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const char *misuse = push_names(L, index);
	const int names = lua_gettop(L);
	lua_Integer count;

	if (misuse)
		return misuse;
	count = (lua_Integer)lua_rawlen(L, names);
	*status = AParcel_writeInt32(parcel, (int32_t)count);
	for (lua_Integer i = 1; i <= count && *status == STATUS_OK; i++) {
		size_t size;
		const char *name;

		lua_settop(L, names);
		lua_rawgeti(L, names, i);
		name = lua_tolstring(L, -1, &size);
		*status = AParcel_writeString(parcel, name, (int32_t)size);
		if (*status != STATUS_OK)
			return *status == STATUS_BAD_VALUE ? "a name is not valid UTF-8" : NULL;
		lua_pushvalue(L, -1);
		lua_rawget(L, index);
		misuse = write_value(L, parcel, status);
		if (misuse)
			return lua_pushfstring(L, "'%s': %s", name, misuse);
	}
	return NULL;
}

const char *lb_write_bundle(lua_State *L, int index, AParcel *parcel, binder_status_t *status)
{
	const int32_t start = AParcel_getDataPosition(parcel);
	const char *misuse;

	if (lua_isnil(L, index)) {
		*status = AParcel_writeInt32(parcel, -1);
		return NULL;
	}
	if (!lua_istable(L, index))
		return lb_type_expected(L, index, "table or nil");
	luaL_checkstack(L, 20, "a bundle is nested too deeply");
	*status = AParcel_writeInt32(parcel, 0);
	lua_pushnil(L);
	if (!lua_next(L, index))
		return NULL; /* an empty one is the length alone */
	lua_pop(L, 2);
	if (*status == STATUS_OK)
		*status = AParcel_writeInt32(parcel, MAGIC_JAVA);
	if (*status != STATUS_OK)
		return NULL;
	misuse = write_entries(L, index, parcel, status);
	if (misuse || *status != STATUS_OK)
		return misuse;
	*status = lb_parcel_set_size(parcel, start, 8);
	return NULL;
}

/* ---- reading --------------------------------------------------------------------------- */

/* Pushes the bytes behind a length, as a parcel. */
static binder_status_t read_unknown(lua_State *L, struct lb_parcel *parcel)
{
	int32_t length;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &length);

	return status == STATUS_OK ? lb_parcel_new_part(L, parcel, length) : status;
}

static binder_status_t read_value(lua_State *L, struct lb_parcel *parcel)
{
	const struct aidl_wire *type;
	const char *name;
	int32_t word;
	bool array;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &word);

	if (status != STATUS_OK)
		return status;
	if (word == WORD_NULL) {
		lua_pushnil(L);
		return STATUS_OK;
	}
	if (has_length(word))
		return read_unknown(L, parcel);
	name = type_of_word(word);
	if (!name)
		return STATUS_BAD_TYPE;
	type = lb_type_find(name, &array);
	return lb_type_read(L, type, array, parcel);
}

/* Into the table on top of the stack. */
static binder_status_t read_entries(lua_State *L, struct lb_parcel *parcel)
{
	const struct aidl_wire *str;
	int32_t count;
	bool array;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &count);

	str = lb_type_find("str", &array);
	for (int32_t i = 0; status == STATUS_OK && i < count; i++) {
		status = lb_type_read(L, str, false, parcel);
		if (status == STATUS_OK && !lua_isstring(L, -1))
			status = STATUS_UNEXPECTED_NULL;
		if (status == STATUS_OK)
			status = read_value(L, parcel);
		if (status == STATUS_OK)
			lua_rawset(L, -3);
	}
	return status;
}

binder_status_t lb_read_bundle(lua_State *L, struct lb_parcel *parcel)
{
	const int top = lua_gettop(L);
	int32_t length, magic, start;
	binder_status_t status = AParcel_readInt32(parcel->parcel, &length);

	if (status == STATUS_OK && length == -1) {
		lua_pushnil(L);
		return STATUS_OK;
	}
	luaL_checkstack(L, 20, "a bundle is nested too deeply");
	lua_newtable(L);
	if (status == STATUS_OK && length == 0)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = AParcel_readInt32(parcel->parcel, &magic);
	start = AParcel_getDataPosition(parcel->parcel);
	if (status == STATUS_OK && magic != MAGIC_JAVA && magic != MAGIC_NATIVE)
		status = STATUS_BAD_TYPE;
	if (status == STATUS_OK &&
	    (length < 4 || length > AParcel_getDataSize(parcel->parcel) - start))
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK)
		status = read_entries(L, parcel);
	/* Nothing of it may reach beyond its length. */
	if (status == STATUS_OK && AParcel_getDataPosition(parcel->parcel) > start + length)
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(parcel->parcel, start + length);
	if (status != STATUS_OK)
		lua_settop(L, top);
	return status;
}

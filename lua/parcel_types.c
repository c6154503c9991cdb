/* SPDX-License-Identifier: MIT */
/*
 * parcel_types.c: the types of values that a script can put into a parcel.
 *
 * They are the single values of libbinder's table (binder/wire.h, parcel_value.c), parcelables
 * (parcel_nested.c) and bundles (parcel_bundle.c).  "x[]" is an array of any type x but raw: a
 * count (-1: nil) and the values.  parcel.c makes a method p:x() and p:read_x() of each type, and
 * p:x_array() and p:read_x_array().
 */
#include <string.h>

#include "parcel.h"

static const struct aidl_wire nested[] = {
	{ "parcelable", .size = 4 },
	{ "bundle", .size = 4 },
};

#define PARCELABLE (&nested[0])
#define BUNDLE (&nested[1])

const struct aidl_wire *lb_type_at(size_t index)
{
	size_t singles = 0;

	while (aidl_wire_at(singles))
		singles++;
	if (index < singles)
		return aidl_wire_at(index);
	return index < singles + 2 ? &nested[index - singles] : NULL;
}

/* Of raw, nothing says where the next one begins. */
bool lb_type_has_array(const struct aidl_wire *type)
{
	return type->size > 0;
}

const struct aidl_wire *lb_type_find(const char *name, bool *array)
{
	size_t length = strlen(name);
	const struct aidl_wire *type;
	bool brackets;

	*array = length > 2 && strcmp(name + length - 2, "[]") == 0;
	/* An array of bytes is packed: it is what "bytes" writes. */
	if (*array && length == 6 && memcmp(name, "byte", 4) == 0) {
		*array = false;
		return aidl_wire_find("bytes", 5, &brackets);
	}
	if (*array)
		length -= 2;
	type = aidl_wire_find(name, length, &brackets);
	for (size_t i = 0; !type && i < 2; i++)
		if (strlen(nested[i].name) == length && memcmp(nested[i].name, name, length) == 0)
			type = &nested[i];
	return type && (brackets || (*array && !lb_type_has_array(type))) ? NULL : type;
}

static const char *write_one(lua_State *L, const struct aidl_wire *type, int index, AParcel *parcel,
			     binder_status_t *status)
{
	if (type == PARCELABLE)
		return lb_write_parcelable(L, index, parcel, status);
	if (type == BUNDLE)
		return lb_write_bundle(L, index, parcel, status);
	return lb_value_write(L, type, index, parcel, status);
}

static binder_status_t read_one(lua_State *L, const struct aidl_wire *type,
				struct lb_parcel *parcel)
{
	if (type == PARCELABLE)
		return lb_read_parcelable(L, parcel);
	if (type == BUNDLE)
		return lb_read_bundle(L, parcel);
	return lb_value_read(L, type, parcel);
}

/* Each value inside of another takes some places of the Lua stack, and the C stack has an end:
 * more is a table that holds itself, or a hostile sender. */
#define DEEP 1000

/* ---- arrays ---------------------------------------------------------------------- */

static const char *write_array(lua_State *L, const struct aidl_wire *type, int index,
			       AParcel *parcel, binder_status_t *status)
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
		misuse = write_one(L, type, lua_gettop(L), parcel, status);
		if (misuse)
			return lua_pushfstring(L, "element %d: %s", (int)i, misuse);
		lua_pop(L, 1);
	}
	return NULL;
}

static binder_status_t read_array(lua_State *L, const struct aidl_wire *type,
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
	if ((size_t)count > (size_t)left / type->size)
		return STATUS_NOT_ENOUGH_DATA;
	lua_createtable(L, count, 0);
	for (int32_t i = 1; i <= count; i++) {
		status = read_one(L, type, parcel);
		if (status != STATUS_OK) {
			lua_pop(L, 1);
			return status;
		}
		lua_rawseti(L, -2, i);
	}
	return STATUS_OK;
}

const char *lb_type_write(lua_State *L, const struct aidl_wire *type, bool array, int index,
			  AParcel *parcel, binder_status_t *status)
{
	index = lua_absindex(L, index);
	if (lua_gettop(L) > DEEP)
		return "values are nested too deeply";
	luaL_checkstack(L, 8, NULL);
	return array ? write_array(L, type, index, parcel, status) :
		       write_one(L, type, index, parcel, status);
}

binder_status_t lb_type_read(lua_State *L, const struct aidl_wire *type, bool array,
			     struct lb_parcel *parcel)
{
	if (lua_gettop(L) > DEEP)
		return STATUS_BAD_VALUE;
	luaL_checkstack(L, 8, NULL);
	return array ? read_array(L, type, parcel) : read_one(L, type, parcel);
}

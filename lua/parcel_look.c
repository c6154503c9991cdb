/* SPDX-License-Identifier: MIT */
/*
 * parcel_look.c: a parcel as it is: position, size, bytes, objects, equality, as text.
 *
 * Methods of parcel.c's userdata that do not care what the values mean.
 */
#include <stdio.h>
#include <string.h>

#include "parcel.h"

/* p:position() or p:position(n), which returns p */
static int position(lua_State *L)
{
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	lua_Integer to;

	if (lua_isnoneornil(L, 2)) {
		lua_pushinteger(L, AParcel_getDataPosition(parcel->parcel));
		return 1;
	}
	to = luaL_checkinteger(L, 2);
	luaL_argcheck(L,
		      to >= 0 && to <= AParcel_getDataSize(parcel->parcel) &&
			      AParcel_setDataPosition(parcel->parcel, (int32_t)to) == STATUS_OK,
		      2, "position outside of the parcel");
	lua_settop(L, 1);
	return 1;
}

int lb_parcel_size(lua_State *L)
{
	lua_pushinteger(L, AParcel_getDataSize(lb_parcel_check(L, 1)->parcel));
	return 1;
}

static const uint8_t *get_bytes(const struct lb_parcel *parcel, size_t *length)
{
	const uint8_t *data = NULL;

	*length = 0;
	if (AParcel_getBytes(parcel->parcel, &data, length) != STATUS_OK)
		*length = 0;
	return data;
}

/* p:data(): the bytes as a string */
static int data(lua_State *L)
{
	size_t length;
	const uint8_t *bytes = get_bytes(lb_parcel_check(L, 1), &length);

	lua_pushlstring(L, length ? (const char *)bytes : "", length);
	return 1;
}

/* p:hex(): lines of an offset, four words and their characters */
static int hex(lua_State *L)
{
	size_t length;
	const uint8_t *bytes = get_bytes(lb_parcel_check(L, 1), &length);
	luaL_Buffer buffer;

	luaL_buffinit(L, &buffer);
	for (size_t line = 0; line < length; line += 16) {
		char text[96];
		int used = snprintf(text, sizeof(text), "%06zx ", line);

		for (size_t i = line; i < line + 16; i += 4) {
			uint32_t word = 0;

			if (i + 4 <= length)
				memcpy(&word, bytes + i, 4);
			used += i + 4 <= length ? snprintf(text + used, sizeof(text) - (size_t)used,
							   " %08x", word) :
						  snprintf(text + used, sizeof(text) - (size_t)used,
							   "%9s", "");
		}
		text[used++] = ' ';
		text[used++] = ' ';
		for (size_t i = line; i < line + 16 && i < length; i++)
			text[used++] = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.';
		text[used++] = '\n';
		luaL_addlstring(&buffer, text, (size_t)used);
	}
	luaL_pushresult(&buffer);
	return 1;
}

/* p:objects(): a list of {offset=, kind=, value= handle or descriptor} */
static int objects(lua_State *L)
{
	static const char *const kinds[] = {
		"none", "local", "handle", "weak", "fd", "fd array", "buffer",
	};
	struct lb_parcel *parcel = lb_parcel_check(L, 1);
	const uint64_t *offsets = NULL;
	size_t count = 0;

	if (AParcel_getObjects(parcel->parcel, &offsets, &count) != STATUS_OK)
		count = 0;
	lua_newtable(L);
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 0;
		ABinderObjectKind kind =
			AParcel_getObjectAt(parcel->parcel, (size_t)offsets[i], &value);

		lua_createtable(L, 0, 3);
		lua_pushinteger(L, (lua_Integer)offsets[i]);
		lua_setfield(L, -2, "offset");
		lua_pushstring(L, (size_t)kind < sizeof(kinds) / sizeof(*kinds) ? kinds[kind] :
										  "unknown");
		lua_setfield(L, -2, "kind");
		if (kind == ABINDER_OBJECT_HANDLE || kind == ABINDER_OBJECT_FD) {
			lua_pushinteger(L, (lua_Integer)value);
			lua_setfield(L, -2, "value");
		}
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* Equal bytes; positions do not matter. */
int lb_parcel_equal(lua_State *L)
{
	struct lb_parcel *left = lb_parcel_test(L, 1), *right = lb_parcel_test(L, 2);
	const uint8_t *a, *b;
	size_t a_length, b_length;

	if (!left || !right || !left->parcel || !right->parcel) {
		lua_pushboolean(L, left && left == right);
		return 1;
	}
	a = get_bytes(left, &a_length);
	b = get_bytes(right, &b_length);
	lua_pushboolean(L, a_length == b_length && (!a_length || memcmp(a, b, a_length) == 0));
	return 1;
}

#define WORDS_SHOWN 4

/* One line: how long it is, where reading goes on, and how it begins. */
int lb_parcel_to_string(lua_State *L)
{
	struct lb_parcel *parcel = luaL_checkudata(L, 1, PARCEL_TYPE);
	char text[160];
	const uint64_t *offsets;
	const uint8_t *bytes;
	size_t length, count = 0;
	int used;

	if (!parcel->parcel) {
		lua_pushliteral(L, PARCEL_TYPE " (closed)");
		return 1;
	}
	bytes = get_bytes(parcel, &length);
	if (AParcel_getObjects(parcel->parcel, &offsets, &count) != STATUS_OK)
		count = 0;
	used = snprintf(text, sizeof(text), PARCEL_TYPE " (%zu bytes, at %d", length,
			(int)AParcel_getDataPosition(parcel->parcel));
	if (count)
		used += snprintf(text + used, sizeof(text) - (size_t)used, ", %zu object%s", count,
				 count == 1 ? "" : "s");
	for (size_t i = 0; i + 4 <= length && i < 4 * WORDS_SHOWN; i += 4) {
		uint32_t word;

		memcpy(&word, bytes + i, 4);
		used += snprintf(text + used, sizeof(text) - (size_t)used, "%s%08x", i ? " " : ": ",
				 word);
	}
	snprintf(text + used, sizeof(text) - (size_t)used,
		 length / 4 > WORDS_SHOWN ? " ...)" : ")");
	lua_pushstring(L, text);
	return 1;
}

const luaL_Reg lb_parcel_look[] = {
	{ "position", position }, { "size", lb_parcel_size }, { "data", data },
	{ "hex", hex },           { "objects", objects },     { NULL, NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * parcel.h: the parcel as a userdata, and the types of values in it.
 */
#ifndef LUA_PARCEL_H
#define LUA_PARCEL_H

#include <binder/wire.h>

#include "internal.h"

/* ---- parcel.c: the userdata -------------------------------------------------- */

#define PARCEL_TYPE "binder.parcel"

struct lb_parcel {
	AParcel *parcel; /* NULL: closed, or lent by a request that is over */
	bool lent;       /* libbinder's; not ours to delete */
	bool request;    /* read-only; a failing read throws EX_BAD_PARCELABLE */
	char *scratch;   /* malloc()ed, on its way into a Lua string */
	AStatus *status; /* likewise */
};

struct lb_parcel *lb_parcel_new(lua_State *L);
/* Pushes a part of another one, to be read from its start; that one moves on behind it.  What is
 * pushed stays on a failure. */
binder_status_t lb_parcel_new_part(lua_State *L, struct lb_parcel *whole, int32_t size);
/* Open, or raises naming the argument. */
struct lb_parcel *lb_parcel_check(lua_State *L, int arg);
struct lb_parcel *lb_parcel_test(lua_State *L, int index);
void lb_parcel_close(struct lb_parcel *parcel);
/* Writes a parcel, {"i32", 3}, or a list of such pairs; raises naming argument and value. */
void lb_parcel_write_arg(lua_State *L, AParcel *parcel, int arg);
/* The same for a value inside of another: NULL, or what is wrong with it. */
const char *lb_parcel_write_values(lua_State *L, AParcel *parcel, int index,
				   binder_status_t *status);
/* Consumes a status header: 0, or what lb_fail() pushed. */
int lb_parcel_read_status(lua_State *L, struct lb_parcel *parcel);
int lb_parcel_create(lua_State *L);
void lb_open_parcel(lua_State *L);

/* parcel_look.c */
extern const luaL_Reg lb_parcel_look[];
int lb_parcel_size(lua_State *L);
int lb_parcel_equal(lua_State *L);
int lb_parcel_to_string(lua_State *L);

/* Puts the number of bytes behind the word at start, less a header's, into that word. */
binder_status_t lb_parcel_set_size(AParcel *parcel, int32_t start, int32_t header);

/* ---- parcel_types.c: the types ------------------------------------------------ */

/* By index; NULL behind the last. */
const struct aidl_wire *lb_type_at(size_t index);
bool lb_type_has_array(const struct aidl_wire *type);
/* "i32" or "i32[]"; NULL: no such type. */
const struct aidl_wire *lb_type_find(const char *name, bool *array);
/* NULL, or how the value at index is wrong; *status: what libbinder said. */
const char *lb_type_write(lua_State *L, const struct aidl_wire *type, bool array, int index,
			  AParcel *parcel, binder_status_t *status);
/* Pushes one value. */
binder_status_t lb_type_read(lua_State *L, const struct aidl_wire *type, bool array,
			     struct lb_parcel *parcel);
/* "integer expected, got nil" */
const char *lb_type_expected(lua_State *L, int index, const char *what);

/* The same for those of parcel_value.c, parcel_nested.c and parcel_bundle.c. */
const char *lb_value_write(lua_State *L, const struct aidl_wire *wire, int index, AParcel *parcel,
			   binder_status_t *status);
binder_status_t lb_value_read(lua_State *L, const struct aidl_wire *wire, struct lb_parcel *parcel);
const char *lb_write_parcelable(lua_State *L, int index, AParcel *parcel, binder_status_t *status);
binder_status_t lb_read_parcelable(lua_State *L, struct lb_parcel *parcel);
const char *lb_write_bundle(lua_State *L, int index, AParcel *parcel, binder_status_t *status);
binder_status_t lb_read_bundle(lua_State *L, struct lb_parcel *parcel);

#endif

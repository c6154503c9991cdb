/* SPDX-License-Identifier: MIT */
/*
 * parcel.h: the parcel as a userdata, and the types of values in it.
 */
#ifndef LUA_PARCEL_H
#define LUA_PARCEL_H

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

/* ---- parcel_types.c: one row per type --------------------------------------- */

struct lb_type {
	const char *name;
	size_t min_size; /* bytes that a value takes at least */
	/* NULL, or how the value at index is wrong; *status: what libbinder said. */
	const char *(*write)(lua_State *L, int index, AParcel *parcel, binder_status_t *status);
	/* Pushes one value. */
	binder_status_t (*read)(lua_State *L, struct lb_parcel *parcel);
};

extern const struct lb_type lb_types[]; /* ends with a NULL name */
/* "i32" or "i32[]"; NULL: no such type. */
const struct lb_type *lb_type_find(const char *name, bool *array);
const char *lb_type_write(lua_State *L, const struct lb_type *type, bool array, int index,
			  AParcel *parcel, binder_status_t *status);
binder_status_t lb_type_read(lua_State *L, const struct lb_type *type, bool array,
			     struct lb_parcel *parcel);
/* "integer expected, got nil" */
const char *lb_type_expected(lua_State *L, int index, const char *what);

/* Rows of other files. */
#define LB_TYPE(name) \
	const char *lb_write_##name(lua_State *L, int index, AParcel *parcel, \
				    binder_status_t *status); \
	binder_status_t lb_read_##name(lua_State *L, struct lb_parcel *parcel)

LB_TYPE(str);
LB_TYPE(str8);
LB_TYPE(bytes);
LB_TYPE(raw);
LB_TYPE(binder);
LB_TYPE(fd);
LB_TYPE(pfd);
LB_TYPE(parcelable);
LB_TYPE(bundle);

#endif

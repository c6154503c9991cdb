/* SPDX-License-Identifier: MIT */
/*
 * aidl.h: the borders between the files that make AIDL of use to scripts.
 *
 * aidl.c has declarations as values, aidl_value.c tables and the codec's trees,
 * aidl_call.c proxies, aidl_host.c objects.
 */
#ifndef LUA_AIDL_H
#define LUA_AIDL_H

#include <binder/aidl.h>
#include <binder/aidl_data.h>

#include "internal.h"

/* ---- aidl.c: declarations ------------------------------------------------------- */

/* NULL: the value is something else. */
const struct aidl_declaration *lb_aidl_test(lua_State *L, int index);
/* An interface, or raises. */
const struct aidl_declaration *lb_aidl_check_interface(lua_State *L, int arg);
/* The library that the declaration at index belongs to. */
struct aidl_library *lb_aidl_library(lua_State *L, int index);
/* A codec for it, which counts as Lua does. */
#define LB_AIDL_CODEC(L, index) \
	{ \
		.library = lb_aidl_library(L, index), .first_index = 1 \
	}
/* Pushes a declaration of the same library as that at index. */
void lb_aidl_push(lua_State *L, int index, const struct aidl_declaration *declaration);
/* Pushes the signature of a method. */
const char *lb_aidl_signature(lua_State *L, const struct aidl_declaration *interface,
			      const struct aidl_method *method);

/* binder.aidl(file or name [, {folder, ...}]) */
int lb_aidl(lua_State *L);
void lb_open_aidl(lua_State *L);

/* ---- aidl_value.c: Lua values and trees ------------------------------------------- */

/* Pushes an empty tree, which is freed with its userdata. */
struct aidl_data *lb_aidl_data_new(lua_State *L);
/* Makes the tree of the value at index; raises for what no AIDL type can be. */
void lb_aidl_data_set(lua_State *L, int index, struct aidl_data *data);
/* Pushes what the tree holds; interface: index of the declaration, for types of its library. */
void lb_aidl_data_push(lua_State *L, int interface, const struct aidl_data *data);
void lb_open_aidl_value(lua_State *L);

/* ---- aidl_call.c: proxies ----------------------------------------------------------- */

/* Pushes a proxy of the interface at index for the service at index. */
void lb_aidl_push_proxy(lua_State *L, int interface, int service);
/* Pushes the service of a proxy at index; false, and nothing, when it is none. */
bool lb_aidl_push_service(lua_State *L, int index);
void lb_open_aidl_call(lua_State *L);

/* ---- aidl_host.c: objects ------------------------------------------------------------ */

/* With an interface at index, and a table of functions behind it: replaces them by one table,
 * as binder.object() takes it.  Anything else is left alone. */
void lb_aidl_take_functions(lua_State *L, int index);

#endif

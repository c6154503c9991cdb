/* SPDX-License-Identifier: MIT */
/*
 * internal.h: the borders between the files of the Lua module: what all of them
 * use.  queue.h has the border between the Lua thread and the others, parcel.h
 * that of parcels.
 *
 * Two rules hold everywhere.  A userdata is made "closed" (NULL inside) before
 * anything is acquired, and whatever is acquired goes into it at once, because
 * any Lua call may throw.  And no thread but the state's own touches it: other
 * threads hand a struct lb_task to the queue.
 */
#ifndef LUA_INTERNAL_H
#define LUA_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <lauxlib.h>
#include <lua.h>

#include <android/binder_ibinder.h>
#include <android/binder_manager.h>
#include <android/binder_parcel.h>
#include <android/binder_process.h>
#include <android/binder_shell.h>
#include <android/binder_status.h>
#include <binder/ext.h>

/* The struct that a member lies in. */
#define LB_CONTAINER(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* ---- error.c: nil, message, NAME; exceptions as values ---------------------- */

#define LB_ERROR_SIZE 512
/* What Lua says. */
#define LB_NO_MEMORY "not enough memory"

/* Pushes nil, message, NAME and returns 3.  message NULL: what libbinder said last. */
int lb_fail(lua_State *L, binder_status_t status, const char *message);
/* Pushes nil, message, NAME and for service-specific errors the code; nothing when ok. */
int lb_fail_exception(lua_State *L, const AStatus *status);
/* Throws an exception value: in a handler it becomes the reply. */
int lb_throw(lua_State *L, binder_exception_t exception, const char *message);
/* Whether the value at index can be made a status. */
bool lb_is_exception(lua_State *L, int index);
/* NULL: out of memory.  Does not throw. */
AStatus *lb_to_status(lua_State *L, int index);
/* A status from an error that is no exception value: EX_ILLEGAL_STATE, its first line. */
AStatus *lb_error_to_status(lua_State *L, int index);
void lb_open_error(lua_State *L);

/* ---- state.c: what is kept in one lua_State ---------------------------------- */

struct lb_queue;

/* The state's queue; raises when the state is closing. */
struct lb_queue *lb_queue_of(lua_State *L);

/* Values that must live while C holds them, by number.  anchor pops a value. */
lua_Integer lb_anchor(lua_State *L);
void lb_push_anchored(lua_State *L, lua_Integer id);
void lb_unanchor(lua_State *L, lua_Integer id);

/* Pops the error of a callback, for on_error or lb_finish().  Never throws. */
void lb_report_error(lua_State *L);
/* Pops a function or nil: called with each error of a callback from now on. */
void lb_set_on_error(lua_State *L);
/* Whether lb_finish() would raise. */
bool lb_failed(lua_State *L);
/* Returns n, or raises the first error of a callback that nobody has seen yet. */
int lb_finish(lua_State *L, int n);
void lb_open_state(lua_State *L);

/* ---- file.c: a descriptor as a Lua file --------------------------------------- */

/* Pushes a closed one. */
luaL_Stream *lb_file_new(lua_State *L);
/* Takes fd in every case; false: the file stays closed.  Does not throw. */
bool lb_file_open(luaL_Stream *stream, int fd);
void lb_file_close(luaL_Stream *stream);

/* ---- service.c: a binder as a value; call.c, shell.c: talking to it ------------- */

struct lb_service {
	AIBinder *binder; /* a strong reference; NULL: closed */
};

/* Pushes a closed service without a name. */
struct lb_service *lb_service_new(lua_State *L);
struct lb_service *lb_service_check(lua_State *L, int arg);
struct lb_service *lb_service_test(lua_State *L, int index);
/* Names the service on top of the stack after the string at index. */
void lb_service_set_name(lua_State *L, int index);
/* Its interface, if it has been asked for; NULL: not yet.  Alive as long as the service. */
const char *lb_service_descriptor(lua_State *L, int index);
void lb_service_set_descriptor(lua_State *L, int index, const char *descriptor);
void lb_open_service(lua_State *L);

extern const luaL_Reg lb_call_methods[];
int lb_shell(lua_State *L);
/* Pushes all that a file has. */
void lb_push_whole(lua_State *L, int fd);

/* Seconds to milliseconds; -1 when absent. */
int lb_check_timeout(lua_State *L, int arg);

/* ---- registry.c: the service manager's names ------------------------------------ */

int lb_list(lua_State *L);
int lb_get(lua_State *L);
int lb_check(lua_State *L);
int lb_wait(lua_State *L);
int lb_add(lua_State *L);
int lb_keep(lua_State *L);
int lb_on_restart(lua_State *L);

/* ---- object.c: objects of the script; host.c, host_file.c: serving their calls ---- */

int lb_serve(lua_State *L);
int lb_object(lua_State *L);
/* Threads that serve objects and bring deaths: 0 or lb_fail()'s. */
int lb_start_threads(lua_State *L);

struct lb_host {
	struct lb_queue *queue;
	lua_Integer spec; /* its anchor */
	bool status;
};

/* Called by libbinder on any thread; the object's user data is a struct lb_host. */
binder_status_t lb_host_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				 AParcel *out);
binder_status_t lb_host_dump(AIBinder *binder, int fd, const char **args, uint32_t arg_count);
binder_status_t lb_host_shell(AIBinder *binder, int in, int out, int err, const char **args,
			      uint32_t arg_count);

/* ---- death.c, watch.c, timer.c, async.c, loop.c ------------------------------------- */

int lb_on_death(lua_State *L);
void lb_open_death(lua_State *L);
int lb_watch(lua_State *L);
void lb_open_watch(lua_State *L);
void lb_open_registry(lua_State *L);
int lb_after(lua_State *L);
int lb_every(lua_State *L);
int lb_sleep(lua_State *L);
int lb_now_seconds(lua_State *L);
void lb_open_timer(lua_State *L);
int lb_async(lua_State *L);
void lb_open_async(lua_State *L);

int lb_loop(lua_State *L);
int lb_step(lua_State *L);
int lb_quit(lua_State *L);
int lb_on_error(lua_State *L);

#endif

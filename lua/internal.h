/* SPDX-License-Identifier: MIT */
/*
 * internal.h: the borders between the files of the Lua module, lowest first.
 *
 * Two rules hold everywhere.  A userdata is made "closed" (NULL inside) before
 * anything is acquired, and whatever is acquired goes into it at once, because
 * any Lua call may throw.  And no thread but the state's own touches it: other
 * threads hand a struct lb_task to the queue.
 */
#ifndef LUA_INTERNAL_H
#define LUA_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <lauxlib.h>
#include <lua.h>

#include <android/binder_ibinder.h>
#include <android/binder_manager.h>
#include <android/binder_parcel.h>
#include <android/binder_process.h>
#include <android/binder_status.h>
#include <binder/ext.h>

/* ---- error.c: nil, message, NAME; exceptions as values ---------------------- */

#define LB_ERROR_SIZE 512

/* Pushes nil, message, NAME and returns 3.  message NULL: what libbinder said last. */
int lb_fail(lua_State *L, binder_status_t status, const char *message);
/* Pushes nil, message, NAME and for service-specific errors the code; nothing when ok. */
int lb_fail_exception(lua_State *L, const AStatus *status);
/* Throws an exception value: in a handler it becomes the reply. */
int lb_throw(lua_State *L, binder_exception_t exception, const char *message);
/* Whether the value at index can be made a status; *misuse says why not. */
bool lb_is_exception(lua_State *L, int index);
/* NULL: out of memory.  Does not throw. */
AStatus *lb_to_status(lua_State *L, int index);
/* A status from an error that is no exception value: EX_ILLEGAL_STATE, its first line. */
AStatus *lb_error_to_status(lua_State *L, int index);
/* For lua_pcall: adds a traceback to anything but an exception value. */
int lb_traceback(lua_State *L);
void lb_open_error(lua_State *L);

/* ---- queue.c: work for and from the Lua thread ------------------------------ */

struct lb_queue;

enum lb_task_kind {
	LB_CALL = 1,    /* a thread waits for the answer; served while Lua waits too */
	LB_EVENT = 2,   /* a callback of the script; served by binder.loop() and step() */
	LB_RELEASE = 4, /* bookkeeping without script code */
};

/* Something blocking that must not hold up the handlers of this state. */
struct lb_work {
	void (*run)(struct lb_work *work); /* on some thread; no Lua */
	bool done;
	char error[LB_ERROR_SIZE]; /* ABinder_lastError() of that thread */
};

/* Something for the Lua thread.  A call lies on the stack of the thread that waits for it;
 * the others are ended by drop(). */
struct lb_task {
	enum lb_task_kind kind;
	int (*run)(lua_State *L);           /* the task is argument 1; may throw */
	void (*drop)(struct lb_task *task); /* after run, or instead when the state has ended */
	struct lb_task *next;
	struct lb_task *outer;  /* the call that was being served before */
	struct lb_work *errand; /* for the waiting thread to do */
	pthread_cond_t wake;
	bool direct; /* called on the Lua thread itself */
	bool done;
};

struct lb_queue *lb_queue_new(void);
struct lb_queue *lb_queue_get(struct lb_queue *queue);
void lb_queue_put(struct lb_queue *queue);
/* Hosted objects: while there are any, blocking work is done on another thread. */
void lb_queue_count_host(struct lb_queue *queue, int change);

/* From any thread: -ESHUTDOWN when the state has ended (drop was not called). */
int lb_queue_push(struct lb_queue *queue, struct lb_task *task);
/* From any thread: has an LB_CALL done, and does its errands while waiting. */
int lb_queue_call(struct lb_queue *queue, struct lb_task *task);

/* On the Lua thread.  Does the work, serving calls meanwhile; never throws. */
void lb_queue_do(lua_State *L, struct lb_work *work);
/* Does the bookkeeping that is due; for scripts that never get to a loop.  Never throws. */
void lb_queue_release(lua_State *L);
/* Serves one task of any kind; false when none came in time (ms < 0: no limit) or a
 * signal interrupted the wait. */
bool lb_queue_step(lua_State *L, struct lb_queue *queue, int timeout_ms);
/* Makes a waiting lb_queue_step() return; async-signal-safe. */
void lb_queue_nudge(struct lb_queue *queue);
/* True inside a handler or callback. */
bool lb_queue_busy(const struct lb_queue *queue);
/* The state ends: whoever waits is told so, and what is queued is dropped. */
void lb_queue_close(struct lb_queue *queue);

/* ---- state.c: what is kept in one lua_State ---------------------------------- */

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

/* ---- parcel_types.c: one row per type --------------------------------------- */

struct lb_parcel;

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

/* ---- parcel.c: the userdata -------------------------------------------------- */

struct lb_parcel {
	AParcel *parcel; /* NULL: closed, or lent by a request that is over */
	bool lent;       /* libbinder's; not ours to delete */
	bool request;    /* read-only; a failing read throws EX_BAD_PARCELABLE */
	char *scratch;   /* malloc()ed, on its way into a Lua string */
	AStatus *status; /* likewise */
};

struct lb_parcel *lb_parcel_new(lua_State *L);
/* Open, or raises naming the argument. */
struct lb_parcel *lb_parcel_check(lua_State *L, int arg);
struct lb_parcel *lb_parcel_test(lua_State *L, int index);
void lb_parcel_close(struct lb_parcel *parcel);
/* Writes a parcel, {"i32", 3}, or a list of such pairs; raises naming argument and value. */
void lb_parcel_write_arg(lua_State *L, struct lb_parcel *parcel, int arg);
/* Consumes a status header: 0, or what lb_fail() pushed. */
int lb_parcel_read_status(lua_State *L, struct lb_parcel *parcel);
int lb_parcel_create(lua_State *L);
/* Methods, in parcel_look.c. */
int lb_parcel_position(lua_State *L);
int lb_parcel_size(lua_State *L);
int lb_parcel_data(lua_State *L);
int lb_parcel_hex(lua_State *L);
int lb_parcel_objects(lua_State *L);
int lb_parcel_equal(lua_State *L);
void lb_open_parcel(lua_State *L);

/* ---- service.c --------------------------------------------------------------- */

struct lb_service {
	AIBinder *binder; /* a strong reference; NULL: closed */
};

/* Pushes a closed service without a name. */
struct lb_service *lb_service_new(lua_State *L);
struct lb_service *lb_service_check(lua_State *L, int arg);
struct lb_service *lb_service_test(lua_State *L, int index);
/* Names the service on top of the stack after the string at index. */
void lb_service_set_name(lua_State *L, int index);
/* Seconds to milliseconds; -1 when absent. */
int lb_check_timeout(lua_State *L, int arg);
void lb_open_service(lua_State *L);

/* ---- registry.c: list, get, check, wait --------------------------------------- */

int lb_list(lua_State *L);
int lb_get(lua_State *L);
int lb_check(lua_State *L);
int lb_wait(lua_State *L);
/* Registers the service on top of the stack under the string at index; 0 or lb_fail()'s. */
int lb_register(lua_State *L, int index);

/* ---- host.c, death.c, watch.c, loop.c ------------------------------------------ */

int lb_serve(lua_State *L);
int lb_object(lua_State *L);
/* Threads that serve objects and bring deaths: 0 or lb_fail()'s. */
int lb_start_threads(lua_State *L);

int lb_on_death(lua_State *L);
void lb_open_death(lua_State *L);

int lb_watch(lua_State *L);
void lb_open_watch(lua_State *L);

int lb_loop(lua_State *L);
int lb_step(lua_State *L);
int lb_quit(lua_State *L);
int lb_on_error(lua_State *L);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * host_file.c: serves dumps and shell commands: calls that bring descriptors.
 *
 * libbinder calls on a thread of its pool; the spec's function runs on the Lua
 * thread, in a strand.  The text that it returns is written by the pool's thread:
 * a slow reader holds up nobody else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "queue.h"

/* What a command's exit status is when its function throws. */
#define RESULT_OF_ERROR 1

struct host_call {
	struct lb_call call;
	struct lb_host *host;
	bool shell; /* else a dump */
	int fds[3]; /* of a dump: only the first */
	const char **args;
	uint32_t arg_count;
	pid_t pid;
	uid_t uid;
	AIBinder *callback; /* of a shell command; borrowed, NULL: none */
	lua_Integer files;  /* anchor of a table of open files; 0: no function runs */
	char *text;         /* malloc()ed; written by the waiting thread */
	size_t size;
	bool failed;
	binder_status_t status; /* of a shell command: its result */
};

static struct host_call *host_call_of(lua_State *L)
{
	struct lb_task *task = lua_touserdata(L, 1);

	return LB_CONTAINER(LB_CONTAINER(task, struct lb_call, task), struct host_call, call);
}

/* ---- on the Lua thread ----------------------------------------------------------------- */

static void push_args(lua_State *L, const struct host_call *call)
{
	lua_createtable(L, (int)call->arg_count, 0);
	for (uint32_t i = 0; i < call->arg_count; i++) {
		lua_pushstring(L, call->args[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

/* The table of files is anchored before it has any: end() closes what is in it. */
static void push_files(lua_State *L, struct host_call *call)
{
	static const char *const names[] = { "input", "output", "error" };

	lua_createtable(L, 0, 3);
	lua_pushvalue(L, -1);
	call->files = lb_anchor(L);
	for (int i = 0; i < (call->shell ? 3 : 1); i++) {
		luaL_Stream *file = lb_file_new(L);

		lb_file_open(file, dup(call->fds[i]));
		lua_setfield(L, -2, names[i]);
	}
}

static void close_files(lua_State *L, struct host_call *call)
{
	if (!call->files)
		return;
	lb_push_anchored(L, call->files);
	lb_unanchor(L, call->files);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		lb_file_close(lua_touserdata(L, -1));
	lua_pop(L, 1);
}

static void push_caller(lua_State *L, const struct host_call *call)
{
	lua_createtable(L, 0, 3);
	lua_pushinteger(L, call->pid);
	lua_setfield(L, -2, "pid");
	lua_pushinteger(L, call->uid);
	lua_setfield(L, -2, "uid");
	if (!call->callback)
		return;
	lb_service_new(L)->binder = call->callback;
	AIBinder_incStrong(call->callback);
	lua_setfield(L, -2, "callback");
}

/* function, args, file; or function, args, files, context */
static int begin(lua_State *L)
{
	struct host_call *call = host_call_of(L);

	lb_push_anchored(L, call->host->spec);
	if (!lua_istable(L, -1))
		return 0;
	lua_pushstring(L, call->shell ? "shell" : "dump");
	if (lua_rawget(L, -2) == LUA_TNIL) {
		call->status = call->shell ? STATUS_INVALID_OPERATION : STATUS_OK;
		return 0;
	}
	/* What the caller gets if the function ends the state. */
	call->status = call->shell ? RESULT_OF_ERROR : STATUS_OK;
	push_args(L, call);
	push_files(L, call);
	if (!call->shell) {
		lua_getfield(L, -1, "input");
		lua_replace(L, -2);
		return 3;
	}
	push_caller(L, call);
	return 4;
}

/* Takes the text at index to be written: whole, or its first line. */
static void take_text(lua_State *L, struct host_call *call, int index, bool whole)
{
	const char *text = lua_tolstring(L, index, &call->size);

	if (!whole)
		call->size = strcspn(text, "\n");
	call->text = malloc(call->size + 1);
	if (!call->text) {
		call->status = STATUS_NO_MEMORY;
		return;
	}
	memcpy(call->text, text, call->size);
	call->text[call->size] = '\n';
	call->size += !whole;
}

/* A number, or a text and perhaps a number behind it; nothing is 0. */
static void take_result(lua_State *L, struct host_call *call)
{
	int index = lua_type(L, 3) == LUA_TSTRING ? 4 : 3;

	call->status = STATUS_OK;
	if (lua_gettop(L) < index || lua_isnil(L, index))
		return;
	if (!lua_isinteger(L, index) ||
	    lua_tointeger(L, index) != (int32_t)lua_tointeger(L, index)) {
		call->status = RESULT_OF_ERROR;
		luaL_error(L, "shell: a number or a text expected as its result, got %s",
			   luaL_tolstring(L, index, NULL));
	}
	call->status = (int32_t)lua_tointeger(L, index);
}

/* task, true, results or task, false, error, text */
static int end(lua_State *L)
{
	struct host_call *call = host_call_of(L);

	call->failed = !lua_toboolean(L, 2);
	close_files(L, call);
	if (!call->failed) {
		if (lua_type(L, 3) == LUA_TSTRING)
			take_text(L, call, 3, true);
		if (call->shell && call->files)
			take_result(L, call);
		return 0;
	}
	if (call->shell || lua_type(L, 3) == LUA_TSTRING) {
		luaL_tolstring(L, 3, NULL);
		take_text(L, call, -1, false);
		lua_pop(L, 1);
	}
	/* An exception is an answer; anything else is a mistake that the script must hear of. */
	return lb_is_exception(L, 3) ? 0 : lua_error(L);
}

/* ---- on a thread of the pool ------------------------------------------------------------- */

static void write_text(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		text += written;
		size -= (size_t)written;
	}
}

static binder_status_t serve(AIBinder *binder, struct host_call *call)
{
	call->call.task = (struct lb_task){ .begin = begin, .end = end };
	call->host = AIBinder_getUserData(binder);
	call->pid = AIBinder_getCallingPid();
	call->uid = AIBinder_getCallingUid();
	if (lb_queue_call(call->host->queue, &call->call))
		return STATUS_DEAD_OBJECT;
	if (call->text)
		write_text(call->fds[!call->shell ? 0 :
				     call->failed ? 2 :
						    1],
			   call->text, call->size);
	free(call->text);
	return call->status;
}

binder_status_t lb_host_dump(AIBinder *binder, int fd, const char **args, uint32_t arg_count)
{
	struct host_call call = { .fds = { fd, -1, -1 }, .args = args, .arg_count = arg_count };

	return serve(binder, &call);
}

binder_status_t lb_host_shell(AIBinder *binder, int in, int out, int err, const char **args,
			      uint32_t arg_count)
{
	struct host_call call = { .callback = ABinder_getShellCallback(),
				  .shell = true,
				  .fds = { in, out, err },
				  .args = args,
				  .arg_count = arg_count };

	return serve(binder, &call);
}

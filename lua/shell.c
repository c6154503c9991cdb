/* SPDX-License-Identifier: MIT */
/*
 * shell.c: service:shell(), a shell command of a service.
 *
 * One job, as those of call.c.  Input and outputs are files in memory: a command
 * that writes much is never held up.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"
#include "queue.h"

enum { INPUT, OUTPUT, ERROR, FILES };

struct shell_job {
	struct lb_job job;
	AIBinder *binder; /* a reference */
	char **args;      /* malloc()ed, each and all */
	uint32_t count;
	int timeout_ms;
	int fds[FILES]; /* or -1 */
	int32_t result;
};

static struct shell_job *shell_job_of(struct lb_job *job)
{
	return LB_CONTAINER(job, struct shell_job, job);
}

/* On another thread. */
static binder_status_t run(struct lb_job *base)
{
	struct shell_job *job = shell_job_of(base);
	const struct ABinderShellCommand command = {
		.in = job->fds[INPUT],
		.out = job->fds[OUTPUT],
		.err = job->fds[ERROR],
		.args = (const char *const *)job->args,
		.count = job->count,
		.timeout_ms = job->timeout_ms,
	};

	return AIBinder_shellCommand(job->binder, &command, &job->result);
}

static int finish(lua_State *L, struct lb_job *base)
{
	const struct shell_job *job = shell_job_of(base);

	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	lua_pushinteger(L, job->result);
	lb_push_whole(L, job->fds[OUTPUT]);
	lb_push_whole(L, job->fds[ERROR]);
	return 3;
}

static void free_job(struct lb_job *base)
{
	struct shell_job *job = shell_job_of(base);

	for (uint32_t i = 0; i < job->count; i++)
		free(job->args[i]);
	free(job->args);
	for (int i = 0; i < FILES; i++)
		if (job->fds[i] >= 0)
			close(job->fds[i]);
	AIBinder_decStrong(job->binder);
}

static const struct lb_job_kind kind = { sizeof(struct shell_job), run, finish, free_job };

/* The options at index; the input's text stays on the stack, or nil. */
static void read_options(lua_State *L, int index, struct shell_job *job)
{
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";

		if (!strcmp(name, "timeout"))
			job->timeout_ms = lb_check_timeout(L, lua_gettop(L));
		else if (strcmp(name, "input") != 0)
			luaL_argerror(L, index,
				      lua_pushfstring(L, "unknown option '%s'; timeout, input",
						      name));
	}
	if (lua_getfield(L, index, "input") != LUA_TNIL && lua_type(L, -1) != LUA_TSTRING)
		luaL_argerror(L, index, "option 'input': string expected");
}

static bool open_files(struct shell_job *job, const char *input, size_t size)
{
	static const char *const names[FILES] = { "binder-shell-input", "binder-shell-output",
						  "binder-shell-error" };

	for (int i = 0; i < FILES; i++) {
		job->fds[i] = memfd_create(names[i], MFD_CLOEXEC);
		if (job->fds[i] < 0)
			return false;
	}
	return pwrite(job->fds[INPUT], input, size, 0) == (ssize_t)size;
}

/* svc:shell(arg, ... [, options]): the result, what was written, and what was written as errors */
int lb_shell(lua_State *L)
{
	const struct lb_service *service = lb_service_check(L, 1);
	int last = lua_gettop(L);
	struct shell_job *job;
	const char *input = "";
	size_t size = 0;

	job = lb_job_new(L, &kind);
	for (int i = 0; i < FILES; i++)
		job->fds[i] = -1;
	job->timeout_ms = -1;
	job->binder = service->binder;
	AIBinder_incStrong(job->binder);
	if (last > 1 && lua_istable(L, last)) {
		read_options(L, last--, job);
		if (lua_isstring(L, -1))
			input = lua_tolstring(L, -1, &size);
		/* The job's userdata lies beneath and stays on the stack. */
	}
	for (int arg = 2; arg <= last; arg++)
		luaL_checkstring(L, arg);
	job->args = calloc((size_t)last, sizeof(*job->args));
	for (int arg = 2; job->args && arg <= last; arg++) {
		job->args[job->count] = strdup(lua_tostring(L, arg));
		if (!job->args[job->count++])
			return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	}
	if (!job->args)
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	if (!open_files(job, input, size))
		return lb_fail(L, STATUS_NO_MEMORY,
			       "no files for the command: too many open, or no memory?");
	return lb_job_do(L, &job->job);
}

/* SPDX-License-Identifier: MIT */
/*
 * registry.c: the service manager's names: list, get, check, wait, add.
 *
 * Used by module.c and, for serve(), by object.c; what is found becomes a
 * service of service.c.
 */
#include <stdlib.h>
#include <string.h>

#include "queue.h"

typedef binder_status_t look_up_fn(ABinderConnection *connection, const char *name, int timeout_ms,
				   AIBinder **ret);

struct job {
	struct lb_job job;
	ABinderConnection *connection;
	char **names; /* of a list */
	size_t count;
	bool incomplete;
	char *name; /* of the others */
	int timeout_ms;
	AIBinder *binder;
	look_up_fn *look_up;
};

/* Opening the default connection is quick and asks no service. */
static bool connect(struct job *job)
{
	job->connection = ABinderConnection_getDefault();
	return job->connection != NULL;
}

static void free_job(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	while (job->count)
		free(job->names[--job->count]);
	free(job->names);
	free(job->name);
	AIBinder_decStrong(job->binder);
}

/* ---- list ------------------------------------------------------------------------- */

static bool add_name(const char *name, void *cookie)
{
	struct job *job = cookie;
	char **grown = realloc(job->names, (job->count + 1) * sizeof(*grown));

	if (grown) {
		job->names = grown;
		grown[job->count] = strdup(name);
	}
	if (!grown || !grown[job->count]) {
		job->incomplete = true;
		return false;
	}
	job->count++;
	return true;
}

static binder_status_t list(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);
	binder_status_t status = STATUS_NO_INIT;

	if (connect(job))
		status =
			AServiceManager_listWithin(job->connection, job->timeout_ms, add_name, job);
	return status == STATUS_OK && job->incomplete ? STATUS_NO_MEMORY : status;
}

static int finish_list(lua_State *L, struct lb_job *base)
{
	const struct job *job = LB_CONTAINER(base, struct job, job);

	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	lua_createtable(L, (int)job->count, 0);
	for (size_t i = 0; i < job->count; i++) {
		lua_pushstring(L, job->names[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* For a service manager to answer, where a script does not say how long. */
#define ANSWER_MS 5000

static int answer_time(lua_State *L, int index)
{
	return lua_isnoneornil(L, index) ? ANSWER_MS : lb_check_timeout(L, index);
}

/* binder.list([seconds]): a sorted table of names */
int lb_list(lua_State *L)
{
	static const struct lb_job_kind listing = { sizeof(struct job), list, finish_list,
						    free_job };
	const int timeout_ms = answer_time(L, 1);
	struct job *job = lb_job_new(L, &listing);

	job->timeout_ms = timeout_ms;
	return lb_job_do(L, &job->job);
}

/* ---- looking up ---------------------------------------------------------------------- */

static binder_status_t look_up(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	if (!connect(job))
		return STATUS_NO_INIT;
	return job->look_up(job->connection, job->name, job->timeout_ms, &job->binder);
}

/* The name is argument 1. */
static int finish_look_up(lua_State *L, struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);
	struct lb_service *service;

	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	service = lb_service_new(L);
	lb_service_set_name(L, 1);
	service->binder = job->binder;
	job->binder = NULL;
	return 1;
}

static void set_name(lua_State *L, struct job *job, const char *name)
{
	job->name = strdup(name);
	if (!job->name)
		luaL_error(L, LB_NO_MEMORY);
}

static int find(lua_State *L, int timeout_ms, look_up_fn *how)
{
	static const struct lb_job_kind finding = { sizeof(struct job), look_up, finish_look_up,
						    free_job };
	const char *name = luaL_checkstring(L, 1);
	struct job *job = lb_job_new(L, &finding);

	job->look_up = how;
	job->timeout_ms = timeout_ms;
	set_name(L, job, name);
	return lb_job_do(L, &job->job);
}

static binder_status_t get(ABinderConnection *connection, const char *name, int timeout_ms,
			   AIBinder **ret)
{
	return AServiceManager_getOn(connection, name, ret);
}

/* binder.get(name): waits briefly for it */
int lb_get(lua_State *L)
{
	return find(L, -1, get);
}

/* binder.check(name [, seconds]): is it there now? */
int lb_check(lua_State *L)
{
	return find(L, answer_time(L, 2), AServiceManager_checkWithin);
}

/* binder.wait(name [, seconds]) */
int lb_wait(lua_State *L)
{
	return find(L, lb_check_timeout(L, 2), AServiceManager_waitOn);
}

/* ---- registering ----------------------------------------------------------------------- */

static binder_status_t add(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	if (!connect(job))
		return STATUS_NO_INIT;
	return AServiceManager_addOn(job->connection, job->binder, job->name);
}

/* The name is argument 1, the service argument 2. */
static int finish_add(lua_State *L, struct lb_job *base)
{
	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	lua_pushvalue(L, 2);
	lb_service_set_name(L, 1);
	return 1;
}

/* binder.add(name, service): registers an object, whosever it is; returns it */
int lb_add(lua_State *L)
{
	static const struct lb_job_kind adding = { sizeof(struct job), add, finish_add, free_job };
	const char *name = luaL_checkstring(L, 1);
	struct lb_service *service = lb_service_check(L, 2);
	struct job *job = lb_job_new(L, &adding);

	job->binder = service->binder;
	AIBinder_incStrong(job->binder);
	set_name(L, job, name);
	return lb_job_do(L, &job->job);
}

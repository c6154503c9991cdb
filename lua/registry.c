/* SPDX-License-Identifier: MIT */
/*
 * registry.c: the service manager's names: list, get, check, wait, register.
 *
 * Used by module.c and, for registering, by host.c; what is found becomes a
 * service of service.c.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define NAMES_TYPE "binder.names"

struct names { /* a userdata */
	char **names;
	size_t count;
	bool incomplete;
};

struct job {
	struct lb_work work;
	ABinderConnection *connection;
	binder_status_t status;
	struct names *names;
	const char *name;
	int timeout_ms;
	AIBinder *binder;
	binder_status_t (*look_up)(ABinderConnection *, const char *, AIBinder **);
};

/* Opening the default connection is quick and asks no service. */
static binder_status_t do_job(lua_State *L, struct job *job, void (*run)(struct lb_work *))
{
	job->work.run = run;
	job->status = STATUS_UNKNOWN_ERROR;
	lb_queue_do(L, &job->work);
	return job->status;
}

static bool connect(struct job *job)
{
	job->connection = ABinderConnection_getDefault();
	if (!job->connection)
		job->status = STATUS_NO_INIT;
	return job->connection != NULL;
}

/* ---- list ------------------------------------------------------------------------- */

static bool add_name(const char *name, void *cookie)
{
	struct names *names = cookie;
	char **grown = realloc(names->names, (names->count + 1) * sizeof(*grown));

	if (grown) {
		names->names = grown;
		grown[names->count] = strdup(name);
	}
	if (!grown || !grown[names->count]) {
		names->incomplete = true;
		return false;
	}
	names->count++;
	return true;
}

static void list(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	if (connect(job))
		job->status = AServiceManager_listOn(job->connection, add_name, job->names);
	if (job->status == STATUS_OK && job->names->incomplete)
		job->status = STATUS_NO_MEMORY;
}

static int free_names(lua_State *L)
{
	struct names *names = lua_touserdata(L, 1);

	while (names->count)
		free(names->names[--names->count]);
	free(names->names);
	names->names = NULL;
	return 0;
}

/* binder.list(): a sorted table of names */
int lb_list(lua_State *L)
{
	struct names *names = lua_newuserdatauv(L, sizeof(*names), 0);
	struct job job = { .names = names };

	memset(names, 0, sizeof(*names));
	if (luaL_newmetatable(L, NAMES_TYPE)) {
		lua_pushcfunction(L, free_names);
		lua_setfield(L, -2, "__gc");
	}
	lua_setmetatable(L, -2);
	if (do_job(L, &job, list) != STATUS_OK)
		return lb_finish(L, lb_fail(L, job.status, job.work.error));
	lua_createtable(L, (int)names->count, 0);
	for (size_t i = 0; i < names->count; i++) {
		lua_pushstring(L, names->names[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return lb_finish(L, 1);
}

/* ---- looking up ---------------------------------------------------------------------- */

static void look_up(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	if (connect(job))
		job->status = job->look_up(job->connection, job->name, &job->binder);
}

static void wait(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	if (connect(job))
		job->status = AServiceManager_waitOn(job->connection, job->name, job->timeout_ms,
						     &job->binder);
}

static int find(lua_State *L, struct job *job, void (*run)(struct lb_work *))
{
	struct lb_service *service;

	job->name = luaL_checkstring(L, 1);
	service = lb_service_new(L);
	lb_service_set_name(L, 1);
	if (do_job(L, job, run) != STATUS_OK)
		return lb_finish(L, lb_fail(L, job->status, job->work.error));
	service->binder = job->binder;
	return lb_finish(L, 1);
}

/* binder.get(name): waits briefly for it */
int lb_get(lua_State *L)
{
	struct job job = { .look_up = AServiceManager_getOn };

	return find(L, &job, look_up);
}

/* binder.check(name): answers at once */
int lb_check(lua_State *L)
{
	struct job job = { .look_up = AServiceManager_checkOn };

	return find(L, &job, look_up);
}

/* binder.wait(name [, seconds]) */
int lb_wait(lua_State *L)
{
	struct job job = { .timeout_ms = lb_check_timeout(L, 2) };

	return find(L, &job, wait);
}

/* ---- registering ----------------------------------------------------------------------- */

static void add(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	if (connect(job))
		job->status = AServiceManager_addOn(job->connection, job->binder, job->name);
}

int lb_register(lua_State *L, int index)
{
	struct lb_service *service = lb_service_check(L, -1);
	struct job job = { .name = lua_tostring(L, index), .binder = service->binder };

	if (do_job(L, &job, add) != STATUS_OK)
		return lb_fail(L, job.status, job.work.error);
	lb_service_set_name(L, index);
	return 0;
}

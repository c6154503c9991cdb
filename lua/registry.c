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
	AServiceManager_Keeper *keeper; /* of a service, until its box has it */
	struct lb_queue *queue;         /* for whoever is told of it; a reference */
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
	AServiceManager_Keeper_delete(job->keeper);
	if (job->queue)
		lb_queue_put(job->queue);
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

/* ---- serving: registered with each service manager that comes ------------------------------ */

#define BOX_TYPE "binder.kept"

/* In the registry until the state ends. */
struct box {
	AServiceManager_Keeper *keeper;
	struct lb_queue *queue; /* a reference; the keeper's cookie */
};

static const char on_restart_key; /* its address: of the function in the registry */

struct event {
	struct lb_task task;
	binder_status_t status;
	char name[];
};

static int begin_event(lua_State *L)
{
	struct event *event = LB_CONTAINER(lua_touserdata(L, 1), struct event, task);

	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &on_restart_key) != LUA_TFUNCTION)
		return 0;
	lua_pushstring(L, event->name);
	lua_pushstring(L, ABinder_statusName(event->status));
	return 3;
}

static void drop_event(struct lb_task *task)
{
	free(LB_CONTAINER(task, struct event, task));
}

/* On a thread of libbinder's; without memory nobody hears of it. */
static void on_kept(const char *name, binder_status_t status, void *cookie)
{
	size_t size = strlen(name) + 1;
	struct event *event = calloc(1, sizeof(*event) + size);

	if (!event)
		return;
	event->task =
		(struct lb_task){ .kind = LB_EVENT, .begin = begin_event, .drop = drop_event };
	event->status = status;
	memcpy(event->name, name, size);
	if (lb_queue_push(cookie, &event->task))
		drop_event(&event->task);
}

static int end_box(lua_State *L)
{
	struct box *box = luaL_checkudata(L, 1, BOX_TYPE);

	AServiceManager_Keeper_delete(box->keeper);
	box->keeper = NULL;
	if (box->queue)
		lb_queue_put(box->queue);
	box->queue = NULL;
	return 0;
}

static binder_status_t keep(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	if (!connect(job))
		return STATUS_NO_INIT;
	return AServiceManager_keepOn(job->connection, job->binder, job->name, on_kept, job->queue,
				      &job->keeper);
}

/* The box is argument 3. */
static int finish_keep(lua_State *L, struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);
	struct box *box;

	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	box = luaL_checkudata(L, 3, BOX_TYPE);
	box->keeper = job->keeper;
	box->queue = job->queue;
	job->keeper = NULL;
	job->queue = NULL;
	lua_pushvalue(L, 3);
	lb_anchor(L);
	return finish_add(L, base);
}

/* As lb_add(), with two arguments. */
int lb_keep(lua_State *L)
{
	static const struct lb_job_kind keeping = { sizeof(struct job), keep, finish_keep,
						    free_job };
	const char *name = luaL_checkstring(L, 1);
	struct lb_service *service = lb_service_check(L, 2);
	struct box *box = lua_newuserdatauv(L, sizeof(*box), 0);
	struct job *job;

	memset(box, 0, sizeof(*box));
	luaL_setmetatable(L, BOX_TYPE);
	job = lb_job_new(L, &keeping);
	job->queue = lb_queue_get(lb_queue_of(L));
	job->binder = service->binder;
	AIBinder_incStrong(job->binder);
	set_name(L, job, name);
	return lb_job_do(L, &job->job);
}

/* binder.on_restart([fn]): fn(name, "DEAD_OBJECT") and fn(name, "OK") for each service */
int lb_on_restart(lua_State *L)
{
	if (!lua_isnoneornil(L, 1))
		luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_settop(L, 1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &on_restart_key);
	return 0;
}

void lb_open_registry(lua_State *L)
{
	luaL_newmetatable(L, BOX_TYPE);
	lua_pushcfunction(L, end_box);
	lua_setfield(L, -2, "__gc");
	lua_pop(L, 1);
}

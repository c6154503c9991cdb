/* SPDX-License-Identifier: MIT */
/*
 * watch.c: binder.watch(name, fn).
 *
 * fn(svc, name) runs in binder.loop() or binder.step() for each registration
 * under that name, the present one included, until the handle is cancelled.
 */
#include <stdlib.h>
#include <string.h>

#include "queue.h"

#define WATCH_TYPE "binder.watch"

struct watch {
	struct lb_handle handle;
	AServiceManager_Watch *source;
	struct lb_task missed;     /* says that there was no memory for an event */
	atomic_flag missed_queued; /* it is in the queue already */
};

struct event {
	struct lb_task task;
	struct watch *watch;
	AIBinder *binder;
};

static void drop(struct lb_task *task)
{
	struct event *event = LB_CONTAINER(task, struct event, task);

	AIBinder_decStrong(event->binder);
	lb_handle_put(&event->watch->handle);
	free(event);
}

static int begin(lua_State *L)
{
	struct event *event = LB_CONTAINER(lua_touserdata(L, 1), struct event, task);
	struct lb_service *service;

	if (!lb_handle_push(L, &event->watch->handle))
		return 0;
	service = lb_service_new(L);
	lb_service_set_name(L, lua_gettop(L) - 1);
	service->binder = event->binder;
	event->binder = NULL;
	lua_insert(L, -2); /* fn, service, name */
	return 3;
}

static void drop_missed(struct lb_task *task)
{
	struct watch *watch = LB_CONTAINER(task, struct watch, missed);

	atomic_flag_clear(&watch->missed_queued);
	lb_handle_put(&watch->handle);
}

static int tell_missed(lua_State *L)
{
	struct watch *watch = LB_CONTAINER(lua_touserdata(L, 1), struct watch, missed);

	if (!lb_handle_push(L, &watch->handle))
		return 0;
	return luaL_error(L, "binder.watch: a registration of '%s' was missed: " LB_NO_MEMORY,
			  lua_tostring(L, -1));
}

static void miss(struct watch *watch)
{
	if (atomic_flag_test_and_set(&watch->missed_queued))
		return;
	lb_handle_get(&watch->handle);
	if (lb_queue_push(watch->handle.queue, &watch->missed))
		drop_missed(&watch->missed);
}

/* On a thread of the pool. */
static void on_watched(const char *name, AIBinder *binder, void *cookie)
{
	struct watch *watch = cookie;
	struct event *event = binder ? calloc(1, sizeof(*event)) : NULL;

	if (!event) {
		miss(watch);
		return;
	}
	AIBinder_incStrong(binder);
	lb_handle_get(&watch->handle);
	*event = (struct event){
		.task = { .kind = LB_EVENT, .begin = begin, .drop = drop },
		.watch = watch,
		.binder = binder,
	};
	if (lb_queue_push(watch->handle.queue, &event->task))
		drop(&event->task);
}

static void stop(struct lb_handle *handle)
{
	struct watch *watch = LB_CONTAINER(handle, struct watch, handle);
	AServiceManager_Watch *source = watch->source;

	watch->source = NULL;
	AServiceManager_Watch_delete(source);
}

static const struct lb_handle_kind kind = { WATCH_TYPE, sizeof(struct watch), stop, NULL };

/* ---- beginning: the service manager is asked ------------------------------------------ */

struct job {
	struct lb_job job;
	char *name;
	struct watch *watch;           /* a reference */
	AServiceManager_Watch *source; /* until the watch has it */
};

static binder_status_t ask(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	return AServiceManager_watchOn(ABinderConnection_getDefault(), job->name, on_watched,
				       job->watch, &job->source);
}

/* Stack: name, fn, handle, ... */
static int asked(lua_State *L, struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	if (base->status != STATUS_OK) {
		lb_handle_over(L, &job->watch->handle);
		return lb_job_fail(L, base);
	}
	job->watch->source = job->source;
	job->source = NULL;
	lua_pushvalue(L, 3);
	return 1;
}

static void free_job(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	AServiceManager_Watch_delete(job->source);
	if (job->watch)
		lb_handle_put(&job->watch->handle);
	free(job->name);
}

static const struct lb_job_kind asking = { sizeof(struct job), ask, asked, free_job };

/* binder.watch(name, fn) */
int lb_watch(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	struct watch *watch;
	struct job *job;
	int failed;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	failed = lb_start_threads(L);
	if (failed)
		return failed;
	lua_settop(L, 2);
	watch = lb_handle_new(L, &kind, 2, 1);
	if (!watch)
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	watch->missed =
		(struct lb_task){ .kind = LB_EVENT, .begin = tell_missed, .drop = drop_missed };
	atomic_flag_clear(&watch->missed_queued);
	job = lb_job_new(L, &asking);
	job->watch = watch;
	lb_handle_get(&watch->handle);
	job->name = strdup(name);
	if (!job->name)
		return luaL_error(L, LB_NO_MEMORY);
	return lb_job_do(L, &job->job);
}

void lb_open_watch(lua_State *L)
{
	lb_open_handle(L, &kind);
}

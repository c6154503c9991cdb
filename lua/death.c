/* SPDX-License-Identifier: MIT */
/*
 * death.c: svc:on_death(fn).
 *
 * fn(svc) runs once, in binder.loop() or binder.step(), after the service's
 * process has died.
 */
#include "queue.h"

#define DEATH_TYPE "binder.death"

struct death {
	struct lb_handle handle;
	AIBinder *binder;
	struct lb_task task;
};

/* For all of the process; once it is there. */
static _Atomic(AIBinder_DeathRecipient *) recipient;

static struct death *death_of(struct lb_task *task)
{
	return LB_CONTAINER(task, struct death, task);
}

static void drop(struct lb_task *task)
{
	lb_handle_put(&death_of(task)->handle);
}

static int begin(lua_State *L)
{
	struct lb_handle *handle = &death_of(lua_touserdata(L, 1))->handle;

	if (!lb_handle_push(L, handle))
		return 0;
	lb_handle_over(L, handle);
	return 2;
}

/* On threads of the pool. */
static void on_died(void *cookie)
{
	struct death *death = cookie;

	lb_handle_get(&death->handle);
	if (lb_queue_push(death->handle.queue, &death->task))
		lb_handle_put(&death->handle);
}

static void on_unlinked(void *cookie)
{
	struct death *death = cookie;

	lb_handle_put(&death->handle);
}

/* NULL: no memory. */
static AIBinder_DeathRecipient *get_recipient(void)
{
	AIBinder_DeathRecipient *known = atomic_load(&recipient), *fresh;

	if (known)
		return known;
	fresh = AIBinder_DeathRecipient_new(on_died);
	if (!fresh)
		return NULL;
	AIBinder_DeathRecipient_setOnUnlinked(fresh, on_unlinked);
	if (atomic_compare_exchange_strong(&recipient, &known, fresh))
		return fresh;
	AIBinder_DeathRecipient_delete(fresh);
	return known;
}

static void stop(struct lb_handle *handle)
{
	struct death *death = LB_CONTAINER(handle, struct death, handle);

	AIBinder_unlinkToDeath(death->binder, recipient, death);
}

static void free_death(struct lb_handle *handle)
{
	AIBinder_decStrong(LB_CONTAINER(handle, struct death, handle)->binder);
}

static const struct lb_handle_kind kind = { DEATH_TYPE, sizeof(struct death), stop, free_death };

/* svc:on_death(fn) */
int lb_on_death(lua_State *L)
{
	struct lb_service *service = lb_service_check(L, 1);
	struct death *death;
	binder_status_t status;
	int failed;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	if (!get_recipient())
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	failed = lb_start_threads(L);
	if (failed)
		return failed;
	death = lb_handle_new(L, &kind, 2, 1);
	if (!death)
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	death->binder = service->binder;
	AIBinder_incStrong(death->binder);
	death->task = (struct lb_task){ .kind = LB_EVENT, .begin = begin, .drop = drop };
	lb_handle_get(&death->handle); /* the link's, which on_unlinked() gives up in every case */
	status = AIBinder_linkToDeath(death->binder, recipient, death);
	if (status != STATUS_OK) {
		lb_handle_over(L, &death->handle);
		return lb_fail(L, status, NULL);
	}
	return 1;
}

void lb_open_death(lua_State *L)
{
	lb_open_handle(L, &kind);
}

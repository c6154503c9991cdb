/* SPDX-License-Identifier: MIT */
/*
 * timer.c: binder.after(), every() and sleep(), and the timers behind them.
 *
 * Timers are the Lua thread's own: lb_queue_step() fires what is due and waits
 * no longer than until the next one.
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "queue.h"

#define TIMER_TYPE "binder.timer"

uint64_t lb_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void insert(struct lb_queue *queue, struct lb_timer *timer)
{
	struct lb_timer **link = &queue->timers;

	while (*link && (*link)->due <= timer->due)
		link = &(*link)->next;
	timer->next = *link;
	*link = timer;
	timer->armed = true;
}

void lb_timer_arm(struct lb_queue *queue, struct lb_timer *timer, int timeout_ms)
{
	lb_timer_disarm(queue, timer);
	timer->due = lb_now() + (uint64_t)timeout_ms * 1000000;
	insert(queue, timer);
}

void lb_timer_disarm(struct lb_queue *queue, struct lb_timer *timer)
{
	struct lb_timer **link = &queue->timers;

	if (!timer->armed)
		return;
	while (*link != timer)
		link = &(*link)->next;
	*link = timer->next;
	timer->armed = false;
}

void lb_timers_run(struct lb_queue *queue)
{
	uint64_t now;

	if (!queue->timers)
		return;
	now = lb_now();
	while (queue->timers && queue->timers->due <= now) {
		struct lb_timer *timer = queue->timers;

		lb_timer_disarm(queue, timer);
		timer->fire(timer);
	}
}

int lb_timers_wait(const struct lb_queue *queue, int limit)
{
	uint64_t now, left;

	if (!queue->timers)
		return limit;
	now = lb_now();
	left = queue->timers->due <= now ? 0 : (queue->timers->due - now + 999999) / 1000000;
	if (limit >= 0 && left > (uint64_t)limit)
		return limit;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

/* binder.now(): seconds since some moment; only differences mean anything */
int lb_now_seconds(lua_State *L)
{
	lua_pushnumber(L, (lua_Number)lb_now() / 1e9);
	return 1;
}

/* ---- binder.after(), every() ------------------------------------------------------ */

struct alarm {
	struct lb_handle handle;
	struct lb_timer timer;
	struct lb_task task;
	bool queued;  /* one that is late is told once */
	int every_ms; /* -1: once */
};

static void drop(struct lb_task *task)
{
	struct alarm *alarm = LB_CONTAINER(task, struct alarm, task);

	alarm->queued = false;
	lb_handle_put(&alarm->handle);
}

static void fire(struct lb_timer *timer)
{
	struct alarm *alarm = LB_CONTAINER(timer, struct alarm, timer);
	struct lb_queue *queue = alarm->handle.queue;

	/* From when it was due, so that no time is lost; but nothing is made up for. */
	if (alarm->every_ms >= 0) {
		const uint64_t now = lb_now();

		timer->due += (uint64_t)alarm->every_ms * 1000000;
		if (timer->due < now)
			timer->due = now;
		insert(queue, timer);
	}
	if (alarm->queued)
		return;
	lb_handle_get(&alarm->handle);
	alarm->queued = true;
	if (lb_queue_push(queue, &alarm->task))
		drop(&alarm->task);
}

static int begin(lua_State *L)
{
	struct alarm *alarm = LB_CONTAINER(lua_touserdata(L, 1), struct alarm, task);

	if (!lb_handle_push(L, &alarm->handle))
		return 0;
	lua_pop(L, 1); /* no value goes with it */
	if (alarm->every_ms < 0)
		lb_handle_over(L, &alarm->handle);
	return 1;
}

static void stop(struct lb_handle *handle)
{
	struct alarm *alarm = LB_CONTAINER(handle, struct alarm, handle);

	lb_timer_disarm(handle->queue, &alarm->timer);
}

static const struct lb_handle_kind kind = { TIMER_TYPE, sizeof(struct alarm), stop, NULL };

static int start(lua_State *L, bool repeat)
{
	int timeout_ms;
	struct alarm *alarm;

	luaL_checknumber(L, 1);
	timeout_ms = lb_check_timeout(L, 1);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	luaL_argcheck(L, !repeat || timeout_ms > 0, 1, "more than 0 seconds expected");
	lua_settop(L, 2);
	alarm = lb_handle_new(L, &kind, 2, 1);
	if (!alarm)
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	alarm->every_ms = repeat ? timeout_ms : -1;
	alarm->timer.fire = fire;
	alarm->task = (struct lb_task){ .kind = lb_strand_kind(alarm->handle.queue),
					.begin = begin,
					.drop = drop };
	lb_timer_arm(alarm->handle.queue, &alarm->timer, timeout_ms);
	return 1;
}

/* binder.after(seconds, fn): fn() once, in the loop; what it returns can be cancelled */
int lb_after(lua_State *L)
{
	return start(L, false);
}

/* binder.every(seconds, fn): the same again and again, until it is cancelled */
int lb_every(lua_State *L)
{
	return start(L, true);
}

/* ---- binder.sleep() ------------------------------------------------------------------ */

static int awake(lua_State *L, int status, lua_KContext context)
{
	return 0;
}

/* binder.sleep(seconds): calls and callbacks are served meanwhile */
int lb_sleep(lua_State *L)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct lb_strand *strand = lb_strand_here(L);
	/* In a callback that cannot be left, others have to wait. */
	const int kinds = lb_queue_busy(queue) ? LB_CALL | LB_RELEASE : LB_ALL;
	int timeout_ms;
	uint64_t until;

	luaL_checknumber(L, 1);
	timeout_ms = lb_check_timeout(L, 1);
	if (strand)
		return lb_strand_wait(L, strand, timeout_ms, 0, awake);
	until = lb_now() + (uint64_t)timeout_ms * 1000000;
	for (;;) {
		const uint64_t now = lb_now();
		const int left = now >= until ? 0 : (int)((until - now + 999999) / 1000000);
		const enum lb_step step = lb_queue_wait(L, queue, kinds, left);

		if (step == LB_INTERRUPTED)
			return lua_error(L);
		if (step == LB_IDLE || left == 0 || lb_failed(L))
			return lb_finish(L, 0);
	}
}

void lb_open_timer(lua_State *L)
{
	lb_open_handle(L, &kind);
}

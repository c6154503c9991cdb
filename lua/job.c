/* SPDX-License-Identifier: MIT */
/*
 * job.c: work that blocks (calls, look-ups) and must not hold up the handlers
 * of this state.
 *
 * Used by call.c, registry.c and watch.c.  Where a job is done:
 * - in a handler: by the very thread that waits for that handler, because the
 *   driver follows threads to see that a call is nested;
 * - in an async function or callback, or while the script has objects: by a
 *   worker;
 * - else by the Lua thread itself: nobody can call this state meanwhile, but
 *   for objects that are called on this very thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "queue.h"

#define JOB_TYPE "binder.job"

/* Set while this thread, a Lua thread, is inside libbinder for a state. */
static __thread struct {
	struct lb_queue *queue;
	lua_State *L;
	bool failed; /* an error is on L's stack */
} inside;

lua_State *lb_job_here(const struct lb_queue *queue)
{
	return inside.queue == queue ? inside.L : NULL;
}

/* ---- the object ---------------------------------------------------------------------- */

static bool go_on(void *cookie)
{
	const struct lb_job *job = cookie;

	return !atomic_load(&job->cancelled);
}

void lb_job_put(struct lb_job *job)
{
	if (!job || atomic_fetch_sub(&job->refs, 1) != 1)
		return;
	if (job->kind->free)
		job->kind->free(job);
	lb_queue_put(job->queue);
	free(job);
}

void *lb_job_new(lua_State *L, const struct lb_job_kind *kind)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct lb_job **box = lua_newuserdatauv(L, sizeof(*box), 0), *job;

	*box = NULL;
	luaL_setmetatable(L, JOB_TYPE);
	job = calloc(1, kind->size);
	if (!job)
		luaL_error(L, LB_NO_MEMORY);
	job->kind = kind;
	atomic_init(&job->refs, 1);
	job->queue = lb_queue_get(queue);
	job->box = box;
	*box = job;
	return job;
}

static void let_go(struct lb_job **box)
{
	struct lb_job *job = *box;

	*box = NULL;
	if (job)
		job->box = NULL;
	lb_job_put(job);
}

/* Somebody may still be doing it: the state ends, or an error came between. */
static int collect(lua_State *L)
{
	struct lb_job **box = lua_touserdata(L, 1);

	if (*box && atomic_load(&(*box)->refs) > 1 && !atomic_exchange(&(*box)->cancelled, true))
		ABinderConnection_wakeWaiting(NULL);
	let_go(box);
	return 0;
}

void lb_open_job(lua_State *L)
{
	luaL_newmetatable(L, JOB_TYPE);
	lua_pushcfunction(L, collect);
	lua_setfield(L, -2, "__gc");
	lua_pop(L, 1);
}

/* ---- doing it ------------------------------------------------------------------------- */

static void do_it(struct lb_job *job)
{
	job->status = job->kind->run(job);
	if (job->status != STATUS_OK)
		snprintf(job->error, sizeof(job->error), "%s", ABinder_lastError());
}

void lb_job_run(struct lb_job *job)
{
	struct lb_queue *queue = job->queue;

	ABinder_setInterruptible(go_on, job);
	do_it(job);
	ABinder_setInterruptible(NULL, NULL);
	pthread_mutex_lock(&queue->lock);
	job->done = true;
	/* A queue that is closed has no strands any more. */
	if (!job->strand || lb_queue_append(queue, &job->strand->resume))
		lb_queue_nudge_locked(queue);
	pthread_mutex_unlock(&queue->lock);
	lb_job_put(job);
}

/* To another thread; false: there is none. */
static bool give(struct lb_queue *queue, struct lb_call *caller, struct lb_job *job)
{
	bool given = true;

	atomic_fetch_add(&job->refs, 1);
	pthread_mutex_lock(&queue->lock);
	if (caller) {
		caller->errand = job;
		pthread_cond_signal(&caller->wake);
	} else {
		given = lb_worker_take(queue, job);
	}
	pthread_mutex_unlock(&queue->lock);
	if (!given)
		atomic_fetch_sub(&job->refs, 1);
	return given;
}

static void cancel(struct lb_queue *queue, struct lb_job *job)
{
	atomic_store(&job->cancelled, true);
	ABinderConnection_wakeWaiting(NULL);
}

/* False: interrupted, with the error on the stack. */
static bool wait_for(lua_State *L, struct lb_queue *queue, struct lb_job *job)
{
	for (;;) {
		bool done;

		if (lb_queue_step(L, queue, LB_CALL | LB_RELEASE, LB_LOOK_MS, &job->done) !=
			    LB_SERVED &&
		    !lb_check_interrupt(L)) {
			cancel(queue, job);
			return false;
		}
		pthread_mutex_lock(&queue->lock);
		done = job->done;
		pthread_mutex_unlock(&queue->lock);
		if (done)
			return true;
	}
}

static bool go_on_here(void *cookie)
{
	/* Inside of a call of an object of our own, which would be left in the middle. */
	if (inside.failed || lb_queue_busy(inside.queue))
		return !inside.failed;
	inside.failed = !lb_check_interrupt(inside.L);
	return !inside.failed;
}

/* As wait_for(). */
static bool do_here(lua_State *L, struct lb_queue *queue, struct lb_job *job)
{
	const __typeof__(inside) outer = inside;
	bool failed;

	lb_queue_release(L);
	inside.queue = queue;
	inside.L = L;
	inside.failed = false;
	ABinder_setInterruptible(go_on_here, NULL);
	do_it(job);
	failed = inside.failed;
	inside = outer;
	ABinder_setInterruptible(outer.queue ? go_on_here : NULL, NULL);
	return !failed;
}

/* ---- for Lua ---------------------------------------------------------------------------- */

int lb_job_fail(lua_State *L, const struct lb_job *job)
{
	return lb_fail(L, job->status, job->error);
}

static int finish(lua_State *L, struct lb_job *job)
{
	const int count = job->kind->finish(L, job);

	if (job->box)
		let_go(job->box);
	return lb_finish(L, count);
}

static int resumed(lua_State *L, int status, lua_KContext context)
{
	return finish(L, (struct lb_job *)context);
}

int lb_job_do(lua_State *L, struct lb_job *job)
{
	struct lb_queue *queue = job->queue;
	struct lb_strand *strand = lb_strand_here(L), *running = queue->running;
	struct lb_call *caller = running && !running->blocking ? running->call : NULL;
	bool done;

	job->strand = strand;
	if (strand && give(queue, caller, job)) {
		strand->suspended = true;
		return lua_yieldk(L, 0, (lua_KContext)job, resumed);
	}
	job->strand = NULL;
	if ((caller || (!lb_job_here(queue) && atomic_load(&queue->hosts) > 0)) &&
	    give(queue, caller, job))
		done = wait_for(L, queue, job);
	else
		done = do_here(L, queue, job);
	return done ? finish(L, job) : lua_error(L);
}

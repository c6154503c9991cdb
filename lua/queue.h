/* SPDX-License-Identifier: MIT */
/*
 * queue.h: what goes between the Lua thread and all others.
 *
 * To the Lua thread go tasks: calls of the script's objects, events for its
 * callbacks, bookkeeping.  Each runs its function of the script in a coroutine,
 * a strand.  From it go jobs: whatever blocks.  A strand that starts one is
 * suspended until it is done, and the Lua thread serves others; script code
 * outside of a strand waits, and calls of its objects are served meanwhile.
 */
#ifndef LUA_QUEUE_H
#define LUA_QUEUE_H

#include <pthread.h>
#include <stdint.h>

#include "internal.h"

/* ---- queue.c: tasks for the Lua thread ------------------------------------------ */

enum lb_task_kind {
	LB_CALL = 1,    /* a thread waits for the answer; served while Lua waits too */
	LB_EVENT = 2,   /* a callback of the script; served by binder.loop() and step() */
	LB_RELEASE = 4, /* bookkeeping without script code */
};

/* What follows is called on the Lua thread, in protected mode, but for drop. */
struct lb_task {
	enum lb_task_kind kind;
	/* The task is argument 1.  Returns a function of the script and its arguments; nothing:
	 * there is nothing to run.  NULL: the task resumes its strand. */
	lua_CFunction begin;
	/* NULL, or how it ended: task, true, results... or task, false, error value, text with a
	 * traceback.  What it raises is reported, as the text is when it is NULL. */
	lua_CFunction end;
	/* At last, in every case, also when the state has ended.  NULL: an LB_CALL that a thread
	 * waits for. */
	void (*drop)(struct lb_task *task);
	struct lb_task *next;
};

struct lb_job;
struct lb_strand;

/* An LB_CALL: lies on the stack of the thread that waits for it. */
struct lb_call {
	struct lb_task task;
	struct lb_job *errand; /* for the waiting thread to do */
	pthread_cond_t wake;
	bool direct; /* called on the Lua thread itself */
	bool done;
};

struct lb_timer {
	void (*fire)(struct lb_timer *timer); /* on the Lua thread; runs no script code */
	uint64_t due;                         /* ns, CLOCK_MONOTONIC */
	struct lb_timer *next;
	bool armed;
};

struct lb_queue {
	atomic_int refs;
	atomic_int hosts; /* objects: while there are any, jobs are done by other threads */
	int wake_fd;
	atomic_bool poked;       /* lb_queue_nudge() has written wake_fd */
	atomic_bool interrupted; /* lb_interrupt() was called */
	bool stays_interrupted;  /* until lb_interrupt_clear() */

	pthread_mutex_t lock; /* guards what follows, and the tasks and jobs in it */
	struct lb_task *head, **tail;
	bool nudged; /* wake_fd has been written for a task or job */
	bool closed;
	struct lb_job *jobs, **jobs_tail; /* for the workers */
	unsigned int workers, idle_workers;
	pthread_cond_t work_ready; /* ... or closed, or a worker has ended */

	/* The Lua thread's own. */
	struct lb_strand *strands; /* all that have begun and not ended */
	struct lb_strand *running; /* innermost */
	struct lb_timer *timers;   /* by time */
	int depth;                 /* tasks that are being run */
};

struct lb_queue *lb_queue_new(void);
struct lb_queue *lb_queue_get(struct lb_queue *queue);
void lb_queue_put(struct lb_queue *queue);

/* From any thread: -ESHUTDOWN when the state has ended (drop was not called). */
int lb_queue_push(struct lb_queue *queue, struct lb_task *task);
/* With the lock held, and likewise. */
int lb_queue_append(struct lb_queue *queue, struct lb_task *task);
void lb_queue_nudge_locked(struct lb_queue *queue);
/* From any thread: has a call done, and does its errands while waiting. */
int lb_queue_call(struct lb_queue *queue, struct lb_call *call);

/* On the Lua thread, and none of them throws: */

enum lb_step {
	LB_SERVED,
	LB_IDLE,        /* the time is over */
	LB_SIGNALLED,   /* a signal handler may have run: see lb_check_interrupt() */
	LB_INTERRUPTED, /* only lb_queue_wait(): with an error on the stack */
};
/* How often who waits looks for what nothing wakes it for: a hook that a signal handler has set
 * just before, a driver that has gone. */
#define LB_LOOK_MS 1000
#define LB_ALL (LB_CALL | LB_EVENT | LB_RELEASE)
/* Serves one task of the kinds; timeout_ms < 0: no limit.  LB_SERVED also when *done, which the
 * lock guards, is set; NULL: nothing is waited for but tasks. */
enum lb_step lb_queue_step(lua_State *L, struct lb_queue *queue, int kinds, int timeout_ms,
			   const bool *done);
/* The same with no *done; looks now and then whether it shall be interrupted. */
enum lb_step lb_queue_wait(lua_State *L, struct lb_queue *queue, int kinds, int timeout_ms);
/* Does the bookkeeping that is due; for scripts that never get to a loop. */
void lb_queue_release(lua_State *L);
/* Makes a waiting lb_queue_step() return; async-signal-safe. */
void lb_queue_nudge(struct lb_queue *queue);
/* True inside a handler or callback. */
bool lb_queue_busy(const struct lb_queue *queue);
/* The state ends: whoever waits is told so, and what is queued is dropped. */
void lb_queue_close(struct lb_queue *queue);

/* ---- strand.c: coroutines that run tasks -------------------------------------------- */

struct lb_strand {
	struct lb_queue *queue;
	struct lb_strand *next, **prev; /* queue->strands */
	lua_State *co;
	lua_Integer anchor;
	struct lb_task *task; /* what it runs */
	struct lb_call *call; /* the same, when a thread waits for it */
	struct lb_task resume;
	struct lb_timer timer;         /* for lb_strand_wait() with a time */
	struct lb_strand *next_waiter; /* of an async task; see async.c */
	bool suspended;                /* by us, until resume has been pushed and served */
	bool waiting;                  /* ... by lb_strand_wake() */
	bool blocking;                 /* runs in a call of the Lua thread: cannot be left */
};

/* Runs a task in a new strand until it waits or ends.  Never throws. */
void lb_strand_start(lua_State *L, struct lb_queue *queue, struct lb_task *task);
/* A strand's resume task: goes on.  Never throws. */
void lb_strand_resume(lua_State *L, struct lb_task *resume);
/* The strand that L is, if it can be suspended here; else NULL: L has to wait itself. */
struct lb_strand *lb_strand_here(lua_State *L);
/* To be returned: suspends the strand until lb_strand_wake(), or the time is over (ms < 0: none),
 * then goes on with k. */
int lb_strand_wait(lua_State *L, struct lb_strand *strand, int timeout_ms, lua_KContext context,
		   lua_KFunction k);
void lb_strand_wake(struct lb_strand *strand);
/* The kind that callbacks started here have: calls are served while the script waits. */
enum lb_task_kind lb_strand_kind(const struct lb_queue *queue);
/* All of them, with the queue's lock held: callers are told. */
void lb_strand_end_all(struct lb_queue *queue);

/* ---- job.c: blocking work; worker.c: threads for it ----------------------------------- */

struct lb_job_kind {
	size_t size;
	binder_status_t (*run)(struct lb_job *job); /* on some thread; no Lua */
	/* On the Lua thread, with the job done: returns results.  May throw. */
	int (*finish)(lua_State *L, struct lb_job *job);
	void (*free)(struct lb_job *job); /* lets go of what it holds; NULL: nothing */
};

/* The head of a struct for each kind.  Two hold it: a userdata, and whoever runs it. */
struct lb_job {
	const struct lb_job_kind *kind;
	atomic_int refs;
	atomic_bool cancelled; /* nobody waits for it any more */
	bool done;             /* queue lock */
	binder_status_t status;
	char error[LB_ERROR_SIZE]; /* ABinder_lastError() of that thread */
	struct lb_job *next;
	struct lb_queue *queue;
	struct lb_strand *strand; /* to be resumed; else the Lua thread itself waits */
	struct lb_job **box;      /* in the userdata; NULL: collected */
};

/* Pushes a userdata that holds a new job, zeroed but for its head. */
void *lb_job_new(lua_State *L, const struct lb_job_kind *kind);
/* To be returned: does the job, then finish().  Its userdata has to be on the stack.  May
 * suspend L, so that nothing can follow. */
int lb_job_do(lua_State *L, struct lb_job *job);
/* nil, message, NAME of a job that failed. */
int lb_job_fail(lua_State *L, const struct lb_job *job);
/* The state whose Lua thread the calling thread is, if it is doing a job for it right now. */
lua_State *lb_job_here(const struct lb_queue *queue);
void lb_job_put(struct lb_job *job);
/* On the thread that does it, then tells who waits; gives up a reference. */
void lb_job_run(struct lb_job *job);
void lb_open_job(lua_State *L);

/* With the queue's lock held, which guards it: hands a job over; false: no thread can be had. */
bool lb_worker_take(struct lb_queue *queue, struct lb_job *job);
/* The queue has been closed: waits for those that have nothing to do. */
void lb_worker_end_all(struct lb_queue *queue);

/* ---- timer.c ------------------------------------------------------------------------------ */

uint64_t lb_now(void);
void lb_timer_arm(struct lb_queue *queue, struct lb_timer *timer, int timeout_ms);
void lb_timer_disarm(struct lb_queue *queue, struct lb_timer *timer);
/* Fires those that are due. */
void lb_timers_run(struct lb_queue *queue);
/* Milliseconds to the next one, at most limit (< 0: none). */
int lb_timers_wait(const struct lb_queue *queue, int limit);

/* ---- handle.c: what can be cancelled ------------------------------------------------------ */

struct lb_handle;

struct lb_handle_kind {
	const char *type; /* "binder.death" */
	size_t size;
	void (*stop)(struct lb_handle *handle); /* on the Lua thread, once */
	void (*free)(struct lb_handle *handle); /* on any thread */
};

/* The head of a struct for each kind: held by the userdata, by whoever may still bring an event,
 * and by each event. */
struct lb_handle {
	const struct lb_handle_kind *kind;
	atomic_int refs;
	struct lb_queue *queue;
	lua_Integer anchor; /* of {function, value, userdata}; 0: over */
};

/* Pushes a userdata with a new handle, zeroed but for its head, that keeps fn and a value;
 * NULL: no memory, nothing pushed. */
void *lb_handle_new(lua_State *L, const struct lb_handle_kind *kind, int fn, int value);
struct lb_handle *lb_handle_get(struct lb_handle *handle);
void lb_handle_put(struct lb_handle *handle);
/* Pushes fn and the value; false: it is over. */
bool lb_handle_push(lua_State *L, const struct lb_handle *handle);
/* No more events will come, and stop() need not be called. */
void lb_handle_over(lua_State *L, struct lb_handle *handle);
void lb_open_handle(lua_State *L, const struct lb_handle_kind *kind);

/* ---- interrupt.c: Ctrl-C ------------------------------------------------------------------- */

/* After a signal: gives debug hooks their chance, as lua(1) ends a script by one.  False with an
 * error on the stack: what is under way has to end. */
bool lb_check_interrupt(lua_State *L);

#endif

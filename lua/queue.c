/* SPDX-License-Identifier: MIT */
/*
 * queue.c: what goes between the Lua thread and all others, one queue a state.
 *
 * Threads of libbinder's pool hand tasks to the Lua thread and wait; the Lua
 * thread hands blocking work to another thread and serves calls meanwhile, so
 * that A->B->A works.  Work that a handler starts is done by the very thread
 * that waits for that handler, because the driver follows threads to see that
 * a call is nested.  state.c owns it; service.c, host.c and death.c use it,
 * loop.c runs it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "internal.h"
#include "module.h"

struct lb_queue {
	atomic_int refs;
	atomic_int hosts;
	int wake_fd;
	atomic_bool poked; /* lb_queue_nudge() has written wake_fd */

	pthread_mutex_t lock; /* guards what follows, and the tasks in it */
	struct lb_task *head, **tail;
	bool nudged; /* wake_fd has been written for a task or work */
	bool closed;
	struct lb_work *work; /* for the helper */
	bool helper_busy;
	pthread_cond_t work_ready;
	bool helper_started;
	pthread_t helper;

	/* The Lua thread's own. */
	struct lb_task *current; /* the call that is being served, innermost */
	int depth;               /* tasks that are being run */
};

/* Set while this thread, a Lua thread, is inside libbinder for a state. */
static __thread struct {
	struct lb_queue *queue;
	lua_State *L;
} inside;

struct lb_queue *lb_queue_new(void)
{
	struct lb_queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return NULL;
	queue->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->wake_fd < 0) {
		free(queue);
		return NULL;
	}
	queue->tail = &queue->head;
	atomic_init(&queue->refs, 1);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->work_ready, NULL);
	return queue;
}

struct lb_queue *lb_queue_get(struct lb_queue *queue)
{
	atomic_fetch_add(&queue->refs, 1);
	return queue;
}

void lb_queue_put(struct lb_queue *queue)
{
	if (!queue || atomic_fetch_sub(&queue->refs, 1) != 1)
		return;
	close(queue->wake_fd);
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->work_ready);
	free(queue);
}

void lb_queue_count_host(struct lb_queue *queue, int change)
{
	atomic_fetch_add(&queue->hosts, change);
}

int lb_queue_fd(lua_State *L)
{
	return lb_queue_of(L)->wake_fd;
}

bool lb_queue_busy(const struct lb_queue *queue)
{
	return queue->depth > 0;
}

/* ---- tasks -------------------------------------------------------------------- */

static void wake(struct lb_queue *queue)
{
	uint64_t one = 1;
	ssize_t written = write(queue->wake_fd, &one, sizeof(one));

	(void)written; /* EAGAIN: it is readable already */
}

void lb_queue_nudge(struct lb_queue *queue)
{
	int saved = errno;

	atomic_store(&queue->poked, true);
	wake(queue);
	errno = saved;
}

/* With the lock held. */
static void nudge_locked(struct lb_queue *queue)
{
	if (!queue->nudged) {
		queue->nudged = true;
		wake(queue);
	}
}

static int append(struct lb_queue *queue, struct lb_task *task)
{
	if (queue->closed)
		return -ESHUTDOWN;
	task->next = NULL;
	*queue->tail = task;
	queue->tail = &task->next;
	nudge_locked(queue);
	return 0;
}

static struct lb_task *take(struct lb_queue *queue, int kinds)
{
	struct lb_task **link = &queue->head, *task;

	while ((task = *link) && !(task->kind & kinds))
		link = &task->next;
	if (!task)
		return NULL;
	*link = task->next;
	if (!task->next)
		queue->tail = link;
	return task;
}

int lb_queue_push(struct lb_queue *queue, struct lb_task *task)
{
	int error;

	pthread_mutex_lock(&queue->lock);
	error = append(queue, task);
	pthread_mutex_unlock(&queue->lock);
	return error;
}

/* On the Lua thread.  Never throws. */
static void run_task(lua_State *L, struct lb_queue *queue, struct lb_task *task)
{
	const bool call = task->kind == LB_CALL;
	const bool room = lua_checkstack(L, 10);
	int status = LUA_OK;

	queue->depth++;
	if (call) {
		task->outer = queue->current;
		queue->current = task;
	}
	if (room) {
		lua_pushcfunction(L, task->run);
		lua_pushlightuserdata(L, task);
		status = lua_pcall(L, 1, 0, 0);
	}
	if (!call) {
		task->drop(task);
	} else {
		pthread_mutex_lock(&queue->lock);
		queue->current = task->outer;
		task->done = true;
		if (!task->direct)
			pthread_cond_signal(&task->wake);
		pthread_mutex_unlock(&queue->lock);
	}
	/* A waiting caller has its answer by now, whatever the script does about the error. */
	if (status != LUA_OK)
		lb_report_error(L);
	queue->depth--;
}

static void run_work(struct lb_work *work)
{
	work->error[0] = '\0';
	work->run(work);
	snprintf(work->error, sizeof(work->error), "%s", ABinder_lastError());
}

int lb_queue_call(struct lb_queue *queue, struct lb_task *task)
{
	int error;

	task->kind = LB_CALL;
	task->done = false;
	task->errand = NULL;
	task->direct = inside.queue == queue;
	if (task->direct) {
		run_task(inside.L, queue, task);
		return 0;
	}
	pthread_cond_init(&task->wake, NULL);
	pthread_mutex_lock(&queue->lock);
	error = append(queue, task);
	while (!error && !task->done) {
		struct lb_work *errand = task->errand;

		if (!errand) {
			pthread_cond_wait(&task->wake, &queue->lock);
			continue;
		}
		task->errand = NULL;
		pthread_mutex_unlock(&queue->lock);
		run_work(errand);
		pthread_mutex_lock(&queue->lock);
		errand->done = true;
		nudge_locked(queue);
	}
	pthread_mutex_unlock(&queue->lock);
	pthread_cond_destroy(&task->wake);
	return error;
}

/* ---- blocking work ------------------------------------------------------------- */

static void *help(void *arg)
{
	struct lb_queue *queue = arg;

	pthread_mutex_lock(&queue->lock);
	while (!queue->closed) {
		struct lb_work *work = queue->work;

		if (!work) {
			pthread_cond_wait(&queue->work_ready, &queue->lock);
			continue;
		}
		queue->work = NULL;
		queue->helper_busy = true;
		pthread_mutex_unlock(&queue->lock);
		run_work(work);
		pthread_mutex_lock(&queue->lock);
		queue->helper_busy = false;
		work->done = true;
		nudge_locked(queue);
	}
	pthread_mutex_unlock(&queue->lock);
	lb_queue_put(queue);
	return NULL;
}

/* Signals stay with the threads of the program. */
static bool start_helper(struct lb_queue *queue)
{
	sigset_t all, before;
	int error;

	if (queue->helper_started)
		return true;
	lb_queue_get(queue);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&queue->helper, NULL, help, queue);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	queue->helper_started = error == 0;
	if (error)
		atomic_fetch_sub(&queue->refs, 1); /* not the last: the state's */
	return error == 0;
}

/* False: interrupted, or no nudge came in time. */
static bool wait_for_nudge(struct lb_queue *queue, int timeout_ms)
{
	struct pollfd pfd = { .fd = queue->wake_fd, .events = POLLIN };

	return poll(&pfd, 1, timeout_ms) > 0;
}

/* With the lock held; who leaves tasks in the queue has to nudge again. */
static void clear_nudge(struct lb_queue *queue)
{
	const bool poked = atomic_exchange(&queue->poked, false);
	uint64_t count;
	ssize_t got;

	if (!queue->nudged && !poked)
		return;
	got = read(queue->wake_fd, &count, sizeof(count));
	(void)got;
	queue->nudged = false;
}

static void serve_until_done(lua_State *L, struct lb_queue *queue, struct lb_work *work)
{
	for (;;) {
		struct lb_task *task = NULL;
		bool done;

		pthread_mutex_lock(&queue->lock);
		clear_nudge(queue);
		done = work->done;
		if (!done)
			task = take(queue, LB_CALL | LB_RELEASE);
		else if (queue->head)
			nudge_locked(queue); /* whoever polls the descriptor sees the rest */
		pthread_mutex_unlock(&queue->lock);
		if (done)
			return;
		if (task)
			run_task(L, queue, task);
		else
			wait_for_nudge(queue, -1);
	}
}

void lb_queue_do(lua_State *L, struct lb_work *work)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct lb_task *caller = queue->current;

	work->done = false;
	if (caller && !caller->direct) {
		pthread_mutex_lock(&queue->lock);
		caller->errand = work;
		pthread_cond_signal(&caller->wake);
		pthread_mutex_unlock(&queue->lock);
		serve_until_done(L, queue, work);
	} else if (!caller && atomic_load(&queue->hosts) > 0 && start_helper(queue)) {
		pthread_mutex_lock(&queue->lock);
		queue->work = work;
		pthread_cond_signal(&queue->work_ready);
		pthread_mutex_unlock(&queue->lock);
		serve_until_done(L, queue, work);
	} else {
		/* Nobody can call this state, but for objects called on this very thread. */
		const __typeof__(inside) outer = inside;

		lb_queue_release(L);
		inside.queue = queue;
		inside.L = L;
		run_work(work);
		inside = outer;
	}
}

void lb_queue_release(lua_State *L)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct lb_task *task;

	for (;;) {
		pthread_mutex_lock(&queue->lock);
		task = take(queue, LB_RELEASE);
		pthread_mutex_unlock(&queue->lock);
		if (!task)
			return;
		run_task(L, queue, task);
	}
}

bool lb_queue_step(lua_State *L, struct lb_queue *queue, int timeout_ms)
{
	for (int pass = 0; pass < 2; pass++) {
		struct lb_task *task;

		pthread_mutex_lock(&queue->lock);
		clear_nudge(queue);
		task = take(queue, LB_CALL | LB_EVENT | LB_RELEASE);
		if (queue->head)
			nudge_locked(queue);
		pthread_mutex_unlock(&queue->lock);
		if (task) {
			run_task(L, queue, task);
			return true;
		}
		if (pass == 0 && !wait_for_nudge(queue, timeout_ms))
			return false;
	}
	return false;
}

/* ---- the state's end ------------------------------------------------------------ */

void lb_queue_close(struct lb_queue *queue)
{
	struct lb_task *task, *next;
	bool busy;

	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	busy = queue->work || queue->helper_busy;
	task = queue->head;
	queue->head = NULL;
	queue->tail = &queue->head;
	/* os.exit() in a handler: its caller waits too. */
	for (struct lb_task *running = queue->current; running; running = running->outer) {
		running->done = true;
		if (!running->direct)
			pthread_cond_signal(&running->wake);
	}
	queue->current = NULL;
	pthread_cond_signal(&queue->work_ready);
	for (struct lb_task **link = &task; *link;) {
		struct lb_task *waiting = *link;

		if (waiting->kind == LB_CALL) {
			*link = waiting->next;
			waiting->done = true;
			pthread_cond_signal(&waiting->wake);
		} else {
			link = &waiting->next;
		}
	}
	pthread_mutex_unlock(&queue->lock);
	for (; task; task = next) {
		next = task->next;
		task->drop(task);
	}
	/* Busy: os.exit() in a handler that runs while a call is out. */
	if (queue->helper_started && busy)
		pthread_detach(queue->helper);
	else if (queue->helper_started)
		pthread_join(queue->helper, NULL);
}

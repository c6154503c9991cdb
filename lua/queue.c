/* SPDX-License-Identifier: MIT */
/*
 * queue.c: tasks on their way to the Lua thread, one queue a state.
 *
 * Any thread pushes; threads of libbinder's pool wait for their calls, and do
 * what blocks on behalf of the handler meanwhile, because the driver follows
 * threads to see that a call is nested.  The Lua thread takes: loop.c, job.c
 * and async.c serve while they wait.  strand.c runs what is taken.
 */
#include "queue.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "module.h"

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
	queue->jobs_tail = &queue->jobs;
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

int lb_queue_fd(lua_State *L)
{
	return lb_queue_of(L)->wake_fd;
}

int lb_queue_wait_ms(lua_State *L)
{
	return lb_timers_wait(lb_queue_of(L), -1);
}

bool lb_queue_busy(const struct lb_queue *queue)
{
	return queue->depth > 0;
}

/* ---- putting in --------------------------------------------------------------- */

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

void lb_queue_nudge_locked(struct lb_queue *queue)
{
	if (!queue->nudged) {
		queue->nudged = true;
		wake(queue);
	}
}

int lb_queue_append(struct lb_queue *queue, struct lb_task *task)
{
	if (queue->closed)
		return -ESHUTDOWN;
	task->next = NULL;
	*queue->tail = task;
	queue->tail = &task->next;
	lb_queue_nudge_locked(queue);
	return 0;
}

int lb_queue_push(struct lb_queue *queue, struct lb_task *task)
{
	int error;

	pthread_mutex_lock(&queue->lock);
	error = lb_queue_append(queue, task);
	pthread_mutex_unlock(&queue->lock);
	return error;
}

/* ---- taking out --------------------------------------------------------------- */

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

/* With the lock held; who leaves tasks in the queue has to nudge again.  True: somebody has
 * called lb_queue_nudge(). */
static bool clear_nudge(struct lb_queue *queue)
{
	const bool poked = atomic_exchange(&queue->poked, false);
	uint64_t count;
	ssize_t got;

	if (!queue->nudged && !poked)
		return false;
	got = read(queue->wake_fd, &count, sizeof(count));
	(void)got;
	queue->nudged = false;
	return poked;
}

/* Never throws. */
static void keep_books(lua_State *L, struct lb_task *task)
{
	if (lua_checkstack(L, LUA_MINSTACK)) {
		lua_pushcfunction(L, task->begin);
		lua_pushlightuserdata(L, task);
		if (lua_pcall(L, 1, 0, 0) != LUA_OK)
			lb_report_error(L);
	}
	task->drop(task);
}

static void run(lua_State *L, struct lb_queue *queue, struct lb_task *task)
{
	if (task->kind == LB_RELEASE)
		keep_books(L, task);
	else if (task->begin)
		lb_strand_start(L, queue, task);
	else
		lb_strand_resume(L, task);
}

enum lb_step lb_queue_step(lua_State *L, struct lb_queue *queue, int kinds, int timeout_ms,
			   const bool *done)
{
	const uint64_t until = timeout_ms > 0 ? lb_now() + (uint64_t)timeout_ms * 1000000 : 0;

	for (;;) {
		struct pollfd pfd = { .fd = queue->wake_fd, .events = POLLIN };
		struct lb_task *task = NULL;
		bool poked, over;
		int left = timeout_ms;

		lb_timers_run(queue);
		pthread_mutex_lock(&queue->lock);
		poked = clear_nudge(queue);
		over = done && *done;
		if (!over)
			task = take(queue, kinds);
		/* What is left is for another round, or for who watches the descriptor. */
		if (queue->head && (over || kinds == LB_ALL))
			lb_queue_nudge_locked(queue);
		pthread_mutex_unlock(&queue->lock);
		if (task)
			run(L, queue, task);
		if (task || over)
			return LB_SERVED;
		if (poked || atomic_load(&queue->interrupted))
			return LB_SIGNALLED;
		if (timeout_ms > 0) {
			const uint64_t now = lb_now();

			left = now >= until ? 0 : (int)((until - now + 999999) / 1000000);
		}
		if (left == 0)
			return LB_IDLE;
		if (poll(&pfd, 1, lb_timers_wait(queue, left)) < 0)
			return LB_SIGNALLED;
	}
}

enum lb_step lb_queue_wait(lua_State *L, struct lb_queue *queue, int kinds, int timeout_ms)
{
	int left = timeout_ms;

	for (;;) {
		const int look = left < 0 || left > LB_LOOK_MS ? LB_LOOK_MS : left;
		const enum lb_step step = lb_queue_step(L, queue, kinds, look, NULL);

		if (step == LB_SERVED || (step == LB_IDLE && look == left))
			return step;
		if (!lb_check_interrupt(L))
			return LB_INTERRUPTED;
		if (step == LB_SIGNALLED)
			return step;
		if (left > 0)
			left -= look;
	}
}

void lb_queue_release(lua_State *L)
{
	struct lb_queue *queue = lb_queue_of(L);
	struct lb_task *task;

	do {
		pthread_mutex_lock(&queue->lock);
		task = take(queue, LB_RELEASE);
		pthread_mutex_unlock(&queue->lock);
		if (task)
			keep_books(L, task);
	} while (task);
}

/* ---- calls ---------------------------------------------------------------------- */

int lb_queue_call(struct lb_queue *queue, struct lb_call *call)
{
	lua_State *here = lb_job_here(queue);
	int error;

	call->task.kind = LB_CALL;
	call->direct = here != NULL;
	if (call->direct) {
		lb_strand_start(here, queue, &call->task);
		return 0;
	}
	pthread_cond_init(&call->wake, NULL);
	pthread_mutex_lock(&queue->lock);
	error = lb_queue_append(queue, &call->task);
	while (!error && !call->done) {
		struct lb_job *errand = call->errand;

		if (!errand) {
			pthread_cond_wait(&call->wake, &queue->lock);
			continue;
		}
		call->errand = NULL;
		pthread_mutex_unlock(&queue->lock);
		lb_job_run(errand);
		pthread_mutex_lock(&queue->lock);
	}
	/* Given out, but its handler has ended without it. */
	if (call->errand)
		lb_job_put(call->errand);
	pthread_mutex_unlock(&queue->lock);
	pthread_cond_destroy(&call->wake);
	return error;
}

/* ---- the state's end ------------------------------------------------------------ */

void lb_queue_close(struct lb_queue *queue)
{
	struct lb_task *task, *next;

	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	for (struct lb_task **link = &queue->head; *link;) {
		struct lb_task *waiting = *link;

		/* Resumptions go with their strands. */
		if (waiting->drop) {
			link = &waiting->next;
			continue;
		}
		*link = waiting->next;
		if (waiting->begin) {
			struct lb_call *call = LB_CONTAINER(waiting, struct lb_call, task);

			call->done = true;
			pthread_cond_signal(&call->wake);
		}
	}
	/* os.exit() in a handler: its caller waits too. */
	lb_strand_end_all(queue);
	task = queue->head;
	queue->head = NULL;
	queue->tail = &queue->head;
	pthread_mutex_unlock(&queue->lock);
	for (; task; task = next) {
		next = task->next;
		task->drop(task);
	}
	lb_worker_end_all(queue);
}

/* SPDX-License-Identifier: MIT */
/*
 * thread.c: one thread's side of one connection, and its talk with the driver.
 *
 * Called by all that sends commands; hands on to stream.c and driver.c.
 */
#include "thread.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/binder.h"
#include "base/counts.h"
#include "driver/deadline.h"
#include "driver.h"
#include "interrupt.h"

/* Beyond this much receive buffer to give back, a busy thread does not wait either. */
#define UNSENT_BUFFERS_MAX 16384

static __thread struct thread *threads;
/* The state for the first connection, so that no want of memory keeps a thread from giving back
 * what it holds. */
static __thread struct thread first;
static __thread struct serving *serving;
static pthread_key_t exit_key;

void (*thread_reply_sent)(struct thread *t);
void (*thread_reply_free)(struct thread *t);

static void remove_waker(struct thread *t)
{
	struct thread **p = &t->conn->wakers;

	if (t->wake < 0 || connection_is_foreign(t->conn))
		return;
	pthread_mutex_lock(&t->conn->lock);
	while (*p != t)
		p = &(*p)->next_waker;
	*p = t->next_waker;
	pthread_mutex_unlock(&t->conn->lock);
	close(t->wake);
}

static void thread_free(struct thread *t)
{
	remove_waker(t);
	thread_run_releases(t);
	thread_leave(t);
	if (thread_reply_free)
		thread_reply_free(t);
	stream_out_free(&t->out);
	connection_unref(t->conn);
	t->conn = NULL;
	if (t != &first)
		free(t);
	COUNT_DOWN(threads);
}

static void thread_exits(void *unused)
{
	while (threads) {
		struct thread *t = threads;

		threads = t->next;
		thread_free(t);
	}
}

/*
 * At load, so that it comes before driver/client's: a thread's last words still
 * find its channel.
 */
__attribute__((constructor)) static void make_exit_key(void)
{
	pthread_key_create(&exit_key, thread_exits);
}

/* States for connections that are closed only hold memory. */
static void forget_closed(void)
{
	struct thread **p = &threads;

	while (*p) {
		struct thread *t = *p;

		if (!t->depth && !t->looper && !connection_is_foreign(t->conn) &&
		    atomic_load(&t->conn->closed)) {
			*p = t->next;
			thread_free(t);
		} else {
			p = &t->next;
		}
	}
}

struct thread *thread_get(ABinderConnection *conn)
{
	struct thread *t;

	for (t = threads; t; t = t->next)
		if (t->conn == conn)
			return t;
	forget_closed();
	if (!first.conn)
		t = memset(&first, 0, sizeof(first));
	else
		t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	stream_out_init(&t->out);
	t->wake = -1;
	t->conn = connection_ref(conn);
	t->next = threads;
	threads = t;
	pthread_setspecific(exit_key, &threads);
	COUNT_UP(threads);
	return t;
}

struct serving *thread_serving(void)
{
	return serving;
}

void thread_set_serving(struct serving *s)
{
	serving = s;
}

static int failed(struct thread *t, int r)
{
	switch (r) {
	case -ENOMEM:
	case -EAGAIN:
	case -ECHILD:
	case -ESHUTDOWN:
	case -EINVAL:
	case -EFAULT:
	case -EINTR:
		break;
	case -ETIMEDOUT:
		atomic_store_explicit(&t->conn->hung, true, memory_order_release);
		/* fallthrough */
	default:
		atomic_store_explicit(&t->conn->broken, true, memory_order_release);
		break;
	}
	return r;
}

uint64_t thread_deadline(const struct thread *t)
{
	if (t->deadline || t->looper)
		return t->deadline;
	return atomic_load_explicit(&t->conn->deadline, memory_order_relaxed);
}

bool thread_interrupted(const struct thread *t)
{
	return !t->looper && !t->depth && interrupt_wanted();
}

static int exchange(struct thread *t, enum talk talk, uint64_t deadline)
{
	struct binder_write_read bwr = {
		.write_size = t->out.size,
		.write_buffer = (uintptr_t)t->out.data,
	};
	int r;

	if (talk != TALK_WRITE && stream_in_empty(&t->in)) {
		t->in.pos = t->in.end = 0;
		bwr.read_size = sizeof(t->in.data);
		bwr.read_buffer = (uintptr_t)t->in.data;
	}
	if (!bwr.write_size && !bwr.read_size)
		return 0;
	r = connection_use(t->conn);
	if (r)
		return r;
	do
		r = driver_write_read(t->conn->driver, &bwr, talk == TALK_READ_MORE, deadline);
	while (r == -EINTR && !deadline_over(deadline) &&
	       !atomic_load_explicit(&t->conn->closed, memory_order_acquire) &&
	       !(talk != TALK_WRITE && thread_interrupted(t)));
	connection_unuse(t->conn);

	/* A command that the driver cannot stand would be refused for ever. */
	stream_out_consume(&t->out,
			   r == -EINVAL || r == -EFAULT ? t->out.size : bwr.write_consumed);
	if (!t->out.size) {
		t->unsent_buffers = 0;
		if (t->reply)
			thread_reply_sent(t);
	}
	if (bwr.read_consumed > sizeof(t->in.data))
		return failed(t, -EPROTO);
	if (bwr.read_size)
		t->in.end = bwr.read_consumed;
	if (r == -EINTR && deadline_over(deadline))
		return -ETIMEDOUT;
	return r < 0 ? failed(t, r) : 0;
}

int thread_make_waker(struct thread *t)
{
	if (t->conn->daemon || t->wake >= 0)
		return 0;
	t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->wake < 0)
		return -ENOMEM;
	pthread_mutex_lock(&t->conn->lock);
	t->next_waker = t->conn->wakers;
	t->conn->wakers = t;
	pthread_mutex_unlock(&t->conn->lock);
	return 0;
}

void thread_wake_all(ABinderConnection *conn)
{
	pthread_mutex_lock(&conn->lock);
	conn->wakes++;
	pthread_cond_broadcast(&conn->changed);
	for (struct thread *t = conn->wakers; t; t = t->next_waker)
		eventfd_write(t->wake, 1);
	pthread_mutex_unlock(&conn->lock);
	driver_flush(conn->driver);
}

/* Until there is something to read: 0, -ETIMEDOUT, -EINTR: thread_interrupted(). */
static int wait_readable(struct thread *t, uint64_t deadline)
{
	for (;;) {
		int left = deadline_left(deadline), r;

		if (thread_interrupted(t))
			return -EINTR;
		r = thread_poll(t, left);
		if (r > 0)
			return r & POLLIN ? 0 : -ESHUTDOWN;
		if (r < 0 && r != -EINTR)
			return r;
		if (r == 0 && left == 0)
			return -ETIMEDOUT;
	}
}

int thread_talk(struct thread *t, enum talk talk, uint64_t deadline)
{
	bool waits = talk == TALK_READ || talk == TALK_READ_MORE;
	int r = 0;

	if (waits && deadline && !t->conn->daemon && stream_in_empty(&t->in)) {
		r = thread_make_waker(t);
		if (!r)
			r = exchange(t, TALK_WRITE, deadline);
		if (!r)
			r = wait_readable(t, deadline);
	}
	return r ? r : exchange(t, talk, deadline);
}

int thread_flush(struct thread *t)
{
	return t->out.size ? exchange(t, TALK_WRITE, thread_deadline(t)) : 0;
}

void thread_reserve(struct thread *t)
{
	if (stream_reserve(&t->out))
		thread_flush(t);
}

void thread_flush_if_idle(struct thread *t)
{
	if (!t->looper || t->unsent_buffers > UNSENT_BUFFERS_MAX)
		thread_flush(t);
}

void thread_leave(struct thread *t)
{
	if (connection_use(t->conn))
		return;
	thread_flush(t);
	driver_ioctl(t->conn->driver, BINDER_THREAD_EXIT, NULL, thread_deadline(t));
	connection_unuse(t->conn);
	t->in.pos = t->in.end = 0;
}

int thread_ioctl(struct thread *t, unsigned long cmd, void *arg)
{
	uint64_t deadline = thread_deadline(t);
	int r = connection_use(t->conn);

	if (r)
		return r;
	do
		r = driver_ioctl(t->conn->driver, cmd, arg, deadline);
	while (r == -EINTR && !deadline_over(deadline));
	connection_unuse(t->conn);
	return r == -ETIMEDOUT || r == -ENODEV ? failed(t, r) : r;
}

int thread_poll(struct thread *t, int timeout_ms)
{
	int r = connection_use(t->conn);

	if (r)
		return r;
	r = driver_poll(t->conn->driver, timeout_ms, t->wake, thread_deadline(t));
	connection_unuse(t->conn);
	return r == -ETIMEDOUT || r == -ENODEV ? failed(t, r) : r;
}

/* Several may be deferred at a time, by several threads: the first one's carries out all. */
void thread_defer_release(struct thread *t, AIBinder *binder)
{
	if (atomic_fetch_add(&binder->releases, 1) > 0)
		return;
	binder->next_release = t->releases;
	t->releases = binder;
}

void thread_run_releases(struct thread *t)
{
	AIBinder *binder;

	while ((binder = t->releases)) {
		unsigned int count;

		t->releases = binder->next_release;
		count = atomic_exchange(&binder->releases, 0);
		while (count--)
			AIBinder_decStrong(binder);
	}
}

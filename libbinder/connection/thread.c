/* SPDX-License-Identifier: MIT */
/*
 * thread.c: one thread's side of one connection, and its talk with the driver.
 *
 * Called by all that sends commands; hands on to stream.c and driver.c.
 */
#include "thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/binder.h"
#include "base/counts.h"
#include "base/deadline.h"
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

static void thread_free(struct thread *t)
{
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

int thread_talk(struct thread *t, enum talk talk)
{
	uint64_t deadline = thread_deadline(t);
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
	driver_set_deadline(deadline);
	do
		r = driver_write_read(t->conn->driver, &bwr, talk == TALK_READ_MORE);
	while (r == -EINTR && !deadline_over(deadline) &&
	       !atomic_load_explicit(&t->conn->closed, memory_order_acquire) &&
	       !(talk != TALK_WRITE && thread_interrupted(t)));
	driver_set_deadline(0);
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

int thread_flush(struct thread *t)
{
	return t->out.size ? thread_talk(t, TALK_WRITE) : 0;
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
	driver_set_deadline(thread_deadline(t));
	driver_ioctl(t->conn->driver, BINDER_THREAD_EXIT, NULL);
	driver_set_deadline(0);
	connection_unuse(t->conn);
	t->in.pos = t->in.end = 0;
}

int thread_ioctl(struct thread *t, unsigned long cmd, void *arg)
{
	uint64_t deadline = thread_deadline(t);
	int r = connection_use(t->conn);

	if (r)
		return r;
	driver_set_deadline(deadline);
	do
		r = driver_ioctl(t->conn->driver, cmd, arg);
	while (r == -EINTR && !deadline_over(deadline));
	driver_set_deadline(0);
	connection_unuse(t->conn);
	return r == -ETIMEDOUT || r == -ENODEV ? failed(t, r) : r;
}

int thread_poll(struct thread *t, int timeout_ms)
{
	int r = connection_use(t->conn);

	if (r)
		return r;
	driver_set_deadline(thread_deadline(t));
	r = driver_poll(t->conn->driver, timeout_ms);
	driver_set_deadline(0);
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

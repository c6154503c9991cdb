/* SPDX-License-Identifier: MIT */
/*
 * looper.c: the threads that serve a connection's calls.
 *
 * Called by the NDK face; hands each command on to serve.c.
 */
#include "looper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "death.h"
#include "base/error.h"
#include "serve.h"

static bool is_over(ABinderConnection *conn)
{
	return atomic_load_explicit(&conn->closed, memory_order_acquire) ||
	       atomic_load_explicit(&conn->broken, memory_order_acquire);
}

/* Serves what the last read brought. */
static void serve_all(struct thread *t)
{
	struct stream_command command;

	while (stream_next(&t->in, &command) > 0)
		serve_command(t, &command);
	if (!t->depth)
		thread_run_releases(t);
}

static void loop(struct thread *t, uint32_t how)
{
	ABinderConnection *conn = t->conn;
	int r = stream_put(&t->out, how, NULL);

	while (!r && !is_over(conn)) {
		r = thread_talk(t, TALK_READ_MORE, 0);
		if (r == -ENOMEM) {
			usleep(1000);
			r = 0;
		}
		serve_all(t);
	}
	if (!is_over(conn)) {
		stream_put(&t->out, BC_EXIT_LOOPER, NULL);
		thread_flush(t);
	}
	/* With the driver, everybody else has gone too. */
	if (atomic_load(&conn->broken) && !atomic_load(&conn->closed))
		death_deliver_all(conn);
}

static void serve_as(ABinderConnection *conn, uint32_t how)
{
	struct thread *t;

	/* It is needed: a service that nobody serves hangs its callers for ever. */
	while (!(t = thread_get(conn)) && !is_over(conn))
		usleep(1000);
	if (!t || t->looper || connection_is_foreign(conn))
		return;
	t->looper = true;
	atomic_fetch_add(&conn->loopers, 1);
	loop(t, how);
	t->looper = false;
	pthread_mutex_lock(&conn->lock);
	atomic_fetch_sub(&conn->loopers, 1);
	pthread_cond_broadcast(&conn->changed);
	pthread_mutex_unlock(&conn->lock);
}

void looper_join(ABinderConnection *conn)
{
	connection_ref(conn);
	serve_as(conn, BC_ENTER_LOOPER);
	connection_unref(conn);
}

/* ---- the pool ------------------------------------------------------------ */

static void serve_in_pool(ABinderConnection *conn, uint32_t how)
{
	char name[16];

	pthread_mutex_lock(&conn->lock);
	snprintf(name, sizeof(name), "binder:%u", ++conn->pool_serial);
	pthread_mutex_unlock(&conn->lock);
	pthread_setname_np(pthread_self(), name);
	serve_as(conn, how);
	pthread_mutex_lock(&conn->lock);
	conn->pool_threads--;
	pthread_cond_broadcast(&conn->changed);
	pthread_mutex_unlock(&conn->lock);
	connection_unref(conn);
}

static void *first_thread(void *conn)
{
	serve_in_pool(conn, BC_ENTER_LOOPER);
	return NULL;
}

static void *further_thread(void *conn)
{
	serve_in_pool(conn, BC_REGISTER_LOOPER);
	return NULL;
}

/* connection.lock is held. */
static int add_thread(ABinderConnection *conn, void *(*run)(void *conn))
{
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t thread;
	int r;

	connection_ref(conn);
	conn->pool_threads++;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* A program's signals are for threads of its own. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&thread, &attr, run, conn);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	if (r) {
		conn->pool_threads--;
		connection_unref(conn);
		return -r;
	}
	return 0;
}

static void spawn(ABinderConnection *conn)
{
	pthread_mutex_lock(&conn->lock);
	if (!is_over(conn))
		add_thread(conn, further_thread);
	pthread_mutex_unlock(&conn->lock);
}

binder_status_t looper_set_max_threads(ABinderConnection *conn, uint32_t more)
{
	struct thread *t = thread_get(conn);
	binder_status_t status = connection_check(conn);
	int r;

	if (status)
		return status;
	r = t ? thread_ioctl(t, BINDER_SET_MAX_THREADS, &more) : -ENOMEM;
	if (r < 0)
		return error_say(error_status(r), "the number of threads cannot be set");
	pthread_mutex_lock(&conn->lock);
	conn->max_threads = more;
	conn->max_threads_set = true;
	pthread_mutex_unlock(&conn->lock);
	return STATUS_OK;
}

binder_status_t looper_start_pool(ABinderConnection *conn)
{
	binder_status_t status = connection_check(conn);
	bool set;
	int r = 0;

	if (status)
		return status;
	pthread_mutex_lock(&conn->lock);
	set = conn->max_threads_set || conn->pool_started;
	pthread_mutex_unlock(&conn->lock);
	if (!set)
		status = looper_set_max_threads(conn, conn->max_threads);
	if (status)
		return status;
	pthread_mutex_lock(&conn->lock);
	if (!conn->pool_started) {
		conn->spawn = spawn;
		r = add_thread(conn, first_thread);
		conn->pool_started = r == 0;
	}
	pthread_mutex_unlock(&conn->lock);
	return r ? error_say(error_status(r), "no thread can be started") : STATUS_OK;
}

void looper_wait_pool(ABinderConnection *conn)
{
	if (connection_is_foreign(conn))
		return;
	for (struct serving *s = thread_serving(); s; s = s->outer)
		if (s->conn == conn)
			return;
	pthread_mutex_lock(&conn->lock);
	while (conn->pool_threads)
		pthread_cond_wait(&conn->changed, &conn->lock);
	pthread_mutex_unlock(&conn->lock);
}

/* ---- serving now and then ------------------------------------------------ */

int looper_enter(struct thread *t)
{
	int r = t->entered ? 0 : stream_put(&t->out, BC_ENTER_LOOPER, NULL);

	t->entered |= r == 0;
	return r;
}

int looper_handle_one(struct thread *t, uint64_t deadline)
{
	int r;

	if (is_over(t->conn))
		return -ESHUTDOWN;
	r = thread_talk(t, TALK_READ, deadline);
	serve_all(t);
	thread_flush(t);
	return r;
}

int looper_handle(struct thread *t)
{
	int r = 0;

	while (!r) {
		if (is_over(t->conn))
			return -ESHUTDOWN;
		thread_flush(t);
		r = thread_poll(t, 0);
		if (r == 0 || r == -EINTR)
			return 0;
		if (r > 0)
			r = r & POLLIN ? looper_handle_one(t, thread_deadline(t)) : -ESHUTDOWN;
	}
	return r;
}

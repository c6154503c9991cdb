/* SPDX-License-Identifier: MIT */
/*
 * await.c: a wait that ends with a call to this process.
 *
 * Called by manager/watch.c and shell_command.c; hands on to looper.c.
 */
#include "await.h"

#include <errno.h>

#include "connection/interrupt.h"
#include "driver/deadline.h"
#include "looper.h"

void await_end(struct await *await)
{
	bool serving;

	pthread_mutex_lock(&await->conn->lock);
	await->done = true;
	serving = await->serving;
	pthread_cond_broadcast(&await->conn->changed);
	pthread_mutex_unlock(&await->conn->lock);
	if (serving)
		thread_wake_all(await->conn);
}

static bool is_over(ABinderConnection *conn)
{
	return atomic_load(&conn->closed) || atomic_load(&conn->broken);
}

/* connection.lock is held.  Also by threads of a pool that have yet to take their first breath. */
static bool is_served_locked(const ABinderConnection *conn)
{
	return conn->pool_threads || atomic_load(&conn->loopers);
}

static bool is_served(ABinderConnection *conn)
{
	bool served;

	pthread_mutex_lock(&conn->lock);
	served = is_served_locked(conn);
	pthread_mutex_unlock(&conn->lock);
	return served;
}

/*
 * Threads of a pool run the call, as long as there are any.  wakes: as it was when nobody
 * wanted to interrupt the wait yet.
 */
static void wait_for_pool(const struct await *await, unsigned int wakes, uint64_t deadline)
{
	const struct timespec ts = { (time_t)(deadline / 1000000000),
				     (long)(deadline % 1000000000) };
	ABinderConnection *conn = await->conn;
	int r = 0;

	pthread_mutex_lock(&conn->lock);
	while (!r && !await->done && conn->wakes == wakes && is_served_locked(conn) &&
	       !is_over(conn))
		r = deadline ? pthread_cond_clockwait(&conn->changed, &conn->lock, CLOCK_MONOTONIC,
						      &ts) :
			       pthread_cond_wait(&conn->changed, &conn->lock);
	pthread_mutex_unlock(&conn->lock);
}

/*
 * Nobody serves, so this thread does.  The kernel's driver in Rust gives calls to loopers
 * alone: a thread that has not entered is never woken for one.
 */
static int wait_by_serving(struct thread *t, uint64_t deadline)
{
	uint64_t outer = t->deadline;
	int r;

	r = looper_enter(t);
	if (r)
		return r;
	t->deadline = deadline;
	r = looper_handle_one(t, deadline);
	t->deadline = outer;
	return r;
}

int await_served(struct await *await, uint64_t deadline)
{
	ABinderConnection *conn = await->conn;
	struct thread *t = thread_get(conn);
	int r = t ? thread_make_waker(t) : -ENOMEM;

	for (;;) {
		unsigned int wakes;
		bool done;

		pthread_mutex_lock(&conn->lock);
		done = await->done;
		await->serving = !is_served_locked(conn);
		wakes = conn->wakes;
		pthread_mutex_unlock(&conn->lock);
		if (done)
			return 0;
		if (r)
			return r;
		if (is_over(conn))
			r = -ESHUTDOWN;
		else if (interrupt_wanted())
			r = -EINTR;
		else if (deadline_over(deadline))
			r = -ETIMEDOUT;
		else if (await->serving)
			r = wait_by_serving(t, deadline);
		else
			wait_for_pool(await, wakes, deadline);
	}
}

void await_settle(ABinderConnection *conn)
{
	if (!is_served(conn) && !is_over(conn) && thread_get(conn))
		looper_handle(thread_get(conn));
}

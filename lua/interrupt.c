/* SPDX-License-Identifier: MIT */
/*
 * interrupt.c: ending what the script waits for, at Ctrl-C.
 *
 * A signal handler can do next to nothing, and a signal that comes just before
 * a thread goes to sleep wakes nobody.  So the handler leaves word, wakes the
 * queue and posts a semaphore, and a thread of ours wakes whoever waits in
 * libbinder; they ask lb_check_interrupt().  lua(1) by itself sets a hook in its handler; that is
 * looked at as well.
 */
#include <semaphore.h>
#include <signal.h>

#include "module.h"
#include "queue.h"

static sem_t wanted;
static _Atomic(struct lb_queue *) target; /* a reference */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool started; /* lock */

static void *wait_for_signals(void *unused)
{
	for (;;) {
		if (sem_wait(&wanted))
			continue;
		ABinderConnection_wakeWaiting(NULL);
	}
	return NULL;
}

static bool start(void)
{
	sigset_t all, before;
	pthread_t thread;
	int error;

	if (started)
		return true;
	sem_init(&wanted, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, wait_for_signals, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!error)
		pthread_detach(thread);
	started = error == 0;
	return started;
}

bool lb_interrupt_enable(lua_State *L, bool stays)
{
	struct lb_queue *queue = lb_queue_of(L), *before = NULL;
	bool good;

	queue->stays_interrupted = stays;
	pthread_mutex_lock(&lock);
	good = start();
	if (good)
		before = atomic_exchange(&target, lb_queue_get(queue));
	pthread_mutex_unlock(&lock);
	lb_queue_put(before);
	return good;
}

void lb_interrupt(void)
{
	struct lb_queue *queue = atomic_load(&target);

	if (!queue)
		return;
	atomic_store(&queue->interrupted, true);
	lb_queue_nudge(queue);
	sem_post(&wanted);
}

void lb_interrupt_clear(lua_State *L)
{
	atomic_store(&lb_queue_of(L)->interrupted, false);
}

static int nothing(lua_State *L)
{
	return 0;
}

static int interrupted(lua_State *L)
{
	return luaL_error(L, "interrupted");
}

bool lb_check_interrupt(lua_State *L)
{
	struct lb_queue *queue = lb_queue_of(L);
	const bool wants = queue->stays_interrupted ? atomic_load(&queue->interrupted) :
						      atomic_exchange(&queue->interrupted, false);

	if (!wants && !lua_gethook(L))
		return true;
	if (!lua_checkstack(L, LUA_MINSTACK))
		return true;
	/* A call is enough for a hook to be called. */
	lua_pushcfunction(L, wants ? interrupted : nothing);
	return lua_pcall(L, 0, 0, 0) == LUA_OK;
}

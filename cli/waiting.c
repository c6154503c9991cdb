/* SPDX-License-Identifier: MIT */
/*
 * waiting.c: says on standard error what a verb waits for.
 *
 * A thread sleeps beside the verb.  After 2 seconds it opens the device once more and
 * reads who has a call of this process.  One message, then the thread ends.
 */
#include "cli/waiting.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/errors.h"
#include "cli/peer.h"
#include "cli/session.h"

#define QUIET_MS 2000
/* What a driver that lives needs to answer. */
#define LOOK_MS 300
#define LIMIT_HINT "--timeout SECONDS sets a limit; Ctrl-C ends it"

static struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	const struct arguments *arguments;
	char *device;   /* what the verb opens; NULL: libbinder's search */
	long long from; /* session_now() of the last sign of life */
	bool begun;
	bool ended;
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- words --------------------------------------------------------------------------- */

/* Hidden verbs answer programs; `wait` waits for a name, as it was told to. */
static bool is_silent(const struct arguments *arguments)
{
	return !arguments->verb || arguments->verb->hidden;
}

static const char *what_for(uint32_t code)
{
	switch (code) {
	case SESSION_CODE('_', 'N', 'T', 'F'):
	case SESSION_CODE(0x0f, 'D', 'S', 'C'):
		return "to say which interface it has";
	case SESSION_CODE('_', 'P', 'N', 'G'):
	case SESSION_CODE(0x0f, 'P', 'N', 'G'):
		return "to answer a ping";
	case SESSION_CODE('_', 'D', 'M', 'P'):
	case SESSION_CODE(0x0f, 'D', 'B', 'G'):
		return "to end its dump";
	default:
		return "to answer";
	}
}

static void say_driver(const struct arguments *arguments)
{
	fail(arguments, EXIT_OK, "binderctl doctor", "still waiting for the Binder driver: %s",
	     ABinder_lastError());
}

/* A kernel shows its transactions to few. */
static void say_somebody(const struct arguments *arguments)
{
	if (arguments->argc)
		fail(arguments, EXIT_OK, LIMIT_HINT, "still waiting for %s to answer",
		     arguments->argv[0]);
	else
		fail(arguments, EXIT_OK, LIMIT_HINT, "still waiting for an answer");
}

static void say_peer(const struct arguments *arguments, const struct peer *peer)
{
	bool stopped = peer_is_stopped(peer->pid);
	char hint[64] = LIMIT_HINT;

	if (stopped)
		snprintf(hint, sizeof(hint), "kill -CONT %d", (int)peer->pid);
	fail(arguments, EXIT_OK, hint, "still waiting for process %d%s%s%s %s%s", (int)peer->pid,
	     *peer->program ? " (" : "", peer->program, *peer->program ? ")" : "",
	     what_for(peer->code), stopped ? "; it is stopped" : "");
}

/* ---- looking ------------------------------------------------------------------------- */

/* Whoever waits for a name was told to; it is silent unless somebody owes an answer. */
static bool waits_for_name(const struct arguments *arguments)
{
	return arguments->verb->failure == FAILURE_OF_WAIT || option_value(arguments, "wait");
}

/* false: there is nothing to say yet. */
static bool look(const struct arguments *arguments, const char *device)
{
	ABinderConnection *connection = NULL;
	struct peer peer = { 0 };
	binder_status_t status = ABinderConnection_openWithin(device, LOOK_MS, &connection);
	int owes = status == STATUS_OK ? peer_that_owes(connection, &peer) : 0;
	bool hidden = owes < 0 && !waits_for_name(arguments);
	bool says = status == STATUS_TIMED_OUT || owes > 0 || hidden;

	pthread_mutex_lock(&waiting.lock);
	if (waiting.ended)
		says = true;
	else if (status == STATUS_TIMED_OUT)
		say_driver(arguments);
	else if (owes > 0)
		say_peer(arguments, &peer);
	else if (hidden)
		say_somebody(arguments);
	pthread_mutex_unlock(&waiting.lock);
	ABinderConnection_close(connection);
	return says;
}

/* The lock is held.  false: the verb has ended. */
static bool await_silence(void)
{
	while (!waiting.ended && session_now() < waiting.from + QUIET_MS) {
		long long until = waiting.from + QUIET_MS;
		struct timespec moment = { .tv_sec = until / 1000,
					   .tv_nsec = until % 1000 * 1000000 };

		pthread_cond_timedwait(&waiting.changed, &waiting.lock, &moment);
	}
	return !waiting.ended;
}

static void *watch(void *cookie)
{
	bool said = false;

	pthread_mutex_lock(&waiting.lock);
	while (!said && await_silence()) {
		pthread_mutex_unlock(&waiting.lock);
		said = look(waiting.arguments, waiting.device);
		pthread_mutex_lock(&waiting.lock);
		waiting.from = session_now();
	}
	pthread_mutex_unlock(&waiting.lock);
	return NULL;
}

/* ---- beginning and ending ------------------------------------------------------------ */

static void clean(void)
{
	pthread_cond_destroy(&waiting.changed);
	free(waiting.device);
	waiting.device = NULL;
}

static bool start_thread(void)
{
	sigset_t all, before;
	pthread_condattr_t attributes;
	int r;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&waiting.changed, &attributes);
	pthread_condattr_destroy(&attributes);
	/* Signals are for the verb's own threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&waiting.thread, NULL, watch, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r == 0;
}

void waiting_begin(const struct arguments *arguments)
{
	if (waiting.begun || is_silent(arguments))
		return;
	waiting.arguments = arguments;
	waiting.device = arguments->device ? strdup(arguments->device) : NULL;
	if (arguments->device && !waiting.device)
		return;
	waiting.from = session_now();
	waiting.ended = false;
	waiting.begun = start_thread();
	if (!waiting.begun)
		clean();
}

void waiting_again(void)
{
	if (!waiting.begun)
		return;
	pthread_mutex_lock(&waiting.lock);
	waiting.from = session_now();
	pthread_mutex_unlock(&waiting.lock);
}

void waiting_end(void)
{
	if (!waiting.begun)
		return;
	pthread_mutex_lock(&waiting.lock);
	waiting.ended = true;
	pthread_cond_broadcast(&waiting.changed);
	pthread_mutex_unlock(&waiting.lock);
	pthread_join(waiting.thread, NULL);
	clean();
	waiting.begun = false;
}

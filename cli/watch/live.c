/* SPDX-License-Identifier: MIT */
/*
 * live.c: a watch of the session's device, whose events become conversations.
 *
 * Called by the verbs that watch.
 */
#include "cli/watch/live.h"

#include <signal.h>

#include "cli/errors.h"
#include "cli/interface.h"

#define MOST_SNAP (1 << 20)

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = 1;
}

/* poll() returns at once; a second Ctrl-C ends the program in any case. */
void live_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool live_interrupted(void)
{
	return interrupted;
}

int live_filter(const struct arguments *arguments, size_t snap, ABinderWatchFilter *filter)
{
	long long pid = 0, uid = -1, size = (long long)snap;
	int result = option_number(arguments, "pid", INT32_MAX, &pid);

	if (result == EXIT_OK)
		result = option_number(arguments, "uid", UINT32_MAX, &uid);
	if (result == EXIT_OK)
		result = option_number(arguments, "size", MOST_SNAP, &size);
	if (result != EXIT_OK)
		return result;
	*filter = (ABinderWatchFilter){
		.ring_size = LIVE_RING,
		.snap = (size_t)size,
		.kinds = LIVE_KINDS,
		.not_self = true,
		.by_uid = uid >= 0,
		.uid = (uid_t)uid,
		.pid = (pid_t)pid,
	};
	return EXIT_OK;
}

int live_open(struct live *live, struct session *session, const ABinderWatchFilter *filter)
{
	const struct arguments *arguments = session->arguments;
	int result;

	*live = (struct live){ .session = session };
	result = session_open(session, &live->connection);
	if (result == EXIT_OK)
		result = interface_library(arguments, live->connection, &live->words.library);
	if (result != EXIT_OK)
		return result;
	if (ABinderWatch_open(live->connection, filter, &live->watch) != STATUS_OK)
		return fail(
			arguments, EXIT_OTHER,
			"binderctl log and binderctl transactions show something on every driver",
			"%s", ABinder_lastError());
	live->conversations = conversations_new();
	live->words.names =
		names_new(ABinderConnection_getDevice(live->connection), NULL, live->connection);
	if (!live->conversations || !live->words.names)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	live->words.connection = live->connection;
	live->words.realtime_ns = ABinderWatch_getRealtimeOffset(live->watch);
	session_take_time(session, live->connection);
	names_learn(live->words.names);
	return EXIT_OK;
}

int live_drain(struct live *live, conversation_fn *ended, void *cookie, const bool *enough)
{
	const struct arguments *arguments = live->session->arguments;
	const ABinderEvent *event;

	while (!*enough) {
		if (ABinderWatch_next(live->watch, &event) != STATUS_OK)
			return fail(arguments, EXIT_OTHER, NULL, "%s", ABinder_lastError());
		if (!event)
			break;
		if (event->kind == ABINDER_EVENT_SENT)
			names_note_program(live->words.names, event->from_pid, event->from_program);
		if (!conversations_take(live->conversations, event, ended, cookie))
			return fail(arguments, EXIT_OTHER, NULL, "out of memory");
		if (event->kind == ABINDER_EVENT_DIED)
			names_forget(live->words.names, event->from_pid);
	}
	return EXIT_OK;
}

int live_wait(struct live *live, int timeout_ms, conversation_fn *ended, void *cookie,
	      const bool *enough)
{
	binder_status_t status = ABinderWatch_wait(live->watch, timeout_ms);
	int result = live_drain(live, ended, cookie, enough);

	if (result == EXIT_OK && status == STATUS_DEAD_OBJECT)
		result = fail(live->session->arguments, EXIT_NO_DRIVER,
			      "binderctl up, or binderctl doctor", "%s",
			      "the driver is gone: binderd has ended");
	return result;
}

void live_close(struct live *live)
{
	ABinderWatch_close(live->watch);
	conversations_free(live->conversations);
	names_free(live->words.names);
	aidl_library_free(live->words.library);
	if (live->session)
		session_close(live->session, live->connection);
}

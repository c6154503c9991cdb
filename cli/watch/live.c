/* SPDX-License-Identifier: MIT */
/*
 * live.c: the events of the session's device, or of a file, which become conversations.
 *
 * Called by the verbs that watch.
 */
#include "cli/watch/live.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/watch/known.h"

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

static int out_of_memory(const struct live *live)
{
	return fail(live->session->arguments, EXIT_OTHER, NULL, "out of memory");
}

static int open_reader(struct live *live, const ABinderWatchFilter *filter)
{
	ABinderWatch *watch;

	if (ABinderWatch_open(live->connection, filter, &watch) != STATUS_OK)
		return fail(
			live->session->arguments, EXIT_OTHER,
			"binderctl log and binderctl transactions show something on every driver",
			"%s", ABinder_lastError());
	live->reader = event_reader_live(watch);
	if (!live->reader)
		ABinderWatch_close(watch);
	return live->reader ? EXIT_OK : out_of_memory(live);
}

int live_open(struct live *live, struct session *session, const ABinderWatchFilter *filter)
{
	const struct arguments *arguments = session->arguments;
	int result;

	*live = (struct live){ .session = session };
	result = session_open(session, &live->connection);
	if (result == EXIT_OK)
		result = interface_library(arguments, live->connection, &live->words.library);
	if (result == EXIT_OK)
		result = open_reader(live, filter);
	if (result != EXIT_OK)
		return result;
	live->conversations = conversations_new();
	live->words.names =
		names_new(ABinderConnection_getDevice(live->connection), NULL, live->connection);
	if (!live->conversations || !live->words.names)
		return out_of_memory(live);
	live->words.connection = live->connection;
	live->words.realtime_ns = event_reader_realtime(live->reader);
	session_take_time(session, live->connection);
	names_learn(live->words.names);
	return EXIT_OK;
}

int live_open_file(struct live *live, struct session *session, const char *word)
{
	const struct arguments *arguments = session->arguments;
	const bool standard = !strcmp(word, "-");
	int result;

	*live = (struct live){ .session = session, .name = standard ? "standard input" : word };
	result = interface_library(arguments, NULL, &live->words.library);
	if (result != EXIT_OK)
		return result;
	live->file = standard ? stdin : fopen(word, "re");
	if (!live->file)
		return fail(arguments, EXIT_OTHER, NULL, "%s: %s", word, strerror(errno));
	live->reader = event_reader_file(live->file);
	live->conversations = conversations_new();
	live->words.names = names_new_offline();
	if (!live->reader || !live->conversations || !live->words.names)
		return out_of_memory(live);
	live->words.android = arguments->android ? arguments->android : getenv("BINDER_ANDROID");
	live->words.realtime_ns = event_reader_realtime(live->reader);
	return EXIT_OK;
}

int live_drain(struct live *live, conversation_fn *ended, void *cookie, const bool *enough)
{
	const struct arguments *arguments = live->session->arguments;
	const struct capture_event *event;

	while (!*enough) {
		switch (event_reader_next(live->reader, &event)) {
		case READER_EVENT:
			break;
		case READER_NONE:
			return EXIT_OK;
		case READER_END:
			live->ended = true;
			return EXIT_OK;
		case READER_FAILED:
			return fail(arguments, EXIT_OTHER, NULL, "%s%s%s",
				    live->name ? live->name : "", live->name ? ": " : "",
				    event_reader_error(live->reader));
		}
		event_note_names(event, live->words.names);
		if (!conversations_take(live->conversations, &event->event, ended, cookie))
			return out_of_memory(live);
		event_forget_names(event, live->words.names);
	}
	return EXIT_OK;
}

int live_wait(struct live *live, int timeout_ms, conversation_fn *ended, void *cookie,
	      const bool *enough)
{
	binder_status_t status = event_reader_wait(live->reader, timeout_ms);
	int result = live_drain(live, ended, cookie, enough);

	if (result == EXIT_OK && status == STATUS_DEAD_OBJECT)
		result = fail(live->session->arguments, EXIT_NO_DRIVER,
			      "binderctl up, or binderctl doctor", "%s",
			      "the driver is gone: binderd has ended");
	return result;
}

int live_show(const struct live *live, const struct conversation *call, FILE *out)
{
	const struct arguments *arguments = live->session->arguments;

	if (arguments->json) {
		json_t *json = call_to_json(&live->words, call);
		int failed = !json || json_dumpf(json, out, JSON_COMPACT);

		json_decref(json);
		if (failed)
			return fail(arguments, EXIT_OTHER, NULL, "cannot make JSON of a call");
	} else {
		call_print(&live->words, call, out);
	}
	putc('\n', out);
	return EXIT_OK;
}

void live_close(struct live *live)
{
	event_reader_close(live->reader);
	if (live->file && live->file != stdin)
		fclose(live->file);
	conversations_free(live->conversations);
	names_free(live->words.names);
	aidl_library_free(live->words.library);
	if (live->session)
		session_close(live->session, live->connection);
}

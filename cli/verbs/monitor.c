/* SPDX-License-Identifier: MIT */
/*
 * monitor.c: the verb that shows calls between processes as they happen.
 *
 * Events come from binder/watch.h, watch/conversation.c makes calls of them,
 * watch/call_words.c words.
 */
#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <binder/watch.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/interface.h"
#include "cli/session.h"
#include "cli/watch/call_words.h"

#define USUAL_SNAP 4096
#define MOST_SNAP (1 << 20)
#define RING_SIZE ((size_t)16 << 20)
/* How long a call may wait for its answer before it is shown without. */
#define PENDING_NS UINT64_C(1000000000)
#define LOOK_MS 250
/* Headers that stand before a status that is no exception. */
#define EX_HAS_NOTED_OPS (-127)

struct monitor {
	struct session *session;
	const struct arguments *arguments;
	ABinderConnection *connection;
	ABinderWatch *watch;
	struct conversations *conversations;
	struct call_words words;
	ABinderWatchFilter filter;
	const char *match;
	bool failed_only;
	double slower_ms; /* < 0: all */
	long long limit;  /* < 0: none */
	long long shown;
	bool full; /* the limit is reached */
	int result;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = 1;
}

/* poll() returns at once; a second Ctrl-C ends the program in any case. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* ---- options ------------------------------------------------------------------ */

/* A whole number from 0 to high; the option stays as it is when it was not given. */
static int number_option(const struct arguments *arguments, const char *name, long long high,
			 long long *value)
{
	const char *text = option_value(arguments, name);
	char *end;
	long long number;

	if (!text)
		return EXIT_OK;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || *end || number < 0 || number > high)
		return fail(arguments, EXIT_USAGE, NULL,
			    "--%s takes a whole number from 0 to %lld, not '%s'", name, high, text);
	*value = number;
	return EXIT_OK;
}

static int read_options(struct monitor *m)
{
	const struct arguments *arguments = m->arguments;
	const char *slower = option_value(arguments, "slower-than");
	long long pid = 0, uid = -1, snap = USUAL_SNAP;
	char *end;
	int result = number_option(arguments, "pid", INT32_MAX, &pid);

	if (result == EXIT_OK)
		result = number_option(arguments, "uid", UINT32_MAX, &uid);
	if (result == EXIT_OK)
		result = number_option(arguments, "size", MOST_SNAP, &snap);
	if (result == EXIT_OK)
		result = number_option(arguments, "limit-messages", INT64_MAX, &m->limit);
	if (result != EXIT_OK)
		return result;
	if (slower) {
		m->slower_ms = strtod(slower, &end);
		if (end == slower || *end || !(m->slower_ms >= 0))
			return fail(arguments, EXIT_USAGE, NULL,
				    "--slower-than takes milliseconds, not '%s'", slower);
	}
	m->match = option_value(arguments, "match");
	m->failed_only = option_value(arguments, "failed");
	m->filter = (ABinderWatchFilter){
		.ring_size = RING_SIZE,
		.snap = (size_t)snap,
		.kinds = 1u << ABINDER_EVENT_SENT | 1u << ABINDER_EVENT_FAILED |
			 1u << ABINDER_EVENT_DELIVERED | 1u << ABINDER_EVENT_UNANSWERED |
			 1u << ABINDER_EVENT_DIED,
		.not_self = true,
		.by_uid = uid >= 0,
		.uid = (uid_t)uid,
		.pid = (pid_t)pid,
	};
	return EXIT_OK;
}

/* ---- which calls -------------------------------------------------------------- */

/* No names on the command line mean all. */
static bool is_named(const struct monitor *m, const struct conversation *call)
{
	const struct arguments *arguments = m->arguments;
	const char *service;

	if (arguments->argc == 0)
		return true;
	service = names_service(m->words.names, call->node);
	for (int i = 0; service && i < arguments->argc; i++)
		if (strcmp(service, arguments->argv[i]) == 0)
			return true;
	return false;
}

/* A status header with an exception begins with a small negative number. */
static bool is_exception(const struct payload *reply)
{
	int32_t word = 0;

	if (reply->captured >= sizeof(word))
		memcpy(&word, reply->data, sizeof(word));
	return word < 0 && word > EX_HAS_NOTED_OPS;
}

static bool has_failed(const struct conversation *call)
{
	return call->state == CONVERSATION_FAILED || call->state == CONVERSATION_UNANSWERED ||
	       (call->state == CONVERSATION_ANSWERED &&
		(call->status || is_exception(&call->reply)));
}

static bool is_slow(const struct monitor *m, const struct conversation *call)
{
	return m->slower_ms < 0 || (call->sent_ns && call->ended_ns &&
				    (double)(call->ended_ns - call->sent_ns) / 1e6 >= m->slower_ms);
}

/* The pattern stands for what the line says between the arrow and the arguments. */
static bool matches(const struct monitor *m, const char *line)
{
	char target[512];
	const char *from = strstr(line, "-> "), *to;

	if (!from)
		from = strstr(line, "~> ");
	to = from ? strchr(from, '(') : NULL;
	if (!to)
		return false;
	snprintf(target, sizeof(target), "%.*s", (int)(to - from - 3), from + 3);
	return fnmatch(m->match, target, 0) == 0;
}

/* ---- showing ------------------------------------------------------------------ */

static int show_text(struct monitor *m, const struct conversation *call)
{
	char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return fail(m->arguments, EXIT_OTHER, NULL, "out of memory");
	call_print(&m->words, call, out);
	if (fclose(out) == 0 && (!m->match || matches(m, line))) {
		puts(line);
		m->shown++;
	}
	free(line);
	return EXIT_OK;
}

/* The pattern is held against the text, so that both forms show the same calls. */
static int show_json(struct monitor *m, const struct conversation *call)
{
	json_t *json;
	int failed;

	if (m->match) {
		char *line = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&line, &size);
		bool wanted;

		if (!out)
			return fail(m->arguments, EXIT_OTHER, NULL, "out of memory");
		call_print(&m->words, call, out);
		wanted = fclose(out) == 0 && matches(m, line);
		free(line);
		if (!wanted)
			return EXIT_OK;
	}
	json = call_to_json(&m->words, call);
	failed = !json || json_dumpf(json, stdout, JSON_COMPACT);
	json_decref(json);
	if (failed)
		return fail(m->arguments, EXIT_OTHER, NULL, "cannot make JSON of a call");
	putchar('\n');
	m->shown++;
	return EXIT_OK;
}

static void show(const struct conversation *call, void *cookie)
{
	struct monitor *m = cookie;

	if (m->full || m->result != EXIT_OK || !is_named(m, call) ||
	    (m->failed_only && !has_failed(call)) || !is_slow(m, call))
		return;
	m->result = m->arguments->json ? show_json(m, call) : show_text(m, call);
	m->full = m->limit >= 0 && m->shown >= m->limit;
}

/* A call that waits is worth a line of its own, unless only ended ones are asked for. */
static void show_pending(struct monitor *m)
{
	struct timespec now;
	uint64_t ns;

	if (m->failed_only || m->slower_ms >= 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	conversations_pending(m->conversations, ns - PENDING_NS, show, m);
}

/* ---- the loop ----------------------------------------------------------------- */

static int start(struct monitor *m)
{
	const struct arguments *arguments = m->arguments;
	binder_status_t status;
	int result = session_open(m->session, &m->connection);

	if (result == EXIT_OK)
		result = interface_library(arguments, m->connection, &m->words.library);
	if (result != EXIT_OK)
		return result;
	status = ABinderWatch_open(m->connection, &m->filter, &m->watch);
	if (status != STATUS_OK)
		return fail(
			arguments, EXIT_OTHER,
			"binderctl log and binderctl transactions show something on every driver",
			"%s", ABinder_lastError());
	m->conversations = conversations_new();
	m->words.names = names_new(ABinderConnection_getDevice(m->connection), NULL, m->connection);
	if (!m->conversations || !m->words.names)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	m->words.connection = m->connection;
	m->words.realtime_ns = ABinderWatch_getRealtimeOffset(m->watch);
	m->words.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	session_take_time(m->session, m->connection);
	names_learn(m->words.names);
	return EXIT_OK;
}

/* All that is there now. */
static int drain(struct monitor *m)
{
	const ABinderEvent *event;

	while (!m->full && m->result == EXIT_OK) {
		binder_status_t status = ABinderWatch_next(m->watch, &event);

		if (status != STATUS_OK)
			return fail(m->arguments, EXIT_OTHER, NULL, "%s", ABinder_lastError());
		if (!event)
			break;
		if (event->kind == ABINDER_EVENT_SENT)
			names_note_program(m->words.names, event->from_pid, event->from_program);
		if (!conversations_take(m->conversations, event, show, m))
			return fail(m->arguments, EXIT_OTHER, NULL, "out of memory");
		if (event->kind == ABINDER_EVENT_DIED)
			names_forget(m->words.names, event->from_pid);
	}
	return m->result;
}

static int wait_ms(const struct monitor *m)
{
	int left = session_left(m->session);

	return left >= 0 && left < LOOK_MS ? left : LOOK_MS;
}

static int watch_on(struct monitor *m)
{
	int result = EXIT_OK;

	while (result == EXIT_OK && !interrupted && !m->full && session_left(m->session) != 0) {
		binder_status_t status = ABinderWatch_wait(m->watch, wait_ms(m));

		result = drain(m);
		if (result == EXIT_OK && status == STATUS_DEAD_OBJECT)
			result = fail(m->arguments, EXIT_NO_DRIVER,
				      "binderctl up, or binderctl doctor", "%s",
				      "the driver is gone: binderd has ended");
		if (result == EXIT_OK)
			show_pending(m);
		fflush(stdout);
	}
	return result;
}

static void end(struct monitor *m)
{
	if (m->watch) {
		unsigned long long lost = ABinderWatch_getLost(m->watch);

		fprintf(stderr, "%lld calls shown, %llu events lost%s\n", m->shown, lost,
			lost ? ": choose fewer with --pid, --uid or a smaller --size" : "");
	}
	ABinderWatch_close(m->watch);
	conversations_free(m->conversations);
	names_free(m->words.names);
	aidl_library_free(m->words.library);
	session_close(m->session, m->connection);
}

static int run_monitor(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	struct monitor m = { .session = session,
			     .arguments = arguments,
			     .slower_ms = -1,
			     .limit = -1,
			     .result = EXIT_OK };
	int result = read_options(&m);

	if (result == EXIT_OK)
		result = start(&m);
	if (result == EXIT_OK) {
		catch_signals();
		fprintf(stderr, "watching %s\n", ABinderConnection_getDevice(m.connection));
		result = watch_on(&m);
	}
	end(&m);
	return result;
}

static const struct option_spec monitor_options[] = {
	{ "pid", 0, "PID", "only calls from or to this process" },
	{ "uid", 0, "UID", "only calls from or to processes of this user" },
	{ "match", 0, "PATTERN", "only these targets, as in 'media.*.create*'" },
	{ "failed", 0, NULL, "only calls that failed, or were answered with an exception" },
	{ "slower-than", 0, "MS", "only calls that took at least so many milliseconds" },
	{ "limit-messages", 0, "N", "end after N calls" },
	{ "size", 0, "BYTES", "how much of each payload is read (default: 4096)" },
	OPTION_AIDL,
	OPTION_NO_LIMIT,
	{ 0 },
};

const struct verb verb_monitor = {
	.name = "monitor",
	.arguments = "[SERVICE]...",
	.summary = "show calls between processes as they happen",
	.details =
		"A line for each call when it is answered: when it was sent, who called, the service\n"
		"and its method, arguments, result and duration; names and values where the AIDL is\n"
		"known, else a guess.  \"~>\" is a one-way call.  A call that has no answer after a\n"
		"second is shown at once, and again when it is answered.  Ends at Ctrl-C or after\n"
		"--timeout, and says how many events were lost because they came too fast.\n"
		"Root sees all calls; others see calls whose both ends are theirs.",
	.example = "binderctl monitor media.player",
	.options = monitor_options,
	.max_words = -1,
	.json = true,
	.is_program = true,
	.run = run_monitor,
	.complete = complete_service,
};

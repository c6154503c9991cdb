/* SPDX-License-Identifier: MIT */
/*
 * monitor.c: the verb that shows calls between processes as they happen.
 *
 * watch/live.c makes calls of the events of binder/watch.h, watch/call_words.c words.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <binder/watch.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/watch/live.h"

#define USUAL_SNAP 4096
/* How long a call may wait for its answer before it is shown without. */
#define PENDING_NS UINT64_C(1000000000)
#define LOOK_MS 250

struct monitor {
	struct session *session;
	const struct arguments *arguments;
	struct live live;
	ABinderWatchFilter filter;
	const char *match;
	bool failed_only;
	double slower_ms; /* < 0: all */
	long long limit;  /* < 0: none */
	long long shown;
	bool full; /* the limit is reached, or it failed */
	int result;
};

/* ---- options ------------------------------------------------------------------ */

static int read_options(struct monitor *m)
{
	const struct arguments *arguments = m->arguments;
	const char *slower = option_value(arguments, "slower-than");
	char *end;
	int result = live_filter(arguments, USUAL_SNAP, &m->filter);

	if (result == EXIT_OK)
		result = option_number(arguments, "limit-messages", INT64_MAX, &m->limit);
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
	service = names_service(m->live.words.names, call->node);
	for (int i = 0; service && i < arguments->argc; i++)
		if (strcmp(service, arguments->argv[i]) == 0)
			return true;
	return false;
}

static bool is_slow(const struct monitor *m, const struct conversation *call)
{
	return m->slower_ms < 0 || (call->sent_ns && call->ended_ns &&
				    (double)(call->ended_ns - call->sent_ns) / 1e6 >= m->slower_ms);
}

/* The pattern stands for what the line says between the arrow and the arguments. */
static bool matches(const struct monitor *m, const struct conversation *call)
{
	char *target, *method, *name = NULL;
	bool result;

	if (!m->match)
		return true;
	if (!call_name(&m->live.words, call, &target, &method))
		return false;
	result = asprintf(&name, "%s%s", target, method) >= 0 && fnmatch(m->match, name, 0) == 0;
	free(name);
	free(target);
	free(method);
	return result;
}

/* ---- showing ------------------------------------------------------------------ */

static int show_json(struct monitor *m, const struct conversation *call)
{
	json_t *json = call_to_json(&m->live.words, call);
	int failed = !json || json_dumpf(json, stdout, JSON_COMPACT);

	json_decref(json);
	return failed ? fail(m->arguments, EXIT_OTHER, NULL, "cannot make JSON of a call") :
			EXIT_OK;
}

static void show(const struct conversation *call, void *cookie)
{
	struct monitor *m = cookie;

	if (m->full || !is_named(m, call) || (m->failed_only && !conversation_has_failed(call)) ||
	    !is_slow(m, call) || !matches(m, call))
		return;
	if (m->arguments->json)
		m->result = show_json(m, call);
	else
		call_print(&m->live.words, call, stdout);
	putchar('\n');
	m->shown++;
	m->full = m->result != EXIT_OK || (m->limit >= 0 && m->shown >= m->limit);
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
	conversations_pending(m->live.conversations, ns - PENDING_NS, show, m);
}

/* ---- the loop ----------------------------------------------------------------- */

static int wait_ms(const struct monitor *m)
{
	int left = session_left(m->session);

	return left >= 0 && left < LOOK_MS ? left : LOOK_MS;
}

static int watch_on(struct monitor *m)
{
	int result = EXIT_OK;

	while (result == EXIT_OK && !live_interrupted() && !m->full &&
	       session_left(m->session) != 0) {
		result = live_wait(&m->live, wait_ms(m), show, m, &m->full);
		if (result == EXIT_OK)
			result = m->result;
		if (result == EXIT_OK)
			show_pending(m);
		fflush(stdout);
	}
	return result;
}

static void end(struct monitor *m)
{
	if (m->live.watch) {
		unsigned long long lost = ABinderWatch_getLost(m->live.watch);

		fprintf(stderr, "%lld calls shown, %llu events lost%s\n", m->shown, lost,
			lost ? ": choose fewer with --pid, --uid or a smaller --size" : "");
	}
	live_close(&m->live);
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
		result = live_open(&m.live, session, &m.filter);
	if (result == EXIT_OK) {
		m.live.words.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
		live_catch_signals();
		fprintf(stderr, "watching %s\n", ABinderConnection_getDevice(m.live.connection));
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

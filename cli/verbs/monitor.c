/* SPDX-License-Identifier: MIT */
/*
 * monitor.c: the verb that shows calls between processes as they happen.
 *
 * watch/live.c makes calls of events, watch/selection.c chooses, watch/call_words.c words.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/watch/live.h"
#include "cli/watch/selection.h"

/* How long a call may wait for its answer before it is shown without. */
#define PENDING_NS UINT64_C(1000000000)
#define LOOK_MS 250

struct monitor {
	struct session *session;
	const struct arguments *arguments;
	struct live live;
	struct selection selection;
	long long shown;
	bool full; /* the limit is reached, or it failed */
	int result;
};

/* ---- showing ------------------------------------------------------------------ */

static void show(const struct conversation *call, void *cookie)
{
	struct monitor *m = cookie;

	if (m->full || !selection_wants(&m->selection, &m->live.words, call))
		return;
	m->result = live_show(&m->live, call, stdout);
	m->shown++;
	m->full = m->result != EXIT_OK ||
		  (m->selection.limit >= 0 && m->shown >= m->selection.limit);
}

/* A call that waits is worth a line of its own, unless only ended ones are asked for. */
static void show_pending(struct monitor *m)
{
	struct timespec now;
	uint64_t ns;

	if (m->selection.failed_only || m->selection.slower_ms >= 0)
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
	if (m->live.reader) {
		unsigned long long lost = event_reader_lost(m->live.reader);

		fprintf(stderr, "%lld calls shown, %llu events lost%s\n", m->shown, lost,
			lost ? ": choose fewer with --pid, --uid or a smaller --size" : "");
	}
	live_close(&m->live);
}

static int run_monitor(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	struct monitor m = { .session = session, .arguments = arguments, .result = EXIT_OK };
	int result = selection_read(&m.selection, arguments);

	if (result == EXIT_OK)
		result = live_open(&m.live, session, &m.selection.filter);
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
	SELECTION_OPTIONS, OPTION_SIZE, OPTION_AIDL, OPTION_NO_LIMIT, { 0 },
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

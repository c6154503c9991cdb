/* SPDX-License-Identifier: MIT */
/*
 * again.c: --watch of the verbs that have it; see again.h.
 */
#include "cli/verbs/again.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "cli/errors.h"

/* How long a round may take where no --timeout says so, and how soon a shell's Ctrl-C is seen. */
#define ROUND_MS 5000
#define LOOK_MS 100
#define LONGEST_INTERVAL 86400

/* Milliseconds; an enum exit_status. */
static int read_interval(const struct arguments *arguments, long long *ret)
{
	const char *text = option_value(arguments, "interval");
	double seconds = 1;
	char *end;

	if (text) {
		seconds = strtod(text, &end);
		if (end == text || *end || !(seconds > 0) || seconds > LONGEST_INTERVAL)
			return fail(arguments, EXIT_USAGE, "--interval 0.5",
				    "--interval: '%s' is no number of seconds", text);
	}
	*ret = (long long)ceil(seconds * 1000);
	return EXIT_OK;
}

/* False: interrupted, or the time is over. */
static bool wait_until(const struct session *session, long long moment, long long end)
{
	for (long long now = session_now(); now < moment; now = session_now()) {
		long long left = moment - now < LOOK_MS ? moment - now : LOOK_MS;
		struct timespec pause = { .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };

		if (session_interrupted(session) || (end >= 0 && now >= end))
			return false;
		nanosleep(&pause, NULL);
	}
	return !session_interrupted(session);
}

int again_run(struct session *session, struct sink *sink, again_once once, void *cookie)
{
	const struct arguments *arguments = session->arguments;
	long long interval = 0, end, next = session_now();
	int result = read_interval(arguments, &interval);

	if (result != EXIT_OK || !option_value(arguments, "watch"))
		return result != EXIT_OK ? result : once(session, sink, cookie);
	if (option_value(arguments, "from"))
		return fail(arguments, EXIT_USAGE, NULL, "--watch: a file does not change");
	end = option_value(arguments, "timeout") ? session->deadline : -1;
	do {
		session->deadline = session_now() + ROUND_MS;
		if (sink->width && !sink->json)
			fputs("\033[H\033[2J", sink->out);
		result = once(session, sink, cookie);
		fflush(sink->out);
		next += interval;
	} while ((result == EXIT_OK || result >= EXIT_BLOCKED) && !ferror(sink->out) &&
		 (end < 0 || next < end) && wait_until(session, next, end));
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * top.c: the verb that shows which methods are called how often, and how long they take.
 *
 * watch/live.c makes calls of events, watch/totals.c sums them up, screen.c shows the sums.
 */
#include "cli/top/top.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"

/* Of a payload, only the interface's name is read. */
#define SNAP 512
#define USUAL_COLUMNS 80
#define MOST_SECONDS 86400

static int read_options(struct top *top, long long *batch)
{
	const struct arguments *arguments = top->arguments;
	const char *text = option_value(arguments, "interval");
	const char *sort = option_value(arguments, "sort");
	int result = selection_read(&top->selection, arguments);
	char *end;

	top->selection.filter.snap = SNAP;
	if (result == EXIT_OK)
		result = option_number(arguments, "batch", INT32_MAX, batch);
	if (result != EXIT_OK)
		return result;
	if (text) {
		top->interval = strtod(text, &end);
		if (end == text || *end || !(top->interval >= 0.1 && top->interval <= MOST_SECONDS))
			return fail(arguments, EXIT_USAGE, NULL,
				    "--interval takes 0.1 to %d seconds, not '%s'", MOST_SECONDS,
				    text);
	}
	if (sort) {
		int i = 0;

		while (table_sort_name[i] && strcmp(table_sort_name[i], sort) != 0)
			i++;
		if (!table_sort_name[i])
			return fail(arguments, EXIT_USAGE, NULL,
				    "--sort takes calls, bytes, p95, max, failed or name, not '%s'",
				    sort);
		top->table.sort = (enum table_sort)i;
	}
	if (!arguments->json && *batch < 0 && !(isatty(STDOUT_FILENO) && isatty(STDIN_FILENO)))
		return fail(arguments, EXIT_USAGE, "binderctl top --batch 1",
			    "the screen needs a terminal");
	return EXIT_OK;
}

static void take(const struct conversation *call, void *cookie)
{
	struct top *top = cookie;

	if (selection_wants(&top->selection, &top->live.words, call) &&
	    !totals_take(top->totals, &top->live.words, call))
		top->failed = true;
}

int top_wait(struct top *top, int timeout_ms, bool *ended)
{
	int result = live_wait(&top->live, timeout_ms, take, top, &top->failed);
	long long took = session_now() - top->begun;

	if (result == EXIT_OK && top->failed)
		result = fail(top->arguments, EXIT_OTHER, NULL, "out of memory");
	*ended = (double)took >= top->interval * 1000;
	if (*ended) {
		totals_mark(top->totals, (double)took / 1000);
		top->begun = session_now();
	}
	return result;
}

/* ---- tables one after the other -------------------------------------------------------- */

static int print_json(struct top *top)
{
	json_t *json = json_pack("{s:f, s:f, s:I, s:I, s:o}", "calls_per_second",
				 top->table.calls_rate, "bytes_per_second", top->table.bytes_rate,
				 "waiting", (json_int_t)conversations_open(top->live.conversations),
				 "events_lost", (json_int_t)event_reader_lost(top->live.reader),
				 "calls", table_to_json(&top->table));
	int failed = !json || json_dumpf(json, stdout, JSON_COMPACT);

	json_decref(json);
	if (failed)
		return fail(top->arguments, EXIT_OTHER, NULL, "cannot make JSON of the table");
	putchar('\n');
	return EXIT_OK;
}

static int columns(void)
{
	const char *text = getenv("COLUMNS");
	int number = text ? atoi(text) : 0;

	return number >= 40 && number <= 500 ? number : USUAL_COLUMNS;
}

static void print_text(const struct top *top)
{
	table_print_head(&top->table, columns(), stdout);
	putchar('\n');
	for (size_t i = 0; i < top->table.count; i++) {
		table_print_row(&top->table, i, columns(), stdout);
		putchar('\n');
	}
	putchar('\n');
}

static int wait_ms(const struct top *top)
{
	long long left = top->begun + (long long)(top->interval * 1000) - session_now();
	int deadline = session_left(top->session);

	if (left < 0)
		left = 0;
	return (int)(deadline >= 0 && left > deadline ? deadline : left);
}

/* batch < 0: until it is interrupted. */
static int print_tables(struct top *top, long long batch)
{
	int result = EXIT_OK;

	fprintf(stderr, "watching %s\n", ABinderConnection_getDevice(top->live.connection));
	for (long long printed = 0; result == EXIT_OK && printed != batch && !live_interrupted() &&
				    session_left(top->session) != 0;) {
		bool ended;

		result = top_wait(top, wait_ms(top), &ended);
		if (result != EXIT_OK || !ended)
			continue;
		table_make(&top->table, top->live.connection, TOTALS_MOST);
		if (top->arguments->json)
			result = print_json(top);
		else
			print_text(top);
		fflush(stdout);
		printed++;
	}
	return result;
}

static int run_top(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct top *top = calloc(1, sizeof(*top));
	long long batch = -1;
	int result;

	if (!top)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	top->session = session;
	top->arguments = arguments;
	top->interval = 1;
	result = read_options(top, &batch);
	if (result == EXIT_OK)
		result = live_open(&top->live, session, &top->selection.filter);
	if (result == EXIT_OK) {
		top->totals = top->table.totals = totals_new();
		if (!top->totals)
			result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	}
	if (result == EXIT_OK) {
		live_catch_signals();
		top->begun = session_now();
		result = arguments->json || batch >= 0 ? print_tables(top, batch) : screen_run(top);
	}
	live_close(&top->live);
	totals_free(top->totals);
	free(top);
	return result;
}

static const struct option_spec top_options[] = {
	{ "batch", 0, "N", "print N tables as text and end, instead of a screen" },
	{ "interval", 0, "SECONDS", "how often a table is made (default: 1)" },
	{ "sort", 0, "KEY", "calls, bytes, p95, max, failed or name (default: calls)" },
	{ "pid", 0, "PID", "only calls from or to this process" },
	{ "uid", 0, "UID", "only calls from or to processes of this user" },
	{ "match", 0, "PATTERN", "only these targets, as in 'media.*.create*'" },
	OPTION_AIDL,
	OPTION_NO_LIMIT,
	{ 0 },
};

const struct verb verb_top = {
	.name = "top",
	.arguments = "[SERVICE]...",
	.summary = "show which methods are called most, and how long they take",
	.details =
		"A row for each method: calls and bytes a second in the last interval; the times in\n"
		"which 50, 95 and 99 of a hundred calls were answered, and the longest; failures; how\n"
		"many of the service's threads are busy; how many calls wait for one.  Keys: q ends,\n"
		"h shows the others.  With --json each table is a line, until --batch or Ctrl-C ends it.\n"
		"Root sees all calls; others see calls whose both ends are theirs.",
	.example = "binderctl top --batch 1",
	.options = top_options,
	.max_words = -1,
	.json = true,
	.is_program = true,
	.run = run_top,
	.complete = complete_service,
};

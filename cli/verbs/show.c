/* SPDX-License-Identifier: MIT */
/*
 * show.c: the verb that shows the calls of a capture, as monitor shows those that happen.
 *
 * No driver is needed: names are those that the file has, and methods and values come from AIDL.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/watch/live.h"
#include "cli/watch/selection.h"

struct show {
	const struct arguments *arguments;
	struct live live;
	struct selection selection;
	long long shown;
	bool full; /* the limit is reached, or it failed */
	int result;
};

static void show_call(const struct conversation *call, void *cookie)
{
	struct show *s = cookie;

	if (s->full || !selection_wants(&s->selection, &s->live.words, call))
		return;
	s->result = live_show(&s->live, call, stdout);
	s->shown++;
	s->full = s->result != EXIT_OK ||
		  (s->selection.limit >= 0 && s->shown >= s->selection.limit);
}

static int show_all(struct show *s)
{
	int result = live_drain(&s->live, show_call, s, &s->full);

	if (!s->full)
		conversations_pending(s->live.conversations, UINT64_MAX, show_call, s);
	if (result == EXIT_OK)
		result = s->result;
	if (fflush(stdout) != 0 && result == EXIT_OK)
		result = fail(s->arguments, EXIT_OTHER, NULL, "standard output cannot be written");
	return result;
}

static int run_show(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct show s = { .arguments = arguments, .result = EXIT_OK };
	int result = selection_read(&s.selection, arguments);

	s.selection.first_name = 1;
	s.selection.offline = true;
	if (result == EXIT_OK)
		result = live_open_file(&s.live, session, arguments->argv[0]);
	if (result == EXIT_OK) {
		s.live.words.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
		result = show_all(&s);
		fprintf(stderr, "%lld calls shown, %llu events were lost\n", s.shown,
			(unsigned long long)event_reader_lost(s.live.reader));
	}
	live_close(&s.live);
	return result;
}

static const struct option_spec show_options[] = {
	SELECTION_OPTIONS,
	OPTION_AIDL,
	{ 0 },
};

const struct verb verb_show = {
	.name = "show",
	.arguments = "FILE|- [SERVICE]...",
	.summary = "show the calls of a capture",
	.details =
		"Reads what `binderctl capture` has written and shows it as monitor does: a line a\n"
		"call, with names and values where the AIDL is known, else a guess.  Needs no driver.\n"
		"Of a file that is damaged or cut, the calls before that place are shown, and the\n"
		"exit status is 1.",
	.example = "binderctl show calls.pcapng",
	.options = show_options,
	.min_words = 1,
	.max_words = -1,
	.json = true,
	.is_program = true,
	.words_are_files = true,
	.run = run_show,
};

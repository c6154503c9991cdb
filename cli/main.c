/* SPDX-License-Identifier: MIT */
/*
 * main.c: binderctl.  Finds the verb in the table, sorts its options and words,
 * and runs it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/repl/repl.h"
#include "cli/waiting.h"
#include "cli/session.h"
#include "cli/value/sink.h"

static int unknown_verb(const char *word)
{
	const char *near = suggest_verb(word);

	if (near)
		return fail(NULL, EXIT_USAGE, "binderctl help",
			    "no such verb: %s (did you mean %s?)", word, near);
	return fail(NULL, EXIT_USAGE, "binderctl help", "no such verb: %s", word);
}

/* Number of words up to the verb; *help and the arguments hold what they said. */
static int parse_globals(struct arguments *arguments, int argc, char **argv, bool *help)
{
	int end = 1, result;

	while (end < argc && argv[end][0] == '-')
		end += options_take_next(global_options, argv[end]) ? 2 : 1;
	if (end > argc)
		end = argc;
	result = options_parse(arguments, end - 1, argv + 1, help);
	return result == EXIT_OK ? end : -1;
}

/* A full disk or a closed pipe is a failure like any other, whichever verb meets it. */
static int close_output(const struct arguments *arguments, int result)
{
	bool failed = ferror(stdout);

	errno = 0;
	if ((fflush(stdout) != 0 || failed) && result == EXIT_OK)
		return fail(arguments, EXIT_OTHER, NULL, "standard output: %s",
			    errno ? strerror(errno) : "write failed");
	return result;
}

/* The process has one command line: libbinder and the programs that it starts read these. */
static void export_options(const struct arguments *arguments)
{
	if (arguments->android)
		setenv("BINDER_ANDROID", arguments->android, 1);
	if (arguments->domain)
		setenv("BINDER_DOMAIN", arguments->domain, 1);
}

static int run(const struct arguments *arguments, bool help)
{
	struct session session = { 0 };
	struct sink sink;
	int result;

	if (help)
		return help_print_verb(stdout, arguments->verb);
	export_options(arguments);
	sink_open(&sink, arguments, stdout);
	if (arguments->verb == &verb_version)
		return verb_version.run(&session, arguments, &sink);
	result = options_check_words(arguments);
	if (result == EXIT_OK)
		result = session_begin(&session, arguments);
	if (result == EXIT_OK)
		result = arguments->verb->run(&session, arguments, &sink);
	waiting_end();
	return result;
}

/* The driver's connection, or a file, would become the standard output that somebody closed. */
static void keep_standard_numbers(void)
{
	int fd;

	/* Opened to be read: what is written there fails. */
	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	bool help = false;
	int first, result;

	keep_standard_numbers();
	verbs = all_verbs;
	first = parse_globals(&arguments, argc, argv, &help);
	if (first < 0)
		return EXIT_USAGE;
	/* --version needs no verb; it is one. */
	if (arguments.verb)
		return close_output(&arguments, run(&arguments, false));
	if (first >= argc) {
		if (arguments.json && !help)
			return fail(NULL, EXIT_USAGE, "binderctl --json list",
				    "--json: expected a verb; the shell prints for people");
		/* Alone it is a shell, for somebody who types or for what comes through a pipe. */
		export_options(&arguments);
		return close_output(&arguments, help ? help_print(stdout) : repl_run(&arguments));
	}
	arguments.verb = verb_find(argv[first]);
	if (!arguments.verb)
		return unknown_verb(argv[first]);
	result = options_parse(&arguments, argc - first - 1, argv + first + 1, &help);
	if (result == EXIT_OK) {
		/* Words have moved up over the options: the list ends earlier now. */
		arguments.argv[arguments.argc] = NULL;
		result = close_output(&arguments, run(&arguments, help));
	}
	options_free(&arguments);
	return result;
}

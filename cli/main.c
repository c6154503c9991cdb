/* SPDX-License-Identifier: MIT */
/*
 * main.c: binderctl.  Finds the verb in the table, sorts its options and words,
 * and runs it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/repl/repl.h"
#include "cli/waiting.h"
#include "cli/session.h"

static int unknown_verb(const char *word)
{
	const char *near = suggest_verb(word);

	if (near)
		return fail(NULL, EXIT_USAGE, "binderctl help",
			    "no such verb: %s (did you mean %s?)", word, near);
	return fail(NULL, EXIT_USAGE, "binderctl help", "no such verb: %s", word);
}

/* Number of words up to the verb; *help and the invocation hold what they said. */
static int parse_globals(struct invocation *invocation, int argc, char **argv, bool *help)
{
	int end = 1, result;

	while (end < argc && argv[end][0] == '-')
		end += options_take_next(global_options, argv[end]) ? 2 : 1;
	if (end > argc)
		end = argc;
	result = options_parse(invocation, end - 1, argv + 1, help);
	return result == EXIT_OK ? end : -1;
}

/* A full disk or a closed pipe is a failure like any other, whichever verb meets it. */
static int close_output(const struct invocation *invocation, int result)
{
	bool failed = ferror(stdout);

	errno = 0;
	if ((fflush(stdout) != 0 || failed) && result == EXIT_OK)
		return fail(invocation, EXIT_OTHER, NULL, "standard output: %s",
			    errno ? strerror(errno) : "write failed");
	return result;
}

static int run(struct invocation *invocation, bool help)
{
	int result;

	if (help)
		return help_print_verb(stdout, invocation->verb);
	if (invocation->verb->run == verb_version)
		return verb_version(invocation);
	result = options_check_words(invocation);
	if (result == EXIT_OK)
		result = session_start_clock(invocation);
	if (result == EXIT_OK)
		result = invocation->verb->run(invocation);
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
	struct invocation invocation = { 0 };
	bool help = false;
	int first, result;

	keep_standard_numbers();
	first = parse_globals(&invocation, argc, argv, &help);
	if (first < 0)
		return EXIT_USAGE;
	/* --version needs no verb; it is one. */
	if (invocation.verb)
		return close_output(&invocation, verb_version(&invocation));
	if (first >= argc) {
		if (invocation.json && !help)
			return fail(NULL, EXIT_USAGE, "binderctl --json list",
				    "--json: expected a verb; the shell prints for people");
		/* Alone it is a shell, for somebody who types or for what comes through a pipe. */
		return close_output(&invocation, help ? help_print(stdout) : repl_run(&invocation));
	}
	invocation.verb = verb_find(argv[first]);
	if (!invocation.verb)
		return unknown_verb(argv[first]);
	result = options_parse(&invocation, argc - first - 1, argv + first + 1, &help);
	if (result == EXIT_OK) {
		/* Words have moved up over the options: the list ends earlier now. */
		invocation.argv[invocation.argc] = NULL;
		result = close_output(&invocation, run(&invocation, help));
	}
	options_free(&invocation);
	return result;
}

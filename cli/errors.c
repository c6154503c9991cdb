/* SPDX-License-Identifier: MIT */
/*
 * errors.c: the one place that writes failures to standard error.
 */
#include "cli/errors.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <binder/ext.h>

#include "cli/value/text.h"

/* A message quotes what was typed or answered, which may be long. */
#define LONGEST_MESSAGE 900

/* A user who has interrupted a verb knows why it fails. */
static bool is_interrupted(const struct arguments *arguments)
{
	return arguments && arguments->interrupted && atomic_load(arguments->interrupted);
}

FILE *message_begin(struct message *message)
{
	*message = (struct message){ 0 };
	message->out = open_memstream(&message->text, &message->size);
	/* Without memory the words still get out, in pieces. */
	return message->out ? message->out : stderr;
}

void message_send(struct message *message)
{
	/* What was printed so far comes first, when both go to one terminal or file. */
	fflush(stdout);
	if (message->out && fclose(message->out) == 0)
		fwrite(message->text, 1, message->size, stderr);
	free(message->text);
}

static void print_subject(FILE *out, const struct arguments *arguments)
{
	fputs("binderctl: ", out);
	if (arguments && arguments->verb)
		fprintf(out, "%s: ", arguments->verb->name);
}

static void print_try(FILE *out, const char *try_this)
{
	/* The lines of a hint are ours; only words in it may not be. */
	fputs("try: ", out);
	text_print(out, try_this, true);
	fputc('\n', out);
}

void fail_try(const char *try_this)
{
	struct message message;

	print_try(message_begin(&message), try_this);
	message_send(&message);
}

int fail(const struct arguments *arguments, int exit_status, const char *try_this,
	 const char *format, ...)
{
	char *words = NULL, *shown;
	struct message message;
	va_list args;
	FILE *out;

	if (is_interrupted(arguments))
		return EXIT_SIGNAL + SIGINT;
	va_start(args, format);
	if (vasprintf(&words, format, args) < 0)
		words = NULL;
	va_end(args);
	shown = words ? text_shown(words, LONGEST_MESSAGE) : NULL;
	out = message_begin(&message);
	print_subject(out, arguments);
	fprintf(out, "%s\n", shown ? shown : "out of memory");
	if (try_this)
		print_try(out, try_this);
	message_send(&message);
	free(shown);
	free(words);
	return exit_status;
}

int fail_lines(const struct arguments *arguments, int exit_status, const char *text)
{
	struct message message;
	FILE *out = message_begin(&message);

	print_subject(out, arguments);
	text_print(out, text, true);
	fputc('\n', out);
	message_send(&message);
	return exit_status;
}

int fail_status(const struct arguments *arguments, binder_status_t status, const char *what)
{
	return fail_status_because(arguments, status, ABinder_lastError(), what);
}

int fail_status_because(const struct arguments *arguments, binder_status_t status, const char *why,
			const char *what)
{
	const char *name = ABinder_statusName(status);

	if (!why)
		why = "";
	switch (status) {
	case STATUS_DEAD_OBJECT:
		return fail(arguments, EXIT_DEAD, "binderctl list",
			    "%s: the process behind it has died (DEAD_OBJECT)", what);
	case STATUS_TIMED_OUT:
		return fail(arguments, EXIT_TIMEOUT, NULL, "%s: %s (TIMED_OUT)", what,
			    *why ? why : "no answer in time");
	case STATUS_UNKNOWN_TRANSACTION:
		return fail(arguments, EXIT_OTHER, "check the code and the interface's version",
			    "%s: it does not know this code (UNKNOWN_TRANSACTION)", what);
	case STATUS_BAD_TYPE:
		return fail(arguments, EXIT_OTHER,
			    "the types and the order that the method reads; binderctl info shows "
			    "its interface",
			    "%s: it took the call for one of another kind: the arguments or the "
			    "interface do not fit (BAD_TYPE)",
			    what);
	default:
		if (!*why)
			return fail(arguments, EXIT_OTHER, NULL, "%s: %s", what, name);
		/* Some sentences have the name in them. */
		if (strstr(why, name))
			return fail(arguments, EXIT_OTHER, NULL, "%s: %s", what, why);
		return fail(arguments, EXIT_OTHER, NULL, "%s: %s (%s)", what, why, name);
	}
}

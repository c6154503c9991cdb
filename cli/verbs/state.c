/* SPDX-License-Identifier: MIT */
/*
 * state.c: the verbs that show what a driver says of itself: state, stats,
 * transactions, log.
 *
 * The text is the driver's own, whichever it is; state_json.c makes JSON of it.
 */
#include "cli/verbs/state.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/verbs/input.h"
#include "cli/value/text.h"
#include "cli/session.h"

#define LONGEST_FILE (64 << 20)

static int print_json(const struct invocation *invocation, const char *view, const char *text)
{
	json_t *document = state_to_json(view, text);
	int failed = !document || json_dumpf(document, stdout, JSON_INDENT(2));

	json_decref(document);
	if (failed)
		return fail(invocation, EXIT_OTHER, NULL, "cannot make JSON of the answer");
	putchar('\n');
	return EXIT_OK;
}

static int not_shown(const struct invocation *invocation, binder_status_t status)
{
	const char *try_this = NULL;

	if (status == STATUS_PERMISSION_DENIED)
		try_this = "the same as root (sudo)";
	else if (status == STATUS_NAME_NOT_FOUND)
		try_this = "mount -t debugfs none /sys/kernel/debug\n"
			   "     mount -t binder -o stats=global none /dev/binderfs";
	else if (status == STATUS_UNKNOWN_TRANSACTION)
		try_this = "binderctl down; binderctl up";
	else if (status == STATUS_TIMED_OUT)
		try_this = "binderctl doctor";
	return fail(invocation, status == STATUS_TIMED_OUT ? EXIT_TIMEOUT : EXIT_OTHER, try_this,
		    "%s (%s)", ABinder_lastError(), ABinder_statusName(status));
}

static int print(const struct invocation *invocation, const char *view, const char *text)
{
	if (invocation->json)
		return print_json(invocation, view, text);
	fputs(text, stdout);
	return EXIT_OK;
}

/* What was saved on another machine. */
static int show_file(const struct invocation *invocation, const char *view, const char *word)
{
	char *text = NULL;
	int result = input_read(invocation, word, LONGEST_FILE, &text);

	if (result == EXIT_OK && invocation->json)
		result = print_json(invocation, view, text);
	else if (result == EXIT_OK)
		text_print(stdout, text, true);
	free(text);
	return result;
}

static int show_driver(const struct invocation *invocation, const char *view)
{
	ABinderConnection *connection = NULL;
	char *text = NULL;
	binder_status_t status;
	int result = session_open(invocation, &connection);

	if (result != EXIT_OK)
		return result;
	session_take_time(invocation, connection);
	status = ABinderConnection_readView(connection, view, &text);
	result = status == STATUS_OK ? print(invocation, view, text) :
				       not_shown(invocation, status);
	free(text);
	ABinderConnection_close(connection);
	return result;
}

static int show(const struct invocation *invocation, const char *view)
{
	if (invocation->argc)
		return show_file(invocation, view, invocation->argv[0]);
	return show_driver(invocation, view);
}

/* ---- one process -------------------------------------------------------------------- */

static bool parse_pid(const char *word, int *pid)
{
	char *end;
	long number = *word >= '0' && *word <= '9' ? strtol(word, &end, 10) : 0;

	if (number <= 0 || number > INT_MAX || *end)
		return false;
	*pid = (int)number;
	return true;
}

/* A kernel has no file for who has not opened the device, and none at all where it shows nothing. */
static bool is_unknown_process(ABinderConnection *connection, binder_status_t status,
			       const char *text)
{
	char *stats = NULL;

	if (status == STATUS_OK)
		return !strstr(text, "\nproc ");
	if (status != STATUS_NAME_NOT_FOUND)
		return false;
	status = ABinderConnection_readView(connection, "stats", &stats);
	free(stats);
	return status == STATUS_OK;
}

static int show_process(const struct invocation *invocation, const char *word)
{
	ABinderConnection *connection = NULL;
	char view[32], *text = NULL;
	binder_status_t status;
	int pid, result;

	if (!parse_pid(word, &pid)) {
		if (!strcmp(word, "-") || access(word, F_OK) == 0)
			return show_file(invocation, "state", word);
		return fail(invocation, EXIT_USAGE, "binderctl state",
			    "'%s' is no PID, and no file of that name is there", word);
	}
	result = session_open(invocation, &connection);
	if (result != EXIT_OK)
		return result;
	session_take_time(invocation, connection);
	snprintf(view, sizeof(view), "proc/%d", pid);
	status = ABinderConnection_readView(connection, view, &text);
	if (is_unknown_process(connection, status, text))
		result = fail(invocation, EXIT_OTHER, "binderctl state",
			      "no process %d that you may look at has %s open", pid,
			      ABinderConnection_getDevice(connection));
	else if (status != STATUS_OK)
		result = not_shown(invocation, status);
	else
		result = print(invocation, view, text);
	free(text);
	ABinderConnection_close(connection);
	return result;
}

int verb_state(struct invocation *invocation)
{
	return invocation->argc ? show_process(invocation, invocation->argv[0]) :
				  show(invocation, "state");
}

int verb_stats(struct invocation *invocation)
{
	return show(invocation, "stats");
}

int verb_transactions(struct invocation *invocation)
{
	return show(invocation, "transactions");
}

int verb_log(struct invocation *invocation)
{
	return show(invocation, option_value(invocation, "failed") ? "failed_transaction_log" :
								     "transaction_log");
}

/* SPDX-License-Identifier: MIT */
/*
 * state.c: the verbs that show what a driver says of itself: state, stats,
 * transactions, log.
 *
 * The text is the driver's own, whichever it is; cli/state makes JSON of it.
 */
#include "cli/state/state.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/kernel_driver.h"
#include "cli/session.h"
#include "cli/value/sink.h"
#include "cli/value/text.h"
#include "cli/verbs/input.h"
#include "cli/verbs/state_source.h"

#define LONGEST_FILE (64 << 20)

struct answer {
	const char *view, *text;
};

static json_t *to_json(const void *what)
{
	const struct answer *answer = what;

	return state_to_json(answer->view, answer->text);
}

static void to_text(const void *what, struct sink *sink)
{
	const struct answer *answer = what;

	fputs(answer->text, sink->out);
}

static void file_to_text(const void *what, struct sink *sink)
{
	const struct answer *answer = what;

	text_print(sink->out, answer->text, true);
}

/* What was saved on another machine. */
static int show_file(struct sink *sink, const char *view, const char *word)
{
	char *text = NULL;
	int result = input_read(sink->arguments, word, LONGEST_FILE, &text);

	if (result == EXIT_OK)
		result = sink_put(sink, &(struct answer){ view, text }, to_json, file_to_text);
	free(text);
	return result;
}

static int show_driver(struct session *session, struct sink *sink, const char *view)
{
	ABinderConnection *connection = NULL;
	char *text = NULL;
	binder_status_t status;
	int result = session_open(session, &connection);

	if (result != EXIT_OK)
		return result;
	session_take_time(session, connection);
	status = ABinderConnection_readView(connection, view, &text);
	if (status == STATUS_NAME_NOT_FOUND && strstr(view, "transaction_log") &&
	    kernel_driver_of(ABinderConnection_getDevice(connection)) == DRIVER_RUST)
		result =
			fail(session->arguments, EXIT_OTHER,
			     "binderctl transactions   what is under way now\n"
			     "     sudo dmesg               some failures, as \"rust_binder: ...\"",
			     "the kernel's driver in Rust keeps no log of transactions");
	else if (status == STATUS_OK)
		result = sink_put(sink, &(struct answer){ view, text }, to_json, to_text);
	else
		result = source_not_shown(session->arguments,
					  ABinderConnection_getDevice(connection), status);
	free(text);
	session_close(session, connection);
	return result;
}

static int show(struct session *session, struct sink *sink, const char *view)
{
	const struct arguments *arguments = session->arguments;

	return arguments->argc ? show_file(sink, view, arguments->argv[0]) :
				 show_driver(session, sink, view);
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

static int show_process(struct session *session, struct sink *sink, const char *word)
{
	const struct arguments *arguments = session->arguments;
	ABinderConnection *connection = NULL;
	char view[32], *text = NULL;
	binder_status_t status;
	int pid, result;

	if (!parse_pid(word, &pid)) {
		if (!strcmp(word, "-") || access(word, F_OK) == 0)
			return show_file(sink, "state", word);
		return fail(arguments, EXIT_USAGE, "binderctl state",
			    "'%s' is no PID, and no file of that name is there", word);
	}
	result = session_open(session, &connection);
	if (result != EXIT_OK)
		return result;
	session_take_time(session, connection);
	snprintf(view, sizeof(view), "proc/%d", pid);
	status = ABinderConnection_readView(connection, view, &text);
	if (is_unknown_process(connection, status, text))
		result = fail(arguments, EXIT_OTHER, "binderctl state",
			      "no process %d that you may look at has %s open", pid,
			      ABinderConnection_getDevice(connection));
	else if (status != STATUS_OK)
		result = source_not_shown(arguments, ABinderConnection_getDevice(connection),
					  status);
	else
		result = sink_put(sink, &(struct answer){ view, text }, to_json, to_text);
	free(text);
	session_close(session, connection);
	return result;
}

static int run_state(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return arguments->argc ? show_process(session, sink, arguments->argv[0]) :
				 show_driver(session, sink, "state");
}

const struct verb verb_state = {
	.name = "state",
	.arguments = "[PID|FILE|-]",
	.summary = "show the driver's state of every process, or of one",
	.details =
		"Threads, objects (nodes), references, buffers, transactions and what waits to be\n"
		"read, in the words of the kernel's /sys/kernel/debug/binder/state.  binderd shows\n"
		"users their own processes and root all; a kernel, as a rule, shows root alone.\n"
		"A FILE saved elsewhere, or - for standard input, is read instead of a driver.",
	.example = "binderctl state 4711",
	.options = options_five_seconds,
	.timeout_ms = 5000,
	.max_words = 1,
	.json = true,
	.run = run_state,
};

static int run_stats(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return show(session, sink, "stats");
}

const struct verb verb_stats = {
	.name = "stats",
	.arguments = "[FILE|-]",
	.summary = "count commands, objects and buffers",
	.details = "In total, and for each process; as the kernel's file of this name.",
	.example = "binderctl --json stats",
	.options = options_five_seconds,
	.timeout_ms = 5000,
	.max_words = 1,
	.json = true,
	.run = run_stats,
};

static int run_transactions(struct session *session, const struct arguments *arguments,
			    struct sink *sink)
{
	return show(session, sink, "transactions");
}

const struct verb verb_transactions = {
	.name = "transactions",
	.arguments = "[FILE|-]",
	.summary = "show the calls in progress and their ages",
	.details = "Who waits for whom: a thread that handles a call has it as \"incoming\", its\n"
		   "caller as \"outgoing\", and nobody has read a \"pending\" one yet.",
	.example = "binderctl transactions",
	.options = options_five_seconds,
	.timeout_ms = 5000,
	.max_words = 1,
	.json = true,
	.run = run_transactions,
};

static int run_log(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return show(session, sink,
		    option_value(arguments, "failed") ? "failed_transaction_log" :
							"transaction_log");
}

static const struct option_spec log_options[] = {
	{ "failed", 0, NULL, "only those that failed" },
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_log = {
	.name = "log",
	.arguments = "[FILE|-]",
	.summary = "show the last 32 transactions, or the last that failed",
	.details =
		"Each line ends with what the sender was told (0/0: nothing but good), and where in\n"
		"the driver it was decided; `binderctl explain` takes such a line.  The kernel's driver\n"
		"in Rust keeps no such log.",
	.example = "binderctl log --failed",
	.options = log_options,
	.timeout_ms = 5000,
	.max_words = 1,
	.json = true,
	.run = run_log,
};

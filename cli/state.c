/* SPDX-License-Identifier: MIT */
/*
 * state.c: the verbs that show what a driver says of itself: state, stats,
 * transactions, log.
 *
 * The text is the driver's own, whichever it is; state_json.c makes JSON of it.
 */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "world.h"

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

static int show(const struct invocation *invocation, const char *view)
{
	ABinderConnection *connection = NULL;
	char *text = NULL;
	binder_status_t status;
	int result = world_open(invocation, &connection);

	if (result != EXIT_OK)
		return result;
	world_take_time(invocation, connection);
	status = ABinderConnection_readView(connection, view, &text);
	if (status != STATUS_OK)
		result = not_shown(invocation, status);
	else if (invocation->json)
		result = print_json(invocation, view, text);
	else
		fputs(text, stdout);
	free(text);
	ABinderConnection_close(connection);
	return result;
}

int verb_state(struct invocation *invocation)
{
	return show(invocation, "state");
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

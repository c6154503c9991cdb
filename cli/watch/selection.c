/* SPDX-License-Identifier: MIT */
/*
 * selection.c: which calls a verb shows.
 */
#include "cli/watch/selection.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/watch/live.h"

#define USUAL_SNAP 4096

int selection_read(struct selection *selection, const struct arguments *arguments)
{
	const char *slower = option_value(arguments, "slower-than");
	struct selection read = { .arguments = arguments, .slower_ms = -1, .limit = -1 };
	char *end;
	int result = live_filter(arguments, USUAL_SNAP, &read.filter);

	if (result == EXIT_OK)
		result = option_number(arguments, "limit-messages", INT64_MAX, &read.limit);
	if (result != EXIT_OK)
		return result;
	if (slower) {
		read.slower_ms = strtod(slower, &end);
		if (end == slower || *end || !(read.slower_ms >= 0))
			return fail(arguments, EXIT_USAGE, NULL,
				    "--slower-than takes milliseconds, not '%s'", slower);
	}
	read.match = option_value(arguments, "match");
	read.failed_only = option_value(arguments, "failed");
	*selection = read;
	return EXIT_OK;
}

bool selection_needs_end(const struct selection *selection)
{
	return selection->arguments->argc > selection->first_name || selection->match ||
	       selection->failed_only || selection->slower_ms >= 0 || selection->limit >= 0;
}

/* ---- which calls -------------------------------------------------------------- */

/* No names on the command line mean all. */
static bool is_named(const struct selection *selection, const struct call_words *words,
		     const struct conversation *call)
{
	const struct arguments *arguments = selection->arguments;
	const char *service;

	if (arguments->argc <= selection->first_name)
		return true;
	service = names_service(words->names, call->node);
	for (int i = selection->first_name; service && i < arguments->argc; i++)
		if (strcmp(service, arguments->argv[i]) == 0)
			return true;
	return false;
}

static bool is_slow(const struct selection *selection, const struct conversation *call)
{
	return selection->slower_ms < 0 ||
	       (call->sent_ns && call->ended_ns &&
		(double)(call->ended_ns - call->sent_ns) / 1e6 >= selection->slower_ms);
}

/* A driver has chosen by these already. */
static bool is_of(const struct selection *selection, const struct conversation *call)
{
	const ABinderWatchFilter *filter = &selection->filter;

	if (!selection->offline)
		return true;
	return (!filter->pid || call->from_pid == filter->pid || call->to_pid == filter->pid) &&
	       (!filter->by_uid || call->from_uid == filter->uid ||
		(call->to_pid && call->to_uid == filter->uid));
}

/* The pattern stands for what the line says between the arrow and the arguments. */
static bool matches(const struct selection *selection, const struct call_words *words,
		    const struct conversation *call)
{
	char *target, *method, *name = NULL;
	bool result;

	if (!call_name(words, call, &target, &method))
		return false;
	result = asprintf(&name, "%s%s", target, method) >= 0 &&
		 fnmatch(selection->match, name, 0) == 0;
	free(name);
	free(target);
	free(method);
	return result;
}

bool selection_wants(const struct selection *selection, const struct call_words *words,
		     const struct conversation *call)
{
	return is_of(selection, call) && is_named(selection, words, call) &&
	       (!selection->failed_only || conversation_has_failed(call)) &&
	       is_slow(selection, call) && (!selection->match || matches(selection, words, call));
}

/* SPDX-License-Identifier: MIT */
/*
 * methods.c: `binderctl methods`, the methods of an interface or of a service's.
 *
 * With AIDL they are printed; without, probe.c shows what the service tells.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/value/sink.h"
#include "cli/verbs/describe.h"
#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/verbs/probe.h"
#include "cli/value/text.h"
#include "cli/session.h"

static void print_comment(const char *comment, struct sink *sink)
{
	while (*comment) {
		size_t length = strcspn(comment, "\n");
		char *line = strndup(comment, length);

		sink_text(sink, sink_print(sink, "%8s", ""), line ? line : "", false);
		sink_print(sink, "\n");
		free(line);
		comment += length + (comment[length] == '\n');
	}
}

static json_t *to_json(const void *what)
{
	return describe_declaration(what);
}

static void to_text(const void *what, struct sink *sink)
{
	const struct aidl_declaration *interface = what;
	bool details = option_value(sink->arguments, "long");

	sink_print(sink, "%s\n", interface->descriptor);
	if (details && interface->comment)
		print_comment(interface->comment, sink);
	for (const struct aidl_method *m = interface->methods; m; m = m->next) {
		char *signature = interface_signature(interface, m);

		sink_text(sink, sink_print(sink, "%6u  ", m->code), signature ? signature : "?",
			  false);
		sink_print(sink, "\n");
		free(signature);
		if (details && m->comment)
			print_comment(m->comment, sink);
	}
}

static int print_methods(struct sink *sink, const struct aidl_declaration *interface)
{
	if (interface->kind != AIDL_INTERFACE)
		return fail(sink->arguments, EXIT_USAGE, "binderctl describe",
			    "%s is no interface and has no methods", interface->qualified);
	return sink_put(sink, interface, to_json, to_text);
}

/* Says on standard error why it shows what it shows: the rest is an answer as well. */
static int show_unknown(struct session *session, struct sink *sink,
			const struct aidl_library *library, AIBinder *service,
			const char *descriptor)
{
	const struct arguments *arguments = session->arguments;
	static const char codes[] = "--probe LAST tries codes";

	if (!option_value(arguments, "probe") && *descriptor)
		interface_missing(arguments, library, descriptor, codes, NULL);
	else if (!option_value(arguments, "probe"))
		fail(arguments, EXIT_OTHER, codes, "%s does not say which interface it has",
		     arguments->argv[0]);
	return probe_service(session, sink, service, descriptor);
}

static int methods_of_service(struct session *session, struct sink *sink)
{
	const struct arguments *arguments = session->arguments;
	const struct aidl_declaration *interface = NULL;
	struct aidl_library *library = NULL;
	ABinderConnection *connection = NULL;
	AIBinder *service = NULL;
	char *descriptor = NULL;
	int result = session_enter(session, &connection, &service);

	if (result == EXIT_OK)
		result = interface_ask(session, service, false, NULL, &descriptor);
	if (result == EXIT_OK && !option_value(arguments, "probe"))
		result = interface_expect_aidl(arguments, connection, descriptor);
	if (result == EXIT_OK)
		result = interface_library(arguments, connection, &library);
	if (result == EXIT_OK)
		result = interface_find(arguments, library, descriptor, &interface);
	if (result == EXIT_NO_SERVICE && library)
		result = show_unknown(session, sink, library, service, descriptor);
	else if (result == EXIT_OK && option_value(arguments, "probe"))
		result = probe_service(session, sink, service, descriptor);
	else if (result == EXIT_OK)
		result = print_methods(sink, interface);
	free(descriptor);
	aidl_library_free(library);
	AIBinder_decStrong(service);
	session_close(session, connection);
	return result;
}

static int methods_check(const struct arguments *arguments)
{
	if (!option_value(arguments, "probe"))
		return !option_value(arguments, "yes") ?
			       EXIT_OK :
			       fail(arguments, EXIT_USAGE, "binderctl methods --probe 20 SERVICE",
				    "--yes goes with --probe");
	if (interface_is_file(arguments->argv[0]))
		return fail(arguments, EXIT_USAGE, "binderctl methods --probe 20 SERVICE",
			    "--probe: %s is a file, and only a service can be asked",
			    arguments->argv[0]);
	return probe_check(arguments);
}

static int run_methods(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	const struct aidl_declaration *interface = NULL;
	struct aidl_library *library = NULL;
	char *near = NULL, *hint;
	int result;

	if (option_value(arguments, "probe"))
		return methods_of_service(session, sink);
	result = interface_library(arguments, NULL, &library);
	/* A name with dots may be either; an interface needs no driver. */
	if (result == EXIT_OK)
		result = interface_find(arguments, library, arguments->argv[0], &interface);
	if (result == EXIT_OK)
		result = print_methods(sink, interface);
	else if (result == EXIT_NO_SERVICE)
		result = methods_of_service(session, sink);
	/* Perhaps an interface was meant. */
	if (result == EXIT_NO_SERVICE && library)
		near = interface_near(library, arguments->argv[0]);
	if (near && asprintf(&hint, "binderctl methods %s", near) >= 0) {
		fail_try(hint);
		free(hint);
	}
	free(near);
	aidl_library_free(library);
	return result;
}

static const struct option_spec methods_options[] = {
	{ "long", 'l', NULL, "also show comments" },
	{ "probe", 0, "LAST", "without AIDL: call codes 1 to LAST with nothing in them" },
	{ "yes", 'y', NULL, "probe without asking first" },
	OPTION_AIDL,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_methods = {
	.name = "methods",
	.arguments = "SERVICE|INTERFACE|FILE.aidl",
	.summary = "list the methods of an interface",
	.details =
		"Shows each code and signature, from the AIDL that is found by the service's\n"
		"descriptor in --aidl DIR, $BINDER_AIDL_PATH and the folders binder/aidl of users and\n"
		"packages.  Without AIDL, shows what the service tells of itself: descriptor, version\n"
		"and hash.  --probe LAST then calls codes 1 to LAST with an empty request, and tells\n"
		"which are unknown; the others may do what they do, so it asks first (or --yes).",
	.example = "binderctl methods manager",
	.options = methods_options,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.check = methods_check,
	.run = run_methods,
	.complete = complete_service,
};

/* SPDX-License-Identifier: MIT */
/*
 * methods.c: `binderctl methods`, the methods of an interface or of a service's.
 *
 * With AIDL they are printed; without, probe.c shows what the service tells.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/verbs/describe.h"
#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/verbs/probe.h"
#include "cli/verbs/reply.h"
#include "cli/value/text.h"
#include "cli/session.h"

static void print_comment(const char *comment)
{
	while (*comment) {
		size_t length = strcspn(comment, "\n");
		char *line = strndup(comment, length);

		printf("        ");
		text_print(stdout, line ? line : "", false);
		putchar('\n');
		free(line);
		comment += length + (comment[length] == '\n');
	}
}

static int print_methods(const struct invocation *invocation,
			 const struct aidl_declaration *interface)
{
	bool details = option_value(invocation, "long");

	if (interface->kind != AIDL_INTERFACE)
		return fail(invocation, EXIT_USAGE, "binderctl describe",
			    "%s is no interface and has no methods", interface->qualified);
	if (invocation->json)
		return reply_print_json(invocation, describe_declaration(interface));
	puts(interface->descriptor);
	if (details && interface->comment)
		print_comment(interface->comment);
	for (const struct aidl_method *m = interface->methods; m; m = m->next) {
		printf("%6u  ", m->code);
		aidl_method_print(m, interface, stdout);
		putchar('\n');
		if (details && m->comment)
			print_comment(m->comment);
	}
	return EXIT_OK;
}

/* Says on standard error why it shows what it shows: the rest is an answer as well. */
static int show_unknown(const struct invocation *invocation, const struct aidl_library *library,
			AIBinder *service, const char *descriptor)
{
	static const char codes[] = "--probe LAST tries codes";

	if (!option_value(invocation, "probe") && *descriptor)
		interface_missing(invocation, library, descriptor, codes, NULL);
	else if (!option_value(invocation, "probe"))
		fail(invocation, EXIT_OTHER, codes, "%s does not say which interface it has",
		     invocation->argv[0]);
	return probe_service(invocation, service, descriptor);
}

static int methods_of_service(struct invocation *invocation)
{
	const struct aidl_declaration *interface = NULL;
	struct aidl_library *library = NULL;
	ABinderConnection *connection = NULL;
	AIBinder *service = NULL;
	char *descriptor = NULL;
	int result = session_enter(invocation, &connection, &service);

	if (result == EXIT_OK)
		result = interface_ask(invocation, service, false, NULL, &descriptor);
	if (result == EXIT_OK && !option_value(invocation, "probe"))
		result = interface_expect_aidl(invocation, connection, descriptor);
	if (result == EXIT_OK)
		result = interface_library(invocation, connection, &library);
	if (result == EXIT_OK)
		result = interface_find(invocation, library, descriptor, &interface);
	if (result == EXIT_NO_SERVICE && library)
		result = show_unknown(invocation, library, service, descriptor);
	else if (result == EXIT_OK && option_value(invocation, "probe"))
		result = probe_service(invocation, service, descriptor);
	else if (result == EXIT_OK)
		result = print_methods(invocation, interface);
	free(descriptor);
	aidl_library_free(library);
	AIBinder_decStrong(service);
	ABinderConnection_close(connection);
	return result;
}

int methods_check(const struct invocation *invocation)
{
	if (!option_value(invocation, "probe"))
		return !option_value(invocation, "yes") ?
			       EXIT_OK :
			       fail(invocation, EXIT_USAGE, "binderctl methods --probe 20 SERVICE",
				    "--yes goes with --probe");
	if (interface_is_file(invocation->argv[0]))
		return fail(invocation, EXIT_USAGE, "binderctl methods --probe 20 SERVICE",
			    "--probe: %s is a file, and only a service can be asked",
			    invocation->argv[0]);
	return probe_check(invocation);
}

int verb_methods(struct invocation *invocation)
{
	const struct aidl_declaration *interface = NULL;
	struct aidl_library *library = NULL;
	char *near = NULL, *hint;
	int result;

	if (option_value(invocation, "probe"))
		return methods_of_service(invocation);
	result = interface_library(invocation, NULL, &library);
	/* A name with dots may be either; an interface needs no driver. */
	if (result == EXIT_OK)
		result = interface_find(invocation, library, invocation->argv[0], &interface);
	if (result == EXIT_OK)
		result = print_methods(invocation, interface);
	else if (result == EXIT_NO_SERVICE)
		result = methods_of_service(invocation);
	/* Perhaps an interface was meant. */
	if (result == EXIT_NO_SERVICE && library)
		near = interface_near(library, invocation->argv[0]);
	if (near && asprintf(&hint, "binderctl methods %s", near) >= 0) {
		fail_try(hint);
		free(hint);
	}
	free(near);
	aidl_library_free(library);
	return result;
}

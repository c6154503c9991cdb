/* SPDX-License-Identifier: MIT */
/*
 * describe.c: `binderctl describe`, the declaration of a type.
 */
#include "cli/verbs/describe.h"

#include <stdlib.h>

#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/verbs/reply.h"

static int missing(const struct invocation *invocation, const struct aidl_library *library)
{
	char *near = interface_near(library, invocation->argv[0]);
	int result = interface_missing(invocation, library, invocation->argv[0],
				       "of a service: binderctl methods SERVICE", near);

	free(near);
	return result;
}

int verb_describe(struct invocation *invocation)
{
	const struct aidl_declaration *declaration = NULL;
	struct aidl_library *library = NULL;
	int result = interface_library(invocation, NULL, &library);

	if (result == EXIT_OK)
		result = interface_find(invocation, library, invocation->argv[0], &declaration);
	if (result == EXIT_NO_SERVICE)
		result = missing(invocation, library);
	else if (result == EXIT_OK && invocation->json)
		result = reply_print_json(invocation, describe_declaration(declaration));
	else if (result == EXIT_OK)
		aidl_declaration_print(declaration, stdout);
	aidl_library_free(library);
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * help.c: prints the verb table for people.
 */
#include "cli/verb.h"

#include <string.h>

#include "cli/errors.h"

static void print_option(FILE *out, const struct option_spec *option)
{
	char left[48];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s", option->letter ? "-" : "",
		 option->letter ? option->letter : ' ', option->letter ? ", " : "   ", option->name,
		 option->value ? " " : "", option->value ? option->value : "");
	/* Without a letter the blank takes its place. */
	fprintf(out, "  %-24s ", left);
	for (const char *c = option->help; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fprintf(out, "%27s", "");
	}
	fputc('\n', out);
}

int help_print(FILE *out)
{
	fputs("Usage: binderctl [OPTION]... VERB [ARGUMENT]...\n"
	      "       binderctl [OPTION]...              a shell: verbs and Lua\n"
	      "Use, inspect and script Binder services.\n\n",
	      out);
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->hidden)
			fprintf(out, "  %-12s %s\n", verb->name, verb->summary);
	fputs("\nOptions:\n", out);
	for (const struct option_spec *option = global_options; option->name; option++)
		print_option(out, option);
	fputs("\nExit status: 0 done, 1 other failure, 2 usage, 3 no Binder driver, 4 no such\n"
	      "service or no service manager, 5 the service died, 6 it answered with an\n"
	      "exception, 7 timed out; sandbox: that of its command.\n"
	      "\n'binderctl help VERB' says more; 'binderctl sandbox -- COMMAND' needs no set-up.\n",
	      out);
	return EXIT_OK;
}

int help_print_verb(FILE *out, const struct verb *verb)
{
	bool has_options = verb->options[0].name != NULL;

	fprintf(out, "Usage: binderctl %s%s%s%s\n", verb->name, has_options ? " [OPTION]..." : "",
		*verb->arguments ? " " : "", verb->arguments);
	fprintf(out, "%c%s.\n", verb->summary[0] - 'a' + 'A', verb->summary + 1);
	if (has_options) {
		fputc('\n', out);
		for (const struct option_spec *option = verb->options; option->name; option++)
			print_option(out, option);
	}
	if (*verb->details)
		fprintf(out, "\n%s\n", verb->details);
	fprintf(out, "\nExample: %s\n", verb->example);
	return EXIT_OK;
}

int verb_help(struct invocation *invocation)
{
	const struct verb *verb;
	const char *near;

	if (invocation->argc == 0)
		return help_print(stdout);
	verb = verb_find(invocation->argv[0]);
	if (verb)
		return help_print_verb(stdout, verb);
	near = suggest_verb(invocation->argv[0]);
	return fail(invocation, EXIT_USAGE, "binderctl help", "no such verb: %s%s%s%s",
		    invocation->argv[0], near ? " (did you mean " : "", near ? near : "",
		    near ? "?)" : "");
}

int verb_version(struct invocation *invocation)
{
	if (invocation->json)
		puts("{\"program\": \"binderctl\", \"version\": \"" BINDER_VERSION_STRING "\"}");
	else
		puts("binderctl " BINDER_VERSION_STRING);
	return EXIT_OK;
}

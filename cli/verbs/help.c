/* SPDX-License-Identifier: MIT */
/*
 * help.c: prints the verb table for people.
 */
#include "cli/verb.h"

#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/value/sink.h"

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
	for (int i = 0; verbs[i] && !verbs[i]->hidden; i++)
		fprintf(out, "  %-12s %s\n", verbs[i]->name, verbs[i]->summary);
	fputs("\nOptions:\n", out);
	for (const struct option_spec *option = global_options; option->name; option++)
		print_option(out, option);
	fputs("\nExit status: 0 done, 1 other failure, 2 usage, 3 no Binder driver, 4 no such\n"
	      "service or no service manager, 5 the service died, 6 it answered with an\n"
	      "exception, 7 timed out, 8 calls wait, 9 a deadlock (blocked); sandbox: that of its\n"
	      "command.\n"
	      "\n'binderctl help VERB' says more; 'binderctl sandbox -- COMMAND' needs no set-up.\n",
	      out);
	return EXIT_OK;
}

int help_print_verb(FILE *out, const struct verb *verb)
{
	const struct option_spec *options = options_of(verb);

	fprintf(out, "Usage: binderctl %s%s%s%s\n", verb->name, options->name ? " [OPTION]..." : "",
		*verb->arguments ? " " : "", verb->arguments);
	fprintf(out, "%c%s.\n", verb->summary[0] - 'a' + 'A', verb->summary + 1);
	if (options->name) {
		fputc('\n', out);
		for (const struct option_spec *option = options; option->name; option++)
			print_option(out, option);
	}
	if (verb->details)
		fprintf(out, "\n%s\n", verb->details);
	fprintf(out, "\nExample: %s\n", verb->example);
	return EXIT_OK;
}

static int run_help(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	const struct verb *verb;
	const char *near;

	if (arguments->argc == 0)
		return help_print(sink->out);
	verb = verb_find(arguments->argv[0]);
	if (verb)
		return help_print_verb(sink->out, verb);
	near = suggest_verb(arguments->argv[0]);
	return fail(arguments, EXIT_USAGE, "binderctl help", "no such verb: %s%s%s%s",
		    arguments->argv[0], near ? " (did you mean " : "", near ? near : "",
		    near ? "?)" : "");
}

const struct verb verb_help = {
	.name = "help",
	.arguments = "[VERB]",
	.summary = "show this help, or that of a verb",
	.example = "binderctl help call",
	.max_words = 1,
	.run = run_help,
	.complete = complete_verb,
};

static int run_version(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	if (sink->json)
		sink_print(sink,
			   "{\"program\": \"binderctl\", \"version\": \"" BINDER_VERSION_STRING
			   "\"}\n");
	else
		sink_print(sink, "binderctl " BINDER_VERSION_STRING "\n");
	return EXIT_OK;
}

const struct verb verb_version = {
	.name = "version",
	.arguments = "",
	.summary = "show the version",
	.example = "binderctl version",
	.json = true,
	.run = run_version,
};

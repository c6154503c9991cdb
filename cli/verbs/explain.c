/* SPDX-License-Identifier: MIT */
/*
 * explain.c: the verb that says what a number or a name means.  The facts are in
 * explain_table.c; lines of a log are for explain_log.c.
 */
#include "cli/verbs/explain.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/session.h"
#include "cli/value/sink.h"

/* ---- finding --------------------------------------------------------------------- */

static bool to_number(const char *word, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(word, &end, 0);
	/* A negative number as 64 bits, which is how Android prints a status. */
	if (errno == ERANGE && *word != '-') {
		errno = 0;
		*ret = (int64_t)strtoull(word, &end, 0);
		if (*ret < INT32_MIN)
			errno = ERANGE;
	}
	return *word && !*end && !errno;
}

/* With or without STATUS_, EX_, BR_, BC_. */
static bool has_name(const struct fact *fact, const char *word)
{
	static const char *const prefixes[] = { "STATUS_", "EX_", "BR_", "BC_" };

	if (!strcasecmp(fact->name, word))
		return true;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t length = strlen(prefixes[i]);

		if (!strncmp(fact->name, prefixes[i], length) &&
		    !strcasecmp(fact->name + length, word))
			return true;
	}
	return false;
}

static bool matches(const struct fact *fact, const char *word)
{
	int64_t number;

	if (!to_number(word, &number))
		return has_name(fact, word);
	/* 32-bit words are printed with and without a sign. */
	return (uint32_t)fact->number == (uint32_t)number && number >= INT32_MIN &&
	       number <= UINT32_MAX;
}

/* ---- printing ---------------------------------------------------------------------- */

static void print_fact(const struct fact *fact)
{
	printf("%s (%lld", fact->name, (long long)fact->number);
	if (fact->number > 255 || fact->number < -255)
		printf(", 0x%x", (unsigned int)fact->number);
	printf("): %s\n    %s\n", fact->kind, fact->meaning);
	if (fact->cause)
		printf("    usually: %s\n", fact->cause);
}

void explain_print_line(const struct fact *fact)
{
	const char *meaning = fact->meaning;

	/* Sentences begin with a capital; templates begin with what stands in the line. */
	if (meaning && *meaning)
		printf("%c%s.\n", toupper((unsigned char)*meaning), meaning + 1);
	if (fact->cause)
		printf("    usually: %s\n", fact->cause);
}

void explain_fact(const struct fact *fact, json_t *list)
{
	if (list)
		json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s, s:s?}", "kind",
						      fact->kind, "name", fact->name, "number",
						      (json_int_t)fact->number, "meaning",
						      fact->meaning, "cause", fact->cause));
	else
		print_fact(fact);
}

/* kind: of these alone; NULL: of all. */
static int explain_kind(const char *kind, const char *word, json_t *list)
{
	int found = 0;

	for (const struct fact *fact = explain_facts; fact->name; fact++) {
		if (!matches(fact, word) || (kind && strcmp(fact->kind, kind) != 0))
			continue;
		found++;
		explain_fact(fact, list);
	}
	return found;
}

int explain_word(const char *word, json_t *list)
{
	return explain_kind(NULL, word, list);
}

int explain_status(const char *word, json_t *list)
{
	return explain_kind("status", word, list);
}

/* ENOSPC, enospc; 0: it is no errno's name. */
static int errno_of_name(const char *word)
{
	for (int number = 1; number <= EXPLAIN_ERRNO_MOST; number++) {
		const char *name = strerrorname_np(number);

		if (name && !strcasecmp(name, word))
			return -number;
	}
	return 0;
}

/* A small negative number is an errno, too: the driver's extended errors are. */
int explain_errno(const char *word, json_t *list)
{
	int64_t number;
	struct fact fact = { "errno", "errno", 0, NULL, NULL };

	if (!to_number(word, &number))
		number = errno_of_name(word);
	if (number >= 0 || number < -EXPLAIN_ERRNO_MOST || !strerrorname_np((int)-number))
		return 0;
	fact.name = strerrorname_np((int)-number);
	fact.number = number;
	fact.meaning = strerrordesc_np((int)-number);
	explain_fact(&fact, list);
	return 1;
}

/* ---- the verb ------------------------------------------------------------------------------ */

/* The words of a log line may come as one argument or as many. */
static char *join(const struct arguments *arguments)
{
	size_t size = 1;
	char *text;

	for (int i = 0; i < arguments->argc; i++)
		size += strlen(arguments->argv[i]) + 1;
	text = calloc(1, size);
	for (int i = 0; text && i < arguments->argc; i++) {
		if (i)
			strcat(text, " ");
		strcat(text, arguments->argv[i]);
	}
	return text;
}

/* Words that are no line of a log: each is a number or a name. */
static int explain_words(const struct arguments *arguments, json_t *list)
{
	int exit_status = EXIT_OK;

	for (int i = 0; i < arguments->argc; i++) {
		const char *word = arguments->argv[i];

		if (!(explain_word(word, list) + explain_errno(word, list)))
			exit_status = fail(
				arguments, EXIT_OTHER,
				"a number (-32, 29189, 0x5f504e47), a name (DEAD_OBJECT, "
				"EX_SECURITY, BR_FAILED_REPLY, _PNG, ENOSPC), or a line of a log",
				"'%s' is no status, exception, command or code of Binder", word);
	}
	return exit_status;
}

/* Several lines in one argument, as a terminal pastes them. */
static int explain_lines(const struct arguments *arguments, char *text, json_t *list)
{
	FILE *in = fmemopen(text, strlen(text), "r");
	int exit_status;

	if (!in)
		return fail(arguments, EXIT_OTHER, NULL, "no memory");
	exit_status = explain_stream(arguments, in, list);
	fclose(in);
	return exit_status;
}

/* Prints, or makes a list. */
static int explain(const struct arguments *arguments, char *text, json_t *list)
{
	if (!*text && isatty(STDIN_FILENO))
		return fail(arguments, EXIT_USAGE, arguments->verb->example,
			    "expected %s, or the lines of a log on standard input",
			    arguments->verb->arguments);
	if (!*text || !strcmp(text, "-"))
		return explain_stream(arguments, stdin, list);
	if (strchr(text, '\n'))
		return explain_lines(arguments, text, list);
	if (explain_log(text, list) || explain_line(text, list))
		return EXIT_OK;
	return explain_words(arguments, list);
}

static int run_explain(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	json_t *list = json_array();
	char *text = join(arguments);
	int result = EXIT_OK;

	if (!text || !list)
		result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	else if (!sink->json)
		result = explain(arguments, text, NULL);
	/* Standard input is read once. */
	if (result == EXIT_OK && (sink->json || (sink->keeps && *text && strcmp(text, "-") != 0)))
		result = explain(arguments, text, list);
	free(text);
	if (result == EXIT_OK)
		return sink_put_json(sink, list);
	json_decref(list);
	return result;
}

static void complete_fact(const struct completion *completion, int index, const char *word)
{
	for (const struct fact *fact = explain_facts; fact->name; fact++)
		if (!strchr(fact->name, ' '))
			offer_candidate(completion, fact->name, word, "", "");
}

const struct verb verb_explain = {
	.name = "explain",
	.arguments = "[NUMBER|NAME|LOG LINE...|-]",
	.summary = "explain a status, exception, driver command or log line",
	.details =
		"Takes a number as it stands in a log (-32, 29189, 1599098439), a name (DEAD_OBJECT,\n"
		"EX_SECURITY, BR_FAILED_REPLY, _PNG), or a whole line: of the driver's failed log, of\n"
		"dmesg, of logcat.  A number that means several things is explained as each.\n"
		"Without words it reads standard input, and passes over lines that it does not know:\n"
		"dmesg | binderctl explain",
	.example = "binderctl explain 29201",
	.max_words = -1,
	.words_end_options = true,
	.json = true,
	.run = run_explain,
	.complete = complete_fact,
};

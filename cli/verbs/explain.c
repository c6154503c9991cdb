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

#include "cli/errors.h"

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
static char *join(struct invocation *invocation)
{
	size_t size = 1;
	char *text;

	for (int i = 0; i < invocation->argc; i++)
		size += strlen(invocation->argv[i]) + 1;
	text = calloc(1, size);
	for (int i = 0; text && i < invocation->argc; i++) {
		if (i)
			strcat(text, " ");
		strcat(text, invocation->argv[i]);
	}
	return text;
}

/* Words that are no line of a log: each is a number or a name. */
static int explain_words(struct invocation *invocation, json_t *list)
{
	int exit_status = EXIT_OK;

	for (int i = 0; i < invocation->argc; i++) {
		const char *word = invocation->argv[i];

		if (!(explain_word(word, list) + explain_errno(word, list)))
			exit_status = fail(
				invocation, EXIT_OTHER,
				"a number (-32, 29189, 0x5f504e47), a name (DEAD_OBJECT, "
				"EX_SECURITY, BR_FAILED_REPLY, _PNG, ENOSPC), or a line of a log",
				"'%s' is no status, exception, command or code of Binder", word);
	}
	return exit_status;
}

/* Several lines in one argument, as a terminal pastes them. */
static int explain_lines(struct invocation *invocation, char *text, json_t *list)
{
	FILE *in = fmemopen(text, strlen(text), "r");
	int exit_status;

	if (!in)
		return fail(invocation, EXIT_OTHER, NULL, "no memory");
	exit_status = explain_stream(invocation, in, list);
	fclose(in);
	return exit_status;
}

int verb_explain(struct invocation *invocation)
{
	json_t *list = invocation->json ? json_array() : NULL;
	char *text = join(invocation);
	int exit_status = EXIT_OK;

	if (!text || (invocation->json && !list))
		exit_status = fail(invocation, EXIT_OTHER, NULL, "no memory");
	else if (!*text && isatty(STDIN_FILENO))
		exit_status = fail(invocation, EXIT_USAGE, invocation->verb->example,
				   "expected %s, or the lines of a log on standard input",
				   invocation->verb->arguments);
	else if (!*text || !strcmp(text, "-"))
		exit_status = explain_stream(invocation, stdin, list);
	else if (strchr(text, '\n'))
		exit_status = explain_lines(invocation, text, list);
	else if (!explain_log(text, list) && !explain_line(text, list))
		exit_status = explain_words(invocation, list);
	if (list && exit_status == EXIT_OK) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(list);
	free(text);
	return exit_status;
}

void complete_explain(struct invocation *invocation, int index, const char *word)
{
	for (const struct fact *fact = explain_facts; fact->name; fact++)
		if (!strchr(fact->name, ' '))
			offer_candidate(invocation, fact->name, word, "", "");
}

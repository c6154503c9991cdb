/* SPDX-License-Identifier: MIT */
/*
 * explain.c: the verb that says what a number, a name or a line of the failed
 * log means.  The facts are in explain_table.c.
 */
#include "explain.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "errors.h"

/* ---- finding --------------------------------------------------------------------- */

static bool to_number(const char *word, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(word, &end, 0);
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

static json_t *fact_to_json(const struct fact *fact)
{
	return json_pack("{s:s, s:s, s:I, s:s, s:s?}", "kind", fact->kind, "name", fact->name,
			 "number", (json_int_t)fact->number, "meaning", fact->meaning, "cause",
			 fact->cause);
}

/* Every fact about the word; how many there were. */
static int explain_word(const char *word, json_t *list)
{
	int found = 0;

	for (const struct fact *fact = explain_facts; fact->name; fact++) {
		if (!matches(fact, word))
			continue;
		found++;
		if (list)
			json_array_append_new(list, fact_to_json(fact));
		else
			print_fact(fact);
	}
	return found;
}

/* A small negative number is an errno, too: the driver's extended errors are. */
static int explain_errno(const char *word, json_t *list)
{
	int64_t number;
	struct fact fact = { "errno", "errno", 0, NULL, NULL };

	if (!to_number(word, &number) || number >= 0 || number < -133 ||
	    !strerrorname_np((int)-number))
		return 0;
	fact.name = strerrorname_np((int)-number);
	fact.number = number;
	fact.meaning = strerrordesc_np((int)-number);
	if (list)
		json_array_append_new(list, fact_to_json(&fact));
	else
		print_fact(&fact);
	return 1;
}

/* ---- a line of the failed log ----------------------------------------------------------- */

struct log_line {
	char kind[8]; /* empty: the kernel's own log, which says less */
	int from_pid, from_tid, to_pid, to_tid;
	unsigned int command;
	int reason;
};

/* Some word of it is COMMAND/REASON, as in "29189/-22". */
static bool find_result(const char *text, struct log_line *ret)
{
	while (text) {
		int end = 0;

		text += *text == ' ';
		if (sscanf(text, "%u/%d%n", &ret->command, &ret->reason, &end) == 2 &&
		    strchr(" ,", text[end]))
			return true;
		text = strchr(text, ' ');
	}
	return false;
}

static bool parse_log_line(const char *text, struct log_line *ret)
{
	unsigned int id;

	if (!find_result(text, ret))
		return false;
	if (sscanf(text, "%u: %7s from %d:%d to %d:%d", &id, ret->kind, &ret->from_pid,
		   &ret->from_tid, &ret->to_pid, &ret->to_tid) != 6)
		ret->kind[0] = 0;
	return true;
}

static int explain_log_line(const struct log_line *line, json_t *list)
{
	char number[16];
	int found;

	if (!list && line->kind[0])
		printf("A %s from process %d (thread %d) to process %d%s failed:\n\n",
		       !strcmp(line->kind, "async") ? "one-way call" : line->kind, line->from_pid,
		       line->from_tid, line->to_pid,
		       line->to_pid ? "" : " (none: the target was not found, or is dead)");
	snprintf(number, sizeof(number), "%u", line->command);
	found = explain_word(number, list);
	snprintf(number, sizeof(number), "%d", line->reason);
	return found + explain_errno(number, list);
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

int verb_explain(struct invocation *invocation)
{
	json_t *list = invocation->json ? json_array() : NULL;
	char *text = join(invocation);
	struct log_line line;
	int found = 0, exit_status = EXIT_OK;

	if (!text || (invocation->json && !list)) {
		exit_status = fail(invocation, EXIT_OTHER, NULL, "no memory");
		goto out;
	}
	if (parse_log_line(text, &line))
		found = explain_log_line(&line, list);
	for (int i = 0; !found && i < invocation->argc; i++) {
		const char *word = invocation->argv[i];
		int here = explain_word(word, list) + explain_errno(word, list);

		if (!here)
			exit_status = fail(
				invocation, EXIT_OTHER,
				"a number (-32, 29189, 0x5f504e47), a name (DEAD_OBJECT, "
				"EX_SECURITY, BR_FAILED_REPLY, _PNG), or a line of a log",
				"'%s' is no status, exception, command or code of Binder", word);
	}
	if (list && exit_status == EXIT_OK) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
out:
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

/* SPDX-License-Identifier: MIT */
/*
 * explain_input.c: many lines at once, of a log that is pasted or piped.
 *
 * Lines that are not about Binder are passed over, as those of dmesg mostly are.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/errors.h"
#include "cli/verbs/explain.h"
#include "cli/value/text.h"

/* A line of a log, or a word alone. */
static int explain_one(const char *line, json_t *list)
{
	int found = explain_log(line, list);

	if (!found)
		found = explain_line(line, list);
	if (!found && *line && !strpbrk(line, " \t"))
		found = explain_word(line, list) + explain_errno(line, list);
	return found;
}

/* To each of the facts that one line led to. */
static void note_line(json_t *list, size_t from, const char *line)
{
	for (size_t i = from; i < json_array_size(list); i++)
		json_object_set_new(json_array_get(list, i), "line",
				    text_to_json(line, strlen(line)));
}

static bool explain_in_list(const char *line, json_t *list)
{
	size_t before = json_array_size(list);

	if (!explain_one(line, list))
		return false;
	note_line(list, before, line);
	return true;
}

static bool explain_aloud(const char *line)
{
	json_t *probe = json_array();
	bool found = probe && explain_one(line, probe);

	json_decref(probe);
	if (!found)
		return false;
	text_print(stdout, line, false);
	putchar('\n');
	explain_one(line, NULL);
	putchar('\n');
	return true;
}

int explain_stream(const struct arguments *arguments, FILE *in, json_t *list)
{
	size_t size = 0, lines = 0, unknown = 0;
	char *line = NULL;
	int found = 0;

	while (getline(&line, &size, in) >= 0) {
		line[strcspn(line, "\r\n")] = 0;
		lines++;
		if (list ? explain_in_list(line, list) : explain_aloud(line))
			found++;
		else if (strcasestr(line, "binder"))
			unknown++;
	}
	free(line);
	if (found)
		return EXIT_OK;
	return fail(arguments, EXIT_OTHER,
		    "dmesg | binderctl explain; logcat -d | binderctl explain",
		    "none of %zu line%s can be explained%s", lines, lines == 1 ? "" : "s",
		    unknown ? ", although some name Binder" : "");
}

/* SPDX-License-Identifier: MIT */
/*
 * clients.c: `binderctl clients` and `binderctl uses`: who holds a service, and
 * whom a process holds.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/value/sink.h"
#include "cli/value/table.h"
#include "cli/verbs/holding.h"

enum { SERVICE, PID, PROGRAM, UID, OBJECTS, STRONG, WEAK, DEATHS, COLUMNS };

/* The other one of the two: the holder for `clients`, the owner for `uses`. */
static const struct table_column columns[COLUMNS] = {
	[SERVICE] = { "service", "SERVICE" },
	[PID] = { "pid", "PID", .number = true },
	[PROGRAM] = { "program", "PROGRAM" },
	[UID] = { "uid", "UID", .number = true, .hidden = true },
	[OBJECTS] = { "objects", "OBJECTS", .number = true },
	[STRONG] = { "strong", "STRONG", .number = true },
	[WEAK] = { "weak", "WEAK", .number = true },
	[DEATHS] = { "deaths", "DEATHS", .number = true },
};

static void put(struct table *table, const struct source *source, const struct holding *holding,
		int other)
{
	const struct state *state = source->state;
	char program[64];
	int64_t uid;

	table_row(table);
	table_text(table, SERVICE, holding->name);
	table_number(table, OBJECTS, holding->objects);
	table_number(table, STRONG, holding->strong);
	table_number(table, WEAK, holding->weak);
	table_number(table, DEATHS, holding->deaths);
	if (other == STATE_NONE) {
		table_text(table, PROGRAM, holding_no_owner(holding));
		return;
	}
	source_program(source, state->process[other].pid, &uid, program, sizeof(program));
	table_number(table, PID, state->process[other].pid);
	table_text(table, PROGRAM, *program ? program : NULL);
	if (uid >= 0)
		table_number(table, UID, uid);
}

/* A service by its name alone; a process by all of its objects. */
static bool is_service(const struct source *source, const char *word)
{
	for (int i = 0; i < source->state->name_count; i++)
		if (!strcmp(source->state->name[i].name, word))
			return true;
	return false;
}

static void fill(struct table *table, const struct source *source, const struct holdings *holdings,
		 const bool *wanted, const char *service, bool clients)
{
	for (int i = 0; i < holdings->count; i++) {
		const struct holding *holding = &holdings->item[i];

		if (!clients && wanted[holding->holder])
			put(table, source, holding, holding->owner);
		if (clients && holding->owner != STATE_NONE && wanted[holding->owner] &&
		    (!service || (holding->name && !strcmp(holding->name, service))))
			put(table, source, holding, holding->holder);
	}
}

static int show(struct source *source, const struct arguments *arguments, struct sink *sink,
		bool clients)
{
	const char *sort = option_value(arguments, "sort"), *word = arguments->argv[0];
	bool *wanted = calloc((size_t)source->state->process_count + 1, 1);
	struct table *table = table_new(columns, COLUMNS);
	struct holdings holdings = { 0 };
	int result = EXIT_OK;

	if (!wanted || !table || holdings_read(source, &holdings) < 0)
		result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	if (result == EXIT_OK)
		result = source_find(source, word, wanted);
	if (result == EXIT_OK) {
		bool all = option_value(arguments, "all") || !is_service(source, word);

		fill(table, source, &holdings, wanted,
		     all ? NULL : holdings_name(source->state, word), clients);
		result = table_sort(table, arguments, sort ? sort : "objects");
	}
	if (result == EXIT_OK)
		result = table_put(table, sink,
				   clients ? "nobody that you may look at holds it" :
					     "it holds no object of another process");
	holdings_free(&holdings);
	table_free(table);
	free(wanted);
	return result;
}

static int run(struct session *session, const struct arguments *arguments, struct sink *sink,
	       bool clients)
{
	struct source source;
	int result = source_open(&source, session, "state", false);

	if (result == EXIT_OK) {
		source_learn_nodes(&source, NULL);
		result = show(&source, arguments, sink, clients);
	}
	source_close(&source);
	return result;
}

static int run_clients(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	return run(session, arguments, sink, true);
}

static int run_uses(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return run(session, arguments, sink, false);
}

#define OPTION_SORT \
	{ \
		"sort", 0, "COLUMN", \
			"by this column; -COLUMN: the other way round (default: objects)" \
	}

static const struct option_spec clients_options[] = {
	{ "all", 'a', NULL, "who holds any object of the service's process" },
	OPTION_SORT,
	OPTION_FROM,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

static const struct option_spec uses_options[] = {
	OPTION_SORT,
	OPTION_FROM,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_clients = {
	.name = "clients",
	.arguments = "SERVICE|PID|PROGRAM",
	.summary = "show which processes hold a service",
	.details =
		"The service manager is one of them.  STRONG and WEAK count references, DEATHS who\n"
		"wants to hear of the end.  For a pid or a program: who holds any of its objects.",
	.example = "binderctl clients media.player",
	.options = clients_options,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_clients,
	.complete = complete_service,
};

const struct verb verb_uses = {
	.name = "uses",
	.arguments = "SERVICE|PID|PROGRAM",
	.summary = "show which services and processes a process holds",
	.details =
		"A line for each service, and one for all objects without a name of each process.",
	.example = "binderctl uses media.player",
	.options = uses_options,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_uses,
	.complete = complete_service,
};

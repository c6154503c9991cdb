/* SPDX-License-Identifier: MIT */
/*
 * proxies.c: `binderctl proxies`: what processes hold, by interface and owner, and
 * how that grows.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/value/sink.h"
#include "cli/value/table.h"
#include "cli/verbs/again.h"
#include "cli/verbs/holding.h"
#include "cli/verbs/state_words.h"

enum {
	PID,
	PROGRAM,
	GROWN,
	OBJECTS,
	STRONG,
	DEATHS,
	OWNER_PID,
	OWNER,
	SERVICE,
	INTERFACE,
	COLUMNS
};

static const struct table_column columns[COLUMNS] = {
	[PID] = { "pid", "PID", .number = true },
	[PROGRAM] = { "program", "PROGRAM" },
	[GROWN] = { "grown", "GROWN", .number = true, .hidden = true },
	[OBJECTS] = { "objects", "OBJECTS", .number = true },
	[STRONG] = { "strong", "STRONG", .number = true },
	[DEATHS] = { "deaths", "DEATHS", .number = true },
	[OWNER_PID] = { "owner", "OWNER", .number = true },
	[OWNER] = { "owner_program", "OF" },
	[SERVICE] = { "service", "SERVICE", .hidden = true },
	[INTERFACE] = { "interface", "INTERFACE" },
};

static const char watch_columns[] = "pid,program,grown,objects,owner,owner_program,interface";

/* How many there were when the watching began. */
struct before {
	int pid, owner;
	char *name;
	int64_t objects;
};

struct proxies {
	const struct arguments *arguments;
	struct before *before;
	int count;
	bool has_before;
};

static const struct before *find_before(const struct proxies *p, int pid, int owner,
					const char *name)
{
	for (int i = 0; i < p->count; i++)
		if (p->before[i].pid == pid && p->before[i].owner == owner &&
		    !strcmp(p->before[i].name, name ? name : ""))
			return &p->before[i];
	return NULL;
}

static int pid_of(const struct state *state, int process)
{
	return process == STATE_NONE ? 0 : state->process[process].pid;
}

/* False: no memory. */
static bool keep_before(struct proxies *p, const struct state *state,
			const struct holdings *holdings)
{
	p->before = calloc((size_t)holdings->count + 1, sizeof(*p->before));
	p->has_before = true;
	for (int i = 0; p->before && i < holdings->count; i++) {
		const struct holding *holding = &holdings->item[i];

		p->before[i] = (struct before){ .pid = pid_of(state, holding->holder),
						.owner = pid_of(state, holding->owner),
						.name = strdup(holding->name ? holding->name : ""),
						.objects = holding->objects };
		if (!p->before[i].name)
			return false;
		p->count++;
	}
	return p->before;
}

static void put_program(struct table *table, const struct source *source, int process, int pid,
			int program)
{
	char name[64];
	int64_t uid;

	source_program(source, source->state->process[process].pid, &uid, name, sizeof(name));
	table_number(table, (size_t)pid, source->state->process[process].pid);
	table_text(table, (size_t)program, *name ? name : NULL);
}

static void put(struct table *table, struct proxies *p, struct words *words,
		const struct holding *holding)
{
	struct source *source = words->source;
	const struct state *state = source->state;
	int context = state->process[holding->holder].context;
	const char *interface = holding->name ? words_interface(words, context, holding->name) :
						NULL;
	const struct before *before = find_before(p, pid_of(state, holding->holder),
						  pid_of(state, holding->owner), holding->name);

	table_row(table);
	put_program(table, source, holding->holder, PID, PROGRAM);
	table_number(table, GROWN, holding->objects - (before ? before->objects : 0));
	table_number(table, OBJECTS, holding->objects);
	table_number(table, STRONG, holding->strong);
	table_number(table, DEATHS, holding->deaths);
	if (holding->owner == STATE_NONE)
		table_text(table, OWNER, holding_no_owner(holding));
	else
		put_program(table, source, holding->owner, OWNER_PID, OWNER);
	table_text(table, SERVICE, holding->name);
	/* Of an object without a name the driver knows no interface. */
	table_text(table, INTERFACE, interface && *interface ? interface : holding->name);
}

static int show(struct proxies *p, struct source *source, struct sink *sink)
{
	const struct arguments *arguments = p->arguments;
	const char *sort = option_value(arguments, "sort");
	bool watch = option_value(arguments, "watch");
	bool *wanted = calloc((size_t)source->state->process_count + 1, 1);
	struct table *table = table_new(columns, COLUMNS);
	struct holdings holdings = { 0 };
	struct words words;
	int result = EXIT_OK;

	words_begin(&words, source);
	if (!wanted || !table || holdings_read(source, &holdings) < 0 ||
	    (!p->has_before && !keep_before(p, source->state, &holdings)))
		result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	for (int i = 0; i < arguments->argc && result == EXIT_OK; i++)
		result = source_find(source, arguments->argv[i], wanted);
	for (int i = 0; result == EXIT_OK && i < holdings.count; i++)
		if (!arguments->argc || wanted[holdings.item[i].holder])
			put(table, p, &words, &holdings.item[i]);
	if (result == EXIT_OK)
		result = table_sort(table, arguments, "objects");
	if (result == EXIT_OK && (sort || watch))
		result = table_sort(table, arguments, sort ? sort : "grown");
	if (result == EXIT_OK && watch)
		result = table_choose(table, arguments, watch_columns);
	if (result == EXIT_OK)
		result = table_put(table, sink, "nobody holds an object of another process");
	words_end(&words);
	holdings_free(&holdings);
	table_free(table);
	free(wanted);
	return result;
}

static int once(struct session *session, struct sink *sink, void *cookie)
{
	struct source source;
	int result = source_open(&source, session, "state", false);

	if (result == EXIT_OK) {
		source_learn_nodes(&source, NULL);
		result = show(cookie, &source, sink);
	}
	source_close(&source);
	return result;
}

static int run_proxies(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	struct proxies proxies = { .arguments = arguments };
	int result = again_run(session, sink, once, &proxies);

	for (int i = 0; i < proxies.count; i++)
		free(proxies.before[i].name);
	free(proxies.before);
	return result;
}

static const struct option_spec proxies_options[] = {
	{ "sort", 0, "COLUMN", "by this column; -COLUMN: the other way round (default: objects)" },
	OPTION_WATCH,
	OPTION_FROM,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_proxies = {
	.name = "proxies",
	.arguments = "[PID|PROGRAM|SERVICE]...",
	.summary = "count what processes hold of others, and what grows",
	.details =
		"A process that never releases what it gets ends at a limit; here it is on top.\n"
		"--watch shows again and again how many more there are than at the beginning, those\n"
		"that grow first.  Objects without a name have no interface that the driver knows:\n"
		"their owner is shown.",
	.example = "binderctl proxies --watch",
	.options = proxies_options,
	.timeout_ms = 5000,
	.max_words = -1,
	.json = true,
	.run = run_proxies,
	.complete = complete_service,
};

/* SPDX-License-Identifier: MIT */
/*
 * ps.c: `binderctl ps`: the processes of a device, with what they have and use.
 */
#include <fnmatch.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/value/sink.h"
#include "cli/value/table.h"
#include "cli/verbs/state_source.h"

enum {
	PID,
	CONTEXT,
	USER,
	UID,
	BUSY,
	STARTED,
	MAX,
	NODES,
	REFS,
	BUFFER,
	ONEWAY_FREE,
	QUEUE,
	PROGRAM,
	SERVICES,
	COLUMNS,
};

static const struct table_column columns[COLUMNS] = {
	[PID] = { "pid", "PID", .number = true },
	[CONTEXT] = { "device", "DEVICE", .hidden = true },
	[USER] = { "user", "USER" },
	[UID] = { "uid", "UID", .number = true, .hidden = true },
	[BUSY] = { "busy", "BUSY", .number = true },
	[STARTED] = { "threads", "THREADS", .number = true },
	[MAX] = { "max", "MAX", .number = true },
	[NODES] = { "nodes", "NODES", .number = true },
	[REFS] = { "refs", "REFS", .number = true },
	[BUFFER] = { "buffer", "BUFFER", .number = true },
	[ONEWAY_FREE] = { "oneway_free", "ONEWAY", .number = true },
	[QUEUE] = { "queue", "QUEUE", .number = true },
	[PROGRAM] = { "program", "PROGRAM" },
	[SERVICES] = { "services", "SERVICES" },
};

static void number(struct table *table, size_t column, int64_t value)
{
	if (value != STATE_NONE)
		table_number(table, column, value);
}

/* Until the next call.  A look-up may take long, and rows of one user are neighbours. */
static const char *user_name(int64_t uid)
{
	static int64_t last = -1;
	static char name[64];
	const struct passwd *entry;

	if (uid == last)
		return name;
	entry = uid < 0 ? NULL : getpwuid((uid_t)uid);
	if (entry)
		snprintf(name, sizeof(name), "%s", entry->pw_name);
	else
		snprintf(name, sizeof(name), "%lld", (long long)uid);
	last = uid;
	return name;
}

/* Threads that serve a call, or wait for the reply to one of their own. */
static int count_busy(const struct state *state, const struct state_process *process)
{
	int busy = 0;

	for (int at = process->first_thread; at != STATE_NONE; at = state->thread[at].next)
		busy += state_top(state, &state->thread[at]) != STATE_NONE;
	return busy;
}

static void put_services(struct table *table, const struct state *state,
			 const struct state_process *process)
{
	json_t *list = json_array();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; out && list && i < state->name_count; i++) {
		if (state->name[i].pid != process->pid ||
		    state->name[i].context != process->context)
			continue;
		fprintf(out, "%s%s", json_array_size(list) ? ", " : "", state->name[i].name);
		json_array_append_new(list, json_string(state->name[i].name));
	}
	if (out && fclose(out) == 0 && *text)
		table_text(table, SERVICES, text);
	table_json(table, SERVICES, list);
	free(text);
}

static int64_t known(int64_t told, int64_t counted, bool has)
{
	return told != STATE_NONE ? told : has ? counted : STATE_NONE;
}

static void put_process(struct table *table, struct source *source, int index)
{
	const struct state *state = source->state;
	const struct state_process *process = &state->process[index];
	bool all = process->has_threads;
	char program[64];
	int64_t uid;

	source_program(source, process->pid, &uid, program, sizeof(program));
	table_row(table);
	table_number(table, PID, process->pid);
	table_text(table, CONTEXT, state->context[process->context]);
	if (uid >= 0) {
		table_text(table, USER, user_name(uid));
		table_number(table, UID, uid);
	}
	table_text(table, PROGRAM, *program ? program : NULL);
	table_number(table, BUSY, count_busy(state, process));
	number(table, STARTED, known(process->threads, process->thread_count, all));
	number(table, MAX, process->max_threads);
	number(table, NODES, known(process->nodes, process->node_count, all));
	number(table, REFS, known(process->refs, process->ref_count, all));
	table_number(table, BUFFER, process->buffer_bytes);
	number(table, ONEWAY_FREE, process->free_oneway);
	table_number(table, QUEUE, process->queue);
	put_services(table, state, process);
}

/* One device's, as a rule: a kernel's text has those of all. */
static bool is_shown(const struct source *source, const struct state_process *process)
{
	if (source_is_self(source, process->pid))
		return false;
	return !source->connection || option_value(source->session->arguments, "all-devices") ||
	       source->device[0].context == STATE_NONE ||
	       process->context == source->device[0].context;
}

static int fill(struct table *table, struct source *source, const bool *wanted)
{
	for (int i = 0; i < source->state->process_count; i++)
		if ((!wanted || wanted[i]) && is_shown(source, &source->state->process[i]))
			put_process(table, source, i);
	return EXIT_OK;
}

static int show(struct source *source, const struct arguments *arguments, struct sink *sink)
{
	const char *sort = option_value(arguments, "sort"),
		   *chosen = option_value(arguments, "output");
	bool *wanted = arguments->argc ? calloc((size_t)source->state->process_count + 1, 1) : NULL;
	struct table *table = table_new(columns, COLUMNS);
	int result = EXIT_OK;

	if (!table || (arguments->argc && !wanted))
		result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	for (int i = 0; i < arguments->argc && result == EXIT_OK; i++)
		result = source_find(source, arguments->argv[i], wanted);
	if (result == EXIT_OK)
		result = fill(table, source, wanted);
	if (result == EXIT_OK)
		result = table_sort(table, arguments, sort ? sort : "-pid");
	if (result == EXIT_OK && chosen)
		result = table_choose(table, arguments, chosen);
	if (result == EXIT_OK)
		result = table_put(table, sink,
				   "no process that you may look at has the device open");
	table_free(table);
	free(wanted);
	return result;
}

static int run_ps(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct source source;
	int result = source_open(&source, session, "stats", option_value(arguments, "all-devices"));

	if (result == EXIT_OK)
		result = source_read_more(&source, "transactions");
	if (result == EXIT_OK) {
		source_learn_processes(&source);
		result = show(&source, arguments, sink);
	}
	source_close(&source);
	return result;
}

static const struct option_spec ps_options[] = {
	{ "sort", 0, "COLUMN", "by this column; -COLUMN: the other way round (default: pid)" },
	{ "output", 'o', "COLUMNS", "these columns, as in pid,refs,program" },
	{ "all-devices", 'a', NULL, "of the other devices in the folder, too" },
	OPTION_FROM,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_ps = {
	.name = "ps",
	.arguments = "[PID|PROGRAM|SERVICE]...",
	.summary = "list the processes of a device with their threads, objects and buffers",
	.details =
		"BUSY threads serve a call or wait for a reply; THREADS is all that have used the\n"
		"device, MAX how many the driver may ask for.  NODES are objects, REFS references to\n"
		"those of others.  BUFFER is bytes of calls and replies that are not freed, ONEWAY what\n"
		"is left for one-way calls, QUEUE calls that no thread has read.\n"
		"More columns for -o: device, uid.",
	.example = "binderctl ps --sort refs",
	.options = ps_options,
	.timeout_ms = 5000,
	.max_words = -1,
	.json = true,
	.run = run_ps,
	.complete = complete_service,
};

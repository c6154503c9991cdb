/* SPDX-License-Identifier: MIT */
/*
 * list_columns.c: `binderctl list` with other columns, as a tree, or of what is
 * declared and missing.
 */
#include "cli/verbs/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <android/binder_manager.h>

#include "cli/errors.h"
#include "cli/value/table.h"
#include "cli/value/text.h"
#include "cli/verbs/holding.h"
#include "cli/verbs/input.h"
#include "cli/verbs/state_words.h"
#include "cli/verbs/vintf.h"

#define LONGEST_MANIFEST (16 << 20)

enum { NAME, PID, UID, HANDLE, PROGRAM, CLIENTS, THREADS, BUSY, DECLARED, DESCRIPTOR, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[NAME] = { "name", "NAME" },
	[PID] = { "pid", "PID", .number = true },
	[UID] = { "uid", "UID", .number = true, .hidden = true },
	[HANDLE] = { "handle", "HANDLE", .number = true, .hidden = true },
	[PROGRAM] = { "program", "PROGRAM", .hidden = true },
	[CLIENTS] = { "clients", "CLIENTS", .number = true, .hidden = true },
	[THREADS] = { "threads", "THREADS", .number = true, .hidden = true },
	[BUSY] = { "busy", "BUSY", .number = true, .hidden = true },
	[DECLARED] = { "declared", "DECLARED", .hidden = true },
	[DESCRIPTOR] = { "descriptor", "DESCRIPTOR" },
};

bool list_wants(const struct arguments *arguments, const char *column)
{
	const char *chosen = option_value(arguments, "output");
	const char *sort = option_value(arguments, "sort");
	size_t size = strlen(column);

	if (sort && !strcmp(sort + (*sort == '-'), column))
		return true;
	while (chosen && *chosen) {
		size_t length = strcspn(chosen, ",");

		if (length == size && !memcmp(chosen, column, size))
			return true;
		chosen += length + (chosen[length] == ',');
	}
	/* BUSY comes with THREADS. */
	return !strcmp(column, "threads") && list_wants(arguments, "busy");
}

/* ---- what only the driver knows --------------------------------------------------- */

static void count_clients(const struct source *source, const struct holdings *holdings,
			  struct list_row *row)
{
	const char *name = holdings_name(source->state, row->name);

	row->clients = 0;
	for (int i = 0; i < holdings->count; i++) {
		const struct holding *holding = &holdings->item[i];
		const struct state_process *holder = &source->state->process[holding->holder];

		if (holding->name && !strcmp(holding->name, name) &&
		    holder->context == source->device[0].context)
			row->clients++;
	}
}

static void count_threads(const struct source *source, struct list_row *row)
{
	int process = state_find_process(source->state, source->device[0].context, row->pid);
	struct words_pool pool;

	if (process == STATE_NONE)
		return;
	pool = words_pool_of(source->state, process);
	row->threads = pool.threads;
	row->busy = pool.busy;
}

int list_ask_driver(struct session *session, struct list_rows *rows)
{
	struct source source;
	struct holdings holdings = { 0 };
	int result = source_open(&source, session, "state", false);

	if (result == EXIT_OK) {
		source_learn_nodes(&source, NULL);
		if (holdings_read(&source, &holdings) < 0)
			result = fail(session->arguments, EXIT_OTHER, NULL, "out of memory");
	}
	for (size_t i = 0; result == EXIT_OK && i < rows->count; i++) {
		count_clients(&source, &holdings, &rows->row[i]);
		count_threads(&source, &rows->row[i]);
	}
	holdings_free(&holdings);
	source_close(&source);
	return result;
}

void list_ask_declared(struct list_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		rows->row[i].declared = AServiceManager_isDeclared(rows->row[i].name);
}

/* ---- columns ---------------------------------------------------------------------- */

static void number(struct table *table, size_t column, int64_t value)
{
	if (value >= 0)
		table_number(table, column, value);
}

static void put_row(struct table *table, const struct list_row *row)
{
	table_row(table);
	table_text(table, NAME, row->name);
	if (row->pid > 0)
		table_number(table, PID, row->pid);
	number(table, UID, row->uid);
	number(table, HANDLE, row->handle);
	table_text(table, PROGRAM, *row->process ? row->process : NULL);
	number(table, CLIENTS, row->clients);
	number(table, THREADS, row->threads);
	number(table, BUSY, row->busy);
	if (row->declared >= 0) {
		table_text(table, DECLARED, row->declared ? "yes" : "no");
		table_json(table, DECLARED, json_boolean(row->declared));
	}
	table_text(table, DESCRIPTOR, row->descriptor);
}

int list_put_columns(const struct list_rows *rows, const struct arguments *arguments,
		     struct sink *sink)
{
	const char *sort = option_value(arguments, "sort");
	const char *chosen = option_value(arguments, "output");
	struct table *table = table_new(columns, COLUMNS);
	int result = EXIT_OK;

	if (!table)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	for (size_t i = 0; i < rows->count; i++)
		put_row(table, &rows->row[i]);
	if (chosen)
		result = table_choose(table, arguments, chosen);
	if (result == EXIT_OK && sort)
		result = table_sort(table, arguments, sort);
	if (result == EXIT_OK)
		result = table_put(table, sink, NULL);
	table_free(table);
	return result;
}

/* ---- a tree ----------------------------------------------------------------------- */

/* What the service manager does not tell the process of comes last. */
static int by_process(const void *a, const void *b)
{
	const struct list_row *left = a, *right = b;
	unsigned int left_pid = (unsigned int)left->pid, right_pid = (unsigned int)right->pid;

	if (left_pid != right_pid)
		return left_pid < right_pid ? -1 : 1;
	return strcmp(left->name, right->name);
}

static void tree_to_text(const void *what, struct sink *sink)
{
	const struct list_rows *rows = what;

	for (size_t i = 0; i < rows->count; i++) {
		const struct list_row *row = &rows->row[i];

		if (!i || row->pid != row[-1].pid) {
			if (row->pid > 0)
				sink_print(sink, "%d", (int)row->pid);
			else
				sink_print(sink, "?");
			if (*row->process) {
				sink_print(sink, " ");
				sink_text(sink, 8, row->process, false);
			}
			if (row->uid >= 0)
				sink_print(sink, " (uid %lld)", (long long)row->uid);
			sink_print(sink, "\n");
		}
		sink_print(sink, "    %s", row->name);
		if (row->descriptor && *row->descriptor) {
			sink_print(sink, "  ");
			sink_text(sink, (int)strlen(row->name) + 6, row->descriptor, false);
		}
		sink_print(sink, "\n");
	}
}

static json_t *tree_to_json(const void *what)
{
	const struct list_rows *rows = what;
	json_t *list = json_array(), *services = NULL;

	for (size_t i = 0; list && i < rows->count; i++) {
		const struct list_row *row = &rows->row[i];

		if (!i || row->pid != row[-1].pid) {
			services = json_array();
			json_array_append_new(list, json_pack("{s:i, s:I, s:s?, s:o}", "pid",
							      (int)row->pid, "uid",
							      (json_int_t)row->uid, "program",
							      *row->process ? row->process : NULL,
							      "services", services));
		}
		json_array_append_new(services, json_pack("{s:s, s:s?}", "name", row->name,
							  "descriptor", row->descriptor));
	}
	return list;
}

int list_put_tree(struct list_rows *rows, struct sink *sink)
{
	if (rows->count)
		qsort(rows->row, rows->count, sizeof(*rows->row), by_process);
	return sink_put(sink, rows, tree_to_json, tree_to_text);
}

/* ---- what is missing -------------------------------------------------------------- */

struct names {
	char **name;
	size_t count;
	bool no_memory;
};

static bool add_name(const char *name, void *cookie)
{
	struct names *names = cookie;
	char **grown = reallocarray(names->name, names->count + 1, sizeof(*grown));

	if (grown)
		names->name = grown;
	if (grown)
		grown[names->count] = strdup(name);
	names->no_memory |= !grown || !grown[names->count];
	names->count += !names->no_memory;
	return !names->no_memory;
}

static void names_end(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_there(const struct names *there, const char *name)
{
	return there->count &&
	       bsearch(&name, there->name, there->count, sizeof(*there->name), by_text);
}

/* Those that are there go out of the list. */
static void keep_missing(struct names *declared, const struct names *there)
{
	size_t kept = 0;

	for (size_t i = 0; i < declared->count; i++) {
		char *name = declared->name[i];
		bool again = kept && !strcmp(declared->name[kept - 1], name);

		if (again || is_there(there, name))
			free(name);
		else
			declared->name[kept++] = name;
	}
	declared->count = kept;
}

static json_t *names_to_json(const void *what)
{
	const struct names *names = what;
	json_t *list = json_array();

	for (size_t i = 0; list && i < names->count; i++)
		json_array_append_new(list, text_to_json(names->name[i], strlen(names->name[i])));
	return list;
}

static void names_to_text(const void *what, struct sink *sink)
{
	const struct names *names = what;

	for (size_t i = 0; i < names->count; i++) {
		sink_text(sink, 0, names->name[i], false);
		sink_print(sink, "\n");
	}
}

static int read_manifest(const struct arguments *arguments, struct names *declared)
{
	const char *file = option_value(arguments, "missing");
	char *text = NULL;
	int result = input_read(arguments, file, LONGEST_MANIFEST, &text), r;

	if (result != EXIT_OK)
		return result;
	r = vintf_names(text, add_name, declared);
	free(text);
	if (r == -EINVAL)
		return fail(arguments, EXIT_USAGE,
			    "the manifest.xml of /vendor/etc/vintf, or the file of servicemanager "
			    "--manifest",
			    "%s: it is no manifest of services", file);
	return r < 0 ? fail(arguments, EXIT_OTHER, NULL, "out of memory") : EXIT_OK;
}

static int list_there(struct session *session, struct names *there)
{
	ABinderConnection *connection = NULL;
	binder_status_t status;
	int result = session_open(session, &connection);

	if (result != EXIT_OK)
		return result;
	status = AServiceManager_listOn(connection, add_name, there);
	if (status == STATUS_DEAD_OBJECT)
		result = session_no_manager(session, connection);
	else if (status != STATUS_OK)
		result = fail_status(session->arguments, status, "manager");
	session_close(session, connection);
	return result;
}

int list_missing(struct session *session, struct sink *sink)
{
	struct names declared = { 0 }, there = { 0 };
	int result = read_manifest(session->arguments, &declared);

	if (result == EXIT_OK)
		result = list_there(session, &there);
	if (result == EXIT_OK && (declared.no_memory || there.no_memory))
		result = fail(session->arguments, EXIT_OTHER, NULL, "out of memory");
	if (result == EXIT_OK) {
		if (declared.count)
			qsort(declared.name, declared.count, sizeof(*declared.name), by_text);
		if (there.count)
			qsort(there.name, there.count, sizeof(*there.name), by_text);
		keep_missing(&declared, &there);
		result = sink_put(sink, &declared, names_to_json, names_to_text);
	}
	if (result == EXIT_OK && declared.count)
		result = EXIT_NO_SERVICE;
	names_end(&declared);
	names_end(&there);
	return result;
}

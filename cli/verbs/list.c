/* SPDX-License-Identifier: MIT */
/*
 * list.c: `binderctl list`.  Asks the service manager for names and pids, each
 * service for its descriptor, and prints a table or JSON.
 *
 * list_columns.c shows other columns, a tree, or what is missing.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/session.h"
#include "cli/value/sink.h"
#include "cli/value/text.h"
#include "cli/verbs/list.h"
#include "cli/verbs/owner.h"
#include "cli/verbs/state_source.h"

#define DESCRIPTOR_TIMEOUT_MS 1000

static bool add_row(const char *name, pid_t pid, void *cookie)
{
	struct list_rows *rows = cookie;
	struct list_row *grown = reallocarray(rows->row, rows->count + 1, sizeof(*grown));
	char *copy = strdup(name);

	if (grown)
		rows->row = grown;
	if (!grown || !copy) {
		free(copy);
		rows->out_of_memory = true;
		return false;
	}
	rows->row[rows->count++] = (struct list_row){ .name = copy,
						      .registered = pid,
						      .uid = -1,
						      .handle = -1,
						      .clients = -1,
						      .busy = -1,
						      .threads = -1,
						      .declared = -1 };
	return true;
}

static bool add_name(const char *name, void *cookie)
{
	return add_row(name, 0, cookie);
}

static void rows_free(struct list_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->row[i].name);
		free(rows->row[i].descriptor);
		AIBinder_decStrong(rows->row[i].binder);
	}
	free(rows->row);
}

/* ---- asking ------------------------------------------------------------------- */

/*
 * Most services answer at once: first this thread asks them one after the other,
 * each for a moment only.  The rest is asked by several threads; a service that
 * hangs holds up one of them.  A process that hangs may have thousands of names:
 * once one of them does not answer, its others are asked last, and briefly, so
 * that they take no time from those of other processes.
 */
enum round { ALONE, TOGETHER, PUT_OFF };

#define MAX_ASKERS 16

struct asking {
	struct session *session;
	ABinderConnection *connection;
	struct list_rows *rows;
	atomic_size_t next;
	enum round round;
	bool slow; /* ALONE: one did not answer at once, so the rest is asked together */
};

static int time_limit(const struct asking *asking)
{
	static const int most[] = { [ALONE] = 50, [TOGETHER] = 1000, [PUT_OFF] = 50 };
	int left = session_left(asking->session);

	return left >= 0 && left < most[asking->round] ? left : most[asking->round];
}

/* The others of its process wait for the next round. */
static void put_off_others_of(const struct asking *asking, pid_t pid)
{
	for (size_t i = 0; pid > 0 && i < asking->rows->count; i++)
		if (asking->rows->row[i].registered == pid)
			atomic_store(&asking->rows->row[i].put_off, asking->round + 1);
}

static void ask(struct asking *asking, struct list_row *row)
{
	ABinderConnection *connection = asking->connection;
	AIBinder *binder = NULL;
	uint32_t handle;

	row->pid = row->registered > 0 ? row->registered : -1;
	row->asked = true;
	if (!strcmp(row->name, "manager"))
		row->status = ABinderConnection_getContextManager(connection, &binder);
	else
		row->status = AServiceManager_checkOn(connection, row->name, &binder);
	if (row->status != STATUS_OK)
		return;
	if (AIBinder_getHandle(binder, &handle) == STATUS_OK)
		row->handle = handle;
	row->status = session_descriptor(binder, time_limit(asking), &row->descriptor);
	if (row->status == STATUS_TIMED_OUT && asking->round != PUT_OFF)
		put_off_others_of(asking, row->registered);
	if (row->status == STATUS_TIMED_OUT && asking->round == ALONE) {
		row->asked = false;
		asking->slow = true;
	}
	/* Where the service manager does not tell, the object itself may. */
	if (row->pid < 0 && row->status == STATUS_OK)
		AIBinder_fetchDebugPid(binder, &row->pid);
	AIBinder_decStrong(row->binder); /* of the round before */
	row->binder = binder;
}

static void *ask_some(void *cookie)
{
	struct asking *asking = cookie;
	size_t i;

	session_adopt(asking->session);
	while (!asking->slow && (i = atomic_fetch_add(&asking->next, 1)) < asking->rows->count &&
	       !session_interrupted(asking->session)) {
		struct list_row *row = &asking->rows->row[i];

		if (!row->asked && atomic_load(&row->put_off) <= (int)asking->round)
			ask(asking, row);
	}
	return NULL;
}

static size_t count_left(const struct list_rows *rows)
{
	size_t left = 0;

	for (size_t i = 0; i < rows->count; i++)
		left += !rows->row[i].asked;
	return left;
}

static void ask_all(struct session *session, ABinderConnection *connection, struct list_rows *rows)
{
	struct asking asking = { .session = session, .connection = connection, .rows = rows };
	pthread_t asker[MAX_ASKERS];

	for (asking.round = ALONE; asking.round <= PUT_OFF; asking.round++) {
		size_t left = asking.round == ALONE ? 0 : count_left(rows), count = 0;

		atomic_store(&asking.next, 0);
		asking.slow = false;
		/* This thread is one of them, and the only one if need be. */
		while (count + 1 < left && count < MAX_ASKERS - 1 &&
		       pthread_create(&asker[count], NULL, ask_some, &asking) == 0)
			count++;
		ask_some(&asking);
		while (count)
			pthread_join(asker[--count], NULL);
	}
}

/* Objects of libgbinder and of HIDL do not say whose they are; the driver may. */
static void ask_driver(ABinderConnection *connection, struct list_rows *rows)
{
	struct owners *owners = NULL;
	bool wanted = false;

	for (size_t i = 0; i < rows->count; i++)
		wanted |= rows->row[i].pid <= 0 && rows->row[i].handle >= 0;
	if (wanted)
		owners = owners_read(connection, DESCRIPTOR_TIMEOUT_MS);
	for (size_t i = 0; owners && i < rows->count; i++) {
		struct list_row *row = &rows->row[i];

		if (row->pid > 0 || row->handle < 0)
			continue;
		row->pid = owners_find(owners, (uint32_t)row->handle);
	}
	owners_free(owners);
}

/* Names of a process are neighbours in no order: what was read last is kept. */
static void look_at_processes(struct list_rows *rows)
{
	const struct list_row *last = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		struct list_row *row = &rows->row[i];

		if (last && last->pid == row->pid) {
			row->uid = last->uid;
			memcpy(row->process, last->process, sizeof(row->process));
		} else {
			session_process(row->pid, &row->uid, row->process, sizeof(row->process));
		}
		last = row;
	}
}

static int gather(struct session *session, ABinderConnection *connection, struct list_rows *rows)
{
	const struct arguments *arguments = session->arguments;
	binder_status_t status = AServiceManager_debugInfoOn(connection, add_row, rows);

	if (status != STATUS_OK && status != STATUS_DEAD_OBJECT && status != STATUS_TIMED_OUT &&
	    status != STATUS_INTERRUPTED && !rows->out_of_memory) {
		/* An older service manager knows names alone. */
		rows_free(rows);
		rows->row = NULL;
		rows->count = 0;
		status = AServiceManager_listOn(connection, add_name, rows);
	}
	if (rows->out_of_memory)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	if (status == STATUS_OK) {
		ask_all(session, connection, rows);
		ask_driver(connection, rows);
		if (rows->processes)
			look_at_processes(rows);
	}
	if (session_lost_driver(connection))
		return session_no_driver_any_more(session, connection);
	if (status == STATUS_DEAD_OBJECT)
		return session_no_manager(session, connection);
	if (status != STATUS_OK) {
		int result = session_wrong_dialect(session, connection, status);

		return result != EXIT_OK ? result : fail_status(arguments, status, "manager");
	}
	if (session_interrupted(session))
		return fail_status(arguments, STATUS_INTERRUPTED, "manager");
	return EXIT_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct list_row *)a)->name, ((const struct list_row *)b)->name);
}

/* What stands for the descriptor of a service that has not told it. */
static const char *silence(const struct list_row *row)
{
	switch (row->status) {
	case STATUS_TIMED_OUT:
		return "? (does not answer)";
	case STATUS_DEAD_OBJECT:
	case STATUS_NAME_NOT_FOUND:
		return "? (has gone)";
	default:
		return "?";
	}
}

static int wider(int width, const char *text)
{
	return (int)strlen(text) > width ? (int)strlen(text) : width;
}

/* "?" where it is not known. */
static const char *number(long long value, char text[static 24])
{
	snprintf(text, 24, value >= 0 ? "%lld" : "?", value);
	return text;
}

static void print_details(const struct list_row *row, int program, struct sink *sink)
{
	char uid[24], handle[24];
	char *process = text_shown(*row->process ? row->process : "?", 60);

	sink_print(sink, "%-6s %-6s %-*s ", number(row->uid, uid), number(row->handle, handle),
		   program, process ? process : "?");
	free(process);
}

static void to_text(const void *what, struct sink *sink)
{
	const struct list_rows *rows = what;
	int width = strlen("NAME"), program = strlen("PROGRAM"), column;
	char pid[24];

	for (size_t i = 0; i < rows->count; i++) {
		width = wider(width, rows->row[i].name);
		program = wider(program, rows->row[i].process);
	}
	column = sink_print(sink, "%-*s  %-6s ", width, "NAME", "PID");
	if (rows->details)
		column += sink_print(sink, "%-6s %-6s %-*s ", "UID", "HANDLE", program, "PROGRAM");
	sink_print(sink, "DESCRIPTOR\n");
	for (size_t i = 0; i < rows->count; i++) {
		const struct list_row *row = &rows->row[i];

		sink_print(sink, "%-*s  %-6s ", width, row->name,
			   number(row->pid > 0 ? row->pid : -1, pid));
		if (rows->details)
			print_details(row, program, sink);
		sink_text(sink, column, row->descriptor ? row->descriptor : silence(row), false);
		sink_print(sink, "\n");
	}
	if (rows->details)
		sink_print(sink, "\nDialect: %s\n", rows->dialect ? rows->dialect : "?");
}

/* A service that does not answer may be alive. */
static json_t *aliveness(const struct list_row *row)
{
	switch (row->status) {
	case STATUS_OK:
	case STATUS_UNKNOWN_TRANSACTION:
		return json_true();
	case STATUS_DEAD_OBJECT:
	case STATUS_NAME_NOT_FOUND:
		return json_false();
	default:
		return json_null();
	}
}

static json_t *to_json(const void *what)
{
	const struct list_rows *rows = what;
	json_t *list = json_array();
	int failed = !list;

	for (size_t i = 0; i < rows->count && !failed; i++) {
		const struct list_row *row = &rows->row[i];

		failed = json_array_append_new(
			list, json_pack("{s:s, s:i, s:I, s:I, s:s?, s:s?, s:o}", "name", row->name,
					"pid", (int)row->pid, "uid", (json_int_t)row->uid, "handle",
					(json_int_t)row->handle, "program",
					*row->process ? row->process : NULL, "descriptor",
					row->descriptor, "alive", aliveness(row)));
	}
	if (!failed)
		return list;
	json_decref(list);
	return NULL;
}

static int show(struct list_rows *rows, ABinderConnection *connection,
		const struct arguments *arguments, struct sink *sink)
{
	if (rows->count)
		qsort(rows->row, rows->count, sizeof(*rows->row), by_name);
	if (rows->details)
		rows->dialect = ABinderConnection_getAndroid(connection, NULL);
	if (option_value(arguments, "output") || option_value(arguments, "sort"))
		return list_put_columns(rows, arguments, sink);
	if (option_value(arguments, "tree"))
		return list_put_tree(rows, sink);
	return sink_put(sink, rows, to_json, to_text);
}

/* Columns of which only the driver knows take questions of their own. */
static int learn(struct session *session, const struct arguments *arguments, struct list_rows *rows)
{
	int result = EXIT_OK;

	if (list_wants(arguments, "clients") || list_wants(arguments, "threads"))
		result = list_ask_driver(session, rows);
	if (result == EXIT_OK && list_wants(arguments, "declared"))
		list_ask_declared(rows);
	return result;
}

static int run_list(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct list_rows rows = { .details = option_value(arguments, "long") };
	ABinderConnection *connection = NULL;
	int result;

	if (option_value(arguments, "missing"))
		return list_missing(session, sink);
	result = session_open(session, &connection);
	if (result != EXIT_OK)
		return result;
	/* Reading /proc takes longer than a service does to answer. */
	rows.processes = rows.details || sink->json || sink->keeps ||
			 option_value(arguments, "output") || option_value(arguments, "sort") ||
			 option_value(arguments, "tree");
	result = gather(session, connection, &rows);
	if (result == EXIT_OK)
		result = learn(session, arguments, &rows);
	if (result == EXIT_OK)
		result = show(&rows, connection, arguments, sink);
	/* The connection first: then no reference has to be given back one by one. */
	session_close(session, connection);
	rows_free(&rows);
	return result;
}

static const struct option_spec list_options[] = {
	{ "long", 'l', NULL, "also show uid, handle and program" },
	{ "output", 'o', "COLUMNS", "these columns, as in name,pid,clients,threads" },
	{ "sort", 0, "COLUMN", "by this column; -COLUMN: the other way round" },
	{ "tree", 0, NULL, "below each process its services" },
	{ "missing", 0, "FILE", "only names that this manifest declares and that are not there" },
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_list = {
	.name = "list",
	.arguments = "",
	.summary = "list the registered services",
	.details =
		"Shows each name, the process behind it and the interface that it says it has.\n"
		"All are asked at once; one that does not answer within a second is marked.\n"
		"Columns for -o: name, pid, uid, handle, program, descriptor, clients (processes\n"
		"that hold it), threads, busy, declared.  --missing takes a VINTF manifest,\n"
		"or one of servicemanager's; exit status 4: something is missing.",
	.example = "binderctl list",
	.options = list_options,
	.timeout_ms = 5000,
	.json = true,
	.run = run_list,
};

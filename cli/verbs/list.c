/* SPDX-License-Identifier: MIT */
/*
 * list.c: `binderctl list`.  Asks the service manager for names and pids, each
 * service for its descriptor, and prints a table or JSON.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/errors.h"
#include "cli/value/text.h"
#include "cli/session.h"

#define DESCRIPTOR_TIMEOUT_MS 1000

struct row {
	char *name;
	pid_t registered; /* whose name it is, as the service manager knows; <= 0: it does not */
	pid_t pid;
	int64_t uid;
	int64_t handle; /* -1: unknown */
	char process[64];
	char *descriptor;       /* NULL: no answer */
	binder_status_t status; /* why */
	bool asked;
	atomic_bool put_off; /* another service of its process did not answer */
};

struct rows {
	struct row *row;
	size_t count;
	bool out_of_memory;
};

static bool add_row(const char *name, pid_t pid, void *cookie)
{
	struct rows *rows = cookie;
	struct row *grown = reallocarray(rows->row, rows->count + 1, sizeof(*grown));
	char *copy = strdup(name);

	if (grown)
		rows->row = grown;
	if (!grown || !copy) {
		free(copy);
		rows->out_of_memory = true;
		return false;
	}
	rows->row[rows->count++] =
		(struct row){ .name = copy, .registered = pid, .uid = -1, .handle = -1 };
	return true;
}

static bool add_name(const char *name, void *cookie)
{
	return add_row(name, 0, cookie);
}

static void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->row[i].name);
		free(rows->row[i].descriptor);
	}
	free(rows->row);
}

/* ---- asking, all at once ----------------------------------------------------- */

/*
 * Each of these has a question under way; a service that hangs holds up one of
 * them.  A process that hangs may have thousands of names: once one of them
 * does not answer, its others are asked last, and briefly, so that they take no
 * time from those of other processes.
 */
#define MAX_ASKERS 16
#define PUT_OFF_TIMEOUT_MS 50

struct asking {
	const struct invocation *invocation;
	ABinderConnection *connection;
	struct rows *rows;
	atomic_size_t next;
	bool last; /* now those that were put off */
};

static int patience(const struct asking *asking)
{
	int left = session_left(asking->invocation);
	int most = asking->last ? PUT_OFF_TIMEOUT_MS : DESCRIPTOR_TIMEOUT_MS;

	return left >= 0 && left < most ? left : most;
}

static void put_off_others_of(const struct asking *asking, pid_t pid)
{
	for (size_t i = 0; pid > 0 && i < asking->rows->count; i++)
		if (asking->rows->row[i].registered == pid)
			atomic_store(&asking->rows->row[i].put_off, true);
}

static void ask(const struct asking *asking, struct row *row)
{
	ABinderConnection *connection = asking->connection;
	AIBinder *binder = NULL;
	uint32_t handle;

	row->pid = row->registered > 0 ? row->registered : -1;
	if (!strcmp(row->name, "manager"))
		row->status = ABinderConnection_getContextManager(connection, &binder);
	else
		row->status = AServiceManager_checkOn(connection, row->name, &binder);
	if (row->status != STATUS_OK)
		return;
	if (AIBinder_getHandle(binder, &handle) == STATUS_OK)
		row->handle = handle;
	row->status = session_descriptor(binder, patience(asking), &row->descriptor);
	if (row->status == STATUS_TIMED_OUT && !asking->last)
		put_off_others_of(asking, row->registered);
	/* Where the service manager does not tell, the object itself may. */
	if (row->pid < 0 && row->status == STATUS_OK)
		AIBinder_fetchDebugPid(binder, &row->pid);
	AIBinder_decStrong(binder);
	session_process(row->pid, &row->uid, row->process, sizeof(row->process));
}

static void *ask_some(void *cookie)
{
	struct asking *asking = cookie;
	size_t i;

	while ((i = atomic_fetch_add(&asking->next, 1)) < asking->rows->count) {
		struct row *row = &asking->rows->row[i];

		if (row->asked || (!asking->last && atomic_load(&row->put_off)))
			continue;
		ask(asking, row);
		row->asked = true;
	}
	return NULL;
}

static void ask_with_help(struct asking *asking)
{
	pthread_t asker[MAX_ASKERS];
	size_t count = 0;

	/* This thread is one of them, and the only one if need be. */
	while (count + 1 < asking->rows->count && count < MAX_ASKERS - 1 &&
	       pthread_create(&asker[count], NULL, ask_some, asking) == 0)
		count++;
	ask_some(asking);
	while (count)
		pthread_join(asker[--count], NULL);
}

static void ask_all(const struct invocation *invocation, ABinderConnection *connection,
		    struct rows *rows)
{
	struct asking asking = { .invocation = invocation, .connection = connection, .rows = rows };

	ask_with_help(&asking);
	asking.last = true;
	atomic_store(&asking.next, 0);
	ask_with_help(&asking);
}

static int gather(const struct invocation *invocation, ABinderConnection *connection,
		  struct rows *rows)
{
	binder_status_t status = AServiceManager_debugInfoOn(connection, add_row, rows);

	if (status != STATUS_OK && status != STATUS_DEAD_OBJECT && status != STATUS_TIMED_OUT &&
	    !rows->out_of_memory) {
		/* An older service manager knows names alone. */
		rows_free(rows);
		*rows = (struct rows){ 0 };
		status = AServiceManager_listOn(connection, add_name, rows);
	}
	if (rows->out_of_memory)
		return fail(invocation, EXIT_OTHER, NULL, "out of memory");
	if (status == STATUS_OK)
		ask_all(invocation, connection, rows);
	if (session_lost_driver(connection))
		return session_no_driver_any_more(invocation, connection);
	if (status == STATUS_DEAD_OBJECT)
		return session_no_manager(invocation, connection);
	if (status != STATUS_OK) {
		int result = session_wrong_dialect(invocation, connection, status);

		return result != EXIT_OK ? result : fail_status(invocation, status, "manager");
	}
	return EXIT_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

/* What stands for the descriptor of a service that has not told it. */
static const char *silence(const struct row *row)
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

static void print_table(const struct rows *rows, const char *dialect, bool details)
{
	int width = strlen("NAME"), program = strlen("PROGRAM");

	for (size_t i = 0; i < rows->count; i++) {
		width = wider(width, rows->row[i].name);
		program = wider(program, rows->row[i].process);
	}
	if (details)
		printf("%-*s  %-6s %-6s %-6s %-*s %s\n", width, "NAME", "PID", "UID", "HANDLE",
		       program, "PROGRAM", "DESCRIPTOR");
	else
		printf("%-*s  %-6s %s\n", width, "NAME", "PID", "DESCRIPTOR");
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];
		char pid[16] = "?", uid[24] = "?", handle[24] = "?";

		if (row->pid > 0)
			snprintf(pid, sizeof(pid), "%d", (int)row->pid);
		if (row->uid >= 0)
			snprintf(uid, sizeof(uid), "%lld", (long long)row->uid);
		if (row->handle >= 0)
			snprintf(handle, sizeof(handle), "%lld", (long long)row->handle);
		printf("%-*s  %-6s ", width, row->name, pid);
		if (details) {
			char *process = text_shown(*row->process ? row->process : "?", 60);

			printf("%-6s %-6s %-*s ", uid, handle, program, process ? process : "?");
			free(process);
		}
		text_print(stdout, row->descriptor ? row->descriptor : silence(row), false);
		putchar('\n');
	}
	if (details)
		printf("\nDialect: %s\n", dialect ? dialect : "?");
}

/* Who does not answer may live: nobody can tell. */
static json_t *aliveness(const struct row *row)
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

static int print_json(const struct invocation *invocation, const struct rows *rows)
{
	json_t *list = json_array();
	int failed = !list;

	for (size_t i = 0; i < rows->count && !failed; i++) {
		const struct row *row = &rows->row[i];
		json_t *item = json_pack("{s:s, s:i, s:I, s:I, s:s?, s:s?, s:o}", "name", row->name,
					 "pid", (int)row->pid, "uid", (json_int_t)row->uid,
					 "handle", (json_int_t)row->handle, "program",
					 *row->process ? row->process : NULL, "descriptor",
					 row->descriptor, "alive", aliveness(row));
		failed = json_array_append_new(list, item);
	}
	if (!failed)
		failed = json_dumpf(list, stdout, JSON_INDENT(2));
	json_decref(list);
	if (failed)
		return fail(invocation, EXIT_OTHER, NULL, "cannot make JSON of the list");
	putchar('\n');
	return EXIT_OK;
}

int verb_list(struct invocation *invocation)
{
	ABinderConnection *connection = NULL;
	struct rows rows = { 0 };
	int result = session_open(invocation, &connection);

	if (result != EXIT_OK)
		return result;
	result = gather(invocation, connection, &rows);
	if (result == EXIT_OK) {
		if (rows.count)
			qsort(rows.row, rows.count, sizeof(*rows.row), by_name);
		if (invocation->json)
			result = print_json(invocation, &rows);
		else
			print_table(&rows, ABinderConnection_getAndroid(connection, NULL),
				    option_value(invocation, "long") != NULL);
	}
	rows_free(&rows);
	ABinderConnection_close(connection);
	return result;
}

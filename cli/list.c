/* SPDX-License-Identifier: MIT */
/*
 * list.c: `binderctl list`.  Asks the service manager for names and pids, each
 * service for its descriptor, and prints a table or JSON.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "errors.h"
#include "world.h"

/* A service that hangs must not hang the list. */
#define DESCRIPTOR_TIMEOUT_MS 1000

struct row {
	char *name;
	pid_t pid;
	int64_t uid;
	int64_t handle; /* -1: unknown */
	char process[32];
	char *descriptor; /* NULL: no answer */
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
		(struct row){ .name = copy, .pid = pid, .uid = -1, .handle = -1 };
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

static void ask(ABinderConnection *connection, struct row *row)
{
	AIBinder *binder = NULL;
	binder_status_t status;
	uint32_t handle;

	if (!strcmp(row->name, "manager"))
		status = ABinderConnection_getContextManager(connection, &binder);
	else
		status = AServiceManager_checkOn(connection, row->name, &binder);
	if (status != STATUS_OK)
		return;
	if (AIBinder_getHandle(binder, &handle) == STATUS_OK)
		row->handle = handle;
	/* Where the service manager does not tell, the object itself may. */
	if (row->pid <= 0)
		AIBinder_fetchDebugPid(binder, &row->pid);
	world_descriptor(binder, DESCRIPTOR_TIMEOUT_MS, &row->descriptor);
	AIBinder_decStrong(binder);
	world_process(row->pid, &row->uid, row->process, sizeof(row->process));
}

static int gather(const struct invocation *invocation, ABinderConnection *connection,
		  struct rows *rows)
{
	binder_status_t status = AServiceManager_debugInfoOn(connection, add_row, rows);

	if (status != STATUS_OK && status != STATUS_DEAD_OBJECT && !rows->out_of_memory) {
		/* An older service manager knows names alone. */
		rows_free(rows);
		*rows = (struct rows){ 0 };
		status = AServiceManager_listOn(connection, add_name, rows);
	}
	if (rows->out_of_memory)
		return fail(invocation, EXIT_OTHER, NULL, "out of memory");
	if (status == STATUS_DEAD_OBJECT)
		return fail(invocation, EXIT_NO_SERVICE, "binderctl up",
			    "no service manager: the "
			    "driver is there, but nobody serves its handle 0");
	if (status != STATUS_OK)
		return fail_status(invocation, status, "manager");
	for (size_t i = 0; i < rows->count; i++)
		ask(connection, &rows->row[i]);
	return EXIT_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static void print_table(const struct rows *rows, bool details)
{
	int width = strlen("NAME");

	for (size_t i = 0; i < rows->count; i++)
		if ((int)strlen(rows->row[i].name) > width)
			width = strlen(rows->row[i].name);
	if (details)
		printf("%-*s  %-6s %-6s %-6s %-15s %s\n", width, "NAME", "PID", "UID", "HANDLE",
		       "PROGRAM", "DESCRIPTOR");
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
		if (details)
			printf("%-6s %-6s %-15s ", uid, handle, *row->process ? row->process : "?");
		puts(row->descriptor ? row->descriptor : "?");
	}
}

static int print_json(const struct invocation *invocation, const struct rows *rows)
{
	json_t *list = json_array();
	int failed = !list;

	for (size_t i = 0; i < rows->count && !failed; i++) {
		const struct row *row = &rows->row[i];
		json_t *item = json_pack("{s:s, s:i, s:I, s:I, s:s, s:s?}", "name", row->name,
					 "pid", (int)row->pid, "uid", (json_int_t)row->uid,
					 "handle", (json_int_t)row->handle, "program", row->process,
					 "descriptor", row->descriptor);
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
	int result = world_open(invocation, &connection);

	if (result != EXIT_OK)
		return result;
	result = gather(invocation, connection, &rows);
	if (result == EXIT_OK) {
		qsort(rows.row, rows.count, sizeof(*rows.row), by_name);
		if (invocation->json)
			result = print_json(invocation, &rows);
		else
			print_table(&rows, option_value(invocation, "long") != NULL);
	}
	rows_free(&rows);
	ABinderConnection_close(connection);
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * top.h: what the files of `binderctl top` offer one another.
 *
 * top.c counts and prints tables, screen.c shows one on a terminal; both take their lines from
 * table.c, which gets the threads of services from load.c.
 */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "cli/watch/live.h"
#include "cli/watch/selection.h"
#include "cli/watch/totals.h"

/* ---- load.c ---------------------------------------------------------------------- */

/* Of one process, as the driver shows it. */
struct load {
	pid_t pid;
	bool known;       /* the driver has told */
	unsigned busy;    /* threads that handle a call */
	unsigned threads; /* threads that serve */
	unsigned queued;  /* transactions that no thread has read yet */
};

/* Asks the driver.  A process that cannot be seen is not known. */
void load_read(ABinderConnection *connection, struct load *load);

/* ---- table.c --------------------------------------------------------------------- */

enum table_sort { SORT_CALLS, SORT_BYTES, SORT_P95, SORT_MAX, SORT_FAILED, SORT_NAME };

struct table {
	struct totals *totals;
	enum table_sort sort;
	bool reversed;
	char filter[64]; /* part of "target.method"; "": all */
	size_t count;
	const struct total *row[TOTALS_MOST];
	struct load load[TOTALS_MOST]; /* of the row of the same place */
	/* Of all rows, the filter aside. */
	double calls_rate, bytes_rate;
	uint64_t failed;
};

/* The names of table_sort, NULL behind the last. */
extern const char *const table_sort_name[];

/* Chooses and sorts the rows.  most: so many of them are given their load. */
void table_make(struct table *table, ABinderConnection *connection, size_t most);
/* One line of at most so many columns, without a line's end. */
void table_print_head(const struct table *table, int columns, FILE *out);
void table_print_row(const struct table *table, size_t row, int columns, FILE *out);
/* An array; NULL: no memory. */
json_t *table_to_json(const struct table *table);
/* "12.3k", at most six columns. */
void table_print_number(double number, char text[16]);

/* ---- screen.c -------------------------------------------------------------------- */

struct top {
	struct session *session;
	const struct arguments *arguments;
	struct live live;
	struct selection selection;
	struct totals *totals;
	struct table table;
	double interval; /* seconds */
	long long begun; /* session_now() at the beginning of the interval */
	uint64_t taken;  /* calls that were counted */
	bool failed;     /* no memory for one */
};

/* Takes what is there by now, and ends the interval when its time has come: *ended.
 * timeout_ms: how long it may wait.  An enum exit_status. */
int top_wait(struct top *top, int timeout_ms, bool *ended);
/* Shows the table until the user, a signal or the session's deadline ends it. */
int screen_run(struct top *top);

#endif

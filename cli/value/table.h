/* SPDX-License-Identifier: MIT */
/*
 * table.h: rows of what a verb has found, which become a table for people that
 * fits their terminal, or a JSON array of objects.
 *
 * A verb fills in cells by column; sorting, choosing columns and fitting are the same for all.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/value/sink.h"

#define TABLE_MAX_COLUMNS 24

struct table_column {
	const char *key;   /* in JSON, for --sort and -o */
	const char *title; /* in the table; NULL: JSON alone */
	bool number;       /* right-aligned, the largest first */
	bool hidden;       /* shown in a table only when it is asked for */
};

struct table;

/* columns: TABLE_MAX_COLUMNS at most; they outlive the table.  NULL: no memory. */
struct table *table_new(const struct table_column *columns, size_t count);
void table_free(struct table *table);

/* The cells that follow are of a new row.  A cell that is not filled in is "-", in JSON null. */
void table_row(struct table *table);
void table_number(struct table *table, size_t column, int64_t number);
/* Text from elsewhere; NULL: none. */
void table_text(struct table *table, size_t column, const char *text);
/* JSON of its own for a cell with a text; takes it. */
void table_json(struct table *table, size_t column, json_t *json);
/* By a column's key; "-key" the other way round.  Reports a wrong one: an enum exit_status. */
int table_sort(struct table *table, const struct arguments *arguments, const char *by);
/* Only these columns, in that order: "name,pid".  Likewise. */
int table_choose(struct table *table, const struct arguments *arguments, const char *keys);

/* The whole answer of a verb; nothing: a line for people when there is no row.  Likewise. */
int table_put(struct table *table, struct sink *sink, const char *nothing);

#endif

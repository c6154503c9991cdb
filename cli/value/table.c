/* SPDX-License-Identifier: MIT */
/*
 * table.c: a table for people or JSON for programs; see table.h.
 *
 * Called by the verbs that show many things of a kind.
 */
#include "cli/value/table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/value/text.h"

/* Columns are shrunk to this at most; the last one goes on in the next line. */
#define NARROW 12

struct cell {
	enum { CELL_NONE, CELL_NUMBER, CELL_TEXT } kind;
	int64_t number;
	char *text; /* printable */
	char *raw;  /* as it came; for JSON and for sorting */
	json_t *json;
};

struct table {
	const struct table_column *column;
	size_t column_count;
	struct cell *cell; /* rows of column_count each */
	size_t *order;     /* of rows */
	size_t row_count;
	size_t shown[TABLE_MAX_COLUMNS], shown_count;
	bool chosen; /* by the user: JSON has these alone */
	bool no_memory;
};

struct table *table_new(const struct table_column *columns, size_t count)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->column = columns;
	table->column_count = count;
	for (size_t i = 0; i < count; i++)
		if (columns[i].title && !columns[i].hidden)
			table->shown[table->shown_count++] = i;
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->row_count * table->column_count; i++) {
		free(table->cell[i].text);
		free(table->cell[i].raw);
		json_decref(table->cell[i].json);
	}
	free(table->cell);
	free(table->order);
	free(table);
}

/* ---- filling in ------------------------------------------------------------------ */

/* Room for 8, 16, 32, ... rows. */
static bool make_room(struct table *table)
{
	size_t count = table->row_count, room = count ? 2 * count : 8;
	struct cell *cell;
	size_t *order;

	if (count && (count < 8 || (count & (count - 1))))
		return true;
	cell = reallocarray(table->cell, room * table->column_count, sizeof(*cell));
	if (cell)
		table->cell = cell;
	order = reallocarray(table->order, room, sizeof(*order));
	if (order)
		table->order = order;
	return cell && order;
}

void table_row(struct table *table)
{
	if (table->no_memory || !make_room(table)) {
		table->no_memory = true;
		return;
	}
	memset(table->cell + table->row_count * table->column_count, 0,
	       table->column_count * sizeof(*table->cell));
	table->order[table->row_count] = table->row_count;
	table->row_count++;
}

/* Of the latest row; NULL: there is none. */
static struct cell *cell_of(struct table *table, size_t column)
{
	if (table->no_memory || !table->row_count)
		return NULL;
	return &table->cell[(table->row_count - 1) * table->column_count + column];
}

void table_number(struct table *table, size_t column, int64_t number)
{
	struct cell *cell = cell_of(table, column);

	if (cell)
		*cell = (struct cell){ .kind = CELL_NUMBER, .number = number };
}

void table_text(struct table *table, size_t column, const char *text)
{
	struct cell *cell = cell_of(table, column);

	if (!cell || !text)
		return;
	cell->kind = CELL_TEXT;
	cell->raw = strdup(text);
	cell->text = text_shown(text, 4096);
	table->no_memory |= !cell->raw || !cell->text;
}

void table_json(struct table *table, size_t column, json_t *json)
{
	struct cell *cell = cell_of(table, column);

	if (cell)
		cell->json = json;
	else
		json_decref(json);
	table->no_memory |= !json;
}

/* ---- choosing and sorting -------------------------------------------------------- */

/* "pid, name or ..." of all columns. */
static int no_column(const struct table *table, const struct arguments *arguments,
		     const char *option, const char *word, size_t size)
{
	char keys[400] = "";

	for (size_t i = 0; i < table->column_count; i++)
		if (table->column[i].title &&
		    strlen(keys) + strlen(table->column[i].key) + 3 < sizeof(keys))
			snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys), "%s%s",
				 *keys ? ", " : "", table->column[i].key);
	return fail(arguments, EXIT_USAGE, keys, "--%s: there is no column '%.*s'", option,
		    (int)size, word);
}

/* table->column_count: there is none. */
static size_t find_column(const struct table *table, const char *key, size_t size)
{
	size_t i = 0;

	while (i < table->column_count &&
	       (strlen(table->column[i].key) != size || memcmp(table->column[i].key, key, size)))
		i++;
	return i < table->column_count && table->column[i].title ? i : table->column_count;
}

int table_choose(struct table *table, const struct arguments *arguments, const char *keys)
{
	size_t chosen[TABLE_MAX_COLUMNS], count = 0;

	for (const char *at = keys; *at;) {
		size_t size = strcspn(at, ","), column = find_column(table, at, size);

		if (column == table->column_count || count == TABLE_MAX_COLUMNS)
			return no_column(table, arguments, "output", at, size);
		chosen[count++] = column;
		at += size + (at[size] == ',');
	}
	if (!count)
		return no_column(table, arguments, "output", "", 0);
	memcpy(table->shown, chosen, sizeof(chosen));
	table->shown_count = count;
	table->chosen = true;
	return EXIT_OK;
}

struct order {
	const struct table *table;
	size_t column;
	bool reverse;
};

/* What is not known comes last, either way. */
static int compare_cells(const struct cell *a, const struct cell *b, const struct order *order)
{
	int result;

	if (a->kind == CELL_NONE || b->kind == CELL_NONE)
		return (a->kind == CELL_NONE) - (b->kind == CELL_NONE);
	if (a->kind == CELL_NUMBER && b->kind == CELL_NUMBER)
		result = (a->number < b->number) - (a->number > b->number);
	else
		result = strcmp(a->raw ? a->raw : "", b->raw ? b->raw : "");
	return order->reverse ? -result : result;
}

static int compare_rows(const void *a, const void *b, void *cookie)
{
	const struct order *order = cookie;
	const struct table *table = order->table;
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	int result = compare_cells(&table->cell[left * table->column_count + order->column],
				   &table->cell[right * table->column_count + order->column],
				   order);

	return result ? result : (left > right) - (left < right);
}

int table_sort(struct table *table, const struct arguments *arguments, const char *by)
{
	struct order order = { .table = table, .reverse = *by == '-' };

	by += order.reverse;
	order.column = find_column(table, by, strlen(by));
	if (order.column == table->column_count)
		return no_column(table, arguments, "sort", by, strlen(by));
	if (table->row_count)
		qsort_r(table->order, table->row_count, sizeof(*table->order), compare_rows,
			&order);
	return EXIT_OK;
}

/* ---- text ------------------------------------------------------------------------ */

/* A character takes a column. */
static int columns_of(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static const char *words_of(const struct cell *cell, char buffer[static 24])
{
	switch (cell->kind) {
	case CELL_NUMBER:
		snprintf(buffer, 24, "%lld", (long long)cell->number);
		return buffer;
	case CELL_TEXT:
		return cell->text && *cell->text ? cell->text : "-";
	default:
		return "-";
	}
}

static const struct cell *shown_cell(const struct table *table, size_t row, size_t shown)
{
	return &table->cell[table->order[row] * table->column_count + table->shown[shown]];
}

/* How wide each column would be, then as wide as the terminal lets it be. */
static void measure(const struct table *table, const struct sink *sink,
		    int width[static TABLE_MAX_COLUMNS])
{
	char buffer[24];
	int sum = 0;

	for (size_t i = 0; i < table->shown_count; i++) {
		width[i] = columns_of(table->column[table->shown[i]].title);
		for (size_t row = 0; row < table->row_count; row++) {
			int columns = columns_of(words_of(shown_cell(table, row, i), buffer));

			if (columns > width[i])
				width[i] = columns;
		}
		sum += width[i] + (i ? 2 : 0);
	}
	/* The widest text first; the last column has lines of its own. */
	while (sink->width && sum > sink->width) {
		size_t widest = table->shown_count;

		for (size_t i = 0; i < table->shown_count; i++)
			if (!table->column[table->shown[i]].number && width[i] > NARROW &&
			    (widest == table->shown_count || width[i] > width[widest]))
				widest = i;
		if (widest == table->shown_count)
			return;
		width[widest]--;
		sum--;
	}
}

/* The end of a name says more than its beginning: ".." stands for what is missing there. */
static void print_cut(struct sink *sink, const char *text, int width)
{
	int skip = columns_of(text) - width;

	if (skip > 0) {
		for (skip += 2; *text && skip; text++)
			skip -= ((unsigned char)text[1] & 0xc0) != 0x80;
		sink_print(sink, "..%s", text);
	} else {
		sink_print(sink, "%s%*s", text, -skip, "");
	}
}

static void print_row(const struct table *table, struct sink *sink, const int *width, size_t row)
{
	char buffer[24];
	int column = 0;

	for (size_t i = 0; i < table->shown_count; i++) {
		bool last = i + 1 == table->shown_count;
		const char *words = words_of(shown_cell(table, row, i), buffer);

		if (table->column[table->shown[i]].number)
			sink_print(sink, "%*s", width[i], words);
		else if (last)
			sink_text(sink, column, words, false);
		else
			print_cut(sink, words, width[i]);
		column += width[i] + 2;
		sink_print(sink, last ? "\n" : "  ");
	}
}

static void print(const struct table *table, struct sink *sink)
{
	int width[TABLE_MAX_COLUMNS] = { 0 };

	measure(table, sink, width);
	for (size_t i = 0; i < table->shown_count; i++) {
		const struct table_column *column = &table->column[table->shown[i]];
		bool last = i + 1 == table->shown_count;

		sink_print(sink, "%*s%s",
			   column->number ? width[i] :
			   last           ? 0 :
					    -width[i],
			   column->title, last ? "\n" : "  ");
	}
	for (size_t row = 0; row < table->row_count; row++)
		print_row(table, sink, width, row);
}

/* ---- JSON ------------------------------------------------------------------------ */

static json_t *value_of(const struct cell *cell)
{
	if (cell->json)
		return json_incref(cell->json);
	switch (cell->kind) {
	case CELL_NUMBER:
		return json_integer(cell->number);
	case CELL_TEXT:
		return text_to_json(cell->raw, strlen(cell->raw));
	default:
		return json_null();
	}
}

static json_t *row_to_json(const struct table *table, size_t row)
{
	size_t count = table->chosen ? table->shown_count : table->column_count;
	json_t *object = json_object();

	for (size_t i = 0; object && i < count; i++) {
		size_t column = table->chosen ? table->shown[i] : i;
		const struct cell *cell =
			&table->cell[table->order[row] * table->column_count + column];

		if (json_object_set_new(object, table->column[column].key, value_of(cell)) < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *to_json(const void *what)
{
	const struct table *table = what;
	json_t *list = table->no_memory ? NULL : json_array();

	for (size_t row = 0; list && row < table->row_count; row++) {
		if (json_array_append_new(list, row_to_json(table, row)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

struct answer {
	const struct table *table;
	const char *nothing;
};

static json_t *answer_to_json(const void *what)
{
	return to_json(((const struct answer *)what)->table);
}

static void answer_to_text(const void *what, struct sink *sink)
{
	const struct answer *answer = what;

	if (!answer->table->row_count && answer->nothing)
		sink_print(sink, "%s\n", answer->nothing);
	else
		print(answer->table, sink);
}

int table_put(struct table *table, struct sink *sink, const char *nothing)
{
	if (table->no_memory)
		return fail(sink->arguments, EXIT_OTHER, NULL, "out of memory");
	return sink_put(sink, &(struct answer){ table, nothing }, answer_to_json, answer_to_text);
}

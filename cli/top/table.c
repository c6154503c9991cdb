/* SPDX-License-Identifier: MIT */
/*
 * table.c: the rows of `binderctl top`: chosen, sorted, and as text or JSON.
 *
 * Called by top.c and screen.c.
 */
#include "cli/top/top.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/value/text.h"

/* Columns of all but the name. */
#define NUMBERS 56
#define LEAST_NAME 12
#define MOST_NAME 64

const char *const table_sort_name[] = { "calls", "bytes", "p95", "max", "failed", "name", NULL };

/* ---- rows -------------------------------------------------------------------------- */

static int compare_names(const struct total *a, const struct total *b)
{
	int targets = strcmp(a->target, b->target);

	return targets ? targets : strcmp(a->method, b->method);
}

static double key(const struct total *row, enum table_sort sort)
{
	switch (sort) {
	case SORT_CALLS:
		return row->calls_rate;
	case SORT_BYTES:
		return row->bytes_rate;
	case SORT_P95:
		return (double)histogram_percentile(&row->time, 95);
	case SORT_MAX:
		return (double)row->time.max;
	case SORT_FAILED:
		return (double)row->failed;
	case SORT_NAME:
		break;
	}
	return 0;
}

/* The largest first; what is equal, by its count and its name, so that rows stay in place. */
static int compare(const void *a, const void *b, void *cookie)
{
	const struct total *left = *(const struct total *const *)a;
	const struct total *right = *(const struct total *const *)b;
	const struct table *table = cookie;
	double difference = key(right, table->sort) - key(left, table->sort);
	int result = difference > 0 ? 1 : difference < 0 ? -1 : 0;

	if (!result && table->sort != SORT_NAME)
		result = left->calls < right->calls ? 1 : left->calls > right->calls ? -1 : 0;
	if (!result)
		result = compare_names(left, right);
	return table->reversed ? -result : result;
}

static bool is_chosen(const struct table *table, const struct total *row)
{
	char name[256];

	snprintf(name, sizeof(name), "%s%s", row->target, row->method);
	return strcasestr(name, table->filter) != NULL;
}

/* Several rows are of one process: it is asked for once. */
static void add_load(struct table *table, ABinderConnection *connection, size_t row)
{
	struct load *load = &table->load[row];

	*load = (struct load){ .pid = table->row[row]->pid };
	for (size_t i = 0; i < row; i++) {
		if (table->load[i].pid == load->pid) {
			*load = table->load[i];
			return;
		}
	}
	load_read(connection, load);
}

void table_make(struct table *table, ABinderConnection *connection, size_t most)
{
	size_t all;
	struct total *const *rows = totals_rows(table->totals, &all);

	table->count = 0;
	table->calls_rate = table->bytes_rate = 0;
	table->failed = 0;
	for (size_t i = 0; i < all; i++) {
		table->calls_rate += rows[i]->calls_rate;
		table->bytes_rate += rows[i]->bytes_rate;
		table->failed += rows[i]->failed;
		if (is_chosen(table, rows[i]))
			table->row[table->count++] = rows[i];
	}
	qsort_r(table->row, table->count, sizeof(table->row[0]), compare, table);
	for (size_t i = 0; i < table->count; i++) {
		if (i < most)
			add_load(table, connection, i);
		else
			table->load[i] = (struct load){ 0 };
	}
}

/* ---- text -------------------------------------------------------------------------- */

void table_print_number(double number, char text[16])
{
	static const char units[] = " kMGTPE";
	int unit = 0;

	while (number >= 999.95 && units[unit + 1]) {
		number /= 1000;
		unit++;
	}
	if (unit == 0)
		snprintf(text, 16, number < 100 ? "%.1f" : "%.0f", number);
	else
		snprintf(text, 16, number < 100 ? "%.1f%c" : "%.0f%c", number, units[unit]);
}

/* "85us", "1.2ms", "3.4s": at most five columns up to a day. */
static void print_time(uint64_t ns, char text[16])
{
	double us = (double)ns / 1000;

	if (us < 999.5)
		snprintf(text, 16, "%.0fus", us);
	else if (us < 99950)
		snprintf(text, 16, "%.1fms", us / 1000);
	else if (us < 999500)
		snprintf(text, 16, "%.0fms", us / 1000);
	else if (us < 99950000)
		snprintf(text, 16, "%.1fs", us / 1000000);
	else
		snprintf(text, 16, "%.0fs", us / 1000000);
}

static int name_columns(int columns)
{
	int left = columns - NUMBERS;

	return left < LEAST_NAME ? LEAST_NAME : left > MOST_NAME ? MOST_NAME : left;
}

/* A line that is too long for the terminal ends at its edge. */
static void print_cut(const char *line, int columns, FILE *out)
{
	fprintf(out, "%.*s", columns > 0 ? columns : 0, line);
}

void table_print_head(const struct table *table, int columns, FILE *out)
{
	char line[256];

	snprintf(line, sizeof(line), "%-*s %6s %6s %5s %5s %5s %5s %5s %5s %5s",
		 name_columns(columns), "CALL", "CALL/S", "BYTE/S", "P50", "P95", "P99", "MAX",
		 "FAIL", "BUSY", "QUEUE");
	print_cut(line, columns, out);
}

/* Names come from other processes.  The end of one says more than its beginning. */
static void print_name(const struct total *row, int columns, char *text, size_t size)
{
	char *both = NULL, *shown = NULL;
	size_t length;

	if (asprintf(&both, "%s%s", row->target, row->method) >= 0)
		shown = text_shown(both, 200);
	free(both);
	length = shown ? strlen(shown) : 0;
	if (length > (size_t)columns)
		snprintf(text, size, "..%s", shown + length - (size_t)columns + 2);
	else
		snprintf(text, size, "%s", shown ? shown : "");
	free(shown);
}

void table_print_row(const struct table *table, size_t index, int columns, FILE *out)
{
	const struct total *row = table->row[index];
	const struct load *load = &table->load[index];
	char name[256], calls[16], bytes[16], failed[16], busy[32] = "-", queue[16] = "-";
	char time[4][16], line[512];

	print_name(row, name_columns(columns), name, sizeof(name));
	table_print_number(row->calls_rate, calls);
	table_print_number(row->bytes_rate, bytes);
	if (row->failed < 100000)
		snprintf(failed, sizeof(failed), "%llu", (unsigned long long)row->failed);
	else
		table_print_number((double)row->failed, failed);
	print_time(histogram_percentile(&row->time, 50), time[0]);
	print_time(histogram_percentile(&row->time, 95), time[1]);
	print_time(histogram_percentile(&row->time, 99), time[2]);
	print_time(row->time.max, time[3]);
	if (load->known) {
		snprintf(busy, sizeof(busy), "%u/%u", load->busy, load->threads);
		snprintf(queue, sizeof(queue), "%u", load->queued);
	}
	snprintf(line, sizeof(line), "%-*s %6s %6s %5s %5s %5s %5s %5s %5s %5s",
		 name_columns(columns), name, calls, bytes, time[0], time[1], time[2], time[3],
		 failed, busy, queue);
	print_cut(line, columns, out);
}

/* ---- JSON -------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
	return text_to_json(text, strlen(text));
}

static json_t *row_to_json(const struct total *row, const struct load *load)
{
	const struct histogram *time = &row->time;

	/* The method is behind a point or, as a code, behind a blank. */
	return json_pack(
		"{s:o, s:o, s:i, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:o, s:o, s:o}",
		"target", text_or_null(row->target), "method",
		text_or_null(row->method + (*row->method != 0)), "pid", (int)row->pid, "calls",
		(json_int_t)row->calls, "bytes", (json_int_t)row->bytes, "failed",
		(json_int_t)row->failed, "calls_per_second", row->calls_rate, "bytes_per_second",
		row->bytes_rate, "p50_ms", (double)histogram_percentile(time, 50) / 1e6, "p95_ms",
		(double)histogram_percentile(time, 95) / 1e6, "p99_ms",
		(double)histogram_percentile(time, 99) / 1e6, "max_ms", (double)time->max / 1e6,
		"threads_busy", load->known ? json_integer(load->busy) : json_null(), "threads",
		load->known ? json_integer(load->threads) : json_null(), "queued",
		load->known ? json_integer(load->queued) : json_null());
}

json_t *table_to_json(const struct table *table)
{
	json_t *rows = json_array();

	for (size_t i = 0; rows && i < table->count; i++) {
		if (json_array_append_new(rows, row_to_json(table->row[i], &table->load[i]))) {
			json_decref(rows);
			return NULL;
		}
	}
	return rows;
}

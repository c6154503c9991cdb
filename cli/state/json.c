/* SPDX-License-Identifier: MIT */
/*
 * json.c: the JSON that the lines of a driver's text make together.
 *
 * Called by the verbs that show a driver's own text, for --json.  rows.c says what a line
 * means; one that fits no row is kept as it is.
 */
#include "cli/state/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/android/binder.h>

#include "cli/state/line.h"

/* ---- values -------------------------------------------------------------------- */

static json_t *string_of(const char *text, size_t size)
{
	json_t *string = json_stringn(text, size);
	char *clean;

	if (string)
		return string;
	/* What JSON cannot hold is a ?. */
	clean = malloc(size + 1);
	for (size_t i = 0; clean && i < size; i++)
		clean[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	string = clean ? json_stringn(clean, size) : NULL;
	free(clean);
	return string;
}

static json_t *list_of(const struct state_field *field)
{
	json_t *list = json_array();
	const char *text = field->text;
	int64_t number;

	while (list && text < field->text + field->size && state_take_decimal(&text, &number)) {
		if (json_array_append_new(list, json_integer(number)) < 0) {
			json_decref(list);
			return NULL;
		}
		text += *text == ' ';
	}
	return list;
}

static json_t *value_of(const struct state_field *field)
{
	switch (field->kind) {
	case 'd':
		return json_integer(field->number);
	case 'x':
		if (field->bits < STATE_SAFE_INTEGER)
			return json_integer((json_int_t)field->bits);
		return json_sprintf("0x%llx", (unsigned long long)field->bits);
	case 'p':
		return field->hidden ? json_string("hidden") :
				       json_sprintf("0x%llx", (unsigned long long)field->bits);
	case 'l':
		return list_of(field);
	case 'w':
	case 'r':
		return string_of(field->text, field->size);
	default:
		return json_boolean(field->number);
	}
}

/* An object of the values of a line.  NULL: no memory. */
static json_t *object_of(const struct state_fields *fields)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < fields->count; i++) {
		const struct state_field *field = &fields->field[i];
		char name[32];

		snprintf(name, sizeof(name), "%.*s", (int)field->name_size, field->name);
		if (json_object_set_new(object, name, value_of(field)) < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

/* ---- places -------------------------------------------------------------------- */

/* The JSON object that takes the lines; borrowed from the document. */
struct reading {
	json_t *document;
	json_t *process; /* before the first: the totals, or the document */
	json_t *item;    /* the latest thread or node; NULL: none */
	bool in_dead_nodes;
};

static bool append(json_t *to, const char *list_name, json_t *object)
{
	json_t *list = json_object_get(to, list_name);

	if (!list) {
		list = json_array();
		if (json_object_set_new(to, list_name, list) < 0)
			return false;
	}
	return json_array_append(list, object) == 0;
}

/* "BC_TRANSACTION": 3, or "proc": {"active": 1, "total": 2}. */
static bool add_count(json_t *to, const struct state_row *row, json_t *object)
{
	const char *words = json_string_value(json_object_get(object, "name"));
	size_t size = strlen(words);
	json_t *counts = json_object_get(to, row->list), *count;
	char name[64];

	if (!counts) {
		counts = json_object();
		if (json_object_set_new(to, row->list, counts) < 0)
			return false;
	}
	/* The name came with its colon, and without its first letters. */
	if (words[size - 1] == ':')
		size--;
	snprintf(name, sizeof(name), "%.3s%.*s",
		 strcmp(row->list, "objects") ? strstr(row->pattern, "B") : "", (int)size, words);
	count = json_object_get(object, "count");
	if (count)
		return json_object_set(counts, name, count) == 0;
	json_object_del(object, "name");
	return json_object_set(counts, name, object) == 0;
}

static bool place(struct reading *r, const struct state_row *row, json_t *object)
{
	switch (row->place) {
	case STATE_AT_TITLE:
		return true;
	case STATE_AT_DEAD_NODES:
		r->in_dead_nodes = true;
		return true;
	case STATE_AT_NEW_PROCESS:
		r->process = object;
		r->item = NULL;
		r->in_dead_nodes = false;
		return append(r->document, "processes", object);
	case STATE_AT_PROCESS:
		return json_object_update(r->process, object) == 0;
	case STATE_AT_LIST:
		r->item = object;
		if (r->in_dead_nodes)
			return append(r->document, "dead_nodes", object);
		return append(r->process, row->list, object);
	case STATE_AT_ITEM_LIST:
		return append(r->item ? r->item : r->process, row->list, object);
	case STATE_AT_PROCESS_LIST:
		return append(r->process, row->list, object);
	case STATE_AT_DOCUMENT_LIST:
		return append(r->document, row->list, object);
	case STATE_AT_COUNT:
		return add_count(r->process, row, object);
	}
	return false;
}

/*
 * Since 6.18 a transaction says whether it is one-way and whether it is a reply, before whether
 * it wants one: with the flags, each follows from the other.
 */
static void complete_transaction(json_t *object)
{
	json_int_t flags = json_integer_value(json_object_get(object, "flags"));
	json_t *need_reply = json_object_get(object, "need_reply");
	bool oneway = json_is_true(json_object_get(object, "oneway"));

	if (need_reply) {
		oneway = flags & TF_ONE_WAY;
		json_object_set_new(object, "oneway", json_boolean(oneway));
		json_object_set_new(object, "is_reply",
				    json_boolean(!oneway && !json_is_true(need_reply)));
	} else if (!json_object_get(object, "oneway")) {
		/* The driver in Rust says no more than the flags do. */
		json_object_set_new(object, "oneway", json_boolean(flags & TF_ONE_WAY));
	} else {
		bool reply = json_is_true(json_object_get(object, "is_reply"));

		json_object_set_new(object, "need_reply", json_boolean(!oneway && !reply));
	}
}

static bool keep_text(struct reading *r, const char *line)
{
	json_t *object = json_pack("{s:o}", "text", string_of(line, strlen(line)));
	bool done = object && append(r->process, "other", object);

	json_decref(object);
	return done;
}

/* False: no memory. */
static bool read_line(struct reading *r, const char *line)
{
	struct state_fields fields;
	const struct state_row *row = state_read_line(line, &fields);
	json_t *object;
	bool done;

	if (!row)
		return keep_text(r, line);
	object = object_of(&fields);
	if (!object)
		return false;
	if (row->kind)
		json_object_set_new(object, "kind", json_string(row->kind));
	if (row->what == STATE_TRANSACTION)
		complete_transaction(object);
	done = place(r, row, object);
	json_decref(object);
	return done;
}

static bool read_text(struct reading *r, char *text)
{
	char *rest = text, *line;

	while ((line = state_next_line(&rest))) {
		if (*line && !read_line(r, line))
			return false;
	}
	return true;
}

json_t *state_to_json(const char *view, const char *text)
{
	json_t *document = json_pack("{s:s}", "view", view), *totals = json_object();
	bool log = strstr(view, "log"), stats = !strcmp(view, "stats");
	struct reading r = { .document = document, .process = stats ? totals : document };
	char *copy = state_copy(text);
	bool done = document && totals && copy;

	/* An empty list is there, too. */
	if (done)
		done = json_object_set_new(document, log ? "entries" : "processes", json_array()) ==
		       0;
	if (done)
		done = read_text(&r, copy);
	if (done && stats)
		done = json_object_set(document, "totals", totals) == 0;
	free(copy);
	json_decref(totals);
	if (done)
		return document;
	json_decref(document);
	return NULL;
}

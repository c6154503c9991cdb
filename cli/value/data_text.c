/* SPDX-License-Identifier: MIT */
/*
 * data_text.c: a value of an AIDL type for people: "Point {x: 1, y: 2}".
 *
 * What is short stands in one line, the rest in one line per item.  Called for
 * what a service answered: nothing in it reaches the terminal as it is.
 */
#include "cli/value/data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <binder/wire.h>

#include "cli/value/text.h"
#include "cli/value/types.h"

#define WIDTH 96
#define STEP 2

static void print_quoted(const char *text, size_t length, char quote, FILE *out)
{
	putc(quote, out);
	for (size_t i = 0; i < length;) {
		size_t part = text[i] ? text_sequence(text + i, length - i) : 0;
		char one[5] = "";

		if (text[i] == '\n' || text[i] == '\t') {
			fputs(text[i] == '\n' ? "\\n" : "\\t", out);
		} else if (text[i] == quote || text[i] == '\\') {
			putc('\\', out);
			putc(text[i], out);
		} else if (!part) {
			fprintf(out, "\\x%02x", (unsigned char)text[i]);
		} else {
			memcpy(one, text + i, part);
			text_print(out, one, false);
		}
		i += part ? part : 1;
	}
	putc(quote, out);
}

static void print_integer(const struct aidl_data *data, FILE *out)
{
	enum aidl_kind kind = data->type ? data->type->kind : AIDL_LONG;

	if (kind == AIDL_ENUM && aidl_enum_print(data->type->declaration, data->integer, out))
		return;
	fprintf(out, "%" PRId64, data->integer);
}

/* A fraction looks like one: "1.0". */
static void print_floating(const struct aidl_data *data, FILE *out)
{
	bool single = data->type && data->type->kind == AIDL_FLOAT;
	char text[40] = "";
	FILE *memory = fmemopen(text, sizeof(text), "w");

	if (memory) {
		aidl_wire_print(aidl_wire_of(single ? AIDL_FLOAT : AIDL_DOUBLE), data, memory);
		fclose(memory);
	}
	fputs(text, out);
	if (!strpbrk(text, ".en"))
		fputs(".0", out);
}

static void print_bytes(const struct aidl_data *data, FILE *out)
{
	bool array;

	fputs("bytes:", out);
	aidl_wire_print(aidl_wire_find("bytes", 5, &array), data, out);
}

/* Of a binder or a file: what the other commands say of one. */
static void print_object(const struct aidl_data *data, FILE *out)
{
	json_t *json = data_to_json(data);
	char *text = json ? value_text(NULL, json) : NULL;

	fputs(data->kind == AIDL_DATA_BINDER ? "binder " : "fd ", out);
	fputs(text ? text : "?", out);
	free(text);
	json_decref(json);
}

static void print_leaf(const struct aidl_data *data, FILE *out)
{
	switch (data->kind) {
	case AIDL_DATA_BOOLEAN:
		fputs(data->boolean ? "true" : "false", out);
		break;
	case AIDL_DATA_INTEGER:
		print_integer(data, out);
		break;
	case AIDL_DATA_FLOATING:
		print_floating(data, out);
		break;
	case AIDL_DATA_STRING:
		print_quoted(data->text, data->length,
			     data->type && data->type->kind == AIDL_CHAR ? '\'' : '"', out);
		break;
	case AIDL_DATA_BYTES:
		print_bytes(data, out);
		break;
	case AIDL_DATA_OBJECT:
		fputs(data->text, out);
		break;
	case AIDL_DATA_BINDER:
	case AIDL_DATA_FILE:
		print_object(data, out);
		break;
	default:
		fputs("null", out);
		break;
	}
}

static bool holds_items(const struct aidl_data *data)
{
	return data->kind == AIDL_DATA_LIST || data->kind == AIDL_DATA_MAP;
}

/* Columns that it takes in one line; more than WIDTH when it should not stand in one. */
static size_t width(const struct aidl_data *data)
{
	char *text = NULL;
	size_t size = 0, total = 2;
	FILE *out;

	if (!holds_items(data)) {
		if (data->length > WIDTH)
			return WIDTH + 1;
		out = open_memstream(&text, &size);
		if (out) {
			print_leaf(data, out);
			fclose(out);
		}
		free(text);
		return size;
	}
	if (data->type && data->type->declaration)
		total += strlen(data->type->declaration->name) + 1;
	for (size_t i = 0; i < data->count && total <= WIDTH; i++) {
		/* Structures in a list are easier to read one below the other. */
		if (data->kind == AIDL_DATA_LIST && data->count > 1 &&
		    data->item[i].kind == AIDL_DATA_MAP && data->item[i].count > 1)
			return WIDTH + 1;
		total += width(&data->item[i]) + 2;
		if (data->kind == AIDL_DATA_MAP)
			total += strlen(data->key[i]) + 2;
	}
	return total;
}

static void print_key(const struct aidl_data *data, size_t i, FILE *out)
{
	/* The keys of a Map are anything; the names of fields are names. */
	if (data->type && data->type->kind == AIDL_MAP)
		print_quoted(data->key[i], strlen(data->key[i]), '"', out);
	else
		text_print(out, data->key[i], false);
	fputs(": ", out);
}

static void print_in_lines(const struct aidl_data *data, unsigned indent, bool one_line, FILE *out)
{
	bool list = data->kind == AIDL_DATA_LIST;

	if (!holds_items(data)) {
		print_leaf(data, out);
		return;
	}
	if (!one_line)
		one_line = !data->count || indent + width(data) <= WIDTH;
	if (!list && data->type && data->type->declaration)
		fprintf(out, "%s ", data->type->declaration->name);
	putc(list ? '[' : '{', out);
	for (size_t i = 0; i < data->count; i++) {
		if (one_line)
			fputs(i ? ", " : "", out);
		else
			fprintf(out, "\n%*s", (int)(indent + STEP), "");
		if (!list)
			print_key(data, i, out);
		print_in_lines(&data->item[i], indent + STEP, one_line, out);
	}
	if (!one_line)
		fprintf(out, "\n%*s", (int)indent, "");
	putc(list ? ']' : '}', out);
}

void data_print(const struct aidl_data *data, unsigned indent, FILE *out)
{
	print_in_lines(data, indent, false, out);
}

/* SPDX-License-Identifier: MIT */
/*
 * tree.c: trees of values from text and back, for tests.
 */
#include "tree.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *skip(const char *s)
{
	return s + strspn(s, " ,");
}

static const char *parse(const char *s, struct aidl_data *data);

static const char *parse_list(const char *s, struct aidl_data *data)
{
	aidl_data_set_list(data);
	for (s = skip(s); *s != ']'; s = skip(s))
		s = parse(s, aidl_data_append(data));
	return s + 1;
}

static const char *parse_map(const char *s, struct aidl_data *data)
{
	aidl_data_set_map(data);
	for (s = skip(s); *s != '}'; s = skip(s)) {
		size_t length = strcspn(s, "=");
		char *key = strndup(s, length);

		s = parse(s + length + 1, aidl_data_put(data, key));
		free(key);
	}
	return s + 1;
}

static const char *parse_number(const char *s, struct aidl_data *data)
{
	char *end;

	if (strcspn(s, ".") < strspn(s, "-0123456789.")) {
		aidl_data_set_floating(data, strtod(s, &end));
	} else {
		aidl_data_set_integer(data, strtoll(s, &end, 0));
	}
	ck_assert_msg(end != s, "no value: %s", s);
	return end;
}

static const char *parse(const char *s, struct aidl_data *data)
{
	const char *end;

	s = skip(s);
	switch (*s) {
	case '[':
		return parse_list(s + 1, data);
	case '{':
		return parse_map(s + 1, data);
	case '\'':
	case '"': /* bytes */
		end = strchr(s + 1, *s);
		ck_assert(*s == '"' ? aidl_data_set_bytes(data, s + 1, (size_t)(end - s - 1)) :
				      aidl_data_set_string(data, s + 1, (size_t)(end - s - 1)));
		return end + 1;
	case 'n':
		aidl_data_clear(data);
		return s + 4;
	case 't':
		aidl_data_set_boolean(data, true);
		return s + 4;
	case 'f':
		aidl_data_set_boolean(data, false);
		return s + 5;
	default:
		return parse_number(s, data);
	}
}

void tree_parse(const char *text, struct aidl_data *data)
{
	text = parse(text, data);
	ck_assert_msg(!*skip(text), "more behind it: %s", text);
}

static void print(const struct aidl_data *data, FILE *out)
{
	const char *before = "";

	switch (data->kind) {
	case AIDL_DATA_NULL:
		fputs("null", out);
		break;
	case AIDL_DATA_BOOLEAN:
		fputs(data->boolean ? "true" : "false", out);
		break;
	case AIDL_DATA_INTEGER:
		fprintf(out, "%" PRId64, data->integer);
		break;
	case AIDL_DATA_FLOATING:
		fprintf(out, "%g", data->floating);
		break;
	case AIDL_DATA_STRING:
		fprintf(out, "'%s'", data->text);
		break;
	case AIDL_DATA_BYTES:
		fprintf(out, "\"%.*s\"", (int)data->length, data->text);
		break;
	case AIDL_DATA_BINDER:
		fputs("binder", out);
		break;
	case AIDL_DATA_FILE:
		fputs("file", out);
		break;
	default:
		putc(data->kind == AIDL_DATA_MAP ? '{' : '[', out);
		for (size_t i = 0; i < data->count; i++, before = ", ") {
			fputs(before, out);
			if (data->kind == AIDL_DATA_MAP)
				fprintf(out, "%s=", data->key[i]);
			print(&data->item[i], out);
		}
		putc(data->kind == AIDL_DATA_MAP ? '}' : ']', out);
	}
}

const char *tree_print(const struct aidl_data *data)
{
	static char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	print(data, out);
	fclose(out);
	return text;
}

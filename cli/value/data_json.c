/* SPDX-License-Identifier: MIT */
/*
 * data_json.c: JSON as a value of an AIDL type, and the other way round.
 *
 * The type is asked only where JSON has no word for a thing: services and files
 * are named by strings, and so are numbers that are none.  Whether all else
 * fits is the codec's to say, when it writes.
 */
#include "cli/value/data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <binder/wire.h>

#include "cli/errors.h"
#include "cli/value/text.h"
#include "cli/value/types.h"

/* Where the type parameters of a declaration mean something. */
struct scope {
	const struct scope *outer;
	const struct aidl_type *type;
	const struct data_source *source;
};

/* The T of a Box<int> is int; scope becomes that in which the answer has its meaning.
 * NULL: not known. */
static const struct aidl_type *bound(const struct aidl_type *type, const struct scope **scope)
{
	while (type && type->kind == AIDL_TYPE_PARAMETER) {
		const struct aidl_type *box = (*scope)->type;
		unsigned i = 0;

		while (box && i < box->arguments &&
		       strcmp(box->declaration->parameter[i], type->name) != 0)
			i++;
		if (!box || i == box->arguments || !(*scope)->outer)
			return NULL;
		type = box->argument[i];
		*scope = (*scope)->outer;
	}
	return type;
}

static int no_memory(const struct scope *scope)
{
	return fail(scope->source->arguments, EXIT_OTHER, NULL, "out of memory");
}

static int take(const struct scope *scope, const struct aidl_type *type, const json_t *json,
		struct aidl_data *ret);

static int take_string(const struct scope *scope, const struct aidl_type *type, const json_t *json,
		       struct aidl_data *ret)
{
	const char *text = json_string_value(json);
	size_t length = json_string_length(json);
	bool whole = strlen(text) == length;
	const struct aidl_wire *wire;

	switch (type && whole ? type->kind : AIDL_STRING) {
	case AIDL_IBINDER:
	case AIDL_INTERFACE:
		return data_from_service(scope->source, text, ret);
	case AIDL_FILE_DESCRIPTOR:
	case AIDL_PARCEL_FILE_DESCRIPTOR:
		return data_from_file(scope->source, text, ret);
	case AIDL_ARRAY:
		if (type->element->kind == AIDL_BYTE && !strncmp(text, "bytes:", 6))
			return data_from_bytes(scope->source, text + 6, ret);
		return data_fail(scope->source, "expected a list, got \"%s\"", text);
	case AIDL_CHAR:
		wire = aidl_wire_of(AIDL_CHAR);
		if (aidl_wire_parse(wire, text, ret) == STATUS_OK)
			return EXIT_OK;
		return data_fail(scope->source, "expected %s, got \"%s\"", wire->expected, text);
	case AIDL_FLOAT:
	case AIDL_DOUBLE:
		/* Only what JSON has no number for. */
		if (aidl_wire_parse(aidl_wire_of(AIDL_DOUBLE), text, ret) == STATUS_OK &&
		    !isfinite(ret->floating))
			return EXIT_OK;
		break;
	default:
		break;
	}
	return aidl_data_set_string(ret, text, length) ? EXIT_OK : no_memory(scope);
}

static int take_list(const struct scope *scope, const struct aidl_type *type, const json_t *json,
		     struct aidl_data *ret)
{
	const struct aidl_type *element = NULL;
	int result = EXIT_OK;

	if (type && type->kind == AIDL_ARRAY)
		element = type->element;
	else if (type && type->kind == AIDL_LIST && type->arguments)
		element = type->argument[0];
	aidl_data_set_list(ret);
	for (size_t i = 0; i < json_array_size(json) && result == EXIT_OK; i++) {
		struct aidl_data *item = aidl_data_append(ret);

		result = item ? take(scope, element, json_array_get(json, i), item) :
				no_memory(scope);
	}
	return result;
}

/* "@type" comes first: the codec looks for it there. */
static const struct aidl_declaration *held(const struct scope *scope, const json_t *json,
					   struct aidl_data *ret)
{
	const char *name = json_string_value(json_object_get(json, "@type"));
	const struct aidl_declaration *declaration = NULL;
	struct aidl_data *item = name ? aidl_data_put(ret, "@type") : NULL;

	if (!item || !aidl_data_set_string(item, name, strlen(name)))
		return NULL;
	if (aidl_library_find(scope->source->library, name, &declaration) != STATUS_OK)
		return NULL;
	return declaration;
}

static int take_object(const struct scope *scope, const struct aidl_type *type, const json_t *json,
		       struct aidl_data *ret)
{
	const struct aidl_declaration *declaration = type ? type->declaration : NULL;
	const struct scope inside = { scope, type, scope->source };
	const char *key;
	json_t *value;

	aidl_data_set_map(ret);
	if (type && type->kind == AIDL_PARCELABLE_HOLDER)
		declaration = held(scope, json, ret);
	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		const struct aidl_field *field = declaration ? aidl_field_find(declaration, key) :
							       NULL;
		const struct aidl_type *wanted = field ? field->type : NULL;
		struct aidl_data *item = aidl_data_put(ret, key);
		int result;

		if (!item)
			return no_memory(scope);
		if (type && type->kind == AIDL_MAP && type->arguments == 2)
			wanted = type->argument[1];
		result = take(declaration ? &inside : scope, wanted, value, item);
		if (result != EXIT_OK)
			return result;
	}
	return EXIT_OK;
}

static int take(const struct scope *scope, const struct aidl_type *type, const json_t *json,
		struct aidl_data *ret)
{
	json_int_t integer;

	type = bound(type, &scope);
	switch (json_typeof(json)) {
	case JSON_NULL:
		aidl_data_clear(ret);
		return EXIT_OK;
	case JSON_TRUE:
	case JSON_FALSE:
		aidl_data_set_boolean(ret, json_is_true(json));
		return EXIT_OK;
	case JSON_INTEGER:
		integer = json_integer_value(json);
		/* As in words: a byte may be meant without a sign. */
		if (type && type->kind == AIDL_BYTE && integer > INT8_MAX && integer <= UINT8_MAX)
			integer = (int8_t)integer;
		aidl_data_set_integer(ret, integer);
		return EXIT_OK;
	case JSON_REAL:
		aidl_data_set_floating(ret, json_real_value(json));
		return EXIT_OK;
	case JSON_STRING:
		return take_string(scope, type, json, ret);
	case JSON_ARRAY:
		return take_list(scope, type, json, ret);
	default:
		return take_object(scope, type, json, ret);
	}
}

int data_from_json(const struct data_source *source, const struct aidl_type *type,
		   const json_t *json, struct aidl_data *ret)
{
	const struct scope scope = { NULL, NULL, source };

	return take(&scope, type, json, ret);
}

/* ---- what comes back ---------------------------------------------------------------------- */

static json_t *integer_to_json(const struct aidl_data *data)
{
	enum aidl_kind kind = data->type ? data->type->kind : AIDL_LONG;
	char *names = NULL;
	json_t *json = NULL;
	size_t size;
	FILE *out;

	if (kind != AIDL_ENUM)
		return json_integer(data->integer);
	out = open_memstream(&names, &size);
	if (!out)
		return NULL;
	if (!aidl_enum_print(data->type->declaration, data->integer, out))
		json = json_integer(data->integer);
	fclose(out);
	if (!json)
		json = json_string(names);
	free(names);
	return json;
}

/* A float as the shortest number that gives it again: 0.1, not 0.10000000149011612. */
static double shortest(float number)
{
	char text[40];
	int digits = 6;

	do
		snprintf(text, sizeof(text), "%.*g", digits, (double)number);
	while (digits++ < 9 && strtof(text, NULL) != number);
	return strtod(text, NULL);
}

static json_t *floating_to_json(const struct aidl_data *data)
{
	double number = data->floating;

	if (isnan(number))
		return json_string("NaN");
	if (isinf(number))
		return json_string(number < 0 ? "-Infinity" : "Infinity");
	if (data->type && data->type->kind == AIDL_FLOAT)
		number = shortest((float)number);
	return json_real(number);
}

static json_t *items_to_json(const struct aidl_data *data)
{
	json_t *json = data->kind == AIDL_DATA_LIST ? json_array() : json_object();
	int failed = !json;

	for (size_t i = 0; i < data->count && !failed; i++) {
		json_t *item = data_to_json(&data->item[i]);

		if (data->kind == AIDL_DATA_LIST) {
			failed = json_array_append_new(json, item);
		} else {
			char *key = text_mended(data->key[i], strlen(data->key[i]));

			failed = json_object_set_new(json, key ? key : "", item);
			free(key);
		}
	}
	if (!failed)
		return json;
	json_decref(json);
	return NULL;
}

static json_t *bytes_to_json(const struct aidl_data *data)
{
	json_t *json = json_array();

	for (size_t i = 0; json && i < data->length; i++)
		if (json_array_append_new(json, json_integer((int8_t)data->text[i]))) {
			json_decref(json);
			return NULL;
		}
	return json;
}

json_t *data_to_json(const struct aidl_data *data)
{
	switch (data->kind) {
	case AIDL_DATA_BOOLEAN:
		return json_boolean(data->boolean);
	case AIDL_DATA_INTEGER:
		return integer_to_json(data);
	case AIDL_DATA_FLOATING:
		return floating_to_json(data);
	case AIDL_DATA_STRING:
	case AIDL_DATA_OBJECT:
		return text_to_json(data->text, data->length);
	case AIDL_DATA_BYTES:
		return bytes_to_json(data);
	case AIDL_DATA_LIST:
	case AIDL_DATA_MAP:
		return items_to_json(data);
	case AIDL_DATA_BINDER:
		return value_of_binder(data->binder);
	case AIDL_DATA_FILE:
		return value_of_fd(data->fd);
	default:
		return json_null();
	}
}

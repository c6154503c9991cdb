/* SPDX-License-Identifier: MIT */
/*
 * describe.c: `binderctl describe`, the declaration of a type; and declarations as
 * JSON, also for methods.c.
 */
#include "cli/verbs/describe.h"

#include <stdlib.h>

#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/value/sink.h"

/* ---- as JSON ------------------------------------------------------------------------ */

static json_t *describe_type(const struct aidl_declaration *in, const struct aidl_type *type)
{
	char *text = interface_type(in, type);
	json_t *json = text ? json_string(text) : NULL;

	free(text);
	return json;
}

static json_t *describe_value(const struct aidl_value *value)
{
	json_t *list;

	switch (value->kind) {
	case AIDL_VALUE_BOOLEAN:
		return json_boolean(value->integer != 0);
	case AIDL_VALUE_CHARACTER:
	case AIDL_VALUE_INTEGER:
		return json_integer(value->integer);
	case AIDL_VALUE_FLOATING:
		return json_real(value->floating);
	case AIDL_VALUE_STRING:
		return json_string(value->string);
	case AIDL_VALUE_ARRAY:
		list = json_array();
		for (size_t i = 0; i < value->count; i++)
			json_array_append_new(list, describe_value(&value->item[i]));
		return list;
	default:
		return json_null();
	}
}

static json_t *describe_field(const struct aidl_declaration *in, const struct aidl_field *field)
{
	return json_pack("{s:s, s:o, s:s?}", "name", field->name, "type",
			 describe_type(in, field->type), "comment", field->comment);
}

static json_t *describe_method(const struct aidl_declaration *interface,
			       const struct aidl_method *method)
{
	static const char *const directions[] = {
		[AIDL_IN] = "in", [AIDL_OUT] = "out", [AIDL_INOUT] = "inout"
	};
	json_t *arguments = json_array(), *method_json;
	char *signature = interface_signature(interface, method);

	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		json_array_append_new(arguments,
				      json_pack("{s:s, s:o, s:s}", "name", a->name, "type",
						describe_type(interface, a->type), "direction",
						directions[a->direction]));
	method_json = json_pack("{s:s, s:I, s:s?, s:b, s:o, s:o, s:s?}", "name", method->name,
				"code", (json_int_t)method->code, "signature", signature, "oneway",
				method->oneway, "returns",
				describe_type(interface, method->returns), "arguments", arguments,
				"comment", method->comment);
	free(signature);
	return method_json;
}

static json_t *describe_constants(const struct aidl_declaration *declaration)
{
	json_t *list = json_array();

	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		json_array_append_new(list,
				      json_pack("{s:s, s:o, s:s?}", "name", c->name, "value",
						describe_value(&c->value), "comment", c->comment));
	return list;
}

static json_t *describe_fields(const struct aidl_declaration *declaration)
{
	json_t *list = json_array();

	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		json_t *field = describe_field(declaration, f);

		if (f->value.kind != AIDL_VALUE_NONE)
			json_object_set_new(field, "default", describe_value(&f->value));
		json_array_append_new(list, field);
	}
	return list;
}

json_t *describe_declaration(const struct aidl_declaration *declaration)
{
	static const char *const kinds[] = {
		[AIDL_ENUM] = "enum",           [AIDL_PARCELABLE] = "parcelable",
		[AIDL_OPAQUE] = "parcelable",   [AIDL_UNION] = "union",
		[AIDL_INTERFACE] = "interface",
	};
	json_t *json = json_pack("{s:s, s:s, s:s?}", "kind", kinds[declaration->kind], "name",
				 declaration->qualified, "comment", declaration->comment);
	json_t *nested = json_array();

	json_object_set_new(json, "constants", describe_constants(declaration));
	if (declaration->kind == AIDL_ENUM && declaration->backing)
		json_object_set_new(json, "backing",
				    describe_type(declaration, declaration->backing));
	if (declaration->kind == AIDL_PARCELABLE || declaration->kind == AIDL_UNION)
		json_object_set_new(json, "fields", describe_fields(declaration));
	if (declaration->kind == AIDL_INTERFACE) {
		json_t *methods = json_array();

		for (const struct aidl_method *m = declaration->methods; m; m = m->next)
			json_array_append_new(methods, describe_method(declaration, m));
		json_object_set_new(json, "descriptor", json_string(declaration->descriptor));
		json_object_set_new(json, "methods", methods);
	}
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		json_array_append_new(nested, describe_declaration(d));
	json_object_set_new(json, "nested", nested);
	return json;
}

/* ---- the verb ----------------------------------------------------------------------- */

static int missing(const struct arguments *arguments, const struct aidl_library *library)
{
	char *near = interface_near(library, arguments->argv[0]);
	int result = interface_missing(arguments, library, arguments->argv[0],
				       "of a service: binderctl methods SERVICE", near);

	free(near);
	return result;
}

static json_t *to_json(const void *what)
{
	return describe_declaration(what);
}

static void to_text(const void *what, struct sink *sink)
{
	aidl_declaration_print(what, sink->out);
}

static int run_describe(struct session *session, const struct arguments *arguments,
			struct sink *sink)
{
	const struct aidl_declaration *declaration = NULL;
	struct aidl_library *library = NULL;
	int result = interface_library(arguments, NULL, &library);

	if (result == EXIT_OK)
		result = interface_find(arguments, library, arguments->argv[0], &declaration);
	if (result == EXIT_NO_SERVICE)
		result = missing(arguments, library);
	else if (result == EXIT_OK)
		result = sink_put(sink, declaration, to_json, to_text);
	aidl_library_free(library);
	return result;
}

static const struct option_spec describe_options[] = { OPTION_AIDL, { 0 } };

const struct verb verb_describe = {
	.name = "describe",
	.arguments = "TYPE|FILE.aidl",
	.summary = "show the AIDL declaration of a type",
	.details =
		"TYPE is a qualified name, as in com.example.Point or an interface's descriptor.",
	.example = "binderctl describe android.os.IServiceManager",
	.options = describe_options,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_describe,
};

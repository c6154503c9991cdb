/* SPDX-License-Identifier: MIT */
/*
 * parse_type.c: types and annotations.
 *
 * Called by parse.c; names stay as they are written until resolve.c.
 */
#include "parser.h"

#include <string.h>

/* ---- annotations ------------------------------------------------------------ */

/* "name =", and what stands before the value; NULL: the value stands alone. */
static const char *parse_parameter_name(struct parser *parser)
{
	struct parser before = *parser;
	const char *name;

	if (parser->token.kind != TOKEN_NAME)
		return NULL;
	name = arena_text(parser->arena, parser->token.text, parser->token.length);
	parser_advance(parser);
	if (parser_accept(parser, "="))
		return name;
	*parser = before; /* a reference to a constant */
	return NULL;
}

static struct aidl_parameter *parse_parameter(struct parser *parser)
{
	struct aidl_parameter *parameter = arena_new(parser->arena, struct aidl_parameter);

	parameter->name = parse_parameter_name(parser);
	parameter->nameless = !parameter->name;
	if (parameter->nameless) /* @EnforcePermission("INTERNET"), @SuppressWarnings({"a", "b"}) */
		parameter->name = "value";
	parameter->expression = parse_expression(parser);
	return parameter->expression ? parameter : NULL;
}

/* False: it was reported. */
static bool parse_parameters(struct parser *parser, const struct aidl_parameter **last)
{
	if (!parser_accept(parser, "("))
		return true;
	while (!parser_at(parser, ")")) {
		struct aidl_parameter *parameter = parse_parameter(parser);

		if (!parameter)
			return false;
		*last = parameter;
		last = &parameter->next;
		if (!parser_accept(parser, ","))
			break;
	}
	return parser_expect(parser, ")", "behind the annotation's parameters");
}

struct aidl_annotation *parse_annotations(struct parser *parser)
{
	struct aidl_annotation *first = NULL;
	const struct aidl_annotation **last = (const struct aidl_annotation **)&first;

	while (parser->token.kind == TOKEN_ANNOTATION) {
		struct aidl_annotation *annotation =
			arena_new(parser->arena, struct aidl_annotation);

		annotation->name =
			arena_text(parser->arena, parser->token.text, parser->token.length);
		annotation->at = parser->token.at;
		parser_advance(parser);
		if (!parse_parameters(parser, &annotation->parameters))
			break;
		*last = annotation;
		last = &annotation->next;
	}
	return first;
}

const struct aidl_annotation *parse_more_annotations(struct parser *parser,
						     const struct aidl_annotation *before)
{
	const struct aidl_annotation **last = &before;

	while (*last)
		last = &((struct aidl_annotation *)(uintptr_t)*last)->next;
	*last = parse_annotations(parser);
	return before;
}

/* ---- types -------------------------------------------------------------------- */

static bool parse_type_arguments(struct parser *parser, struct aidl_type *type)
{
	if (!parser_accept(parser, "<"))
		return true;
	do {
		struct aidl_type *argument = parse_type(parser, parse_annotations(parser));

		if (!argument)
			return false;
		if (type->arguments == AIDL_MAX_ARGUMENTS) {
			aidl_report(parser->library, argument->at, 1, NULL,
				    "at most %d type arguments are possible", AIDL_MAX_ARGUMENTS);
			return false;
		}
		type->argument[type->arguments++] = argument;
	} while (parser_accept(parser, ","));
	return parser_expect(parser, ">", "behind the type arguments");
}

/* What stands in the brackets of int[2][3], outermost first. */
static bool parse_dimensions(struct parser *parser, struct aidl_type **type)
{
	struct aidl_type *element = *type;
	const struct aidl_type **place = (const struct aidl_type **)type;
	unsigned count = 0;

	while (parser_at(parser, "[")) {
		struct aidl_type *array = arena_new(parser->arena, struct aidl_type);

		if (++count > AIDL_MAX_DEPTH) {
			parser_expected(parser, "fewer dimensions", NULL);
			return false;
		}
		array->kind = AIDL_ARRAY;
		array->at = element->at;
		array->size = -1;
		array->element = element;
		parser_advance(parser);
		if (!parser_at(parser, "]")) {
			array->expression = parse_expression(parser);
			if (!array->expression)
				return false;
		}
		if (!parser_expect(parser, "]", "behind the size of the array"))
			return false;
		*place = array;
		place = &array->element;
	}
	return true;
}

static struct aidl_type *parse_plain_type(struct parser *parser,
					  const struct aidl_annotation *annotations)
{
	struct aidl_type *type = arena_new(parser->arena, struct aidl_type);

	type->at = parser->token.at;
	type->size = -1;
	type->name = parser_qualified(parser, "a type");
	if (!type->name || !parse_type_arguments(parser, type) || !parse_dimensions(parser, &type))
		return NULL;
	type->annotations = type->written = annotations;
	return type;
}

struct aidl_type *parse_type(struct parser *parser, const struct aidl_annotation *annotations)
{
	struct aidl_type *type;

	if (!parser_enter(parser))
		return NULL;
	type = parse_plain_type(parser, annotations);
	parser_leave(parser);
	return type;
}

/* SPDX-License-Identifier: MIT */
/*
 * parse.c: documents, declarations and their members.
 *
 * Called by library.c with a file's text; hands on to parse_type.c and
 * parse_expression.c.  After an error it goes on with the next member, so that
 * one run shows many.
 */
#include "parser.h"

#include <string.h>

/* Where the next declaration of a list belongs. */
typedef const struct aidl_declaration **declaration_tail;

/* Lists are built in the order of the text. */
struct declaration_tails {
	const struct aidl_method **method;
	const struct aidl_field **field;
	const struct aidl_constant **constant;
	declaration_tail nested;
};

static bool parse_declaration(struct parser *parser, const struct aidl_declaration *outer,
			      declaration_tail *tail);

/* ---- members --------------------------------------------------------------------- */

static bool parse_argument(struct parser *parser, struct aidl_field *argument)
{
	const struct aidl_annotation *annotations;

	argument->comment = parser->token.comment;
	/* Annotations may stand on either side of the direction. */
	annotations = parse_annotations(parser);
	if (parser_accept(parser, "in"))
		argument->direction = AIDL_IN;
	else if (parser_accept(parser, "out"))
		argument->direction = AIDL_OUT;
	else if (parser_accept(parser, "inout"))
		argument->direction = AIDL_INOUT;
	argument->type = parse_type(parser, parse_more_annotations(parser, annotations));
	if (!argument->type)
		return false;
	argument->at = parser->token.at;
	argument->name = parser_name(parser, "the name of the argument");
	return argument->name;
}

static bool parse_arguments(struct parser *parser, struct aidl_method *method)
{
	const struct aidl_field **last = &method->arguments;

	if (!parser_expect(parser, "(", "behind the name of the method"))
		return false;
	while (!parser_at(parser, ")")) {
		struct aidl_field *argument = arena_new(parser->arena, struct aidl_field);

		if (!parse_argument(parser, argument))
			return false;
		*last = argument;
		last = &argument->next;
		if (!parser_accept(parser, ","))
			break;
	}
	return parser_expect(parser, ")", "behind the arguments");
}

static bool parse_method(struct parser *parser, const struct aidl_annotation *annotations,
			 const char *comment, struct declaration_tails *tails)
{
	struct aidl_method *method = arena_new(parser->arena, struct aidl_method);

	method->comment = comment;
	method->oneway = parser_accept(parser, "oneway");
	if (method->oneway)
		annotations = parse_more_annotations(parser, annotations);
	method->annotations = annotations;
	method->returns = parse_type(parser, annotations);
	if (!method->returns)
		return false;
	method->at = parser->token.at;
	method->name = parser_name(parser, "the name of the method");
	if (!method->name || !parse_arguments(parser, method))
		return false;
	if (parser_accept(parser, "=")) {
		method->has_id = true;
		method->expression = parse_expression(parser);
		if (!method->expression)
			return false;
	}
	if (!parser_expect(parser, ";", "behind the method"))
		return false;
	*tails->method = method;
	tails->method = &method->next;
	return true;
}

static bool parse_constant(struct parser *parser, const struct aidl_annotation *annotations,
			   const char *comment, struct declaration_tails *tails)
{
	struct aidl_constant *constant = arena_new(parser->arena, struct aidl_constant);

	parser_advance(parser); /* const */
	annotations = parse_more_annotations(parser, annotations);
	constant->annotations = annotations;
	constant->comment = comment;
	constant->type = parse_type(parser, annotations);
	if (!constant->type)
		return false;
	constant->at = parser->token.at;
	constant->name = parser_name(parser, "the name of the constant");
	if (!constant->name || !parser_expect(parser, "=", "and the value of the constant"))
		return false;
	constant->expression = parse_expression(parser);
	if (!constant->expression || !parser_expect(parser, ";", "behind the constant"))
		return false;
	*tails->constant = constant;
	tails->constant = &constant->next;
	return true;
}

static bool parse_field(struct parser *parser, const struct aidl_annotation *annotations,
			const char *comment, struct declaration_tails *tails)
{
	struct aidl_field *field = arena_new(parser->arena, struct aidl_field);

	field->comment = comment;
	field->type = parse_type(parser, annotations);
	if (!field->type)
		return false;
	field->at = parser->token.at;
	field->name = parser_name(parser, "the name of the field");
	if (!field->name)
		return false;
	if (parser_accept(parser, "=")) {
		field->has_default = true;
		field->expression = parse_expression(parser);
		if (!field->expression)
			return false;
	}
	if (!parser_expect(parser, ";", "behind the field"))
		return false;
	*tails->field = field;
	tails->field = &field->next;
	return true;
}

static bool begins_declaration(const struct parser *parser)
{
	struct parser ahead = *parser;

	/* "oneway interface" begins one, "oneway void" a method. */
	if (parser_accept(&ahead, "oneway"))
		return parser_at(&ahead, "interface");
	return parser_at(parser, "interface") || parser_at(parser, "parcelable") ||
	       parser_at(parser, "enum") || parser_at(parser, "union");
}

static bool parse_member(struct parser *parser, struct aidl_declaration *owner,
			 struct declaration_tails *tails)
{
	struct parser before = *parser;
	const char *comment = parser->token.comment;
	const struct aidl_annotation *annotations = parse_annotations(parser);

	if (!comment)
		comment = parser->token.comment;
	if (begins_declaration(parser)) {
		*parser = before; /* it reads its annotations itself */
		return parse_declaration(parser, owner, &tails->nested);
	}
	if (parser_at(parser, "const"))
		return parse_constant(parser, annotations, comment, tails);
	if (owner->kind == AIDL_INTERFACE)
		return parse_method(parser, annotations, comment, tails);
	return parse_field(parser, annotations, comment, tails);
}

static bool parse_members(struct parser *parser, struct aidl_declaration *declaration)
{
	struct declaration_tails tails = {
		.method = &declaration->methods,
		.field = &declaration->fields,
		.constant = &declaration->constants,
		.nested = &declaration->nested,
	};

	if (!parser_expect(parser, "{", "behind the name"))
		return false;
	while (!parser_at(parser, "}") && parser->token.kind != TOKEN_END) {
		if (!parse_member(parser, declaration, &tails)) {
			declaration->broken = true;
			parser_skip_member(parser);
		}
	}
	return parser_expect(parser, "}", "at the end of the declaration");
}

/* ---- enums -------------------------------------------------------------------------- */

static struct aidl_constant *parse_enumerator(struct parser *parser)
{
	struct aidl_constant *constant = arena_new(parser->arena, struct aidl_constant);

	constant->comment = parser->token.comment;
	constant->annotations = parse_annotations(parser);
	constant->at = parser->token.at;
	constant->name = parser_name(parser, "a name of the enum");
	if (!constant->name)
		return NULL;
	if (parser_accept(parser, "=")) {
		constant->expression = parse_expression(parser);
		if (!constant->expression)
			return NULL;
	}
	return constant;
}

static bool parse_enumerators(struct parser *parser, struct aidl_declaration *declaration)
{
	const struct aidl_constant **last = &declaration->constants;
	const struct aidl_constant *previous = NULL;

	if (!parser_expect(parser, "{", "behind the name of the enum"))
		return false;
	while (!parser_at(parser, "}")) {
		struct aidl_constant *constant = parse_enumerator(parser);

		if (!constant)
			return false;
		constant->previous = previous;
		previous = constant;
		*last = constant;
		last = &constant->next;
		if (!parser_accept(parser, ","))
			break;
	}
	return parser_expect(parser, "}", "behind the names of the enum");
}

/* ---- declarations --------------------------------------------------------------------- */

static bool parse_parameters(struct parser *parser, struct aidl_declaration *declaration)
{
	if (!parser_accept(parser, "<"))
		return true;
	do {
		const char *name = parser_name(parser, "a type parameter");

		if (!name)
			return false;
		if (declaration->parameters == AIDL_MAX_ARGUMENTS) {
			parser_expected(parser, "at most four type parameters", NULL);
			return false;
		}
		declaration->parameter[declaration->parameters++] = name;
	} while (parser_accept(parser, ","));
	return parser_expect(parser, ">", "behind the type parameters");
}

/* parcelable Foo cpp_header "foo.h"; - where others find code that can read it. */
static bool parse_opaque(struct parser *parser, struct aidl_declaration *declaration)
{
	declaration->kind = AIDL_OPAQUE;
	for (;;) {
		const char *unused;
		const char **header =
			parser_accept(parser, "cpp_header") ? &declaration->cpp_header :
			parser_accept(parser, "ndk_header") ? &declaration->ndk_header :
			parser_accept(parser, "rust_type")  ? &unused :
							      NULL;

		if (!header)
			break;
		if (parser->token.kind != TOKEN_STRING) {
			parser_expected(parser, "a string", NULL);
			return false;
		}
		*header = arena_text(parser->arena, parser->token.text, parser->token.length);
		parser_advance(parser);
	}
	return parser_expect(parser, ";", "or '{' behind the parcelable");
}

static void name_declaration(struct parser *parser, struct aidl_declaration *declaration)
{
	const char *package = parser->document->package;
	const struct aidl_declaration *outer = declaration->outer;

	if (declaration->qualified)
		; /* a preprocessed file says it */
	else if (outer)
		declaration->qualified =
			arena_print(parser->arena, "%s.%s", outer->qualified, declaration->name);
	else if (*package)
		declaration->qualified =
			arena_print(parser->arena, "%s.%s", package, declaration->name);
	else
		declaration->qualified = declaration->name;
	declaration->descriptor = declaration->qualified;
}

static void append_declaration(declaration_tail *tail, struct aidl_declaration *declaration)
{
	**tail = declaration;
	*tail = &declaration->next;
}

static declaration_tail nested_tail(const struct aidl_declaration *outer)
{
	declaration_tail tail = &AIDL_OWN(outer)->nested;

	while (*tail)
		tail = &AIDL_OWN(*tail)->next;
	return tail;
}

/* The declaration whose name was read is only what holds the one that follows. */
static struct aidl_declaration *
holder_of(struct parser *parser, const struct aidl_declaration *declaration, declaration_tail *tail)
{
	const struct aidl_declaration *outer = declaration->outer;
	struct aidl_declaration *holder;

	for (const struct aidl_declaration *d = outer ? outer->nested :
							parser->document->declarations;
	     d; d = d->next)
		if (!strcmp(d->name, declaration->name))
			return AIDL_OWN(d);
	holder = arena_new(parser->arena, struct aidl_declaration);
	*holder = (struct aidl_declaration){
		.kind = AIDL_OPAQUE,
		.name = declaration->name,
		.outer = declaration->outer,
		.at = declaration->at,
	};
	name_declaration(parser, holder);
	append_declaration(tail, holder);
	return holder;
}

/* In a preprocessed file: parcelable a.b.Foo; */
static bool parse_whole_name(struct parser *parser, struct aidl_declaration *declaration)
{
	const char *last;

	declaration->qualified = parser_qualified(parser, "the name of the declaration");
	if (!declaration->qualified)
		return false;
	last = strrchr(declaration->qualified, '.');
	declaration->name = last ? last + 1 : declaration->qualified;
	return true;
}

/* parcelable Outer.Inner; - Java's classes nest where AIDL says nothing of the outer one. */
static bool parse_declared_name(struct parser *parser, struct aidl_declaration *declaration,
				declaration_tail *tail)
{
	declaration_tail inner;

	declaration->at = parser->token.at;
	if (parser->document->preprocessed && !declaration->outer)
		return parse_whole_name(parser, declaration);
	for (;;) {
		declaration->at = parser->token.at;
		declaration->name = parser_name(parser, "the name of the declaration");
		if (!declaration->name)
			return false;
		if (declaration->kind != AIDL_PARCELABLE || !parser_accept(parser, "."))
			return true;
		declaration->outer = holder_of(parser, declaration, tail);
		inner = nested_tail(declaration->outer);
		tail = &inner;
	}
}

static bool parse_body(struct parser *parser, struct aidl_declaration *declaration,
		       declaration_tail *tail)
{
	const struct aidl_declaration *outer = declaration->outer;

	if (!parse_declared_name(parser, declaration, tail))
		return false;
	name_declaration(parser, declaration);
	if (declaration->kind == AIDL_ENUM)
		return parse_enumerators(parser, declaration);
	if (declaration->kind != AIDL_INTERFACE && !parse_parameters(parser, declaration))
		return false;
	if (declaration->kind == AIDL_PARCELABLE &&
	    (declaration->outer != outer || !parser_at(parser, "{")))
		return parse_opaque(parser, declaration);
	if (declaration->kind == AIDL_INTERFACE && parser_accept(parser, ";")) {
		declaration->by_name = true;
		return true;
	}
	if (!parse_members(parser, declaration))
		return false;
	if (parser->document->preprocessed && declaration->kind == AIDL_INTERFACE)
		declaration->by_name = true;
	else if (parser->document->preprocessed)
		declaration->kind = AIDL_OPAQUE; /* its fields are left out there */
	return true;
}

static enum aidl_kind parse_kind(struct parser *parser)
{
	static const struct {
		const char *word;
		enum aidl_kind kind;
	} words[] = {
		{ "interface", AIDL_INTERFACE },
		{ "parcelable", AIDL_PARCELABLE },
		{ "enum", AIDL_ENUM },
		{ "union", AIDL_UNION },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (parser_accept(parser, words[i].word))
			return words[i].kind;
	if (parser->document->preprocessed && parser_accept(parser, "structured_parcelable"))
		return AIDL_PARCELABLE;
	return AIDL_UNKNOWN;
}

static bool parse_declaration(struct parser *parser, const struct aidl_declaration *outer,
			      declaration_tail *tail)
{
	struct aidl_declaration *declaration = arena_new(parser->arena, struct aidl_declaration);
	bool whole;

	declaration->outer = outer;
	declaration->comment = parser->token.comment;
	declaration->annotations = parse_annotations(parser);
	if (!declaration->comment)
		declaration->comment = parser->token.comment;
	declaration->oneway = parser_accept(parser, "oneway");
	declaration->kind = parse_kind(parser);
	if (declaration->kind == AIDL_UNKNOWN ||
	    (declaration->oneway && declaration->kind != AIDL_INTERFACE)) {
		parser_expected(parser,
				declaration->oneway ? "interface behind oneway" :
						      "interface, parcelable, enum or union",
				NULL);
		return false;
	}
	if (!parser_enter(parser))
		return false;
	whole = parse_body(parser, declaration, tail);
	parser_leave(parser);
	if (!whole)
		declaration->broken = true;
	if (declaration->qualified) { /* known by its name, even if not all of it was understood */
		declaration_tail inner;

		if (declaration->outer != outer) {
			inner = nested_tail(declaration->outer);
			tail = &inner;
		}
		append_declaration(tail, declaration);
	}
	return whole;
}

/* ---- documents --------------------------------------------------------------------------- */

static void parse_package(struct parser *parser)
{
	const char *name;

	if (!parser_accept(parser, "package"))
		return;
	name = parser_qualified(parser, "the name of the package");
	if (name)
		parser->document->package = name;
	if (!name || !parser_expect(parser, ";", "behind the package"))
		parser_skip_member(parser);
}

static void parse_imports(struct parser *parser)
{
	struct aidl_import **last = &parser->document->imports;

	while (parser_accept(parser, "import")) {
		struct aidl_import *import = arena_new(parser->arena, struct aidl_import);

		import->at = parser->token.at;
		import->name = parser_qualified(parser, "what to import");
		if (!import->name || !parser_expect(parser, ";", "behind the import")) {
			parser_skip_member(parser);
			continue;
		}
		*last = import;
		last = &import->next;
	}
}

void aidl_parse(struct aidl_library *library, struct aidl_document *document)
{
	struct parser parser = {
		.library = library,
		.arena = &library->arena,
		.document = document,
	};
	declaration_tail tail = &document->declarations;

	document->package = "";
	lexer_start(&parser.lexer, library, document);
	parser_advance(&parser);
	parse_package(&parser);
	parse_imports(&parser);
	while (parser.token.kind != TOKEN_END) {
		if (parse_declaration(&parser, NULL, &tail))
			continue;
		parser_skip_member(&parser);
		parser_accept(&parser, "}"); /* one too many */
	}
	if (!document->declarations && !library->errors && !document->preprocessed)
		aidl_report(library, parser.token.at, 1, NULL, "this file declares nothing");
}

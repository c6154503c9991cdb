/* SPDX-License-Identifier: MIT */
/*
 * check.c: the rules of the language, and the values of constants.
 *
 * Called by library.c for each resolved document; hands on to check_type.c,
 * check_method.c, check_annotation.c and constant.c.  A declaration with an error is marked, for
 * nobody may rely on its layout.
 */
#include "check.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

void check_broken(struct check *check)
{
	if (check->method)
		check->method->broken = true;
	else
		check->declaration->broken = true;
}

void check_report(struct check *check, struct aidl_position at, const char *name, const char *hint,
		  const char *format, ...)
{
	va_list arguments;
	char message[512];

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	check_broken(check);
	aidl_report(check->library, at, name ? (unsigned)strlen(name) : 1, hint, "%s", message);
}

/* ---- constants ------------------------------------------------------------------------- */

static void check_constants(struct check *check)
{
	struct aidl_declaration *declaration = check->declaration;

	for (const struct aidl_constant *c = declaration->constants; c; c = c->next) {
		bool broken = declaration->broken;
		bool wrong_type;

		declaration->broken = false;
		if (declaration->kind != AIDL_ENUM)
			check_type(check, c->type, CHECK_CONSTANT);
		wrong_type = declaration->broken;
		declaration->broken |= broken;
		for (const struct aidl_constant *d = declaration->constants; d != c; d = d->next)
			if (!strcmp(c->name, d->name))
				check_report(check, c->at, c->name, NULL, "there are two of %s",
					     c->name);
		if (!wrong_type && !aidl_constant_value(check->library, declaration, AIDL_OWN(c))) {
			declaration->broken = true;
			if (declaration->kind == AIDL_ENUM)
				return; /* the rest may follow from it */
		}
	}
	if (declaration->kind == AIDL_ENUM && !declaration->constants)
		check_report(check, declaration->at, declaration->name, NULL,
			     "an enum needs at least one name");
}

/* ---- fields ------------------------------------------------------------------------------ */

/* A type with arguments whose fields are looked at, and what that one stands in. */
struct box {
	const struct aidl_type *type;
	const struct box *outer;
};

/* Would a value of this type hold another one of the declaration, and that one more ...? */
static bool holds(const struct aidl_type *type, const struct aidl_declaration *declaration,
		  const struct box *box, unsigned depth)
{
	const struct box inside = { type, box };

	/* Sizes that stand further down are not computed yet. */
	if (type->kind == AIDL_ARRAY && (type->size >= 0 || type->expression))
		return holds(type->element, declaration, box, depth);
	if (type->kind == AIDL_TYPE_PARAMETER && box && !type->nullable && depth <= 8)
		for (unsigned i = 0; i < box->type->arguments; i++)
			if (!strcmp(box->type->declaration->parameter[i], type->name))
				return holds(box->type->argument[i], declaration, box->outer,
					     depth + 1);
	if (type->kind != AIDL_PARCELABLE || type->nullable || depth > 8)
		return false;
	if (type->declaration == declaration)
		return true;
	for (const struct aidl_field *f = type->declaration->fields; f; f = f->next)
		if (holds(f->type, declaration, &inside, depth + 1))
			return true;
	return false;
}

/* Java, C++ and Rust want a name: what has the value is not enough. */
static void check_enum_default(struct check *check, const struct aidl_field *field)
{
	const struct aidl_expression *expression = field->expression;

	if (expression->kind != EXPRESSION_REFERENCE)
		check_report(check, expression->at, NULL,
			     "@Backing types may hold any value; an enum is one of its names",
			     "the default of an enum is one of its names, as %s.%s",
			     field->type->declaration->name,
			     field->type->declaration->constants ?
				     field->type->declaration->constants->name :
				     "NAME");
}

static void check_default(struct check *check, struct aidl_field *field)
{
	if (!field->has_default)
		return;
	if (!aidl_evaluate(check->library, check->declaration, field->expression, field->type,
			   &field->value))
		check->declaration->broken = true;
	else if (field->type->kind == AIDL_ENUM)
		check_enum_default(check, field);
}

/* A union that nobody has set is its first field, in every language. */
static void check_first_field(struct check *check, const struct aidl_field *first)
{
	if (first->has_default || first->type->nullable)
		return;
	if (first->type->kind == AIDL_ENUM)
		check_report(check, first->at, first->name,
			     "write = and one of its names, or let another field be the first",
			     "a union begins as its first field, and %s may have no name for 0",
			     first->type->name);
	else if (first->type->kind == AIDL_ARRAY)
		check_report(check, first->at, first->name,
			     "write = {}, or @nullable, or let another field be the first",
			     "a union begins as its first field, and this array is null in Java");
}

static bool has_fixed_size(const struct aidl_type *type)
{
	if (type->nullable || type->arguments)
		return false;
	if (type->kind == AIDL_ARRAY)
		return (type->expression || type->size >= 0) && has_fixed_size(type->element);
	if ((type->kind >= AIDL_BOOLEAN && type->kind <= AIDL_DOUBLE) || type->kind == AIDL_ENUM)
		return true;
	return type->declaration &&
	       aidl_annotation_find(type->declaration->annotations, "FixedSize");
}

/* Java makes getters of them: getA() and getA(). */
static void check_getters(struct check *check, const struct aidl_field *field)
{
	for (const struct aidl_field *g = check->declaration->fields; g != field; g = g->next)
		if (toupper((unsigned char)*g->name) == toupper((unsigned char)*field->name) &&
		    !strcmp(g->name + 1, field->name + 1) && *g->name != *field->name)
			check_report(check, field->at, field->name, NULL,
				     "%s and %s have the same getter in Java", g->name,
				     field->name);
}

static bool is_immutable(const struct aidl_type *type)
{
	if (type->kind == AIDL_ARRAY)
		return is_immutable(type->element);
	for (unsigned i = 0; i < type->arguments; i++)
		if (!is_immutable(type->argument[i]))
			return false;
	if (type->kind == AIDL_LIST || type->kind == AIDL_MAP)
		return true;
	if (type->kind == AIDL_PARCELABLE || type->kind == AIDL_OPAQUE || type->kind == AIDL_UNION)
		return aidl_annotation_find(type->declaration->annotations, "JavaOnlyImmutable");
	return type->kind <= AIDL_STRING || type->kind == AIDL_ENUM ||
	       type->kind == AIDL_INTERFACE || type->kind == AIDL_IBINDER ||
	       type->kind == AIDL_TYPE_PARAMETER;
}

static void check_annotated_field(struct check *check, const struct aidl_field *field)
{
	const struct aidl_annotation *annotations = check->declaration->annotations;
	bool immutable = aidl_annotation_find(annotations, "JavaOnlyImmutable");

	if (aidl_annotation_find(annotations, "FixedSize") && field->type->kind != AIDL_UNKNOWN &&
	    !has_fixed_size(field->type))
		check_report(check, field->at, field->name,
			     "numbers, enums, arrays of fixed size and @FixedSize types have one",
			     "%s is @FixedSize, but %s has no fixed size", check->declaration->name,
			     field->name);
	if (immutable && !is_immutable(field->type))
		check_report(check, field->at, field->name, NULL,
			     "%s is @JavaOnlyImmutable, but %s can be changed",
			     check->declaration->name, field->name);
	if (immutable || check->declaration->kind == AIDL_UNION)
		check_getters(check, field);
}

static void check_fields(struct check *check)
{
	struct aidl_declaration *declaration = check->declaration;
	bool is_union = declaration->kind == AIDL_UNION;

	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		check_type(check, f->type, is_union ? CHECK_UNION : CHECK_FIELD);
		check_default(check, AIDL_OWN(f));
		check_annotated_field(check, f);
		for (const struct aidl_field *g = declaration->fields; g != f; g = g->next)
			if (!strcmp(f->name, g->name))
				check_report(check, f->at, f->name, NULL, "there are two fields %s",
					     f->name);
		if (!is_union && holds(f->type, declaration, NULL, 0))
			check_report(check, f->at, f->name, "make it @nullable(heap=true)",
				     "a %s that always holds a %s has no end", declaration->name,
				     declaration->name);
	}
	if (is_union && declaration->fields)
		check_first_field(check, declaration->fields);
	if (is_union && !declaration->fields)
		check_report(check, declaration->at, declaration->name, NULL,
			     "a union needs at least one field");
}

/* ---- annotations --------------------------------------------------------------------------- */

static unsigned annotated(const struct aidl_declaration *declaration)
{
	static const unsigned char places[] = {
		[AIDL_ENUM] = ANNOTATED_ENUM,           [AIDL_PARCELABLE] = ANNOTATED_PARCELABLE,
		[AIDL_OPAQUE] = ANNOTATED_OPAQUE,       [AIDL_UNION] = ANNOTATED_UNION,
		[AIDL_INTERFACE] = ANNOTATED_INTERFACE,
	};

	/* There, parcelables and unions look alike. */
	if (declaration->at.document->preprocessed)
		return ANNOTATED_DECLARATION;
	return places[declaration->kind];
}

static void check_all_annotations(struct check *check)
{
	struct aidl_declaration *declaration = check->declaration;
	const struct aidl_annotation *a;
	const struct aidl_value *value;

	check_annotations(check, declaration->annotations, annotated(declaration));
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		check_annotations(check, c->annotations, ANNOTATED_MEMBER | ANNOTATED_TYPE);
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		check_annotations(check, f->type->annotations, ANNOTATED_MEMBER | ANNOTATED_TYPE);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		check_annotations(check, m->annotations, ANNOTATED_METHOD | ANNOTATED_TYPE);
		for (const struct aidl_field *f = m->arguments; f; f = f->next)
			check_annotations(check, f->type->annotations,
					  ANNOTATED_MEMBER | ANNOTATED_TYPE);
	}
	declaration->vintf = aidl_annotation_find(declaration->annotations, "VintfStability");
	a = aidl_annotation_find(declaration->annotations, "Descriptor");
	value = a ? aidl_annotation_value(a, "value") : NULL;
	if (value && value->kind == AIDL_VALUE_STRING)
		declaration->descriptor = value->string;
}

/* ---- declarations ----------------------------------------------------------------------------- */

static void check_own_name(struct check *check)
{
	const struct aidl_declaration *d = check->declaration;

	if (d->at.document->preprocessed)
		return;
	check_name(check, d->at, d->name, "declaration");
	if (aidl_builtin(d->name) != AIDL_UNKNOWN && !strchr(d->name, '.'))
		check_report(check, d->at, d->name, NULL, "%s is a type of AIDL's own", d->name);
	if (d->outer && d->outer->kind != AIDL_OPAQUE && !strcmp(d->name, d->outer->name))
		check_report(check, d->at, d->name, NULL, "what is in a %s cannot be a %s, too",
			     d->name, d->name);
	if (d->outer && d->outer->kind != AIDL_OPAQUE && d->kind == AIDL_OPAQUE)
		check_report(check, d->at, d->name, "write what is in it, or move it out",
			     "a parcelable without fields in AIDL stands alone");
	for (unsigned i = 0; i < d->parameters; i++)
		for (unsigned j = 0; j < i; j++)
			if (!strcmp(d->parameter[i], d->parameter[j]))
				check_report(check, d->at, d->name, NULL,
					     "there are two type parameters %s", d->parameter[i]);
}

static void check_declaration(struct aidl_library *library,
			      const struct aidl_declaration *declaration)
{
	struct check check = { .library = library, .declaration = AIDL_OWN(declaration) };

	check_all_annotations(&check);
	check_own_name(&check);
	check_constants(&check);
	check_fields(&check);
	if (declaration->kind == AIDL_INTERFACE)
		check_methods(&check);
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next) {
		for (const struct aidl_declaration *e = declaration->nested; e != d; e = e->next)
			if (!strcmp(d->name, e->name))
				check_report(&check, d->at, d->name, NULL,
					     "there are two declarations %s", d->name);
		check_declaration(library, d);
	}
}

void aidl_check(struct aidl_library *library, struct aidl_document *document)
{
	document->checked = true;
	for (const struct aidl_declaration *d = document->declarations; d; d = d->next)
		check_declaration(library, d);
}

/* SPDX-License-Identifier: MIT */
/*
 * check.c: the rules of the language, and the values of constants.
 *
 * Called by library.c for each resolved document; hands on to check_type.c,
 * check_method.c and constant.c.  A declaration with an error is marked, for
 * nobody may rely on its layout.
 */
#include "check.h"

#include <stdarg.h>
#include <string.h>

void check_report(struct check *check, struct aidl_position at, const char *name, const char *hint,
		  const char *format, ...)
{
	va_list arguments;
	char message[512];

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	check->declaration->broken = true;
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

static void check_default(struct check *check, struct aidl_field *field)
{
	if (!field->has_default)
		return;
	if (!aidl_evaluate(check->library, check->declaration, field->expression, field->type,
			   &field->value))
		check->declaration->broken = true;
}

static void check_fields(struct check *check)
{
	struct aidl_declaration *declaration = check->declaration;
	bool is_union = declaration->kind == AIDL_UNION;

	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		check_type(check, f->type, is_union ? CHECK_UNION : CHECK_FIELD);
		check_default(check, AIDL_OWN(f));
		for (const struct aidl_field *g = declaration->fields; g != f; g = g->next)
			if (!strcmp(f->name, g->name))
				check_report(check, f->at, f->name, NULL, "there are two fields %s",
					     f->name);
		if (!is_union && holds(f->type, declaration, NULL, 0))
			check_report(check, f->at, f->name, "make it @nullable(heap=true)",
				     "a %s that always holds a %s has no end", declaration->name,
				     declaration->name);
	}
	if (is_union && !declaration->fields)
		check_report(check, declaration->at, declaration->name, NULL,
			     "a union needs at least one field");
}

/* ---- annotations --------------------------------------------------------------------------- */

static const char *const known_annotations[] = {
	"nullable",
	"utf8InCpp",
	"VintfStability",
	"UnsupportedAppUsage",
	"JavaOnlyStableParcelable",
	"NdkOnlyStableParcelable",
	"RustOnlyStableParcelable",
	"Backing",
	"JavaPassthrough",
	"JavaDerive",
	"JavaDefault",
	"JavaDelegator",
	"JavaOnlyImmutable",
	"JavaSuppressLint",
	"FixedSize",
	"Descriptor",
	"RustDerive",
	"SuppressWarnings",
	"EnforcePermission",
	"PermissionManuallyEnforced",
	"RequiresNoPermission",
	"PropagateAllowBlocking",
	"SensitiveData",
	"Hide",
	"Deprecated",
};

static void check_annotations(struct check *check, const struct aidl_annotation *annotations)
{
	for (const struct aidl_annotation *a = annotations; a; a = a->next) {
		size_t count = sizeof(known_annotations) / sizeof(known_annotations[0]);
		const char *hint = "names of annotations are case-sensitive";
		size_t i;

		for (const struct aidl_parameter *p = a->parameters; p; p = p->next)
			aidl_evaluate(check->library, check->declaration, p->expression, NULL,
				      &AIDL_OWN(p)->value);
		for (i = 0; i < count && strcmp(a->name, known_annotations[i]); i++)
			if (!strcasecmp(a->name, known_annotations[i]))
				hint = known_annotations[i];
		if (i == count)
			check_report(check, a->at, a->name, hint, "there is no annotation @%s",
				     a->name);
	}
}

static void check_all_annotations(struct check *check)
{
	struct aidl_declaration *declaration = check->declaration;
	const struct aidl_annotation *a;
	const struct aidl_value *value;

	check_annotations(check, declaration->annotations);
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		check_annotations(check, c->annotations);
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		check_annotations(check, f->type->annotations);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		check_annotations(check, m->annotations);
		for (const struct aidl_field *f = m->arguments; f; f = f->next)
			check_annotations(check, f->type->annotations);
	}
	declaration->vintf = aidl_annotation_find(declaration->annotations, "VintfStability");
	a = aidl_annotation_find(declaration->annotations, "Descriptor");
	value = a ? aidl_annotation_value(a, "value") : NULL;
	if (value && value->kind == AIDL_VALUE_STRING)
		declaration->descriptor = value->string;
}

/* ---- declarations ----------------------------------------------------------------------------- */

static void check_declaration(struct aidl_library *library,
			      const struct aidl_declaration *declaration)
{
	struct check check = { library, AIDL_OWN(declaration) };

	check_all_annotations(&check);
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

/* SPDX-License-Identifier: MIT */
/*
 * check_annotation.c: which annotations there are, where they may stand, and
 * what may be in their brackets.
 *
 * Called by check.c for everything that can have some.
 */
#include "check.h"

#include <string.h>

#define MOST_PARAMETERS 8

static const struct annotation_row {
	const char *name;
	unsigned places;
	bool repeated;                          /* it may stand there twice */
	const char *required;                   /* what has to be in its brackets, or NULL */
	const char *parameter[MOST_PARAMETERS]; /* what may be there */
} rows[] = {
	{ .name = "nullable", .places = ANNOTATED_TYPE, .parameter = { "heap" } },
	{ .name = "utf8InCpp", .places = ANNOTATED_TYPE },
	{ .name = "SensitiveData", .places = ANNOTATED_INTERFACE },
	{ .name = "VintfStability", .places = ANNOTATED_DECLARATION },
	{ .name = "UnsupportedAppUsage",
	  .places = ANNOTATED_DECLARATION | ANNOTATED_METHOD | ANNOTATED_MEMBER,
	  .parameter = { "expectedSignature", "implicitMember", "maxTargetSdk",
			 "publicAlternatives", "trackingBug", "overrideSourcePosition" } },
	{ .name = "JavaOnlyStableParcelable", .places = ANNOTATED_OPAQUE },
	{ .name = "NdkOnlyStableParcelable", .places = ANNOTATED_OPAQUE },
	{ .name = "RustOnlyStableParcelable", .places = ANNOTATED_OPAQUE },
	{ .name = "Backing", .places = ANNOTATED_ENUM, .required = "type", .parameter = { "type" } },
	{ .name = "JavaPassthrough",
	  .places = ANNOTATED_ANYTHING,
	  .repeated = true,
	  .required = "annotation",
	  .parameter = { "annotation" } },
	{ .name = "JavaDerive",
	  .places = ANNOTATED_PARCELABLE | ANNOTATED_UNION | ANNOTATED_ENUM,
	  .parameter = { "toString", "equals" } },
	{ .name = "JavaDefault", .places = ANNOTATED_INTERFACE },
	{ .name = "JavaDelegator", .places = ANNOTATED_INTERFACE },
	{ .name = "JavaOnlyImmutable",
	  .places = ANNOTATED_PARCELABLE | ANNOTATED_UNION | ANNOTATED_OPAQUE },
	{ .name = "JavaSuppressLint",
	  .places = ANNOTATED_ANYTHING,
	  .required = "value",
	  .parameter = { "value" } },
	{ .name = "FixedSize", .places = ANNOTATED_PARCELABLE | ANNOTATED_UNION },
	{ .name = "Descriptor",
	  .places = ANNOTATED_INTERFACE,
	  .required = "value",
	  .parameter = { "value" } },
	{ .name = "RustDerive",
	  .places = ANNOTATED_PARCELABLE | ANNOTATED_UNION,
	  .parameter = { "Copy", "Clone", "PartialOrd", "Ord", "PartialEq", "Eq", "Hash" } },
	{ .name = "SuppressWarnings",
	  .places = ANNOTATED_DECLARATION | ANNOTATED_METHOD | ANNOTATED_MEMBER,
	  .required = "value",
	  .parameter = { "value" } },
	{ .name = "EnforcePermission",
	  .places = ANNOTATED_INTERFACE | ANNOTATED_METHOD,
	  .parameter = { "value", "anyOf", "allOf" } },
	{ .name = "PermissionManuallyEnforced", .places = ANNOTATED_INTERFACE | ANNOTATED_METHOD },
	{ .name = "RequiresNoPermission", .places = ANNOTATED_INTERFACE | ANNOTATED_METHOD },
	{ .name = "PropagateAllowBlocking", .places = ANNOTATED_METHOD },
	{ .name = "Hide", .places = ANNOTATED_ANYTHING },
	{ .name = "Deprecated", .places = ANNOTATED_ANYTHING, .parameter = { "note", "since" } },
};

static const struct annotation_row *row_of(const char *name, const char **near)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(name, rows[i].name))
			return &rows[i];
		if (!strcasecmp(name, rows[i].name))
			*near = rows[i].name;
	}
	return NULL;
}

static bool is_allowed(const struct annotation_row *row, const char *parameter)
{
	for (size_t i = 0; i < MOST_PARAMETERS && row->parameter[i]; i++)
		if (!strcmp(row->parameter[i], parameter))
			return true;
	return false;
}

static void check_parameters(struct check *check, const struct aidl_annotation *annotation,
			     const struct annotation_row *row)
{
	bool found = !row->required;

	for (const struct aidl_parameter *p = annotation->parameters; p; p = p->next) {
		/* Without a name it is the only one. */
		if (p->nameless && row->required)
			AIDL_OWN(p)->name = row->required;
		if (!is_allowed(row, p->name)) {
			found = true; /* one error is enough */
			check_report(check, annotation->at, annotation->name,
				     row->parameter[0] ? row->parameter[0] : NULL,
				     p->nameless ?
					     "@%s has nothing without a name in its brackets" :
					     "@%s has no %s in its brackets",
				     annotation->name, p->name);
		}
		found |= row->required && !strcmp(p->name, row->required);
		for (const struct aidl_parameter *q = annotation->parameters; q != p; q = q->next)
			if (!strcmp(p->name, q->name))
				check_report(check, annotation->at, annotation->name, NULL,
					     "@%s has %s twice", annotation->name, p->name);
	}
	if (!found)
		check_report(check, annotation->at, annotation->name, NULL,
			     "@%s(%s=...) is missing its %s", annotation->name, row->required,
			     row->required);
}

static const char *place_name(unsigned place)
{
	return place & ANNOTATED_METHOD    ? "a method" :
	       place & ANNOTATED_MEMBER    ? "a field, argument or constant" :
	       place & ANNOTATED_INTERFACE ? "an interface" :
	       place & ANNOTATED_ENUM      ? "an enum" :
	       place & ANNOTATED_UNION     ? "a union" :
	       place & ANNOTATED_OPAQUE    ? "a parcelable without fields in AIDL" :
					     "a parcelable";
}

static void check_annotation(struct check *check, const struct aidl_annotation *first,
			     const struct aidl_annotation *annotation, unsigned place)
{
	const char *near = "names of annotations are case-sensitive";
	const struct annotation_row *row = row_of(annotation->name, &near);

	for (const struct aidl_parameter *p = annotation->parameters; p; p = p->next)
		if (!aidl_evaluate(check->library, check->declaration, p->expression, NULL,
				   &AIDL_OWN(p)->value))
			check_broken(check);
	if (!row) {
		check_report(check, annotation->at, annotation->name, near,
			     "there is no annotation @%s", annotation->name);
		return;
	}
	check_parameters(check, annotation, row);
	if (!(row->places & place))
		check_report(check, annotation->at, annotation->name, NULL, "@%s is not for %s",
			     annotation->name, place_name(place));
	for (const struct aidl_annotation *a = first; a != annotation && !row->repeated;
	     a = a->next)
		if (!strcmp(a->name, annotation->name))
			check_report(check, annotation->at, annotation->name, NULL,
				     "@%s stands there twice", annotation->name);
}

void check_annotations(struct check *check, const struct aidl_annotation *annotations,
		       unsigned place)
{
	for (const struct aidl_annotation *a = annotations; a; a = a->next)
		check_annotation(check, annotations, a, place);
}

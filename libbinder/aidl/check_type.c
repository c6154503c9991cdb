/* SPDX-License-Identifier: MIT */
/*
 * check_type.c: where which type may stand.
 *
 * Called by check.c and check_method.c for each type that is written.
 */
#include "check.h"

#include <string.h>

static bool is_primitive(enum aidl_kind kind)
{
	return kind >= AIDL_BOOLEAN && kind <= AIDL_DOUBLE;
}

static const char *name_of(const struct aidl_type *type)
{
	return type->name ? type->name : "an array";
}

/* A parcelable of ours may be given anything; what holds many of something may not. */
static bool can_be_argument(const struct aidl_type *type, const struct aidl_type *argument)
{
	if (is_primitive(argument->kind))
		return type->kind != AIDL_LIST && type->kind != AIDL_MAP;
	if (argument->kind == AIDL_ARRAY)
		return type->kind != AIDL_LIST;
	return argument->kind != AIDL_VOID;
}

static void check_arguments(struct check *check, const struct aidl_type *type)
{
	static const struct {
		enum aidl_kind kind;
		unsigned count;
	} wanted[] = { { AIDL_LIST, 1 }, { AIDL_MAP, 2 } };
	unsigned most = 0;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (type->kind == wanted[i].kind)
			most = wanted[i].count;
	if (type->declaration && (type->kind == AIDL_PARCELABLE || type->kind == AIDL_UNION ||
				  type->kind == AIDL_OPAQUE))
		most = type->declaration->parameters;
	if (type->arguments && type->arguments != most) {
		check_report(check, type->at, type->name, NULL,
			     "%s takes %u type arguments, not %u", type->name, most,
			     type->arguments);
		return;
	}
	if (!type->arguments && most && type->kind != AIDL_LIST && type->kind != AIDL_MAP)
		check_report(check, type->at, type->name, NULL, "%s wants %u type arguments",
			     type->name, most);
	if (type->arguments && type->argument[0]->written)
		check_report(check, type->argument[0]->written->at,
			     type->argument[0]->written->name,
			     "write it before the whole type: @nullable List<String>",
			     "the first type argument can have no annotation");
	for (unsigned i = 0; i < type->arguments; i++) {
		const struct aidl_type *argument = type->argument[i];

		if (!can_be_argument(type, argument))
			check_report(check, argument->at, argument->name,
				     type->kind == AIDL_LIST ? "use an array instead" : NULL,
				     "%s cannot be a type argument", name_of(argument));
		else
			check_type(check, argument, CHECK_FIELD);
	}
	if (type->kind == AIDL_MAP && type->arguments == 2 &&
	    type->argument[0]->kind != AIDL_STRING)
		check_report(check, type->argument[0]->at, type->argument[0]->name, NULL,
			     "the keys of a Map must be String");
}

static void check_array(struct check *check, const struct aidl_type *type, enum check_place place)
{
	const struct aidl_type *element = type->element;

	if (type->expression) {
		struct aidl_value size;

		AIDL_OWN(type)->size = 0;
		if (!aidl_evaluate(check->library, check->declaration, type->expression, NULL,
				   &size))
			check_broken(check);
		else if (size.kind != AIDL_VALUE_INTEGER || size.integer < 1 ||
			 size.integer > INT32_MAX)
			check_report(check, type->expression->at, NULL, NULL,
				     "the size of an array must be a number above 0");
		else
			AIDL_OWN(type)->size = size.integer;
	}
	check_type(check, element, place == CHECK_RETURN ? CHECK_FIELD : place);
	if (element->kind == AIDL_ARRAY && (type->size < 0 || element->size < 0))
		check_report(check, type->at, NULL, "write the sizes, as in int[2][3]",
			     "only arrays of fixed size can have several dimensions");
	if (element->kind == AIDL_LIST || element->kind == AIDL_MAP ||
	    element->kind == AIDL_PARCELABLE_HOLDER || element->kind == AIDL_CHAR_SEQUENCE)
		check_report(check, element->at, element->name, NULL, "there are no arrays of %s",
			     element->name);
}

static void check_type_annotations(struct check *check, const struct aidl_type *type)
{
	const struct aidl_type *inner = type;

	while (inner->kind == AIDL_ARRAY || (inner->kind == AIDL_LIST && inner->arguments))
		inner = inner->kind == AIDL_ARRAY ? inner->element : inner->argument[0];
	if (aidl_annotation_find(type->annotations, "utf8InCpp") && inner->kind != AIDL_STRING)
		check_report(check, type->at, type->name, NULL, "@utf8InCpp is for String alone");
	if (type->nullable && (is_primitive(type->kind) || type->kind == AIDL_ENUM ||
			       type->kind == AIDL_VOID || type->kind == AIDL_PARCELABLE_HOLDER))
		check_report(check, type->at, type->name, NULL, "%s cannot be null", type->name);
	if (type->heap && type->kind != AIDL_PARCELABLE && type->kind != AIDL_OPAQUE &&
	    type->kind != AIDL_TYPE_PARAMETER && type->kind != AIDL_UNION)
		check_report(check, type->at, type->name, "write @nullable",
			     "@nullable(heap=true) is for parcelables");
}

void check_type(struct check *check, const struct aidl_type *type, enum check_place place)
{
	if (type->kind == AIDL_UNKNOWN) {
		/* Said when it was not found.  A method may be called that does not need it. */
		if (!check->method)
			check_broken(check);
		return;
	}
	if (type->kind == AIDL_VOID && place != CHECK_RETURN)
		check_report(check, type->at, type->name, NULL, "only a method can be void");
	if (type->kind == AIDL_PARCELABLE_HOLDER && place != CHECK_FIELD)
		check_report(check, type->at, type->name, NULL,
			     "a ParcelableHolder can be a field of a parcelable, nothing else");
	if (place == CHECK_CONSTANT && !is_primitive(type->kind) && type->kind != AIDL_STRING &&
	    type->kind != AIDL_ENUM)
		check_report(check, type->at, type->name, NULL,
			     "constants are numbers, booleans, chars or strings, not %s",
			     name_of(type));
	check_type_annotations(check, type);
	if (type->kind == AIDL_ARRAY)
		check_array(check, type, place);
	else
		check_arguments(check, type);
}

/* SPDX-License-Identifier: MIT */
/*
 * check_method.c: what methods may be like, and which codes they have.
 *
 * Called by check.c for interfaces.
 */
#include "check.h"

#include <string.h>

/* IDs that the AIDL compiler keeps for methods of its own, the last hundred. */
#define FIRST_CODE 1u
#define LAST_CODE 0x00ffffffu
#define LARGEST_ID (LAST_CODE - FIRST_CODE - 100)

/* Out values are written into the caller's: only what can be written into. */
static bool can_be_out(const struct aidl_type *type)
{
	return type->kind == AIDL_ARRAY || type->kind == AIDL_LIST || type->kind == AIDL_MAP ||
	       type->kind == AIDL_PARCELABLE || type->kind == AIDL_OPAQUE ||
	       type->kind == AIDL_UNION || type->kind == AIDL_TYPE_PARAMETER;
}

/* There is no such thing as an empty one, for somebody to fill. */
static void check_file_direction(struct check *check, const struct aidl_field *argument)
{
	if (!argument->direction)
		check_report(check, argument->at, argument->name, "write in or inout before it",
			     "%s can go in both directions, so say which", argument->name);
	else if (argument->direction == AIDL_OUT)
		check_report(check, argument->at, argument->name, "return it, or write inout",
			     "a ParcelFileDescriptor cannot only come out");
}

static void check_direction(struct check *check, const struct aidl_method *method,
			    const struct aidl_field *argument)
{
	bool out = can_be_out(argument->type);

	if (argument->type->kind == AIDL_UNKNOWN) {
		; /* said when it was not found */
	} else if (argument->type->kind == AIDL_PARCEL_FILE_DESCRIPTOR) {
		check_file_direction(check, argument);
	} else if (!argument->direction && out) {
		check_report(check, argument->at, argument->name,
			     "write in, out or inout before it",
			     "%s can go in both directions, so say which", argument->name);
	} else if ((argument->direction & AIDL_OUT) && argument->type->declaration && out &&
		   aidl_annotation_find(argument->type->declaration->annotations,
					"JavaOnlyImmutable")) {
		check_report(check, argument->at, argument->name, "return it instead",
			     "%s is @JavaOnlyImmutable, so %s can only go in", argument->type->name,
			     argument->name);
	} else if ((argument->direction & AIDL_OUT) && !out) {
		check_report(check, argument->at, argument->name, "return it instead",
			     "%s can only go in", argument->name);
	}
	if ((argument->direction & AIDL_OUT) && method->oneway)
		check_report(check, argument->at, argument->name, NULL,
			     "nothing comes back from a oneway method");
	if (!argument->direction)
		AIDL_OWN(argument)->direction = AIDL_IN;
}

/* Words of Java, those that are words of C++ as well first. */
static const char *const words[] = {
	"break",     "case",   "catch",  "char",       "class",        "continue", "default",
	"do",        "double", "else",   "enum",       "false",        "float",    "for",
	"goto",      "if",     "int",    "long",       "new",          "private",  "protected",
	"public",    "return", "short",  "static",     "switch",       "this",     "throw",
	"true",      "try",    "void",   "volatile",   "while",        "abstract", "assert",
	"boolean",   "byte",   "const",  "extends",    "final",        "finally",  "implements",
	"import",    "native", "null",   "instanceof", "synchronized", "package",  "strictfp",
	"interface", "super",  "throws", "transient",
};
#define WORDS_OF_BOTH 33

void check_name(struct check *check, struct aidl_position at, const char *name, const char *what)
{
	for (size_t i = 0; i < WORDS_OF_BOTH; i++)
		if (!strcmp(name, words[i]))
			check_report(check, at, name, NULL,
				     "no %s can be called %s: Java and C++ have that word", what,
				     name);
}

static void check_argument_name(struct check *check, const struct aidl_field *argument)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(argument->name, words[i]))
			check_report(check, argument->at, argument->name, NULL,
				     "no argument can be called %s: Java has that word",
				     argument->name);
	if (!strncmp(argument->name, "_aidl", 5))
		check_report(check, argument->at, argument->name, NULL,
			     "names that begin with _aidl are the compilers'");
}

static void check_method(struct check *check, struct aidl_method *method)
{
	static const char *const reserved[] = {
		"getInterfaceVersion",    "getInterfaceHash", "getTransactionName", "asBinder",
		"getInterfaceDescriptor",
	};

	check->method = method;
	if (check->declaration->oneway)
		method->oneway = true;
	check_type(check, method->returns, CHECK_RETURN);
	if (method->oneway && method->returns->kind != AIDL_VOID)
		check_report(check, method->at, method->name, NULL,
			     "%s is oneway, so it cannot return anything", method->name);
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(method->name, reserved[i]))
			check_report(check, method->at, method->name, NULL,
				     "every interface has %s of itself", method->name);
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		check_type(check, a->type, CHECK_ARGUMENT);
		check_direction(check, method, a);
		check_argument_name(check, a);
		for (const struct aidl_field *b = method->arguments; b != a; b = b->next)
			if (!strcmp(a->name, b->name))
				check_report(check, a->at, a->name, NULL,
					     "there are two arguments %s", a->name);
	}
	check->method = NULL;
}

static void check_id(struct check *check, struct aidl_method *method, uint32_t next)
{
	struct aidl_value id;

	method->code = FIRST_CODE + next;
	if (!method->has_id)
		return;
	if (!aidl_evaluate(check->library, check->declaration, method->expression, NULL, &id)) {
		check->declaration->broken = true;
		return;
	}
	if (id.kind != AIDL_VALUE_INTEGER || id.integer < 0 || id.integer > LARGEST_ID)
		check_report(check, method->expression->at, NULL, NULL,
			     "the number of a method must be between 0 and %u", LARGEST_ID);
	else
		method->code = FIRST_CODE + (uint32_t)id.integer;
}

static void check_ids(struct check *check)
{
	const struct aidl_method *first = check->declaration->methods;
	bool mixed = false;
	uint32_t next = 0;

	for (const struct aidl_method *m = first; m; m = m->next) {
		check_id(check, AIDL_OWN(m), next++);
		if (m->has_id != first->has_id && !mixed) {
			check_report(check, m->at, m->name, "number all methods or none",
				     "%s has %s number, but %s has %s", m->name,
				     m->has_id ? "a" : "no", first->name,
				     first->has_id ? "one" : "none");
			mixed = true;
		}
	}
}

void check_methods(struct check *check)
{
	const struct aidl_declaration *declaration = check->declaration;

	check_ids(check);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		check_method(check, AIDL_OWN(m));
		for (const struct aidl_method *n = declaration->methods; n != m; n = n->next) {
			if (!strcmp(m->name, n->name))
				check_report(check, m->at, m->name, "AIDL knows no overloading",
					     "there are two methods %s", m->name);
			else if (m->code == n->code && m->has_id && n->has_id)
				check_report(check, m->at, m->name, NULL,
					     "%s and %s have the same number", n->name, m->name);
		}
	}
}

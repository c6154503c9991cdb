/* SPDX-License-Identifier: MIT */
/*
 * check.h: what the files that hold AIDL's rules share.
 *
 * check.c walks a document, check_type.c knows where which type may stand,
 * check_method.c what methods may be like and which codes they have,
 * check_annotation.c which annotations there are.
 */
#ifndef AIDL_CHECK_H
#define AIDL_CHECK_H

#include "internal.h"

struct check {
	struct aidl_library *library;
	struct aidl_declaration *declaration; /* that is being checked */
	struct aidl_method *method;           /* of it, or NULL */
};

/* Marks the method under way as broken, or the declaration: nobody may rely on it. */
void check_broken(struct check *check);
/* Reports, and marks. */
void check_report(struct check *check, struct aidl_position at, const char *name, const char *hint,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));

enum check_place { CHECK_RETURN, CHECK_ARGUMENT, CHECK_FIELD, CHECK_UNION, CHECK_CONSTANT };

void check_type(struct check *check, const struct aidl_type *type, enum check_place place);
void check_methods(struct check *check);
/* The rules for what programs in Java, C++, Rust or C have to be able to call something. */
void check_name(struct check *check, struct aidl_position at, const char *name, const char *what);

/* Where annotations stand. */
enum check_annotated {
	ANNOTATED_INTERFACE = 1,
	ANNOTATED_PARCELABLE = 2,
	ANNOTATED_OPAQUE = 4,
	ANNOTATED_UNION = 8,
	ANNOTATED_ENUM = 16,
	ANNOTATED_DECLARATION = 31,
	ANNOTATED_METHOD = 32,
	ANNOTATED_MEMBER = 64, /* a field, a constant, a name of an enum */
	ANNOTATED_TYPE = 128,
	ANNOTATED_ANYTHING = 255,
};
/* place: one or more of them; of a method or a constant, those of its type stand there, too. */
void check_annotations(struct check *check, const struct aidl_annotation *annotations,
		       unsigned place);

#endif

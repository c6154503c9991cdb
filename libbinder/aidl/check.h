/* SPDX-License-Identifier: MIT */
/*
 * check.h: what the files that hold AIDL's rules share.
 *
 * check.c walks a document, check_type.c knows where which type may stand,
 * check_method.c what methods may be like and which codes they have.
 */
#ifndef AIDL_CHECK_H
#define AIDL_CHECK_H

#include "internal.h"

struct check {
	struct aidl_library *library;
	struct aidl_declaration *declaration; /* that is being checked */
};

/* Reports, and marks the declaration as broken. */
void check_report(struct check *check, struct aidl_position at, const char *name, const char *hint,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));

enum check_place { CHECK_RETURN, CHECK_ARGUMENT, CHECK_FIELD, CHECK_UNION, CHECK_CONSTANT };

void check_type(struct check *check, const struct aidl_type *type, enum check_place place);
void check_methods(struct check *check);

#endif

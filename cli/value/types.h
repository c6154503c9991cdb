/* SPDX-License-Identifier: MIT */
/*
 * types.h: the types of values on the command line, TYPE:VALUE, and in replies.
 *
 * call.c writes arguments and reads replies with them; the types are those of binder/wire.h.
 */
#ifndef CLI_TYPES_H
#define CLI_TYPES_H

#include <jansson.h>

#include <binder/ext.h>
#include <binder/wire.h>

#include "cli/session.h"

/* Where values come from and go to. */
struct value_place {
	const struct arguments *arguments;
	struct session *session; /* NULL: nothing is looked up */
	ABinderConnection *connection;
	AParcel *parcel;
	int number;       /* of the argument, from 1 */
	const char *word; /* the whole of it, for messages */
};

/* Writes one word of the form TYPE:VALUE.  Failures are reported; an enum exit_status. */
int value_write(const struct value_place *place, const char *word);

/* The same into nowhere: finds wrong words before anybody is asked anything. */
int value_check(const struct value_place *place, const char *word);

/* Of a word that names a file to be opened: can it be?  Any other is left alone. */
int value_check_file(const struct value_place *place, const char *word);

/* NULL after a report when a word of a comma-separated list is no type; free() the result. */
struct value_list {
	const struct aidl_wire *type;
	bool array;
	char name[16];
};
struct value_list *value_list_parse(const struct arguments *arguments, const char *words,
				    int *count_ret);

/* Reads one value as JSON; u64 beyond 2^63 - 1 and NaN become strings. */
binder_status_t value_read(const AParcel *parcel, const struct value_list *type, json_t **ret);

/* The value in one line for people, malloc()ed.  NULL: no memory. */
char *value_text(const struct value_list *type, const json_t *value);

/* {"handle": 5, "descriptor": "..."} of a binder, which may be NULL. */
json_t *value_of_binder(AIBinder *binder);
/* {"fd": 7, "path": "/dev/null"} of a descriptor. */
json_t *value_of_fd(int fd);

/* Names for suggestions and completion; NULL behind the last. */
const char *value_type_name(int index);
/* The name of a type that was probably meant by that word; NULL: there is none. */
const char *suggest_type(const char *word);
bool value_type_has_array(int index);
/* May its text be @FILE?  The name has so many characters. */
bool value_type_has_file(const char *name, size_t length);

#endif

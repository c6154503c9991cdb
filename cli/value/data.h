/* SPDX-License-Identifier: MIT */
/*
 * data.h: values of AIDL types as words, as JSON and as text for people.
 *
 * call_method.c makes a method's arguments of words with it (data_words.c),
 * which may be JSON (data_json.c), and shows what comes back (data_text.c,
 * data_json.c).
 */
#ifndef CLI_DATA_H
#define CLI_DATA_H

#include <jansson.h>

#include <binder/aidl_data.h>
#include <binder/ext.h>

#include "cli/session.h"

/* Where a value comes from; what its failures name. */
struct data_source {
	const struct arguments *arguments;
	struct session *session; /* NULL: nothing is looked up */
	ABinderConnection *connection;
	struct aidl_library *library;
	const struct aidl_declaration *interface;
	const struct aidl_method *method;
	const struct aidl_field *argument;
	const char *word;
};

/* The value that a word stands for; *ret is the caller's to clear, also after a failure, which
 * is reported: an enum exit_status. */
int data_from_word(const struct data_source *source, struct aidl_data *ret);
int data_from_json(const struct data_source *source, const struct aidl_type *type,
		   const json_t *json, struct aidl_data *ret);

/* What names something outside: a service, a file, bytes as "bytes:HEX" or "bytes:@FILE". */
int data_from_service(const struct data_source *source, const char *name, struct aidl_data *ret);
int data_from_file(const struct data_source *source, const char *path, struct aidl_data *ret);
int data_from_bytes(const struct data_source *source, const char *text, struct aidl_data *ret);

/* Reports "argument NAME 'WORD': MESSAGE" with the method's signature; EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int data_fail(const struct data_source *source,
						    const char *format, ...);

/* Values that were read, with their types.  NULL: no memory. */
json_t *data_to_json(const struct aidl_data *data);
/* For people; lines after the first are indented by so many blanks. */
void data_print(const struct aidl_data *data, unsigned indent, FILE *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * call_words.h: a watched call as a line of text and as JSON.
 *
 * Names come from names.h and from AIDL: the interface's descriptor stands in each
 * request, so a method and its arguments are known wherever the AIDL is.
 */
#ifndef CLI_CALL_WORDS_H
#define CLI_CALL_WORDS_H

#include <stdio.h>

#include <binder/aidl.h>
#include <jansson.h>

#include "cli/watch/conversation.h"
#include "cli/watch/names.h"

/* All borrowed. */
struct call_words {
	ABinderConnection *connection; /* whose Android the payloads are read as; NULL: a file's */
	const char *android; /* the payloads are read as those of that version; NULL: as above */
	struct aidl_library *library;
	struct names *names;
	int64_t realtime_ns; /* what makes times of day of event times */
	bool color;
};

/* "12:03:04.123 shell 812 -> media.player.create(stream: 3) = 1   0.13 ms", without a line's end. */
void call_print(const struct call_words *words, const struct conversation *call, FILE *out);
/* Parts of that line: "media.player.create(stream: 3)" with a target that the caller knows, or
 * NULL; " = 1", or how it failed. */
void call_print_request(const struct call_words *words, const struct conversation *call,
			const char *target, FILE *out);
void call_print_reply(const struct call_words *words, const struct conversation *call, FILE *out);
/* "media.player" and ".create", or " 4711" of a method that is not known, as that line has them;
 * both malloc()ed.  false: no memory. */
bool call_name(const struct call_words *words, const struct conversation *call, char **target,
	       char **method);
/* A method's name: by AIDL, by libbinder, or as a file has it.  NULL: there is only a code.
 * descriptor: of the interface, or NULL. */
const char *call_method_name(const struct call_words *words, const char *descriptor, uint32_t node,
			     uint32_t code);
/* NULL: no memory. */
json_t *call_to_json(const struct call_words *words, const struct conversation *call);

#endif

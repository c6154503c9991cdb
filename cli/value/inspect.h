/* SPDX-License-Identifier: MIT */
/*
 * inspect.h: what a parcel seems to hold when nobody says what is in it.
 *
 * reply.c prints the readings; their text is a guess, except for objects.
 */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include <jansson.h>

#include <binder/ext.h>

#include "cli/value/sink.h"

enum reading_kind {
	READING_WORDS,    /* nothing known */
	READING_STATUS,   /* the zero of an AIDL status */
	READING_STRING16, /* looks like one */
	READING_BINDER,
	READING_FD,
};

struct reading {
	size_t offset, size;
	enum reading_kind kind;
	json_t *value; /* a string, a binder or a descriptor; NULL for the rest */
};

const char *reading_name(enum reading_kind kind);

struct inspect_how {
	bool status; /* a reply's first word may be one */
	bool pasted; /* nobody says where its objects are: what looks like one is one */
};

/*
 * All of the parcel, in order and without gaps; *ret is the caller's, to be
 * released with readings_free().
 */
binder_status_t inspect(const AParcel *parcel, const struct inspect_how *how, struct reading **ret,
			size_t *count_ret);
void readings_free(struct reading *readings, size_t count);

/* Words and text of a stretch of the parcel, 16 bytes a line, 8 on a narrow terminal, with note
 * beside them. */
void inspect_print(struct sink *sink, const uint8_t *data, size_t offset, size_t size,
		   const char *note);

#endif

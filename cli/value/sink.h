/* SPDX-License-Identifier: MIT */
/*
 * sink.h: where a verb's answer goes: text for people, JSON for programs, a
 * value for the shell.
 *
 * A verb hands over what it has found with two functions, one that makes JSON
 * of it and one that prints it; the sink calls those that are wanted.
 */
#ifndef CLI_SINK_H
#define CLI_SINK_H

#include <jansson.h>

#include <binder/ext.h>

#include "cli/verb.h"

struct sink {
	const struct arguments *arguments; /* messages name its verb */
	FILE *out;
	bool json;
	int width; /* columns of the terminal that out is; 0: it is none, and nothing is fitted */
	/* The shell keeps the answer as a value of Lua's; one of these is set then. */
	bool keeps;
	json_t *value;
	AParcel *parcel;
	AIBinder *binder;
};

void sink_open(struct sink *sink, const struct arguments *arguments, FILE *out);
/* Lets go of what was kept. */
void sink_close(struct sink *sink);

typedef json_t *(*sink_to_json)(const void *what);
typedef void (*sink_to_text)(const void *what, struct sink *sink);

/* The whole answer of a verb, once.  text NULL: people are told nothing.  An enum exit_status. */
int sink_put(struct sink *sink, const void *what, sink_to_json json, sink_to_text text);
/* The same where the JSON is made already, and text has been printed; takes it.  NULL: no memory. */
int sink_put_json(struct sink *sink, json_t *value);

/* What the shell keeps instead of the answer's JSON.  The first one counts; each takes it. */
void sink_keep(struct sink *sink, json_t *value);
void sink_keep_parcel(struct sink *sink, AParcel *parcel);
void sink_keep_binder(struct sink *sink, AIBinder *binder);

/*
 * Text from elsewhere, made fit for a terminal (text.h), at a column: what does not
 * fit into the width goes on in the next lines at the same column, broken between
 * words.  lines: line ends of the text stay.  No line end at the end.
 */
void sink_text(struct sink *sink, int column, const char *text, bool lines);
/* Bytes of a printable text that fit from that column on, broken as sink_text() does. */
size_t sink_fitting(const struct sink *sink, int column, const char *text);
/* printf() of our own words, and the columns that it took. */
__attribute__((format(printf, 2, 3))) int sink_print(struct sink *sink, const char *format, ...);

#endif

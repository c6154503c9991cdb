/* SPDX-License-Identifier: MIT */
/*
 * trace.h: what the files of `binderctl trace` offer one another.
 *
 * trace.c runs the program and receives messages (driver/trace.h); show.c makes a line or JSON of
 * each, with the table of commands in command.c.
 */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/watch/call_words.h"
#include "driver/trace.h"

/* ---- command.c ------------------------------------------------------------------------- */

/* What a command's structure holds. */
enum command_shape {
	SHAPE_NONE,
	SHAPE_NUMBER,        /* an int */
	SHAPE_HANDLE,        /* a handle */
	SHAPE_POINTER,       /* an address of the process itself */
	SHAPE_OBJECT,        /* pointer and cookie of an object of the process */
	SHAPE_HANDLE_COOKIE, /* a handle, and a cookie that comes back with its notice */
	SHAPE_TRANSACTION,   /* a binder_transaction_data first */
	SHAPE_OTHER,
};

struct command {
	uint32_t code;
	const char *name;
	enum command_shape shape;
};

/* NULL: not known. */
const struct command *command_find(enum trace_kind kind, uint32_t code);

/* ---- show.c ---------------------------------------------------------------------------- */

/* A message, checked: the sizes are those of what is there. */
struct trace_message {
	struct trace_record record;
	const uint8_t *command, *data, *offsets;
};

struct trace_view;

/* words: borrowed, with names that ask nobody.  NULL: no memory. */
struct trace_view *trace_view_new(const struct call_words *words, bool json, FILE *out);
void trace_view_free(struct trace_view *view);
/* Prints a line.  false: no memory. */
bool trace_view_show(struct trace_view *view, const struct trace_message *message);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * line.h: one line of a driver's text, and what it says.
 *
 * rows.c has the words of every driver that we know; json.c and model.c read a
 * text line by line with state_next_line() and state_read_line().
 */
#ifndef CLI_STATE_LINE_H
#define CLI_STATE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Integers up to this are numbers in JSON for everybody. */
#define STATE_SAFE_INTEGER (1ull << 53)

#define STATE_MAX_FIELDS 32

/* A value of a line; names and texts point into the pattern and into the line. */
struct state_field {
	const char *name;
	size_t name_size;
	char kind;      /* of the pattern, as below */
	bool hidden;    /* an address that the kernel does not print */
	int64_t number; /* d; b, n, t and f: 0 or 1 */
	uint64_t bits;  /* x, p */
	const char *text;
	size_t size; /* of the text: w, r, l */
};

struct state_fields {
	struct state_field field[STATE_MAX_FIELDS];
	size_t count;
};

/* Where a line's values belong. */
enum state_place {
	STATE_AT_TITLE,         /* nowhere */
	STATE_AT_DEAD_NODES,    /* nowhere: the nodes that follow have no owner */
	STATE_AT_NEW_PROCESS,   /* a process, to which what follows belongs */
	STATE_AT_PROCESS,       /* more of it, or of the totals before the first one */
	STATE_AT_LIST,          /* a list of the process, and what follows belongs to it */
	STATE_AT_ITEM_LIST,     /* a list of that latest thread or node */
	STATE_AT_PROCESS_LIST,  /* a list of the process */
	STATE_AT_DOCUMENT_LIST, /* a list of the whole */
	STATE_AT_COUNT,         /* an object of numbers by name */
};

/* The subject of the line. */
enum state_what {
	STATE_OTHER,
	STATE_THREAD,
	STATE_NODE,
	STATE_REF,
	STATE_BUFFER,
	STATE_TRANSACTION,
};

struct state_row {
	enum state_place place;
	enum state_what what;
	const char *list; /* its name; of STATE_AT_COUNT: the object's */
	const char *kind; /* goes along as "kind"; NULL: none */
	const char *pattern;
};

/* The row that a line fits, with its values in *ret; NULL: none. */
const struct state_row *state_read_line(const char *line, struct state_fields *ret);

/* A copy for state_next_line(), malloc()ed.  NULL: no memory. */
char *state_copy(const char *text);
/*
 * The next line of a state_copy(), which it changes; NULL: none is left.  The driver in Rust ends
 * no line behind a reference: what follows it counts as the next one.
 */
char *state_next_line(char **rest);

/* NULL: the line has no such value. */
const struct state_field *state_field(const struct state_fields *fields, const char *name);
/* As a number; otherwise where the line does not have it. */
int64_t state_number(const struct state_fields *fields, const char *name, int64_t otherwise);

/*
 * Does the line look like this?  Other than itself, a pattern has
 *
 *	{name:d}   a decimal number      {name:x}  a hexadecimal one
 *	{name:p}   an address            {name:n}  an address, of which only matters whether it is 0
 *	{name:b}   0 or another number, false or true
 *	{name:w}   everything up to the next blank, {name:r} to the end
 *	{name:l}   decimal numbers to the end
 *	{name:t}   nothing: true; {name:f}  nothing: false
 *	[...]      what may be missing; not nested
 */
bool state_match(const char *pattern, const char *line, struct state_fields *ret);

/* The next number of a list; false: it is at its end.  *text moves behind it. */
bool state_take_decimal(const char **text, int64_t *ret);

#endif

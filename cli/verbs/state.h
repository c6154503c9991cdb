/* SPDX-License-Identifier: MIT */
/*
 * state.h: the text in which a driver shows its state, as JSON.
 */
#ifndef CLI_STATE_H
#define CLI_STATE_H

#include <jansson.h>
#include <stdbool.h>

/*
 * A view of a driver (Linux 3.18 to 6.18, ours), as binderctl(1) describes it.
 * Lines that are not understood are kept as {"text": ...} in a list "other" of
 * what they stand under.  NULL: no memory.
 */
json_t *state_to_json(const char *view, const char *text);

/* ---- state_line.c ------------------------------------------------------------- */

/*
 * Does the line look like this?  Other than itself, a pattern has
 *
 *	{name:d}   a decimal number      {name:x}  a hexadecimal one
 *	{name:p}   an address, which becomes a string "0x..."
 *	{name:n}   an address, of which only matters whether it is 0: a boolean
 *	{name:b}   0 or another number: a boolean
 *	{name:w}   everything up to the next blank, {name:r} to the end
 *	{name:l}   decimal numbers to the end
 *	{name:t}   nothing: true; {name:f}  nothing: false
 *	[...]      what may be missing; not nested
 *
 * True: the values have been put into object.
 */
bool state_match(const char *pattern, const char *line, json_t *object);

/* A string, with ? for what JSON cannot hold. */
json_t *state_string(const char *text, size_t size);

#endif

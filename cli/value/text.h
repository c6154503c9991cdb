/* SPDX-License-Identifier: MIT */
/*
 * text.h: text from elsewhere, made fit for a terminal.
 *
 * What a user typed, a service answered or /proc holds may be anything: control
 * characters that drive a terminal, half a UTF-8 sequence, a megabyte.  All of
 * it passes here before it is shown to people; JSON has rules of its own.
 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/* Length of the UTF-8 sequence at text, which has size bytes; 0: it is none. */
size_t text_sequence(const char *text, size_t size);
bool text_is_utf8(const char *text, size_t size);

/* Writes it with \xNN for each byte of what is invisible, moves the cursor, turns the direction
 * of writing or is no UTF-8.  lines: line ends and tabs stay. */
void text_print(FILE *out, const char *text, bool lines);
/* The same in malloc()ed memory, with the middle left out where it is longer than most.
 * NULL: no memory. */
char *text_shown(const char *text, size_t most);
/* A valid UTF-8 copy, malloc()ed: U+FFFD for each byte that is not.  NULL: no memory. */
char *text_mended(const char *text, size_t size);
/* A string of JSON's, mended; NUL is a character like others.  NULL: no memory. */
json_t *text_to_json(const char *text, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * explain_pattern.h: a line of a log against a pattern, and what it held as text.
 *
 * A pattern is text with places in braces, one letter each: {p} {q} are pids, {t} {u}
 * threads, {n} {m} numbers, {e} an errno, {r} a command of the driver's, {x}
 * {y} hexadecimal digits, {s} a status in them, {w} a word.  Templates name the same places.
 */
#ifndef CLI_EXPLAIN_PATTERN_H
#define CLI_EXPLAIN_PATTERN_H

#include <stdbool.h>
#include <stdio.h>

#define PATTERN_WORD 64

struct pattern_places {
	char text['z' - 'a' + 1][PATTERN_WORD]; /* "" where the pattern has no such place */
};

/* The pattern may begin at any word of the line; *ret is set when it is there. */
bool pattern_find(const char *pattern, const char *line, struct pattern_places *ret);

/* "process 811 (surfaceflinger)", where it still lives and can be seen from here. */
void pattern_print_process(FILE *out, int pid);

/* The template with its places filled in, malloc()ed: pids with the program that has them now.
 * NULL: out of memory, or no template. */
char *pattern_fill(const char *template, const struct pattern_places *places);

#endif

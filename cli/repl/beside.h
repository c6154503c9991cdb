/* SPDX-License-Identifier: MIT */
/*
 * beside.h: the value of what a verb prints, for the shell that runs it as a program.
 *
 * People get the text as ever; beside it the value goes to the shell as JSON, so
 * that it can be kept as `_`.  child.c reads what call_method.c writes.
 */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include <stdbool.h>

#include <jansson.h>

/* In the child, before it becomes the program: that is the descriptor to write to. */
void beside_set(int fd);

/* Does a shell wait for a value?  Else there is no need to make one. */
bool beside_wanted(void);

/* Writes the value, and lets go of it; NULL is none. */
void beside_write(json_t *value);

#endif

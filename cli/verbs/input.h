/* SPDX-License-Identifier: MIT */
/*
 * input.h: the whole of a file, or of standard input, as text.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stddef.h>

#include "cli/verb.h"

/* word: a file's name, or "-".  *ret is malloc()ed and ends with 0; zeros within are made blanks.
 * Failures are reported; an enum exit_status. */
int input_read(const struct arguments *arguments, const char *word, size_t most, char **ret);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * method.h: methods and completion of AIDL interfaces for a prompt.
 *
 * Called by complete.c with the words of `call`: service, method, completion.
 */
#ifndef CLI_COMPLETE_METHOD_H
#define CLI_COMPLETE_METHOD_H

#include "cli/complete/complete.h"

/* Offers methods' names, "NAME=", and values.  false: the AIDL of the service is not to be had, and
 * nothing was offered. */
bool complete_method(const struct completion *completion, const char *const *words, int count,
		     const char *word);

/* Prints what the word is to be, for people: "b: int, in int add(int a, int b)". */
void complete_hint(const struct completion *completion, const char *const *words, int count,
		   const char *word);

#endif

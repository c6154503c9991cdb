/* SPDX-License-Identifier: MIT */
/*
 * waiting.h: a verb that waits for 2 seconds says what it waits for.
 *
 * main.c and the shell begin and end it around a verb; the verb's answer is not
 * touched.  A second thread looks at the driver's list of transactions.
 */
#ifndef CLI_WAITING_H
#define CLI_WAITING_H

#include "cli/verb.h"

/* The verb reaches for the driver now.  Does nothing when it has begun already. */
void waiting_begin(const struct arguments *arguments);
/* Something has come: the 2 seconds begin anew. */
void waiting_again(void);
/* Nothing is printed any more.  Does nothing when nothing has begun. */
void waiting_end(void);

#endif

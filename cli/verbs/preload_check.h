/* SPDX-License-Identifier: MIT */
/*
 * preload_check.h: programs that LD_PRELOAD does not reach.
 *
 * Called by sandbox.c for the command of --preload.
 */
#ifndef CLI_PRELOAD_CHECK_H
#define CLI_PRELOAD_CHECK_H

/* Why the dynamic loader will not give the library to a command, as a user types it: a static text
 * that goes on "COMMAND is ...".  NULL: it will, as far as can be seen. */
const char *preload_check(const char *command);

#endif

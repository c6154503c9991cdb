/* SPDX-License-Identifier: MIT */
/*
 * up_dir.h: the folder of `binderctl up`, and what to type where there is none.
 *
 * The same search as libbinder's.  Called by up.c, and by whoever advises `up`.
 */
#ifndef CLI_UP_DIR_H
#define CLI_UP_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* What `binderctl up` takes: there is to be room for names of devices in a socket's address. */
#define UP_DIR_LONGEST 89

enum up_dir_result {
	UP_DIR_FOUND,      /* it need not exist yet */
	UP_DIR_NO_RUNTIME, /* there is no folder for what this user runs */
	UP_DIR_NOT_HERE,   /* BINDER_DIR is relative, and the current folder is not there: errno */
	UP_DIR_TOO_LONG,   /* *ret is set all the same */
};

enum up_dir_result up_dir_find(char *ret, size_t size);

/* How this user gets a driver of his own: "binderctl up", with what it needs before it. */
const char *up_dir_command(void);

#endif

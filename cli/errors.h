/* SPDX-License-Identifier: MIT */
/*
 * errors.h: how binderctl says that something failed.
 *
 * Every verb ends a failure with one of these; each prints "binderctl: VERB:
 * what failed: why", a "try:" line where there is something to try, and gives
 * back the exit status, so that a verb can return the call.
 */
#ifndef CLI_ERRORS_H
#define CLI_ERRORS_H

#include <android/binder_status.h>

#include "cli/verb.h"

/*
 * A message of several pieces: what is printed to the stream that message_begin() returns is
 * collected, and leaves in one write(2) with message_send().  Several processes share a
 * terminal or a log, and their lines must not mix.
 */
struct message {
	FILE *out;
	char *text;
	size_t size;
};

FILE *message_begin(struct message *message);
void message_send(struct message *message);

/* try: NULL for none. */
__attribute__((format(printf, 4, 5))) int fail(const struct arguments *arguments, int exit_status,
					       const char *try_this, const char *format, ...);

/* One more line of what to try, behind a failure that was told. */
void fail_try(const char *try_this);

/* A text of several lines, such as a traceback, instead of the message. */
int fail_lines(const struct arguments *arguments, int exit_status, const char *text);

/* What a call to a service ended with; what is its name, or what was done. */
int fail_status(const struct arguments *arguments, binder_status_t status, const char *what);

/* The same with libbinder's words for it, where it has said something else since, or on another
 * thread; NULL or "": none. */
int fail_status_because(const struct arguments *arguments, binder_status_t status, const char *why,
			const char *what);

#endif

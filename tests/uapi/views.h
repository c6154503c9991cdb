/* SPDX-License-Identifier: MIT */
/*
 * views.h: what a driver shows of itself (debugfs), as a test can expect it.
 *
 * The text is read by a command that main.c was given (--views), `binderctl` as a rule, so that
 * no test knows where a driver has its files.  What differs from run to run is masked: see
 * view_expect().
 */
#ifndef UAPI_VIEWS_H
#define UAPI_VIEWS_H

#include "actors.h"

/* "binderctl --device binder"; NULL: there is none. */
extern const char *views_command;

/* The test cannot be run without that command. */
void need_views(void);
/* Its process and its thread have this name from now on; no name is another's. */
void view_name(const struct actor *actor, const char *name);

/*
 * Of the view ("state", "log --failed"), the processes with names must look like this.  In
 * what is expected, and in what is shown before the two are compared,
 *
 *	pids and tids   are names, or ? for those without
 *	ids             of nodes, references, transactions, buffers are #
 *	addresses       are left out, as is what only some versions have: elapsed time, offset
 *	from -          for what wants no reply: 6.1 does not say from whom
 *	aN rN           is a one-way call, is a reply: made of "rN", "wants a reply", before 6.18
 *	pri NICE        is the test's own
 *	context DEVICE  stands for the name of the tests' device
 *
 * and dead nodes are left out where nobody with a name holds them, threads without a name (the
 * preload library has one) and how many there are, and of a thread, whether it has ever polled
 * (in the library all do).  JSON must be made of it without a line that is not understood.
 */
void view_expect_(const char *view, const char *expected);
#define view_expect(view, expected) (step(__FILE__, __LINE__), view_expect_(view, expected))
/* As view_expect(), but for one line: is it there? */
bool view_has(const char *view, const char *line);
/* There is no such view: the command says so, and fails. */
bool view_fails(const char *view);
/* The number behind these words, where they begin a line; 0: there is no such line. */
long view_total(const char *view, const char *words);

#endif

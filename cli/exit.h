/* SPDX-License-Identifier: MIT */
/*
 * exit.h: what binderctl's exit status means.
 *
 * Every verb returns one of these; errors.c maps libbinder's statuses to them,
 * help.c and the manual page list them.  Scripts rely on the numbers.
 */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

enum exit_status {
	EXIT_OK = 0,
	EXIT_OTHER = 1,      /* any failure without a number of its own */
	EXIT_USAGE = 2,      /* the command line is wrong; nothing was sent */
	EXIT_NO_DRIVER = 3,  /* no Binder device could be opened */
	EXIT_NO_SERVICE = 4, /* no service of that name, or no service manager */
	EXIT_DEAD = 5,       /* the service died before or during the call */
	EXIT_EXCEPTION = 6,  /* the service answered with an exception */
	EXIT_TIMEOUT = 7,    /* the time given with --timeout has run out */
	EXIT_BLOCKED = 8,    /* of `blocked`: calls wait */
	EXIT_DEADLOCK = 9,   /* of `blocked`: calls wait for one another */

	/* sandbox and shells: the command was there but could not be run, was not found,
	 * was ended by signal N (128 + N). */
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL = 128,
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * errors.c: the one place that writes failures to standard error.
 */
#include "errors.h"

#include <stdarg.h>

#include <binder/ext.h>

int fail(const struct invocation *invocation, int exit_status, const char *try_this,
	 const char *format, ...)
{
	va_list args;

	/* What was printed so far comes first, when both go to one terminal or file. */
	fflush(stdout);
	fputs("binderctl: ", stderr);
	if (invocation && invocation->verb)
		fprintf(stderr, "%s: ", invocation->verb->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	if (try_this)
		fprintf(stderr, "try: %s\n", try_this);
	return exit_status;
}

int fail_status(const struct invocation *invocation, binder_status_t status, const char *what)
{
	const char *why = ABinder_lastError();

	switch (status) {
	case STATUS_DEAD_OBJECT:
		return fail(invocation, EXIT_DEAD, "binderctl list",
			    "%s: the process behind it has died (DEAD_OBJECT)", what);
	case STATUS_TIMED_OUT:
		return fail(invocation, EXIT_TIMEOUT, NULL,
			    "%s: no answer in time (TIMED_OUT); it may still carry out the call",
			    what);
	case STATUS_UNKNOWN_TRANSACTION:
		return fail(invocation, EXIT_OTHER, "check the code and the interface's version",
			    "%s: it does not know this code (UNKNOWN_TRANSACTION)", what);
	default:
		if (!*why)
			return fail(invocation, EXIT_OTHER, NULL, "%s: %s", what,
				    ABinder_statusName(status));
		return fail(invocation, EXIT_OTHER, NULL, "%s: %s (%s)", what, why,
			    ABinder_statusName(status));
	}
}

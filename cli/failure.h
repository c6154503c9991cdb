/* SPDX-License-Identifier: MIT */
/*
 * failure.h: what a call, ping, dump or wait that failed is told as.
 *
 * The verbs end with these on the command line, and the shell (repl/report.c) after
 * it has done the same in Lua.
 */
#ifndef CLI_FAILURE_H
#define CLI_FAILURE_H

#include <binder/ext.h>

#include "cli/session.h"

struct failure {
	binder_status_t status;
	const char *why;    /* libbinder's words; NULL or "": none */
	long long received; /* bytes of a dump; -1: nobody has counted */
	bool reached;       /* of a wait: a service manager answered that the name is free */
};

/* Of the service argv[0].  Connection NULL: what happened is told without it; a driver that is gone
 * then passes for a service that died.  An enum exit_status. */
int failure_report(const struct session *session, ABinderConnection *connection,
		   const struct failure *failure);

/* Of a wait for a registration of that name. */
int failure_wait(const struct session *session, ABinderConnection *connection, const char *name,
		 const struct failure *failure);

/* The same with what libbinder has said last on this thread. */
int failure_status(const struct session *session, ABinderConnection *connection,
		   binder_status_t status);

/* The exception by its name, EX_...; error: of EX_SERVICE_SPECIFIC, else NULL. */
int failure_exception(const struct arguments *arguments, const char *name, const int *error,
		      const char *message);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * await.h: waits for a service that may have yet to be registered.
 *
 * `wait` does only that; `cmd -w` and `dump -w` go on with the service.
 */
#ifndef CLI_VERBS_AWAIT_H
#define CLI_VERBS_AWAIT_H

#include "cli/session.h"

#define OPTION_WAIT \
	{ \
		"wait", 'w', NULL, "wait until SERVICE is registered" \
	}

/* Until the session's deadline.  Reports a failure; an enum exit_status. */
int await_service(struct session *session, ABinderConnection *connection, const char *name,
		  AIBinder **ret);
/* Opens the device, and finds argv[0] or, with --wait, waits for it; as session_enter(). */
int await_enter(struct session *session, ABinderConnection **connection_ret, AIBinder **binder_ret);

#endif

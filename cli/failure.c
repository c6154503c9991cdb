/* SPDX-License-Identifier: MIT */
/*
 * failure.c: the words for what became of one call, ping, dump or wait.
 */
#include "cli/failure.h"

#include <string.h>

#include "cli/errors.h"
#include "cli/session.h"

static int ping_failed(const struct session *session, const struct failure *failure)
{
	if (failure->status != STATUS_TIMED_OUT)
		return fail_status_because(session->arguments, failure->status, failure->why,
					   session->arguments->argv[0]);
	return fail(session->arguments, EXIT_TIMEOUT, NULL, "%s: %s (TIMED_OUT)",
		    session->arguments->argv[0], failure->why);
}

static int dump_failed(const struct session *session, ABinderConnection *connection,
		       const struct failure *failure)
{
	const char *name = session->arguments->argv[0], *why = failure->why;
	char received[48] = "";

	if (failure->received >= 0)
		snprintf(received, sizeof(received), ", %lld byte%s received", failure->received,
			 failure->received == 1 ? "" : "s");
	if (failure->status == STATUS_TIMED_OUT)
		return fail(session->arguments, EXIT_TIMEOUT, NULL,
			    "%s: not done in time%s (TIMED_OUT)", name, received);
	if (failure->status == STATUS_DEAD_OBJECT)
		return fail(session->arguments, EXIT_DEAD, "binderctl list",
			    "%s: its process has died%s (DEAD_OBJECT)", name, received);
	/* HIDL has no answer of its own for a code that nobody knows. */
	if (failure->status == STATUS_PERMISSION_DENIED && connection &&
	    ABinderConnection_isHidl(connection))
		return fail(session->arguments, EXIT_OTHER, "binderctl info shows its interface",
			    "%s: it has no debug(), or refuses this caller: a HIDL service answers "
			    "both alike (PERMISSION_DENIED)",
			    name);
	return fail(session->arguments, EXIT_OTHER, NULL, "%s: %s", name,
		    why && *why ? why : ABinder_statusName(failure->status));
}

int failure_wait(const struct session *session, ABinderConnection *connection, const char *name,
		 const struct failure *failure)
{
	bool alive = connection && ABinderConnection_isAlive(connection);
	int result = session_wrong_dialect(session, connection, failure->status);

	if (result != EXIT_OK)
		return result;
	if (failure->status == STATUS_DEAD_OBJECT && session_lost_driver(connection))
		return session_no_driver_any_more(session, connection);
	if (failure->status == STATUS_BAD_VALUE)
		return session_bad_name(session, connection, name);
	if (failure->status == STATUS_TIMED_OUT && failure->reached && alive)
		return fail(session->arguments, EXIT_TIMEOUT, "binderctl list",
			    "%s: not registered in time", name);
	if (failure->status == STATUS_DEAD_OBJECT && connection)
		return session_no_manager(session, connection);
	return fail_status_because(session->arguments, failure->status, failure->why, name);
}

int failure_report(const struct session *session, ABinderConnection *connection,
		   const struct failure *failure)
{
	enum verb_failure failure_of = session->arguments->verb->failure;
	const char *name = session->arguments->argv[0];
	int result = EXIT_OK;

	if (failure_of == FAILURE_OF_WAIT)
		return failure_wait(session, connection, name, failure);
	if (!strcmp(name, "manager"))
		result = session_wrong_dialect(session, connection, failure->status);
	if (result != EXIT_OK)
		return result;
	if (failure->status == STATUS_DEAD_OBJECT && session_lost_driver(connection))
		return session_no_driver_any_more(session, connection);
	/* Handle 0 is there before anybody serves it; but one that has answered was there. */
	if (failure->status == STATUS_DEAD_OBJECT && !strcmp(name, "manager") && connection &&
	    failure->received <= 0)
		return session_no_manager(session, connection);
	if (failure_of == FAILURE_OF_PING)
		return ping_failed(session, failure);
	if (failure_of == FAILURE_OF_DUMP)
		return dump_failed(session, connection, failure);
	return fail_status_because(session->arguments, failure->status, failure->why, name);
}

int failure_status(const struct session *session, ABinderConnection *connection,
		   binder_status_t status)
{
	struct failure failure = { .status = status, .why = ABinder_lastError(), .received = -1 };

	return failure_report(session, connection, &failure);
}

int failure_exception(const struct arguments *arguments, const char *name, const int *error,
		      const char *message)
{
	char specific[32] = "";

	if (error)
		snprintf(specific, sizeof(specific), " %d", *error);
	return fail(arguments, EXIT_EXCEPTION, NULL, "%s: the service answered %s%s%s%s",
		    arguments->argv[0], name, specific, message && *message ? ": " : "",
		    message ? message : "");
}

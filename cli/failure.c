/* SPDX-License-Identifier: MIT */
/*
 * failure.c: the words for what became of one call, ping, dump or wait.
 */
#include "cli/failure.h"

#include <string.h>

#include "cli/errors.h"
#include "cli/session.h"

static int ping_failed(const struct invocation *invocation, const struct failure *failure)
{
	if (failure->status != STATUS_TIMED_OUT)
		return fail_status_because(invocation, failure->status, failure->why,
					   invocation->argv[0]);
	return fail(invocation, EXIT_TIMEOUT, NULL, "%s: %s (TIMED_OUT)", invocation->argv[0],
		    failure->why);
}

static int dump_failed(const struct invocation *invocation, ABinderConnection *connection,
		       const struct failure *failure)
{
	const char *name = invocation->argv[0], *why = failure->why;
	char received[48] = "";

	if (failure->received >= 0)
		snprintf(received, sizeof(received), ", %lld byte%s received", failure->received,
			 failure->received == 1 ? "" : "s");
	if (failure->status == STATUS_TIMED_OUT)
		return fail(invocation, EXIT_TIMEOUT, NULL, "%s: not done in time%s (TIMED_OUT)",
			    name, received);
	if (failure->status == STATUS_DEAD_OBJECT)
		return fail(invocation, EXIT_DEAD, "binderctl list",
			    "%s: its process has died%s (DEAD_OBJECT)", name, received);
	/* HIDL has no answer of its own for a code that nobody knows. */
	if (failure->status == STATUS_PERMISSION_DENIED && connection &&
	    ABinderConnection_isHidl(connection))
		return fail(invocation, EXIT_OTHER, "binderctl info shows its interface",
			    "%s: it has no debug(), or refuses this caller: a HIDL service answers "
			    "both alike (PERMISSION_DENIED)",
			    name);
	return fail(invocation, EXIT_OTHER, NULL, "%s: %s", name,
		    why && *why ? why : ABinder_statusName(failure->status));
}

static int wait_failed(const struct invocation *invocation, ABinderConnection *connection,
		       const struct failure *failure)
{
	const char *name = invocation->argv[0];
	bool alive = connection && ABinderConnection_isAlive(connection);

	if (failure->status == STATUS_BAD_VALUE)
		return session_bad_name(invocation, connection, name);
	if (failure->status == STATUS_TIMED_OUT && failure->reached && alive)
		return fail(invocation, EXIT_TIMEOUT, "binderctl list",
			    "%s: not registered in time", name);
	if (failure->status == STATUS_DEAD_OBJECT && connection)
		return session_no_manager(invocation, connection);
	return fail_status_because(invocation, failure->status, failure->why, name);
}

int failure_report(const struct invocation *invocation, ABinderConnection *connection,
		   const struct failure *failure)
{
	const char *name = invocation->argv[0];
	int result = EXIT_OK;

	if (invocation->verb->run == verb_wait || !strcmp(name, "manager"))
		result = session_wrong_dialect(invocation, connection, failure->status);
	if (result != EXIT_OK)
		return result;
	if (failure->status == STATUS_DEAD_OBJECT && session_lost_driver(connection))
		return session_no_driver_any_more(invocation, connection);
	if (invocation->verb->run == verb_wait)
		return wait_failed(invocation, connection, failure);
	/* Handle 0 is there before anybody serves it; but one that has answered was there. */
	if (failure->status == STATUS_DEAD_OBJECT && !strcmp(name, "manager") && connection &&
	    failure->received <= 0)
		return session_no_manager(invocation, connection);
	if (invocation->verb->run == verb_ping)
		return ping_failed(invocation, failure);
	if (invocation->verb->run == verb_dump)
		return dump_failed(invocation, connection, failure);
	return fail_status_because(invocation, failure->status, failure->why, name);
}

int failure_status(const struct invocation *invocation, ABinderConnection *connection,
		   binder_status_t status)
{
	struct failure failure = { .status = status, .why = ABinder_lastError(), .received = -1 };

	return failure_report(invocation, connection, &failure);
}

int failure_exception(const struct invocation *invocation, const char *name, const int *error,
		      const char *message)
{
	char specific[32] = "";

	if (error)
		snprintf(specific, sizeof(specific), " %d", *error);
	return fail(invocation, EXIT_EXCEPTION, NULL, "%s: the service answered %s%s%s%s",
		    invocation->argv[0], name, specific, message && *message ? ": " : "",
		    message ? message : "");
}

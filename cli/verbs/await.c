/* SPDX-License-Identifier: MIT */
/*
 * await.c: waits for a registration, as far as the session's deadline allows.
 */
#include "cli/verbs/await.h"

#include "cli/failure.h"

int await_service(struct session *session, ABinderConnection *connection, const char *name,
		  AIBinder **ret)
{
	struct failure failure = { .received = -1 };

	/* First: is there a manager that answers?  The time of the wait begins behind that. */
	failure.status = AServiceManager_checkOn(connection, name, ret);
	failure.reached = failure.status == STATUS_NAME_NOT_FOUND;
	if (failure.reached) {
		session_take_time(session, connection);
		failure.status =
			AServiceManager_waitOn(connection, name, session_left(session), ret);
	}
	failure.why = ABinder_lastError();
	return failure.status == STATUS_OK ? EXIT_OK :
					     failure_wait(session, connection, name, &failure);
}

int await_enter(struct session *session, ABinderConnection **connection_ret, AIBinder **binder_ret)
{
	int result;

	if (!option_value(session->arguments, "wait"))
		return session_enter(session, connection_ret, binder_ret);
	result = session_open(session, connection_ret);
	if (result == EXIT_OK)
		result = await_service(session, *connection_ret, session->arguments->argv[0],
				       binder_ret);
	if (result == EXIT_OK)
		session_take_time(session, *connection_ret);
	return result;
}

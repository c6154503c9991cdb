/* SPDX-License-Identifier: MIT */
/*
 * report.c: a verb that failed as Lua, told in the words of the command line.
 *
 * Called by verb.c; hands on to failure.c and, where the service itself was
 * not found, to session.c, which looks for it once more and says what is missing.
 */
#include <string.h>

#include "cli/verbs/explain.h"
#include "cli/failure.h"
#include "cli/repl/repl.h"
#include "cli/waiting.h"
#include "cli/session.h"

static binder_status_t status_named(const char *name)
{
	static const char prefix[] = "STATUS_";
	const size_t length = sizeof(prefix) - 1;

	for (const struct fact *fact = explain_facts; fact->name; fact++)
		if (!strncmp(fact->name, prefix, length) && !strcmp(fact->name + length, name))
			return (binder_status_t)fact->number;
	return STATUS_UNKNOWN_ERROR;
}

/* message is the name once more where the service gave none. */
static int exception(const struct repl *repl, const struct invocation *invocation, int index,
		     int count)
{
	const char *message = lua_tostring(repl->L, index + 1);
	const char *name = lua_tostring(repl->L, index + 2);
	int error = count > 3 ? (int)lua_tointeger(repl->L, index + 3) : 0;

	return failure_exception(invocation, name, count > 3 ? &error : NULL,
				 message && strcmp(message, name) != 0 ? message : "");
}

int repl_report(const struct repl *repl, const struct invocation *invocation, int count)
{
	const int index = lua_absindex(repl->L, -count);
	const char *name = count > 2 ? lua_tostring(repl->L, index + 2) : NULL;
	const char *looked_for = count > 4 ? lua_tostring(repl->L, index + 4) : NULL;
	struct failure failure = { .why = count > 1 ? lua_tostring(repl->L, index + 1) : NULL,
				   .received = -1 };
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	int result = EXIT_OK;

	if (name && !strncmp(name, "EX_", 3))
		return exception(repl, invocation, index, count);
	failure.status = name ? status_named(name) : STATUS_UNKNOWN_ERROR;
	/* Whoever waits, or asks the manager, may find nobody at all. */
	if (looked_for || invocation->verb->run == verb_wait ||
	    !strcmp(invocation->argv[0], "manager"))
		result = session_open(invocation, &connection);
	if (result == EXIT_OK && looked_for)
		result = session_find(invocation, connection, looked_for, &binder);
	if (result == EXIT_OK && invocation->verb->run == verb_wait)
		failure.reached = AServiceManager_checkOn(connection, invocation->argv[0],
							  &binder) == STATUS_NAME_NOT_FOUND;
	if (result == EXIT_OK)
		result = failure_report(invocation, connection, &failure);
	AIBinder_decStrong(binder);
	ABinderConnection_close(connection);
	waiting_end();
	return result;
}

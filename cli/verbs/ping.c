/* SPDX-License-Identifier: MIT */
/*
 * ping.c: `binderctl ping`: does a service answer, and how fast?
 */
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/failure.h"
#include "cli/session.h"
#include "cli/value/sink.h"

struct answer {
	const char *name;
	double milliseconds;
};

static json_t *to_json(const void *what)
{
	const struct answer *answer = what;

	return json_pack("{s:s, s:b, s:f}", "name", answer->name, "alive", 1, "milliseconds",
			 answer->milliseconds);
}

static void to_text(const void *what, struct sink *sink)
{
	const struct answer *answer = what;

	sink_print(sink, "%s: alive, %.2f ms\n", answer->name, answer->milliseconds);
}

static int ping(struct session *session, ABinderConnection *connection, AIBinder *binder,
		struct sink *sink)
{
	struct answer answer = { .name = session->arguments->argv[0] };
	bool manager = !strcmp(answer.name, "manager");
	uint64_t start = session_now_ns();
	binder_status_t status;

	/* A service manager that lives gets a moment in any case. */
	if (manager && session_left(session) >= 0 && !session->shared)
		ABinderConnection_setDeadline(connection, session_reach(session));
	status = session_ping(binder, manager ? session_reach(session) : session_left(session));
	answer.milliseconds = (session_now_ns() - start) / 1e6;
	return status == STATUS_OK ? sink_put(sink, &answer, to_json, to_text) :
				     failure_status(session, connection, status);
}

static int run_ping(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	int result = session_enter(session, &connection, &binder);

	if (result == EXIT_OK)
		result = ping(session, connection, binder, sink);
	AIBinder_decStrong(binder);
	session_close(session, connection);
	return result;
}

const struct verb verb_ping = {
	.name = "ping",
	.failure = FAILURE_OF_PING,
	.arguments = "SERVICE",
	.summary = "ask whether a service answers",
	.details = "Prints how long the answer took.",
	.example = "binderctl ping media.player",
	.options = options_five_seconds,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_ping,
	.complete = complete_service,
};

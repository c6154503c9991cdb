/* SPDX-License-Identifier: MIT */
/*
 * wait.c: `binderctl wait`: returns when a service is registered.
 */
#include "cli/complete/complete.h"
#include "cli/session.h"
#include "cli/value/sink.h"
#include "cli/verbs/await.h"

struct waited {
	const char *name;
	uint64_t start;
};

static json_t *to_json(const void *what)
{
	const struct waited *waited = what;

	return json_pack("{s:s, s:b, s:f}", "name", waited->name, "registered", 1, "milliseconds",
			 (session_now_ns() - waited->start) / 1e6);
}

static int run_wait(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct waited waited = { .name = arguments->argv[0], .start = session_now_ns() };
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	int result = session_open(session, &connection);

	if (result != EXIT_OK)
		return result;
	result = await_service(session, connection, waited.name, &binder);
	if (result == EXIT_OK) {
		sink_keep_binder(sink, binder);
		result = sink_put(sink, &waited, to_json, NULL);
	}
	session_close(session, connection);
	return result;
}

const struct verb verb_wait = {
	.name = "wait",
	.failure = FAILURE_OF_WAIT,
	.arguments = "SERVICE",
	.summary = "wait until a service is registered",
	.details = "Ends at once when the name is there already.",
	.example = "binderctl wait --timeout 5 media.player",
	.options = options_no_limit,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_wait,
	.complete = complete_service,
};

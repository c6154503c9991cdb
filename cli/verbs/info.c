/* SPDX-License-Identifier: MIT */
/*
 * info.c: `binderctl info`: what a service says of itself, and the process behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/session.h"
#include "cli/value/sink.h"

/* A service that does not answer within this time is shown without its answers. */
#define ANSWER_MS 1000

struct info {
	const char *name, *android; /* android: NULL if unknown */
	char *descriptor;           /* malloc()ed; NULL: no answer */
	pid_t pid;                  /* <= 0: unknown, and what follows with it */
	int64_t uid;
	char process[64];
	int64_t handle;         /* -1: an object of this process has none */
	binder_status_t status; /* of a ping */
};

static bool take_pid_of_name(const char *name, pid_t pid, void *cookie)
{
	struct info *info = cookie;

	if (strcmp(name, info->name) != 0)
		return true;
	info->pid = pid;
	return false;
}

/* The object tells its process; where it does not, the service manager may. */
static void gather(ABinderConnection *connection, AIBinder *binder, struct info *info)
{
	uint32_t handle;

	info->pid = -1;
	if (info->status == STATUS_OK) {
		session_descriptor(binder, ANSWER_MS, &info->descriptor);
		if (AIBinder_fetchDebugPid(binder, &info->pid) != STATUS_OK)
			info->pid = -1;
	}
	if (info->pid <= 0)
		AServiceManager_debugInfoOn(connection, take_pid_of_name, info);
	if (info->pid <= 0)
		info->pid = -1;
	session_process(info->pid, &info->uid, info->process, sizeof(info->process));
	info->handle = AIBinder_getHandle(binder, &handle) == STATUS_OK ? (int64_t)handle : -1;
	info->android = ABinderConnection_getAndroid(connection, NULL);
}

static json_t *to_json(const void *what)
{
	const struct info *info = what;
	/* A service that does not answer may be alive. */
	json_t *alive = info->status == STATUS_OK          ? json_true() :
			info->status == STATUS_DEAD_OBJECT ? json_false() :
							     json_null();

	return json_pack("{s:s, s:s?, s:i, s:I, s:s?, s:I, s:o, s:s?}", "name", info->name,
			 "descriptor", info->descriptor, "pid", (int)info->pid, "uid",
			 (json_int_t)info->uid, "program", *info->process ? info->process : NULL,
			 "handle", (json_int_t)info->handle, "alive", alive, "android",
			 info->android);
}

#define COLUMN 12

static void field(struct sink *sink, const char *name, const char *text)
{
	sink_print(sink, "%-*s", COLUMN, name);
	sink_text(sink, COLUMN, text, false);
	sink_print(sink, "\n");
}

static void number(struct sink *sink, const char *name, long long value)
{
	char text[24] = "?";

	if (value >= 0)
		snprintf(text, sizeof(text), "%lld", value);
	field(sink, name, text);
}

static const char *aliveness(binder_status_t status, char *buffer, size_t size)
{
	switch (status) {
	case STATUS_OK:
		return "yes";
	case STATUS_DEAD_OBJECT:
		return "no";
	case STATUS_TIMED_OUT:
		return "it does not answer within a second";
	default:
		snprintf(buffer, size, "? (%s)", ABinder_statusName(status));
		return buffer;
	}
}

static void to_text(const void *what, struct sink *sink)
{
	const struct info *info = what;
	char text[96];

	field(sink, "name", info->name);
	field(sink, "descriptor", info->descriptor ? info->descriptor : "?");
	snprintf(text, sizeof(text), "%d (%s)", (int)info->pid, info->process);
	if (info->pid > 0 && *info->process)
		field(sink, "pid", text);
	else
		number(sink, "pid", info->pid);
	number(sink, "uid", info->uid);
	number(sink, "handle", info->handle);
	field(sink, "alive", aliveness(info->status, text, sizeof(text)));
	field(sink, "dialect", info->android ? info->android : "?");
}

static int show(struct session *session, ABinderConnection *connection, AIBinder *binder,
		struct sink *sink)
{
	struct info info = { .name = session->arguments->argv[0] };
	int result;

	info.status = session_ping(binder, ANSWER_MS);
	if (info.status == STATUS_DEAD_OBJECT && !strcmp(info.name, "manager"))
		return session_no_manager(session, connection);
	if (session_lost_driver(connection))
		return session_no_driver_any_more(session, connection);
	if (info.status == STATUS_INTERRUPTED)
		return fail_status(session->arguments, info.status, info.name);
	gather(connection, binder, &info);
	result = sink_put(sink, &info, to_json, to_text);
	free(info.descriptor);
	return result;
}

static int run_info(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	int result = session_enter(session, &connection, &binder);

	if (result == EXIT_OK)
		result = show(session, connection, binder, sink);
	AIBinder_decStrong(binder);
	session_close(session, connection);
	return result;
}

const struct verb verb_info = {
	.name = "info",
	.arguments = "SERVICE",
	.summary = "show descriptor, process, user and handle of a service",
	.details = "The handle is the one that this call of binderctl was given.",
	.example = "binderctl info media.player",
	.options = options_five_seconds,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_info,
	.complete = complete_service,
};

/* SPDX-License-Identifier: MIT */
/*
 * service_verbs.c: the short verbs about one service: ping, info, wait.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/value/text.h"
#include "cli/session.h"

static int leave(ABinderConnection *connection, AIBinder *binder, int result)
{
	AIBinder_decStrong(binder);
	ABinderConnection_close(connection);
	return result;
}

static int print_object(const struct invocation *invocation, json_t *object)
{
	int failed = !object || json_dumpf(object, stdout, JSON_INDENT(2));

	json_decref(object);
	if (failed)
		return fail(invocation, EXIT_OTHER, NULL, "cannot make JSON of the answer");
	putchar('\n');
	return EXIT_OK;
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* How long a service may take to say what it is. */
#define PATIENCE_MS 1000

int verb_ping(struct invocation *invocation)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	binder_status_t status;
	const char *name = invocation->argv[0];
	double start;
	int result = session_enter(invocation, &connection, &binder);

	if (result != EXIT_OK)
		return leave(connection, binder, result);
	start = milliseconds();
	/* A service manager that lives gets a moment in any case. */
	if (!strcmp(name, "manager") && session_left(invocation) >= 0)
		ABinderConnection_setDeadline(connection, session_reach(invocation));
	status = session_ping(binder, !strcmp(name, "manager") ? session_reach(invocation) :
								 session_left(invocation));
	start = milliseconds() - start;
	if (status != STATUS_OK)
		result = failure_status(invocation, connection, status);
	else if (invocation->json)
		result = print_object(invocation, json_pack("{s:s, s:b, s:f}", "name", name,
							    "alive", 1, "milliseconds", start));
	else
		printf("%s: alive, %.2f ms\n", name, start);
	return leave(connection, binder, result);
}

/* ---- info --------------------------------------------------------------------------- */

struct info {
	const char *name, *android; /* android: NULL if unknown */
	char *descriptor;           /* malloc()ed; NULL: no answer */
	pid_t pid;                  /* <= 0: unknown, and what follows with it */
	int64_t uid;
	char process[64];
	uint32_t handle;
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

/* The object itself tells where it lives; for one that does not, the service manager may. */
static void ask_for_info(ABinderConnection *connection, AIBinder *binder, struct info *info)
{
	info->pid = -1;
	if (info->status == STATUS_OK) {
		session_descriptor(binder, PATIENCE_MS, &info->descriptor);
		if (AIBinder_fetchDebugPid(binder, &info->pid) != STATUS_OK)
			info->pid = -1;
	}
	if (info->pid <= 0)
		AServiceManager_debugInfoOn(connection, take_pid_of_name, info);
	if (info->pid <= 0)
		info->pid = -1;
	session_process(info->pid, &info->uid, info->process, sizeof(info->process));
	AIBinder_getHandle(binder, &info->handle);
	info->android = ABinderConnection_getAndroid(connection, NULL);
}

static int print_info_json(const struct invocation *invocation, const struct info *info)
{
	/* Who does not answer may live: nobody can tell. */
	json_t *alive = info->status == STATUS_OK          ? json_true() :
			info->status == STATUS_DEAD_OBJECT ? json_false() :
							     json_null();

	return print_object(invocation,
			    json_pack("{s:s, s:s?, s:i, s:I, s:s?, s:I, s:o, s:s?}", "name",
				      info->name, "descriptor", info->descriptor, "pid",
				      (int)info->pid, "uid", (json_int_t)info->uid, "program",
				      *info->process ? info->process : NULL, "handle",
				      (json_int_t)info->handle, "alive", alive, "android",
				      info->android));
}

static void print_info(const struct info *info)
{
	printf("name        %s\n", info->name);
	printf("descriptor  ");
	text_print(stdout, info->descriptor ? info->descriptor : "?", false);
	if (info->pid > 0) {
		printf("\npid         %d%s", (int)info->pid, *info->process ? " (" : "");
		text_print(stdout, info->process, false);
		puts(*info->process ? ")" : "");
	} else {
		puts("\npid         ?");
	}
	if (info->uid >= 0)
		printf("uid         %lld\n", (long long)info->uid);
	else
		puts("uid         ?");
	printf("handle      %u\n", info->handle);
	printf("alive       ");
	if (info->status == STATUS_OK)
		puts("yes");
	else if (info->status == STATUS_DEAD_OBJECT)
		puts("no");
	else if (info->status == STATUS_TIMED_OUT)
		puts("it does not answer within a second");
	else
		printf("? (%s)\n", ABinder_statusName(info->status));
	printf("dialect     %s\n", info->android ? info->android : "?");
}

int verb_info(struct invocation *invocation)
{
	struct info info = { .name = invocation->argv[0] };
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	int result = session_enter(invocation, &connection, &binder);

	if (result != EXIT_OK)
		return leave(connection, binder, result);
	info.status = session_ping(binder, PATIENCE_MS);
	if (info.status == STATUS_DEAD_OBJECT && !strcmp(info.name, "manager"))
		return leave(connection, binder, session_no_manager(invocation, connection));
	if (session_lost_driver(connection))
		return leave(connection, binder,
			     session_no_driver_any_more(invocation, connection));
	ask_for_info(connection, binder, &info);
	if (invocation->json)
		result = print_info_json(invocation, &info);
	else
		print_info(&info);
	free(info.descriptor);
	return leave(connection, binder, result);
}

/* ---- wait --------------------------------------------------------------------------- */

int verb_wait(struct invocation *invocation)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	binder_status_t status;
	const char *name = invocation->argv[0];
	double start = milliseconds();
	struct failure failure = { .received = -1 };
	int result = session_open(invocation, &connection);

	if (result != EXIT_OK)
		return result;
	/* Is there a manager that answers?  How long it may take then is the caller's matter. */
	status = AServiceManager_checkOn(connection, name, &binder);
	failure.reached = status == STATUS_NAME_NOT_FOUND;
	if (failure.reached) {
		session_take_time(invocation, connection);
		status =
			AServiceManager_waitOn(connection, name, session_left(invocation), &binder);
	}
	failure.status = status;
	failure.why = ABinder_lastError();
	if (status != STATUS_OK)
		result = failure_report(invocation, connection, &failure);
	else if (invocation->json)
		result = print_object(invocation,
				      json_pack("{s:s, s:b, s:f}", "name", name, "registered", 1,
						"milliseconds", milliseconds() - start));
	return leave(connection, binder, result);
}

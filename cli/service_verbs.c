/* SPDX-License-Identifier: MIT */
/*
 * service_verbs.c: the short verbs about one service: ping, info, wait.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "errors.h"
#include "text.h"
#include "world.h"

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

static int not_in_time(const struct invocation *invocation, const char *name)
{
	char words[512];

	world_ping_words(words, sizeof(words));
	return fail(invocation, EXIT_TIMEOUT, NULL, "%s: %s (TIMED_OUT)", name, words);
}

int verb_ping(struct invocation *invocation)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	binder_status_t status;
	const char *name = invocation->argv[0];
	double start;
	int result = world_enter(invocation, &connection, &binder);

	if (result != EXIT_OK)
		return leave(connection, binder, result);
	start = milliseconds();
	/* A service manager that lives gets a moment in any case. */
	if (!strcmp(name, "manager") && world_left(invocation) >= 0)
		ABinderConnection_setDeadline(connection, world_reach(invocation));
	status = world_ping(binder, !strcmp(name, "manager") ? world_reach(invocation) :
							       world_left(invocation));
	start = milliseconds() - start;
	if (status == STATUS_DEAD_OBJECT && !strcmp(name, "manager"))
		result = world_no_manager(invocation, connection);
	else if (status == STATUS_TIMED_OUT)
		result = not_in_time(invocation, name);
	else if (status != STATUS_OK)
		result = fail_status(invocation, status, name);
	else if (invocation->json)
		result = print_object(invocation, json_pack("{s:s, s:b, s:f}", "name", name,
							    "alive", 1, "milliseconds", start));
	else
		printf("%s: alive, %.2f ms\n", name, start);
	return leave(connection, binder, result);
}

int verb_info(struct invocation *invocation)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	char *descriptor = NULL, process[64] = "";
	pid_t pid = -1;
	uint32_t handle = 0;
	int64_t uid;
	binder_status_t status;
	const char *android;
	bool alive;
	int result = world_enter(invocation, &connection, &binder);

	if (result != EXIT_OK)
		return leave(connection, binder, result);
	status = world_ping(binder, PATIENCE_MS);
	alive = status == STATUS_OK;
	if (status == STATUS_DEAD_OBJECT && !strcmp(invocation->argv[0], "manager"))
		return leave(connection, binder, world_no_manager(invocation, connection));
	if (!ABinderConnection_isAlive(connection))
		return leave(connection, binder,
			     fail_status(invocation, status, invocation->argv[0]));
	if (alive) {
		world_descriptor(binder, PATIENCE_MS, &descriptor);
		if (AIBinder_fetchDebugPid(binder, &pid) != STATUS_OK)
			pid = -1;
	}
	world_process(pid, &uid, process, sizeof(process));
	AIBinder_getHandle(binder, &handle);
	android = ABinderConnection_getAndroid(connection, NULL);
	if (invocation->json) {
		result = print_object(invocation,
				      json_pack("{s:s, s:s?, s:i, s:I, s:s, s:I, s:b, s:s?}",
						"name", invocation->argv[0], "descriptor",
						descriptor, "pid", (int)pid, "uid", (json_int_t)uid,
						"program", process, "handle", (json_int_t)handle,
						"alive", alive, "android", android));
	} else {
		printf("name        %s\n", invocation->argv[0]);
		printf("descriptor  ");
		text_print(stdout, descriptor ? descriptor : "?", false);
		if (pid > 0) {
			printf("\npid         %d%s", (int)pid, *process ? " (" : "");
			text_print(stdout, process, false);
			puts(*process ? ")" : "");
		} else {
			puts("\npid         ?");
		}
		if (uid >= 0)
			printf("uid         %lld\n", (long long)uid);
		else
			puts("uid         ?");
		printf("handle      %u\n", handle);
		printf("alive       %s\n", alive ? "yes" :
					   status == STATUS_TIMED_OUT ?
						   "it does not answer within a second" :
						   "no");
		printf("dialect     %s\n", android ? android : "?");
	}
	free(descriptor);
	return leave(connection, binder, result);
}

int verb_wait(struct invocation *invocation)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	binder_status_t status;
	const char *name = invocation->argv[0];
	double start = milliseconds();
	int result = world_open(invocation, &connection);

	if (result != EXIT_OK)
		return result;
	/* Is there a manager that answers?  How long it may take then is the caller's matter. */
	status = AServiceManager_checkOn(connection, name, &binder);
	if (status == STATUS_NAME_NOT_FOUND) {
		world_take_time(invocation, connection);
		status = AServiceManager_waitOn(connection, name, world_left(invocation), &binder);
		if (status == STATUS_TIMED_OUT && ABinderConnection_isAlive(connection))
			return leave(connection, binder,
				     fail(invocation, EXIT_TIMEOUT, "binderctl list",
					  "%s: not registered in time", name));
	}
	if (status == STATUS_DEAD_OBJECT && ABinderConnection_isAlive(connection))
		result = world_no_manager(invocation, connection);
	else if (status != STATUS_OK)
		result = fail_status(invocation, status, name);
	else if (invocation->json)
		result = print_object(invocation,
				      json_pack("{s:s, s:b, s:f}", "name", name, "registered", 1,
						"milliseconds", milliseconds() - start));
	return leave(connection, binder, result);
}

/* SPDX-License-Identifier: MIT */
/*
 * echo_crowd.c: many processes with many objects, for what looks at all of them.
 *
 * Started with the numbers of processes, of objects and of names of each.  The first process
 * is a service, "crowd", that keeps the objects of the others.  All end with it, at the end of its
 * standard input.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <android/binder_ibinder.h>
#include <android/binder_manager.h>
#include <android/binder_parcel.h>
#include <android/binder_process.h>
#include <android/binder_status.h>
#include <binder/ext.h>

#include "echo.h"

enum { KEEP = 1 };

static AIBinder_Class *crowd_class;
static int objects;

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	AIBinder *kept;

	if (code != KEEP)
		return STATUS_UNKNOWN_TRANSACTION;
	for (int i = 0; i < objects; i++)
		if (AParcel_readStrongBinder(in, &kept) != STATUS_OK)
			return STATUS_BAD_VALUE;
	return AParcel_writeInt32(out, 0);
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

static binder_status_t give_objects(AIBinder *keeper)
{
	AParcel *request = NULL, *reply = NULL;
	binder_status_t status = AIBinder_prepareRaw(keeper, ECHO_DESCRIPTOR, &request);

	for (int i = 0; i < objects && status == STATUS_OK; i++) {
		AIBinder *binder = AIBinder_new(crowd_class, NULL);

		status = AParcel_writeStrongBinder(request, binder);
		AIBinder_decStrong(binder);
	}
	if (status == STATUS_OK)
		status = AIBinder_transactRaw(keeper, KEEP, &request, &reply, 0, -1);
	AParcel_delete(reply);
	return status;
}

static bool add_names(int number, int names)
{
	char name[64];

	for (int i = 0; i < names; i++) {
		AIBinder *binder = AIBinder_new(crowd_class, NULL);

		snprintf(name, sizeof(name), "org.example.crowd.service%d.name%d", number, i);
		if (AServiceManager_addService(binder, name) != EX_NONE)
			return false;
	}
	return true;
}

/* One of the crowd: a byte to ready when it has all. */
static int member(int number, int names, int ready)
{
	AIBinder *keeper;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ABinderProcess_setThreadPoolMaxThreadCount(0);
	keeper = AServiceManager_getService("crowd");
	if (!keeper || give_objects(keeper) != STATUS_OK || !add_names(number, names) ||
	    write(ready, "", 1) != 1)
		return 1;
	ABinderProcess_joinThreadPool();
	return 0;
}

/* Waits until it has all: a crowd at the door takes longer. */
static bool start_member(int number, int names)
{
	int ready[2];
	bool started;
	char byte;
	pid_t pid;

	if (pipe(ready) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		_exit(member(number, names, ready[1]));
	close(ready[1]);
	started = pid > 0 && read(ready[0], &byte, 1) == 1;
	close(ready[0]);
	return started;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0, names = argc > 3 ? atoi(argv[3]) : 0;
	char byte;

	objects = argc > 2 ? atoi(argv[2]) : 0;
	ABinderConnection_setMapSize(64 << 10);
	crowd_class = AIBinder_Class_define(ECHO_DESCRIPTOR, on_create, on_destroy, on_transact);
	ABinderProcess_startThreadPool();
	if (AServiceManager_addService(AIBinder_new(crowd_class, NULL), "crowd") != EX_NONE)
		return 1;
	for (int i = 0; i < count; i++)
		if (!start_member(i, names))
			return 1;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

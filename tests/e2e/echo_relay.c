/* SPDX-License-Identifier: MIT */
/*
 * echo_relay.c: a service with one thread that calls the next one, for chains of calls
 * that wait.
 *
 * A call waits until the gate, a FIFO, gives a byte; then it is made of the next service.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <android/binder_ibinder.h>
#include <android/binder_manager.h>
#include <android/binder_parcel.h>
#include <android/binder_process.h>
#include <android/binder_status.h>
#include <binder/ext.h>

#include "echo.h"

static int gate = -1;
static AIBinder *next;

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	AParcel *request = NULL, *reply = NULL;
	binder_status_t status = STATUS_OK;
	char byte;

	if (code != ECHO_SLEEP)
		return STATUS_UNKNOWN_TRANSACTION;
	if (read(gate, &byte, 1) != 1)
		return STATUS_UNKNOWN_ERROR;
	if (next)
		status = AIBinder_prepareRaw(next, ECHO_DESCRIPTOR, &request);
	if (next && status == STATUS_OK)
		status = AIBinder_transactRaw(next, ECHO_SLEEP, &request, &reply, 0, -1);
	AParcel_delete(reply);
	return status == STATUS_OK ? AParcel_writeInt32(out, 0) : status;
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

/* The next one may start later, and may be on another device. */
static AIBinder *find(const char *device, const char *name)
{
	ABinderConnection *connection = NULL;
	AIBinder *found = NULL;

	if (ABinderConnection_open(device, &connection) != STATUS_OK ||
	    AServiceManager_waitOn(connection, name, -1, &found) != STATUS_OK)
		fprintf(stderr, "echo-relay: %s: %s\n", name, ABinder_lastError());
	return found;
}

int main(int argc, char **argv)
{
	static const struct option table[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "next", required_argument, NULL, 'x' },
		{ "next-device", required_argument, NULL, 'd' },
		{ "gate", required_argument, NULL, 'g' },
		{ "ready-fd", required_argument, NULL, 'r' },
		{ 0 },
	};
	const char *name = "relay", *next_name = NULL, *next_device = NULL;
	AIBinder_Class *class;
	AIBinder *binder;
	int ready = -1, c;

	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (c == 'n')
			name = optarg;
		else if (c == 'x')
			next_name = optarg;
		else if (c == 'd')
			next_device = optarg;
		else if (c == 'g')
			gate = open(optarg, O_RDWR | O_CLOEXEC);
		else if (c == 'r')
			ready = atoi(optarg);
		else
			return 2;
	}
	class = AIBinder_Class_define(ECHO_DESCRIPTOR, on_create, on_destroy, on_transact);
	binder = AIBinder_new(class, NULL);
	ABinderProcess_setThreadPoolMaxThreadCount(0);
	if (gate < 0 || AServiceManager_addService(binder, name) != EX_NONE ||
	    (ready >= 0 && write(ready, "\n", 1) != 1))
		return 1;
	close(ready);
	if (next_name) {
		next = next_device ? find(next_device, next_name) :
				     AServiceManager_waitForService(next_name);
		if (!next)
			return 1;
	}
	ABinderProcess_joinThreadPool();
	AIBinder_decStrong(binder);
	return 0;
}

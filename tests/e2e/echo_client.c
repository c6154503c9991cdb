/* SPDX-License-Identifier: MIT */
/*
 * echo_client.c: many calls from one process, each answer checked.
 *
 *   echo-client add SERVICE ROUNDS SEED    sums of numbers made from the seed
 *   echo-client binders SERVICE ROUNDS     asks for a new binder, calls it, drops it;
 *                                          descriptors and proxies must not grow
 *   echo-client bytes SERVICE SIZE [oneway] one parcel of that many bytes
 *   echo-client names manager COUNT        adds names until it is refused; prints how many
 *   echo-client death SERVICE              sleeps in a call until the service dies: the
 *                                          death recipient must have run exactly once
 *
 * Exit status 0: as it should be; 1: not, with a line on standard error; 5: dead object.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <android/binder_process.h>
#include <binder/ext.h>

#include "echo.h"
#include "../limit.h"

static int complain(const char *what, binder_status_t status)
{
	fprintf(stderr, "echo-client: %s: %s: %s\n", what, ABinder_statusName(status),
		ABinder_lastError());
	return status == STATUS_DEAD_OBJECT ? 5 : 1;
}

/* Reads the status of a reply and one number behind it. */
static binder_status_t read_sum(const AParcel *reply, int32_t *ret)
{
	AStatus *header = NULL;
	binder_status_t status = AParcel_readStatusHeader(reply, &header);

	if (status == STATUS_OK && !AStatus_isOk(header))
		status = STATUS_FAILED_TRANSACTION;
	AStatus_delete(header);
	return status == STATUS_OK ? AParcel_readInt32(reply, ret) : status;
}

static binder_status_t call_add(AIBinder *service, int32_t a, int32_t b, int32_t *ret)
{
	AParcel *in = NULL, *out = NULL;
	binder_status_t status = AIBinder_prepareRaw(service, ECHO_DESCRIPTOR, &in);

	if (status != STATUS_OK)
		return status;
	AParcel_writeInt32(in, a);
	AParcel_writeInt32(in, b);
	status = AIBinder_transactRaw(service, ECHO_ADD, &in, &out, 0, -1);
	if (status == STATUS_OK)
		status = read_sum(out, ret);
	AParcel_delete(out);
	return status;
}

static int add(AIBinder *service, int rounds, uint32_t seed)
{
	for (int i = 0; i < rounds; i++) {
		int32_t a, b, sum = 0;
		binder_status_t status;

		seed = seed * 1664525u + 1013904223u;
		a = (int32_t)(seed >> 2);
		b = (int32_t)(seed % 1000003u);
		status = call_add(service, a, b, &sum);
		if (status != STATUS_OK)
			return complain("add", status);
		if (sum != a + b) {
			fprintf(stderr, "echo-client: %d + %d = %d?\n", a, b, sum);
			return 1;
		}
	}
	return 0;
}

static int count_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

static binder_status_t one_binder(AIBinder *service)
{
	AParcel *in = NULL, *out = NULL;
	AStatus *header = NULL;
	AIBinder *got = NULL;
	int32_t sum = 0;
	binder_status_t status = AIBinder_prepareRaw(service, ECHO_DESCRIPTOR, &in);

	if (status == STATUS_OK)
		status = AIBinder_transactRaw(service, ECHO_NEW_BINDER, &in, &out, 0, -1);
	if (status == STATUS_OK)
		status = AParcel_readStatusHeader(out, &header);
	if (status == STATUS_OK)
		status = AParcel_readStrongBinder(out, &got);
	AStatus_delete(header);
	AParcel_delete(out);
	if (status == STATUS_OK)
		status = call_add(got, 1, 2, &sum);
	AIBinder_decStrong(got);
	return status == STATUS_OK && sum != 3 ? STATUS_BAD_VALUE : status;
}

static int binders(AIBinder *service, int rounds)
{
	struct ABinderCounts before, after;
	int files = 0;

	/* The first rounds may open what stays. */
	for (int i = -10; i < rounds; i++) {
		binder_status_t status = one_binder(service);

		if (status != STATUS_OK)
			return complain("binders", status);
		if (i < 0) {
			files = count_files();
			ABinder_getCounts(&before);
		}
	}
	ABinder_getCounts(&after);
	if (count_files() != files || after.proxies != before.proxies ||
	    after.parcels != before.parcels || after.locals != before.locals) {
		fprintf(stderr, "echo-client: files %d -> %d, proxies %u -> %u, parcels %u -> %u\n",
			files, count_files(), before.proxies, after.proxies, before.parcels,
			after.parcels);
		return 1;
	}
	return 0;
}

static int bytes(AIBinder *service, int size, bool oneway)
{
	AParcel *in = NULL, *out = NULL;
	void *data = calloc(1, size + 1);
	binder_status_t status = AIBinder_prepareRaw(service, ECHO_DESCRIPTOR, &in);

	if (!data || status != STATUS_OK)
		return complain("prepare", STATUS_NO_MEMORY);
	status = AParcel_writeRaw(in, data, size);
	free(data);
	if (status == STATUS_OK)
		status = AIBinder_transactRaw(service, oneway ? ECHO_COUNT : ECHO_WHO, &in, &out,
					      oneway ? FLAG_ONEWAY : 0, -1);
	AParcel_delete(in);
	AParcel_delete(out);
	if (status != STATUS_OK)
		return complain("bytes", status);
	return 0;
}

static binder_status_t never(AIBinder *binder, transaction_code_t code, const AParcel *in,
			     AParcel *out)
{
	return STATUS_UNKNOWN_TRANSACTION;
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

/* A class is for ever, as in the NDK. */
static AIBinder_Class *clazz;

static int names(ABinderConnection *connection, int count)
{
	AIBinder *binder;
	binder_status_t status = STATUS_OK;
	int added;

	clazz = AIBinder_Class_define(ECHO_DESCRIPTOR, on_create, on_destroy, never);
	binder = AIBinder_new(clazz, NULL);
	for (added = 0; added < count; added++) {
		char name[32];

		snprintf(name, sizeof(name), "name.%d", added);
		status = AServiceManager_addOn(connection, binder, name);
		if (status != STATUS_OK)
			break;
	}
	AIBinder_decStrong(binder);
	printf("added %d\n", added);
	return status == STATUS_DEAD_OBJECT ? 5 : 0;
}

static atomic_int deaths;

static void on_death(void *cookie)
{
	atomic_fetch_add(&deaths, 1);
}

static int death(AIBinder *service)
{
	AIBinder_DeathRecipient *recipient = AIBinder_DeathRecipient_new(on_death);
	struct timespec pause = { .tv_nsec = 5000000 };
	AParcel *in = NULL, *out = NULL;
	binder_status_t status = AIBinder_linkToDeath(service, recipient, NULL);

	if (status == STATUS_OK)
		status = AIBinder_prepareRaw(service, ECHO_DESCRIPTOR, &in);
	if (status == STATUS_OK)
		status = AIBinder_transactRaw(service, ECHO_SLEEP, &in, &out, 0, -1);
	AParcel_delete(out);
	if (status != STATUS_DEAD_OBJECT)
		return complain("death: the call did not end with a dead object", status);
	for (int i = 0; i < limit_of(2000) && !atomic_load(&deaths); i++)
		nanosleep(&pause, NULL);
	/* A second notice would follow the first one closely. */
	for (int i = 0; i < 10; i++)
		nanosleep(&pause, NULL);
	if (AIBinder_isAlive(service)) {
		fputs("echo-client: death: the binder still says that it lives\n", stderr);
		return 1;
	}
	printf("deaths %d\n", atomic_load(&deaths));
	AIBinder_DeathRecipient_delete(recipient);
	return atomic_load(&deaths) == 1 ? 0 : 1;
}

int main(int argc, char **argv)
{
	ABinderConnection *connection = ABinderConnection_getDefault();
	AIBinder *service = NULL;
	binder_status_t status;
	int number = argc > 3 ? atoi(argv[3]) : 0, result = 2;

	if (argc < 3 || !connection)
		return 2;
	status = AServiceManager_checkOn(connection, argv[2], &service);
	if (status != STATUS_OK)
		return complain(argv[2], status);
	if (!strcmp(argv[1], "add") && argc > 4) {
		result = add(service, number, atoi(argv[4]));
	} else if (!strcmp(argv[1], "binders")) {
		result = binders(service, number);
	} else if (!strcmp(argv[1], "bytes")) {
		result = bytes(service, number, argc > 4);
	} else if (!strcmp(argv[1], "names")) {
		result = names(connection, number);
	} else if (!strcmp(argv[1], "death")) {
		ABinderProcess_setThreadPoolMaxThreadCount(0);
		ABinderProcess_startThreadPool();
		result = death(service);
	}
	AIBinder_decStrong(service);
	return result;
}

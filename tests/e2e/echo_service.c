/* SPDX-License-Identifier: MIT */
/*
 * echo_service.c: the other side of the end-to-end tests, written against the
 * NDK's headers as a service for Android would be.
 *
 * Started by tests/tap.sh (echo_start); each code below is one thing that a
 * service can do to its caller.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <android/binder_ibinder.h>
#include <android/binder_manager.h>
#include <android/binder_parcel.h>
#include <android/binder_process.h>
#include <android/binder_status.h>

#include "echo.h"

struct echo {
	pthread_mutex_t lock;
	pthread_cond_t released;
	int32_t sleepers;
	int32_t releases;
	int32_t oneways;
};

static struct echo state = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.released = PTHREAD_COND_INITIALIZER,
};

static AIBinder_Class *echo_class;

static binder_status_t reply_ok(AParcel *out)
{
	AStatus *ok = AStatus_newOk();
	binder_status_t status = AParcel_writeStatusHeader(out, ok);

	AStatus_delete(ok);
	return status;
}

static binder_status_t reply_int(AParcel *out, int32_t value)
{
	binder_status_t status = reply_ok(out);

	return status == STATUS_OK ? AParcel_writeInt32(out, value) : status;
}

/* Everything that came, objects too. */
static binder_status_t echo_back(const AParcel *in, AParcel *out)
{
	int32_t start = AParcel_getDataPosition(in), size = AParcel_getDataSize(in) - start;
	binder_status_t status = reply_ok(out);

	if (status == STATUS_OK && size > 0)
		status = AParcel_appendFrom(in, out, start, size);
	return status;
}

static binder_status_t sleep_until_released(AParcel *out)
{
	int32_t before;

	pthread_mutex_lock(&state.lock);
	state.sleepers++;
	before = state.releases;
	while (state.releases == before)
		pthread_cond_wait(&state.released, &state.lock);
	state.sleepers--;
	pthread_mutex_unlock(&state.lock);
	return reply_ok(out);
}

static binder_status_t release_sleepers(AParcel *out)
{
	pthread_mutex_lock(&state.lock);
	state.releases++;
	pthread_cond_broadcast(&state.released);
	pthread_mutex_unlock(&state.lock);
	return reply_ok(out);
}

static bool allocate_text(void *cookie, int32_t length, char **buffer)
{
	char **text = cookie;

	*text = length < 0 ? NULL : malloc(length + 1);
	*buffer = *text;
	return length < 0 || *text;
}

static binder_status_t throw(const AParcel *in, AParcel *out)
{
	int32_t exception, specific;
	char *message = NULL;
	AStatus *thrown;
	binder_status_t status = AParcel_readInt32(in, &exception);

	if (status == STATUS_OK)
		status = AParcel_readString(in, &message, allocate_text);
	if (status == STATUS_OK)
		status = AParcel_readInt32(in, &specific);
	if (status == STATUS_OK) {
		if (exception == EX_SERVICE_SPECIFIC)
			thrown = AStatus_fromServiceSpecificErrorWithMessage(specific, message);
		else
			thrown = AStatus_fromExceptionCodeWithMessage(exception, message);
		status = AParcel_writeStatusHeader(out, thrown);
		AStatus_delete(thrown);
	}
	free(message);
	return status;
}

static binder_status_t count(AParcel *out)
{
	pthread_mutex_lock(&state.lock);
	state.oneways++;
	pthread_mutex_unlock(&state.lock);
	return reply_ok(out);
}

static binder_status_t counted(AParcel *out, const int32_t *which)
{
	int32_t value;

	pthread_mutex_lock(&state.lock);
	value = *which;
	pthread_mutex_unlock(&state.lock);
	return reply_int(out, value);
}

static binder_status_t new_binder(AParcel *out)
{
	AIBinder *binder = AIBinder_new(echo_class, NULL);
	binder_status_t status = reply_ok(out);

	if (status == STATUS_OK)
		status = AParcel_writeStrongBinder(out, binder);
	AIBinder_decStrong(binder);
	return status;
}

static binder_status_t open_null(AParcel *out)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	binder_status_t status = reply_ok(out);

	if (status == STATUS_OK)
		status = AParcel_writeParcelFileDescriptor(out, fd);
	close(fd);
	return status;
}

static binder_status_t fill(const AParcel *in, AParcel *out)
{
	int32_t size;
	int8_t *bytes;
	binder_status_t status = AParcel_readInt32(in, &size);

	if (status != STATUS_OK)
		return status;
	if (size < 0)
		return STATUS_BAD_VALUE;
	bytes = calloc(1, size + 1);
	if (!bytes)
		return STATUS_NO_MEMORY;
	status = reply_ok(out);
	if (status == STATUS_OK)
		status = AParcel_writeByteArray(out, bytes, size);
	free(bytes);
	return status;
}

static binder_status_t add(const AParcel *in, AParcel *out)
{
	int32_t a, b;
	binder_status_t status = AParcel_readInt32(in, &a);

	if (status == STATUS_OK)
		status = AParcel_readInt32(in, &b);
	return status == STATUS_OK ? reply_int(out, (int32_t)((uint32_t)a + (uint32_t)b)) : status;
}

static binder_status_t who(AParcel *out)
{
	binder_status_t status = reply_int(out, AIBinder_getCallingPid());

	return status == STATUS_OK ? AParcel_writeInt32(out, AIBinder_getCallingUid()) : status;
}

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	switch (code) {
	case ECHO_BACK:
		return echo_back(in, out);
	case ECHO_SLEEP:
		return sleep_until_released(out);
	case ECHO_RELEASE:
		return release_sleepers(out);
	case ECHO_SLEEPERS:
		return counted(out, &state.sleepers);
	case ECHO_THROW:
		return throw(in, out);
	case ECHO_COUNT:
		return count(out);
	case ECHO_COUNTED:
		return counted(out, &state.oneways);
	case ECHO_NEW_BINDER:
		return new_binder(out);
	case ECHO_OPEN_NULL:
		return open_null(out);
	case ECHO_FILL:
		return fill(in, out);
	case ECHO_ADD:
		return add(in, out);
	case ECHO_WHO:
		return who(out);
	case ECHO_DIE:
		_exit(1);
	default:
		return STATUS_UNKNOWN_TRANSACTION;
	}
}

static binder_status_t on_dump(AIBinder *binder, int fd, const char **args, uint32_t count_of_args)
{
	dprintf(fd, "echo of %u arguments\n", count_of_args);
	/* A service that hangs in the middle. */
	if (count_of_args && !strcmp(args[0], "stop"))
		raise(SIGSTOP);
	for (uint32_t i = 0; i < count_of_args; i++)
		dprintf(fd, "%s\n", args[i]);
	return STATUS_OK;
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

/* NAME.1 to NAME.COPIES. */
static binder_exception_t add_copies(AIBinder *binder, const char *name, int copies)
{
	binder_exception_t exception = EX_NONE;
	char copy[128];

	for (int i = 1; i <= copies && exception == EX_NONE; i++) {
		snprintf(copy, sizeof(copy), "%s.%d", name, i);
		exception = AServiceManager_addService(binder, copy);
	}
	return exception;
}

int main(int argc, char **argv)
{
	static const struct option table[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "copies", required_argument, NULL, 'c' },
		{ "threads", required_argument, NULL, 't' },
		{ "ready-fd", required_argument, NULL, 'r' },
		{ 0 },
	};
	const char *name = "echo";
	int threads = 15, copies = 0, ready = -1, c;
	binder_exception_t exception;
	AIBinder *binder;

	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (c == 'n')
			name = optarg;
		else if (c == 'c')
			copies = atoi(optarg);
		else if (c == 't')
			threads = atoi(optarg);
		else if (c == 'r')
			ready = atoi(optarg);
		else
			return 2;
	}
	echo_class = AIBinder_Class_define(ECHO_DESCRIPTOR, on_create, on_destroy, on_transact);
	AIBinder_Class_setOnDump(echo_class, on_dump);
	ABinderProcess_setThreadPoolMaxThreadCount(threads - 1);
	ABinderProcess_startThreadPool();
	binder = AIBinder_new(echo_class, NULL);
	exception = AServiceManager_addService(binder, name);
	if (exception == EX_NONE)
		exception = add_copies(binder, name, copies);
	if (exception != EX_NONE) {
		fprintf(stderr, "echo-service: %s: exception %d\n", name, (int)exception);
		AIBinder_decStrong(binder);
		return 1;
	}
	if (ready >= 0 && write(ready, "\n", 1) != 1)
		return 1;
	if (ready >= 0)
		close(ready);
	ABinderProcess_joinThreadPool();
	AIBinder_decStrong(binder);
	return 0;
}

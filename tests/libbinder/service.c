/* SPDX-License-Identifier: MIT */
/*
 * service.c: what the test service does for each code of enum test_code.
 *
 * Run by peers, and by the test's own process for objects that it hands out.
 */
#include "world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <android/binder_shell.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t go = PTHREAD_COND_INITIALIZER;
static AIBinder *kept;
static int32_t notes[4096];
static int32_t note_count;
static unsigned int holding;

static binder_status_t echo(AIBinder *self, const AParcel *in, AParcel *out)
{
	int32_t pos = AParcel_getDataPosition(in);

	return AParcel_appendFrom(in, out, pos, AParcel_getDataSize(in) - pos);
}

static binder_status_t add(AIBinder *self, const AParcel *in, AParcel *out)
{
	int32_t a, b;
	binder_status_t status = AParcel_readInt32(in, &a);

	if (!status)
		status = AParcel_readInt32(in, &b);
	return status ? status : AParcel_writeInt32(out, a + b);
}

static binder_status_t caller(AIBinder *self, const AParcel *in, AParcel *out)
{
	AParcel_writeInt32(out, AIBinder_getCallingPid());
	AParcel_writeInt32(out, AIBinder_getCallingUid());
	return AParcel_writeInt32(out, AIBinder_getCallingFlags());
}

static binder_status_t new (AIBinder *self, const AParcel *in, AParcel *out)
{
	AIBinder *binder = AIBinder_new(test_class(), NULL);
	binder_status_t status = AParcel_writeStrongBinder(out, binder);

	AIBinder_decStrong(binder);
	return status;
}

static binder_status_t keep(AIBinder *self, const AParcel *in, AParcel *out)
{
	AIBinder *binder, *old;
	binder_status_t status = AParcel_readStrongBinder(in, &binder);

	if (status)
		return status;
	pthread_mutex_lock(&lock);
	old = kept;
	kept = binder;
	pthread_mutex_unlock(&lock);
	AIBinder_decStrong(old);
	return STATUS_OK;
}

static binder_status_t give_kept(AIBinder *self, const AParcel *in, AParcel *out)
{
	binder_status_t status;

	pthread_mutex_lock(&lock);
	status = AParcel_writeStrongBinder(out, kept);
	pthread_mutex_unlock(&lock);
	return status;
}

static binder_status_t same(AIBinder *self, const AParcel *in, AParcel *out)
{
	AIBinder *binder;
	binder_status_t status = AParcel_readStrongBinder(in, &binder);

	if (status)
		return status;
	status = AParcel_writeInt32(out, binder == self);
	AIBinder_decStrong(binder);
	return status;
}

static binder_status_t call_back(AIBinder *self, const AParcel *in, AParcel *out)
{
	AIBinder *other = NULL;
	int32_t depth, reached = 0;
	AParcel *request, *reply;
	binder_status_t status = AParcel_readStrongBinder(in, &other);

	if (!status)
		status = AParcel_readInt32(in, &depth);
	if (!status && depth > 0) {
		status = AIBinder_prepareRaw(other, TEST_DESCRIPTOR, &request);
		if (!status) {
			AParcel_writeStrongBinder(request, self);
			AParcel_writeInt32(request, depth - 1);
			status = AIBinder_transactRaw(other, TEST_CALL_BACK, &request, &reply, 0,
						      -1);
		}
		if (!status) {
			status = AParcel_readInt32(reply, &reached);
			AParcel_delete(reply);
		}
	}
	AIBinder_decStrong(other);
	if (!status)
		status = AParcel_writeInt32(out, reached + 1);
	return status ? status : AParcel_writeInt32(out, syscall(SYS_gettid));
}

static binder_status_t note(AIBinder *self, const AParcel *in, AParcel *out)
{
	int32_t value;
	binder_status_t status = AParcel_readInt32(in, &value);

	pthread_mutex_lock(&lock);
	if (!status && note_count < 4096)
		notes[note_count++] = value;
	pthread_mutex_unlock(&lock);
	return status;
}

static binder_status_t give_notes(AIBinder *self, const AParcel *in, AParcel *out)
{
	binder_status_t status;

	pthread_mutex_lock(&lock);
	status = AParcel_writeInt32Array(out, notes, note_count);
	pthread_mutex_unlock(&lock);
	return status;
}

static binder_status_t fd(AIBinder *self, const AParcel *in, AParcel *out)
{
	int file;
	binder_status_t status = AParcel_readParcelFileDescriptor(in, &file);

	if (status)
		return status;
	if (write(file, "hello", 5) != 5)
		status = STATUS_UNKNOWN_ERROR;
	if (!status)
		status = AParcel_writeParcelFileDescriptor(out, file);
	close(file);
	return status;
}

static binder_status_t size(AIBinder *self, const AParcel *in, AParcel *out)
{
	int32_t bytes;
	binder_status_t status = AParcel_readInt32(in, &bytes);
	void *data = status ? NULL : calloc(1, bytes + 1);

	if (status || !data)
		return status ? status : STATUS_NO_MEMORY;
	status = AParcel_writeRaw(out, data, bytes);
	free(data);
	return status;
}

static binder_status_t sleep_for(AIBinder *self, const AParcel *in, AParcel *out)
{
	struct timespec ts;
	int32_t ms;
	binder_status_t status = AParcel_readInt32(in, &ms);

	if (status)
		return status;
	ts.tv_sec = ms / 1000;
	ts.tv_nsec = ms % 1000 * 1000000L;
	nanosleep(&ts, NULL);
	return STATUS_OK;
}

static binder_status_t die(AIBinder *self, const AParcel *in, AParcel *out)
{
	_exit(3);
}

static binder_status_t count(AIBinder *self, const AParcel *in, AParcel *out)
{
	struct ABinderCounts counts;

	ABinder_getCounts(&counts);
	AParcel_writeInt32(out, counts.locals);
	AParcel_writeInt32(out, counts.proxies);
	return AParcel_writeInt32(out, counts.parcels);
}

static binder_status_t fail(AIBinder *self, const AParcel *in, AParcel *out)
{
	int32_t status;
	binder_status_t r = AParcel_readInt32(in, &status);

	return r ? r : status;
}

static binder_status_t hold(AIBinder *self, const AParcel *in, AParcel *out)
{
	int file;
	binder_status_t status = AParcel_readParcelFileDescriptor(in, &file);

	if (status)
		return status;
	pthread_mutex_lock(&lock);
	holding++;
	if (write(file, "h", 1) != 1)
		status = STATUS_UNKNOWN_ERROR;
	while (!status && holding)
		pthread_cond_wait(&go, &lock);
	pthread_mutex_unlock(&lock);
	close(file);
	return status;
}

static binder_status_t let_go(AIBinder *self, const AParcel *in, AParcel *out)
{
	pthread_mutex_lock(&lock);
	holding = 0;
	pthread_cond_broadcast(&go);
	pthread_mutex_unlock(&lock);
	return STATUS_OK;
}

static binder_status_t impatient(AIBinder *self, const AParcel *in, AParcel *out)
{
	AParcel *request, *reply = NULL;
	AIBinder *other;
	binder_status_t status = AParcel_readStrongBinder(in, &other);

	if (status)
		return status;
	status = AIBinder_prepareRaw(other, TEST_DESCRIPTOR, &request);
	if (!status) {
		AParcel_writeInt32(request, 2000);
		status = AIBinder_transactRaw(other, TEST_SLEEP, &request, &reply, 0, 30);
	}
	AParcel_delete(reply);
	AIBinder_decStrong(other);
	return AParcel_writeInt32(out, status);
}

static binder_status_t (*const actions[])(AIBinder *, const AParcel *, AParcel *) = {
	[TEST_ECHO] = echo,
	[TEST_ADD] = add,
	[TEST_CALLER] = caller,
	[TEST_NEW] = new,
	[TEST_KEEP] = keep,
	[TEST_KEPT] = give_kept,
	[TEST_SAME] = same,
	[TEST_CALL_BACK] = call_back,
	[TEST_NOTE] = note,
	[TEST_NOTES] = give_notes,
	[TEST_FD] = fd,
	[TEST_SIZE] = size,
	[TEST_SLEEP] = sleep_for,
	[TEST_DIE] = die,
	[TEST_COUNTS] = count,
	[TEST_FAIL] = fail,
	[TEST_HOLD] = hold,
	[TEST_GO] = let_go,
	[TEST_IMPATIENT] = impatient,
};

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	if (code >= sizeof(actions) / sizeof(actions[0]) || !actions[code])
		return STATUS_UNKNOWN_TRANSACTION;
	return actions[code](binder, in, out);
}

static binder_status_t on_dump(AIBinder *binder, int file, const char **args, uint32_t count_args)
{
	dprintf(file, "dump of %u:", count_args);
	for (uint32_t i = 0; i < count_args; i++)
		dprintf(file, " %s", args[i]);
	return STATUS_OK;
}

/* Asks the caller to open a file, and writes to it. */
static int write_file(const char *path, const char *mode)
{
	AIBinder *callback = ABinder_getShellCallback();
	AParcel *in, *out = NULL;
	int32_t exception;
	int fd = -1;

	if (!callback ||
	    AIBinder_prepareRaw(callback, "com.android.internal.os.IShellCallback", &in))
		return 1;
	AParcel_writeString16(in, path);
	AParcel_writeString16(in, "");
	AParcel_writeString16(in, mode);
	if (AIBinder_transactRaw(callback, 1, &in, &out, 0, -1) == STATUS_OK &&
	    AParcel_readInt32(out, &exception) == STATUS_OK && exception == 0)
		AParcel_readParcelFileDescriptor(out, &fd);
	AParcel_delete(out);
	if (fd < 0)
		return 2;
	dprintf(fd, "written by the service");
	close(fd);
	return 0;
}

/* "exit N", "die", "write PATH MODE"; else it copies in to out and the arguments to err. */
static binder_status_t on_shell(AIBinder *binder, int in, int out, int err, const char **args,
				uint32_t count)
{
	char text[64];
	ssize_t got;

	if (count == 2 && !strcmp(args[0], "exit"))
		return atoi(args[1]);
	if (count == 1 && !strcmp(args[0], "die"))
		_exit(0);
	if (count == 3 && !strcmp(args[0], "write"))
		return write_file(args[1], args[2]);
	while ((got = read(in, text, sizeof(text))) > 0)
		dprintf(out, "%.*s", (int)got, text);
	for (uint32_t i = 0; i < count; i++)
		dprintf(err, "[%s]", args[i]);
	return STATUS_OK;
}

static void *on_create(void *args)
{
	return args;
}

/* An object's argument may be a flag that says when it has gone. */
static void on_destroy(void *user)
{
	if (user)
		__atomic_add_fetch((int *)user, 1, __ATOMIC_SEQ_CST);
}

static AIBinder_Class *service_class;

static void define(void)
{
	service_class = AIBinder_Class_define(TEST_DESCRIPTOR, on_create, on_destroy, on_transact);
	AIBinder_Class_setOnDump(service_class, on_dump);
	AIBinder_Class_setHandleShellCommand(service_class, on_shell);
}

const AIBinder_Class *test_class(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, define);
	return service_class;
}

/* SPDX-License-Identifier: MIT */
/*
 * builtin.c: the calls that every object answers, without an interface token.
 *
 * Called by local.c; hands on to the class's dump and shell functions.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/export.h"
#include "hidl_base.h"
#include "parcel_binder.h"
#include "shell_command.h"
#include "transact.h"

/* An array of strings: int32 count, String16 each. */
struct arguments {
	char **list;
	int32_t count;
};

static void arguments_free(struct arguments *arguments)
{
	for (int32_t i = 0; i < arguments->count; i++)
		free(arguments->list[i]);
	free(arguments->list);
}

static binder_status_t arguments_read(const AParcel *in, struct arguments *ret)
{
	struct arguments arguments = { NULL, 0 };
	int32_t count;
	binder_status_t status = parcel_read_count(in, sizeof(int32_t), &count);

	if (status)
		return status;
	if (count > 0) {
		arguments.list = calloc(count, sizeof(*arguments.list));
		if (!arguments.list)
			return error_say(STATUS_NO_MEMORY, "no memory for %d arguments", count);
	}
	while (arguments.count < count) {
		char *text;

		status = parcel_take_string16(in, &text);
		if (!status && !text)
			status = error_say(STATUS_UNEXPECTED_NULL, "an argument is null");
		if (status) {
			arguments_free(&arguments);
			return status;
		}
		arguments.list[arguments.count++] = text;
	}
	*ret = arguments;
	return STATUS_OK;
}

/* Whoever asked for a dump may have gone: writing then fails, and must not kill the service. */
static bool hold_sigpipe(sigset_t *mask_ret)
{
	sigset_t sigpipe, pending;

	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &sigpipe, mask_ret);
	return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

static void release_sigpipe(const sigset_t *mask, bool was_pending)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t sigpipe;

	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	while (!was_pending && sigtimedwait(&sigpipe, NULL, &at_once) < 0 && errno == EINTR)
		;
	pthread_sigmask(SIG_SETMASK, mask, NULL);
}

binder_status_t local_dump(struct local *local, int fd, const char **args, uint32_t count)
{
	const AIBinder_Class *clazz = AIBinder_getClass(&local->binder);
	binder_status_t status;
	sigset_t mask;
	bool pending;

	if (!clazz->dump)
		return STATUS_OK;
	pending = hold_sigpipe(&mask);
	status = clazz->dump(&local->binder, fd, args, count);
	release_sigpipe(&mask, pending);
	return status;
}

static binder_status_t dump(struct local *local, const AParcel *in, AParcel *out)
{
	struct arguments arguments;
	binder_status_t status;
	int fd;

	status = parcel_read_fd(in, &fd);
	if (!status)
		status = arguments_read(in, &arguments);
	if (status)
		return status;
	status = local_dump(local, fd, (const char **)arguments.list, arguments.count);
	arguments_free(&arguments);
	return status;
}

/* The result goes to a receiver of the caller's, as the call itself is often one-way. */
static void send_result(AIBinder *receiver, int32_t result)
{
	AParcel *in = NULL, *out = NULL;

	if (request_new(receiver, RESULT_RECEIVER_DESCRIPTOR, &in))
		return;
	/* send(int code, Bundle data): no data. */
	if (parcel_write_int32(in, result) || parcel_write_int32(in, 0)) {
		parcel_delete(in);
		return;
	}
	transact(receiver, RESULT_RECEIVER_SEND, &in, &out, FLAG_ONEWAY, -1);
	parcel_delete(out);
}

/* As in the NDK, where root and the shell's user may; here the service's own user stands for it. */
static bool may_command(void)
{
	const struct serving *serving = thread_serving();

	return !serving || serving->uid == 0 || serving->uid == geteuid();
}

/* The IShellCallback of the command that this thread carries out. */
static _Thread_local AIBinder *shell_callback;

EXPORT AIBinder *ABinder_getShellCallback(void)
{
	return shell_callback;
}

static binder_status_t run_command(struct local *local, const int fd[3],
				   const struct arguments *arguments, AIBinder *callback)
{
	const AIBinder_Class *clazz = AIBinder_getClass(&local->binder);
	AIBinder *outer = shell_callback;
	binder_status_t result;
	sigset_t mask;
	bool pending;

	if (!may_command())
		return error_say(STATUS_PERMISSION_DENIED,
				 "shell commands are for root and the service's own user");
	pending = hold_sigpipe(&mask);
	shell_callback = callback;
	result = clazz->shell(&local->binder, fd[0], fd[1], fd[2], (const char **)arguments->list,
			      arguments->count);
	shell_callback = outer;
	release_sigpipe(&mask, pending);
	return result;
}

/*
 * A class without a handler sends INVALID_OPERATION and succeeds; one with a handler also
 * answers the call with a negative result.  Both are as in the NDK.
 */
static binder_status_t shell_command(struct local *local, const AParcel *in, AParcel *out)
{
	const bool knows_commands = AIBinder_getClass(&local->binder)->shell;
	AIBinder *callback = NULL, *receiver = NULL;
	struct arguments arguments;
	binder_status_t status = STATUS_OK, result = STATUS_INVALID_OPERATION;
	int fd[3];

	for (int i = 0; i < 3 && !status; i++)
		status = parcel_read_fd(in, &fd[i]);
	if (!status)
		status = arguments_read(in, &arguments);
	if (status)
		return status;
	status = parcel_read_binder(in, &callback);
	if (!status)
		status = parcel_read_binder(in, &receiver);
	if (!status && knows_commands)
		result = run_command(local, fd, &arguments, callback);
	if (!status && receiver)
		send_result(receiver, result);
	if (!status && knows_commands && result < 0)
		status = result;
	arguments_free(&arguments);
	AIBinder_decStrong(callback);
	AIBinder_decStrong(receiver);
	return status;
}

static binder_status_t ping(struct local *local, const AParcel *in, AParcel *out)
{
	return STATUS_OK;
}

static binder_status_t interface(struct local *local, const AParcel *in, AParcel *out)
{
	const char *descriptor = AIBinder_getClass(&local->binder)->descriptor;

	return parcel_write_string16(out, descriptor, strlen(descriptor));
}

static binder_status_t extension(struct local *local, const AParcel *in, AParcel *out)
{
	return parcel_write_binder(out, local->extension);
}

static binder_status_t debug_pid(struct local *local, const AParcel *in, AParcel *out)
{
	return parcel_write_int32(out, getpid());
}

static const struct {
	uint32_t code;
	binder_status_t (*run)(struct local *local, const AParcel *in, AParcel *out);
} builtins[] = {
	{ CODE_PING, ping },           { CODE_INTERFACE, interface },
	{ CODE_DUMP, dump },           { CODE_DEBUG_PID, debug_pid },
	{ CODE_EXTENSION, extension }, { CODE_SHELL_COMMAND, shell_command },
	{ CODE_SYSPROPS, ping }, /* "system properties have changed": there are none */
};

binder_status_t local_builtin(struct local *local, uint32_t code, const AParcel *in, AParcel *out)
{
	if (code >> 24 == 0x0f)
		return hidl_builtin(local, code, in, out);
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (builtins[i].code == code)
			return builtins[i].run(local, in, out);
	return error_say(STATUS_UNKNOWN_TRANSACTION, "code %#x is unknown", code);
}

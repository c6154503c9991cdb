/* SPDX-License-Identifier: MIT */
/*
 * shell_command.c: asks an object to carry out a shell command.
 *
 * Called by programs (binder/ext.h).  The object may open files through the
 * callback while the call lasts, and sends the result to the receiver, during
 * the call or later.  Both are objects of ours; the other process may hold them
 * for longer than the command, so what they share is counted.
 */
#include "shell_command.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "await.h"
#include "base/error.h"
#include "base/export.h"
#include "driver/deadline.h"
#include "local.h"
#include "parcel_binder.h"
#include "proxy.h"
#include "transact.h"

struct shell {
	atomic_int refs;
	struct await await; /* ends with the result, or with the object's process */
	pthread_mutex_t lock;
	bool has_result; /* lock */
	int32_t result;
	pthread_mutex_t opening; /* held while on_open_file runs */
	ABinder_onOpenFile on_open_file;
	void *cookie;
};

/* conn: a reference; NULL: the object is local. */
static struct shell *shell_new(const struct ABinderShellCommand *command, ABinderConnection *conn)
{
	struct shell *shell = calloc(1, sizeof(*shell));

	if (!shell)
		return NULL;
	atomic_init(&shell->refs, 1);
	shell->await.conn = conn;
	if (conn)
		connection_ref(conn);
	pthread_mutex_init(&shell->lock, NULL);
	pthread_mutex_init(&shell->opening, NULL);
	shell->on_open_file = command->on_open_file;
	shell->cookie = command->cookie;
	return shell;
}

static void shell_unref(void *cookie)
{
	struct shell *shell = cookie;

	if (atomic_fetch_sub(&shell->refs, 1) != 1)
		return;
	if (shell->await.conn)
		connection_unref(shell->await.conn);
	free(shell);
}

/* Of a class: the object has a reference. */
static void *shell_ref(void *cookie)
{
	struct shell *shell = cookie;

	atomic_fetch_add(&shell->refs, 1);
	return shell;
}

/* ---- what the other process calls ------------------------------------------ */

static binder_status_t receiver_transact(AIBinder *self, transaction_code_t code, const AParcel *in,
					 AParcel *out)
{
	struct shell *shell = local_of(self)->user;
	binder_status_t status;
	int32_t result;

	if (code != RESULT_RECEIVER_SEND)
		return STATUS_UNKNOWN_TRANSACTION;
	status = parcel_read_int32(in, &result);
	if (status)
		return status;
	pthread_mutex_lock(&shell->lock);
	/* The first one counts. */
	if (!shell->has_result)
		shell->result = result;
	shell->has_result = true;
	pthread_mutex_unlock(&shell->lock);
	if (shell->await.conn)
		await_end(&shell->await);
	return STATUS_OK;
}

static int open_file(struct shell *shell, const char *path, const char *mode)
{
	int fd = -1;

	pthread_mutex_lock(&shell->opening);
	if (shell->on_open_file)
		fd = shell->on_open_file(path, mode, shell->cookie);
	pthread_mutex_unlock(&shell->opening);
	return fd;
}

static binder_status_t callback_transact(AIBinder *self, transaction_code_t code, const AParcel *in,
					 AParcel *out)
{
	char *path = NULL, *context = NULL, *mode = NULL;
	binder_status_t status;
	int fd;

	if (code != SHELL_CALLBACK_OPEN_FILE)
		return STATUS_UNKNOWN_TRANSACTION;
	status = parcel_take_string16(in, &path);
	if (!status)
		status = parcel_take_string16(in, &context);
	/* Android 8 opens for writing only, and says no mode. */
	if (!status && parcel_left(in))
		status = parcel_take_string16(in, &mode);
	if (!status && !path)
		status = STATUS_UNEXPECTED_NULL;
	if (!status) {
		fd = open_file(local_of(self)->user, path, mode ? mode : "w");
		status = parcel_write_int32(out, 0);
		if (!status)
			status = parcel_write_file(out, fd);
		if (fd >= 0)
			close(fd);
	}
	free(path);
	free(context);
	free(mode);
	return status;
}

/* Made once, as soon as there is memory for it; NULL: there is none. */
static AIBinder *object_new(struct shell *shell, bool receiver)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static AIBinder_Class *classes[2];
	AIBinder_Class *class;

	pthread_mutex_lock(&lock);
	if (!classes[receiver])
		classes[receiver] =
			receiver ? AIBinder_Class_define(RESULT_RECEIVER_DESCRIPTOR, shell_ref,
							 shell_unref, receiver_transact) :
				   AIBinder_Class_define(SHELL_CALLBACK_DESCRIPTOR, shell_ref,
							 shell_unref, callback_transact);
	class = classes[receiver];
	pthread_mutex_unlock(&lock);
	return class ? AIBinder_new(class, shell) : NULL;
}

static void died(void *cookie)
{
	struct shell *shell = cookie;

	await_end(&shell->await);
}

/* ---- the call --------------------------------------------------------------- */

static binder_status_t write_request(AParcel *in, const struct ABinderShellCommand *command,
				     AIBinder *callback, AIBinder *receiver)
{
	const int fds[] = { command->in, command->out, command->err };
	binder_status_t status = STATUS_OK;

	for (int i = 0; i < 3 && !status; i++)
		status = parcel_write_fd_copy(in, fds[i]);
	if (!status)
		status = parcel_write_int32(in, (int32_t)command->count);
	for (uint32_t i = 0; i < command->count && !status; i++)
		status = parcel_write_string16(in, command->args[i], strlen(command->args[i]));
	if (!status)
		status = parcel_write_binder(in, callback);
	if (!status)
		status = parcel_write_binder(in, receiver);
	return status;
}

static binder_status_t send_command(AIBinder *binder, const struct ABinderShellCommand *command,
				    struct shell *shell)
{
	AIBinder *callback = object_new(shell, false), *receiver = object_new(shell, true);
	AParcel *in = NULL, *out = NULL;
	binder_status_t status = STATUS_NO_MEMORY;

	if (callback && receiver)
		status = request_new(binder, NULL, &in);
	if (!status)
		status = write_request(in, command, callback, receiver);
	/* Both belong to the other side from now on. */
	AIBinder_decStrong(callback);
	AIBinder_decStrong(receiver);
	if (!status)
		status = transact(binder, CODE_SHELL_COMMAND, &in, &out, 0, command->timeout_ms);
	parcel_delete(in);
	parcel_delete(out);
	return status;
}

static binder_status_t await_result(struct shell *shell, uint64_t deadline)
{
	int r = await_served(&shell->await, deadline);

	if (r == -ETIMEDOUT)
		return error_say(STATUS_TIMED_OUT,
				 "the command was begun, and has not ended in time");
	if (r == -EINTR)
		return error_say(STATUS_INTERRUPTED, "waiting for the command was interrupted");
	if (r)
		return error_say(error_status(r), "waiting for the command's result failed");
	return STATUS_OK;
}

/* Later calls to the callback open nothing; one that runs has ended. */
static void forbid_opening(struct shell *shell)
{
	pthread_mutex_lock(&shell->opening);
	shell->on_open_file = NULL;
	pthread_mutex_unlock(&shell->opening);
}

/* The process of the object may die between the call's end and the result. */
static AIBinder_DeathRecipient *watch_death(AIBinder *binder, struct shell *shell)
{
	AIBinder_DeathRecipient *recipient;

	if (!binder_is_proxy(binder))
		return NULL;
	recipient = AIBinder_DeathRecipient_new(died);
	if (!recipient)
		return NULL;
	AIBinder_DeathRecipient_setOnUnlinked(recipient, shell_unref);
	/* One that is dead already fails the call. */
	AIBinder_linkToDeath(binder, recipient, shell_ref(shell));
	return recipient;
}

EXPORT binder_status_t AIBinder_shellCommand(AIBinder *binder,
					     const struct ABinderShellCommand *command,
					     int32_t *result)
{
	AIBinder_DeathRecipient *recipient;
	ABinderConnection *conn;
	struct shell *shell;
	binder_status_t status;
	uint64_t deadline;

	if (!binder || (!command->args && command->count))
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or no arguments");
	conn = binder_connection(binder);
	if (conn && atomic_load(&conn->profile) == profile_hidl())
		return error_say(STATUS_INVALID_OPERATION, "a HIDL object takes no shell commands");
	shell = shell_new(command, conn);
	if (!shell)
		return error_say(STATUS_NO_MEMORY, "no memory for a shell command");
	deadline = deadline_in(command->timeout_ms);
	if (conn)
		deadline = deadline_earlier(deadline, atomic_load(&conn->deadline));
	recipient = watch_death(binder, shell);
	status = send_command(binder, command, shell);
	/* A service of the NDK's answers the call itself with a negative result, too. */
	if (conn)
		await_settle(conn);
	pthread_mutex_lock(&shell->lock);
	if (shell->has_result)
		status = STATUS_OK;
	pthread_mutex_unlock(&shell->lock);
	if (!status && conn)
		status = await_result(shell, deadline);
	forbid_opening(shell);
	pthread_mutex_lock(&shell->lock);
	if (shell->has_result)
		*result = shell->result;
	else if (!status)
		status = error_say(STATUS_DEAD_OBJECT, "no result came");
	pthread_mutex_unlock(&shell->lock);
	AIBinder_DeathRecipient_delete(recipient);
	shell_unref(shell);
	return status;
}

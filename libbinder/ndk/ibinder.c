/* SPDX-License-Identifier: MIT */
/*
 * ibinder.c: the NDK's calls on binders, and what binder/ext.h adds to them.
 *
 * Public functions; hands on to transact.c.
 */
#include <android/binder_ibinder_platform.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/export.h"
#include "hidl/hidl.h"
#include "object/local.h"
#include "object/parcel_binder.h"
#include "object/proxy.h"
#include "object/transact.h"

EXPORT ABinderConnection *AIBinder_getConnection(const AIBinder *binder)
{
	return binder ? binder_connection(binder) : NULL;
}

/* ---- requests ------------------------------------------------------------ */

EXPORT binder_status_t AIBinder_prepareRaw(AIBinder *binder, const char *descriptor, AParcel **out)
{
	if (!binder || !out)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or nowhere to put a parcel");
	return request_new(binder, descriptor, out);
}

EXPORT binder_status_t AIBinder_prepareTransaction(AIBinder *binder, AParcel **in)
{
	const AIBinder_Class *clazz = AIBinder_getClass(binder);

	if (!binder || !in)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or nowhere to put a parcel");
	if (!clazz)
		return error_say(STATUS_INVALID_OPERATION,
				 "the binder has no class: AIBinder_associateClass() gives it one");
	return AIBinder_prepareRaw(binder, clazz->no_header ? NULL : clazz->descriptor, in);
}

static binder_status_t check_request(AIBinder *binder, AParcel **in, AParcel **out)
{
	if (!binder || !in || !*in || !out)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder or no parcel to call it with");
	if ((*in)->target && (*in)->target != binder)
		return error_say(STATUS_BAD_VALUE, "the request was made for another binder");
	return STATUS_OK;
}

EXPORT binder_status_t AIBinder_transact(AIBinder *binder, transaction_code_t code, AParcel **in,
					 AParcel **out, binder_flags_t flags)
{
	binder_status_t status = check_request(binder, in, out);

	if (!status && (flags & ~(FLAG_ONEWAY | FLAG_CLEAR_BUF)))
		status = error_say(STATUS_BAD_VALUE, "flags %#x are unknown", flags);
	if (!status && (code < FIRST_CALL_TRANSACTION || code > LAST_CALL_TRANSACTION))
		status =
			error_say(STATUS_UNKNOWN_TRANSACTION, "code %#x is not for programs", code);
	if (!status)
		return transact(binder, code, in, out, flags, -1);
	if (in) {
		parcel_delete(*in);
		*in = NULL;
	}
	return status;
}

EXPORT binder_status_t AIBinder_transactRaw(AIBinder *binder, transaction_code_t code, AParcel **in,
					    AParcel **out, binder_flags_t flags, int timeout_ms)
{
	AParcel *reply;
	binder_status_t status = check_request(binder, in, out);

	if (status) {
		if (in) {
			parcel_delete(*in);
			*in = NULL;
		}
		return status;
	}
	status = transact(binder, code, in, &reply, flags, timeout_ms);
	if (status)
		return status;
	if (flags & FLAG_ONEWAY) {
		parcel_delete(reply);
		reply = NULL;
	}
	*out = reply;
	return STATUS_OK;
}

/* ---- calls that every object answers ------------------------------------- */

static binder_status_t call_builtin(AIBinder *binder, uint32_t code, AParcel *in, AParcel **out)
{
	if (!in)
		in = parcel_new(binder_connection(binder));
	if (!in)
		return error_say(STATUS_NO_MEMORY, "no memory for a request");
	return transact(binder, code, &in, out, 0, -1);
}

EXPORT binder_status_t AIBinder_ping(AIBinder *binder)
{
	AParcel *out;
	binder_status_t status;

	if (!binder)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder");
	if (hidl_is_spoken(binder_connection(binder)))
		status = hidl_call_base(binder, HIDL_PING, -1, &out);
	else
		status = call_builtin(binder, CODE_PING, NULL, &out);
	if (!status)
		parcel_delete(out);
	return status;
}

EXPORT binder_status_t AIBinder_dump(AIBinder *binder, int fd, const char **args, uint32_t numArgs)
{
	AParcel *in, *out;
	binder_status_t status;
	int copy;

	if (!binder || (!args && numArgs))
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or no arguments");
	if (hidl_is_spoken(binder_connection(binder)))
		return hidl_debug(binder, fd, args, numArgs);
	in = parcel_new(binder_connection(binder));
	if (!in)
		return error_say(STATUS_NO_MEMORY, "no memory for a request");
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	status = copy < 0 ? error_say(STATUS_BAD_VALUE, "descriptor %d is not open", fd) :
			    parcel_write_fd(in, copy);
	if (!status)
		status = parcel_write_int32(in, numArgs);
	for (uint32_t i = 0; !status && i < numArgs; i++)
		status = args[i] ? parcel_write_string16(in, args[i], strlen(args[i])) :
				   STATUS_UNEXPECTED_NULL;
	if (status) {
		parcel_delete(in);
		return status;
	}
	status = call_builtin(binder, CODE_DUMP, in, &out);
	if (!status)
		parcel_delete(out);
	return status;
}

EXPORT binder_status_t AIBinder_getExtension(AIBinder *binder, AIBinder **outExt)
{
	AParcel *out;
	binder_status_t status;

	if (!binder || !outExt)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or nowhere to put another");
	status = call_builtin(binder, CODE_EXTENSION, NULL, &out);
	if (status)
		return status;
	status = parcel_read_binder(out, outExt);
	parcel_delete(out);
	return status;
}

EXPORT binder_status_t AIBinder_fetchDebugPid(AIBinder *binder, pid_t *ret)
{
	AParcel *out;
	int32_t pid;
	binder_status_t status;

	if (!binder)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder");
	status = call_builtin(binder, CODE_DEBUG_PID, NULL, &out);
	if (status)
		return status;
	status = parcel_read_int32(out, &pid);
	parcel_delete(out);
	if (!status)
		*ret = pid;
	return status;
}

static binder_status_t ask_descriptor(AIBinder *binder, char **ret)
{
	bool hidl = hidl_is_spoken(binder_connection(binder));
	AParcel *out;
	char *descriptor;
	binder_status_t status = hidl ? hidl_call_base(binder, HIDL_DESCRIPTOR, -1, &out) :
					call_builtin(binder, CODE_INTERFACE, NULL, &out);

	if (status)
		return status;
	status = hidl ? hidl_read_string(out, &descriptor) : parcel_take_string16(out, &descriptor);
	parcel_delete(out);
	if (!status && !descriptor)
		descriptor = strdup("");
	if (!status && !descriptor)
		status = STATUS_NO_MEMORY;
	if (!status)
		*ret = descriptor;
	return status;
}

/* Borrowed from the binder. */
static binder_status_t descriptor_of(AIBinder *binder, const char **ret)
{
	struct proxy *proxy = proxy_of(binder);
	char *known, *asked;
	binder_status_t status;

	if (!binder_is_proxy(binder)) {
		*ret = AIBinder_getClass(binder)->descriptor;
		return STATUS_OK;
	}
	known = atomic_load(&proxy->descriptor);
	if (!known) {
		status = ask_descriptor(binder, &asked);
		if (status)
			return status;
		if (atomic_compare_exchange_strong(&proxy->descriptor, &known, asked))
			known = asked;
		else
			free(asked);
	}
	*ret = known;
	return STATUS_OK;
}

EXPORT binder_status_t AIBinder_fetchDescriptor(AIBinder *binder, char **out)
{
	const char *descriptor;
	binder_status_t status;
	char *copy;

	if (!binder || !out)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or nowhere to put a string");
	status = descriptor_of(binder, &descriptor);
	if (status)
		return status;
	copy = strdup(descriptor);
	if (!copy)
		return error_say(STATUS_NO_MEMORY, "no memory for a descriptor");
	*out = copy;
	return STATUS_OK;
}

EXPORT bool AIBinder_associateClass(AIBinder *binder, const AIBinder_Class *clazz)
{
	const AIBinder_Class *known = AIBinder_getClass(binder);
	const char *descriptor;

	if (!binder || !clazz)
		return false;
	if (known == clazz)
		return true;
	if (descriptor_of(binder, &descriptor))
		return false;
	if (strcmp(descriptor, clazz->descriptor) != 0) {
		error_set_words("the object is a %s, not a %s", descriptor, clazz->descriptor);
		return false;
	}
	/* A local object of another library's class with the same name is not ours to unwrap. */
	if (!binder_is_proxy(binder))
		return false;
	if (!known)
		atomic_compare_exchange_strong(&binder->clazz, &known, clazz);
	return true;
}

EXPORT bool AIBinder_isAlive(const AIBinder *binder)
{
	const struct proxy *proxy = (const struct proxy *)binder;

	if (!binder)
		return false;
	if (!binder_is_proxy(binder))
		return true;
	return !atomic_load_explicit(&proxy->dead, memory_order_acquire) &&
	       !atomic_load(&proxy->conn->broken) && !atomic_load(&proxy->conn->closed) &&
	       !connection_is_foreign(proxy->conn);
}

/* ---- who calls ----------------------------------------------------------- */

EXPORT uid_t AIBinder_getCallingUid(void)
{
	struct serving *serving = thread_serving();

	return serving ? serving->uid : getuid();
}

EXPORT pid_t AIBinder_getCallingPid(void)
{
	struct serving *serving = thread_serving();

	return serving ? serving->pid : getpid();
}

EXPORT const char *AIBinder_getCallingSid(void)
{
	struct serving *serving = thread_serving();

	return serving ? serving->sid : NULL;
}

EXPORT bool AIBinder_isHandlingTransaction(void)
{
	return thread_serving() != NULL;
}

EXPORT binder_flags_t AIBinder_getCallingFlags(void)
{
	struct serving *serving = thread_serving();

	return serving ? serving->flags : 0;
}

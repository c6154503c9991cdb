/* SPDX-License-Identifier: MIT */
/*
 * request.c: reading a call's first words, and writing its answer's.
 *
 * Called by every handler; which shape an answer has is the protocol's to say.
 */
#include "request.h"
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

binder_status_t reply_ok(const struct request *request)
{
	binder_status_t status;
	AStatus *ok;

	if (!request->manager->protocol->has_status)
		return STATUS_OK;
	ok = AStatus_newOk();
	status = AParcel_writeStatusHeader(request->out, ok);
	AStatus_delete(ok);
	return status;
}

binder_status_t refuse(const struct request *request, binder_exception_t exception,
		       const char *format, ...)
{
	char message[256];
	binder_status_t status;
	AStatus *refusal;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (request->manager->verbose)
		say("servicemanager: uid %d pid %d refused: %s\n", (int)AIBinder_getCallingUid(),
		    (int)AIBinder_getCallingPid(), message);
	if (!request->manager->protocol->has_status)
		return STATUS_PERMISSION_DENIED;
	refusal = AStatus_fromExceptionCodeWithMessage(exception, message);
	if (!refusal)
		return STATUS_NO_MEMORY;
	status = AParcel_writeStatusHeader(request->out, refusal);
	AStatus_delete(refusal);
	return status;
}

binder_status_t refuse_errno(const struct request *request, int error, const char *name)
{
	switch (error) {
	case -EDQUOT:
		return refuse(request, EX_ILLEGAL_STATE,
			      "uid %d has reached its limit of names or callbacks",
			      (int)AIBinder_getCallingUid());
	case -EINVAL:
		return refuse(request, EX_ILLEGAL_STATE,
			      "the binder for '%s' is dead, or the service manager's own", name);
	default:
		return refuse(request, EX_ILLEGAL_STATE, "out of memory");
	}
}

bool read_name(const struct request *request, char **ret, binder_status_t *status)
{
	char *name = NULL;

	*status = AParcel_readString16(request->in, &name);
	if (*status != STATUS_OK)
		return false;
	if (!name || !access_name_is_valid(name)) {
		/* A bad name is not repeated: it may hold anything. */
		*status = refuse(request, EX_ILLEGAL_ARGUMENT,
				 "bad service name: expected 1 to %d of A-Z a-z 0-9 _ . / -",
				 SERVICE_NAME_MAX);
		free(name);
		return false;
	}
	*ret = name;
	return true;
}

bool read_name_and_callback(const struct request *request, char **name_ret, AIBinder **callback_ret,
			    binder_status_t *status)
{
	AIBinder *callback = NULL;
	char *name;

	if (!read_name(request, &name, status))
		return false;
	*status = AParcel_readStrongBinder(request->in, &callback);
	if (*status == STATUS_OK && !callback)
		*status = refuse(request, EX_NULL_POINTER, "a null callback for '%s'", name);
	if (!callback) {
		free(name);
		return false;
	}
	*name_ret = name;
	*callback_ret = callback;
	return true;
}

binder_status_t begin_parcelable(AParcel *out, int32_t *start)
{
	binder_status_t status = AParcel_writeInt32(out, 1);

	*start = AParcel_getDataPosition(out);
	return status == STATUS_OK ? AParcel_writeInt32(out, 0) : status;
}

binder_status_t end_parcelable(AParcel *out, int32_t start)
{
	int32_t end = AParcel_getDataPosition(out);
	binder_status_t status = AParcel_setDataPosition(out, start);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(out, end - start);
	return status == STATUS_OK ? AParcel_setDataPosition(out, end) : status;
}

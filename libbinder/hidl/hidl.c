/* SPDX-License-Identifier: MIT */
/*
 * hidl.c: calls of IBase, which every HIDL object answers.
 *
 * Called by the NDK face; hands on to transact.c.
 */
#include "hidl.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/export.h"
#include "object/transact.h"

bool hidl_is_spoken(ABinderConnection *conn)
{
	return conn && atomic_load(&conn->profile) == profile_hidl();
}

/* Takes the request.  *out is behind the reply's status. */
static binder_status_t call(AIBinder *binder, AParcel *in, uint32_t code, int timeout_ms,
			    AParcel **out)
{
	AParcel *reply = NULL;
	int32_t answer = 0;
	binder_status_t status = transact(binder, code, &in, &reply, 0, timeout_ms);

	if (!status)
		status = parcel_read_int32(reply, &answer);
	if (!status && answer)
		status =
			error_say(STATUS_FAILED_TRANSACTION, "the object answered with %d", answer);
	if (status) {
		parcel_delete(reply);
		return status;
	}
	*out = reply;
	return STATUS_OK;
}

binder_status_t hidl_call_base(AIBinder *binder, uint32_t code, int timeout_ms, AParcel **out)
{
	AParcel *in;
	binder_status_t status = request_new(binder, HIDL_BASE, &in);

	return status ? status : call(binder, in, code, timeout_ms, out);
}

binder_status_t hidl_debug(AIBinder *binder, int fd, const char **args, uint32_t count)
{
	const ABinderHandle handle = { .fds = &fd, .fd_count = 1 };
	AParcel *in, *out;
	binder_status_t status;

	for (uint32_t i = 0; i < count; i++)
		if (!args[i])
			return error_say(STATUS_UNEXPECTED_NULL, "an argument is null");
	status = request_new(binder, HIDL_BASE, &in);
	if (status)
		return status;
	status = hidl_write_handle(in, &handle, BUFFER_ALONE);
	if (!status)
		status = hidl_write_strings(in, args, count);
	if (status) {
		parcel_delete(in);
		return status;
	}
	status = call(binder, in, HIDL_DEBUG, -1, &out);
	if (!status)
		parcel_delete(out);
	return status;
}

/* ---- for programs -------------------------------------------------------- */

EXPORT bool ABinderConnection_isHidl(ABinderConnection *connection)
{
	return hidl_is_spoken(connection);
}

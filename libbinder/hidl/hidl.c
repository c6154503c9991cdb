/* SPDX-License-Identifier: MIT */
/*
 * hidl.c: the calls of IBase, which every HIDL object answers.
 *
 * Called by hidl_manager.c, ibinder.c and builtin.c; hands on to hidl_value.c.
 */
#include "hidl.h"

#include <stdlib.h>
#include <string.h>

#include "object/detect.h"
#include "base/error.h"
#include "base/export.h"
#include "object/transact.h"

bool hidl_is_spoken(ABinderConnection *conn)
{
	return conn && atomic_load(&conn->profile) == profile_hidl();
}

/* ---- asked ---------------------------------------------------------------- */

/* Takes the request.  *out is behind the reply's status. */
static binder_status_t call(AIBinder *binder, AParcel *in, uint32_t code, int timeout_ms,
			    AParcel **out)
{
	AParcel *reply = NULL;
	int32_t answer = 0;
	binder_status_t status = AIBinder_transactRaw(binder, code, &in, &reply, 0, timeout_ms);

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
	binder_status_t status = AIBinder_prepareRaw(binder, HIDL_BASE, &in);

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
	status = AIBinder_prepareRaw(binder, HIDL_BASE, &in);
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

/* ---- answered --------------------------------------------------------------- */

/* debug(handle fd, vec<string> options); a handle without a descriptor asks for nothing. */
static binder_status_t debug(struct local *local, const AParcel *in)
{
	ABinderHandle handle;
	char **options = NULL;
	size_t count = 0;
	bool null;
	binder_status_t status = parcel_check_token(in, profile_hidl(), HIDL_BASE);

	if (!status)
		status = hidl_read_handle(in, &handle, &null, BUFFER_ALONE);
	if (!status)
		status = hidl_read_strings(in, &options, &count);
	if (!status && handle.fd_count)
		status = local_dump(local, handle.fds[0], (const char **)options, count);
	hidl_free_strings(options, count);
	return status;
}

/* Of interfaces that nobody has released, which is what zeros say. */
static binder_status_t hashes(AParcel *out, size_t count)
{
	static const uint8_t none[2][32];

	return hidl_write_vec(out, none, count, sizeof(none[0]));
}

binder_status_t hidl_builtin(struct local *local, uint32_t code, const AParcel *in, AParcel *out)
{
	const char *chain[] = { AIBinder_getClass(&local->binder)->descriptor, HIDL_BASE };
	binder_status_t status = parcel_write_int32(out, 0);

	if (status)
		return status;
	switch (code) {
	case HIDL_PING:
	case HIDL_SYSPROPS: /* "system properties have changed": there are none */
		return STATUS_OK;
	case HIDL_DESCRIPTOR:
		return hidl_write_string(out, chain[0]);
	case HIDL_CHAIN:
		return hidl_write_strings(out, chain, 2);
	case HIDL_HASHES:
		return hashes(out, 2);
	case HIDL_DEBUG:
		return debug(local, in);
	default:
		return error_say(STATUS_UNKNOWN_TRANSACTION, "code %#x is unknown", code);
	}
}

/* ---- for programs -------------------------------------------------------- */

EXPORT bool ABinderConnection_isHidl(ABinderConnection *connection)
{
	return hidl_is_spoken(connection);
}

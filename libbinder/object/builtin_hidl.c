/* SPDX-License-Identifier: MIT */
/*
 * builtin_hidl.c: answers the calls of IBase.
 *
 * Called by builtin.c; hands on to the class's dump function.
 */
#include "hidl_base.h"

#include <string.h>

#include "base/error.h"
#include "parcel/hidl_value.h"

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

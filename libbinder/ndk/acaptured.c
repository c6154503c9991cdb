/* SPDX-License-Identifier: MIT */
/*
 * acaptured.c: binder/ext.h's parcels of other processes' bytes.
 *
 * Public function; hands on to parcel/captured.c.
 */
#include <binder/ext.h>

#include "base/error.h"
#include "base/export.h"
#include "connection/profile.h"
#include "parcel/captured.h"

EXPORT binder_status_t AParcel_createCaptured(ABinderConnection *connection, const char *android,
					      const void *data, size_t size,
					      const uint64_t *offsets, size_t offset_count,
					      AParcel **out)
{
	struct captured_bytes bytes = {
		.data = data, .size = size, .offsets = offsets, .offset_count = offset_count
	};
	binder_status_t status;
	AParcel *parcel;

	if (!out || (!data && size) || (!offsets && offset_count))
		return error_say(STATUS_UNEXPECTED_NULL, "no bytes, or nowhere to put a parcel");
	if (android) {
		bytes.profile = profile_parse(android);
		if (!bytes.profile)
			return error_say(STATUS_BAD_VALUE, "no Android version is called %s",
					 android);
	}
	parcel = parcel_new(connection);
	if (!parcel)
		return error_say(STATUS_NO_MEMORY, "no memory for a parcel");
	status = parcel_init_captured(parcel, &bytes);
	if (status != STATUS_OK) {
		parcel_delete(parcel);
		return status;
	}
	*out = parcel;
	return STATUS_OK;
}

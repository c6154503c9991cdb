/* SPDX-License-Identifier: MIT */
/*
 * captured.c: parcels that somebody else received, to be read and not used.
 *
 * Made from bytes of a watch, of a recording, or of what a person pasted.  Numbers and
 * strings are read as in any parcel.  Its objects belong to another process, or are long gone:
 * they are described, and never followed.
 */
#include "parcel/captured.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

binder_status_t parcel_init_captured(AParcel *parcel, const struct captured_bytes *bytes)
{
	if (bytes->size > PARCEL_MAX || bytes->offset_count > PARCEL_MAX / sizeof(uint64_t))
		return error_say(STATUS_BAD_VALUE, "a parcel of %zu bytes is too large",
				 bytes->size);
	parcel->data = malloc(bytes->size ? bytes->size : 1);
	parcel->offsets =
		malloc((bytes->offset_count ? bytes->offset_count : 1) * sizeof(*parcel->offsets));
	/* From here on parcel_clear() frees them. */
	parcel->received = true;
	parcel->captured = true;
	parcel->holds = NULL;
	parcel->profile = bytes->profile;
	if (!parcel->data || !parcel->offsets)
		return error_say(STATUS_NO_MEMORY, "no memory for a parcel of %zu bytes",
				 bytes->size);
	if (bytes->size)
		memcpy(parcel->data, bytes->data, bytes->size);
	if (bytes->offset_count)
		memcpy(parcel->offsets, bytes->offsets,
		       bytes->offset_count * sizeof(*parcel->offsets));
	parcel->size = parcel->capacity = bytes->size;
	parcel->object_count = bytes->offset_count;
	return STATUS_OK;
}

void parcel_clear_captured(AParcel *parcel)
{
	free(parcel->data);
	free(parcel->offsets);
}

binder_status_t parcel_read_captured(const AParcel *parcel, struct captured_object *ret)
{
	struct flat_binder_object object;
	size_t start = parcel->pos;
	const void *at;
	binder_status_t status = parcel_read(parcel, sizeof(object), &at);

	if (status)
		return status;
	memcpy(&object, at, sizeof(object));
	if (object.hdr.type == BINDER_TYPE_BINDER && !object.binder && !object.cookie) {
		*ret = (struct captured_object){ .type = 0 };
		return STATUS_OK;
	}
	switch (object.hdr.type) {
	case BINDER_TYPE_HANDLE:
	case BINDER_TYPE_WEAK_HANDLE:
	case BINDER_TYPE_FD:
		*ret = (struct captured_object){ object.hdr.type, object.handle };
		return STATUS_OK;
	case BINDER_TYPE_BINDER:
	case BINDER_TYPE_WEAK_BINDER:
		*ret = (struct captured_object){ object.hdr.type, object.binder };
		return STATUS_OK;
	default:
		parcel_mutable(parcel)->pos = start;
		return error_say(STATUS_BAD_TYPE, "there is no object at offset %zu", start);
	}
}

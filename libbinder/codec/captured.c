/* SPDX-License-Identifier: MIT */
/*
 * captured.c: binders and files of a captured parcel, as words.
 *
 * Called by wire.c.  They belong to another process: they are described, and not followed.
 */
#include "parcel/captured.h"

#include <inttypes.h>
#include <stdio.h>

#include "codec.h"

static binder_status_t read_object(const AParcel *parcel, struct aidl_data *data)
{
	struct captured_object object;
	binder_status_t status = parcel_read_captured(parcel, &object);
	char words[48];

	if (status != STATUS_OK)
		return status;
	if (!object.type) {
		aidl_data_clear(data);
		return STATUS_OK;
	}
	if (object.type == BINDER_TYPE_FD)
		snprintf(words, sizeof(words), "fd %u", (unsigned)object.number);
	else if (object.type == BINDER_TYPE_HANDLE || object.type == BINDER_TYPE_WEAK_HANDLE)
		snprintf(words, sizeof(words), "binder handle %u", (unsigned)object.number);
	else
		snprintf(words, sizeof(words), "binder 0x%" PRIx64, object.number);
	return aidl_data_set_object(data, words) ? STATUS_OK : STATUS_NO_MEMORY;
}

binder_status_t codec_read_captured_binder(const AParcel *parcel, struct aidl_data *data)
{
	binder_status_t status = read_object(parcel, data);
	int32_t stability;

	if (status == STATUS_OK && parcel_profile(parcel)->stability != STABILITY_NONE)
		status = parcel_read_int32(parcel, &stability);
	return status;
}

binder_status_t codec_read_captured_file(const AParcel *parcel, struct aidl_data *data)
{
	int32_t present, channel;
	binder_status_t status;

	if (parcel_find_object(parcel, parcel->pos) >= 0)
		return read_object(parcel, data);
	status = parcel_read_int32(parcel, &present);
	if (status == STATUS_OK && !present) {
		aidl_data_clear(data);
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		status = parcel_read_int32(parcel, &channel);
	return status == STATUS_OK ? read_object(parcel, data) : status;
}

/* SPDX-License-Identifier: MIT */
/*
 * aparcel_array.c: arrays of the NDK's parcels.
 *
 * Public functions; hands on to parcel.c.
 */
#include <string.h>

#include "base/error.h"
#include "base/export.h"
#include "parcel/parcel.h"

static binder_status_t refused(int32_t count)
{
	if (count < 0)
		return error_say(STATUS_UNEXPECTED_NULL, "an array is null");
	return error_say(STATUS_NO_MEMORY, "the allocator gave no room for %d elements", count);
}

static binder_status_t write_count(AParcel *parcel, const void *array, int32_t length)
{
	if (length < -1)
		return error_say(STATUS_BAD_VALUE, "an array of %d elements", length);
	if (length > 0 && !array)
		return error_say(STATUS_BAD_VALUE, "a null array of %d elements", length);
	return parcel_write_int32(parcel, length);
}

static binder_status_t write_packed(AParcel *parcel, const void *array, int32_t length, size_t size)
{
	binder_status_t status = write_count(parcel, array, length);

	if (status || length <= 0)
		return status;
	return parcel_write(parcel, array, (size_t)length * size);
}

/* Elements as they are in memory: a count, then the bytes. */
#define PACKED(Name, name, type) \
	EXPORT binder_status_t AParcel_write##Name##Array(AParcel *parcel, const type *arrayData, \
							  int32_t length) \
	{ \
		return write_packed(parcel, arrayData, length, sizeof(type)); \
	} \
	EXPORT binder_status_t AParcel_read##Name##Array(const AParcel *parcel, void *arrayData, \
							 AParcel_##name##ArrayAllocator allocator) \
	{ \
		type *buffer = NULL; \
		const void *at; \
		int32_t count; \
		binder_status_t status = parcel_read_count(parcel, sizeof(type), &count); \
\
		if (status) \
			return status; \
		if (!allocator(arrayData, count, &buffer) || (count > 0 && !buffer)) \
			return refused(count); \
		if (count <= 0) \
			return STATUS_OK; \
		status = parcel_read(parcel, (size_t)count * sizeof(type), &at); \
		if (!status) \
			memcpy(buffer, at, (size_t)count * sizeof(type)); \
		return status; \
	}

PACKED(Int32, int32, int32_t)
PACKED(Uint32, uint32, uint32_t)
PACKED(Int64, int64, int64_t)
PACKED(Uint64, uint64, uint64_t)
PACKED(Float, float, float)
PACKED(Double, double, double)
PACKED(Byte, byte, int8_t)

/* ---- elements that take an int32 each ------------------------------------ */

EXPORT binder_status_t AParcel_writeCharArray(AParcel *parcel, const char16_t *arrayData,
					      int32_t length)
{
	binder_status_t status = write_count(parcel, arrayData, length);

	for (int32_t i = 0; !status && i < length; i++)
		status = parcel_write_int32(parcel, arrayData[i]);
	return status;
}

EXPORT binder_status_t AParcel_readCharArray(const AParcel *parcel, void *arrayData,
					     AParcel_charArrayAllocator allocator)
{
	char16_t *buffer = NULL;
	int32_t count;
	binder_status_t status = parcel_read_count(parcel, sizeof(int32_t), &count);

	if (status)
		return status;
	if (!allocator(arrayData, count, &buffer) || (count > 0 && !buffer))
		return refused(count);
	for (int32_t i = 0; !status && i < count; i++) {
		int32_t word = 0;

		status = parcel_read_int32(parcel, &word);
		buffer[i] = word;
	}
	return status;
}

EXPORT binder_status_t AParcel_writeBoolArray(AParcel *parcel, const void *arrayData,
					      int32_t length, AParcel_boolArrayGetter getter)
{
	binder_status_t status;

	if (length < -1)
		return error_say(STATUS_BAD_VALUE, "an array of %d elements", length);
	status = parcel_write_int32(parcel, length);
	for (int32_t i = 0; !status && i < length; i++)
		status = parcel_write_int32(parcel, getter(arrayData, i));
	return status;
}

EXPORT binder_status_t AParcel_readBoolArray(const AParcel *parcel, void *arrayData,
					     AParcel_boolArrayAllocator allocator,
					     AParcel_boolArraySetter setter)
{
	int32_t count;
	binder_status_t status = parcel_read_count(parcel, sizeof(int32_t), &count);

	if (status)
		return status;
	if (!allocator(arrayData, count))
		return refused(count);
	for (int32_t i = 0; !status && i < count; i++) {
		int32_t word;

		status = parcel_read_int32(parcel, &word);
		if (!status)
			setter(arrayData, i, word);
	}
	return status;
}

/* ---- user-defined types -------------------------------------------------- */

EXPORT binder_status_t AParcel_writeParcelableArray(AParcel *parcel, const void *arrayData,
						    int32_t length,
						    AParcel_writeParcelableElement elementWriter)
{
	binder_status_t status;

	if (length < -1)
		return error_say(STATUS_BAD_VALUE, "an array of %d elements", length);
	status = parcel_write_int32(parcel, length);
	for (int32_t i = 0; !status && i < length; i++)
		status = elementWriter(parcel, arrayData, i);
	return status;
}

EXPORT binder_status_t AParcel_readParcelableArray(const AParcel *parcel, void *arrayData,
						   AParcel_parcelableArrayAllocator allocator,
						   AParcel_readParcelableElement elementReader)
{
	int32_t count;
	/* Each takes a word at the least: a count beyond that is a lie. */
	binder_status_t status = parcel_read_count(parcel, sizeof(int32_t), &count);

	if (status)
		return status;
	if (!allocator(arrayData, count))
		return refused(count);
	for (int32_t i = 0; !status && i < count; i++)
		status = elementReader(parcel, arrayData, i);
	return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * aparcel_string.c: strings of the NDK's parcels and of binder/ext.h.
 *
 * Public functions; hands on to parcel.c and utf.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/export.h"
#include "parcel/parcel.h"
#include "base/utf.h"

static binder_status_t refused(size_t length)
{
	return error_say(STATUS_NO_MEMORY, "the allocator gave no room for %zu bytes", length);
}

EXPORT binder_status_t AParcel_writeString(AParcel *parcel, const char *string, int32_t length)
{
	if (!string) {
		if (length != -1)
			return error_say(STATUS_BAD_VALUE, "a null string of %d bytes", length);
		return parcel_write_int32(parcel, -1);
	}
	if (length < 0)
		return error_say(STATUS_BAD_VALUE, "a string of %d bytes", length);
	return parcel_write_string16(parcel, string, length);
}

EXPORT binder_status_t AParcel_readString(const AParcel *parcel, void *stringData,
					  AParcel_stringAllocator allocator)
{
	const utf16_unit *utf16;
	int32_t units;
	size_t length;
	char *buffer = NULL;
	binder_status_t status = parcel_read_string16(parcel, &utf16, &units);

	if (status)
		return status;
	if (!utf16) {
		if (!allocator(stringData, -1, NULL))
			return error_say(STATUS_UNEXPECTED_NULL, "a string is null");
		return STATUS_OK;
	}
	length = utf16_to_8_length(utf16, units) + 1;
	if (length > PARCEL_MAX || !allocator(stringData, length, &buffer) || !buffer)
		return refused(length);
	utf16_to_8(utf16, units, buffer);
	buffer[length - 1] = '\0';
	return STATUS_OK;
}

EXPORT binder_status_t AParcel_writeStringArray(AParcel *parcel, const void *arrayData,
						int32_t length,
						AParcel_stringArrayElementGetter getter)
{
	binder_status_t status;

	if (length < -1)
		return error_say(STATUS_BAD_VALUE, "an array of %d strings", length);
	status = parcel_write_int32(parcel, length);
	for (int32_t i = 0; !status && i < length; i++) {
		int32_t size = 0;
		const char *string = getter(arrayData, i, &size);

		if (!string && size != -1)
			return error_say(STATUS_BAD_VALUE, "string %d is missing", i);
		status = AParcel_writeString(parcel, string, size);
	}
	return status;
}

/* An element's allocator takes an index more than a string's. */
struct element {
	void *array;
	size_t index;
	AParcel_stringArrayElementAllocator allocator;
};

static bool allocate_element(void *data, int32_t length, char **buffer)
{
	struct element *element = data;

	return element->allocator(element->array, element->index, length, buffer);
}

EXPORT binder_status_t AParcel_readStringArray(const AParcel *parcel, void *arrayData,
					       AParcel_stringArrayAllocator allocator,
					       AParcel_stringArrayElementAllocator elementAllocator)
{
	struct element element = { .array = arrayData, .allocator = elementAllocator };
	int32_t count;
	binder_status_t status = parcel_read_count(parcel, sizeof(int32_t), &count);

	if (status)
		return status;
	if (!allocator(arrayData, count))
		return count < 0 ? error_say(STATUS_UNEXPECTED_NULL, "an array is null") :
				   refused(count);
	for (int32_t i = 0; !status && i < count; i++) {
		element.index = i;
		status = AParcel_readString(parcel, &element, allocate_element);
	}
	return status;
}

/* ---- binder/ext.h -------------------------------------------------------- */

EXPORT binder_status_t AParcel_writeString16(AParcel *parcel, const char *utf8)
{
	return parcel_write_string16(parcel, utf8, utf8 ? strlen(utf8) : 0);
}

EXPORT binder_status_t AParcel_readString16(const AParcel *parcel, char **out)
{
	return parcel_take_string16(parcel, out);
}

EXPORT binder_status_t AParcel_writeString8(AParcel *parcel, const char *string, int32_t length)
{
	return parcel_write_string8(parcel, string, length);
}

EXPORT binder_status_t AParcel_readString8(const AParcel *parcel, char **out, int32_t *length)
{
	return parcel_take_string8(parcel, out, length);
}

/* SPDX-License-Identifier: MIT */
/*
 * parcel_string.c: strings in a parcel, of UTF-16 units and of bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf.h"
#include "parcel.h"

binder_status_t parcel_read_string16(const AParcel *parcel, const utf16_unit **ret, int32_t *units)
{
	const void *at;
	int32_t count;
	binder_status_t status = parcel_read_count(parcel, sizeof(uint16_t), &count);

	if (status)
		return status;
	if (count < 0) {
		*ret = NULL;
		*units = -1;
		return STATUS_OK;
	}
	status = parcel_read(parcel, ((size_t)count + 1) * sizeof(uint16_t), &at);
	if (status)
		return status;
	*ret = at;
	*units = count;
	return STATUS_OK;
}

binder_status_t parcel_write_string16(AParcel *parcel, const char *utf8, size_t length)
{
	binder_status_t status;
	ssize_t units;
	utf16_unit *at;

	if (!utf8)
		return parcel_write_int32(parcel, -1);
	if (length > PARCEL_MAX / 2)
		return error_say(STATUS_BAD_VALUE, "a string of %zu bytes is too long", length);
	units = utf8_to_16_length(utf8, length);
	if (units < 0)
		return error_say(STATUS_BAD_VALUE, "a string is not valid UTF-8");
	status = parcel_write_int32(parcel, units);
	if (status)
		return status;
	at = parcel_reserve(parcel, (units + 1) * sizeof(uint16_t));
	if (!at)
		return parcel_no_room(parcel);
	utf8_to_16(utf8, length, at);
	at[units] = 0;
	return STATUS_OK;
}

binder_status_t parcel_take_text16(const AParcel *parcel, char **ret, size_t *length_ret)
{
	const utf16_unit *utf16;
	int32_t units;
	size_t length;
	char *utf8;
	binder_status_t status = parcel_read_string16(parcel, &utf16, &units);

	if (status)
		return status;
	if (!utf16) {
		*ret = NULL;
		*length_ret = 0;
		return STATUS_OK;
	}
	length = utf16_to_8_length(utf16, units);
	utf8 = malloc(length + 1);
	if (!utf8)
		return error_say(STATUS_NO_MEMORY, "no memory for a string of %zu bytes", length);
	utf16_to_8(utf16, units, utf8);
	utf8[length] = '\0';
	*ret = utf8;
	*length_ret = length;
	return STATUS_OK;
}

binder_status_t parcel_take_string16(const AParcel *parcel, char **ret)
{
	size_t length;

	return parcel_take_text16(parcel, ret, &length);
}

binder_status_t parcel_write_string8(AParcel *parcel, const char *string, int32_t length)
{
	binder_status_t status;
	char *at;

	if (!string)
		return parcel_write_int32(parcel, -1);
	if (length < 0 || length == INT32_MAX)
		return error_say(STATUS_BAD_VALUE, "a string of %d bytes", length);
	status = parcel_write_int32(parcel, length);
	if (status)
		return status;
	at = parcel_reserve(parcel, (size_t)length + 1);
	if (!at)
		return parcel_no_room(parcel);
	memcpy(at, string, length);
	at[length] = '\0';
	return STATUS_OK;
}

binder_status_t parcel_take_string8(const AParcel *parcel, char **ret, int32_t *length)
{
	const void *at;
	int32_t size;
	char *string;
	binder_status_t status = parcel_read_count(parcel, 1, &size);

	if (status)
		return status;
	if (size < 0) {
		*ret = NULL;
		if (length)
			*length = -1;
		return STATUS_OK;
	}
	status = parcel_read(parcel, (size_t)size + 1, &at);
	if (status)
		return status;
	string = malloc((size_t)size + 1);
	if (!string)
		return error_say(STATUS_NO_MEMORY, "no memory for a string of %d bytes", size);
	memcpy(string, at, size);
	string[size] = '\0';
	*ret = string;
	if (length)
		*length = size;
	return STATUS_OK;
}

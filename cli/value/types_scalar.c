/* SPDX-License-Identifier: MIT */
/*
 * types_scalar.c: numbers, truth values, characters and strings, from text into
 * a parcel and from a parcel to JSON.
 *
 * Called through the table in types.c; hands on to libbinder's parcel.
 */
#include "cli/value/types_table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/value/scalars.h"
#include "cli/value/text.h"

/* ---- scalars --------------------------------------------------------------- */

#define INTEGER(TYPE, Name, low, high) \
	binder_status_t type_write_##TYPE(const struct value_place *place, const char *text) \
	{ \
		long long value; \
\
		if (!scalar_integer(text, low, high, &value)) \
			return STATUS_BAD_TYPE; \
		return AParcel_write##Name(place->parcel, value); \
	} \
\
	binder_status_t type_read_##TYPE(const AParcel *parcel, json_t **ret) \
	{ \
		TYPE##_t value; \
		binder_status_t status = AParcel_read##Name(parcel, &value); \
\
		if (status == STATUS_OK) \
			*ret = json_integer(value); \
		return status; \
	}

INTEGER(int32, Int32, INT32_MIN, INT32_MAX)
INTEGER(int64, Int64, INT64_MIN, INT64_MAX)
INTEGER(uint32, Uint32, 0, UINT32_MAX)

binder_status_t type_write_uint64(const struct value_place *place, const char *text)
{
	unsigned long long value;

	if (!scalar_unsigned(text, UINT64_MAX, &value))
		return STATUS_BAD_TYPE;
	return AParcel_writeUint64(place->parcel, value);
}

binder_status_t type_read_uint64(const AParcel *parcel, json_t **ret)
{
	uint64_t value;
	binder_status_t status = AParcel_readUint64(parcel, &value);

	if (status != STATUS_OK)
		return status;
	*ret = value <= INT64_MAX ? json_integer(value) :
				    json_sprintf("%llu", (unsigned long long)value);
	return STATUS_OK;
}

binder_status_t type_write_byte(const struct value_place *place, const char *text)
{
	int8_t value;

	return scalar_byte(text, &value) ? AParcel_writeByte(place->parcel, value) :
					   STATUS_BAD_TYPE;
}

binder_status_t type_read_byte(const AParcel *parcel, json_t **ret)
{
	int8_t value;
	binder_status_t status = AParcel_readByte(parcel, &value);

	if (status == STATUS_OK)
		*ret = json_integer(value);
	return status;
}

binder_status_t type_write_bool(const struct value_place *place, const char *text)
{
	bool yes;

	return scalar_boolean(text, &yes) ? AParcel_writeBool(place->parcel, yes) : STATUS_BAD_TYPE;
}

binder_status_t type_read_bool(const AParcel *parcel, json_t **ret)
{
	bool value;
	binder_status_t status = AParcel_readBool(parcel, &value);

	if (status == STATUS_OK)
		*ret = json_boolean(value);
	return status;
}

binder_status_t type_write_char(const struct value_place *place, const char *text)
{
	char16_t value;

	return scalar_char(text, &value) ? AParcel_writeChar(place->parcel, value) :
					   STATUS_BAD_TYPE;
}

binder_status_t type_read_char(const AParcel *parcel, json_t **ret)
{
	char16_t value;
	char text[4];
	int length = 0;
	binder_status_t status = AParcel_readChar(parcel, &value);

	if (status != STATUS_OK)
		return status;
	if (value < 0x20 || (value >= 0xd800 && value < 0xe000)) {
		/* Not a character by itself: the form in which it would be written. */
		*ret = json_sprintf("0x%04x", value);
		return STATUS_OK;
	}
	if (value < 0x80) {
		text[length++] = value;
	} else if (value < 0x800) {
		text[length++] = 0xc0 | value >> 6;
		text[length++] = 0x80 | (value & 0x3f);
	} else {
		text[length++] = 0xe0 | value >> 12;
		text[length++] = 0x80 | (value >> 6 & 0x3f);
		text[length++] = 0x80 | (value & 0x3f);
	}
	*ret = json_stringn(text, length);
	return STATUS_OK;
}

/* Few digits, but enough that the value is the same again. */
static json_t *real(double value, bool single)
{
	char text[40];

	if (value != value || value - value != 0)
		return json_sprintf("%g", value);
	if (!single)
		return json_real(value);
	for (int digits = 6; digits <= 9; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtof(text, NULL) == (float)value)
			break;
	}
	return json_real(strtod(text, NULL));
}

binder_status_t type_write_float(const struct value_place *place, const char *text)
{
	double value;

	return scalar_real(text, true, &value) ? AParcel_writeFloat(place->parcel, (float)value) :
						 STATUS_BAD_TYPE;
}

binder_status_t type_read_float(const AParcel *parcel, json_t **ret)
{
	float value;
	binder_status_t status = AParcel_readFloat(parcel, &value);

	if (status == STATUS_OK)
		*ret = real(value, true);
	return status;
}

binder_status_t type_write_double(const struct value_place *place, const char *text)
{
	double value;

	return scalar_real(text, false, &value) ? AParcel_writeDouble(place->parcel, value) :
						  STATUS_BAD_TYPE;
}

binder_status_t type_read_double(const AParcel *parcel, json_t **ret)
{
	double value;
	binder_status_t status = AParcel_readDouble(parcel, &value);

	if (status == STATUS_OK)
		*ret = real(value, false);
	return status;
}

/* ---- strings --------------------------------------------------------------- */

binder_status_t type_write_string16(const struct value_place *place, const char *text)
{
	return type_file_string16(place, text, strlen(text));
}

binder_status_t type_file_string16(const struct value_place *place, const char *data, size_t size)
{
	/* The parcel takes its length from the NUL behind it, so there is to be no other. */
	if (memchr(data, 0, size) || !text_is_utf8(data, size) || size > INT32_MAX)
		return STATUS_BAD_TYPE;
	return AParcel_writeString(place->parcel, data, (int32_t)size);
}

binder_status_t type_file_string8(const struct value_place *place, const char *data, size_t size)
{
	return AParcel_writeString8(place->parcel, data, (int32_t)size);
}

struct string {
	char *text;   /* NULL: null */
	int32_t size; /* with the NUL at its end */
};

static bool keep_string(void *data, int32_t size, char **buffer)
{
	struct string *string = data;

	string->size = size;
	if (size > 0)
		string->text = *buffer = malloc((size_t)size);
	return size <= 0 || string->text;
}

/* Text that is no UTF-8 can come as an 8-bit string. */
static json_t *take_string(char *text, size_t length)
{
	json_t *value = text ? text_to_json(text, length) : json_null();

	free(text);
	return value;
}

binder_status_t type_read_string16(const AParcel *parcel, json_t **ret)
{
	struct string string = { .text = NULL };
	binder_status_t status = AParcel_readString(parcel, &string, keep_string);

	if (status == STATUS_OK)
		*ret = take_string(string.text, string.text ? (size_t)string.size - 1 : 0);
	else
		free(string.text);
	return status;
}

binder_status_t type_write_string8(const struct value_place *place, const char *text)
{
	return AParcel_writeString8(place->parcel, text, strlen(text));
}

binder_status_t type_read_string8(const AParcel *parcel, json_t **ret)
{
	char *text = NULL;
	int32_t length;
	binder_status_t status = AParcel_readString8(parcel, &text, &length);

	if (status == STATUS_OK)
		*ret = take_string(text, text ? (size_t)length : 0);
	return status;
}

binder_status_t type_write_null_count(const struct value_place *place)
{
	return AParcel_writeInt32(place->parcel, -1);
}

binder_status_t type_write_null_string(const struct value_place *place)
{
	return AParcel_writeString16(place->parcel, NULL);
}

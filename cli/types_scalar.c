/* SPDX-License-Identifier: MIT */
/*
 * types_scalar.c: numbers, truth values, characters and strings, from text into
 * a parcel and from a parcel to JSON.
 *
 * Called through the table in types.c; hands on to libbinder's parcel.
 */
#include "types_table.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* ---- text to numbers ------------------------------------------------------- */

/* Decimal, or hexadecimal with 0x; nothing before, nothing after. */
bool type_parse_signed(const char *text, long long low, long long high, long long *ret)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*ret = strtoll(text, &end, digits[0] == '0' && (digits[1] | 32) == 'x' ? 16 : 10);
	return !errno && !*end && *ret >= low && *ret <= high;
}

static bool parse_unsigned(const char *text, unsigned long long high, unsigned long long *ret)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*ret = strtoull(text, &end, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10);
	return !errno && !*end && *ret <= high;
}

static bool parse_float(const char *text, double *ret)
{
	char *end;

	if (!*text || isspace((unsigned char)*text))
		return false;
	*ret = strtod(text, &end);
	return !*end;
}

/* ---- scalars --------------------------------------------------------------- */

#define INTEGER(TYPE, Name, low, high) \
	binder_status_t type_write_##TYPE(const struct value_place *place, const char *text) \
	{ \
		long long value; \
\
		if (!type_parse_signed(text, low, high, &value)) \
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

	if (!parse_unsigned(text, UINT64_MAX, &value))
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
	long long value;

	if (!type_parse_signed(text, INT8_MIN, UINT8_MAX, &value))
		return STATUS_BAD_TYPE;
	return AParcel_writeByte(place->parcel, (int8_t)value);
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
	bool yes = !strcmp(text, "true") || !strcmp(text, "1");

	if (!yes && strcmp(text, "false") != 0 && strcmp(text, "0") != 0)
		return STATUS_BAD_TYPE;
	return AParcel_writeBool(place->parcel, yes);
}

binder_status_t type_read_bool(const AParcel *parcel, json_t **ret)
{
	bool value;
	binder_status_t status = AParcel_readBool(parcel, &value);

	if (status == STATUS_OK)
		*ret = json_boolean(value);
	return status;
}

/* The UTF-16 unit that a text of one character is. */
static bool parse_char(const char *text, char16_t *ret)
{
	const unsigned char *byte = (const unsigned char *)text;
	unsigned long long number;
	unsigned int value;
	int more;

	if (text[0] == '0' && text[1] == 'x' && parse_unsigned(text, 0xffff, &number)) {
		*ret = number;
		return true;
	}
	value = byte[0];
	more = value < 0x80 ? 0 : value >> 5 == 6 ? 1 : value >> 4 == 14 ? 2 : -1;
	if (!value || more < 0 || strlen(text) != (size_t)more + 1)
		return false;
	if (more)
		value &= 0x3f >> more;
	for (int i = 1; i <= more; i++)
		value = value << 6 | (byte[i] & 0x3f);
	*ret = value;
	return true;
}

binder_status_t type_write_char(const struct value_place *place, const char *text)
{
	char16_t value;

	if (!parse_char(text, &value))
		return STATUS_BAD_TYPE;
	return AParcel_writeChar(place->parcel, value);
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

/* strtod() makes infinity of digits that are too many. */
static bool is_overflow(const char *text, double value)
{
	return isinf(value) && !strpbrk(text, "iI");
}

binder_status_t type_write_float(const struct value_place *place, const char *text)
{
	double value;

	/* Infinity is for those who write it. */
	if (!parse_float(text, &value) || (isfinite(value) && !isfinite((float)value)) ||
	    is_overflow(text, value))
		return STATUS_BAD_TYPE;
	return AParcel_writeFloat(place->parcel, (float)value);
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

	if (!parse_float(text, &value) || is_overflow(text, value))
		return STATUS_BAD_TYPE;
	return AParcel_writeDouble(place->parcel, value);
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

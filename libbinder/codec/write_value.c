/* SPDX-License-Identifier: MIT */
/*
 * write_value.c: single values, from a tree's leaf to a parcel.
 *
 * Called by write.c; hands on to the parcel.  What a leaf may be for a type is
 * decided here: a number for an int, a name for an enum, a letter for a char.
 */
#include "codec.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static binder_status_t wrong_kind(const struct place *place, const struct aidl_type *type,
				  const struct aidl_data *data)
{
	static const char *const kinds[] = {
		[AIDL_DATA_NULL] = "null",        [AIDL_DATA_BOOLEAN] = "a boolean",
		[AIDL_DATA_INTEGER] = "a number", [AIDL_DATA_FLOATING] = "a fraction",
		[AIDL_DATA_STRING] = "a string",  [AIDL_DATA_BYTES] = "bytes",
		[AIDL_DATA_LIST] = "a list",      [AIDL_DATA_MAP] = "a table",
		[AIDL_DATA_BINDER] = "a binder",  [AIDL_DATA_FILE] = "a file",
	};
	char name[128];

	return place_fail(place, STATUS_BAD_VALUE, "%s is no value for %s", kinds[data->kind],
			  codec_type_name(type, name, sizeof(name)));
}

/* ---- integers and enums ------------------------------------------------------------ */

/* "RED", "READ|WRITE". */
static binder_status_t enum_number(const struct place *place,
				   const struct aidl_declaration *declaration, const char *text,
				   int64_t *ret)
{
	int64_t number = 0;

	for (;;) {
		size_t length = strcspn(text, "|");
		const struct aidl_constant *c = declaration->constants;

		while (c && (strlen(c->name) != length || strncmp(c->name, text, length) != 0))
			c = c->next;
		if (!c)
			return place_fail(place, STATUS_BAD_VALUE, "%s has no %.*s",
					  declaration->name, (int)(length > 80 ? 80 : length),
					  text);
		number |= c->value.integer;
		if (!text[length])
			break;
		text += length + 1;
	}
	*ret = number;
	return STATUS_OK;
}

binder_status_t codec_integer(const struct place *place, const struct aidl_type *type,
			      const struct aidl_data *data, int64_t *ret)
{
	enum aidl_kind kind = codec_scalar_kind(type);
	int64_t number = data->integer;
	binder_status_t status;
	char name[128];

	if (data->kind == AIDL_DATA_STRING && type->kind == AIDL_ENUM) {
		status = enum_number(place, type->declaration, data->text, &number);
		if (status != STATUS_OK)
			return status;
	} else if (data->kind == AIDL_DATA_FLOATING && data->floating == trunc(data->floating) &&
		   fabs(data->floating) < 0x1p63) {
		number = (int64_t)data->floating; /* 3.0, as Lua and JSON may have it */
	} else if (data->kind != AIDL_DATA_INTEGER) {
		return wrong_kind(place, type, data);
	}
	if ((kind == AIDL_BYTE && number != (int8_t)number) ||
	    (kind == AIDL_INT && number != (int32_t)number))
		return place_fail(place, STATUS_BAD_VALUE, "%" PRId64 " does not fit into %s",
				  number, codec_type_name(type, name, sizeof(name)));
	*ret = number;
	return STATUS_OK;
}

static binder_status_t write_integer(const struct place *place, const struct aidl_type *type,
				     const struct aidl_data *data, AParcel *parcel)
{
	int64_t number = 0;
	binder_status_t status;

	if (data) {
		status = codec_integer(place, type, data, &number);
		if (status != STATUS_OK)
			return status;
	}
	if (codec_scalar_kind(type) == AIDL_LONG)
		return parcel_write(parcel, &number, sizeof(number));
	return parcel_write_int32(parcel, (int32_t)number);
}

/* ---- others --------------------------------------------------------------------------- */

static binder_status_t write_boolean(const struct place *place, const struct aidl_type *type,
				     const struct aidl_data *data, AParcel *parcel)
{
	if (data && data->kind != AIDL_DATA_BOOLEAN)
		return wrong_kind(place, type, data);
	return parcel_write_int32(parcel, data && data->boolean);
}

static binder_status_t write_floating(const struct place *place, const struct aidl_type *type,
				      const struct aidl_data *data, AParcel *parcel)
{
	double number = 0;
	float single;

	if (data && data->kind == AIDL_DATA_FLOATING)
		number = data->floating;
	else if (data && data->kind == AIDL_DATA_INTEGER)
		number = (double)data->integer;
	else if (data)
		return wrong_kind(place, type, data);
	if (type->kind == AIDL_DOUBLE)
		return parcel_write(parcel, &number, sizeof(number));
	if (isfinite(number) && isinf((float)number))
		return place_fail(place, STATUS_BAD_VALUE, "%g is too large for float", number);
	single = (float)number;
	return parcel_write(parcel, &single, sizeof(single));
}

/* One UTF-16 unit, as a number or as a character. */
static binder_status_t write_char(const struct place *place, const struct aidl_type *type,
				  const struct aidl_data *data, AParcel *parcel)
{
	char16_t unit = 0;

	if (data && data->kind == AIDL_DATA_INTEGER) {
		if (data->integer < 0 || data->integer > 0xffff)
			return place_fail(place, STATUS_BAD_VALUE,
					  "%" PRId64 " does not fit into char", data->integer);
		unit = (char16_t)data->integer;
	} else if (data && data->kind == AIDL_DATA_STRING) {
		const unsigned char *s = (const unsigned char *)data->text;

		if (data->length == 1 && s[0] < 0x80)
			unit = s[0];
		else if (data->length == 2 && (s[0] & 0xe0) == 0xc0 && (s[1] & 0xc0) == 0x80)
			unit = (char16_t)((s[0] & 0x1f) << 6 | (s[1] & 0x3f));
		else if (data->length == 3 && (s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 &&
			 (s[2] & 0xc0) == 0x80)
			unit = (char16_t)((s[0] & 0x0f) << 12 | (s[1] & 0x3f) << 6 | (s[2] & 0x3f));
		else
			return place_fail(place, STATUS_BAD_VALUE,
					  "a char is one character of the basic plane");
	} else if (data) {
		return wrong_kind(place, type, data);
	}
	return parcel_write_int32(parcel, unit);
}

static bool is_null(const struct aidl_data *data)
{
	return !data || data->kind == AIDL_DATA_NULL;
}

static binder_status_t write_string(const struct place *place, const struct aidl_type *type,
				    const struct aidl_data *data, AParcel *parcel)
{
	if (is_null(data) && type->nullable)
		return parcel_write_string16(parcel, NULL, 0);
	if (!data)
		return parcel_write_string16(parcel, "", 0);
	if (data->kind != AIDL_DATA_STRING)
		return wrong_kind(place, type, data);
	if (data->length > INT32_MAX)
		return place_fail(place, STATUS_BAD_VALUE, "the string is too long");
	return parcel_write_string16(parcel, data->text, data->length);
}

/* A Java CharSequence without spans: present, plain, String8. */
static binder_status_t write_char_sequence(const struct place *place, const struct aidl_type *type,
					   const struct aidl_data *data, AParcel *parcel)
{
	binder_status_t status;

	if (is_null(data))
		return parcel_write_int32(parcel, 0);
	if (data->kind != AIDL_DATA_STRING)
		return wrong_kind(place, type, data);
	status = parcel_write_int32(parcel, 1);
	if (status == STATUS_OK)
		status = parcel_write_int32(parcel, 1);
	return status == STATUS_OK ?
		       parcel_write_string8(parcel, data->text, (int32_t)data->length) :
		       status;
}

static binder_status_t write_binder(const struct place *place, const struct aidl_type *type,
				    const struct aidl_data *data, AParcel *parcel)
{
	if (is_null(data) && type->nullable)
		return parcel_write_binder(parcel, NULL);
	if (is_null(data))
		return place_fail(place, STATUS_BAD_VALUE, "a binder is needed, and null is none");
	if (data->kind != AIDL_DATA_BINDER)
		return wrong_kind(place, type, data);
	return parcel_write_binder(parcel, data->binder);
}

static binder_status_t write_file(const struct place *place, const struct aidl_type *type,
				  const struct aidl_data *data, AParcel *parcel)
{
	bool wrapped = type->kind == AIDL_PARCEL_FILE_DESCRIPTOR;

	if (is_null(data) && type->nullable && wrapped)
		return parcel_write_file(parcel, -1);
	if (is_null(data))
		return place_fail(place, STATUS_BAD_VALUE, "a file is needed, and null is none");
	if (data->kind != AIDL_DATA_FILE)
		return wrong_kind(place, type, data);
	return wrapped ? parcel_write_file(parcel, data->fd) :
			 parcel_write_fd_copy(parcel, data->fd);
}

binder_status_t codec_write_scalar(struct place *place, const struct aidl_type *type,
				   const struct aidl_data *data, AParcel *parcel)
{
	typedef binder_status_t writer(const struct place *place, const struct aidl_type *type,
				       const struct aidl_data *data, AParcel *parcel);
	static writer *const writers[] = {
		[AIDL_BOOLEAN] = write_boolean,
		[AIDL_BYTE] = write_integer,
		[AIDL_CHAR] = write_char,
		[AIDL_INT] = write_integer,
		[AIDL_LONG] = write_integer,
		[AIDL_FLOAT] = write_floating,
		[AIDL_DOUBLE] = write_floating,
		[AIDL_STRING] = write_string,
		[AIDL_CHAR_SEQUENCE] = write_char_sequence,
		[AIDL_IBINDER] = write_binder,
		[AIDL_FILE_DESCRIPTOR] = write_file,
		[AIDL_PARCEL_FILE_DESCRIPTOR] = write_file,
		[AIDL_ENUM] = write_integer,
		[AIDL_INTERFACE] = write_binder,
	};
	char name[128];

	if ((size_t)type->kind >= sizeof(writers) / sizeof(writers[0]) || !writers[type->kind])
		return place_fail(place, STATUS_INVALID_OPERATION, "%s cannot be written",
				  codec_type_name(type, name, sizeof(name)));
	place->codec->error[0] = '\0';
	return writers[type->kind](place, type, data, parcel);
}

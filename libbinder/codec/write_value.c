/* SPDX-License-Identifier: MIT */
/*
 * write_value.c: single values, from a tree's leaf to a parcel.
 *
 * Called by write.c; hands on to the table of wire.c.  What a leaf may be for a type is
 * decided here: a number for an int, a name for an enum, a letter for a char.
 */
#include "codec.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <binder/wire.h>

#include "base/utf.h"

static binder_status_t wrong_kind(const struct place *place, const struct aidl_type *type,
				  const struct aidl_data *data)
{
	static const char *const kinds[] = {
		[AIDL_DATA_NULL] = "null",
		[AIDL_DATA_BOOLEAN] = "a boolean",
		[AIDL_DATA_INTEGER] = "a number",
		[AIDL_DATA_FLOATING] = "a fraction",
		[AIDL_DATA_STRING] = "a string",
		[AIDL_DATA_BYTES] = "bytes",
		[AIDL_DATA_LIST] = "a list",
		[AIDL_DATA_MAP] = "a table",
		[AIDL_DATA_BINDER] = "a binder",
		[AIDL_DATA_FILE] = "a file",
		[AIDL_DATA_OBJECT] = "an object of another process",
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

/*
 * Each of these makes of data (NULL: the type's default) the leaf that the table writes, or says
 * why it cannot.  What the leaf points to stays data's.
 */

static binder_status_t integer_leaf(const struct place *place, const struct aidl_type *type,
				    const struct aidl_data *data, struct aidl_data *leaf)
{
	leaf->kind = AIDL_DATA_INTEGER;
	return data ? codec_integer(place, type, data, &leaf->integer) : STATUS_OK;
}

static binder_status_t boolean_leaf(const struct place *place, const struct aidl_type *type,
				    const struct aidl_data *data, struct aidl_data *leaf)
{
	if (data && data->kind != AIDL_DATA_BOOLEAN)
		return wrong_kind(place, type, data);
	leaf->kind = AIDL_DATA_BOOLEAN;
	leaf->boolean = data && data->boolean;
	return STATUS_OK;
}

static binder_status_t floating_leaf(const struct place *place, const struct aidl_type *type,
				     const struct aidl_data *data, struct aidl_data *leaf)
{
	leaf->kind = AIDL_DATA_FLOATING;
	if (data && data->kind == AIDL_DATA_FLOATING)
		leaf->floating = data->floating;
	else if (data && data->kind == AIDL_DATA_INTEGER)
		leaf->floating = (double)data->integer;
	else if (data)
		return wrong_kind(place, type, data);
	if (type->kind == AIDL_FLOAT && isfinite(leaf->floating) && isinf((float)leaf->floating))
		return place_fail(place, STATUS_BAD_VALUE, "%g is too large for float",
				  leaf->floating);
	return STATUS_OK;
}

/* One UTF-16 unit, as a number or as a character. */
static binder_status_t char_leaf(const struct place *place, const struct aidl_type *type,
				 const struct aidl_data *data, struct aidl_data *leaf)
{
	utf16_unit unit = 0;

	leaf->kind = AIDL_DATA_INTEGER;
	if (data && data->kind == AIDL_DATA_INTEGER) {
		if (data->integer < 0 || data->integer > 0xffff)
			return place_fail(place, STATUS_BAD_VALUE,
					  "%" PRId64 " does not fit into char", data->integer);
		leaf->integer = data->integer;
	} else if (data && data->kind == AIDL_DATA_STRING) {
		if (utf8_to_16_length(data->text, data->length) != 1)
			return place_fail(place, STATUS_BAD_VALUE,
					  "a char is one character of the basic plane");
		utf8_to_16(data->text, data->length, &unit);
		leaf->integer = unit;
	} else if (data) {
		return wrong_kind(place, type, data);
	}
	return STATUS_OK;
}

static bool is_null(const struct aidl_data *data)
{
	return !data || data->kind == AIDL_DATA_NULL;
}

static binder_status_t string_leaf(const struct place *place, const struct aidl_type *type,
				   const struct aidl_data *data, struct aidl_data *leaf)
{
	static char empty[1];

	if (is_null(data) && type->nullable)
		return STATUS_OK;
	if (data && data->kind != AIDL_DATA_STRING)
		return wrong_kind(place, type, data);
	leaf->kind = AIDL_DATA_STRING;
	leaf->text = data ? data->text : empty;
	leaf->length = data ? data->length : 0;
	if (leaf->length > INT32_MAX)
		return place_fail(place, STATUS_BAD_VALUE, "the string is too long");
	return STATUS_OK;
}

static binder_status_t binder_leaf(const struct place *place, const struct aidl_type *type,
				   const struct aidl_data *data, struct aidl_data *leaf)
{
	if (is_null(data) && type->nullable)
		return STATUS_OK;
	if (is_null(data))
		return place_fail(place, STATUS_BAD_VALUE, "a binder is needed, and null is none");
	if (data->kind != AIDL_DATA_BINDER)
		return wrong_kind(place, type, data);
	leaf->kind = AIDL_DATA_BINDER;
	leaf->binder = data->binder;
	return STATUS_OK;
}

static binder_status_t file_leaf(const struct place *place, const struct aidl_type *type,
				 const struct aidl_data *data, struct aidl_data *leaf)
{
	if (is_null(data) && type->nullable && type->kind == AIDL_PARCEL_FILE_DESCRIPTOR)
		return STATUS_OK;
	if (is_null(data))
		return place_fail(place, STATUS_BAD_VALUE, "a file is needed, and null is none");
	if (data->kind != AIDL_DATA_FILE)
		return wrong_kind(place, type, data);
	leaf->kind = AIDL_DATA_FILE;
	leaf->fd = data->fd;
	return STATUS_OK;
}

/* A Java CharSequence without spans: present, plain, String8. */
static binder_status_t write_char_sequence(const struct place *place, const struct aidl_type *type,
					   const struct aidl_data *data, AParcel *parcel)
{
	static const int32_t plain[] = { 1, 1 };
	binder_status_t status;

	if (is_null(data))
		return parcel_write_int32(parcel, 0);
	if (data->kind != AIDL_DATA_STRING)
		return wrong_kind(place, type, data);
	status = parcel_write(parcel, plain, sizeof(plain));
	return status == STATUS_OK ?
		       parcel_write_string8(parcel, data->text, (int32_t)data->length) :
		       status;
}

binder_status_t codec_write_scalar(struct place *place, const struct aidl_type *type,
				   const struct aidl_data *data, AParcel *parcel)
{
	typedef binder_status_t leaf_maker(const struct place *place, const struct aidl_type *type,
					   const struct aidl_data *data, struct aidl_data *leaf);
	static leaf_maker *const makers[] = {
		[AIDL_BOOLEAN] = boolean_leaf,
		[AIDL_BYTE] = integer_leaf,
		[AIDL_CHAR] = char_leaf,
		[AIDL_INT] = integer_leaf,
		[AIDL_LONG] = integer_leaf,
		[AIDL_FLOAT] = floating_leaf,
		[AIDL_DOUBLE] = floating_leaf,
		[AIDL_STRING] = string_leaf,
		[AIDL_IBINDER] = binder_leaf,
		[AIDL_FILE_DESCRIPTOR] = file_leaf,
		[AIDL_PARCEL_FILE_DESCRIPTOR] = file_leaf,
		[AIDL_ENUM] = integer_leaf,
		[AIDL_INTERFACE] = binder_leaf,
	};
	struct aidl_data leaf = { .kind = AIDL_DATA_NULL };
	binder_status_t status;
	char name[128];

	place->codec->error[0] = '\0';
	if (type->kind == AIDL_CHAR_SEQUENCE)
		return write_char_sequence(place, type, data, parcel);
	if ((size_t)type->kind >= sizeof(makers) / sizeof(makers[0]) || !makers[type->kind])
		return place_fail(place, STATUS_INVALID_OPERATION, "%s cannot be written",
				  codec_type_name(type, name, sizeof(name)));
	status = makers[type->kind](place, type, data, &leaf);
	return status == STATUS_OK ?
		       aidl_wire_write(aidl_wire_of(codec_scalar_kind(type)), &leaf, parcel) :
		       status;
}

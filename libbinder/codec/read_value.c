/* SPDX-License-Identifier: MIT */
/*
 * read_value.c: single values, from a parcel to a tree's leaf.
 *
 * Called by read.c; hands on to the parcel, which checks what it is given.
 */
#include "codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static binder_status_t read_boolean(const AParcel *parcel, struct aidl_data *data)
{
	int32_t value;
	binder_status_t status = parcel_read_int32(parcel, &value);

	if (status == STATUS_OK)
		aidl_data_set_boolean(data, value);
	return status;
}

static binder_status_t read_int(const AParcel *parcel, struct aidl_data *data)
{
	int32_t value;
	binder_status_t status = parcel_read_int32(parcel, &value);

	if (status == STATUS_OK)
		aidl_data_set_integer(data, value);
	return status;
}

/* In a word of its own, of which it is the lowest byte. */
static binder_status_t read_byte(const AParcel *parcel, struct aidl_data *data)
{
	int32_t value;
	binder_status_t status = parcel_read_int32(parcel, &value);

	if (status == STATUS_OK)
		aidl_data_set_integer(data, (int8_t)value);
	return status;
}

static binder_status_t read_long(const AParcel *parcel, struct aidl_data *data)
{
	int64_t value;
	binder_status_t status = parcel_copy(parcel, &value, sizeof(value));

	if (status == STATUS_OK)
		aidl_data_set_integer(data, value);
	return status;
}

static binder_status_t read_float(const AParcel *parcel, struct aidl_data *data)
{
	float value;
	binder_status_t status = parcel_copy(parcel, &value, sizeof(value));

	if (status == STATUS_OK)
		aidl_data_set_floating(data, (double)value);
	return status;
}

static binder_status_t read_double(const AParcel *parcel, struct aidl_data *data)
{
	double value;
	binder_status_t status = parcel_copy(parcel, &value, sizeof(value));

	if (status == STATUS_OK)
		aidl_data_set_floating(data, value);
	return status;
}

/* As text; half of a pair, which is none, as its number. */
static binder_status_t read_char(const AParcel *parcel, struct aidl_data *data)
{
	int32_t word;
	char16_t unit;
	char text[3];
	size_t length = 0;
	binder_status_t status = parcel_read_int32(parcel, &word);

	if (status != STATUS_OK)
		return status;
	unit = (char16_t)word;
	if (unit >= 0xd800 && unit < 0xe000) {
		aidl_data_set_integer(data, unit);
		return STATUS_OK;
	}
	if (unit < 0x80) {
		text[length++] = (char)unit;
	} else if (unit < 0x800) {
		text[length++] = (char)(0xc0 | unit >> 6);
		text[length++] = (char)(0x80 | (unit & 0x3f));
	} else {
		text[length++] = (char)(0xe0 | unit >> 12);
		text[length++] = (char)(0x80 | (unit >> 6 & 0x3f));
		text[length++] = (char)(0x80 | (unit & 0x3f));
	}
	return aidl_data_set_string(data, text, length) ? STATUS_OK : STATUS_NO_MEMORY;
}

static binder_status_t read_string(const AParcel *parcel, struct aidl_data *data)
{
	size_t length;
	char *text;
	binder_status_t status = parcel_take_text16(parcel, &text, &length);

	if (status != STATUS_OK)
		return status;
	aidl_data_clear(data);
	if (!text)
		return STATUS_OK;
	data->kind = AIDL_DATA_STRING;
	data->text = text;
	data->length = length;
	return STATUS_OK;
}

static binder_status_t read_char_sequence(const AParcel *parcel, struct aidl_data *data)
{
	int32_t present, kind, length;
	char *text;
	binder_status_t status = parcel_read_int32(parcel, &present);

	if (status != STATUS_OK || !present) {
		aidl_data_clear(data);
		return status;
	}
	status = parcel_read_int32(parcel, &kind);
	if (status == STATUS_OK && kind != 1)
		return STATUS_INVALID_OPERATION; /* with spans: Java objects */
	if (status == STATUS_OK)
		status = parcel_take_string8(parcel, &text, &length);
	if (status != STATUS_OK)
		return status;
	if (text && !aidl_data_set_string(data, text, (size_t)length))
		status = STATUS_NO_MEMORY;
	free(text);
	return status;
}

static binder_status_t read_binder(const AParcel *parcel, struct aidl_data *data)
{
	AIBinder *binder;
	binder_status_t status = parcel_read_binder(parcel, &binder);

	if (status != STATUS_OK)
		return status;
	aidl_data_clear(data);
	if (binder) {
		aidl_data_set_binder(data, binder);
		AIBinder_decStrong(binder);
	}
	return STATUS_OK;
}

static binder_status_t read_parcel_file(const AParcel *parcel, struct aidl_data *data)
{
	int fd;
	binder_status_t status = parcel_take_file(parcel, &fd);

	if (status != STATUS_OK)
		return status;
	aidl_data_clear(data);
	if (fd >= 0)
		aidl_data_set_file(data, fd);
	return STATUS_OK;
}

static binder_status_t read_file(const AParcel *parcel, struct aidl_data *data)
{
	int fd;
	binder_status_t status = parcel_read_fd(parcel, &fd);

	if (status != STATUS_OK)
		return status;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* that one is the parcel's */
	if (fd < 0)
		return -errno;
	aidl_data_set_file(data, fd);
	return STATUS_OK;
}

binder_status_t codec_read_scalar(struct place *place, const struct aidl_type *type,
				  const AParcel *parcel, struct aidl_data *data)
{
	typedef binder_status_t reader(const AParcel *parcel, struct aidl_data *data);
	static reader *const readers[] = {
		[AIDL_BOOLEAN] = read_boolean,
		[AIDL_BYTE] = read_byte,
		[AIDL_CHAR] = read_char,
		[AIDL_INT] = read_int,
		[AIDL_LONG] = read_long,
		[AIDL_FLOAT] = read_float,
		[AIDL_DOUBLE] = read_double,
		[AIDL_STRING] = read_string,
		[AIDL_CHAR_SEQUENCE] = read_char_sequence,
		[AIDL_IBINDER] = read_binder,
		[AIDL_FILE_DESCRIPTOR] = read_file,
		[AIDL_PARCEL_FILE_DESCRIPTOR] = read_parcel_file,
		[AIDL_INTERFACE] = read_binder,
	};
	enum aidl_kind kind = codec_scalar_kind(type);
	char name[128];

	if ((size_t)kind >= sizeof(readers) / sizeof(readers[0]) || !readers[kind])
		return place_fail(place, STATUS_INVALID_OPERATION, "%s cannot be read",
				  codec_type_name(type, name, sizeof(name)));
	return place_check(place, readers[kind](parcel, data));
}

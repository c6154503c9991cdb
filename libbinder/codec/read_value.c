/* SPDX-License-Identifier: MIT */
/*
 * read_value.c: single values, from a parcel to a tree's leaf.
 *
 * Called by read.c; hands on to the table of wire.c.
 */
#include "codec.h"

#include <stdlib.h>

#include <binder/wire.h>

#include "base/utf.h"

/* As text; half of a pair, which is none, as its number. */
static binder_status_t char_to_text(struct aidl_data *data)
{
	const utf16_unit unit = (utf16_unit)data->integer;
	char text[3];

	if (unit >= 0xd800 && unit < 0xe000)
		return STATUS_OK;
	utf16_to_8(&unit, 1, text);
	return aidl_data_set_string(data, text, utf16_to_8_length(&unit, 1)) ? STATUS_OK :
									       STATUS_NO_MEMORY;
}

/* A Java CharSequence without spans: present, plain, String8. */
static binder_status_t read_char_sequence(const AParcel *parcel, struct aidl_data *data)
{
	bool array;
	int32_t present, kind;
	binder_status_t status = parcel_read_int32(parcel, &present);

	if (status != STATUS_OK || !present) {
		aidl_data_clear(data);
		return status;
	}
	status = parcel_read_int32(parcel, &kind);
	if (status == STATUS_OK && kind != 1)
		return STATUS_INVALID_OPERATION; /* with spans: Java objects */
	return status == STATUS_OK ?
		       aidl_wire_read(aidl_wire_find("str8", 4, &array), parcel, data) :
		       status;
}

binder_status_t codec_read_scalar(struct place *place, const struct aidl_type *type,
				  const AParcel *parcel, struct aidl_data *data)
{
	enum aidl_kind kind = codec_scalar_kind(type);
	const struct aidl_wire *wire = aidl_wire_of(kind);
	binder_status_t status;
	char name[128];

	if (kind == AIDL_CHAR_SEQUENCE)
		return place_check(place, read_char_sequence(parcel, data));
	if (!wire)
		return place_fail(place, STATUS_INVALID_OPERATION, "%s cannot be read",
				  codec_type_name(type, name, sizeof(name)));
	status = aidl_wire_read(wire, parcel, data);
	if (status == STATUS_OK && kind == AIDL_CHAR)
		status = char_to_text(data);
	return place_check(place, status);
}

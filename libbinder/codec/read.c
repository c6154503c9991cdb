/* SPDX-License-Identifier: MIT */
/*
 * read.c: values that hold others, from a parcel to a tree.
 *
 * Called by method.c; walks the type and hands single values on to
 * read_value.c.  A parcel is hostile: counts are believed only as far as there
 * are bytes, and nesting ends somewhere.
 */
#include "codec.h"

#include <stdlib.h>
#include <string.h>

#include <binder/wire.h>

/* ---- arrays and lists ------------------------------------------------------------------ */

/* A list of numbers, so that each can have its name. */
static binder_status_t bytes_to_enums(const struct aidl_type *element, struct aidl_data *data)
{
	struct aidl_data list = { 0 };

	aidl_data_set_list(&list);
	for (size_t i = 0; i < data->length; i++) {
		struct aidl_data *item = aidl_data_append(&list);

		if (!item) {
			aidl_data_clear(&list);
			return STATUS_NO_MEMORY;
		}
		aidl_data_set_integer(item, (int8_t)data->text[i]);
		item->type = element;
	}
	aidl_data_clear(data);
	*data = list;
	return STATUS_OK;
}

static binder_status_t check_count(struct place *place, const struct aidl_type *type, size_t count)
{
	if (type->kind == AIDL_ARRAY && type->size >= 0 && count != (size_t)type->size)
		return place_fail(place, STATUS_BAD_VALUE, "%zu items for an array of %lld", count,
				  (long long)type->size);
	return STATUS_OK;
}

static binder_status_t read_packed(struct place *place, const struct aidl_type *type,
				   const struct aidl_type *element, const AParcel *parcel,
				   struct aidl_data *data)
{
	bool array;
	binder_status_t status = place_check(
		place, aidl_wire_read(aidl_wire_find("bytes", 5, &array), parcel, data));

	if (status == STATUS_OK && data->kind == AIDL_DATA_BYTES)
		status = check_count(place, type, data->length);
	if (status == STATUS_OK && data->kind == AIDL_DATA_BYTES && element->kind == AIDL_ENUM)
		status = bytes_to_enums(element, data);
	return status;
}

static binder_status_t read_items(struct place *place, const struct aidl_type *element,
				  size_t count, const AParcel *parcel, struct aidl_data *data)
{
	int32_t left = (int32_t)parcel->size - (int32_t)parcel->pos;
	binder_status_t status = STATUS_OK;

	/* Nothing takes less than a word. */
	if (left < 0 || count > (size_t)left / 4)
		return place_fail(place, STATUS_BAD_VALUE, "it says %zu items, and %d bytes follow",
				  count, left);
	aidl_data_set_list(data);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct place item = place_item(place, i);
		struct aidl_data *value = aidl_data_append(data);

		status = value ? codec_read(&item, element, parcel, value) : STATUS_NO_MEMORY;
	}
	return status;
}

static binder_status_t read_list(struct place *place, const struct aidl_type *type,
				 const struct aidl_type *element, const AParcel *parcel,
				 struct aidl_data *data)
{
	binder_status_t status;
	int32_t count;

	element = codec_type(place, element);
	if (!element)
		return place_fail(place, STATUS_INVALID_OPERATION,
				  "it is not known what the list holds");
	if (codec_scalar_kind(element) == AIDL_BYTE)
		return read_packed(place, type, element, parcel, data);
	status = place_check(place, parcel_read_int32(parcel, &count));
	if (status != STATUS_OK)
		return status;
	if (count == -1) {
		aidl_data_clear(data);
		return STATUS_OK;
	}
	if (count < 0)
		return place_fail(place, STATUS_BAD_VALUE, "its count is %d", count);
	status = check_count(place, type, (size_t)count);
	return status == STATUS_OK ? read_items(place, element, (size_t)count, parcel, data) :
				     status;
}

static binder_status_t read_entry(struct place *place, const struct aidl_type *type,
				  const AParcel *parcel, struct aidl_data *data)
{
	struct aidl_data *value;
	struct place item;
	binder_status_t status;
	char *key;

	status = place_check(place, parcel_take_string16(parcel, &key));
	if (status != STATUS_OK)
		return status;
	if (!key)
		return place_fail(place, STATUS_BAD_VALUE, "a key is null");
	item = place_field(place, key);
	value = aidl_data_put(data, key);
	status = value ? codec_read(&item, type->argument[1], parcel, value) : STATUS_NO_MEMORY;
	free(key);
	return status;
}

static binder_status_t read_map(struct place *place, const struct aidl_type *type,
				const AParcel *parcel, struct aidl_data *data)
{
	binder_status_t status;
	int32_t count;

	if (type->arguments != 2)
		return place_fail(place, STATUS_INVALID_OPERATION,
				  "a Map without types can be read by Java alone");
	status = place_check(place, parcel_read_int32(parcel, &count));
	if (status != STATUS_OK)
		return status;
	aidl_data_clear(data);
	if (count == -1)
		return STATUS_OK;
	if (count < 0)
		return place_fail(place, STATUS_BAD_VALUE, "its count is %d", count);
	aidl_data_set_map(data);
	/* Each entry takes bytes, so a lie about the count ends with them. */
	for (int32_t i = 0; i < count && status == STATUS_OK; i++)
		status = read_entry(place, type, parcel, data);
	return status;
}

/* ---- parcelables and unions ---------------------------------------------------------------- */

/* Up to the end that the size says; a writer who knows fewer fields wrote fewer. */
static binder_status_t read_fields(struct place *place, const struct aidl_declaration *declaration,
				   int32_t end, const AParcel *parcel, struct aidl_data *data)
{
	binder_status_t status = STATUS_OK;

	aidl_data_set_map(data);
	for (const struct aidl_field *f = declaration->fields; f && status == STATUS_OK;
	     f = f->next) {
		struct place field = place_field(place, f->name);
		struct aidl_data *value;

		if ((int32_t)parcel->pos >= end)
			break;
		value = aidl_data_put(data, f->name);
		status = value ? codec_read(&field, f->type, parcel, value) : STATUS_NO_MEMORY;
	}
	if (status == STATUS_OK && (int32_t)parcel->pos > end)
		status = place_fail(place, STATUS_BAD_VALUE, "it is longer than it says");
	return status == STATUS_OK ? parcel_seek(parcel, end) : status;
}

static binder_status_t read_sized(struct place *place, const struct aidl_declaration *declaration,
				  const AParcel *parcel, struct aidl_data *data)
{
	int32_t start = (int32_t)parcel->pos;
	int32_t size;
	binder_status_t status = place_check(place, parcel_read_int32(parcel, &size));

	if (status != STATUS_OK)
		return status;
	if (size < 4 || size > (int32_t)parcel->size - start)
		return place_fail(place, STATUS_BAD_VALUE, "its size, %d, cannot be", size);
	return read_fields(place, declaration, start + size, parcel, data);
}

static binder_status_t read_union(struct place *place, const struct aidl_declaration *declaration,
				  const AParcel *parcel, struct aidl_data *data)
{
	const struct aidl_field *field = declaration->fields;
	struct aidl_data *value;
	struct place inner;
	int32_t tag;
	binder_status_t status = place_check(place, parcel_read_int32(parcel, &tag));

	if (status != STATUS_OK)
		return status;
	for (int32_t i = 0; i < tag && field; i++)
		field = field->next;
	if (tag < 0 || !field)
		return place_fail(place, STATUS_BAD_VALUE, "%s has no field number %d",
				  declaration->name, tag);
	aidl_data_set_map(data);
	value = aidl_data_put(data, field->name);
	inner = place_field(place, field->name);
	return value ? codec_read(&inner, field->type, parcel, value) : STATUS_NO_MEMORY;
}

static binder_status_t read_body(struct place *place, const struct aidl_type *type,
				 const AParcel *parcel, struct aidl_data *data)
{
	struct place inside = *place;

	inside.boxed = type;
	inside.box = place;
	if (type->declaration->broken)
		return place_fail(place, STATUS_INVALID_OPERATION, "%s has errors in its AIDL",
				  type->declaration->name);
	if (type->kind == AIDL_UNION)
		return read_union(&inside, type->declaration, parcel, data);
	return read_sized(&inside, type->declaration, parcel, data);
}

static binder_status_t read_parcelable(struct place *place, const struct aidl_type *type,
				       const AParcel *parcel, struct aidl_data *data)
{
	int32_t present;
	binder_status_t status = place_check(place, parcel_read_int32(parcel, &present));

	if (status != STATUS_OK)
		return status;
	if (!present) {
		aidl_data_clear(data);
		return STATUS_OK;
	}
	if (type->kind == AIDL_OPAQUE)
		return place_fail(place, STATUS_INVALID_OPERATION,
				  "only code knows what a %s looks like", type->name);
	return read_body(place, type, parcel, data);
}

/* A parcelable by name; one that is not known is skipped, for its size is. */
static binder_status_t read_held(struct place *place, int32_t end, const char *name,
				 const AParcel *parcel, struct aidl_data *data)
{
	struct aidl_type type = { .kind = AIDL_PARCELABLE, .size = -1, .name = name };
	struct aidl_data whole = { 0 };
	struct aidl_data *value;
	binder_status_t status = STATUS_NAME_NOT_FOUND;

	if (place->codec->library)
		status = aidl_library_find(place->codec->library, name, &type.declaration);
	aidl_data_set_map(&whole);
	value = aidl_data_put(&whole, "@type");
	if (!value || !aidl_data_set_string(value, name, strlen(name))) {
		aidl_data_clear(&whole);
		return STATUS_NO_MEMORY;
	}
	if (status == STATUS_OK && type.declaration->kind == AIDL_PARCELABLE) {
		struct aidl_data fields = { 0 };

		status = read_body(place, &type, parcel, &fields);
		for (size_t i = 0; i < fields.count && status == STATUS_OK; i++) {
			value = aidl_data_put(&whole, fields.key[i]);
			if (!value) {
				status = STATUS_NO_MEMORY;
				break;
			}
			*value = fields.item[i];
			fields.item[i] = (struct aidl_data){ .kind = AIDL_DATA_NULL };
		}
		aidl_data_clear(&fields);
	} else {
		status = STATUS_OK;
	}
	aidl_data_clear(data);
	*data = whole;
	return status == STATUS_OK ? parcel_seek(parcel, end) : status;
}

static binder_status_t read_holder(struct place *place, const AParcel *parcel,
				   struct aidl_data *data)
{
	int32_t present, stability, size, start;
	binder_status_t status = parcel_read_int32(parcel, &present);
	char *name;

	aidl_data_clear(data);
	if (status == STATUS_OK && !present)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = parcel_read_int32(parcel, &stability);
	if (status == STATUS_OK)
		status = parcel_read_int32(parcel, &size);
	if (status != STATUS_OK || !size)
		return place_check(place, status);
	start = (int32_t)parcel->pos;
	if (size < 0 || size > (int32_t)parcel->size - start)
		return place_fail(place, STATUS_BAD_VALUE, "its size, %d, cannot be", size);
	status = place_check(place, parcel_take_string16(parcel, &name));
	if (status != STATUS_OK)
		return status;
	status = name ? read_held(place, start + size, name, parcel, data) :
			place_fail(place, STATUS_BAD_VALUE, "it has no name");
	free(name);
	return status;
}

static binder_status_t read_kind(struct place *place, const struct aidl_type *type,
				 const AParcel *parcel, struct aidl_data *data)
{
	switch (type->kind) {
	case AIDL_ARRAY:
		return read_list(place, type, type->element, parcel, data);
	case AIDL_LIST:
		return read_list(place, type, type->arguments ? type->argument[0] : NULL, parcel,
				 data);
	case AIDL_MAP:
		return read_map(place, type, parcel, data);
	case AIDL_PARCELABLE:
	case AIDL_OPAQUE:
	case AIDL_UNION:
		return read_parcelable(place, type, parcel, data);
	case AIDL_PARCELABLE_HOLDER:
		return read_holder(place, parcel, data);
	case AIDL_UNKNOWN:
		return place_fail(place, STATUS_INVALID_OPERATION, "there is no AIDL for %s",
				  type->name);
	default:
		return codec_read_scalar(place, type, parcel, data);
	}
}

binder_status_t codec_read(struct place *place, const struct aidl_type *type, const AParcel *parcel,
			   struct aidl_data *data)
{
	binder_status_t status;

	if (place->depth > CODEC_MAX_DEPTH)
		return place_fail(place, STATUS_BAD_VALUE, "nested more than %d levels deep",
				  CODEC_MAX_DEPTH);
	type = codec_type(place, type);
	if (!type)
		return place_fail(place, STATUS_INVALID_OPERATION, "its type is not known");
	status = read_kind(place, type, parcel, data);
	data->type = type;
	return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * write.c: values that hold others, from a tree to a parcel.
 *
 * Called by method.c; walks type and tree together and hands single values on
 * to write_value.c.  Where the tree says nothing, the type's default is written.
 */
#include "codec.h"

#include <stdlib.h>
#include <string.h>

static bool is_null(const struct aidl_data *data)
{
	return !data || data->kind == AIDL_DATA_NULL;
}

static binder_status_t wanted(const struct place *place, const char *what,
			      const struct aidl_type *type)
{
	char name[128];

	return place_fail(place, STATUS_BAD_VALUE, "%s is needed for %s", what,
			  codec_type_name(type, name, sizeof(name)));
}

/* As codec_type(); of a @nullable T, String becomes @nullable String, in *copy. */
static const struct aidl_type *nullable_type(struct place *place, const struct aidl_type *type,
					     struct aidl_type *copy)
{
	const struct aidl_type *given = codec_type(place, type);

	if (!given || given == type || !type->nullable || given->nullable ||
	    given->kind < AIDL_STRING || given->kind == AIDL_ENUM)
		return given;
	*copy = *given;
	copy->nullable = true;
	return copy;
}

/* ---- arrays and lists ----------------------------------------------------------------- */

/* byte[] and enums of bytes lie packed. */
static bool is_packed(const struct aidl_type *element)
{
	return element->kind == AIDL_BYTE ||
	       (element->kind == AIDL_ENUM && codec_scalar_kind(element) == AIDL_BYTE);
}

/* The bytes of a string are a byte[] too: some languages have no other bytes. */
static bool is_bytes(const struct aidl_data *data, const struct aidl_type *element)
{
	return (data->kind == AIDL_DATA_BYTES && is_packed(element)) ||
	       (data->kind == AIDL_DATA_STRING && element->kind == AIDL_BYTE);
}

static binder_status_t write_packed(struct place *place, const struct aidl_type *element,
				    const struct aidl_data *data, size_t count, AParcel *parcel)
{
	binder_status_t status = STATUS_OK;
	int8_t *bytes = calloc(count + 1, 1);

	if (!bytes)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; data && i < count && status == STATUS_OK; i++) {
		struct place item = place_item(place, i);
		int64_t number = 0;

		if (data->kind != AIDL_DATA_LIST)
			number = (int8_t)data->text[i];
		else
			status = codec_integer(&item, element, &data->item[i], &number);
		bytes[i] = (int8_t)number;
	}
	if (status == STATUS_OK)
		status = parcel_write_int32(parcel, (int32_t)count);
	if (status == STATUS_OK)
		status = parcel_write(parcel, bytes, count);
	free(bytes);
	return status;
}

static binder_status_t write_items(struct place *place, const struct aidl_type *element,
				   const struct aidl_data *data, size_t count, AParcel *parcel)
{
	binder_status_t status;

	if (is_packed(element))
		return write_packed(place, element, data, count, parcel);
	status = parcel_write_int32(parcel, (int32_t)count);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct place item = place_item(place, i);

		status = codec_write(&item, element, data ? &data->item[i] : NULL, parcel);
	}
	return status;
}

/* {n=3}: Lua cannot say otherwise that a list has three times nil. */
static bool is_length(const struct aidl_data *data)
{
	return data && data->kind == AIDL_DATA_MAP && data->count == 1 &&
	       !strcmp(data->key[0], "n") && data->item[0].kind == AIDL_DATA_INTEGER &&
	       data->item[0].integer >= 0 && data->item[0].integer <= CODEC_MAX_SIZE / 4;
}

static binder_status_t write_list(struct place *place, const struct aidl_type *type,
				  const struct aidl_type *element, const struct aidl_data *data,
				  AParcel *parcel);

static binder_status_t write_nulls(struct place *place, const struct aidl_type *type,
				   const struct aidl_type *element, int64_t count, AParcel *parcel)
{
	struct aidl_data list = { 0 };
	binder_status_t status = STATUS_OK;

	aidl_data_set_list(&list);
	while (status == STATUS_OK && count--)
		status = aidl_data_append(&list) ? STATUS_OK : STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		status = write_list(place, type, element, &list, parcel);
	aidl_data_clear(&list);
	return status;
}

static binder_status_t write_list(struct place *place, const struct aidl_type *type,
				  const struct aidl_type *element, const struct aidl_data *data,
				  AParcel *parcel)
{
	struct aidl_type nullable;
	size_t count;

	if (is_length(data))
		return write_nulls(place, type, element, data->item[0].integer, parcel);
	element = nullable_type(place, element, &nullable);
	if (!element)
		return place_fail(place, STATUS_INVALID_OPERATION,
				  "it is not known what the list holds");
	if (is_null(data) && type->nullable)
		return parcel_write_int32(parcel, -1);
	if (data && data->kind != AIDL_DATA_LIST && !is_bytes(data, element))
		return wanted(place, "a list", type);
	count = data ? data->kind == AIDL_DATA_LIST ? data->count : data->length : 0;
	if (type->kind == AIDL_ARRAY && type->size >= 0) {
		if (data && count != (size_t)type->size)
			return place_fail(place, STATUS_BAD_VALUE, "%zu items for an array of %lld",
					  count, (long long)type->size);
		count = (size_t)type->size;
	}
	if (count > INT32_MAX)
		return place_fail(place, STATUS_BAD_VALUE, "too many items");
	return write_items(place, element, data, count, parcel);
}

/* A Map whose types are written down: int32 count, then key and value of each. */
static binder_status_t write_map(struct place *place, const struct aidl_type *type,
				 const struct aidl_data *data, AParcel *parcel)
{
	binder_status_t status;

	if (type->arguments != 2)
		return place_fail(place, STATUS_INVALID_OPERATION,
				  "a Map without types can be read by Java alone");
	if (is_null(data) && type->nullable)
		return parcel_write_int32(parcel, -1);
	/* An empty list may be an empty table: some languages cannot tell. */
	if (data && data->kind != AIDL_DATA_MAP && !(data->kind == AIDL_DATA_LIST && !data->count))
		return wanted(place, "a table", type);
	status = parcel_write_int32(parcel, data ? (int32_t)data->count : 0);
	for (size_t i = 0; data && i < data->count && status == STATUS_OK; i++) {
		struct place item = place_field(place, data->key[i]);

		status = parcel_write_string16(parcel, data->key[i], strlen(data->key[i]));
		if (status == STATUS_OK)
			status = codec_write(&item, type->argument[1], &data->item[i], parcel);
	}
	return status;
}

/* ---- defaults ------------------------------------------------------------------------------ */

static bool make_default(const struct aidl_value *value, struct aidl_data *data)
{
	switch (value->kind) {
	case AIDL_VALUE_BOOLEAN:
		aidl_data_set_boolean(data, value->integer);
		return true;
	case AIDL_VALUE_INTEGER:
	case AIDL_VALUE_CHARACTER:
		aidl_data_set_integer(data, value->integer);
		return true;
	case AIDL_VALUE_FLOATING:
		aidl_data_set_floating(data, value->floating);
		return true;
	case AIDL_VALUE_STRING:
		return aidl_data_set_string(data, value->string, strlen(value->string));
	case AIDL_VALUE_ARRAY:
		aidl_data_set_list(data);
		for (size_t i = 0; i < value->count; i++) {
			struct aidl_data *item = aidl_data_append(data);

			if (!item || !make_default(&value->item[i], item))
				return false;
		}
		return true;
	default:
		aidl_data_clear(data);
		return true;
	}
}

/* A field that the tree leaves out. */
static binder_status_t write_default(struct place *place, const struct aidl_field *field,
				     AParcel *parcel)
{
	struct aidl_data data = { 0 };
	binder_status_t status;

	if (field->value.kind == AIDL_VALUE_NONE)
		return codec_write(place, field->type, NULL, parcel);
	status = make_default(&field->value, &data) ?
			 codec_write(place, field->type, &data, parcel) :
			 STATUS_NO_MEMORY;
	aidl_data_clear(&data);
	return status;
}

/* ---- parcelables and unions ------------------------------------------------------------------ */

static binder_status_t check_keys(const struct place *place,
				  const struct aidl_declaration *declaration,
				  const struct aidl_data *data)
{
	for (size_t i = 0; data && i < data->count; i++)
		if (!aidl_field_find(declaration, data->key[i]))
			return place_fail(place, STATUS_BAD_VALUE, "%s has no field %.80s",
					  declaration->name, data->key[i]);
	return STATUS_OK;
}

static binder_status_t write_fields(struct place *place, const struct aidl_declaration *declaration,
				    const struct aidl_data *data, AParcel *parcel)
{
	binder_status_t status = check_keys(place, declaration, data);

	for (const struct aidl_field *f = declaration->fields; f && status == STATUS_OK;
	     f = f->next) {
		struct place field = place_field(place, f->name);
		const struct aidl_data *given = data ? aidl_data_get(data, f->name) : NULL;

		status = given ? codec_write(&field, f->type, given, parcel) :
				 write_default(&field, f, parcel);
	}
	return status;
}

/* Writes the number of bytes that follow over the word at position. */
static binder_status_t patch_size(AParcel *parcel, int32_t position, int32_t size)
{
	int32_t end = (int32_t)parcel->pos;
	binder_status_t status = parcel_seek(parcel, position);

	if (status == STATUS_OK)
		status = parcel_write_int32(parcel, size);
	if (status == STATUS_OK)
		status = parcel_seek(parcel, end);
	return status;
}

/* The size counts itself, so that a reader who knows fewer fields can skip the rest. */
static binder_status_t write_sized(struct place *place, const struct aidl_declaration *declaration,
				   const struct aidl_data *data, AParcel *parcel)
{
	int32_t start = (int32_t)parcel->pos;
	binder_status_t status = parcel_write_int32(parcel, 0);

	if (status == STATUS_OK)
		status = write_fields(place, declaration, data, parcel);
	if (status == STATUS_OK)
		status = patch_size(parcel, start, (int32_t)parcel->pos - start);
	return status;
}

static binder_status_t write_union(struct place *place, const struct aidl_declaration *declaration,
				   const struct aidl_data *data, AParcel *parcel)
{
	const struct aidl_field *field = declaration->fields;
	struct place inner;
	binder_status_t status;
	int32_t tag = 0;

	if (data && data->count != 1)
		return place_fail(place, STATUS_BAD_VALUE, "a union has exactly one field, not %zu",
				  data->count);
	status = check_keys(place, declaration, data);
	if (status != STATUS_OK)
		return status;
	for (; data && strcmp(field->name, data->key[0]) != 0; field = field->next)
		tag++;
	inner = place_field(place, field->name);
	status = parcel_write_int32(parcel, tag);
	if (status != STATUS_OK)
		return status;
	return data ? codec_write(&inner, field->type, &data->item[0], parcel) :
		      write_default(&inner, field, parcel);
}

static bool is_table(const struct aidl_data *data)
{
	return data->kind == AIDL_DATA_MAP || (data->kind == AIDL_DATA_LIST && !data->count);
}

/* What follows the word that says that it is there. */
static binder_status_t write_body(struct place *place, const struct aidl_type *type,
				  const struct aidl_data *data, AParcel *parcel)
{
	struct place inside = *place;

	inside.boxed = type;
	inside.box = place;
	if (type->declaration->broken)
		return place_fail(place, STATUS_INVALID_OPERATION, "%s has errors in its AIDL",
				  type->declaration->name);
	if (type->kind == AIDL_UNION)
		return write_union(&inside, type->declaration, data, parcel);
	return write_sized(&inside, type->declaration, data, parcel);
}

static binder_status_t write_parcelable(struct place *place, const struct aidl_type *type,
					const struct aidl_data *data, AParcel *parcel)
{
	binder_status_t status;

	if (is_null(data) && type->nullable)
		return parcel_write_int32(parcel, 0);
	if (type->kind == AIDL_OPAQUE)
		return place_fail(place, STATUS_INVALID_OPERATION,
				  "only code knows what a %s looks like", type->name);
	if (data && !is_table(data))
		return wanted(place, "a table", type);
	status = parcel_write_int32(parcel, 1);
	return status == STATUS_OK ? write_body(place, type, data, parcel) : status;
}

/* {"@type": "com.example.Extra", ...}: the table says what it is. */
static binder_status_t write_held(struct place *place, const struct aidl_data *data,
				  AParcel *parcel)
{
	const struct aidl_data *name = aidl_data_get(data, "@type");
	struct aidl_type type = { .kind = AIDL_PARCELABLE, .size = -1 };
	struct aidl_data fields = *data;
	int32_t start;
	binder_status_t status = STATUS_NAME_NOT_FOUND;

	if (!name || name->kind != AIDL_DATA_STRING || data->item != name)
		return place_fail(place, STATUS_BAD_VALUE,
				  "its first field must be \"@type\", the name of a parcelable");
	if (place->codec->library)
		status = aidl_library_find(place->codec->library, name->text, &type.declaration);
	if (status != STATUS_OK || type.declaration->kind != AIDL_PARCELABLE)
		return place_fail(place, STATUS_BAD_VALUE, "there is no parcelable %.120s",
				  name->text);
	type.name = type.declaration->qualified;
	fields.item++;
	fields.key++;
	fields.count--;
	start = (int32_t)parcel->pos;
	status = parcel_write_int32(parcel, 0);
	if (status == STATUS_OK)
		status = parcel_write_string16(parcel, type.name, strlen(type.name));
	if (status == STATUS_OK)
		status = write_body(place, &type, &fields, parcel);
	if (status != STATUS_OK)
		return status;
	/* This size, other than a parcelable's, does not count itself. */
	return patch_size(parcel, start, (int32_t)parcel->pos - start - 4);
}

static binder_status_t write_holder(struct place *place, const struct aidl_data *data,
				    AParcel *parcel)
{
	static const int32_t local_stability = 0, vintf_stability = 1;
	bool vintf = place->boxed && place->boxed->declaration->vintf;
	binder_status_t status = parcel_write_int32(parcel, 1);

	if (status == STATUS_OK)
		status = parcel_write_int32(parcel, vintf ? vintf_stability : local_stability);
	if (status != STATUS_OK || is_null(data))
		return status == STATUS_OK ? parcel_write_int32(parcel, 0) : status;
	if (data->kind != AIDL_DATA_MAP)
		return place_fail(place, STATUS_BAD_VALUE, "a table is needed");
	return write_held(place, data, parcel);
}

binder_status_t codec_write(struct place *place, const struct aidl_type *type,
			    const struct aidl_data *data, AParcel *parcel)
{
	struct aidl_type nullable;
	if (place->depth > CODEC_MAX_DEPTH)
		return place_fail(place, STATUS_BAD_VALUE, "nested more than %d levels deep",
				  CODEC_MAX_DEPTH);
	if ((int32_t)parcel->pos > CODEC_MAX_SIZE)
		return place_fail(place, STATUS_BAD_VALUE, "this is more than any call can carry");
	type = nullable_type(place, type, &nullable);
	if (!type)
		return place_fail(place, STATUS_INVALID_OPERATION, "its type is not known");
	switch (type->kind) {
	case AIDL_ARRAY:
		return write_list(place, type, type->element, data, parcel);
	case AIDL_LIST:
		return write_list(place, type, type->arguments ? type->argument[0] : NULL, data,
				  parcel);
	case AIDL_MAP:
		return write_map(place, type, data, parcel);
	case AIDL_PARCELABLE:
	case AIDL_OPAQUE:
	case AIDL_UNION:
		return write_parcelable(place, type, data, parcel);
	case AIDL_PARCELABLE_HOLDER:
		return write_holder(place, data, parcel);
	case AIDL_UNKNOWN:
		return place_fail(place, STATUS_INVALID_OPERATION, "there is no AIDL for %s",
				  type->name);
	default:
		return codec_write_scalar(place, type, data, parcel);
	}
}

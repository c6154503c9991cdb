/* SPDX-License-Identifier: MIT */
/*
 * types_table.h: what a row of the table of types holds.
 *
 * types.c has the table; types_scalar.c and types_object.c the functions in it.
 */
#ifndef CLI_TYPES_TABLE_H
#define CLI_TYPES_TABLE_H

#include "cli/value/types.h"

struct value_type {
	const char *name;
	const char *expected; /* what its text must be */
	const char *example;
	bool array;   /* may be an array's element */
	bool outside; /* its text names something that has to be looked for */
	/* TYPE:@FILE: all of a file instead of text; NULL: @ is a character like others. */
	binder_status_t (*write_file)(const struct value_place *place, const char *data,
				      size_t size);
	/* STATUS_BAD_TYPE: the text is wrong, and nothing was said; TYPE_REPORTED(...). */
	binder_status_t (*write)(const struct value_place *place, const char *text);
	binder_status_t (*read)(const AParcel *parcel, json_t **ret);
	binder_status_t (*write_null)(const struct value_place *place);
};

/* A failure that was reported already: its exit status, as something that is no status. */
#define TYPE_REPORTED(exit_status) (1000 + (exit_status))

binder_status_t type_write_binder(const struct value_place *place, const char *text);
binder_status_t type_write_bool(const struct value_place *place, const char *text);
binder_status_t type_write_byte(const struct value_place *place, const char *text);
binder_status_t type_write_bytes(const struct value_place *place, const char *text);
binder_status_t type_write_raw(const struct value_place *place, const char *text);
binder_status_t type_file_bytes(const struct value_place *place, const char *data, size_t size);
binder_status_t type_file_raw(const struct value_place *place, const char *data, size_t size);
binder_status_t type_file_string16(const struct value_place *place, const char *data, size_t size);
binder_status_t type_file_string8(const struct value_place *place, const char *data, size_t size);
binder_status_t type_read_raw(const AParcel *parcel, json_t **ret);
binder_status_t type_write_char(const struct value_place *place, const char *text);
binder_status_t type_write_double(const struct value_place *place, const char *text);
binder_status_t type_write_fd(const struct value_place *place, const char *text);
binder_status_t type_write_float(const struct value_place *place, const char *text);
binder_status_t type_write_int32(const struct value_place *place, const char *text);
binder_status_t type_write_int64(const struct value_place *place, const char *text);
binder_status_t type_write_parcel_fd(const struct value_place *place, const char *text);
binder_status_t type_write_string16(const struct value_place *place, const char *text);
binder_status_t type_write_string8(const struct value_place *place, const char *text);
binder_status_t type_write_uint32(const struct value_place *place, const char *text);
binder_status_t type_write_uint64(const struct value_place *place, const char *text);
binder_status_t type_read_binder(const AParcel *parcel, json_t **ret);
binder_status_t type_read_bool(const AParcel *parcel, json_t **ret);
binder_status_t type_read_byte(const AParcel *parcel, json_t **ret);
binder_status_t type_read_bytes(const AParcel *parcel, json_t **ret);
binder_status_t type_read_char(const AParcel *parcel, json_t **ret);
binder_status_t type_read_double(const AParcel *parcel, json_t **ret);
binder_status_t type_read_fd(const AParcel *parcel, json_t **ret);
binder_status_t type_read_float(const AParcel *parcel, json_t **ret);
binder_status_t type_read_int32(const AParcel *parcel, json_t **ret);
binder_status_t type_read_int64(const AParcel *parcel, json_t **ret);
binder_status_t type_read_parcel_fd(const AParcel *parcel, json_t **ret);
binder_status_t type_read_string16(const AParcel *parcel, json_t **ret);
binder_status_t type_read_string8(const AParcel *parcel, json_t **ret);
binder_status_t type_read_uint32(const AParcel *parcel, json_t **ret);
binder_status_t type_read_uint64(const AParcel *parcel, json_t **ret);
binder_status_t type_write_null_binder(const struct value_place *place);
binder_status_t type_write_null_count(const struct value_place *place);
binder_status_t type_write_null_parcel_fd(const struct value_place *place);
binder_status_t type_write_null_string(const struct value_place *place);

#endif

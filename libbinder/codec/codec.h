/* SPDX-License-Identifier: MIT */
/*
 * codec.h: what writing and reading values share.
 *
 * codec.c knows places and types, write.c and read.c walk a type and a tree
 * together, write_value.c and read_value.c know single values; method.c puts
 * them together to requests and replies.
 */
#ifndef AIDL_CODEC_H
#define AIDL_CODEC_H

#include <binder/aidl_data.h>
#include <binder/ext.h>

#include "base/error.h"
#include "object/parcel_binder.h"
#include "parcel/parcel.h"

/* Values may nest as deep as a parcel from a hostile peer says: this far, and no further. */
#define CODEC_MAX_DEPTH 64
/* Defaults of defaults can be many, from a few lines of AIDL. */
#define CODEC_MAX_SIZE (16 << 20)

/* Where a walk is; a chain of these lies on the stack, and becomes text when something fails. */
struct place {
	struct aidl_codec *codec;
	const struct place *outer;
	const char *name; /* of a field or argument; NULL: index */
	size_t index;     /* in a list */
	unsigned depth;
	const struct place *box; /* where the declaration's type parameters mean something */
	const struct aidl_type *boxed;
};

/* Sets the error to "PLACE: MESSAGE", and returns the status. */
binder_status_t place_fail(const struct place *place, binder_status_t status, const char *format,
			   ...) __attribute__((format(printf, 3, 4)));
/* For a status that a parcel's function returned. */
binder_status_t place_check(const struct place *place, binder_status_t status);
struct place place_field(const struct place *outer, const char *name);
struct place place_item(const struct place *outer, size_t index);

/* What a type is there: the T of a Box<int> is int.  NULL: not bound. */
const struct aidl_type *codec_type(struct place *place, const struct aidl_type *type);
/* BYTE, INT or LONG for an enum, else the kind of the type. */
enum aidl_kind codec_scalar_kind(const struct aidl_type *type);
/* "int", "int[]": for messages; from a buffer of the codec's. */
const char *codec_type_name(const struct aidl_type *type, char *buffer, size_t size);

binder_status_t codec_write(struct place *place, const struct aidl_type *type,
			    const struct aidl_data *data, AParcel *parcel);
/* data may be NULL: what the type has when nothing is said. */
binder_status_t codec_write_scalar(struct place *place, const struct aidl_type *type,
				   const struct aidl_data *data, AParcel *parcel);
/* The number of an enum or integer type for a tree's leaf; checked against its range. */
binder_status_t codec_integer(const struct place *place, const struct aidl_type *type,
			      const struct aidl_data *data, int64_t *ret);

binder_status_t codec_read(struct place *place, const struct aidl_type *type, const AParcel *parcel,
			   struct aidl_data *data);
binder_status_t codec_read_scalar(struct place *place, const struct aidl_type *type,
				  const AParcel *parcel, struct aidl_data *data);

/* ---- captured.c: objects of a captured parcel, as words ---- */
binder_status_t codec_read_captured_binder(const AParcel *parcel, struct aidl_data *data);
/* A bare descriptor, or a ParcelFileDescriptor. */
binder_status_t codec_read_captured_file(const AParcel *parcel, struct aidl_data *data);

#endif

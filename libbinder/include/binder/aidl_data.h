/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_data.h: values of AIDL types, to and from parcels.
 *
 * A value is a tree that knows no AIDL: whoever has words, JSON or Lua tables
 * makes one, and the functions below write it as a method's arguments, checked
 * against their types; and read replies the other way round.
 *
 * Ownership: a tree owns all that is in it (strings, strong references to
 * binders, descriptors).  Threads: a tree is used by one at a time.
 */
#ifndef BINDER_AIDL_DATA_H
#define BINDER_AIDL_DATA_H

#include <android/binder_ibinder.h>
#include <android/binder_parcel.h>

#include <binder/aidl.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ---- trees ------------------------------------------------------------------ */

enum aidl_data_kind {
	AIDL_DATA_NULL,
	AIDL_DATA_BOOLEAN,
	AIDL_DATA_INTEGER,
	AIDL_DATA_FLOATING,
	AIDL_DATA_STRING, /* UTF-8; also a name of an enum, a char, and a byte[] */
	AIDL_DATA_BYTES,  /* a byte[] */
	AIDL_DATA_LIST,   /* arrays and lists */
	AIDL_DATA_MAP,    /* parcelables and unions by field, Maps by key; in order */
	AIDL_DATA_BINDER,
	AIDL_DATA_FILE,
	AIDL_DATA_OBJECT, /* a binder or file of a captured parcel, in words: "binder handle 5" */
};

struct aidl_data {
	enum aidl_data_kind kind;
	const struct aidl_type *type; /* what was read was of this type; else NULL */
	bool boolean;
	int64_t integer;
	double floating;
	char *text;             /* STRING, OBJECT: with a NUL; BYTES */
	size_t length;          /* of text */
	struct aidl_data *item; /* LIST, MAP: count of them */
	char **key;             /* MAP */
	size_t count, room;     /* room is private */
	void *tree;             /* private */
	AIBinder *binder;       /* BINDER: a strong reference, never NULL */
	int fd;                 /* FILE */
};

/* An empty one is { 0 }: null. */

/* Frees what it holds; it is null afterwards. */
void aidl_data_clear(struct aidl_data *data);
/* These replace what is in it.  false: no memory, and it is null. */
void aidl_data_set_boolean(struct aidl_data *data, bool value);
void aidl_data_set_integer(struct aidl_data *data, int64_t value);
void aidl_data_set_floating(struct aidl_data *data, double value);
bool aidl_data_set_string(struct aidl_data *data, const char *text, size_t length);
bool aidl_data_set_bytes(struct aidl_data *data, const void *bytes, size_t length);
void aidl_data_set_list(struct aidl_data *data);
void aidl_data_set_map(struct aidl_data *data);
/* Takes a reference of its own. */
void aidl_data_set_binder(struct aidl_data *data, AIBinder *binder);
/* What cannot be used any more, in words. */
bool aidl_data_set_object(struct aidl_data *data, const char *words);
/* The descriptor belongs to the tree from now on. */
void aidl_data_set_file(struct aidl_data *data, int fd);

/* One more item, null at first; valid until the next is added.  NULL: no memory. */
struct aidl_data *aidl_data_append(struct aidl_data *list);
/* The item of that name, made if there is none.  NULL: no memory. */
struct aidl_data *aidl_data_put(struct aidl_data *map, const char *key);
/* NULL: there is none. */
const struct aidl_data *aidl_data_get(const struct aidl_data *map, const char *key);

/* Names of an enum for a number: "RED", "READ|WRITE" when names of single bits make it up.
 * false: no name; the number says it best. */
bool aidl_enum_print(const struct aidl_declaration *declaration, int64_t number, FILE *out);

/* ---- methods ------------------------------------------------------------------ */

/* What a walk needs, and where it says what was wrong. */
struct aidl_codec {
	struct aidl_library *library; /* finds what a ParcelableHolder holds; may be NULL */
	unsigned first_index;         /* what error calls a list's first item: 0, or 1 */
	char error[320];              /* "points[3].x: 300 does not fit into byte" */
};

/*
 * All these return STATUS_OK, STATUS_BAD_VALUE (the tree does not fit, or the
 * parcel holds what it should not: see error), STATUS_NO_MEMORY,
 * STATUS_NOT_ENOUGH_DATA, STATUS_INVALID_OPERATION (a type that only code knows),
 * or what the parcel's functions return.  Interface token and status header are
 * the caller's.  A parcel that could not be written whole is to be thrown away;
 * a tree holds what was read until then.
 */

/*
 * arguments is a MAP by name or a LIST in order, of those that go in; for an out
 * array its length may be given, 0 if it is not.  A LIST may leave out the last
 * ones if they can be null, a MAP all that can be.
 */
binder_status_t aidl_request_write(struct aidl_codec *codec, const struct aidl_method *method,
				   const struct aidl_data *arguments, AParcel *parcel);
/* *arguments becomes a MAP of those that go in, and out arrays filled with nulls. */
binder_status_t aidl_request_read(struct aidl_codec *codec, const struct aidl_method *method,
				  const AParcel *parcel, struct aidl_data *arguments);
/* reply is a MAP: "return", unless void, and each out argument by name. */
binder_status_t aidl_reply_write(struct aidl_codec *codec, const struct aidl_method *method,
				 const struct aidl_data *reply, AParcel *parcel);
binder_status_t aidl_reply_read(struct aidl_codec *codec, const struct aidl_method *method,
				const AParcel *parcel, struct aidl_data *reply);

/* ---- single values --------------------------------------------------------------- */

/* name is what errors call it. */
binder_status_t aidl_data_write(struct aidl_codec *codec, const struct aidl_type *type,
				const char *name, const struct aidl_data *data, AParcel *parcel);
binder_status_t aidl_data_read(struct aidl_codec *codec, const struct aidl_type *type,
			       const char *name, const AParcel *parcel, struct aidl_data *data);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif

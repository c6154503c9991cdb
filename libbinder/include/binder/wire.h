/* SPDX-License-Identifier: MIT */
/*
 * binder/wire.h: the single values that a parcel carries, as a table.
 *
 * A row has a type's name, its size, and functions that write a value of a tree
 * (binder/aidl_data.h), read one, and make one of a word that a person typed.  The
 * command line, Lua and the codec of AIDL use the same rows.
 */
#ifndef BINDER_WIRE_H
#define BINDER_WIRE_H

#include <binder/aidl_data.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct aidl_wire {
	const char *name;          /* "i32" */
	enum aidl_kind kind;       /* of AIDL; AIDL_UNKNOWN: AIDL has no such type */
	enum aidl_data_kind value; /* of a tree's leaf with such a value */
	size_t size;               /* the bytes that one takes in a parcel, at the least */
	bool array;                /* a list of words, with commas, makes an array of them */
	bool nullable;             /* a null is written as one */
	int64_t low, high;         /* what an integer may be */
	const char *expected;      /* what a word must be: "a whole number from 0 to 255" */
	const char *example;       /* such a word */
	binder_status_t (*write)(const struct aidl_wire *wire, const struct aidl_data *data,
				 AParcel *parcel);
	binder_status_t (*read)(const struct aidl_wire *wire, const AParcel *parcel,
				struct aidl_data *data);
	/* NULL: a word names something outside of the process. */
	binder_status_t (*parse)(const struct aidl_wire *wire, const char *word,
				 struct aidl_data *data);
	void (*print)(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out);
};

/* The row at an index; NULL behind the last. */
const struct aidl_wire *aidl_wire_at(size_t index);
/* "i32" and "i32[]", of that many characters.  NULL: there is no such type. */
const struct aidl_wire *aidl_wire_find(const char *name, size_t length, bool *array);
/* The row of a type of AIDL that is a single value; NULL: it is none. */
const struct aidl_wire *aidl_wire_of(enum aidl_kind kind);

/*
 * Writes a value.  STATUS_BAD_VALUE: it is of another kind, out of range, or null
 * where there is no null.  An integer of u64 is its 64 bits.
 */
binder_status_t aidl_wire_write(const struct aidl_wire *wire, const struct aidl_data *data,
				AParcel *parcel);
/* Reads a value; data holds a copy of all that it needs. */
binder_status_t aidl_wire_read(const struct aidl_wire *wire, const AParcel *parcel,
			       struct aidl_data *data);
/*
 * Makes a value of a word, which has to be the whole value: decimal, or hexadecimal with 0x;
 * true, false, 1 or 0; one character or its UTF-16 unit; text; hexadecimal digits for bytes.
 * STATUS_BAD_TYPE: it is not what the row expects.
 */
binder_status_t aidl_wire_parse(const struct aidl_wire *wire, const char *word,
				struct aidl_data *data);

/* Prints a value as a word that aidl_wire_parse() reads.  false: it is null, or of another kind, or
 * has no such word. */
bool aidl_wire_print(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_c.h: what C code made by `binderctl aidl --lang=c` is made of.
 *
 * Generated sources include it; programs need only their generated headers.
 * Everything is inline and stands on android/binder_*.h and binder/ext.h.
 * Values from other processes are hostile: counts are believed only as far as
 * there are bytes, and nesting ends somewhere.
 *
 * Readers replace what the place held, and leave it alone when they fail.
 * nullable: null is allowed, for a pointer as NULL, for an array as count -1,
 * for a file as -1; of an array, inner says it of the items.  A NULL string
 * that may not be null is written as "".
 */
#ifndef BINDER_AIDL_C_H
#define BINDER_AIDL_C_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <android/binder_ibinder.h>
#include <android/binder_parcel.h>

#include <binder/ext.h>

/* ---- nesting ---------------------------------------------------------------- */

#define AIDLC_MAX_DEPTH 64

static inline unsigned *aidlc_depth(void)
{
	static __thread unsigned depth;

	return &depth;
}

static inline bool aidlc_enter(void)
{
	if (*aidlc_depth() >= AIDLC_MAX_DEPTH)
		return false;
	++*aidlc_depth();
	return true;
}

static inline void aidlc_leave(void)
{
	--*aidlc_depth();
}

/* ---- parcelables -------------------------------------------------------------- */

static inline binder_status_t aidlc_begin_write(AParcel *parcel, int32_t *start)
{
	*start = AParcel_getDataPosition(parcel);
	return AParcel_writeInt32(parcel, 0);
}

/* The size counts itself, so that a reader who knows fewer fields can skip the rest. */
static inline binder_status_t aidlc_end_write(AParcel *parcel, int32_t start)
{
	int32_t end = AParcel_getDataPosition(parcel);
	binder_status_t status = AParcel_setDataPosition(parcel, start);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, end - start);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end) : status;
}

static inline binder_status_t aidlc_begin_read(const AParcel *parcel, int32_t *end)
{
	int32_t start = AParcel_getDataPosition(parcel);
	int32_t size;
	binder_status_t status = AParcel_readInt32(parcel, &size);

	if (status != STATUS_OK)
		return status;
	if (size < 4 || size > AParcel_getDataSize(parcel) - start)
		return STATUS_BAD_VALUE;
	*end = start + size;
	return STATUS_OK;
}

/* False where the fields end of a writer who knows fewer. */
static inline bool aidlc_more(const AParcel *parcel, int32_t end)
{
	return AParcel_getDataPosition(parcel) < end;
}

static inline binder_status_t aidlc_end_read(const AParcel *parcel, int32_t end)
{
	if (AParcel_getDataPosition(parcel) > end)
		return STATUS_BAD_VALUE;
	return AParcel_setDataPosition(parcel, end);
}

/* The word that says that a structure follows; STATUS_UNEXPECTED_NULL: none does. */
static inline binder_status_t aidlc_read_presence(const AParcel *parcel)
{
	int32_t present;
	binder_status_t status = AParcel_readInt32(parcel, &present);

	return status == STATUS_OK && !present ? STATUS_UNEXPECTED_NULL : status;
}

/* A count that the type says beforehand. */
static inline binder_status_t aidlc_expect(const AParcel *parcel, int32_t count)
{
	int32_t have;
	binder_status_t status = AParcel_readInt32(parcel, &have);

	return status == STATUS_OK && have != count ? STATUS_BAD_VALUE : status;
}

/* ---- single values ------------------------------------------------------------- */

static inline binder_status_t aidlc_write_string(AParcel *parcel, const char *value, bool nullable)
{
	return AParcel_writeString16(parcel, value || nullable ? value : "");
}

struct aidlc_array {
	void *item;
	int32_t count;
};

static inline bool aidlc_make_string(void *cookie, int32_t length, char **buffer)
{
	struct aidlc_array *array = (struct aidlc_array *)cookie;

	array->count = length;
	if (length < 0)
		return true;
	array->item = calloc((size_t)length + 1, 1);
	*buffer = (char *)array->item;
	return array->item != NULL;
}

/* A string with a NUL inside has no place in C: STATUS_BAD_VALUE. */
static inline binder_status_t aidlc_read_string(const AParcel *parcel, bool nullable, char **ret)
{
	struct aidlc_array string = { NULL, -1 };
	binder_status_t status = AParcel_readString(parcel, &string, aidlc_make_string);

	if (status == STATUS_OK && !string.item && !nullable)
		status = STATUS_UNEXPECTED_NULL;
	if (status == STATUS_OK && string.count > 0 &&
	    strlen((char *)string.item) != (size_t)string.count - 1)
		status = STATUS_BAD_VALUE;
	if (status != STATUS_OK) {
		free(string.item);
		return status;
	}
	free(*ret);
	*ret = (char *)string.item;
	return STATUS_OK;
}

static inline binder_status_t aidlc_set_string(char **ret, const char *value)
{
	size_t size = strlen(value) + 1;
	char *copy = (char *)malloc(size);

	if (!copy)
		return STATUS_NO_MEMORY;
	memcpy(copy, value, size);
	free(*ret);
	*ret = copy;
	return STATUS_OK;
}

/* A CharSequence without spans; null is always allowed. */
static inline binder_status_t aidlc_write_text(AParcel *parcel, const char *value)
{
	binder_status_t status = AParcel_writeInt32(parcel, value != NULL);

	if (status == STATUS_OK && value)
		status = AParcel_writeInt32(parcel, 1);
	if (status == STATUS_OK && value)
		status = AParcel_writeString8(parcel, value, (int32_t)strlen(value));
	return status;
}

static inline binder_status_t aidlc_read_text(const AParcel *parcel, char **ret)
{
	char *text = NULL;
	int32_t present, kind, length;
	binder_status_t status = AParcel_readInt32(parcel, &present);

	if (status == STATUS_OK && present) {
		status = AParcel_readInt32(parcel, &kind);
		if (status == STATUS_OK && kind != 1)
			status = STATUS_INVALID_OPERATION; /* with spans: Java objects */
		if (status == STATUS_OK)
			status = AParcel_readString8(parcel, &text, &length);
		if (status == STATUS_OK && text && strlen(text) != (size_t)length) {
			free(text);
			status = STATUS_BAD_VALUE;
		}
	}
	if (status == STATUS_OK) {
		free(*ret);
		*ret = text;
	}
	return status;
}

static inline binder_status_t aidlc_write_binder(AParcel *parcel, AIBinder *value, bool nullable)
{
	if (!value && !nullable)
		return STATUS_UNEXPECTED_NULL;
	return AParcel_writeStrongBinder(parcel, value);
}

static inline binder_status_t aidlc_read_binder(const AParcel *parcel, bool nullable,
						AIBinder **ret)
{
	AIBinder *binder;
	binder_status_t status = AParcel_readStrongBinder(parcel, &binder);

	if (status == STATUS_OK && !binder && !nullable)
		status = STATUS_UNEXPECTED_NULL;
	if (status == STATUS_OK) {
		AIBinder_decStrong(*ret);
		*ret = binder;
	}
	return status;
}

static inline void aidlc_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* ParcelFileDescriptor. */
static inline binder_status_t aidlc_write_file(AParcel *parcel, int value, bool nullable)
{
	if (value < 0 && !nullable)
		return STATUS_UNEXPECTED_NULL;
	return AParcel_writeParcelFileDescriptor(parcel, value < 0 ? -1 : value);
}

static inline binder_status_t aidlc_read_file(const AParcel *parcel, bool nullable, int *ret)
{
	int fd;
	binder_status_t status = AParcel_readParcelFileDescriptor(parcel, &fd);

	if (status == STATUS_OK && fd < 0 && !nullable)
		status = STATUS_UNEXPECTED_NULL;
	if (status == STATUS_OK) {
		aidlc_close(*ret);
		*ret = fd;
	}
	return status;
}

/* FileDescriptor: the bare object, which cannot be null. */
static inline binder_status_t aidlc_write_descriptor(AParcel *parcel, int value, bool nullable)
{
	(void)nullable;
	return value < 0 ? STATUS_UNEXPECTED_NULL : AParcel_writeFd(parcel, value);
}

static inline binder_status_t aidlc_read_descriptor(const AParcel *parcel, bool nullable, int *ret)
{
	int fd;
	binder_status_t status = AParcel_readFd(parcel, &fd);

	(void)nullable;
	if (status != STATUS_OK)
		return status;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* that one is the parcel's */
	if (fd < 0)
		return -errno;
	aidlc_close(*ret);
	*ret = fd;
	return STATUS_OK;
}

/* ---- arrays of numbers ------------------------------------------------------------ */

static inline binder_status_t aidlc_check_count(const void *item, int32_t count, bool nullable)
{
	if (count < 0)
		return nullable && count == -1 ? STATUS_OK : STATUS_UNEXPECTED_NULL;
	return count > 0 && !item ? STATUS_UNEXPECTED_NULL : STATUS_OK;
}

static inline bool aidlc_get_bool(const void *array, size_t index)
{
	return ((const bool *)array)[index];
}

static inline binder_status_t aidlc_writeBoolArray(AParcel *parcel, const bool *item, int32_t count)
{
	return AParcel_writeBoolArray(parcel, item, count, aidlc_get_bool);
}

static inline bool aidlc_make_bools(void *cookie, int32_t length)
{
	struct aidlc_array *array = (struct aidlc_array *)cookie;

	array->count = length;
	array->item = calloc(length > 0 ? (size_t)length : 1, sizeof(bool));
	return array->item != NULL;
}

static inline void aidlc_set_bool(void *cookie, size_t index, bool value)
{
	((bool *)((struct aidlc_array *)cookie)->item)[index] = value;
}

static inline binder_status_t aidlc_readBoolArray(const AParcel *parcel, struct aidlc_array *array)
{
	return AParcel_readBoolArray(parcel, array, aidlc_make_bools, aidlc_set_bool);
}

/* aidlc_writeInt32Array() and aidlc_readInt32Array(): as above, for what has buffers. */
#define AIDLC_NUMBERS_PARCEL(name, type, Name) \
	static inline binder_status_t aidlc_write##Name##Array(AParcel *parcel, const type *item, \
							       int32_t count) \
	{ \
		return AParcel_write##Name##Array(parcel, item, count); \
	} \
	static inline bool aidlc_make_##name(void *cookie, int32_t length, type **buffer) \
	{ \
		struct aidlc_array *array = (struct aidlc_array *)cookie; \
		array->count = length; \
		array->item = calloc(length > 0 ? (size_t)length : 1, sizeof(type)); \
		*buffer = (type *)array->item; \
		return array->item != NULL; \
	} \
	static inline binder_status_t aidlc_read##Name##Array(const AParcel *parcel, \
							      struct aidlc_array *array) \
	{ \
		return AParcel_read##Name##Array(parcel, array, aidlc_make_##name); \
	}

AIDLC_NUMBERS_PARCEL(bytes, int8_t, Byte)
AIDLC_NUMBERS_PARCEL(chars, char16_t, Char)
AIDLC_NUMBERS_PARCEL(int32s, int32_t, Int32)
AIDLC_NUMBERS_PARCEL(int64s, int64_t, Int64)
AIDLC_NUMBERS_PARCEL(floats, float, Float)
AIDLC_NUMBERS_PARCEL(doubles, double, Double)

/*
 * For int: aidlc_write_int32s(), aidlc_read_int32s(), aidlc_read_fixed_int32s() for
 * an array whose length the type says, aidlc_copy_int32s() for defaults.
 */
#define AIDLC_NUMBERS(name, type, Name) \
	static inline binder_status_t aidlc_write_##name(AParcel *parcel, const type *item, \
							 int32_t count, bool nullable) \
	{ \
		binder_status_t status = aidlc_check_count(item, count, nullable); \
		return status == STATUS_OK ? aidlc_write##Name##Array(parcel, item, count) : \
					     status; \
	} \
	static inline binder_status_t aidlc_read_##name(const AParcel *parcel, bool nullable, \
							type **item, int32_t *count) \
	{ \
		struct aidlc_array array = { NULL, -1 }; \
		binder_status_t status = aidlc_read##Name##Array(parcel, &array); \
		if (status == STATUS_OK && array.count < 0 && !nullable) \
			status = STATUS_UNEXPECTED_NULL; \
		if (status != STATUS_OK || array.count <= 0) { \
			free(array.item); \
			array.item = NULL; \
		} \
		if (status == STATUS_OK) { \
			free(*item); \
			*item = (type *)array.item; \
			*count = array.count; \
		} \
		return status; \
	} \
	static inline binder_status_t aidlc_read_fixed_##name(const AParcel *parcel, type *item, \
							      int32_t count) \
	{ \
		type *have = NULL; \
		int32_t size = 0; \
		binder_status_t status = aidlc_read_##name(parcel, false, &have, &size); \
		if (status == STATUS_OK && size != count) \
			status = STATUS_BAD_VALUE; \
		if (status == STATUS_OK) \
			memcpy(item, have, (size_t)count * sizeof(type)); \
		free(have); \
		return status; \
	} \
	static inline binder_status_t aidlc_copy_##name(const type *from, int32_t size, \
							type **item, int32_t *count) \
	{ \
		type *copy = (type *)calloc((size_t)size + 1, sizeof(type)); \
		if (!copy) \
			return STATUS_NO_MEMORY; \
		memcpy(copy, from, (size_t)size * sizeof(type)); \
		free(*item); \
		*item = copy; \
		*count = size; \
		return STATUS_OK; \
	}

AIDLC_NUMBERS(bools, bool, Bool)
AIDLC_NUMBERS(bytes, int8_t, Byte)
AIDLC_NUMBERS(chars, char16_t, Char)
AIDLC_NUMBERS(int32s, int32_t, Int32)
AIDLC_NUMBERS(int64s, int64_t, Int64)
AIDLC_NUMBERS(floats, float, Float)
AIDLC_NUMBERS(doubles, double, Double)

/* ---- arrays of what has to be freed -------------------------------------------------- */

/* Room for one more of them; doubled each time, so a lie about a count costs nothing. */
static inline void *aidlc_grow(void *item, int32_t used, int32_t *room, size_t size)
{
	void *larger;

	if (used < *room)
		return item;
	larger = realloc(item, ((size_t)*room * 2 + 4) * size);
	if (larger)
		*room = *room * 2 + 4;
	return larger;
}

/*
 * PREFIX##write##SUFFIX and so on, made of four functions for one item:
 * write_one(parcel, const type *, inner), read_one(parcel, inner, type *),
 * init_one(type *), clear_one(type *).
 */
#define AIDLC_ITEMS(linkage, prefix, suffix, type, write_one, read_one, init_one, clear_one) \
	linkage void prefix##clear_##suffix(type *item, int32_t count) \
	{ \
		for (int32_t i = 0; i < count; i++) \
			clear_one(&item[i]); \
	} \
	linkage void prefix##free_##suffix(type *item, int32_t count) \
	{ \
		prefix##clear_##suffix(item, count); \
		free(item); \
	} \
	linkage binder_status_t prefix##init_##suffix(type *item, int32_t count) \
	{ \
		binder_status_t status = STATUS_OK; \
		for (int32_t i = 0; i < count; i++) { \
			binder_status_t one = init_one(&item[i]); \
			status = status == STATUS_OK ? one : status; \
		} \
		return status; \
	} \
	linkage binder_status_t prefix##write_##suffix(AParcel *parcel, type const *item, \
						       int32_t count, bool nullable, bool inner) \
	{ \
		binder_status_t status = aidlc_check_count(item, count, nullable); \
		if (status == STATUS_OK) \
			status = AParcel_writeInt32(parcel, count); \
		for (int32_t i = 0; status == STATUS_OK && i < count; i++) \
			status = write_one(parcel, &item[i], inner); \
		return status; \
	} \
	linkage binder_status_t prefix##read_##suffix(const AParcel *parcel, bool nullable, \
						      bool inner, type **item, int32_t *count) \
	{ \
		type *have = NULL; \
		type *larger; \
		int32_t wanted, room = 0, used = 0; \
		binder_status_t status = AParcel_readInt32(parcel, &wanted); \
		if (status == STATUS_OK && wanted < 0) \
			status = nullable && wanted == -1 ? STATUS_OK : STATUS_UNEXPECTED_NULL; \
		while (status == STATUS_OK && used < wanted) { \
			larger = (type *)aidlc_grow(have, used, &room, sizeof(type)); \
			if (!larger) { \
				status = STATUS_NO_MEMORY; \
				break; \
			} \
			have = larger; \
			status = init_one(&have[used]); \
			if (status == STATUS_OK) \
				status = read_one(parcel, inner, &have[used]); \
			used++; \
		} \
		if (status != STATUS_OK) { \
			prefix##free_##suffix(have, used); \
			return status; \
		} \
		prefix##free_##suffix(*item, *count); \
		*item = have; \
		*count = wanted; \
		return STATUS_OK; \
	} \
	linkage binder_status_t prefix##read_fixed_##suffix(const AParcel *parcel, bool inner, \
							    type *item, int32_t count) \
	{ \
		type *have = NULL; \
		int32_t size = 0; \
		binder_status_t status = \
			prefix##read_##suffix(parcel, false, inner, &have, &size); \
		if (status == STATUS_OK && size != count) \
			status = STATUS_BAD_VALUE; \
		if (status != STATUS_OK) { \
			prefix##free_##suffix(have, size); \
			return status; \
		} \
		prefix##clear_##suffix(item, count); \
		memcpy(item, have, (size_t)count * sizeof(type)); \
		free(have); \
		return STATUS_OK; \
	}

#define AIDLC_SIMPLE_ITEMS(name, one, type, nothing, end) \
	static inline binder_status_t aidlc_write_one_##one(AParcel *parcel, type const *item, \
							    bool inner) \
	{ \
		return aidlc_write_##one(parcel, *item, inner); \
	} \
	static inline binder_status_t aidlc_init_one_##one(type *item) \
	{ \
		*item = nothing; \
		return STATUS_OK; \
	} \
	static inline void aidlc_clear_one_##one(type *item) \
	{ \
		end(*item); \
	} \
	AIDLC_ITEMS(static inline, aidlc_, name, type, aidlc_write_one_##one, aidlc_read_##one, \
		    aidlc_init_one_##one, aidlc_clear_one_##one)

AIDLC_SIMPLE_ITEMS(strings, string, char *, NULL, free)
AIDLC_SIMPLE_ITEMS(binders, binder, AIBinder *, NULL, AIBinder_decStrong)
AIDLC_SIMPLE_ITEMS(files, file, int, -1, aidlc_close)
AIDLC_SIMPLE_ITEMS(descriptors, descriptor, int, -1, aidlc_close)

static inline binder_status_t aidlc_copy_strings(const char *const *from, int32_t size,
						 char ***item, int32_t *count)
{
	char **copy = (char **)calloc((size_t)size + 1, sizeof(*copy));
	binder_status_t status = copy ? STATUS_OK : STATUS_NO_MEMORY;

	for (int32_t i = 0; status == STATUS_OK && i < size; i++)
		status = aidlc_set_string(&copy[i], from[i]);
	if (status != STATUS_OK) {
		aidlc_free_strings(copy, copy ? size : 0);
		return status;
	}
	aidlc_free_strings(*item, *count);
	*item = copy;
	*count = size;
	return STATUS_OK;
}

/* ---- arrays of structures ---------------------------------------------------------------- */

#define AIDLC_DECLARE_ITEMS(prefix, suffix, type) \
	void prefix##clear_##suffix(type *item, int32_t count); \
	void prefix##free_##suffix(type *item, int32_t count); \
	binder_status_t prefix##init_##suffix(type *item, int32_t count); \
	binder_status_t prefix##write_##suffix(AParcel *parcel, type const *item, int32_t count, \
					       bool nullable, bool inner); \
	binder_status_t prefix##read_##suffix(const AParcel *parcel, bool nullable, bool inner, \
					      type **item, int32_t *count); \
	binder_status_t prefix##read_fixed_##suffix(const AParcel *parcel, bool inner, type *item, \
						    int32_t count);

/* Of structures (Book_read_array() ...), and of pointers to them (Book_read_pointers() ...),
 * which may be NULL. */
#define AIDLC_DECLARE_ARRAYS(name) \
	AIDLC_DECLARE_ITEMS(name##_, array, struct name) \
	AIDLC_DECLARE_ITEMS(name##_, pointers, struct name *)

/* For one structure, and for a pointer to one: what the arrays and maps of them are made of. */
#define AIDLC_STRUCTURE_ONE(prefix, name) \
	static binder_status_t prefix##_write_one(AParcel *parcel, const struct name *item, \
						  bool inner) \
	{ \
		(void)inner; \
		return name##_write(parcel, item); \
	} \
	static binder_status_t prefix##_read_one(const AParcel *parcel, bool inner, \
						 struct name *item) \
	{ \
		(void)inner; \
		return name##_read(parcel, item); \
	}

#define AIDLC_POINTER_ONE(prefix, name) \
	static binder_status_t prefix##_write_one(AParcel *parcel, struct name *const *item, \
						  bool inner) \
	{ \
		return *item || inner ? name##_write(parcel, *item) : STATUS_UNEXPECTED_NULL; \
	} \
	static binder_status_t prefix##_read_one(const AParcel *parcel, bool inner, \
						 struct name **item) \
	{ \
		(void)inner; \
		return name##_read_nullable(parcel, item); \
	} \
	static binder_status_t prefix##_init_one(struct name **item) \
	{ \
		*item = NULL; \
		return STATUS_OK; \
	} \
	static void prefix##_clear_one(struct name **item) \
	{ \
		name##_delete(*item); \
	}

#define AIDLC_DEFINE_ARRAYS(name) \
	AIDLC_STRUCTURE_ONE(name##_array, name) \
	AIDLC_POINTER_ONE(name##_pointers, name) \
	AIDLC_ITEMS(, name##_, array, struct name, name##_array_write_one, name##_array_read_one, \
		    name##_init, name##_free) \
	AIDLC_ITEMS(, name##_, pointers, struct name *, name##_pointers_write_one, \
		    name##_pointers_read_one, name##_pointers_init_one, name##_pointers_clear_one)

/* ---- maps ------------------------------------------------------------------------------------ */

/*
 * A Map<String, T>: keys and values side by side, -1 of them for null.  All zero is an empty one.
 * What others send keeps its order, and may have a key twice.
 */
#define AIDLC_MAP_STRUCT(tag, type) \
	struct tag { \
		char **keys; \
		type *values; \
		int32_t count; \
	};

/* prefix##put_##name() gives the place of a key's value, an empty one where the key is new, for
 * the caller to fill (NULL: no memory); prefix##get_##name() NULL where there is none. */
#define AIDLC_DECLARE_MAP(prefix, name, type) \
	void prefix##free_##name(struct prefix##name *map); \
	type *prefix##get_##name(const struct prefix##name *map, const char *key); \
	type *prefix##put_##name(struct prefix##name *map, const char *key); \
	binder_status_t prefix##write_##name(AParcel *parcel, const struct prefix##name *map, \
					     bool nullable, bool inner); \
	binder_status_t prefix##read_##name(const AParcel *parcel, bool nullable, bool inner, \
					    struct prefix##name *ret);

/* Of two entries with one key the later one counts. */
static inline int32_t aidlc_find_key(char *const *keys, int32_t count, const char *key)
{
	while (count-- > 0)
		if (keys[count] && !strcmp(keys[count], key))
			return count;
	return -1;
}

/* Made of the same four functions as AIDLC_ITEMS. */
#define AIDLC_MAP(linkage, prefix, name, type, write_one, read_one, init_one, clear_one) \
	linkage void prefix##free_##name(struct prefix##name *map) \
	{ \
		for (int32_t i = 0; i < map->count; i++) { \
			free(map->keys[i]); \
			clear_one(&map->values[i]); \
		} \
		free(map->keys); \
		free(map->values); \
	} \
	linkage type *prefix##get_##name(const struct prefix##name *map, const char *key) \
	{ \
		int32_t at = aidlc_find_key(map->keys, map->count, key); \
		return at < 0 ? NULL : &map->values[at]; \
	} \
	/* Room for one more, the first time for four. */ \
	static inline bool prefix##name##_grow(struct prefix##name *map, int32_t *room) \
	{ \
		int32_t more = *room; \
		char **keys = (char **)aidlc_grow(map->keys, map->count, &more, sizeof(char *)); \
		type *values; \
		if (!keys) \
			return false; \
		map->keys = keys; \
		values = (type *)aidlc_grow(map->values, map->count, room, sizeof(type)); \
		if (!values) \
			return false; \
		map->values = values; \
		return true; \
	} \
	linkage type *prefix##put_##name(struct prefix##name *map, const char *key) \
	{ \
		type *value = prefix##get_##name(map, key); \
		char *copy = NULL; \
		int32_t room; \
		if (value) \
			return value; \
		/* Who has made the map may have made just enough room. */ \
		map->count = map->count < 0 ? 0 : map->count; \
		room = map->count / 2; \
		if (aidlc_set_string(&copy, key) != STATUS_OK || \
		    !prefix##name##_grow(map, &room)) { \
			free(copy); \
			return NULL; \
		} \
		value = &map->values[map->count]; \
		if (init_one(value) != STATUS_OK) { \
			clear_one(value); \
			free(copy); \
			return NULL; \
		} \
		map->keys[map->count++] = copy; \
		return value; \
	} \
	linkage binder_status_t prefix##write_##name( \
		AParcel *parcel, const struct prefix##name *map, bool nullable, bool inner) \
	{ \
		int32_t count = map ? map->count : -1; \
		binder_status_t status = \
			aidlc_check_count(count > 0 ? map->values : NULL, count, nullable); \
		if (status == STATUS_OK && count > 0 && !map->keys) \
			status = STATUS_UNEXPECTED_NULL; \
		if (status == STATUS_OK) \
			status = AParcel_writeInt32(parcel, count); \
		for (int32_t i = 0; status == STATUS_OK && i < count; i++) { \
			status = aidlc_write_string(parcel, map->keys[i], false); \
			if (status == STATUS_OK) \
				status = write_one(parcel, &map->values[i], inner); \
		} \
		return status; \
	} \
	linkage binder_status_t prefix##read_##name(const AParcel *parcel, bool nullable, \
						    bool inner, struct prefix##name *ret) \
	{ \
		struct prefix##name map = { NULL, NULL, 0 }; \
		int32_t wanted, room = 0; \
		binder_status_t status = AParcel_readInt32(parcel, &wanted); \
		if (status == STATUS_OK && wanted < 0) \
			status = nullable && wanted == -1 ? STATUS_OK : STATUS_UNEXPECTED_NULL; \
		while (status == STATUS_OK && map.count < wanted) { \
			char *key = NULL; \
			if (!prefix##name##_grow(&map, &room)) { \
				status = STATUS_NO_MEMORY; \
				break; \
			} \
			status = aidlc_read_string(parcel, false, &key); \
			if (status != STATUS_OK) \
				break; \
			map.keys[map.count] = key; \
			status = init_one(&map.values[map.count]); \
			if (status == STATUS_OK) \
				status = read_one(parcel, inner, &map.values[map.count]); \
			map.count++; \
		} \
		if (status != STATUS_OK) { \
			prefix##free_##name(&map); \
			return status; \
		} \
		prefix##free_##name(ret); \
		*ret = map; \
		ret->count = wanted; \
		return STATUS_OK; \
	}

#define AIDLC_SIMPLE_MAP(one, type) \
	AIDLC_MAP_STRUCT(aidlc_##one##_map, type) \
	AIDLC_MAP(static inline, aidlc_, one##_map, type, aidlc_write_one_##one, aidlc_read_##one, \
		  aidlc_init_one_##one, aidlc_clear_one_##one)

AIDLC_SIMPLE_MAP(string, char *)
AIDLC_SIMPLE_MAP(binder, AIBinder *)
AIDLC_SIMPLE_MAP(file, int)
AIDLC_SIMPLE_MAP(descriptor, int)

/* Of enums, and of whatever a type parameter is. */
#define AIDLC_NUMBER_MAP(one, type, Name) \
	static inline binder_status_t aidlc_write_one_##one(AParcel *parcel, type const *item, \
							    bool inner) \
	{ \
		(void)inner; \
		return AParcel_write##Name(parcel, *item); \
	} \
	static inline binder_status_t aidlc_read_##one(const AParcel *parcel, bool inner, \
						       type *item) \
	{ \
		(void)inner; \
		return AParcel_read##Name(parcel, item); \
	} \
	static inline binder_status_t aidlc_init_one_##one(type *item) \
	{ \
		*item = 0; \
		return STATUS_OK; \
	} \
	static inline void aidlc_clear_one_##one(type *item) \
	{ \
		(void)item; \
	} \
	AIDLC_SIMPLE_MAP(one, type)

AIDLC_NUMBER_MAP(boolean, bool, Bool)
AIDLC_NUMBER_MAP(byte, int8_t, Byte)
AIDLC_NUMBER_MAP(char, char16_t, Char)
AIDLC_NUMBER_MAP(float, float, Float)
AIDLC_NUMBER_MAP(double, double, Double)
AIDLC_NUMBER_MAP(int32, int32_t, Int32)
AIDLC_NUMBER_MAP(int64, int64_t, Int64)

/* ---- what several sources define ------------------------------------------------------------- */

/* Whoever uses a Map of a structure, or a structure with type parameters, defines its functions;
 * the linker keeps one of each. */
#define AIDLC_WEAK(function) extern __typeof__(function) function __attribute__((weak));

#define AIDLC_WEAK_MAP(prefix, name) \
	AIDLC_WEAK(prefix##free_##name) \
	AIDLC_WEAK(prefix##get_##name) \
	AIDLC_WEAK(prefix##put_##name) \
	AIDLC_WEAK(prefix##write_##name) \
	AIDLC_WEAK(prefix##read_##name)

#define AIDLC_WEAK_ITEMS(prefix, suffix) \
	AIDLC_WEAK(prefix##clear_##suffix) \
	AIDLC_WEAK(prefix##free_##suffix) \
	AIDLC_WEAK(prefix##init_##suffix) \
	AIDLC_WEAK(prefix##write_##suffix) \
	AIDLC_WEAK(prefix##read_##suffix) \
	AIDLC_WEAK(prefix##read_fixed_##suffix)

#define AIDLC_WEAK_STRUCTURE(name) \
	AIDLC_WEAK(name##_init) \
	AIDLC_WEAK(name##_free) \
	AIDLC_WEAK(name##_delete) \
	AIDLC_WEAK(name##_write) \
	AIDLC_WEAK(name##_read) \
	AIDLC_WEAK(name##_read_nullable) \
	AIDLC_WEAK_ITEMS(name##_, array) \
	AIDLC_WEAK_ITEMS(name##_, pointers)

/* Book_read_map() and so on, for struct Book_map. */
#define AIDLC_DEFINE_MAP(name) \
	AIDLC_STRUCTURE_ONE(name##_map, name) \
	AIDLC_WEAK_MAP(name##_, map) \
	AIDLC_MAP(, name##_, map, struct name, name##_map_write_one, name##_map_read_one, \
		  name##_init, name##_free)

/* The same of pointers, which may be NULL: struct Book_pointer_map. */
#define AIDLC_DEFINE_POINTER_MAP(name) \
	AIDLC_POINTER_ONE(name##_pointer_map, name) \
	AIDLC_WEAK_MAP(name##_, pointer_map) \
	AIDLC_MAP(, name##_, pointer_map, struct name *, name##_pointer_map_write_one, \
		  name##_pointer_map_read_one, name##_pointer_map_init_one, \
		  name##_pointer_map_clear_one)

/* ---- what a ParcelableHolder holds ----------------------------------------------------------- */

/*
 * Any parcelable, as the bytes, binders and files that it is sent as.  All zero is an empty one.
 * Book_put_holder() puts a struct Book in, in place of what is there; Book_get_holder() reads one
 * out: STATUS_UNEXPECTED_NULL if the holder is empty, STATUS_BAD_VALUE if it holds another type.
 * What came from others is looked at only then.  Its reader moves about in the parcel, so that
 * one thread at a time may get what a holder has.
 */
struct aidlc_holder {
	char *name; /* of the type: "com.example.Book"; NULL: nothing is held */
	AParcel *parcel;
};

/* An empty one is left. */
static inline void aidlc_free_holder(struct aidlc_holder *holder)
{
	free(holder->name);
	AParcel_delete(holder->parcel);
	holder->name = NULL;
	holder->parcel = NULL;
}

/* In the holder's parcel, as anywhere, a word before a structure says that it is there. */
#define AIDLC_HOLDER_START 4

static inline binder_status_t aidlc_write_held(AParcel *parcel, const struct aidlc_holder *holder)
{
	int32_t start = AParcel_getDataPosition(parcel), end;
	int32_t size = AParcel_getDataSize(holder->parcel) - AIDLC_HOLDER_START;
	binder_status_t status = AParcel_writeInt32(parcel, 0);

	if (status == STATUS_OK)
		status = aidlc_write_string(parcel, holder->name, false);
	end = AParcel_getDataPosition(parcel);
	if (status == STATUS_OK && end != AParcel_getDataSize(parcel))
		status = STATUS_INVALID_OPERATION; /* what follows can stand at the end alone */
	if (status == STATUS_OK)
		status = AParcel_appendFrom(holder->parcel, parcel, AIDLC_HOLDER_START, size);
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(parcel, start);
	/* This size, other than a structure's, does not count itself. */
	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, end + size - start - 4);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end + size) : status;
}

/* vintf: whether the parcelable that the holder is a field of is @VintfStability. */
static inline binder_status_t aidlc_write_holder(AParcel *parcel, const struct aidlc_holder *holder,
						 bool vintf)
{
	binder_status_t status = AParcel_writeInt32(parcel, 1);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, vintf);
	if (status != STATUS_OK)
		return status;
	return holder->name ? aidlc_write_held(parcel, holder) : AParcel_writeInt32(parcel, 0);
}

/* The bytes from start to end, and what objects are among them. */
static inline binder_status_t aidlc_copy_held(const AParcel *parcel, int32_t start, int32_t end,
					      AParcel **ret)
{
	AParcel *copy = AParcel_create();
	binder_status_t status = copy ? AParcel_writeInt32(copy, 1) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = AParcel_appendFrom(parcel, copy, start, end - start);
	if (status != STATUS_OK) {
		AParcel_delete(copy);
		return status;
	}
	*ret = copy;
	return STATUS_OK;
}

static inline binder_status_t aidlc_read_held(const AParcel *parcel, int32_t size,
					      struct aidlc_holder *ret)
{
	int32_t start, end = AParcel_getDataPosition(parcel) + size;
	binder_status_t status = aidlc_read_string(parcel, false, &ret->name);

	start = AParcel_getDataPosition(parcel);
	if (status == STATUS_OK && start > end)
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK)
		status = aidlc_copy_held(parcel, start, end, &ret->parcel);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end) : status;
}

static inline binder_status_t aidlc_read_holder(const AParcel *parcel, struct aidlc_holder *ret)
{
	struct aidlc_holder holder = { NULL, NULL };
	int32_t present, stability, size = 0;
	binder_status_t status = AParcel_readInt32(parcel, &present);

	if (status == STATUS_OK && present)
		status = AParcel_readInt32(parcel, &stability);
	if (status == STATUS_OK && present)
		status = AParcel_readInt32(parcel, &size);
	if (status == STATUS_OK &&
	    (size < 0 || size % 4 ||
	     size > AParcel_getDataSize(parcel) - AParcel_getDataPosition(parcel)))
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK && size)
		status = aidlc_read_held(parcel, size, &holder);
	if (status != STATUS_OK) {
		aidlc_free_holder(&holder);
		return status;
	}
	aidlc_free_holder(ret);
	*ret = holder;
	return STATUS_OK;
}

/* The parcel becomes the holder's, also on failure. */
static inline binder_status_t aidlc_set_holder(struct aidlc_holder *holder, const char *name,
					       AParcel *parcel)
{
	struct aidlc_holder held = { NULL, parcel };
	binder_status_t status = aidlc_set_string(&held.name, name);

	if (status != STATUS_OK) {
		aidlc_free_holder(&held);
		return status;
	}
	aidlc_free_holder(holder);
	*holder = held;
	return STATUS_OK;
}

/* The parcel stands where the structure begins. */
static inline binder_status_t aidlc_look_into_holder(const struct aidlc_holder *holder,
						     const char *name)
{
	if (!holder->name)
		return STATUS_UNEXPECTED_NULL;
	if (strcmp(holder->name, name) != 0)
		return STATUS_BAD_VALUE;
	return AParcel_setDataPosition(holder->parcel, 0);
}

#define AIDLC_DECLARE_HOLDER(name) \
	binder_status_t name##_put_holder(struct aidlc_holder *holder, const struct name *value); \
	binder_status_t name##_get_holder(struct aidlc_holder *holder, struct name *ret);

#define AIDLC_DEFINE_HOLDER(name, qualified) \
	binder_status_t name##_put_holder(struct aidlc_holder *holder, const struct name *value) \
	{ \
		AParcel *parcel = value ? AParcel_create() : NULL; \
		binder_status_t status = value ? STATUS_NO_MEMORY : STATUS_UNEXPECTED_NULL; \
		if (parcel) \
			status = name##_write(parcel, value); \
		if (status == STATUS_OK) \
			return aidlc_set_holder(holder, qualified, parcel); \
		AParcel_delete(parcel); \
		return status; \
	} \
	binder_status_t name##_get_holder(struct aidlc_holder *holder, struct name *ret) \
	{ \
		binder_status_t status = aidlc_look_into_holder(holder, qualified); \
		return status == STATUS_OK ? name##_read(holder->parcel, ret) : status; \
	}

/* ---- calls ------------------------------------------------------------------------------------ */

/* Sends the request and reads the status word of the reply; an exception ends up in *failure,
 * and STATUS_FAILED_TRANSACTION says that nothing else is to be read. */
static inline binder_status_t aidlc_call(AIBinder *binder, transaction_code_t code, AParcel **in,
					 AParcel **out, AStatus **failure)
{
	AStatus *answer;
	binder_status_t status = AIBinder_transact(binder, code, in, out, 0);

	if (status == STATUS_OK)
		status = AParcel_readStatusHeader(*out, &answer);
	if (status != STATUS_OK)
		return status;
	if (AStatus_isOk(answer)) {
		AStatus_delete(answer);
		return STATUS_OK;
	}
	*failure = answer;
	return STATUS_FAILED_TRANSACTION;
}

static inline binder_status_t aidlc_send(AIBinder *binder, transaction_code_t code, AParcel **in,
					 AParcel **out)
{
	return AIBinder_transact(binder, code, in, out, FLAG_ONEWAY);
}

/* What a method of a proxy returns; NULL: all went well. */
static inline AStatus *aidlc_finish(AParcel *in, AParcel *out, binder_status_t status,
				    AStatus *failure)
{
	AParcel_delete(in);
	AParcel_delete(out);
	if (failure)
		return failure;
	return status == STATUS_OK ? NULL : AStatus_fromStatus(status);
}

/* The reply has been written already, and holds an exception. */
#define AIDLC_EXCEPTION 1

/* Begins a reply with what a method returned, and deletes that. */
static inline binder_status_t aidlc_answer(AParcel *out, AStatus *failure)
{
	binder_status_t status;
	AStatus *ok;

	if (failure && !AStatus_isOk(failure)) {
		status = AParcel_writeStatusHeader(out, failure);
		AStatus_delete(failure);
		return status == STATUS_OK ? AIDLC_EXCEPTION : status;
	}
	ok = failure ? failure : AStatus_newOk();
	status = AParcel_writeStatusHeader(out, ok);
	AStatus_delete(ok);
	return status;
}

#endif

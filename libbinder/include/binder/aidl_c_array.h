/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_c_array.h: arrays in C made from AIDL.
 *
 * Part of binder/aidl_c.h, which says what holds for all of it; include that.
 */
#ifndef BINDER_AIDL_C_ARRAY_H
#define BINDER_AIDL_C_ARRAY_H

#include <binder/aidl_c_value.h>

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

/* What arrays and maps need of one item; nothing is what it is at first, end what frees it. */
#define AIDLC_SIMPLE_ONE(one, type, nothing, end) \
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
	}

AIDLC_SIMPLE_ONE(string, char *, NULL, free)
AIDLC_SIMPLE_ONE(binder, AIBinder *, NULL, AIBinder_decStrong)
AIDLC_SIMPLE_ONE(file, int, -1, aidlc_close)
AIDLC_SIMPLE_ONE(descriptor, int, -1, aidlc_close)

#define AIDLC_ITEMS_OF(name, one, type) \
	AIDLC_ITEMS(static inline, aidlc_, name, type, aidlc_write_one_##one, aidlc_read_##one, \
		    aidlc_init_one_##one, aidlc_clear_one_##one)

AIDLC_ITEMS_OF(strings, string, char *)
AIDLC_ITEMS_OF(binders, binder, AIBinder *)
AIDLC_ITEMS_OF(files, file, int)
AIDLC_ITEMS_OF(descriptors, descriptor, int)

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

/* ---- whole structures ------------------------------------------------------------- */

/* Book_copy() replaces what is in *ret, which has been initialised, and leaves it alone on failure.
 * Book_equals(): would both be sent as the same bytes?  Descriptors never are, not even of one
 * file; -0.0 is not 0.0, and a NaN is itself.  NULL equals NULL. */
#define AIDLC_DECLARE_VALUE(name) \
	char *name##_to_string(const struct name *value); \
	binder_status_t name##_copy(const struct name *value, struct name *ret); \
	bool name##_equals(const struct name *one, const struct name *other);

static inline bool aidlc_same_bytes(const AParcel *one, const AParcel *other)
{
	const uint8_t *a = NULL, *b = NULL;
	size_t sizes[2] = { 0, 0 };

	return AParcel_getBytes(one, &a, &sizes[0]) == STATUS_OK &&
	       AParcel_getBytes(other, &b, &sizes[1]) == STATUS_OK && sizes[0] == sizes[1] &&
	       (!sizes[0] || !memcmp(a, b, sizes[0]));
}

#define AIDLC_DEFINE_VALUE(name) \
	char *name##_to_string(const struct name *value) \
	{ \
		char *text = NULL; \
		size_t size = 0; \
		FILE *out = open_memstream(&text, &size); \
		if (!out) \
			return NULL; \
		name##_print(out, value); \
		if (ferror(out) | fclose(out)) { \
			free(text); \
			return NULL; \
		} \
		return text; \
	} \
	binder_status_t name##_copy(const struct name *value, struct name *ret) \
	{ \
		AParcel *parcel = AParcel_create(); \
		binder_status_t status = parcel ? name##_write(parcel, value) : STATUS_NO_MEMORY; \
		if (status == STATUS_OK) \
			status = AParcel_setDataPosition(parcel, 0); \
		if (status == STATUS_OK) \
			status = name##_read(parcel, ret); \
		AParcel_delete(parcel); \
		return status; \
	} \
	bool name##_equals(const struct name *one, const struct name *other) \
	{ \
		AParcel *a = AParcel_create(), *b = AParcel_create(); \
		bool same = a && b && name##_write(a, one) == STATUS_OK && \
			    name##_write(b, other) == STATUS_OK && aidlc_same_bytes(a, b); \
		AParcel_delete(a); \
		AParcel_delete(b); \
		return same; \
	}

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

/* ---- what several sources define ------------------------------------------------------------- */

/* Whoever uses a Map of a structure, or a structure with type parameters, defines its functions;
 * the linker keeps one of each. */
#define AIDLC_WEAK(function) extern __typeof__(function) function __attribute__((weak));

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
	AIDLC_WEAK(name##_print) \
	AIDLC_WEAK(name##_to_string) \
	AIDLC_WEAK(name##_copy) \
	AIDLC_WEAK(name##_equals) \
	AIDLC_WEAK_ITEMS(name##_, array) \
	AIDLC_WEAK_ITEMS(name##_, pointers)

#endif

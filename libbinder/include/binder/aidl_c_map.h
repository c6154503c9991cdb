/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_c_map.h: maps with names as keys in C made from AIDL.
 *
 * Part of binder/aidl_c.h, which says what holds for all of it; include that.
 */
#ifndef BINDER_AIDL_C_MAP_H
#define BINDER_AIDL_C_MAP_H

#include <binder/aidl_c_array.h>

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
	static inline binder_status_t aidlc_write_##one(AParcel *parcel, type value, bool inner) \
	{ \
		(void)inner; \
		return AParcel_write##Name(parcel, value); \
	} \
	static inline binder_status_t aidlc_read_##one(const AParcel *parcel, bool inner, \
						       type *item) \
	{ \
		(void)inner; \
		return AParcel_read##Name(parcel, item); \
	} \
	AIDLC_SIMPLE_ONE(one, type, 0, (void)) \
	AIDLC_SIMPLE_MAP(one, type)

AIDLC_NUMBER_MAP(boolean, bool, Bool)
AIDLC_NUMBER_MAP(byte, int8_t, Byte)
AIDLC_NUMBER_MAP(char, char16_t, Char)
AIDLC_NUMBER_MAP(float, float, Float)
AIDLC_NUMBER_MAP(double, double, Double)
AIDLC_NUMBER_MAP(int32, int32_t, Int32)
AIDLC_NUMBER_MAP(int64, int64_t, Int64)

/* ---- maps of structures ------------------------------------------------------------------------ */

#define AIDLC_WEAK_MAP(prefix, name) \
	AIDLC_WEAK(prefix##free_##name) \
	AIDLC_WEAK(prefix##get_##name) \
	AIDLC_WEAK(prefix##put_##name) \
	AIDLC_WEAK(prefix##write_##name) \
	AIDLC_WEAK(prefix##read_##name)

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

#endif

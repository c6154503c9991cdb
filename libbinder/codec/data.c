/* SPDX-License-Identifier: MIT */
/*
 * data.c: trees of values.
 *
 * Made by read.c and by whoever has values to send; walked by write.c.
 *
 * A parcelable has a few fields, which are looked through.  A Map has as many
 * keys as somebody else likes: from the first few on they are also in a tree.
 */
#include <binder/aidl_data.h>

#include <search.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Looked through one by one. */
#define FEW_KEYS 16

/* What key[] points into, and the tree to. */
struct key {
	size_t index;
	char text[];
};

static struct key *key_of(char *text)
{
	return (struct key *)(text - offsetof(struct key, text));
}

static void keep(void *key) {}

void aidl_data_clear(struct aidl_data *data)
{
	/* These own nothing. */
	if (data->kind <= AIDL_DATA_FLOATING) {
		*data = (struct aidl_data){ .kind = AIDL_DATA_NULL };
		return;
	}
	tdestroy(data->tree, keep);
	for (size_t i = 0; i < data->count; i++) {
		aidl_data_clear(&data->item[i]);
		if (data->kind == AIDL_DATA_MAP)
			free(key_of(data->key[i]));
	}
	free(data->item);
	free(data->key);
	free(data->text);
	if (data->kind == AIDL_DATA_BINDER)
		AIBinder_decStrong(data->binder);
	if (data->kind == AIDL_DATA_FILE)
		close(data->fd);
	*data = (struct aidl_data){ .kind = AIDL_DATA_NULL };
}

void aidl_data_set_boolean(struct aidl_data *data, bool value)
{
	aidl_data_clear(data);
	data->kind = AIDL_DATA_BOOLEAN;
	data->boolean = value;
}

void aidl_data_set_integer(struct aidl_data *data, int64_t value)
{
	aidl_data_clear(data);
	data->kind = AIDL_DATA_INTEGER;
	data->integer = value;
}

void aidl_data_set_floating(struct aidl_data *data, double value)
{
	aidl_data_clear(data);
	data->kind = AIDL_DATA_FLOATING;
	data->floating = value;
}

static bool set_text(struct aidl_data *data, enum aidl_data_kind kind, const void *text,
		     size_t length)
{
	char *copy = malloc(length + 1);

	if (copy) {
		if (length)
			memcpy(copy, text, length);
		copy[length] = '\0';
	}
	aidl_data_clear(data);
	if (!copy)
		return false;
	data->kind = kind;
	data->text = copy;
	data->length = length;
	return true;
}

bool aidl_data_set_string(struct aidl_data *data, const char *text, size_t length)
{
	return set_text(data, AIDL_DATA_STRING, text, length);
}

bool aidl_data_set_bytes(struct aidl_data *data, const void *bytes, size_t length)
{
	return set_text(data, AIDL_DATA_BYTES, bytes, length);
}

void aidl_data_set_list(struct aidl_data *data)
{
	aidl_data_clear(data);
	data->kind = AIDL_DATA_LIST;
}

void aidl_data_set_map(struct aidl_data *data)
{
	aidl_data_clear(data);
	data->kind = AIDL_DATA_MAP;
}

void aidl_data_set_binder(struct aidl_data *data, AIBinder *binder)
{
	AIBinder_incStrong(binder);
	aidl_data_clear(data);
	data->kind = AIDL_DATA_BINDER;
	data->binder = binder;
}

bool aidl_data_set_object(struct aidl_data *data, const char *words)
{
	return set_text(data, AIDL_DATA_OBJECT, words, strlen(words));
}

void aidl_data_set_file(struct aidl_data *data, int fd)
{
	aidl_data_clear(data);
	data->kind = AIDL_DATA_FILE;
	data->fd = fd;
}

/* Room for one more item, and for its key in a MAP. */
static bool make_room(struct aidl_data *data)
{
	size_t room = data->room ? data->room * 2 : 4;
	struct aidl_data *item;
	char **key;

	if (data->count < data->room)
		return true;
	item = reallocarray(data->item, room, sizeof(*item));
	if (!item)
		return false;
	data->item = item;
	if (data->kind == AIDL_DATA_MAP) {
		key = reallocarray(data->key, room, sizeof(*key));
		if (!key)
			return false;
		data->key = key;
	}
	data->room = room;
	return true;
}

struct aidl_data *aidl_data_append(struct aidl_data *list)
{
	if (!make_room(list))
		return NULL;
	list->item[list->count] = (struct aidl_data){ .kind = AIDL_DATA_NULL };
	return &list->item[list->count++];
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

static int compare_with_text(const void *text, const void *key)
{
	return strcmp(text, ((const struct key *)key)->text);
}

static struct aidl_data *find(const struct aidl_data *map, const char *text)
{
	struct key **node;

	if (map->tree) {
		node = tfind(text, &map->tree, compare_with_text);
		return node ? &map->item[(*node)->index] : NULL;
	}
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->key[i], text))
			return &map->item[i];
	return NULL;
}

/* All keys or none: who looks for one relies on it. */
static bool plant_tree(struct aidl_data *map)
{
	for (size_t i = 0; i < map->count; i++) {
		if (tsearch(key_of(map->key[i]), &map->tree, compare_keys))
			continue;
		tdestroy(map->tree, keep);
		map->tree = NULL;
		return false;
	}
	return true;
}

static bool add_to_tree(struct aidl_data *map, struct key *key)
{
	if (map->count < FEW_KEYS)
		return true;
	return (map->tree || plant_tree(map)) && tsearch(key, &map->tree, compare_keys);
}

struct aidl_data *aidl_data_put(struct aidl_data *map, const char *text)
{
	struct aidl_data *item = find(map, text);
	size_t size = strlen(text) + 1;
	struct key *key;

	if (item)
		return item;
	key = malloc(sizeof(*key) + size);
	if (!key)
		return NULL;
	key->index = map->count;
	memcpy(key->text, text, size);
	if (!make_room(map) || !add_to_tree(map, key)) {
		free(key);
		return NULL;
	}
	map->key[map->count] = key->text;
	map->item[map->count] = (struct aidl_data){ .kind = AIDL_DATA_NULL };
	return &map->item[map->count++];
}

const struct aidl_data *aidl_data_get(const struct aidl_data *map, const char *key)
{
	return map->kind == AIDL_DATA_MAP ? find(map, key) : NULL;
}

/* ---- enums ---------------------------------------------------------------------- */

/* Bits that names of one bit each make up. */
static int64_t named_bits(const struct aidl_declaration *declaration, int64_t number)
{
	int64_t bits = 0;

	for (const struct aidl_constant *c = declaration->constants; c; c = c->next) {
		uint64_t value = (uint64_t)c->value.integer;

		if (value && !(value & (value - 1)) && (number & c->value.integer))
			bits |= c->value.integer;
	}
	return bits;
}

bool aidl_enum_print(const struct aidl_declaration *declaration, int64_t number, FILE *out)
{
	const char *before = "";

	for (const struct aidl_constant *c = declaration->constants; c; c = c->next) {
		if (c->value.integer == number) {
			fputs(c->name, out);
			return true;
		}
	}
	if (!number || named_bits(declaration, number) != number)
		return false;
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next) {
		uint64_t value = (uint64_t)c->value.integer;

		if (value && !(value & (value - 1)) && (number & c->value.integer)) {
			fprintf(out, "%s%s", before, c->name);
			before = "|";
			number &= ~c->value.integer;
		}
	}
	return true;
}

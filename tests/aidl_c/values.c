/* SPDX-License-Identifier: MIT */
/*
 * values.c: random values of AIDL types; the same seed gives the same.
 */
#include "values.h"

#include <fcntl.h>
#include <string.h>

static uint64_t state;

void values_seed(uint64_t seed)
{
	state = seed;
}

unsigned values_pick(unsigned below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % below;
}

AIBinder *values_binder;
struct aidl_library *values_library;

/* What type parameters are, in the fields of a type with arguments. */
struct box {
	const struct aidl_type *type;
	const struct box *outer;
};

static void make(const struct aidl_type *type, struct aidl_data *data, const struct box *box,
		 unsigned depth);

static void make_items(const struct aidl_type *element, size_t count, struct aidl_data *data,
		       const struct box *box, unsigned depth)
{
	aidl_data_set_list(data);
	for (size_t i = 0; i < count; i++)
		make(element, aidl_data_append(data), box, depth + 1);
}

static void make_string(struct aidl_data *data)
{
	static const char *const pieces[] = {
		"a", "Z", " ", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "0", "\n"
	};
	char text[64] = "";

	for (unsigned i = values_pick(8); i; i--)
		strcat(text, pieces[values_pick(8)]);
	aidl_data_set_string(data, text, strlen(text));
}

/* In the order of their keys, as Lua writes them. */
static void make_map(const struct aidl_type *type, struct aidl_data *data, const struct box *box,
		     unsigned depth)
{
	static const char *const keys[] = { "", "a key", "b\"\n", "k1", "k2", "z\xc3\xa4" };

	aidl_data_set_map(data);
	for (unsigned i = 0; i < 6 && depth <= 6; i++)
		if (values_pick(3) == 0)
			make(type->argument[1], aidl_data_put(data, keys[i]), box, depth + 1);
}

static void make_structure(const struct aidl_type *type, struct aidl_data *data,
			   const struct box *box, unsigned depth)
{
	const struct aidl_declaration *declaration = type->declaration;
	const struct box inside = { type, box };
	unsigned fields = 0, chosen;

	aidl_data_set_map(data);
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		fields++;
	chosen = fields ? values_pick(fields) : 0;
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		if (declaration->kind == AIDL_PARCELABLE || chosen-- == 0)
			make(f->type, aidl_data_put(data, f->name), &inside, depth + 1);
}

/* Any parcelable of random.c's; no deeper than is needed, for each may hold each. */
static void make_held(struct aidl_data *data, unsigned depth)
{
	static const char *const names[] = { "r.T1", "r.T4", "r.T7" };
	const char *name = names[values_pick(3)];
	struct aidl_type type = { .kind = AIDL_PARCELABLE, .size = -1 };
	struct aidl_data fields = { 0 };
	struct aidl_data *item;

	aidl_data_clear(data);
	if (depth > 4 || values_pick(3) == 0 ||
	    aidl_library_find(values_library, name, &type.declaration) != STATUS_OK)
		return;
	make_structure(&type, &fields, NULL, depth);
	aidl_data_set_map(data);
	aidl_data_set_string(aidl_data_put(data, "@type"), name, strlen(name));
	for (size_t i = 0; i < fields.count; i++) {
		item = aidl_data_put(data, fields.key[i]);
		*item = fields.item[i];
		fields.item[i] = (struct aidl_data){ .kind = AIDL_DATA_NULL };
	}
	aidl_data_clear(&fields);
}

static int64_t make_integer(const struct aidl_type *type)
{
	enum aidl_kind kind = type->kind;
	int64_t number = (int64_t)((uint64_t)values_pick(1u << 31) << 33 |
				   (uint64_t)values_pick(1u << 31) << 2);

	if (kind == AIDL_ENUM)
		kind = type->declaration->backing ? type->declaration->backing->kind : AIDL_BYTE;
	return kind == AIDL_BYTE ? (int8_t)(number >> 40) :
	       kind == AIDL_INT  ? (int32_t)(number >> 20) :
	       kind == AIDL_CHAR ? (number >> 40 & 0x7fff) :
				   number;
}

/* What a type is there, and which box it is to be seen from. */
static const struct aidl_type *given_type(const struct aidl_type *type, const struct box **box)
{
	while (type->kind == AIDL_TYPE_PARAMETER) {
		unsigned i = 0;

		while (strcmp((*box)->type->declaration->parameter[i], type->name) != 0)
			i++;
		type = (*box)->type->argument[i];
		*box = (*box)->outer;
	}
	return type;
}

static void make(const struct aidl_type *type, struct aidl_data *data, const struct box *box,
		 unsigned depth)
{
	bool nullable = type->nullable;

	type = given_type(type, &box);
	/* Numbers are never null, also where a type parameter may be. */
	nullable = (nullable && type->kind >= AIDL_STRING && type->kind != AIDL_ENUM) ||
		   type->nullable;
	if (nullable && (depth > 6 || values_pick(3) == 0)) {
		aidl_data_clear(data);
		return;
	}
	switch (type->kind) {
	case AIDL_BOOLEAN:
		aidl_data_set_boolean(data, values_pick(2));
		break;
	case AIDL_FLOAT:
	case AIDL_DOUBLE:
		aidl_data_set_floating(data, (double)values_pick(1000) / 8 - 60);
		break;
	case AIDL_STRING:
		make_string(data);
		break;
	case AIDL_IBINDER:
		aidl_data_set_binder(data, values_binder);
		break;
	case AIDL_PARCEL_FILE_DESCRIPTOR:
		aidl_data_set_file(data, open("/dev/null", O_RDONLY | O_CLOEXEC));
		break;
	case AIDL_ARRAY:
		make_items(type->element,
			   type->size >= 0 ? (size_t)type->size :
			   depth > 6       ? 0 :
					     values_pick(4),
			   data, box, depth);
		break;
	case AIDL_LIST:
		make_items(type->argument[0], depth > 6 ? 0 : values_pick(4), data, box, depth);
		break;
	case AIDL_MAP:
		make_map(type, data, box, depth);
		break;
	case AIDL_PARCELABLE:
	case AIDL_UNION:
		make_structure(type, data, box, depth);
		break;
	case AIDL_PARCELABLE_HOLDER:
		make_held(data, depth);
		break;
	default:
		aidl_data_set_integer(data, make_integer(type));
	}
}

void values_arguments(const struct aidl_method *method, struct aidl_data *data)
{
	aidl_data_set_map(data);
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		if (a->direction & AIDL_IN)
			make(a->type, aidl_data_put(data, a->name), NULL, 0);
		else if (a->type->kind == AIDL_ARRAY && a->type->size < 0)
			aidl_data_set_integer(aidl_data_put(data, a->name), values_pick(5));
	}
}

void values_reply(const struct aidl_method *method, struct aidl_data *data)
{
	aidl_data_set_map(data);
	if (method->returns->kind != AIDL_VOID)
		make(method->returns, aidl_data_put(data, "return"), NULL, 0);
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			make(a->type, aidl_data_put(data, a->name), NULL, 0);
}

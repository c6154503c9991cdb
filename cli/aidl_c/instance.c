/* SPDX-License-Identifier: MIT */
/*
 * instance.c: Box<String> as a structure of its own, Box_of_String.
 *
 * Used by every file of the layer that asks which structure a type is.  Where
 * Box<T> is declared nobody knows what it will be used for; so each document
 * that uses a Box<String> brings it along, and the linker keeps one.
 */
#include "aidl_c.h"

#include <string.h>

struct c_instance {
	struct aidl_declaration declaration; /* as if it had been written for these types */
	struct c_instance *next;
	bool carried;
};

/* ---- names ------------------------------------------------------------------------ */

static const char *argument_name(struct generator *g, const struct aidl_type *type)
{
	const char *name = type->name;

	if (type->kind == AIDL_ARRAY)
		name = type->size < 0 ? c_keep(g, "%s_array", argument_name(g, type->element)) :
					c_keep(g, "%s_array_%d", argument_name(g, type->element),
					       (int)type->size);
	else if (type->declaration)
		name = c_structure_name(g, type);
	else if (type->arguments)
		name = c_keep(g, "%s_of_%s", name,
			      argument_name(g, type->argument[type->arguments - 1]));
	return c_keep(g, "%s%s", type->nullable ? "nullable_" : "", name);
}

static const char *instance_name(struct generator *g, const struct aidl_type *type)
{
	const char *name = c_type_name(g, type->declaration);

	for (unsigned i = 0; i < type->arguments; i++)
		name = c_keep(g, "%s_%s_%s", name, i ? "and" : "of",
			      argument_name(g, type->argument[i]));
	return name;
}

/* ---- types without parameters ------------------------------------------------------- */

static struct aidl_type *copy_of(struct generator *g, const struct aidl_type *type)
{
	struct aidl_type *copy = c_keep_bytes(g, sizeof(*copy));

	if (copy)
		*copy = *type;
	return copy;
}

static const struct aidl_type *argument_for(struct generator *g, const struct aidl_type *type,
					    const struct aidl_type *box)
{
	const struct aidl_type *argument = type;
	struct aidl_type *copy;

	for (unsigned i = 0; i < box->arguments; i++)
		if (!strcmp(box->declaration->parameter[i], type->name))
			argument = box->argument[i];
	if (!type->nullable || argument->nullable || argument->kind < AIDL_STRING ||
	    argument->kind == AIDL_ENUM)
		return argument;
	copy = copy_of(g, argument);
	if (!copy)
		return argument;
	copy->nullable = true;
	return copy;
}

/* What a type that is written in the box's declaration is in this box. */
static const struct aidl_type *fill_in(struct generator *g, const struct aidl_type *type,
				       const struct aidl_type *box)
{
	struct aidl_type *copy;

	if (type->kind == AIDL_TYPE_PARAMETER)
		return argument_for(g, type, box);
	if (type->kind != AIDL_ARRAY && !type->arguments)
		return type;
	copy = copy_of(g, type);
	if (!copy)
		return type;
	if (type->kind == AIDL_ARRAY)
		copy->element = fill_in(g, type->element, box);
	for (unsigned i = 0; i < type->arguments; i++)
		copy->argument[i] = fill_in(g, type->argument[i], box);
	return copy;
}

static const struct aidl_field *fill_in_fields(struct generator *g, const struct aidl_type *box)
{
	const struct aidl_field *first = NULL, **last = &first;

	for (const struct aidl_field *f = box->declaration->fields; f; f = f->next) {
		struct aidl_field *field = c_keep_bytes(g, sizeof(*field));

		if (!field)
			break;
		*field = *f;
		field->next = NULL;
		field->type = fill_in(g, f->type, box);
		*last = field;
		last = &field->next;
	}
	return first;
}

/* ---- instances ------------------------------------------------------------------------ */

static struct c_instance *instance_of(struct generator *g, const struct aidl_type *type)
{
	const char *name = instance_name(g, type);
	struct c_instance *i = g->instances;

	while (i && strcmp(i->declaration.name, name))
		i = i->next;
	if (i)
		return i;
	i = c_keep_bytes(g, sizeof(*i));
	if (!i)
		return NULL;
	*i = (struct c_instance){
		.declaration = {
			.kind = type->declaration->kind,
			.name = name,
			.qualified = type->declaration->qualified,
			.comment = type->declaration->comment,
			.at = type->declaration->at,
			.vintf = type->declaration->vintf,
		},
		.next = g->instances,
	};
	g->instances = i;
	g->instance_count++;
	i->declaration.fields = fill_in_fields(g, type);
	return i;
}

const struct aidl_declaration *c_structure(struct generator *g, const struct aidl_type *type)
{
	struct c_instance *instance;

	if (!type->declaration || !type->arguments)
		return type->declaration;
	instance = instance_of(g, type);
	return instance ? &instance->declaration : type->declaration;
}

const char *c_structure_name(struct generator *g, const struct aidl_type *type)
{
	return c_type_name(g, c_structure(g, type));
}

bool c_is_instance(const struct generator *g, const struct aidl_declaration *declaration)
{
	for (const struct c_instance *i = g->instances; i; i = i->next)
		if (&i->declaration == declaration)
			return true;
	return false;
}

bool c_instance_first_time(struct generator *g, const struct aidl_declaration *declaration)
{
	for (struct c_instance *i = g->instances; i; i = i->next) {
		if (&i->declaration == declaration && !i->carried) {
			i->carried = true;
			return true;
		}
	}
	return false;
}

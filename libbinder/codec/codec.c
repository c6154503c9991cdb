/* SPDX-License-Identifier: MIT */
/*
 * codec.c: where a walk over a value is, and what types mean there.
 *
 * Called by write*.c, read*.c and method.c.
 */
#include "codec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- places ----------------------------------------------------------------------- */

static size_t print_place(const struct place *place, char *text, size_t size)
{
	size_t used = place->outer ? print_place(place->outer, text, size) : 0;
	int more;

	if (used >= size)
		return used;
	if (place->name)
		more = snprintf(text + used, size - used, "%s%s", used ? "." : "", place->name);
	else
		more = snprintf(text + used, size - used, "[%zu]",
				place->index + place->codec->first_index);
	return used + (more > 0 ? (size_t)more : 0);
}

binder_status_t place_fail(const struct place *place, binder_status_t status, const char *format,
			   ...)
{
	char *text = place->codec->error;
	size_t size = sizeof(place->codec->error);
	size_t used = print_place(place, text, size / 2);
	va_list arguments;

	if (used >= size / 2) { /* the end of a deep place says less than its beginning */
		used = size / 2 - 1;
		memcpy(text + used - 3, "...", 3);
	}
	used += (size_t)snprintf(text + used, size - used, ": ");
	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
	return status;
}

binder_status_t place_check(const struct place *place, binder_status_t status)
{
	if (status == STATUS_OK)
		return status;
	if (status == STATUS_NOT_ENOUGH_DATA)
		return place_fail(place, status, "the parcel ends before it");
	return place_fail(place, status, "%s", ABinder_statusName(status));
}

struct place place_field(const struct place *outer, const char *name)
{
	struct place place = *outer;

	place.outer = outer;
	place.name = name;
	place.depth = outer->depth + 1;
	return place;
}

struct place place_item(const struct place *outer, size_t index)
{
	struct place place = place_field(outer, NULL);

	place.index = index;
	return place;
}

/* ---- types -------------------------------------------------------------------------- */

const struct aidl_type *codec_type(struct place *place, const struct aidl_type *type)
{
	while (type && type->kind == AIDL_TYPE_PARAMETER) {
		const struct aidl_type *boxed = place->boxed;
		unsigned i = 0;

		if (!boxed)
			return NULL;
		while (i < boxed->arguments &&
		       strcmp(boxed->declaration->parameter[i], type->name) != 0)
			i++;
		if (i == boxed->arguments)
			return NULL;
		/* Which may be a parameter itself, of what is around. */
		type = boxed->argument[i];
		place->boxed = place->box ? place->box->boxed : NULL;
		place->box = place->box ? place->box->box : NULL;
	}
	return type;
}

enum aidl_kind codec_scalar_kind(const struct aidl_type *type)
{
	if (type->kind == AIDL_ENUM)
		return type->declaration->backing ? type->declaration->backing->kind : AIDL_BYTE;
	return type->kind;
}

const char *codec_type_name(const struct aidl_type *type, char *buffer, size_t size)
{
	FILE *out = fmemopen(buffer, size, "w");

	if (!out)
		return "that type";
	aidl_type_print(type, type->declaration, out);
	fclose(out);
	buffer[size - 1] = '\0';
	return buffer;
}

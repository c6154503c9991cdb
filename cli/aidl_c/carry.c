/* SPDX-License-Identifier: MIT */
/*
 * carry.c: says what C has nothing for, before a line is written.
 *
 * Called by file.c for each declaration of a document; reports into the library.
 */
#include "aidl_c.h"

#include <string.h>

static bool refuse(struct generator *g, const struct aidl_type *type, const char *hint,
		   const char *message)
{
	unsigned width = type->name ? (unsigned)strlen(type->name) : 1;

	aidl_library_report(g->library, type->at, width, message, hint);
	return false;
}

static bool carry_type(struct generator *g, const struct aidl_type *type, bool inside)
{
	const struct aidl_type *element = c_element(type);

	switch (c_shape(type)) {
	case C_STRUCT:
		if (type->declaration->parameters)
			return refuse(g, type, "write a parcelable for each type that is needed",
				      "C has no parcelables with type parameters");
		return true;
	case C_FIXED:
		if (type->nullable)
			return refuse(g, type, "put it into a parcelable, which may be null",
				      "in C, an array of fixed size cannot be null");
		if (!c_fixed_size(type))
			return refuse(g, type, "use an array without a size",
				      "in C, an array of fixed size has at most 4096 items");
		return carry_type(g, element, true);
	case C_ARRAY:
		if (inside)
			return refuse(g, type, "put it into a parcelable",
				      "C has no lists or maps of lists");
		return carry_type(g, element, true);
	case C_MAP:
		if (inside)
			return refuse(g, type, "put it into a parcelable",
				      "C has no lists or maps of maps");
		return carry_type(g, c_held(type), true);
	case C_TEXT:
		if (inside)
			return refuse(g, type, "use String",
				      "C has no lists or maps of CharSequence");
		return true;
	case C_NOTHING:
		if (type->kind == AIDL_LIST)
			return refuse(g, type, "write List<String> or whatever it holds",
				      "C has nothing for a List without a type");
		if (type->kind == AIDL_MAP)
			return refuse(g, type, "write Map<String, String> or whatever it holds",
				      "a Map without types is Java's alone");
		if (type->kind == AIDL_OPAQUE)
			return refuse(g, type, NULL,
				      "nothing is known about what is in this parcelable");
		return refuse(g, type, NULL, "C has nothing for this type");
	default:
		return true;
	}
}

static bool carry_members(struct generator *g, const struct aidl_declaration *declaration)
{
	bool good = true;

	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		good &= carry_type(g, f->type, false);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		good &= carry_type(g, m->returns, false);
		for (const struct aidl_field *a = m->arguments; a; a = a->next)
			good &= carry_type(g, a->type, false);
	}
	return good;
}

bool c_carry(struct generator *g, const struct aidl_declaration *declaration)
{
	unsigned width = (unsigned)strlen(declaration->name);
	bool good = true;

	if (declaration->kind == AIDL_OPAQUE) {
		aidl_library_report(g->library, declaration->at, width,
				    "nothing is known about what is in this parcelable",
				    "give it fields in braces, or leave the file out");
		good = false;
	} else if (declaration->parameters) {
		aidl_library_report(g->library, declaration->at, width,
				    "C has no parcelables with type parameters", NULL);
		good = false;
	} else {
		good = carry_members(g, declaration);
	}
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		good &= c_carry(g, d);
	return good;
}

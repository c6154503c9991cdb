/* SPDX-License-Identifier: MIT */
/*
 * carry.c: says what C has nothing for, before a line is written.
 *
 * Called by file.c for each declaration of a document; reports into the library.
 */
#include "aidl_c.h"

#include <stdlib.h>
#include <string.h>

static bool refuse(struct generator *g, const struct aidl_type *type, const char *hint,
		   const char *message)
{
	unsigned width = type->name ? (unsigned)strlen(type->name) : 1;

	aidl_library_report(g->library, type->at, width, message, hint);
	return false;
}

static bool refuse_held(struct generator *g, const struct aidl_type *holder)
{
	return refuse(g, holder, "put it into a parcelable",
		      "in C, a ParcelableHolder can be a field, nothing else");
}

/* Another file of ours, or one that cannot be named in a #include. */
static bool is_bad_header(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *header = declaration->ndk_header;

	for (const char *s = header; *s; s++)
		if (*s <= ' ' || *s > '~' || strchr("<>\"\\", *s))
			return true;
	return !*header || !strcmp(header, c_keep(g, "%s.h", c_base_path(g, declaration)));
}

/* At the place of its name, wherever that stands. */
static bool carry_opaque(struct generator *g, const struct aidl_declaration *declaration,
			 struct aidl_position at, unsigned width)
{
	const char *name = declaration->name;
	const char *write =
		c_keep(g, "write: parcelable %s ndk_header \"%s_parcelable.h\";", name, name);

	if (!declaration->ndk_header)
		aidl_library_report(
			g->library, at, width,
			c_keep(g, "what is in %s is not in AIDL, and no ndk_header has C for it",
			       name),
			declaration->cpp_header ? c_keep(g, "a cpp_header is for C++; %s", write) :
						  write);
	else if (is_bad_header(g, declaration))
		aidl_library_report(
			g->library, at, width,
			c_keep(g,
			       "\"%s\" cannot be the header of %s: it is no name, or that of "
			       "the file that is written for this one",
			       declaration->ndk_header, name),
			write);
	else
		return true;
	return false;
}

static bool carry_members(struct generator *g, const struct aidl_declaration *declaration);

static bool is_carried(const struct generator *g, const struct aidl_declaration *first)
{
	for (size_t i = 0; i < g->carried.count; i++)
		if (g->carried.item[i] == first)
			return true;
	return first == g->first;
}

/* The header that a type is in: it is made only if C has all that is in its document. */
static bool carry_document(struct generator *g, const struct aidl_declaration *declaration)
{
	const struct aidl_declaration *first = c_first_of(g, declaration), **larger;
	const struct aidl_declaration *d = NULL;
	bool good = true;

	if (is_carried(g, first))
		return true;
	larger = reallocarray(g->carried.item, g->carried.count + 1, sizeof(*larger));
	if (!larger) {
		g->no_memory = true;
		return false;
	}
	g->carried.item = larger;
	g->carried.item[g->carried.count++] = first;
	while ((d = aidl_library_next(g->library, d)))
		if (d->at.document == first->at.document)
			good &= c_carry(g, d);
	return good;
}

static bool carry_structure(struct generator *g, const struct aidl_type *type)
{
	/* Grow<T> { @nullable Grow<Grow<T>> more; } */
	static const unsigned most = 200;
	const struct aidl_declaration *structure;

	if (type->kind == AIDL_OPAQUE && type->declaration->at.document != g->first->at.document)
		return carry_opaque(g, type->declaration, type->at, (unsigned)strlen(type->name)) &&
		       carry_document(g, type->declaration);
	if (!carry_document(g, type->declaration))
		return false;
	if (g->refused)
		return false; /* once is enough */
	g->refused = g->instance_count >= most;
	if (g->refused)
		return refuse(g, type, "write a parcelable for each type that is needed",
			      "this needs more and more types");
	for (unsigned i = 0; i < type->arguments; i++)
		if (c_shape(type->argument[i]) == C_HOLDER)
			return refuse_held(g, type->argument[i]);
	structure = c_structure(g, type);
	return !c_instance_first_time(g, structure) || carry_members(g, structure);
}

static bool carry_type(struct generator *g, const struct aidl_type *type, bool inside)
{
	const struct aidl_type *element = c_element(type);

	switch (c_shape(type)) {
	case C_NUMBER:
		return type->kind != AIDL_ENUM || carry_document(g, type->declaration);
	case C_STRUCT:
		return carry_structure(g, type);
	case C_FIXED:
		if (inside)
			return refuse(g, type, "put it into a parcelable",
				      "C has no lists or maps of arrays");
		if (type->nullable)
			return refuse(g, type, "put it into a parcelable, which may be null",
				      "in C, an array of fixed size cannot be null");
		if (!c_fixed_size(type))
			return refuse(g, type, "use an array without a size",
				      "in C, an array of fixed size has at most 4096 items");
		return carry_type(g, element, true);
	case C_ARRAY:
		if (inside || (type->kind == AIDL_ARRAY && type->element->kind == AIDL_ARRAY))
			return refuse(g, type, "put it into a parcelable",
				      "C has no lists or maps of lists");
		return carry_type(g, element, true);
	case C_MAP:
		if (inside)
			return refuse(g, type, "put it into a parcelable",
				      "C has no lists or maps of maps");
		return carry_type(g, c_held(type), true);
	case C_HOLDER:
		if (inside)
			return refuse_held(g, type);
		return true;
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

	if (declaration->parameters && declaration->kind == AIDL_OPAQUE) {
		aidl_library_report(g->library, declaration->at, width,
				    "what is written by hand cannot have type parameters in C",
				    "write a parcelable for each type that is needed");
		good = false;
	} else if (declaration->by_name) {
		aidl_library_report(g->library, declaration->at, width,
				    c_keep(g, "the methods of %s are not in this file",
					   declaration->name),
				    "give the file that has them");
		good = false;
	} else if (declaration->parameters) {
		/* Its instances are looked at where they are used. */
	} else if (declaration->kind == AIDL_OPAQUE && !declaration->nested) {
		good = carry_opaque(g, declaration, declaration->at, width);
	} else {
		good = carry_members(g, declaration);
	}
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		good &= c_carry(g, d);
	return good;
}

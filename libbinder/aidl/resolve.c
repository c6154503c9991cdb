/* SPDX-License-Identifier: MIT */
/*
 * resolve.c: which declaration a name means.
 *
 * Called by library.c for each new document, once it and what it imports are
 * read.  A name is looked for where it stands and further out, among the
 * imports, in the package, and as a whole.
 */
#include "internal.h"

#include <string.h>

/* Every union has an enum of its fields, which nobody writes down: made when it is asked for. */
static const struct aidl_declaration *tag_of(struct aidl_library *library,
					     const struct aidl_declaration *declaration)
{
	bool small = aidl_annotation_find(declaration->annotations, "FixedSize");
	struct aidl_declaration *tag = arena_new(&library->arena, struct aidl_declaration);
	struct aidl_type *backing = arena_new(&library->arena, struct aidl_type);
	const struct aidl_constant **last = &tag->constants;
	int64_t number = 0;

	backing->kind = small ? AIDL_BYTE : AIDL_INT;
	backing->name = aidl_builtin_name(backing->kind);
	backing->size = -1;
	tag->kind = AIDL_ENUM;
	tag->name = "Tag";
	tag->qualified = arena_print(&library->arena, "%s.Tag", declaration->qualified);
	tag->descriptor = tag->qualified;
	tag->outer = declaration;
	tag->at = declaration->at;
	tag->backing = backing;
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		struct aidl_constant *constant = arena_new(&library->arena, struct aidl_constant);

		constant->name = f->name;
		constant->at = f->at;
		constant->type = backing;
		constant->value = (struct aidl_value){
			.kind = AIDL_VALUE_INTEGER,
			.integer = number++,
		};
		*last = constant;
		last = &constant->next;
	}
	tag->next = declaration->nested;
	AIDL_OWN(declaration)->nested = tag;
	return tag;
}

/* The nested declaration that "B.C" means inside of declaration, NULL. */
static const struct aidl_declaration *
descend(struct aidl_library *library, const struct aidl_declaration *declaration, const char *path)
{
	while (declaration && *path) {
		size_t length = strcspn(path, ".");
		const struct aidl_declaration *nested;

		for (nested = declaration->nested; nested; nested = nested->next)
			if (strlen(nested->name) == length && !strncmp(nested->name, path, length))
				break;
		if (!nested && declaration->kind == AIDL_UNION && length == 3 &&
		    !strncmp(path, "Tag", length))
			nested = tag_of(library, declaration);
		declaration = nested;
		path += length;
		if (*path == '.')
			path++;
	}
	return declaration;
}

static const char *rest_of(const char *name, size_t first)
{
	return name[first] ? name + first + 1 : "";
}

static const struct aidl_declaration *
among_imports(struct aidl_library *library, const struct aidl_document *document, const char *name)
{
	size_t first = strcspn(name, ".");

	for (const struct aidl_import *i = document->imports; i; i = i->next) {
		const char *last = strrchr(i->name, '.');

		last = last ? last + 1 : i->name;
		if (strlen(last) == first && !strncmp(last, name, first)) {
			const struct aidl_declaration *found = aidl_lookup(library, i->name);

			if (found)
				return descend(library, found, rest_of(name, first));
		}
	}
	return NULL;
}

static const struct aidl_declaration *in_scope(struct aidl_library *library,
					       const struct aidl_document *document,
					       const struct aidl_declaration *scope,
					       const char *name)
{
	size_t first = strcspn(name, ".");

	for (; scope; scope = scope->outer) {
		const struct aidl_declaration *found;

		if (strlen(scope->name) == first && !strncmp(scope->name, name, first)) {
			found = descend(library, scope, rest_of(name, first));
			if (found)
				return found;
		}
		found = descend(library, scope, name);
		if (found)
			return found;
	}
	for (const struct aidl_declaration *d = document->declarations; d; d = d->next)
		if (strlen(d->name) == first && !strncmp(d->name, name, first))
			return descend(library, d, rest_of(name, first));
	return NULL;
}

/* A whole name; that of a union's Tag, which is in no file, too. */
static const struct aidl_declaration *by_whole_name(struct aidl_library *library, const char *name)
{
	const struct aidl_declaration *found = aidl_lookup(library, name);
	const char *last = strrchr(name, '.');

	if (found || !last || strcmp(last, ".Tag") != 0)
		return found;
	found = aidl_lookup(library, arena_text(&library->arena, name, (size_t)(last - name)));
	return found ? descend(library, found, last + 1) : NULL;
}

/* Types of a platform may be named without an import and without their package. */
static const struct aidl_declaration *of_the_platform(struct aidl_library *library,
						      const char *name)
{
	size_t first = strcspn(name, ".");

	for (const struct aidl_document *d = library->documents; d; d = d->next) {
		if (!d->preprocessed)
			continue;
		for (const struct aidl_declaration *e = d->declarations; e; e = e->next)
			if (strlen(e->name) == first && !strncmp(e->name, name, first))
				return descend(library, e, rest_of(name, first));
	}
	return NULL;
}

const struct aidl_declaration *aidl_resolve_name(struct aidl_library *library,
						 const struct aidl_document *document,
						 const struct aidl_declaration *scope,
						 const char *name)
{
	const struct aidl_declaration *found = in_scope(library, document, scope, name);

	if (!found)
		found = among_imports(library, document, name);
	if (!found && *document->package)
		found = by_whole_name(library, arena_print(&library->arena, "%s.%s",
							   document->package, name));
	if (!found)
		found = by_whole_name(library, name);
	return found ? found : of_the_platform(library, name);
}

/* ---- types ------------------------------------------------------------------------- */

struct place {
	struct aidl_library *library;
	const struct aidl_document *document;
	struct aidl_declaration *scope;
};

static bool is_type_parameter(const struct aidl_declaration *scope, const char *name)
{
	for (unsigned i = 0; i < scope->parameters; i++)
		if (!strcmp(scope->parameter[i], name))
			return true;
	return false;
}

static const char *import_of(const struct aidl_document *document, const char *name)
{
	for (const struct aidl_import *i = document->imports; i; i = i->next) {
		const char *last = strrchr(i->name, '.');

		if (last && !strcmp(last + 1, name))
			return i->name;
	}
	return NULL;
}

static void not_found(struct place *place, const struct aidl_type *type)
{
	const char *import = import_of(place->document, type->name);

	if (place->scope->kind != AIDL_INTERFACE) /* its other methods can be used */
		place->scope->broken = true;
	if (import) /* that it cannot be imported was said there */
		return;
	aidl_report(place->library, type->at, (unsigned)strlen(type->name),
		    place->library->directories ?
			    "import it, or add the directory that its package lies in" :
			    "import it, and say where the files are (-I DIRECTORY)",
		    "there is no type %s", type->name);
}

/* @nullable, of this type and of its elements. */
static void apply_annotations(struct aidl_type *type, const struct aidl_annotation *annotations)
{
	const struct aidl_annotation *nullable = aidl_annotation_find(annotations, "nullable");

	if (!nullable)
		return;
	type->nullable = true;
	for (const struct aidl_parameter *p = nullable->parameters; p; p = p->next)
		if (!strcmp(p->name, "heap") && p->expression->kind == EXPRESSION_VALUE)
			type->heap = p->expression->value.integer;
}

static bool can_be_null(enum aidl_kind kind)
{
	return kind >= AIDL_STRING && kind != AIDL_ENUM;
}

static void resolve_type(struct place *place, const struct aidl_type *constant);

/* What is said of a container is said of what it holds: @nullable String[]. */
static void resolve_inside(struct place *place, const struct aidl_type *container,
			   const struct aidl_type *constant)
{
	struct aidl_type *inside = AIDL_OWN(constant);

	if (!inside->annotations)
		inside->annotations = container->annotations;
	resolve_type(place, inside);
	if (!can_be_null(inside->kind))
		inside->nullable = false;
}

static void resolve_type(struct place *place, const struct aidl_type *constant)
{
	struct aidl_type *type = AIDL_OWN(constant);

	apply_annotations(type, type->annotations);
	if (type->kind == AIDL_ARRAY) {
		resolve_inside(place, type, type->element);
		return;
	}
	type->kind = aidl_builtin(type->name);
	if (type->kind == AIDL_UNKNOWN && import_of(place->document, type->name))
		type->kind = aidl_builtin(import_of(place->document, type->name));
	for (unsigned i = 0; i < type->arguments; i++) {
		if (type->kind == AIDL_UNKNOWN)
			resolve_type(place, type->argument[i]);
		else
			resolve_inside(place, type, type->argument[i]);
	}
	if (type->kind != AIDL_UNKNOWN) {
		type->name = aidl_builtin_name(type->kind);
		return;
	}
	for (const struct aidl_declaration *d = place->scope; d; d = d->outer) {
		if (is_type_parameter(d, type->name)) {
			type->kind = AIDL_TYPE_PARAMETER;
			return;
		}
	}
	place->library->asking = type->at;
	type->declaration =
		aidl_resolve_name(place->library, place->document, place->scope, type->name);
	if (!type->declaration) {
		not_found(place, type);
		return;
	}
	type->kind = type->declaration->kind;
	type->name = type->declaration->qualified;
}

static void resolve_backing(struct place *place)
{
	struct aidl_declaration *declaration = place->scope;
	const struct aidl_annotation *backing =
		aidl_annotation_find(declaration->annotations, "Backing");
	struct aidl_type *type;

	if (declaration->backing)
		return; /* a union's Tag */
	type = arena_new(&place->library->arena, struct aidl_type);
	type->kind = AIDL_BYTE;
	type->at = declaration->at;
	if (backing) {
		const struct aidl_parameter *p = backing->parameters;

		for (; p && strcmp(p->name, "type"); p = p->next)
			;
		type->kind = p && p->expression->kind == EXPRESSION_VALUE &&
					     p->expression->value.kind == AIDL_VALUE_STRING ?
				     aidl_builtin(p->expression->value.string) :
				     AIDL_UNKNOWN;
		if (type->kind != AIDL_BYTE && type->kind != AIDL_INT && type->kind != AIDL_LONG) {
			aidl_report(place->library, backing->at, 8, "write @Backing(type=\"int\")",
				    "an enum can be backed by byte, int or long alone");
			declaration->broken = true;
			type->kind = AIDL_INT;
		}
	}
	type->name = aidl_builtin_name(type->kind);
	declaration->backing = type;
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		AIDL_OWN(c)->type = type;
}

static void resolve_declaration(struct aidl_library *library, const struct aidl_document *document,
				const struct aidl_declaration *declaration)
{
	struct place place = { library, document, AIDL_OWN(declaration) };

	if (declaration->kind == AIDL_ENUM)
		resolve_backing(&place);
	else
		for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
			resolve_type(&place, c->type);
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		resolve_type(&place, f->type);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		resolve_type(&place, m->returns);
		for (const struct aidl_field *a = m->arguments; a; a = a->next)
			resolve_type(&place, a->type);
	}
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		resolve_declaration(library, document, d);
}

void aidl_resolve(struct aidl_library *library, struct aidl_document *document)
{
	document->resolved = true;
	for (const struct aidl_import *i = document->imports; i; i = i->next) {
		library->asking = i->at;
		if (!aidl_is_known_import(i->name) && !by_whole_name(library, i->name))
			aidl_report(library, i->at, (unsigned)strlen(i->name),
				    library->directories ?
					    "it is in none of the directories to search" :
					    "say where the files are (-I DIRECTORY)",
				    "%s is not found", i->name);
	}
	for (const struct aidl_declaration *d = document->declarations; d; d = d->next)
		resolve_declaration(library, document, d);
}

/* SPDX-License-Identifier: MIT */
/*
 * file.c: a document's header and source, put together.
 *
 * Called by cli/aidl.c; everything is made in memory, so that an error leaves
 * nothing behind.
 */
#include "aidl_c.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void c_file_clear(struct c_file *file)
{
	free(file->path);
	free(file->text);
	*file = (struct c_file){ 0 };
}

static void print_guard(struct generator *g, const char *path)
{
	/* a/b_c.h is not a_b/c.h, nor A/b_c.h. */
	c_print(g, "AIDLC_");
	for (; *path; path++)
		if (isalnum((unsigned char)*path))
			putc(*path, g->out);
		else
			c_print(g, *path == '_' ? "__" : "_");
	c_print(g, "_h");
}

/* Whether or not anything here names it: others may. */
static void print_tag(struct generator *g, const struct aidl_declaration *declaration)
{
	bool small = aidl_annotation_find(declaration->annotations, "FixedSize");

	if (!declaration->parameters) {
		c_print(g, "typedef int%d_t %s_Tag;\n\n", small ? 8 : 32,
			c_type_name(g, declaration));
		c_tag_names(g, declaration);
	}
}

static void print_enum(struct generator *g, const struct aidl_declaration *declaration)
{
	if (aidl_is_tag(declaration))
		return;
	c_comment(g, declaration->comment, 0);
	c_print(g, "typedef %s%s;\n",
		declaration->backing && declaration->backing->kind == AIDL_LONG ? "int64_t " :
		declaration->backing && declaration->backing->kind == AIDL_INT  ? "int32_t " :
										  "int8_t ",
		c_type_name(g, declaration));
	c_constants(g, declaration);
	c_print(g, "\n");
	c_enum_names(g, declaration);
}

/* What prints declarations of each kind; NULL: they are left out. */
typedef void print_function(struct generator *g, const struct aidl_declaration *declaration);
typedef print_function *const printers[AIDL_INTERFACE + 1];

static const printers opaque_includes = { [AIDL_OPAQUE] = c_opaque_include };
static const printers enums = { [AIDL_ENUM] = print_enum, [AIDL_UNION] = print_tag };
static const printers structure_headers = {
	[AIDL_PARCELABLE] = c_structure_header,
	[AIDL_UNION] = c_structure_header,
	[AIDL_OPAQUE] = c_opaque_header,
};
static const printers interface_headers = { [AIDL_INTERFACE] = c_interface_header };
static const printers structure_sources = {
	[AIDL_PARCELABLE] = c_structure_source,
	[AIDL_UNION] = c_structure_source,
	[AIDL_OPAQUE] = c_opaque_source,
};
static const printers interface_sources = { [AIDL_INTERFACE] = c_interface_source };

static void print_each(struct generator *g, const struct c_order *order, const printers printer)
{
	for (size_t i = 0; i < order->count; i++) {
		const struct aidl_declaration *d = order->item[i];
		/* Of Outer.Inner, Outer alone is nothing. */
		bool nothing = d->kind == AIDL_OPAQUE && !d->ndk_header;

		if (printer[d->kind] && !nothing)
			printer[d->kind](g, d);
	}
}

static void print_header(struct generator *g, const struct c_order *order, const char *path)
{
	c_print(g,
		"/*\n"
		" * %s.h: made by `binderctl aidl --lang=c` from AIDL; changes would be lost.\n"
		" *\n"
		" * Ownership: arguments that go in are the caller's and are only looked at.  What comes\n"
		" * back belongs to the caller: strings and arrays are malloc()ed, binders are strong\n"
		" * references, descriptors are to be closed.  Structures that come back, and arrays of\n"
		" * fixed size that hold such things, have to be initialised before the call, and are\n"
		" * replaced; so is everything that is inout.  *..._count of an out array says before\n"
		" * the call how long it should be: to a service, the wish of a caller who may be\n"
		" * anybody.  On failure nothing that comes back is touched.\n"
		" * A method returns NULL when all went well, else a status that the caller deletes.\n"
		" * In structures NULL is an empty string where null is not allowed, and an array is\n"
		" * a pointer and a count, -1 for null.  A map is initialised when all of it is zero.\n"
		" */\n",
		path);
	c_print(g, "#ifndef ");
	print_guard(g, path);
	c_print(g, "\n#define ");
	print_guard(g, path);
	c_print(g, "\n\n#include <binder/aidl_c.h>\n\n");
	print_each(g, order, opaque_includes);
	c_includes(g, order, true);
	c_print(g, "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
	c_forward(g, order);
	c_maps_header(g, order);
	print_each(g, order, enums);
	print_each(g, order, structure_headers);
	print_each(g, order, interface_headers);
	c_print(g, "#ifdef __cplusplus\n}\n#endif\n\n");
	c_includes(g, order, false);
	c_print(g, "\n#endif\n");
}

static void print_source(struct generator *g, const struct c_order *order, const char *path)
{
	c_print(g,
		"/*\n"
		" * %s.c: made by `binderctl aidl --lang=c` from AIDL; changes would be lost.\n"
		" */\n"
		"#include <%s.h>\n\n"
		"#include <pthread.h>\n\n",
		path, path);
	c_maps_source(g, order);
	print_each(g, order, structure_sources);
	print_each(g, order, interface_sources);
}

static binder_status_t render(struct generator *g, const struct c_order *order,
			      void (*print)(struct generator *, const struct c_order *,
					    const char *),
			      const char *ending, struct c_file *file)
{
	const char *base = c_base_path(g, g->first);
	bool written;

	g->out = open_memstream(&file->text, &file->size);
	if (!g->out)
		return STATUS_NO_MEMORY;
	print(g, order, base);
	written = !ferror(g->out);
	written &= !fclose(g->out);
	file->path = malloc(strlen(base) + 3);
	if (!file->path || !written || g->no_memory)
		return STATUS_NO_MEMORY;
	sprintf(file->path, "%s%s", base, ending);
	return STATUS_OK;
}

static bool carry_all(struct generator *g)
{
	const struct aidl_declaration *d = NULL;
	bool good = true;

	while ((d = aidl_library_next(g->library, d)))
		if (d->at.document == g->first->at.document)
			good &= c_carry(g, d);
	return good;
}

binder_status_t c_generate(struct aidl_library *library, const struct c_options *options,
			   const struct aidl_declaration *first, struct c_file *header,
			   struct c_file *source, struct c_needs *needs)
{
	struct generator g = {
		.library = library,
		.options = options,
		.first = first,
		.needs = needs,
	};
	struct c_order order = { 0 };
	binder_status_t status = STATUS_OK;

	*header = *source = (struct c_file){ 0 };
	if (!carry_all(&g))
		status = STATUS_BAD_VALUE;
	else if (!c_order(&g, &order))
		status = STATUS_NO_MEMORY;
	else if (g.refused)
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK)
		status = render(&g, &order, print_header, ".h", header);
	if (status == STATUS_OK)
		status = render(&g, &order, print_source, ".c", source);
	free(order.item);
	free(g.carried.item);
	c_kept_free(&g);
	return status;
}

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
	for (; *path; path++)
		putc(isalnum((unsigned char)*path) ? toupper((unsigned char)*path) : '_', g->out);
	c_print(g, "_H_");
}

static void print_enum(struct generator *g, const struct aidl_declaration *declaration)
{
	c_comment(g, declaration->comment, 0);
	c_print(g, "typedef %s%s;\n",
		declaration->backing && declaration->backing->kind == AIDL_LONG ? "int64_t " :
		declaration->backing && declaration->backing->kind == AIDL_INT  ? "int32_t " :
										  "int8_t ",
		c_type_name(g, declaration));
	c_constants(g, declaration);
	c_print(g, "\n");
}

static void print_kind(struct generator *g, const struct c_order *order, bool enums,
		       void (*interface)(struct generator *, const struct aidl_declaration *),
		       void (*structure)(struct generator *, const struct aidl_declaration *))
{
	for (size_t i = 0; i < order->count; i++) {
		const struct aidl_declaration *d = order->item[i];

		if (d->kind == AIDL_ENUM && enums)
			print_enum(g, d);
		if (d->kind == AIDL_INTERFACE && interface)
			interface(g, d);
		if ((d->kind == AIDL_PARCELABLE || d->kind == AIDL_UNION) && structure)
			structure(g, d);
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
	c_includes(g, order, true);
	c_print(g, "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
	c_forward(g, order);
	c_maps_header(g, order);
	print_kind(g, order, true, NULL, NULL);
	print_kind(g, order, false, NULL, c_structure_header);
	print_kind(g, order, false, c_interface_header, NULL);
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
	print_kind(g, order, false, NULL, c_structure_source);
	print_kind(g, order, false, c_interface_source, NULL);
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

binder_status_t c_generate(struct aidl_library *library, const struct aidl_declaration *first,
			   struct c_file *header, struct c_file *source)
{
	struct generator g = { .library = library, .first = first };
	struct c_order order = { 0 };
	binder_status_t status = STATUS_OK;

	*header = *source = (struct c_file){ 0 };
	if (!carry_all(&g))
		status = STATUS_BAD_VALUE;
	else if (!c_order(&g, &order))
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		status = render(&g, &order, print_header, ".h", header);
	if (status == STATUS_OK)
		status = render(&g, &order, print_source, ".c", source);
	free(order.item);
	c_kept_free(&g);
	return status;
}

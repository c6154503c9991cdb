/* SPDX-License-Identifier: MIT */
/*
 * structure.c: parcelables and unions as structures with init, free, write, read.
 *
 * Called by file.c; hands each field on to declare.c and value.c.
 */
#include "aidl_c.h"

static bool is_union(const struct aidl_declaration *declaration)
{
	return declaration->kind == AIDL_UNION;
}

/* By a ParcelableHolder, which calls it by its name in AIDL. */
static bool can_be_held(struct generator *g, const struct aidl_declaration *declaration)
{
	return declaration->kind == AIDL_PARCELABLE && !c_is_instance(g, declaration);
}

/* ---- the header's part -------------------------------------------------------------------- */

void c_structure_functions(struct generator *g, const char *name)
{
	c_print(g, "/* Frees what it holds and itself, which malloc() made; or NULL. */\n");
	c_print(g, "void %s_delete(struct %s *value);\n", name, name);
	c_print(g, "/* NULL is written as null. */\n");
	c_print(g, "binder_status_t %s_write(AParcel *parcel, const struct %s *value);\n", name,
		name);
	c_print(g,
		"/* Replaces what is in *ret, which has been initialised; not touched on failure. */\n");
	c_print(g, "binder_status_t %s_read(const AParcel *parcel, struct %s *ret);\n", name, name);
	c_print(g, "/* The same for a pointer; null is NULL. */\n");
	c_print(g, "binder_status_t %s_read_nullable(const AParcel *parcel, struct %s **ret);\n",
		name, name);
	c_print(g,
		"/* For people: to a stream, and as text that free() takes (NULL: no memory). */\n");
	c_print(g, "void %s_print(FILE *out, const struct %s *value);\n", name, name);
	c_print(g, "AIDLC_DECLARE_VALUE(%s)\n", name);
	c_print(g, "AIDLC_DECLARE_ARRAYS(%s)\n\n", name);
}

static void declare_union(struct generator *g, const struct aidl_declaration *declaration,
			  const char *name)
{
	int tag = 0;

	c_print(g, "enum {\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		c_print(g, "\t%s_TAG_%s = %d,\n", name, f->name, tag++);
	c_print(g, "};\n\n");
	c_comment(g, declaration->comment, 0);
	c_print(g, "struct %s {\n\tint32_t tag; /* which of these it is */\n\tunion {\n", name);
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		bool array = c_shape(f->type) == C_ARRAY;

		c_comment(g, f->comment, 2);
		if (array)
			c_print(g, "\t\tstruct {\n");
		c_declare_field(g, declaration->fields, f, array ? 3 : 2);
		if (array)
			c_print(g, "\t\t};\n");
	}
	c_print(g, "\t};\n};\n\n");
}

void c_structure_header(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);
	bool instance = c_is_instance(g, declaration);

	c_constants(g, declaration);
	if (declaration->constants)
		c_print(g, "\n");
	if (declaration->parameters)
		return;
	if (instance)
		c_print(g, "#ifndef AIDLC_HAVE_%s\n#define AIDLC_HAVE_%s\n\n", name, name);
	if (is_union(declaration)) {
		declare_union(g, declaration, name);
	} else {
		c_comment(g, declaration->comment, 0);
		c_print(g, "struct %s {\n", name);
		for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
			c_comment(g, f->comment, 1);
			c_declare_field(g, declaration->fields, f, 1);
		}
		if (!declaration->fields)
			c_print(g, "\tchar nothing_;\n");
		c_print(g, "};\n\n");
	}
	c_print(g, "/* Sets the defaults.  On failure it may be freed all the same. */\n");
	c_print(g, "binder_status_t %s_init(struct %s *value);\n", name, name);
	c_print(g, "/* What it holds, not itself; or NULL. */\n");
	c_print(g, "void %s_free(struct %s *value);\n", name, name);
	c_structure_functions(g, name);
	if (can_be_held(g, declaration))
		c_print(g, "AIDLC_DECLARE_HOLDER(%s)\n\n", name);
	if (instance)
		c_print(g, "#endif\n\n");
}

/* ---- making and freeing -------------------------------------------------------------------- */

static void init_field(struct generator *g, const struct aidl_declaration *declaration,
		       const struct aidl_field *field, const char *before, unsigned indent)
{
	struct c_value value = c_field_value(g, declaration->fields, field, before);

	if (!c_is_zero(field->type))
		c_init(g, &value, indent);
	if (field->has_default)
		c_set_default(g, &value, &field->value, indent);
}

static void define_init(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	c_print(g, "binder_status_t %s_init(struct %s *value)\n{\n", name, name);
	c_print(g, "\tbinder_status_t status = STATUS_OK;\n\n");
	c_print(g, "\tmemset(value, 0, sizeof(*value));\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		init_field(g, declaration, f, "value->", 1);
		if (is_union(declaration))
			break;
	}
	c_print(g, "\treturn status;\n}\n\n");
}

/* A free that was written by hand may not know of NULL. */
void c_structure_delete(struct generator *g, const char *name)
{
	c_print(g,
		"void %s_delete(struct %s *value)\n{\n"
		"\tif (value)\n\t\t%s_free(value);\n"
		"\tfree(value);\n}\n\n",
		name, name, name);
}

/* A case of a union's switch, around what each field needs. */
static void open_case(struct generator *g, const char *name, const struct aidl_field *field)
{
	c_print(g, "\tcase %s_TAG_%s:\n", name, field->name);
}

static void define_free(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	bool one = is_union(declaration);

	c_print(g, "void %s_free(struct %s *value)\n{\n\tif (!value)\n\t\treturn;\n", name, name);
	if (one)
		c_print(g, "\tswitch (value->tag) {\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		struct c_value value = c_field_value(g, declaration->fields, f, "value->");

		if (one)
			open_case(g, name, f);
		c_free(g, &value, 1 + one);
		if (one)
			c_print(g, "\t\tbreak;\n");
	}
	if (one)
		c_print(g, "\t}\n");
	c_print(g, "}\n\n");
	c_structure_delete(g, name);
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void write_union(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	c_print(g, "\tif (status == STATUS_OK)\n"
		   "\t\tstatus = AParcel_writeInt32(parcel, value->tag);\n"
		   "\tswitch (value->tag) {\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		struct c_value value = c_field_value(g, declaration->fields, f, "value->");

		open_case(g, name, f);
		c_write(g, &value, "parcel", 2);
		c_print(g, "\t\tbreak;\n");
	}
	c_print(g, "\tdefault:\n\t\tstatus = STATUS_BAD_VALUE;\n\t}\n\treturn status;\n}\n\n");
}

static void define_write(struct generator *g, const struct aidl_declaration *declaration,
			 const char *name)
{
	c_print(g, "binder_status_t %s_write(AParcel *parcel, const struct %s *value)\n{\n", name,
		name);
	c_print(g, "\tbinder_status_t status = AParcel_writeInt32(parcel, value != NULL);\n");
	if (!is_union(declaration))
		c_print(g, "\tint32_t start = 0;\n");
	c_print(g, "\n\tif (!value)\n\t\treturn status;\n");
	if (is_union(declaration)) {
		write_union(g, declaration, name);
		return;
	}
	c_print(g, "\tif (status == STATUS_OK)\n"
		   "\t\tstatus = aidlc_begin_write(parcel, &start);\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		struct c_value value = c_field_value(g, declaration->fields, f, "value->");

		c_write(g, &value, "parcel", 1);
	}
	c_print(g,
		"\treturn status == STATUS_OK ? aidlc_end_write(parcel, start) : status;\n}\n\n");
}

void c_structure_source(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	if (declaration->parameters)
		return;
	g->vintf = declaration->vintf;
	c_print(g, "/* ---- %s ---- */\n\n", name);
	if (c_is_instance(g, declaration))
		c_print(g, "AIDLC_WEAK_STRUCTURE(%s)\n\n", name);
	define_init(g, declaration, name);
	define_free(g, declaration, name);
	define_write(g, declaration, name);
	c_structure_read(g, declaration);
	c_structure_print(g, declaration);
	c_print(g, "AIDLC_DEFINE_VALUE(%s)\n", name);
	c_print(g, "AIDLC_DEFINE_ARRAYS(%s)\n\n", name);
	if (can_be_held(g, declaration))
		c_print(g, "AIDLC_DEFINE_HOLDER(%s, \"%s\")\n\n", name, declaration->qualified);
}

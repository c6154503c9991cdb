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

/* ---- the header's part -------------------------------------------------------------------- */

static void declare_functions(struct generator *g, const char *name)
{
	c_print(g, "/* Sets the defaults.  On failure it may be freed all the same. */\n");
	c_print(g, "binder_status_t %s_init(struct %s *value);\n", name, name);
	c_print(g, "/* What it holds, not itself.  NULL is allowed, here and below. */\n");
	c_print(g, "void %s_free(struct %s *value);\n", name, name);
	c_print(g, "/* And itself, which malloc() made. */\n");
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

	c_constants(g, declaration);
	if (declaration->constants)
		c_print(g, "\n");
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
	declare_functions(g, name);
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
	c_print(g, "void %s_delete(struct %s *value)\n{\n\t%s_free(value);\n\tfree(value);\n}\n\n",
		name, name, name);
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

/* ---- reading --------------------------------------------------------------------------------------- */

static void read_union(struct generator *g, const struct aidl_declaration *declaration,
		       const char *name)
{
	c_print(g, "\tmemset(&value, 0, sizeof(value));\n"
		   "\tstatus = AParcel_readInt32(parcel, &value.tag);\n"
		   "\tif (status != STATUS_OK) {\n"
		   "\t\taidlc_leave();\n"
		   "\t\treturn status;\n"
		   "\t}\n"
		   "\tswitch (value.tag) {\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		struct c_value value = c_field_value(g, declaration->fields, f, "value.");

		open_case(g, name, f);
		if (!c_is_zero(f->type))
			c_init(g, &value, 2);
		c_read(g, &value, "parcel", "", 2);
		c_print(g, "\t\tbreak;\n");
	}
	c_print(g, "\tdefault:\n\t\tstatus = STATUS_BAD_VALUE;\n\t}\n");
}

static void read_fields(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	c_print(g, "\tstatus = %s_init(&value);\n", name);
	c_print(g, "\tif (status == STATUS_OK)\n"
		   "\t\tstatus = aidlc_begin_read(parcel, &end);\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		struct c_value value = c_field_value(g, declaration->fields, f, "value.");

		c_read(g, &value, "parcel", " && aidlc_more(parcel, end)", 1);
	}
	c_print(g, "\tif (status == STATUS_OK)\n\t\tstatus = aidlc_end_read(parcel, end);\n");
}

static void define_read(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	c_print(g, "/* What follows the word that says that it is there. */\n");
	c_print(g,
		"static binder_status_t %s_read_body(const AParcel *parcel, struct %s *ret)\n{\n",
		name, name);
	c_print(g, "\tstruct %s value;\n\tbinder_status_t status;\n%s\n", name,
		is_union(declaration) ? "" : "\tint32_t end = 0;\n");
	c_print(g, "\tif (!aidlc_enter())\n\t\treturn STATUS_BAD_VALUE;\n");
	if (is_union(declaration))
		read_union(g, declaration, name);
	else
		read_fields(g, declaration, name);
	c_print(g,
		"\taidlc_leave();\n"
		"\tif (status != STATUS_OK) {\n"
		"\t\t%s_free(&value);\n"
		"\t\treturn status;\n"
		"\t}\n"
		"\t%s_free(ret);\n"
		"\t*ret = value;\n"
		"\treturn STATUS_OK;\n}\n\n",
		name, name);
	c_print(g,
		"binder_status_t %s_read(const AParcel *parcel, struct %s *ret)\n{\n"
		"\tbinder_status_t status = aidlc_read_presence(parcel);\n\n"
		"\treturn status == STATUS_OK ? %s_read_body(parcel, ret) : status;\n}\n\n",
		name, name, name);
	c_print(g,
		"binder_status_t %s_read_nullable(const AParcel *parcel, struct %s **ret)\n{\n"
		"\tbinder_status_t status = aidlc_read_presence(parcel);\n"
		"\tstruct %s *value = NULL;\n\n"
		"\tif (status != STATUS_OK && status != STATUS_UNEXPECTED_NULL)\n"
		"\t\treturn status;\n"
		"\tif (status == STATUS_OK) {\n"
		"\t\tvalue = malloc(sizeof(*value));\n"
		"\t\tif (!value)\n"
		"\t\t\treturn STATUS_NO_MEMORY;\n"
		"\t\tstatus = %s_init(value);\n"
		"\t\tif (status == STATUS_OK)\n"
		"\t\t\tstatus = %s_read_body(parcel, value);\n"
		"\t\tif (status != STATUS_OK) {\n"
		"\t\t\t%s_delete(value);\n"
		"\t\t\treturn status;\n"
		"\t\t}\n"
		"\t}\n"
		"\t%s_delete(*ret);\n"
		"\t*ret = value;\n"
		"\treturn STATUS_OK;\n}\n\n",
		name, name, name, name, name, name, name);
}

void c_structure_source(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	c_print(g, "/* ---- %s ---- */\n\n", name);
	define_init(g, declaration, name);
	define_free(g, declaration, name);
	define_write(g, declaration, name);
	define_read(g, declaration, name);
	c_print(g, "AIDLC_DEFINE_ARRAYS(%s)\n\n", name);
}

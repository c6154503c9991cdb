/* SPDX-License-Identifier: MIT */
/*
 * structure_read.c: functions that read a parcelable or union.
 *
 * Called by structure.c and opaque.c.  A value is read as a whole before it
 * replaces what was there.
 */
#include "aidl_c.h"

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

		c_print(g, "\tcase %s_TAG_%s:\n", name, f->name);
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

static void read_by_hand(struct generator *g, const char *name)
{
	c_print(g, "\tstatus = %s_init(&value);\n", name);
	c_print(g, "\tif (status == STATUS_OK)\n");
	c_print(g, "\t\tstatus = %s_readFromParcel(parcel, &value);\n", name);
}

void c_structure_read(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	c_print(g, "/* What follows the word that says that it is there. */\n");
	c_print(g,
		"static binder_status_t aidlc_read_body_%s(const AParcel *parcel, struct %s *ret)\n{\n",
		name, name);
	c_print(g, "\tstruct %s value;\n\tbinder_status_t status;\n%s\n", name,
		declaration->kind == AIDL_PARCELABLE ? "\tint32_t end = 0;\n" : "");
	c_print(g, "\tif (!aidlc_enter())\n\t\treturn STATUS_BAD_VALUE;\n");
	if (declaration->kind == AIDL_UNION)
		read_union(g, declaration, name);
	else if (declaration->kind == AIDL_OPAQUE)
		read_by_hand(g, name);
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
		"\treturn status == STATUS_OK ? aidlc_read_body_%s(parcel, ret) : status;\n}\n\n",
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
		"\t\t\tstatus = aidlc_read_body_%s(parcel, value);\n"
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

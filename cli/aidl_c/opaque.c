/* SPDX-License-Identifier: MIT */
/*
 * opaque.c: parcelables whose structure, and what reads and writes it, somebody
 * writes by hand: parcelable Foo ndk_header "foo.h";
 *
 * Called by file.c.  To all others they are structures as any.
 */
#include "aidl_c.h"

void c_opaque_include(struct generator *g, const struct aidl_declaration *declaration)
{
	c_print(g, "#include <%s>\n", declaration->ndk_header);
}

void c_opaque_header(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	c_comment(g, declaration->comment, 0);
	c_print(g,
		"/*\n"
		" * struct %s is in <%s>, and these four are written by hand: init makes an empty\n"
		" * value, which free ends, also after a failure; writeToParcel only looks at its value;\n"
		" * readFromParcel fills one that init has made, which is freed after a failure.  A value\n"
		" * may be moved in memory.  What is read comes from anybody.\n"
		" */\n",
		name, declaration->ndk_header);
	c_print(g, "binder_status_t %s_init(struct %s *value);\n", name, name);
	c_print(g, "void %s_free(struct %s *value);\n", name, name);
	c_print(g, "binder_status_t %s_writeToParcel(AParcel *parcel, const struct %s *value);\n",
		name, name);
	c_print(g, "binder_status_t %s_readFromParcel(const AParcel *parcel, struct %s *ret);\n\n",
		name, name);
	c_structure_functions(g, name);
}

void c_opaque_source(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	c_print(g, "/* ---- %s ---- */\n\n", name);
	c_structure_delete(g, name);
	c_print(g,
		"binder_status_t %s_write(AParcel *parcel, const struct %s *value)\n{\n"
		"\tbinder_status_t status = AParcel_writeInt32(parcel, value != NULL);\n\n"
		"\tif (status == STATUS_OK && value)\n"
		"\t\tstatus = %s_writeToParcel(parcel, value);\n"
		"\treturn status;\n}\n\n",
		name, name, name);
	c_structure_read(g, declaration);
	c_structure_print(g, declaration);
	c_print(g, "AIDLC_DEFINE_VALUE(%s)\n", name);
	c_print(g, "AIDLC_DEFINE_ARRAYS(%s)\n\n", name);
}

/* SPDX-License-Identifier: MIT */
/*
 * types.c: what each type of AIDL is in C.  One table, and questions to it.
 */
#include "aidl_c.h"

#include <string.h>

static const struct c_row rows[] = {
	[AIDL_BOOLEAN] = { C_NUMBER, "bool ", "Bool", NULL, "bools", "boolean", "false" },
	[AIDL_BYTE] = { C_NUMBER, "int8_t ", "Byte", NULL, "bytes", "byte", "0" },
	[AIDL_CHAR] = { C_NUMBER, "char16_t ", "Char", NULL, "chars", "char", "0" },
	[AIDL_INT] = { C_NUMBER, "int32_t ", "Int32", NULL, "int32s", "int32", "0" },
	[AIDL_LONG] = { C_NUMBER, "int64_t ", "Int64", NULL, "int64s", "int64", "0" },
	[AIDL_FLOAT] = { C_NUMBER, "float ", "Float", NULL, "floats", "float", "0" },
	[AIDL_DOUBLE] = { C_NUMBER, "double ", "Double", NULL, "doubles", "double", "0" },
	[AIDL_STRING] = { C_STRING, "char *", NULL, "string", "strings", "string", "NULL" },
	[AIDL_CHAR_SEQUENCE] = { C_TEXT, "char *", NULL, "text", NULL, NULL, "NULL" },
	[AIDL_IBINDER] = { C_BINDER, "AIBinder *", NULL, "binder", "binders", "binder", "NULL" },
	[AIDL_INTERFACE] = { C_BINDER, "AIBinder *", NULL, "binder", "binders", "binder", "NULL" },
	[AIDL_PARCEL_FILE_DESCRIPTOR] = { C_FILE, "int ", NULL, "file", "files", "file", "-1" },
	[AIDL_FILE_DESCRIPTOR] = { C_FILE, "int ", NULL, "descriptor", "descriptors", "descriptor",
				   "-1" },
	[AIDL_PARCELABLE_HOLDER] = { C_HOLDER, "struct aidlc_holder ", NULL, "holder", NULL, NULL,
				     NULL },
};

const struct c_row *c_row(const struct aidl_type *type)
{
	enum aidl_kind kind = type->kind;

	if (kind == AIDL_ENUM)
		kind = type->declaration->backing ? type->declaration->backing->kind : AIDL_BYTE;
	if ((size_t)kind >= sizeof(rows) / sizeof(rows[0]) || !rows[kind].type)
		return NULL;
	return &rows[kind];
}

enum c_shape c_shape(const struct aidl_type *type)
{
	const struct c_row *row = c_row(type);

	if (row)
		return row->shape;
	switch (type->kind) {
	case AIDL_VOID:
		return C_VOID;
	case AIDL_PARCELABLE:
	case AIDL_OPAQUE:
	case AIDL_UNION:
		return C_STRUCT;
	case AIDL_ARRAY:
		return type->size >= 0 ? C_FIXED : C_ARRAY;
	case AIDL_LIST:
		return type->arguments ? C_ARRAY : C_NOTHING;
	case AIDL_MAP:
		return type->arguments ? C_MAP : C_NOTHING;
	default:
		return C_NOTHING;
	}
}

const struct aidl_type *c_element(const struct aidl_type *type)
{
	while (type->kind == AIDL_ARRAY)
		type = type->element;
	return type->kind == AIDL_LIST && type->arguments ? type->argument[0] : type;
}

const struct aidl_type *c_held(const struct aidl_type *type)
{
	return c_shape(type) == C_MAP ? type->argument[1] : c_element(type);
}

const char *c_map_function(struct generator *g, const struct aidl_type *type, const char *verb)
{
	const struct aidl_type *held = c_held(type);
	const struct c_row *row = c_row(held);

	if (row)
		return c_keep(g, "aidlc_%s%s_map", verb, row->map);
	return c_keep(g, "%s_%s%smap", c_structure_name(g, held), verb,
		      held->nullable ? "pointer_" : "");
}

int64_t c_fixed_size(const struct aidl_type *type)
{
	/* Such arrays stand on stacks, and 64 structures deep at worst. */
	static const int64_t most = 4096;
	int64_t size = 1;

	for (; type->kind == AIDL_ARRAY; type = type->element) {
		if (type->size < 1 || type->size > most / size)
			return 0;
		size *= type->size;
	}
	return size;
}

bool c_is_pointer(const struct aidl_type *type)
{
	return type->nullable && c_shape(type) == C_STRUCT;
}

bool c_is_caller_made(const struct aidl_type *type)
{
	return c_shape(type) == C_MAP || (c_shape(type) == C_STRUCT && !type->nullable);
}

const char *c_base(struct generator *g, const struct aidl_type *type)
{
	if (type->kind == AIDL_ENUM)
		return c_keep(g, "%s ", c_structure_name(g, type));
	if (c_shape(type) == C_STRUCT)
		return c_keep(g, "struct %s %s", c_structure_name(g, type),
			      type->nullable ? "*" : "");
	if (c_shape(type) == C_MAP)
		return c_keep(g, "struct %s ", c_map_function(g, type, ""));
	return c_row(type)->type;
}

const char *c_dimensions(struct generator *g, const struct aidl_type *type)
{
	const char *text = "";

	for (; type->kind == AIDL_ARRAY && type->size >= 0; type = type->element)
		text = c_keep(g, "%s[%d]", text, (int)type->size);
	return text;
}

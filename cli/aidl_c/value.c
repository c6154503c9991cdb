/* SPDX-License-Identifier: MIT */
/*
 * value.c: the statements that write, read, make and free one value.
 *
 * Called by structure.c for fields, by proxy.c and stub.c for arguments.  All
 * of it is calls of binder/aidl_c.h or of a structure's own functions.
 */
#include "aidl_c.h"

#include <string.h>

static const char *word(bool value)
{
	return value ? "true" : "false";
}

const char *c_address(struct generator *g, const char *text)
{
	size_t length = strlen(text);

	if (length > 3 && !strncmp(text, "(*", 2))
		return c_keep(g, "%.*s", (int)length - 3, text + 2);
	return c_keep(g, "&%s", text);
}

struct c_value c_field_value(struct generator *g, const struct aidl_field *fields,
			     const struct aidl_field *field, const char *before)
{
	const char *name = c_name(g, field->name);

	return (struct c_value){
		.type = field->type,
		.text = c_keep(g, "%s%s", before, name),
		.count = c_keep(g, "%s%s", before, c_beside(g, fields, name, "_count")),
	};
}

/* As an argument: "*book" for "(*book)". */
static const char *bare(struct generator *g, const char *text)
{
	const char *address = c_address(g, text);

	return address[0] == '&' ? text : c_keep(g, "*%s", address);
}

/* "aidlc_write_int32s", "Book_write_array", "Book_write_pointers". */
static const char *many(struct generator *g, const char *verb, const struct aidl_type *element)
{
	const struct c_row *row = c_row(element);

	if (row)
		return c_keep(g, "aidlc_%s_%s", verb, row->many);
	return c_keep(g, "%s_%s_%s", c_structure_name(g, element), verb,
		      element->nullable ? "pointers" : "array");
}

/* Numbers are never null; for others it must be said. */
static const char *inner(struct generator *g, const struct aidl_type *element)
{
	return c_shape(element) == C_NUMBER ? "" : c_keep(g, ", %s", word(element->nullable));
}

static void open_step(struct generator *g, const char *when, unsigned indent)
{
	c_indent(g, indent);
	c_print(g, "if (status == STATUS_OK%s)\n", when);
	c_indent(g, indent + 1);
	c_print(g, "status = ");
}

/* A row of a fixed array with several dimensions, as a value. */
static struct c_value row_of(struct generator *g, const struct c_value *value, unsigned depth)
{
	return (struct c_value){ .type = value->type->element,
				 .text = c_keep(g, "%s[i%u]", value->text, depth) };
}

/* for (...) { ... } around each row: the count comes first, then all of them. */
static void open_rows(struct generator *g, const struct c_value *value, unsigned depth,
		      unsigned indent)
{
	c_indent(g, indent);
	c_print(g, "for (int i%u = 0; status == STATUS_OK && i%u < %d; i%u++) {\n", depth, depth,
		(int)value->type->size, depth);
}

static void close_rows(struct generator *g, unsigned indent)
{
	c_indent(g, indent);
	c_print(g, "}\n");
}

/* ---- writing ------------------------------------------------------------------------- */

static void write_fixed(struct generator *g, const struct c_value *value, const char *parcel,
			unsigned depth, unsigned indent)
{
	const struct aidl_type *element = value->type->element;
	struct c_value row;

	open_step(g, "", indent);
	if (element->kind != AIDL_ARRAY) {
		c_print(g, "%s(%s, %s, %d, false%s);\n", many(g, "write", element), parcel,
			value->text, (int)value->type->size, inner(g, element));
		return;
	}
	c_print(g, "AParcel_writeInt32(%s, %d);\n", parcel, (int)value->type->size);
	open_rows(g, value, depth, indent);
	row = row_of(g, value, depth);
	write_fixed(g, &row, parcel, depth + 1, indent + 1);
	close_rows(g, indent);
}

static void write_structure(struct generator *g, const struct c_value *value, const char *parcel)
{
	const char *name = c_structure_name(g, value->type);
	const char *address = c_address(g, value->text);

	if (value->type->nullable)
		c_print(g, "%s_write(%s, %s);\n", name, parcel, bare(g, value->text));
	else if (address[0] == '&')
		c_print(g, "%s_write(%s, %s);\n", name, parcel, address);
	else
		c_print(g, "%s ? %s_write(%s, %s) : STATUS_UNEXPECTED_NULL;\n", address, name,
			parcel, address);
}

void c_write(struct generator *g, const struct c_value *value, const char *parcel, unsigned indent)
{
	const struct aidl_type *element = c_element(value->type);
	const struct c_row *row = c_row(value->type);

	if (c_shape(value->type) == C_FIXED) {
		write_fixed(g, value, parcel, 0, indent);
		return;
	}
	open_step(g, "", indent);
	switch (c_shape(value->type)) {
	case C_NUMBER:
		c_print(g, "AParcel_write%s(%s, %s);\n", row->parcel, parcel, value->text);
		break;
	case C_TEXT:
		c_print(g, "aidlc_write_text(%s, %s);\n", parcel, value->text);
		break;
	case C_STRUCT:
		write_structure(g, value, parcel);
		break;
	case C_HOLDER:
		c_print(g, "aidlc_write_holder(%s, %s, %s);\n", parcel, c_address(g, value->text),
			word(g->vintf));
		break;
	case C_MAP:
		c_print(g, "%s(%s, %s, %s, %s);\n", c_map_function(g, value->type, "write_"),
			parcel, c_address(g, value->text), word(value->type->nullable),
			word(c_held(value->type)->nullable));
		break;
	case C_ARRAY:
		c_print(g, "%s(%s, %s, %s, %s%s);\n", many(g, "write", element), parcel,
			bare(g, value->text), bare(g, value->count), word(value->type->nullable),
			inner(g, element));
		break;
	default:
		c_print(g, "aidlc_write_%s(%s, %s, %s);\n", row->one, parcel, value->text,
			word(value->type->nullable));
	}
}

/* ---- reading --------------------------------------------------------------------------- */

static void read_fixed(struct generator *g, const struct c_value *value, const char *parcel,
		       unsigned depth, unsigned indent)
{
	const struct aidl_type *element = value->type->element;
	struct c_value row;

	open_step(g, "", indent);
	if (element->kind != AIDL_ARRAY) {
		c_print(g, "%s(%s%s, %s, %d);\n", many(g, "read_fixed", element), parcel,
			inner(g, element), value->text, (int)value->type->size);
		return;
	}
	c_print(g, "aidlc_expect(%s, %d);\n", parcel, (int)value->type->size);
	open_rows(g, value, depth, indent);
	row = row_of(g, value, depth);
	read_fixed(g, &row, parcel, depth + 1, indent + 1);
	close_rows(g, indent);
}

void c_read(struct generator *g, const struct c_value *value, const char *parcel, const char *when,
	    unsigned indent)
{
	const struct aidl_type *element = c_element(value->type);
	const struct c_row *row = c_row(value->type);
	const char *address = c_address(g, value->text);

	if (c_shape(value->type) == C_FIXED) {
		if (*when) {
			c_indent(g, indent);
			c_print(g, "if (status == STATUS_OK%s) {\n", when);
		}
		read_fixed(g, value, parcel, 0, indent + (*when != '\0'));
		if (*when)
			close_rows(g, indent);
		return;
	}
	open_step(g, when, indent);
	switch (c_shape(value->type)) {
	case C_NUMBER:
		c_print(g, "AParcel_read%s(%s, %s);\n", row->parcel, parcel, address);
		break;
	case C_TEXT:
		c_print(g, "aidlc_read_text(%s, %s);\n", parcel, address);
		break;
	case C_STRUCT:
		c_print(g, "%s_read%s(%s, %s);\n", c_structure_name(g, value->type),
			value->type->nullable ? "_nullable" : "", parcel, address);
		break;
	case C_HOLDER:
		c_print(g, "aidlc_read_holder(%s, %s);\n", parcel, address);
		break;
	case C_MAP:
		c_print(g, "%s(%s, %s, %s, %s);\n", c_map_function(g, value->type, "read_"), parcel,
			word(value->type->nullable), word(c_held(value->type)->nullable), address);
		break;
	case C_ARRAY:
		c_print(g, "%s(%s, %s%s, %s, %s);\n", many(g, "read", element), parcel,
			word(value->type->nullable), inner(g, element), address,
			c_address(g, value->count));
		break;
	default:
		c_print(g, "aidlc_read_%s(%s, %s, %s);\n", row->one, parcel,
			word(value->type->nullable), address);
	}
}

/* ---- making and freeing ------------------------------------------------------------------- */

/* The first item of a fixed array, whatever its dimensions. */
static const char *first_item(struct generator *g, const struct c_value *value)
{
	const char *text = value->text;

	if (value->type->element->kind != AIDL_ARRAY)
		return text;
	for (const struct aidl_type *t = value->type; t->kind == AIDL_ARRAY; t = t->element)
		text = c_keep(g, "%s[0]", text);
	return c_keep(g, "&%s", text);
}

void c_free(struct generator *g, const struct c_value *value, unsigned indent)
{
	const struct aidl_type *element = c_element(value->type);
	bool numbers = c_shape(element) == C_NUMBER;

	if (c_shape(value->type) == C_NUMBER || (c_shape(value->type) == C_FIXED && numbers))
		return;
	c_indent(g, indent);
	switch (c_shape(value->type)) {
	case C_BINDER:
		c_print(g, "AIBinder_decStrong(%s);\n", value->text);
		break;
	case C_FILE:
		c_print(g, "aidlc_close(%s);\n", value->text);
		break;
	case C_STRUCT:
		c_print(g, "%s_%s(%s);\n", c_structure_name(g, element),
			element->nullable ? "delete" : "free",
			element->nullable ? bare(g, value->text) : c_address(g, value->text));
		break;
	case C_HOLDER:
		c_print(g, "aidlc_free_holder(%s);\n", c_address(g, value->text));
		break;
	case C_MAP:
		c_print(g, "%s(%s);\n", c_map_function(g, value->type, "free_"),
			c_address(g, value->text));
		break;
	case C_ARRAY:
		if (numbers)
			c_print(g, "free(%s);\n", bare(g, value->text));
		else
			c_print(g, "%s(%s, %s);\n", many(g, "free", element), bare(g, value->text),
				bare(g, value->count));
		break;
	case C_FIXED:
		c_print(g, "%s(%s, %d);\n", many(g, "clear", element), first_item(g, value),
			(int)c_fixed_size(value->type));
		break;
	default:
		c_print(g, "free(%s);\n", value->text);
	}
}

static void init_by_call(struct generator *g, const char *call, unsigned indent)
{
	c_indent(g, indent);
	c_print(g, "if (%s != STATUS_OK)\n", call);
	c_indent(g, indent + 1);
	c_print(g, "status = STATUS_NO_MEMORY;\n");
}

bool c_is_zero(const struct aidl_type *type)
{
	switch (c_shape(type)) {
	case C_FILE:
		return false;
	case C_STRUCT:
	case C_ARRAY:
	case C_MAP:
		/* NULL is all of a pointer, but a null array or map has a count of -1. */
		return type->nullable == (c_shape(type) == C_STRUCT);
	case C_FIXED:
		return c_is_zero(c_element(type));
	default:
		return true;
	}
}

void c_init(struct generator *g, const struct c_value *value, unsigned indent)
{
	const struct aidl_type *element = c_element(value->type);
	enum c_shape shape = c_shape(value->type);

	if (shape == C_STRUCT && !value->type->nullable) {
		init_by_call(g,
			     c_keep(g, "%s_init(%s)", c_structure_name(g, element),
				    c_address(g, value->text)),
			     indent);
	} else if (shape == C_FIXED && c_shape(element) != C_NUMBER) {
		init_by_call(g,
			     c_keep(g, "%s(%s, %d)", many(g, "init", element), first_item(g, value),
				    (int)c_fixed_size(value->type)),
			     indent);
	} else if (shape == C_MAP) {
		c_indent(g, indent);
		c_print(g, "%s = (struct %s){ .count = %d };\n", value->text,
			c_map_function(g, value->type, ""), value->type->nullable ? -1 : 0);
	} else {
		c_indent(g, indent);
		if (shape == C_FIXED)
			c_print(g, "memset(%s, 0, sizeof(%s));\n", value->text, value->text);
		else
			c_print(g, "%s = %s;\n", value->text,
				c_row(value->type) ? c_row(value->type)->empty : "NULL");
		if (shape != C_ARRAY)
			return;
		c_indent(g, indent);
		c_print(g, "%s = %d;\n", value->count, value->type->nullable ? -1 : 0);
	}
}

/* ---- defaults --------------------------------------------------------------------------------- */

static void set_array(struct generator *g, const struct c_value *value,
		      const struct aidl_value *constant, unsigned indent)
{
	const struct aidl_type *element = c_element(value->type);
	bool strings = c_shape(element) == C_STRING;
	const char *items = "";

	for (size_t i = 0; i < constant->count; i++)
		items = c_keep(g, "%s%s%s", items, i ? ", " : "",
			       c_literal(g, element, &constant->item[i]));
	if (!constant->count || (!strings && c_shape(element) != C_NUMBER))
		return;
	init_by_call(g,
		     c_keep(g, "aidlc_copy_%s((const %s[]){ %s }, %zu, %s, %s)",
			    c_row(element)->many, strings ? "char *const " : c_base(g, element),
			    items, constant->count, c_address(g, value->text),
			    c_address(g, value->count)),
		     indent);
}

void c_set_default(struct generator *g, const struct c_value *value,
		   const struct aidl_value *constant, unsigned indent)
{
	switch (c_shape(value->type)) {
	case C_NUMBER:
		c_indent(g, indent);
		c_print(g, "%s = %s;\n", value->text, c_literal(g, value->type, constant));
		break;
	case C_STRING:
		if (constant->kind == AIDL_VALUE_STRING)
			init_by_call(g,
				     c_keep(g, "aidlc_set_string(%s, %s)",
					    c_address(g, value->text),
					    c_literal(g, value->type, constant)),
				     indent);
		break;
	case C_ARRAY:
		if (constant->kind == AIDL_VALUE_ARRAY)
			set_array(g, value, constant, indent);
		break;
	case C_FIXED:
		for (size_t i = 0; i < constant->count && i < (size_t)value->type->size; i++) {
			struct c_value item = { .type = value->type->element,
						.text = c_keep(g, "%s[%zu]", value->text, i) };

			c_set_default(g, &item, &constant->item[i], indent);
		}
		break;
	default:
		break;
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * text.c: functions that print a value for people, and the names of an enum.
 *
 * Called by structure.c, opaque.c and file.c.
 */
#include "aidl_c.h"

static void text_number(struct generator *g, const struct c_value *value, unsigned indent)
{
	static const char *const formats[] = {
		[AIDL_BOOLEAN] = "fputs(%s ? \"true\" : \"false\", out);\n",
		[AIDL_BYTE] = "fprintf(out, \"%%d\", %s);\n",
		[AIDL_CHAR] = "fprintf(out, \"%%u\", (unsigned)%s);\n",
		[AIDL_INT] = "fprintf(out, \"%%d\", (int)%s);\n",
		[AIDL_LONG] = "fprintf(out, \"%%lld\", (long long)%s);\n",
		[AIDL_FLOAT] = "fprintf(out, \"%%.9g\", (double)%s);\n",
		[AIDL_DOUBLE] = "fprintf(out, \"%%.17g\", %s);\n",
	};

	c_indent(g, indent);
	if (value->type->kind == AIDL_ENUM)
		c_print(g, "aidlc_print_name(out, %s_name(%s), %s);\n",
			c_structure_name(g, value->type), value->text, value->text);
	else
		c_print(g, formats[value->type->kind], value->text);
}

static void line(struct generator *g, unsigned indent, const char *text)
{
	c_indent(g, indent);
	c_print(g, "%s\n", text);
}

/* for (...) with a name of its own in each depth. */
static const char *open_loop(struct generator *g, const char *count, unsigned indent)
{
	const char *index = c_keep(g, "i%u_", indent);

	c_indent(g, indent);
	c_print(g, "for (int32_t %s = 0; %s < %s; %s++) {\n", index, index, count, index);
	line(g, indent + 1, c_keep(g, "fputs(%s ? \", \" : \"\", out);", index));
	return index;
}

static void text_items(struct generator *g, const struct c_value *value, const char *count,
		       const struct aidl_type *element, unsigned indent)
{
	const char *index;
	struct c_value item = { .type = element };

	line(g, indent, "putc('[', out);");
	index = open_loop(g, count, indent);
	item.text = c_keep(g, "%s[%s]", value->text, index);
	c_text(g, &item, indent + 1);
	line(g, indent, "}");
	line(g, indent, "putc(']', out);");
}

static void text_map(struct generator *g, const struct c_value *value, unsigned indent)
{
	const char *index;
	struct c_value item = { .type = c_held(value->type) };

	line(g, indent, "putc('{', out);");
	index = open_loop(g, c_keep(g, "%s.count", value->text), indent);
	item.text = c_keep(g, "%s.values[%s]", value->text, index);
	line(g, indent + 1, c_keep(g, "aidlc_print_string(out, %s.keys[%s]);", value->text, index));
	line(g, indent + 1, "fputs(\": \", out);");
	c_text(g, &item, indent + 1);
	line(g, indent, "}");
	line(g, indent, "putc('}', out);");
}

void c_text(struct generator *g, const struct c_value *value, unsigned indent)
{
	switch (c_shape(value->type)) {
	case C_NUMBER:
		text_number(g, value, indent);
		break;
	case C_STRING:
	case C_TEXT:
		line(g, indent, c_keep(g, "aidlc_print_string(out, %s);", value->text));
		break;
	case C_BINDER:
		line(g, indent, c_keep(g, "fputs(%s ? \"binder\" : \"null\", out);", value->text));
		break;
	case C_FILE:
		line(g, indent, c_keep(g, "aidlc_print_file(out, %s);", value->text));
		break;
	case C_STRUCT:
		line(g, indent,
		     c_keep(g, "%s_print(out, %s);", c_structure_name(g, value->type),
			    value->type->nullable ? value->text : c_address(g, value->text)));
		break;
	case C_HOLDER:
		line(g, indent,
		     c_keep(g, "fputs(%s.name ? %s.name : \"null\", out);", value->text,
			    value->text));
		break;
	case C_ARRAY:
		text_items(g, value, value->count, c_element(value->type), indent);
		break;
	case C_FIXED:
		text_items(g, value, c_keep(g, "%d", (int)value->type->size), value->type->element,
			   indent);
		break;
	case C_MAP:
		text_map(g, value, indent);
		break;
	default:
		break;
	}
}

/* ---- structures ---------------------------------------------------------------------------- */

static void print_field(struct generator *g, const struct aidl_declaration *declaration,
			const struct aidl_field *field, const char *before, unsigned indent)
{
	struct c_value value = c_field_value(g, declaration->fields, field, "value->");

	line(g, indent, c_keep(g, "fputs(\"%s%s: \", out);", before, field->name));
	c_text(g, &value, indent);
}

void c_structure_print(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);
	bool one = declaration->kind == AIDL_UNION;

	c_print(g, "void %s_print(FILE *out, const struct %s *value)\n{\n", name, name);
	c_print(g, "\tif (!value) {\n\t\tfputs(\"null\", out);\n\t\treturn;\n\t}\n");
	c_print(g, "\tfputs(\"%s{%s\", out);\n", name,
		declaration->kind == AIDL_OPAQUE ? "..." : "");
	if (one)
		line(g, 1, "switch (value->tag) {");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		if (one)
			c_print(g, "\tcase %s_TAG_%s:\n", name, f->name);
		print_field(g, declaration, f, one || f == declaration->fields ? "" : ", ",
			    1 + one);
		if (one)
			line(g, 2, "break;");
	}
	if (one)
		line(g, 1, "}");
	c_print(g, "\tputc('}', out);\n}\n\n");
}

/* ---- names --------------------------------------------------------------------------------- */

static void open_names(struct generator *g, const char *name, const char *suffix)
{
	c_print(g, "/* NULL: it is none of them. */\n");
	c_print(g, "static inline const char *%s%s_name(%s%s value)\n{\n", name, suffix, name,
		suffix);
}

void c_enum_names(struct generator *g, const struct aidl_declaration *declaration)
{
	open_names(g, c_type_name(g, declaration), "");
	/* Two names may have one value: the first one is told. */
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		c_print(g, "\tif (value == %s)\n\t\treturn \"%s\";\n",
			c_constant_name(g, declaration, c->name), c->name);
	c_print(g, "\treturn NULL;\n}\n\n");
}

void c_tag_names(struct generator *g, const struct aidl_declaration *declaration)
{
	int tag = 0;

	open_names(g, c_type_name(g, declaration), "_Tag");
	c_print(g, "\tswitch (value) {\n");
	for (const struct aidl_field *f = declaration->fields; f; f = f->next)
		c_print(g, "\tcase %d:\n\t\treturn \"%s\";\n", tag++, f->name);
	c_print(g, "\t}\n\treturn NULL;\n}\n\n");
}

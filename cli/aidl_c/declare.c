/* SPDX-License-Identifier: MIT */
/*
 * declare.c: fields and arguments as C declares them.
 *
 * Called by structure.c, interface.c, proxy.c and stub.c.
 */
#include "aidl_c.h"

#include <string.h>

void c_declare_field(struct generator *g, const struct aidl_field *fields,
		     const struct aidl_field *field, unsigned indent)
{
	const char *name = c_name(g, field->name);
	enum c_shape shape = c_shape(field->type);
	const char *base = c_base(g, c_element(field->type));

	c_indent(g, indent);
	if (shape == C_ARRAY) {
		c_print(g, "%s*%s;\n", base, name);
		c_indent(g, indent);
		c_print(g, "int32_t %s;\n", c_beside(g, fields, name, "_count"));
	} else {
		c_print(g, "%s%s%s;\n", base, name, c_dimensions(g, field->type));
	}
}

/* "const struct Book *", "char *const *": items that are only looked at. */
static const char *const_items(struct generator *g, const char *base)
{
	return base[strlen(base) - 1] == '*' ? c_keep(g, "%sconst ", base) :
					       c_keep(g, "const %s", base);
}

/* Between two arguments; lines stay readable. */
static void separate(struct generator *g)
{
	long at = ftell(g->out);

	if (at - g->line_start < 72) {
		c_print(g, ", ");
		return;
	}
	c_print(g, ",\n\t\t\t");
	g->line_start = at - 20;
}

static void declare_in(struct generator *g, const struct aidl_type *type, const char *name,
		       const char *count)
{
	const char *base = c_base(g, c_element(type));

	separate(g);
	switch (c_shape(type)) {
	case C_STRING:
	case C_TEXT:
		c_print(g, "const %s%s", base, name);
		break;
	case C_STRUCT:
		c_print(g, "const struct %s *%s", c_structure_name(g, type), name);
		break;
	case C_MAP:
		c_print(g, "const %s*%s", base, name);
		break;
	case C_ARRAY:
		c_print(g, "%s*%s, int32_t %s", const_items(g, base), name, count);
		break;
	case C_FIXED:
		/* C does not let rows become const on the way. */
		c_print(g, "%s%s%s",
			type->element->kind == AIDL_ARRAY ? base : const_items(g, base), name,
			c_dimensions(g, type));
		break;
	default:
		c_print(g, "%s%s", base, name);
	}
}

static void declare_out(struct generator *g, const struct aidl_type *type, const char *name,
			const char *count)
{
	const char *base = c_base(g, c_element(type));

	separate(g);
	if (c_shape(type) == C_ARRAY)
		c_print(g, "%s**%s, int32_t *%s", base, name, count);
	else if (c_shape(type) == C_FIXED)
		c_print(g, "%s%s%s", base, name, c_dimensions(g, type));
	else
		c_print(g, "%s*%s", base, name);
}

void c_declare_arguments(struct generator *g, const struct aidl_method *method)
{
	g->line_start = ftell(g->out) - 40;
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		const char *name = c_name(g, a->name);
		const char *count = c_beside(g, method->arguments, name, "_count");

		if (a->direction & AIDL_OUT)
			declare_out(g, a->type, name, count);
		else
			declare_in(g, a->type, name, count);
	}
	if (method->returns->kind != AIDL_VOID)
		declare_out(g, method->returns, "ret",
			    c_beside(g, method->arguments, "ret", "_count"));
}

void c_name_arguments(struct generator *g, const struct aidl_method *method)
{
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		const char *name = c_name(g, a->name);

		c_print(g, ", %s", name);
		if (c_shape(a->type) == C_ARRAY)
			c_print(g, ", %s", c_beside(g, method->arguments, name, "_count"));
	}
	if (method->returns->kind != AIDL_VOID)
		c_print(g, ", ret");
	if (c_shape(method->returns) == C_ARRAY)
		c_print(g, ", %s", c_beside(g, method->arguments, "ret", "_count"));
}

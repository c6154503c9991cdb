/* SPDX-License-Identifier: MIT */
/*
 * literal.c: constants and comments of AIDL in C's spelling.
 *
 * Both come from a file that may be anybody's: what is printed can end neither
 * a string nor a comment early.
 */
#include "aidl_c.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *string_literal(struct generator *g, const char *string)
{
	const char *text = "\"";

	/* A question mark may begin a trigraph; octal escapes end after three digits. */
	for (const unsigned char *s = (const unsigned char *)string; *s; s++)
		text = c_keep(g,
			      *s < 0x20 || *s == 0x7f || strchr("\"\\?", *s) ? "%s\\%03o" : "%s%c",
			      text, *s);
	return c_keep(g, "%s\"", text);
}

static const char *enum_name(struct generator *g, const struct aidl_declaration *declaration,
			     int64_t number)
{
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		if (c->value.integer == number)
			return c_constant_name(g, declaration, c->name);
	return NULL;
}

static const char *integer_literal(struct generator *g, const struct aidl_type *type,
				   int64_t number)
{
	const char *name = NULL;

	if (type && type->kind == AIDL_ENUM && !aidl_is_tag(type->declaration))
		name = enum_name(g, type->declaration, number);
	if (name)
		return name;
	/* Their own absolute values do not fit. */
	if (number == INT64_MIN)
		return "INT64_MIN";
	if (number == INT32_MIN)
		return "INT32_MIN";
	if (number != (int32_t)number)
		return c_keep(g, "INT64_C(%" PRId64 ")", number);
	return c_keep(g, "%" PRId64, number);
}

static const char *floating_literal(struct generator *g, const struct aidl_type *type,
				    double number)
{
	const char *cast = type && type->kind == AIDL_FLOAT ? "(float)" : "";
	const char *text;

	if (isnan(number))
		return c_keep(g, "%s__builtin_nan(\"\")", cast);
	if (isinf(number))
		return c_keep(g, "%s%s__builtin_inf()", cast, number < 0 ? "-" : "");
	text = c_keep(g, "%.17g", number);
	return c_keep(g, "%s%s%s", cast, text, strpbrk(text, ".e") ? "" : ".0");
}

const char *c_literal(struct generator *g, const struct aidl_type *type,
		      const struct aidl_value *value)
{
	switch (value->kind) {
	case AIDL_VALUE_BOOLEAN:
		return value->integer ? "true" : "false";
	case AIDL_VALUE_FLOATING:
		return floating_literal(g, type, value->floating);
	case AIDL_VALUE_STRING:
		return string_literal(g, value->string);
	default:
		if (type && (type->kind == AIDL_FLOAT || type->kind == AIDL_DOUBLE))
			return floating_literal(g, type, (double)value->integer);
		return integer_literal(g, type, value->integer);
	}
}

static void comment_line(struct generator *g, const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];
		bool pair = i &&
			    ((line[i - 1] == '*' && c == '/') || (line[i - 1] == '/' && c == '*'));

		if (pair)
			putc(' ', g->out);
		putc(c == '\t' || (c >= 0x20 && c != 0x7f) ? c : '?', g->out);
	}
}

void c_comment(struct generator *g, const char *comment, unsigned indent)
{
	bool one_line = comment && !strchr(comment, '\n');

	if (!comment)
		return;
	c_indent(g, indent);
	c_print(g, one_line ? "/* " : "/*\n");
	while (*comment) {
		size_t length = strcspn(comment, "\n");

		if (!one_line) {
			c_indent(g, indent);
			c_print(g, length ? " * " : " *");
		}
		comment_line(g, comment, length);
		comment += length + (comment[length] == '\n');
		if (!one_line)
			c_print(g, "\n");
	}
	if (!one_line)
		c_indent(g, indent);
	c_print(g, " */\n");
}

void c_constants(struct generator *g, const struct aidl_declaration *declaration)
{
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next) {
		const struct aidl_type *type =
			declaration->kind == AIDL_ENUM ? declaration->backing : c->type;
		const char *literal = c_literal(g, type, &c->value);

		c_comment(g, c->comment, 0);
		if (type && type->kind == AIDL_LONG)
			literal = c_keep(g, "INT64_C(%" PRId64 ")", c->value.integer);
		if (type && type->kind == AIDL_LONG && c->value.integer == INT64_MIN)
			literal = "INT64_MIN";
		c_print(g, "#define %s %s%s%s\n", c_constant_name(g, declaration, c->name),
			literal[0] == '-' || literal[0] == '(' ? "(" : "", literal,
			literal[0] == '-' || literal[0] == '(' ? ")" : "");
	}
}

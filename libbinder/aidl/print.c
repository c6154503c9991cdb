/* SPDX-License-Identifier: MIT */
/*
 * print.c: declarations as text that is AIDL again.
 *
 * Called by those who describe interfaces; hands on to stdio.
 */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* com.example.Foo is Foo inside of com.example. */
static const char *short_name(const char *name, const struct aidl_declaration *in)
{
	const char *package = in ? in->at.document->package : "";
	size_t length = strlen(package);

	for (const struct aidl_declaration *d = in; d; d = d->outer) {
		size_t outer = strlen(d->qualified);

		if (!strncmp(name, d->qualified, outer) && name[outer] == '.')
			return name + outer + 1;
	}
	if (length && !strncmp(name, package, length) && name[length] == '.')
		return name + length + 1;
	return name;
}

static void print_plain(const struct aidl_type *type, const struct aidl_declaration *in, FILE *out)
{
	const struct aidl_type *inner = type;

	while (inner->kind == AIDL_ARRAY)
		inner = inner->element;
	fputs(short_name(inner->name, in), out);
	for (unsigned i = 0; i < inner->arguments; i++) {
		fputs(i ? ", " : "<", out);
		print_plain(inner->argument[i], in, out);
	}
	if (inner->arguments)
		putc('>', out);
	for (; type->kind == AIDL_ARRAY; type = type->element) {
		if (type->size < 0)
			fputs("[]", out);
		else
			fprintf(out, "[%" PRId64 "]", type->size);
	}
}

void aidl_type_print(const struct aidl_type *type, const struct aidl_declaration *in, FILE *out)
{
	if (type->nullable)
		fputs(type->heap ? "@nullable(heap=true) " : "@nullable ", out);
	if (aidl_annotation_find(type->annotations, "utf8InCpp"))
		fputs("@utf8InCpp ", out);
	print_plain(type, in, out);
}

static void print_floating(double number, FILE *out)
{
	char text[40];
	int digits = 1;

	/* As few digits as give the same number. */
	do
		snprintf(text, sizeof(text), "%.*g", digits, number);
	while (digits++ < 17 && isfinite(number) && strtod(text, NULL) != number);
	fputs(text, out);
	if (!strpbrk(text, ".en"))
		fputs(".0", out);
}

void aidl_value_print(const struct aidl_value *value, FILE *out)
{
	switch (value->kind) {
	case AIDL_VALUE_BOOLEAN:
		fputs(value->integer ? "true" : "false", out);
		break;
	case AIDL_VALUE_CHARACTER:
		fprintf(out, "'%c'", (char)value->integer);
		break;
	case AIDL_VALUE_INTEGER:
		fprintf(out, "%" PRId64, value->integer);
		break;
	case AIDL_VALUE_FLOATING:
		print_floating(value->floating, out);
		break;
	case AIDL_VALUE_STRING:
		fprintf(out, "\"%s\"", value->string);
		break;
	case AIDL_VALUE_ARRAY:
		putc('{', out);
		for (size_t i = 0; i < value->count; i++) {
			if (i)
				fputs(", ", out);
			aidl_value_print(&value->item[i], out);
		}
		putc('}', out);
		break;
	default:
		break;
	}
}

static void print_direction(const struct aidl_field *argument, FILE *out)
{
	const struct aidl_type *type = argument->type;

	if (argument->direction == AIDL_OUT)
		fputs("out ", out);
	else if (argument->direction == AIDL_INOUT)
		fputs("inout ", out);
	else if (type->kind == AIDL_ARRAY || type->kind == AIDL_LIST || type->kind == AIDL_MAP ||
		 type->kind == AIDL_PARCELABLE || type->kind == AIDL_OPAQUE ||
		 type->kind == AIDL_UNION)
		fputs("in ", out);
}

void aidl_method_print(const struct aidl_method *method, const struct aidl_declaration *in,
		       FILE *out)
{
	if (method->oneway)
		fputs("oneway ", out);
	aidl_type_print(method->returns, in, out);
	fprintf(out, " %s(", method->name);
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		print_direction(a, out);
		aidl_type_print(a->type, in, out);
		fprintf(out, " %s%s", a->name, a->next ? ", " : "");
	}
	putc(')', out);
}

/* ---- declarations --------------------------------------------------------------------- */

static void indent(unsigned depth, FILE *out)
{
	while (depth--)
		fputs("    ", out);
}

/* A comment's text could end the comment that it is printed in; AIDL's own never does. */
static void print_comment(const char *comment, unsigned depth, FILE *out)
{
	bool one_line = comment && !strchr(comment, '\n');

	if (!comment)
		return;
	indent(depth, out);
	fputs(one_line ? "/** " : "/**\n", out);
	while (*comment) {
		size_t length = strcspn(comment, "\n");

		if (!one_line) {
			indent(depth, out);
			fputs(length ? " * " : " *", out);
		}
		for (size_t i = 0; i < length; i++) {
			unsigned char c = (unsigned char)comment[i];

			putc(c == '\t' || (c >= 0x20 && c != 0x7f) ? c : '?', out);
		}
		comment += length;
		if (*comment)
			comment++;
		if (!one_line)
			putc('\n', out);
	}
	if (!one_line)
		indent(depth, out);
	fputs(" */\n", out);
}

/* The first name of that value; NULL: it has none. */
static const char *name_of(const struct aidl_type *type, const struct aidl_value *value)
{
	if (value->kind != AIDL_VALUE_INTEGER || !type->declaration ||
	    type->declaration->kind != AIDL_ENUM)
		return NULL;
	for (const struct aidl_constant *c = type->declaration->constants; c; c = c->next)
		if (c->value.integer == value->integer)
			return c->name;
	return NULL;
}

/* As a value, but an enum's is one of its names: nothing else may be its default. */
static void print_default(const struct aidl_type *type, const struct aidl_value *value,
			  const struct aidl_declaration *in, FILE *out)
{
	const struct aidl_type plain = {
		.kind = type->kind, .name = type->name, .declaration = type->declaration, .size = -1
	};
	const char *name = name_of(type, value);

	if (name) {
		aidl_type_print(&plain, in, out);
		fprintf(out, ".%s", name);
	} else if (value->kind == AIDL_VALUE_ARRAY && type->element) {
		putc('{', out);
		for (size_t i = 0; i < value->count; i++) {
			if (i)
				fputs(", ", out);
			print_default(type->element, &value->item[i], in, out);
		}
		putc('}', out);
	} else {
		aidl_value_print(value, out);
	}
}

static void print_members(const struct aidl_declaration *declaration, unsigned depth, FILE *out);

static void print_name(const struct aidl_declaration *declaration, FILE *out)
{
	if (declaration->outer && declaration->outer->kind == AIDL_OPAQUE) {
		print_name(declaration->outer, out);
		putc('.', out);
	}
	fputs(declaration->name, out);
}

static void print_declaration(const struct aidl_declaration *declaration, unsigned depth, FILE *out)
{
	static const char *const words[] = {
		[AIDL_ENUM] = "enum",           [AIDL_PARCELABLE] = "parcelable",
		[AIDL_OPAQUE] = "parcelable",   [AIDL_UNION] = "union",
		[AIDL_INTERFACE] = "interface",
	};

	if (declaration->kind == AIDL_OPAQUE && declaration->nested) {
		/* Nothing is known but that it holds others, whose names say so. */
		for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
			print_declaration(d, depth, out);
		return;
	}
	print_comment(declaration->comment, depth, out);
	if (declaration->vintf) {
		indent(depth, out);
		fputs("@VintfStability\n", out);
	}
	if (declaration->backing && declaration->backing->kind != AIDL_BYTE) {
		indent(depth, out);
		fprintf(out, "@Backing(type=\"%s\")\n", declaration->backing->name);
	}
	indent(depth, out);
	fprintf(out, "%s%s ", declaration->oneway ? "oneway " : "", words[declaration->kind]);
	print_name(declaration, out);
	for (unsigned i = 0; i < declaration->parameters; i++)
		fprintf(out, "%s%s", i ? ", " : "<", declaration->parameter[i]);
	fputs(declaration->parameters ? ">" : "", out);
	if (declaration->kind == AIDL_OPAQUE) {
		if (declaration->cpp_header)
			fprintf(out, " cpp_header \"%s\"", declaration->cpp_header);
		if (declaration->ndk_header)
			fprintf(out, " ndk_header \"%s\"", declaration->ndk_header);
		fputs(";\n", out);
		return;
	}
	fputs(" {\n", out);
	print_members(declaration, depth + 1, out);
	indent(depth, out);
	fputs("}\n", out);
}

static void print_constant(const struct aidl_declaration *declaration,
			   const struct aidl_constant *constant, unsigned depth, FILE *out)
{
	print_comment(constant->comment, depth, out);
	indent(depth, out);
	if (declaration->kind != AIDL_ENUM) {
		fputs("const ", out);
		aidl_type_print(constant->type, declaration, out);
		putc(' ', out);
	}
	fprintf(out, "%s = ", constant->name);
	aidl_value_print(&constant->value, out);
	fputs(declaration->kind == AIDL_ENUM ? ",\n" : ";\n", out);
}

static void print_members(const struct aidl_declaration *declaration, unsigned depth, FILE *out)
{
	for (const struct aidl_constant *c = declaration->constants; c; c = c->next)
		print_constant(declaration, c, depth, out);
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		print_comment(f->comment, depth, out);
		indent(depth, out);
		aidl_type_print(f->type, declaration, out);
		fprintf(out, " %s", f->name);
		if (f->value.kind != AIDL_VALUE_NONE) {
			fputs(" = ", out);
			print_default(f->type, &f->value, declaration, out);
		}
		fputs(";\n", out);
	}
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		print_comment(m->comment, depth, out);
		indent(depth, out);
		aidl_method_print(m, declaration, out);
		fprintf(out, " = %u;\n", m->code - 1);
	}
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		if (!aidl_is_tag(d))
			print_declaration(d, depth, out);
}

void aidl_declaration_print(const struct aidl_declaration *declaration, FILE *out)
{
	print_declaration(declaration, 0, out);
}

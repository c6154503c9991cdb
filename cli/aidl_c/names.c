/* SPDX-License-Identifier: MIT */
/*
 * names.c: AIDL's names as C's, and the strings that a generator makes.
 *
 * Used by every file of the layer.
 */
#include "aidl_c.h"

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct kept {
	struct kept *next;
	_Alignas(max_align_t) char bytes[];
};

void c_print(struct generator *g, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(g->out, format, arguments);
	va_end(arguments);
}

void c_indent(struct generator *g, unsigned n)
{
	while (n--)
		putc('\t', g->out);
}

void *c_keep_bytes(struct generator *g, size_t size)
{
	struct kept *kept = malloc(sizeof(*kept) + size);

	if (!kept) {
		g->no_memory = true;
		return NULL;
	}
	kept->next = g->kept;
	g->kept = kept;
	return kept->bytes;
}

const char *c_keep(struct generator *g, const char *format, ...)
{
	va_list arguments;
	int length;
	char *text;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	text = length < 0 ? NULL : c_keep_bytes(g, (size_t)length + 1);
	if (!text) {
		g->no_memory = true;
		return "";
	}
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

void c_kept_free(struct generator *g)
{
	while (g->kept) {
		struct kept *next = g->kept->next;

		free(g->kept);
		g->kept = next;
	}
}

/* ---- names that mean something else --------------------------------------------------- */

static bool is_one_of(const char *name, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == length && !strncmp(name, *words, length))
			return true;
	return false;
}

const char *c_name(struct generator *g, const char *name)
{
	/* C's words, those of headers that generated code includes, and our own locals. */
	static const char *const taken[] = {
		"auto",         "break",     "case",     "char",
		"const",        "continue",  "default",  "do",
		"double",       "else",      "enum",     "extern",
		"float",        "for",       "goto",     "if",
		"inline",       "int",       "long",     "register",
		"restrict",     "return",    "short",    "signed",
		"sizeof",       "static",    "struct",   "switch",
		"typedef",      "union",     "unsigned", "void",
		"volatile",     "while",     "asm",      "typeof",
		"bool",         "true",      "false",    "NULL",
		"errno",        "linux",     "unix",     "stdin",
		"stdout",       "stderr",    "EOF",      "alignas",
		"alignof",      "constexpr", "nullptr",  "static_assert",
		"thread_local", "i386",      "self",     "ret",
		"in",           "out",       "status",   "failure",
		"parcel",       "value",     "tag",      "end",
		"start",        "service",   "result",   "constant",
		NULL,
	};
	size_t length = strlen(name);

	if (length && name[length - 1] == '_')
		return c_keep(g, "%s_", name);
	return is_one_of(name, length, taken) ? c_keep(g, "%s_", name) : name;
}

const char *c_type_name(struct generator *g, const struct aidl_declaration *declaration)
{
	if (!declaration->outer)
		return declaration->name;
	return c_keep(g, "%s_%s", c_type_name(g, declaration->outer), declaration->name);
}

const char *c_method_name(struct generator *g, const struct aidl_declaration *declaration,
			  const struct aidl_method *method)
{
	static const char *const taken[] = {
		"class", "new", "asInterface", "release", "methods", "DESCRIPTOR", NULL,
	};
	bool ours = is_one_of(method->name, strlen(method->name), taken);

	return c_keep(g, "%s_%s%s", c_type_name(g, declaration), method->name, ours ? "_" : "");
}

const struct aidl_declaration *c_first_of(struct generator *g,
					  const struct aidl_declaration *declaration)
{
	const struct aidl_declaration *d = NULL;

	while ((d = aidl_library_next(g->library, d)))
		if (d->at.document == declaration->at.document)
			return d;
	return declaration;
}

const char *c_base_path(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_keep(g, "%s", c_first_of(g, declaration)->qualified);

	/* Kept strings are ours. */
	for (char *s = (char *)(uintptr_t)name; *s; s++)
		if (*s == '.')
			*s = '/';
	return name;
}

const char *c_beside(struct generator *g, const struct aidl_field *fields, const char *name,
		     const char *suffix)
{
	const char *candidate = c_keep(g, "%s%s", name, suffix);
	const struct aidl_field *f = fields;

	while (f) {
		if (!g->no_memory && !strcmp(c_name(g, f->name), candidate)) {
			candidate = c_keep(g, "%s_", candidate);
			f = fields;
		} else {
			f = f->next;
		}
	}
	return candidate;
}

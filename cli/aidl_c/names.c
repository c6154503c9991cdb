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
	/* C's words and C++'s, those of headers that generated code includes, our own locals. */
	static const char *const taken[] = {
		"auto",         "break",       "case",     "char",
		"const",        "continue",    "default",  "do",
		"double",       "else",        "enum",     "extern",
		"float",        "for",         "goto",     "if",
		"inline",       "int",         "long",     "register",
		"restrict",     "return",      "short",    "signed",
		"sizeof",       "static",      "struct",   "switch",
		"typedef",      "union",       "unsigned", "void",
		"volatile",     "while",       "asm",      "typeof",
		"bool",         "true",        "false",    "NULL",
		"errno",        "linux",       "unix",     "stdin",
		"stdout",       "stderr",      "EOF",      "alignas",
		"alignof",      "constexpr",   "nullptr",  "static_assert",
		"thread_local", "i386",        "self",     "ret",
		"in",           "out",         "status",   "failure",
		"parcel",       "value",       "tag",      "end",
		"start",        "service",     "result",   "constant",
		"and",          "and_eq",      "bitand",   "bitor",
		"catch",        "char8_t",     "char16_t", "char32_t",
		"class",        "compl",       "concept",  "consteval",
		"constinit",    "const_cast",  "co_await", "co_return",
		"co_yield",     "decltype",    "delete",   "dynamic_cast",
		"explicit",     "export",      "friend",   "mutable",
		"namespace",    "new",         "noexcept", "not",
		"not_eq",       "operator",    "or",       "or_eq",
		"private",      "protected",   "public",   "reinterpret_cast",
		"requires",     "static_cast", "template", "this",
		"throw",        "try",         "typeid",   "typename",
		"using",        "virtual",     "wchar_t",  "xor",
		"xor_eq",       "major",       "minor",    "typeof_unqual",
		NULL,
	};
	size_t length = strlen(name);

	if (length && name[length - 1] == '_')
		return c_keep(g, "%s_", name);
	return is_one_of(name, length, taken) ? c_keep(g, "%s_", name) : name;
}

/* "com_example_": dots become underscores, and underscores two, so that no two packages share one. */
static const char *package_prefix(struct generator *g, const char *package)
{
	char *text = c_keep_bytes(g, 2 * strlen(package) + 2);
	char *end = text;

	if (!text || !*package)
		return "";
	for (; *package; package++) {
		if (*package == '_')
			*end++ = '_';
		*end++ = *package == '.' ? '_' : *package;
	}
	*end++ = '_';
	*end = '\0';
	return text;
}

static const char *package_of(struct generator *g, const struct aidl_declaration *declaration)
{
	size_t length = strlen(declaration->qualified) - strlen(declaration->name);

	return c_keep(g, "%.*s", length ? (int)length - 1 : 0, declaration->qualified);
}

/* What --prefix says for a package: the longest PACKAGE=PREFIX, else the last PREFIX. */
static const char *prefix_for(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *package = package_of(g, declaration), *chosen = "";
	size_t longest = 0;

	for (size_t i = 0; i < g->options->prefixes; i++) {
		const char *prefix = g->options->prefix[i], *equals = strchr(prefix, '=');
		size_t length = equals ? (size_t)(equals - prefix) : 0;

		if (!equals && !longest)
			chosen = strcmp(prefix, "package") ? prefix : package_prefix(g, package);
		if (equals && length >= longest && !strncmp(package, prefix, length) &&
		    (!package[length] || package[length] == '.')) {
			longest = length;
			chosen = equals + 1;
		}
	}
	return chosen;
}

const char *c_type_name(struct generator *g, const struct aidl_declaration *declaration)
{
	if (c_is_instance(g, declaration)) /* its name is made of such names */
		return declaration->name;
	if (!declaration->outer)
		return c_keep(g, "%s%s", prefix_for(g, declaration), declaration->name);
	return c_keep(g, "%s_%s", c_type_name(g, declaration->outer), declaration->name);
}

/* ---- what belongs to a type ---------------------------------------------------------- */

static bool begins_with(const char *name, const char *start)
{
	return !strncmp(name, start, strlen(start));
}

/* IFoo_name is, or begins, what is made for the type or for something in it. */
static bool is_ours(const struct aidl_declaration *declaration, const char *name)
{
	static const char *const of_interfaces[] = { "class",   "new",        "asInterface",
						     "release", "DESCRIPTOR", "VERSION",
						     "HASH",    NULL };
	static const char *const of_structures[] = { "init", "free",   "delete", "write", "read",
						     "copy", "equals", "print",  "to",    "get",
						     "put",  "clear",  "TAG",    NULL };
	static const char *const of_enums[] = { "name", NULL };
	const char *const *words = declaration->kind == AIDL_INTERFACE ? of_interfaces :
				   declaration->kind == AIDL_ENUM      ? of_enums :
									 of_structures;

	if (is_one_of(name, strlen(name), words))
		return true;
	if (declaration->kind == AIDL_INTERFACE && begins_with(name, "CODE_"))
		return true;
	for (; *words && declaration->kind != AIDL_INTERFACE; words++)
		if (begins_with(name, *words) && name[strlen(*words)] == '_')
			return true;
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		if (begins_with(name, d->name) &&
		    (!name[strlen(d->name)] || name[strlen(d->name)] == '_'))
			return true;
	return false;
}

/* A name of its own for a method or a constant: one that is taken gets underscores; where those
 * do not help, it is put behind a word. */
static const char *member_name(struct generator *g, const struct aidl_declaration *declaration,
			       const char *name, const char *word)
{
	const char *free_name = name;
	bool taken = is_ours(declaration, name);

	for (int i = 0; taken && i < 4; i++) {
		free_name = c_keep(g, "%s_", free_name);
		taken = g->no_memory ? false :
				       is_ours(declaration, free_name) ||
					       aidl_method_find(declaration, free_name) ||
					       aidl_constant_find(declaration, free_name);
	}
	if (taken)
		free_name = c_keep(g, "%s_%s_", word, name);
	return c_keep(g, "%s_%s", c_type_name(g, declaration), free_name);
}

const char *c_method_name(struct generator *g, const struct aidl_declaration *declaration,
			  const struct aidl_method *method)
{
	return member_name(g, declaration, method->name, "call");
}

const char *c_constant_name(struct generator *g, const struct aidl_declaration *declaration,
			    const char *name)
{
	/* A macro would replace the method. */
	if (declaration->kind == AIDL_INTERFACE && aidl_method_find(declaration, name))
		return c_keep(g, "%s_constant_%s", c_type_name(g, declaration), name);
	return member_name(g, declaration, name, "constant");
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

/* ---- one name for one type --------------------------------------------------------------- */

struct named {
	const char *name;
	const struct aidl_declaration *declaration;
};

struct named_list {
	struct named *item;
	size_t count, room;
};

static void add_names(struct generator *g, struct named_list *list,
		      const struct aidl_declaration *declaration)
{
	bool nothing = declaration->by_name ||
		       (declaration->kind == AIDL_OPAQUE && !declaration->ndk_header);

	if (list->count == list->room) {
		size_t room = list->room * 2 + 64;
		struct named *item = reallocarray(list->item, room, sizeof(*item));

		if (!item) {
			g->no_memory = true;
			return;
		}
		list->item = item;
		list->room = room;
	}
	if (!nothing)
		list->item[list->count++] =
			(struct named){ c_type_name(g, declaration), declaration };
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		if (!aidl_is_tag(d))
			add_names(g, list, d);
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(((const struct named *)one)->name, ((const struct named *)other)->name);
}

bool c_check_names(struct aidl_library *library, const struct c_options *options)
{
	struct generator g = { .library = library, .options = options };
	struct named_list list = { 0 };
	const struct aidl_declaration *d = NULL;
	bool good = true;

	while ((d = aidl_library_next(library, d)))
		add_names(&g, &list, d);
	if (list.count)
		qsort(list.item, list.count, sizeof(*list.item), compare_names);
	for (size_t i = 1; i < list.count; i++) {
		const struct named *one = &list.item[i - 1], *other = &list.item[i];

		if (strcmp(one->name, other->name) != 0 ||
		    !strcmp(one->declaration->qualified, other->declaration->qualified))
			continue;
		aidl_library_report(
			library, other->declaration->at, (unsigned)strlen(other->declaration->name),
			c_keep(&g, "in C, %s and %s would both be %s", one->declaration->qualified,
			       other->declaration->qualified, one->name),
			"--prefix=package puts the package before each name; "
			"--prefix=PACKAGE=PREFIX gives one package's types a prefix");
		good = false;
	}
	free(list.item);
	c_kept_free(&g);
	return good && !g.no_memory;
}

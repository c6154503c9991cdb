/* SPDX-License-Identifier: MIT */
/*
 * internal.h: what the files of the AIDL front end share.
 *
 * A file goes through them in this order:
 *   library.c  finds and reads it, follows imports
 *   lexer.c    text -> words
 *   parse.c    words -> declarations, names and expressions still unresolved
 *   resolve.c  names -> declarations
 *   constant.c expressions -> values
 *   check.c    the rules of the language, codes of methods
 * print.c turns the result into text again.
 */
#ifndef AIDL_INTERNAL_H
#define AIDL_INTERNAL_H

#include <sys/types.h>

#include <binder/aidl.h>

#include "arena.h"

/* How deep types, expressions and declarations may nest. */
#define AIDL_MAX_DEPTH 60
#define AIDL_MAX_ERRORS 100
#define AIDL_MAX_FILE_SIZE (8u << 20)

struct aidl_import {
	struct aidl_import *next;
	const char *name;
	struct aidl_position at;
};

struct aidl_document {
	struct aidl_document *next;
	const char *path;
	const char *text; /* size bytes and a NUL */
	size_t size;
	const char *package; /* "" if none */
	struct aidl_import *imports;
	const struct aidl_declaration *declarations;
	dev_t device; /* 0 and 0: text in memory */
	ino_t inode;
	bool resolved, checked;
	bool preprocessed; /* a list of what other files declare, without what is in it */
};

struct aidl_directory {
	struct aidl_directory *next;
	const char *path;
	bool beside; /* nobody named it: a file that was loaded lies there */
};

struct aidl_library {
	struct arena arena;
	struct aidl_directory *directories, **last_directory;
	struct aidl_document *documents, **last_document;
	const struct aidl_error *errors;
	const char *android; /* words, or NULL: $BINDER_ANDROID */
	unsigned error_count;
	bool checking;               /* what is read from now on is resolved at once */
	unsigned depth;              /* of expressions under way */
	bool one_place;              /* what lies in two directories is an error */
	struct aidl_position asking; /* which name is being looked up */
};

/* ---- expressions: constant.c's, made by the parser -------------------------- */

enum expression_kind {
	EXPRESSION_VALUE,     /* value */
	EXPRESSION_REFERENCE, /* name */
	EXPRESSION_UNARY,     /* operator, left */
	EXPRESSION_BINARY,    /* operator, left, right */
	EXPRESSION_ARRAY,     /* items */
};

struct aidl_expression {
	enum expression_kind kind;
	struct aidl_expression *next; /* in an ARRAY */
	struct aidl_position at;
	unsigned width;
	struct aidl_value value;
	const char *name;
	char operator[3];
	struct aidl_expression *left, *right, *items;
	enum { EXPRESSION_OPEN, EXPRESSION_UNDER_WAY, EXPRESSION_DONE } state;
};

/* ---- errors ------------------------------------------------------------------- */

/* hint may be NULL; both are copied. */
void aidl_report(struct aidl_library *library, struct aidl_position at, unsigned width,
		 const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- the steps ------------------------------------------------------------------ */

/* Fills the document; what it cannot read, it reports and leaves out. */
void aidl_parse(struct aidl_library *library, struct aidl_document *document);
void aidl_resolve(struct aidl_library *library, struct aidl_document *document);
void aidl_check(struct aidl_library *library, struct aidl_document *document);

/* library.c, for imports: NULL when there is none; errors in it are reported. */
const struct aidl_declaration *aidl_lookup(struct aidl_library *library, const char *name);

/* resolve.c: the declaration that a name means there, NULL. */
const struct aidl_declaration *aidl_resolve_name(struct aidl_library *library,
						 const struct aidl_document *document,
						 const struct aidl_declaration *scope,
						 const char *name);

/* constant.c: the value of an expression inside of scope for something of this type (NULL:
 * whatever it is), false when it has none; that is reported. */
bool aidl_evaluate(struct aidl_library *library, const struct aidl_declaration *scope,
		   struct aidl_expression *expression, const struct aidl_type *type,
		   struct aidl_value *ret);
/* Computes a constant, unless that has been done. */
bool aidl_constant_value(struct aidl_library *library, const struct aidl_declaration *scope,
			 struct aidl_constant *constant);

/* builtin.c: AIDL_UNKNOWN when it is none. */
enum aidl_kind aidl_builtin(const char *name);
/* What may be imported although there is no file for it. */
bool aidl_is_known_import(const char *name);
/* The name that is short and usual: "String" for "java.lang.String". */
const char *aidl_builtin_name(enum aidl_kind kind);

/* Everything behind the public structures is the library's own, and not const. */
#define AIDL_OWN(pointer) \
	((__typeof__(_Generic((pointer), \
		const struct aidl_declaration *: (struct aidl_declaration *)0, \
		const struct aidl_type *: (struct aidl_type *)0, \
		const struct aidl_field *: (struct aidl_field *)0, \
		const struct aidl_method *: (struct aidl_method *)0, \
		const struct aidl_constant *: (struct aidl_constant *)0, \
		const struct aidl_parameter *: (struct aidl_parameter *)0, \
		const struct aidl_document *: (struct aidl_document *)0))) \
		(uintptr_t)(pointer))

#endif

/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl.h: AIDL files as C structures.
 *
 * A library reads .aidl files, and those that they import, and answers with
 * declarations whose names are resolved, constants computed, and rules checked.
 * What one may do with them (call by name, generate code, describe) is built
 * on top.
 *
 * Ownership: everything that is reached from a library belongs to it and lives
 * until aidl_library_free().  After STATUS_NO_MEMORY it can only be freed.
 * Threads: a library is used by one at a time; reading declarations while
 * nobody loads is free.
 */
#ifndef BINDER_AIDL_H
#define BINDER_AIDL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <android/binder_status.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct aidl_library;
struct aidl_declaration;
struct aidl_expression; /* private */
struct aidl_document;   /* private */

/* Where something stands: the first byte is line 1, column 1. */
struct aidl_position {
	const struct aidl_document *document;
	unsigned line, column;
};

/* ---- values: what a constant, a default or an annotation's parameter is ---- */

enum aidl_value_kind {
	AIDL_VALUE_NONE, /* there is none, or it could not be computed */
	AIDL_VALUE_BOOLEAN,
	AIDL_VALUE_CHARACTER, /* integer: a UTF-16 unit */
	AIDL_VALUE_INTEGER,
	AIDL_VALUE_FLOATING,
	AIDL_VALUE_STRING,
	AIDL_VALUE_ARRAY,
};

struct aidl_value {
	enum aidl_value_kind kind;
	bool boolean;
	bool wide;       /* INTEGER: a long, not an int */
	int64_t integer; /* BOOLEAN: 0 or 1 too */
	double floating;
	const char *string;            /* UTF-8 */
	const struct aidl_value *item; /* count of them */
	size_t count;
};

/* ---- annotations ----------------------------------------------------------- */

struct aidl_parameter {
	const struct aidl_parameter *next;
	const char *name; /* "value" if none was written */
	bool nameless;
	struct aidl_value value;
	struct aidl_expression *expression;
};

struct aidl_annotation {
	const struct aidl_annotation *next;
	const char *name; /* without the @ */
	const struct aidl_parameter *parameters;
	struct aidl_position at;
};

/* NULL: it is not there. */
const struct aidl_annotation *aidl_annotation_find(const struct aidl_annotation *first,
						   const char *name);
/* Value of a parameter, NULL if it is not given. */
const struct aidl_value *aidl_annotation_value(const struct aidl_annotation *annotation,
					       const char *parameter);

/* ---- types ------------------------------------------------------------------ */

enum aidl_kind {
	AIDL_UNKNOWN, /* not found, and reported */
	AIDL_VOID,
	AIDL_BOOLEAN,
	AIDL_BYTE,
	AIDL_CHAR,
	AIDL_INT,
	AIDL_LONG,
	AIDL_FLOAT,
	AIDL_DOUBLE,
	AIDL_STRING,
	AIDL_CHAR_SEQUENCE,
	AIDL_IBINDER,
	AIDL_FILE_DESCRIPTOR,
	AIDL_PARCEL_FILE_DESCRIPTOR,
	AIDL_PARCELABLE_HOLDER,
	AIDL_LIST,       /* argument 0: of what; none: anything */
	AIDL_MAP,        /* arguments 0 and 1, or none */
	AIDL_ARRAY,      /* element, size */
	AIDL_ENUM,       /* and from here on: declaration */
	AIDL_PARCELABLE, /* structured */
	AIDL_OPAQUE,     /* a parcelable that only other code can read, or what holds such */
	AIDL_UNION,
	AIDL_INTERFACE,
	AIDL_TYPE_PARAMETER, /* the T of parcelable Box<T> */
};

#define AIDL_MAX_ARGUMENTS 4

struct aidl_type {
	enum aidl_kind kind;
	const char *name; /* qualified once resolved; of an ARRAY: NULL */
	const struct aidl_declaration *declaration;
	const struct aidl_type *argument[AIDL_MAX_ARGUMENTS];
	unsigned arguments;
	const struct aidl_type *element; /* ARRAY: of an int[2][3], the int[3] */
	int64_t size;                    /* ARRAY: of fixed size; -1: any */
	bool nullable;                   /* @nullable: of an ARRAY or LIST its elements too */
	bool heap;                       /* @nullable(heap=true) */
	const struct aidl_annotation *annotations; /* of what it stands in, if it has none itself */
	const struct aidl_annotation *written;     /* its own */
	struct aidl_position at;
	struct aidl_expression *expression; /* of size */
};

/* ---- members ------------------------------------------------------------------ */

enum aidl_direction { AIDL_IN = 1, AIDL_OUT = 2, AIDL_INOUT = AIDL_IN | AIDL_OUT };

/* An argument of a method, or a field of a parcelable or union. */
struct aidl_field {
	const struct aidl_field *next;
	const char *name;
	const struct aidl_type *type;
	enum aidl_direction direction; /* arguments */
	bool has_default;
	struct aidl_value value; /* fields: the default */
	const char *comment;
	struct aidl_position at;
	struct aidl_expression *expression;
};

struct aidl_method {
	const struct aidl_method *next;
	const char *name;
	const struct aidl_type *returns;
	const struct aidl_field *arguments;
	bool oneway; /* of its own, or because the interface is */
	uint32_t code;
	bool has_id; /* "= 3" was written behind it */
	bool broken; /* it is not as a method may be: it cannot be called */
	const struct aidl_annotation *annotations;
	const char *comment;
	struct aidl_position at;
	struct aidl_expression *expression;
};

/* A constant, or a name in an enum. */
struct aidl_constant {
	const struct aidl_constant *next;
	const char *name;
	const struct aidl_type *type;
	struct aidl_value value;
	const struct aidl_annotation *annotations;
	const char *comment;
	struct aidl_position at;
	struct aidl_expression *expression;
	const struct aidl_constant *previous; /* enum: one more than this */
};

/* ---- declarations --------------------------------------------------------------- */

struct aidl_declaration {
	const struct aidl_declaration *next; /* in the same document, or the same outer one */
	enum aidl_kind kind;                 /* AIDL_ENUM to AIDL_INTERFACE */
	const char *name;                    /* "Inner" */
	const char *qualified;               /* "com.example.Outer.Inner" */
	const char *descriptor;              /* INTERFACE: what the token says */
	const struct aidl_declaration *outer;
	const struct aidl_declaration *nested;
	const struct aidl_method *methods;     /* INTERFACE */
	const struct aidl_field *fields;       /* PARCELABLE, UNION */
	const struct aidl_constant *constants; /* INTERFACE, PARCELABLE, UNION; ENUM: its names */
	const struct aidl_type *backing;       /* ENUM */
	const char *parameter[AIDL_MAX_ARGUMENTS]; /* PARCELABLE: Box<T> */
	unsigned parameters;
	/* OPAQUE: what C++ and the NDK have to include, or NULL. */
	const char *cpp_header, *ndk_header;
	bool oneway;  /* INTERFACE */
	bool by_name; /* INTERFACE: its methods are not in this file ("interface IFoo;") */
	bool vintf;   /* @VintfStability */
	/* Something in it was reported: its layout, or its methods' codes, cannot be relied on. */
	bool broken;
	const struct aidl_annotation *annotations;
	const char *comment;
	struct aidl_position at;
};

const struct aidl_method *aidl_method_find(const struct aidl_declaration *interface,
					   const char *name);
const struct aidl_method *aidl_method_by_code(const struct aidl_declaration *interface,
					      uint32_t code);
const struct aidl_field *aidl_field_find(const struct aidl_declaration *declaration,
					 const char *name);
/* The enum that each union has without writing it down; a declaration where something names it. */
bool aidl_is_tag(const struct aidl_declaration *declaration);
const struct aidl_constant *aidl_constant_find(const struct aidl_declaration *declaration,
					       const char *name);

/* ---- the library ------------------------------------------------------------------ */

/* NULL: no memory. */
struct aidl_library *aidl_library_new(void);
/* NULL is allowed. */
void aidl_library_free(struct aidl_library *library);

/* A directory in which com.example.IFoo is com/example/IFoo.aidl; searched in the order of
 * these calls.  STATUS_NO_MEMORY. */
binder_status_t aidl_library_add_path(struct aidl_library *library, const char *directory);
/*
 * The folders where users and packages put AIDL, behind those added before:
 * each of $BINDER_AIDL_PATH; binder/aidl in $XDG_DATA_HOME (~/.local/share); share/binder/aidl
 * beside this program or library; binder/aidl in each of $XDG_DATA_DIRS.  What differs between
 * Androids is in their android-N, which is searched first.  Those that do not exist are left out.
 * STATUS_NO_MEMORY.
 */
binder_status_t aidl_library_add_usual_paths(struct aidl_library *library);
/* Which N that is: the first of some words ("34 35 14 15") that has a folder; to be called before.
 * Without a call it is $BINDER_ANDROID.  STATUS_NO_MEMORY. */
binder_status_t aidl_library_set_android(struct aidl_library *library, const char *words);
/* The directories in their order; NULL behind the last. */
const char *aidl_library_path(const struct aidl_library *library, size_t index);

/*
 * Reads a file and all that it imports, then checks what is new.  *ret is its
 * first declaration.  STATUS_NAME_NOT_FOUND (no such file), STATUS_PERMISSION_DENIED,
 * STATUS_BAD_VALUE (it has errors: see aidl_library_error()), STATUS_NO_MEMORY.
 */
binder_status_t aidl_library_load(struct aidl_library *library, const char *path,
				  const struct aidl_declaration **ret);
/* The same for text in memory; name stands in messages. */
binder_status_t aidl_library_parse(struct aidl_library *library, const char *name, const char *text,
				   size_t size, const struct aidl_declaration **ret);
/*
 * A list of what a platform declares, as `aidl --preprocess` writes and as Android's SDK has it
 * (framework.aidl): "parcelable a.b.C;" or "interface a.b.I;" a line.  What is in it needs no file
 * and no import; a file, if there is one, goes before.  Errors as above.
 */
binder_status_t aidl_library_load_preprocessed(struct aidl_library *library, const char *path);
/* From now on a name whose file lies in two of the directories is an error; without this call the
 * first one is taken. */
void aidl_library_refuse_duplicates(struct aidl_library *library);
/*
 * A declaration by its qualified name or an interface by its descriptor, loaded
 * from the directories when need be.  STATUS_NAME_NOT_FOUND: in none of them;
 * STATUS_BAD_VALUE: it is there and has errors, *ret is set all the same, and
 * declarations that are not broken may be used.
 */
binder_status_t aidl_library_find(struct aidl_library *library, const char *name,
				  const struct aidl_declaration **ret);
/* Each top-level declaration read so far, in the order of reading; NULL: the last. */
const struct aidl_declaration *aidl_library_next(const struct aidl_library *library,
						 const struct aidl_declaration *after);

/* The file of each document in that order, the lists of platforms among them; NULL behind the last. */
const char *aidl_library_file(const struct aidl_library *library, size_t index);

/* ---- what is wrong ------------------------------------------------------------------ */

struct aidl_error {
	const struct aidl_error *next;
	const char *file; /* NULL: not in a file */
	unsigned line, column;
	unsigned width;   /* of what is underlined, at least 1 */
	const char *text; /* the line, without its end; may hold any byte but NUL */
	const char *message;
	const char *hint; /* or NULL */
};

/* The first of all that were found, each file's in the order of its lines; NULL: none.  At most a hundred are kept. */
const struct aidl_error *aidl_library_errors(const struct aidl_library *library);
/* Adds one, for those who find more than the rules of the language forbid; hint may be NULL. */
void aidl_library_report(struct aidl_library *library, struct aidl_position at, unsigned width,
			 const char *message, const char *hint);
/* "file:line:column: error: message", the line, a caret, the hint.  Control bytes are not printed. */
void aidl_error_print(const struct aidl_error *error, FILE *out);
/* The same with "warning": what is wrong does not keep the caller from going on. */
void aidl_warning_print(const struct aidl_error *error, FILE *out);

/* ---- in words ------------------------------------------------------------------------ */

/* As AIDL writes it: "@nullable List<String>"; names short when in is their package or outer
 * declaration.  in may be NULL. */
void aidl_type_print(const struct aidl_type *type, const struct aidl_declaration *in, FILE *out);
void aidl_value_print(const struct aidl_value *value, FILE *out);
/* "int add(int a, int b)". */
void aidl_method_print(const struct aidl_method *method, const struct aidl_declaration *in,
		       FILE *out);
/* The whole of it, as AIDL, with comments; methods with their codes. */
void aidl_declaration_print(const struct aidl_declaration *declaration, FILE *out);
/* The document whose first declaration this is, in one form: package, imports, comments and
 * expressions as they were written.  STATUS_NO_MEMORY. */
binder_status_t aidl_document_print(struct aidl_library *library,
				    const struct aidl_declaration *first, FILE *out);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif

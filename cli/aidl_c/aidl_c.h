/* SPDX-License-Identifier: MIT */
/*
 * aidl_c.h: AIDL declarations as C sources for the NDK's API.
 *
 * cli/aidl.c hands a checked document in and gets a header and a source back:
 *   carry.c      refuses what has no shape in C
 *   order.c      what stands before what, and what is included
 *   file.c       puts header and source together
 *   structure.c  parcelables and unions       structure_read.c  their way back
 *   opaque.c     those written by hand        interface.c  a table of methods
 *   proxy.c      calls that leave             stub.c       calls that come in
 *   instance.c   structures with type parameters, for the types that they are given
 *   map.c        what is behind a Map of structures
 *   declare.c    a value's C declaration      value.c      statements that write, read, free it
 *   literal.c    constants and comments       types.c      what each type is in C
 *   text.c       values for people to read
 *   names.c      AIDL's names as C's
 * What generated code calls is in binder/aidl_c.h.
 */
#ifndef CLI_AIDL_C_H
#define CLI_AIDL_C_H

#include <binder/aidl.h>

/* ---- the way in ---------------------------------------------------------------- */

struct c_file {
	char *path; /* below the output directory: "com/example/IFoo.h" */
	char *text;
	size_t size;
};

void c_file_clear(struct c_file *file);

struct c_options {
	const char *const *prefix; /* of names of types: "package", PREFIX, PACKAGE=PREFIX */
	size_t prefixes;
};

/* Other documents that a header includes, each by its first declaration. */
struct c_needs {
	const struct aidl_declaration **item;
	size_t count, room;
};

/* Are the names of all that has been read different in C?  false: it was reported. */
bool c_check_names(struct aidl_library *library, const struct c_options *options);

/*
 * The header and the source for the document whose first declaration this is.
 * STATUS_BAD_VALUE: C cannot carry something, and the library's errors say what;
 * STATUS_NO_MEMORY.  The caller clears both files, and frees needs->item.
 */
binder_status_t c_generate(struct aidl_library *library, const struct c_options *options,
			   const struct aidl_declaration *first, struct c_file *header,
			   struct c_file *source, struct c_needs *needs);

/* ---- what the files of this layer share ------------------------------------------ */

/* One document under way.  Strings that are made for it live until it is done. */
struct generator {
	struct aidl_library *library;
	const struct c_options *options;
	const struct aidl_declaration *first;
	struct c_needs *needs;
	struct c_needs carried; /* documents of which it is known that C has all */
	FILE *out;
	long line_start; /* where the line under way began, roughly */
	struct kept *kept;
	struct c_instance *instances;
	unsigned instance_count;
	bool no_memory;
	bool refused; /* a structure without end was reported */
	bool vintf;   /* the structure under way is @VintfStability */
};

__attribute__((format(printf, 2, 3))) void c_print(struct generator *g, const char *format, ...);
/* n tabs. */
void c_indent(struct generator *g, unsigned n);

/* ---- names ------------------------------------------------------------------------ */

/* A formatted string; "" without memory, which is remembered. */
__attribute__((format(printf, 2, 3))) const char *c_keep(struct generator *g, const char *format,
							 ...);
/* Memory that lives as long; NULL, and remembered, as above. */
void *c_keep_bytes(struct generator *g, size_t size);
void c_kept_free(struct generator *g);
/* As C can have it: "int" becomes "int_". */
const char *c_name(struct generator *g, const char *name);
/* "Outer_Inner". */
const char *c_type_name(struct generator *g, const struct aidl_declaration *declaration);
/* "ICompute_add"; a name of our own gives way. */
const char *c_method_name(struct generator *g, const struct aidl_declaration *declaration,
			  const struct aidl_method *method);
/* "Color_RED"; the same for a constant. */
const char *c_constant_name(struct generator *g, const struct aidl_declaration *declaration,
			    const char *name);
/* "com/example/IFoo", of the document that a declaration stands in. */
const char *c_base_path(struct generator *g, const struct aidl_declaration *declaration);
/* The first declaration of that document. */
const struct aidl_declaration *c_first_of(struct generator *g,
					  const struct aidl_declaration *declaration);
/* A name for something that belongs to name, which none of the fields has. */
const char *c_beside(struct generator *g, const struct aidl_field *fields, const char *name,
		     const char *suffix);

/* ---- types -------------------------------------------------------------------------- */

enum c_shape {
	C_VOID,
	C_NUMBER, /* boolean to double, enums */
	C_STRING,
	C_TEXT, /* CharSequence */
	C_BINDER,
	C_FILE,
	C_STRUCT,
	C_ARRAY, /* pointer and count */
	C_FIXED,
	C_MAP, /* a structure of keys and values */
	C_HOLDER,
	C_NOTHING, /* C cannot carry it */
};

struct c_row {
	enum c_shape shape;
	const char *type;   /* "int32_t ", "char *" */
	const char *parcel; /* NUMBER: AParcel_writeInt32's end */
	const char *one;    /* aidlc_write_string's end */
	const char *many;   /* aidlc_write_int32s' end */
	const char *map;    /* aidlc_write_int32_map's middle; NULL: no Map has such values */
	const char *empty;
};

enum c_shape c_shape(const struct aidl_type *type);
/* Of numbers, strings, binders, files; NULL for others. */
const struct c_row *c_row(const struct aidl_type *type);
/* What an array or list holds; of a fixed one the innermost. */
const struct aidl_type *c_element(const struct aidl_type *type);
/* What an array, list or map holds. */
const struct aidl_type *c_held(const struct aidl_type *type);
/* Of a map, with "read_" and such: "aidlc_read_int32_map", "Book_read_map"; with "": the struct. */
const char *c_map_function(struct generator *g, const struct aidl_type *type, const char *verb);
/* All items of a fixed array together; 0: no such array can be. */
int64_t c_fixed_size(const struct aidl_type *type);
/* "int32_t ", "struct Book *": what stands before the name of one value. */
const char *c_base(struct generator *g, const struct aidl_type *type);
/* "[2][3]", or "". */
const char *c_dimensions(struct generator *g, const struct aidl_type *type);
bool c_is_pointer(const struct aidl_type *type); /* a nullable structure */
/* A structure or map that is passed by its address, and there before a call that fills it. */
bool c_is_caller_made(const struct aidl_type *type);

/* ---- structures with type parameters ---------------------------------------------------- */

/* What a type's structure is declared by: its declaration, or one made for its arguments. */
const struct aidl_declaration *c_structure(struct generator *g, const struct aidl_type *type);
/* "Book", "Box_of_Book". */
const char *c_structure_name(struct generator *g, const struct aidl_type *type);
bool c_is_instance(const struct generator *g, const struct aidl_declaration *declaration);
/* Of an instance once, and of nothing else. */
bool c_instance_first_time(struct generator *g, const struct aidl_declaration *declaration);

/* ---- declarations of values ----------------------------------------------------------- */

void c_declare_field(struct generator *g, const struct aidl_field *fields,
		     const struct aidl_field *field, unsigned indent);
/* Behind the first one: ", int32_t a, const char *b" ... ", int32_t *ret". */
void c_declare_arguments(struct generator *g, const struct aidl_method *method);
/* ", a, b, ret". */
void c_name_arguments(struct generator *g, const struct aidl_method *method);

/* ---- statements about values ------------------------------------------------------------ */

/* Something in C that has an AIDL type. */
struct c_value {
	const struct aidl_type *type;
	const char *text;  /* an lvalue: "value->title", "(*book)" */
	const char *count; /* ARRAY: an lvalue */
};

struct c_value c_field_value(struct generator *g, const struct aidl_field *fields,
			     const struct aidl_field *field, const char *before);
/* if (status == STATUS_OK) status = ...; */
void c_write(struct generator *g, const struct c_value *value, const char *parcel, unsigned indent);
void c_read(struct generator *g, const struct c_value *value, const char *parcel, const char *when,
	    unsigned indent);
void c_free(struct generator *g, const struct c_value *value, unsigned indent);
/* Makes an empty value of what is not initialised; needs a status to be there. */
void c_init(struct generator *g, const struct c_value *value, unsigned indent);
/* All bytes zero are such an empty value. */
bool c_is_zero(const struct aidl_type *type);
/* Sets what is empty so far to a default. */
void c_set_default(struct generator *g, const struct c_value *value,
		   const struct aidl_value *constant, unsigned indent);
/* Writes it to the FILE *out, for people. */
void c_text(struct generator *g, const struct c_value *value, unsigned indent);
/* A pointer to an lvalue. */
const char *c_address(struct generator *g, const char *text);

/* ---- constants and comments ----------------------------------------------------------------- */

/* C's text of a constant for a type (NULL: of its own). */
const char *c_literal(struct generator *g, const struct aidl_type *type,
		      const struct aidl_value *value);
void c_comment(struct generator *g, const char *comment, unsigned indent);
void c_constants(struct generator *g, const struct aidl_declaration *declaration);

/* ---- declarations ---------------------------------------------------------------------------- */

/* false: it was reported. */
bool c_carry(struct generator *g, const struct aidl_declaration *declaration);

/* All declarations of the document, each after what it holds by value.  false: no memory. */
struct c_order {
	const struct aidl_declaration **item;
	size_t count, room;
};
bool c_order(struct generator *g, struct c_order *ret);
/* Files whose structures are held by value: before all; the others: behind all. */
void c_includes(struct generator *g, const struct c_order *order, bool by_value);
void c_forward(struct generator *g, const struct c_order *order);
/* What Maps of structures need; behind the names of the structures, and behind all else. */
void c_maps_header(struct generator *g, const struct c_order *order);
void c_maps_source(struct generator *g, const struct c_order *order);

void c_structure_header(struct generator *g, const struct aidl_declaration *declaration);
void c_structure_source(struct generator *g, const struct aidl_declaration *declaration);
/* Of any structure, also one that was written by hand: what is declared, two of the functions. */
void c_structure_functions(struct generator *g, const char *name);
void c_structure_delete(struct generator *g, const char *name);
void c_structure_print(struct generator *g, const struct aidl_declaration *declaration);
/* The names of an enum's values, or of a union's tags. */
void c_enum_names(struct generator *g, const struct aidl_declaration *declaration);
void c_tag_names(struct generator *g, const struct aidl_declaration *declaration);
void c_structure_read(struct generator *g, const struct aidl_declaration *declaration);
void c_opaque_include(struct generator *g, const struct aidl_declaration *declaration);
void c_opaque_header(struct generator *g, const struct aidl_declaration *declaration);
void c_opaque_source(struct generator *g, const struct aidl_declaration *declaration);
void c_interface_header(struct generator *g, const struct aidl_declaration *declaration);
void c_interface_source(struct generator *g, const struct aidl_declaration *declaration);
void c_proxy(struct generator *g, const struct aidl_declaration *declaration);
void c_stub(struct generator *g, const struct aidl_declaration *declaration);

#endif

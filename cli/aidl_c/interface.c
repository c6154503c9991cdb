/* SPDX-License-Identifier: MIT */
/*
 * interface.c: an interface as a table of functions, with a class behind it.
 *
 * Called by file.c; proxy.c and stub.c write what fills the table.
 */
#include "aidl_c.h"

static void print_codes(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	if (!declaration->methods)
		return;
	c_print(g, "enum {\n");
	for (const struct aidl_method *m = declaration->methods; m; m = m->next)
		c_print(g, "\t%s_CODE_%s = FIRST_CALL_TRANSACTION + %u,\n", name, m->name,
			m->code - 1);
	c_print(g, "};\n\n");
}

static void print_table(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	c_comment(g, declaration->comment, 0);
	c_print(g, "struct %s_methods {\n", name);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		c_comment(g, m->comment, 1);
		c_print(g, "\tAStatus *(*%s)(void *self", c_name(g, m->name));
		c_declare_arguments(g, m);
		c_print(g, ");\n");
	}
	if (!declaration->methods)
		c_print(g, "\tchar nothing_;\n");
	c_print(g, "};\n\n");
}

static void print_calls(struct generator *g, const struct aidl_declaration *declaration,
			const char *name)
{
	if (declaration->methods)
		c_print(g, "/* The same methods, on what %s_asInterface() gave. */\n", name);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		c_print(g, "AStatus *%s(const struct %s *self", c_method_name(g, declaration, m),
			name);
		c_declare_arguments(g, m);
		c_print(g, ");\n");
	}
	c_print(g, "\n");
}

void c_interface_header(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);
	const struct aidl_value descriptor = { .kind = AIDL_VALUE_STRING,
					       .string = declaration->descriptor };

	c_print(g, "#define %s_DESCRIPTOR %s\n", name, c_literal(g, NULL, &descriptor));
	c_constants(g, declaration);
	c_print(g, "\n");
	print_codes(g, declaration, name);
	print_table(g, declaration, name);
	c_print(g,
		"/* Something that has the methods: an object of this process, or a proxy. */\n"
		"struct %s {\n"
		"\tconst struct %s_methods *methods;\n"
		"\tvoid *self;\n"
		"\tAIBinder *binder;\n"
		"};\n\n",
		name, name);
	c_print(g, "AIBinder_Class *%s_class(void);\n", name);
	c_print(g,
		"/* An object that others can call, with one reference, the caller's; methods must live\n"
		" * as long as it does, a method that is NULL is unknown to callers, and several threads\n"
		" * may be in them at once.  destroy (or NULL) gets self when nobody refers to it any\n"
		" * more.  NULL: no memory. */\n"
		"AIBinder *%s_new(const struct %s_methods *methods, void *self,\n"
		"\t\t\tvoid (*destroy)(void *self));\n",
		name, name);
	c_print(g,
		"/* Of an object of this process its methods themselves, else a proxy, which keeps a\n"
		" * reference.  NULL: binder is NULL, dead or something else, or no memory. */\n"
		"struct %s *%s_asInterface(AIBinder *binder);\n"
		"/* NULL is allowed. */\n"
		"void %s_release(struct %s *interface);\n\n",
		name, name, name, name);
	print_calls(g, declaration, name);
}

/* ---- the source's part -------------------------------------------------------------------- */

static void define_calls(struct generator *g, const struct aidl_declaration *declaration,
			 const char *name)
{
	for (const struct aidl_method *m = declaration->methods; m; m = m->next) {
		c_print(g, "AStatus *%s(const struct %s *self", c_method_name(g, declaration, m),
			name);
		c_declare_arguments(g, m);
		c_print(g,
			")\n{\n"
			"\tif (!self->methods->%s)\n"
			"\t\treturn AStatus_fromStatus(STATUS_UNKNOWN_TRANSACTION);\n"
			"\treturn self->methods->%s(self->self",
			c_name(g, m->name), c_name(g, m->name));
		c_name_arguments(g, m);
		c_print(g, ");\n}\n\n");
	}
}

static void define_class(struct generator *g, const char *name)
{
	c_print(g,
		"struct aidlc_object_%s {\n"
		"\tstruct %s face;\n"
		"\tvoid (*destroy)(void *self);\n"
		"};\n\n"
		"static void *aidlc_create_%s(void *object)\n{\n\treturn object;\n}\n\n"
		"static void aidlc_destroy_%s(void *data)\n{\n"
		"\tstruct aidlc_object_%s *object = data;\n\n"
		"\tif (object->destroy)\n"
		"\t\tobject->destroy(object->face.self);\n"
		"\tfree(object);\n}\n\n",
		name, name, name, name, name);
	c_print(g,
		"static AIBinder_Class *aidlc_defined_%s;\n\n"
		"static void aidlc_define_%s(void)\n{\n"
		"\taidlc_defined_%s = AIBinder_Class_define(%s_DESCRIPTOR, aidlc_create_%s,\n"
		"\t\t\t\t\t\taidlc_destroy_%s, aidlc_transact_%s);\n}\n\n"
		"AIBinder_Class *%s_class(void)\n{\n"
		"\tstatic pthread_once_t once = PTHREAD_ONCE_INIT;\n\n"
		"\tpthread_once(&once, aidlc_define_%s);\n"
		"\treturn aidlc_defined_%s;\n}\n\n",
		name, name, name, name, name, name, name, name, name, name);
}

static void define_new(struct generator *g, const char *name, bool vintf)
{
	c_print(g,
		"AIBinder *%s_new(const struct %s_methods *methods, void *self,\n"
		"\t\t\tvoid (*destroy)(void *self))\n{\n"
		"\tstruct aidlc_object_%s *object = calloc(1, sizeof(*object));\n"
		"\tAIBinder_Class *clazz = %s_class();\n"
		"\tAIBinder *binder = object && clazz ? AIBinder_new(clazz, object) : NULL;\n\n"
		"\tif (!binder) {\n"
		"\t\tfree(object);\n"
		"\t\treturn NULL;\n"
		"\t}\n"
		"\tobject->face = (struct %s){ methods, self, binder };\n"
		"\tobject->destroy = destroy;\n"
		"%s"
		"\treturn binder;\n}\n\n",
		name, name, name, name, name,
		vintf ? "\tAIBinder_markVintfStability(binder);\n" : "");
}

static void define_as_interface(struct generator *g, const char *name)
{
	c_print(g,
		"/* A local object of another class, of a script perhaps, is called as a remote one is. */\n"
		"static bool aidlc_is_%s(AIBinder *binder)\n{\n"
		"\tconst AIBinder_Class *clazz = AIBinder_getClass(binder);\n\n"
		"\tif (AIBinder_isRemote(binder))\n"
		"\t\treturn AIBinder_associateClass(binder, %s_class());\n"
		"\treturn clazz && !strcmp(AIBinder_Class_getDescriptor(clazz), %s_DESCRIPTOR);\n}\n\n",
		name, name, name);
	c_print(g,
		"struct %s *%s_asInterface(AIBinder *binder)\n{\n"
		"\tconst struct aidlc_object_%s *object;\n"
		"\tstruct %s *face;\n\n"
		"\tif (!binder || !aidlc_is_%s(binder))\n"
		"\t\treturn NULL;\n"
		"\tface = calloc(1, sizeof(*face));\n"
		"\tif (!face)\n"
		"\t\treturn NULL;\n"
		"\tif (!AIBinder_isRemote(binder) && AIBinder_getClass(binder) == %s_class()) {\n"
		"\t\tobject = AIBinder_getUserData(binder);\n"
		"\t\t*face = object->face;\n"
		"\t} else {\n"
		"\t\t*face = (struct %s){ &aidlc_proxies_%s, binder, binder };\n"
		"\t}\n"
		"\tAIBinder_incStrong(binder);\n"
		"\treturn face;\n}\n\n",
		name, name, name, name, name, name, name, name);
	c_print(g,
		"void %s_release(struct %s *interface)\n{\n"
		"\tif (interface)\n"
		"\t\tAIBinder_decStrong(interface->binder);\n"
		"\tfree(interface);\n}\n\n",
		name, name);
}

void c_interface_source(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	c_print(g, "/* ---- %s ---- */\n\n", name);
	define_calls(g, declaration, name);
	c_proxy(g, declaration);
	c_stub(g, declaration);
	define_class(g, name);
	define_new(g, name, declaration->vintf);
	define_as_interface(g, name);
}

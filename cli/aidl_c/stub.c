/* SPDX-License-Identifier: MIT */
/*
 * stub.c: calls that come in, from the parcel to a method and back.
 *
 * Called by interface.c.  The class has checked the interface token; arguments
 * are hostile until they have been read.
 */
#include "aidl_c.h"

static struct c_value local_of(struct generator *g, const struct aidl_method *method,
			       const struct aidl_type *type, const char *name)
{
	return (struct c_value){ .type = type,
				 .text = name,
				 .count = c_beside(g, method->arguments, name, "_count") };
}

static void declare(struct generator *g, const struct c_value *value)
{
	const char *base = c_base(g, c_element(value->type));

	if (c_shape(value->type) == C_ARRAY)
		c_print(g, "\t%s*%s;\n\tint32_t %s;\n", base, value->text, value->count);
	else
		c_print(g, "\t%s%s%s;\n", base, value->text, c_dimensions(g, value->type));
}

/* As the method wants it. */
static void pass(struct generator *g, const struct c_value *value, bool out)
{
	enum c_shape shape = c_shape(value->type);
	bool by_address = out ? shape != C_FIXED : c_is_caller_made(value->type);

	c_print(g, ", %s%s", by_address ? "&" : "", value->text);
	if (shape == C_ARRAY)
		c_print(g, ", %s%s", out ? "&" : "", value->count);
}

typedef void value_function(struct generator *g, const struct c_value *value);

/* All that a method takes and gives, as locals of the stub. */
static void each_local(struct generator *g, const struct aidl_method *method, value_function *each)
{
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		struct c_value value = local_of(g, method, a->type, c_name(g, a->name));

		each(g, &value);
	}
	if (method->returns->kind != AIDL_VOID) {
		struct c_value value = local_of(g, method, method->returns, "ret");

		each(g, &value);
	}
}

static void init(struct generator *g, const struct c_value *value)
{
	c_init(g, value, 1);
}

static void end(struct generator *g, const struct c_value *value)
{
	c_free(g, value, 1);
}

static void read_arguments(struct generator *g, const struct aidl_method *method)
{
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		struct c_value value = local_of(g, method, a->type, c_name(g, a->name));

		if (a->direction & AIDL_IN)
			c_read(g, &value, "in", "", 1);
		else if (a->type->kind == AIDL_ARRAY && c_shape(a->type) == C_ARRAY)
			c_print(g,
				"\tif (status == STATUS_OK)\n"
				"\t\tstatus = AParcel_readInt32(in, &%s);\n",
				value.count);
	}
}

/* A wish for a length is no array; the method makes one, or there is none. */
static void check_wishes(struct generator *g, const struct aidl_method *method)
{
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		struct c_value value = local_of(g, method, a->type, c_name(g, a->name));

		if (a->direction == AIDL_OUT && a->type->kind == AIDL_ARRAY &&
		    c_shape(a->type) == C_ARRAY)
			c_print(g, "\tif (!%s)\n\t\t%s = %s;\n", value.text, value.count,
				a->type->nullable ? c_keep(g, "%s ? -1 : 0", value.count) : "0");
	}
}

static void call(struct generator *g, const struct aidl_declaration *declaration,
		 const struct aidl_method *method)
{
	c_print(g, "%s(service", c_method_name(g, declaration, method));
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		struct c_value value = local_of(g, method, a->type, c_name(g, a->name));

		pass(g, &value, a->direction & AIDL_OUT);
	}
	if (method->returns->kind != AIDL_VOID) {
		struct c_value value = local_of(g, method, method->returns, "ret");

		pass(g, &value, true);
	}
	c_print(g, ")");
}

static void write_reply(struct generator *g, const struct aidl_method *method)
{
	if (method->returns->kind != AIDL_VOID) {
		struct c_value value = local_of(g, method, method->returns, "ret");

		c_write(g, &value, "out", 1);
	}
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		struct c_value value = local_of(g, method, a->type, c_name(g, a->name));

		if (a->direction & AIDL_OUT)
			c_write(g, &value, "out", 1);
	}
}

static void stub_method(struct generator *g, const struct aidl_declaration *declaration,
			const struct aidl_method *method)
{
	const char *name = c_type_name(g, declaration);

	c_print(g,
		"static binder_status_t aidlc_stub_%s(const struct %s *service, const AParcel *in,\n"
		"\t\t\t\t\tAParcel *out)\n{\n",
		c_method_name(g, declaration, method), name);
	each_local(g, method, declare);
	c_print(g, "\tbinder_status_t status = STATUS_OK;\n\n");
	c_print(g, "\t(void)in;\n\t(void)out;\n");
	each_local(g, method, init);
	read_arguments(g, method);
	c_print(g, "\tif (status == STATUS_OK)\n\t\t%s",
		method->oneway ? "AStatus_delete(" : "status = aidlc_answer(out, ");
	call(g, declaration, method);
	c_print(g, ");\n");
	check_wishes(g, method);
	if (!method->oneway)
		write_reply(g, method);
	each_local(g, method, end);
	c_print(g, "\treturn status == AIDLC_EXCEPTION ? STATUS_OK : status;\n}\n\n");
}

void c_stub(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	for (const struct aidl_method *m = declaration->methods; m; m = m->next)
		stub_method(g, declaration, m);
	c_print(g,
		"static binder_status_t aidlc_transact_%s(AIBinder *binder, transaction_code_t code,\n"
		"\t\t\t\t\tconst AParcel *in, AParcel *out)\n{\n",
		name);
	if (!declaration->methods) {
		c_print(g, "\t(void)binder;\n\t(void)code;\n\t(void)in;\n\t(void)out;\n"
			   "\treturn STATUS_UNKNOWN_TRANSACTION;\n}\n\n");
		return;
	}
	/* The face is what the object begins with. */
	c_print(g,
		"\tconst struct %s *service = AIBinder_getUserData(binder);\n\n"
		"\tswitch (code) {\n",
		name);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next)
		c_print(g, "\tcase %s_CODE_%s:\n\t\treturn aidlc_stub_%s(service, in, out);\n",
			name, m->name, c_method_name(g, declaration, m));
	c_print(g, "\tdefault:\n\t\treturn STATUS_UNKNOWN_TRANSACTION;\n\t}\n}\n\n");
}

/* SPDX-License-Identifier: MIT */
/*
 * proxy.c: methods that put their arguments into a parcel, send it, and read
 * the reply.
 *
 * Called by interface.c.  What comes back is read into locals first, so that
 * the caller's places change only when all of it was right.
 */
#include "aidl_c.h"

typedef void out_function(struct generator *g, const struct aidl_method *method,
			  const struct aidl_type *type, const char *name, bool inout);

/* What comes back, in the order of the reply. */
static void each_out(struct generator *g, const struct aidl_method *method, out_function *each)
{
	if (method->returns->kind != AIDL_VOID)
		each(g, method, method->returns, "ret", false);
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			each(g, method, a->type, c_name(g, a->name), a->direction == AIDL_INOUT);
}

static struct c_value local_of(struct generator *g, const struct aidl_method *method,
			       const struct aidl_type *type, const char *name)
{
	const char *text = c_beside(g, method->arguments, name, "_new");

	return (struct c_value){ .type = type,
				 .text = text,
				 .count = c_beside(g, method->arguments, text, "_count") };
}

/* The caller's place. */
static struct c_value place_of(struct generator *g, const struct aidl_method *method,
			       const struct aidl_type *type, const char *name)
{
	const char *count = c_beside(g, method->arguments, name, "_count");

	if (c_shape(type) == C_FIXED)
		return (struct c_value){ .type = type, .text = name };
	return (struct c_value){ .type = type,
				 .text = c_keep(g, "(*%s)", name),
				 .count = c_keep(g, "(*%s)", count) };
}

static void declare_local(struct generator *g, const struct aidl_method *method,
			  const struct aidl_type *type, const char *name, bool inout)
{
	struct c_value local = local_of(g, method, type, name);
	const char *base = c_base(g, c_element(type));

	if (c_shape(type) == C_ARRAY)
		c_print(g, "\t%s*%s;\n\tint32_t %s;\n", base, local.text, local.count);
	else
		c_print(g, "\t%s%s%s;\n", base, local.text, c_dimensions(g, type));
}

static void init_local(struct generator *g, const struct aidl_method *method,
		       const struct aidl_type *type, const char *name, bool inout)
{
	struct c_value local = local_of(g, method, type, name);

	c_init(g, &local, 1);
}

static void read_local(struct generator *g, const struct aidl_method *method,
		       const struct aidl_type *type, const char *name, bool inout)
{
	struct c_value local = local_of(g, method, type, name);

	c_read(g, &local, "out", "", 1);
}

static void free_local(struct generator *g, const struct aidl_method *method,
		       const struct aidl_type *type, const char *name, bool inout)
{
	struct c_value local = local_of(g, method, type, name);

	c_free(g, &local, 2);
}

/* Structures, maps and fixed arrays are the caller's and hold something, as does all that is inout. */
static void hand_over(struct generator *g, const struct aidl_method *method,
		      const struct aidl_type *type, const char *name, bool inout)
{
	struct c_value local = local_of(g, method, type, name);
	struct c_value place = place_of(g, method, type, name);
	bool fixed = c_shape(type) == C_FIXED;

	if (inout || fixed || c_is_caller_made(type))
		c_free(g, &place, 2);
	if (fixed)
		c_print(g, "\t\tmemcpy(%s, %s, sizeof(%s));\n", name, local.text, local.text);
	else
		c_print(g, "\t\t*%s = %s;\n", name, local.text);
	if (c_shape(type) == C_ARRAY)
		c_print(g, "\t\t*%s = %s;\n", c_address(g, place.count), local.count);
}

static void write_argument(struct generator *g, const struct aidl_method *method,
			   const struct aidl_field *argument)
{
	const char *name = c_name(g, argument->name);
	enum c_shape shape = c_shape(argument->type);
	struct c_value value = {
		.type = argument->type,
		.text = name,
		.count = c_beside(g, method->arguments, name, "_count"),
	};

	if (argument->direction == AIDL_OUT) {
		/* Of an array, how long it should be; nothing else goes in. */
		if (argument->type->kind == AIDL_ARRAY && shape == C_ARRAY)
			c_print(g,
				"\tif (status == STATUS_OK)\n"
				"\t\tstatus = AParcel_writeInt32(in, *%s);\n",
				value.count);
		return;
	}
	if (argument->direction == AIDL_INOUT)
		value = place_of(g, method, argument->type, name);
	else if (c_is_caller_made(argument->type))
		value.text = c_keep(g, "(*%s)", name);
	c_write(g, &value, "in", 1);
}

static bool has_out(const struct aidl_method *method)
{
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			return true;
	return method->returns->kind != AIDL_VOID;
}

static bool owns_something(const struct aidl_type *type)
{
	enum c_shape shape = c_shape(type);

	return shape != C_NUMBER && shape != C_VOID &&
	       !(shape == C_FIXED && c_shape(c_element(type)) == C_NUMBER);
}

static bool has_owned_out(const struct aidl_method *method)
{
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if ((a->direction & AIDL_OUT) && owns_something(a->type))
			return true;
	return owns_something(method->returns);
}

static void proxy_method(struct generator *g, const struct aidl_declaration *declaration,
			 const struct aidl_method *method)
{
	const char *name = c_type_name(g, declaration);

	c_print(g, "static AStatus *aidlc_proxy_%s(void *self",
		c_method_name(g, declaration, method));
	c_declare_arguments(g, method);
	c_print(g, ")\n{\n"
		   "\tAParcel *in = NULL, *out = NULL;\n"
		   "\tAStatus *failure = NULL;\n");
	each_out(g, method, declare_local);
	c_print(g, "\tbinder_status_t status = AIBinder_prepareRaw(self, %s_DESCRIPTOR, &in);\n\n",
		name);
	each_out(g, method, init_local);
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		write_argument(g, method, a);
	c_print(g, "\tif (status == STATUS_OK)\n");
	if (method->oneway)
		c_print(g, "\t\tstatus = aidlc_send(self, %s_CODE_%s, &in, &out);\n", name,
			method->name);
	else
		c_print(g, "\t\tstatus = aidlc_call(self, %s_CODE_%s, &in, &out, &failure);\n",
			name, method->name);
	each_out(g, method, read_local);
	if (has_out(method)) {
		c_print(g, "\tif (status == STATUS_OK) {\n");
		each_out(g, method, hand_over);
		c_print(g, has_owned_out(method) ? "\t} else {\n" : "\t}\n");
		if (has_owned_out(method)) {
			each_out(g, method, free_local);
			c_print(g, "\t}\n");
		}
	}
	c_print(g, "\treturn aidlc_finish(in, out, status, failure);\n}\n\n");
}

void c_proxy(struct generator *g, const struct aidl_declaration *declaration)
{
	const char *name = c_type_name(g, declaration);

	for (const struct aidl_method *m = declaration->methods; m; m = m->next)
		proxy_method(g, declaration, m);
	c_print(g, "static const struct %s_methods aidlc_proxies_%s = {\n", name, name);
	for (const struct aidl_method *m = declaration->methods; m; m = m->next)
		c_print(g, "\t.%s = aidlc_proxy_%s,\n", c_name(g, m->name),
			c_method_name(g, declaration, m));
	if (!declaration->methods)
		c_print(g, "\t.nothing_ = 0,\n");
	c_print(g, "};\n\n");
}

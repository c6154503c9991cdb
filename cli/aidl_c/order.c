/* SPDX-License-Identifier: MIT */
/*
 * order.c: what has to stand before what in a header, and which headers it needs.
 *
 * Called by file.c.  A structure that is held by value must be complete; one
 * behind a pointer needs only its name, so its header may come last, which
 * lets files include each other.
 */
#include "aidl_c.h"

#include <stdlib.h>
#include <string.h>

static bool holds_by_value(const struct aidl_type *type)
{
	return (c_shape(type) == C_STRUCT && !type->nullable) || c_shape(type) == C_FIXED;
}

static bool is_in(const struct c_order *order, const struct aidl_declaration *declaration)
{
	for (size_t i = 0; i < order->count; i++)
		if (order->item[i] == declaration)
			return true;
	return false;
}

static bool append(struct c_order *order, const struct aidl_declaration *declaration)
{
	if (order->count == order->room) {
		size_t room = order->room * 2 + 8;
		const struct aidl_declaration **item =
			reallocarray(order->item, room, sizeof(*item));

		if (!item)
			return false;
		order->item = item;
		order->room = room;
	}
	order->item[order->count++] = declaration;
	return true;
}

static bool visit(struct c_order *order, const struct aidl_declaration *declaration)
{
	if (is_in(order, declaration))
		return true;
	/* The rules of the language see to it that this ends. */
	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		const struct aidl_declaration *held = c_element(f->type)->declaration;

		if (holds_by_value(f->type) && held && c_shape(c_element(f->type)) == C_STRUCT &&
		    held->at.document == declaration->at.document && !visit(order, held))
			return false;
	}
	if (!append(order, declaration))
		return false;
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		if (!visit(order, d))
			return false;
	return true;
}

bool c_order(struct generator *g, struct c_order *ret)
{
	const struct aidl_declaration *d = NULL;

	while ((d = aidl_library_next(g->library, d)))
		if (d->at.document == g->first->at.document && !visit(ret, d))
			return false;
	return true;
}

/* ---- what other files are needed ------------------------------------------------------ */

struct use {
	const struct aidl_declaration *declaration;
	bool by_value;
};

typedef void use_function(struct generator *g, struct use use, void *cookie);

static void use_type(struct generator *g, const struct aidl_type *type, bool field,
		     use_function *each, void *cookie)
{
	const struct aidl_type *element = c_held(type);
	bool by_value;

	if (!element->declaration)
		return;
	/* An enum is a name for a number: it must be known wherever it stands.  An argument is
	 * a pointer, but to an item of an array only if the item is known. */
	by_value = element->kind == AIDL_ENUM || c_shape(type) == C_FIXED ||
		   (field && holds_by_value(type));
	each(g, (struct use){ element->declaration, by_value }, cookie);
}

static void each_use(struct generator *g, const struct c_order *order, use_function *each,
		     void *cookie)
{
	for (size_t i = 0; i < order->count; i++) {
		for (const struct aidl_field *f = order->item[i]->fields; f; f = f->next)
			use_type(g, f->type, true, each, cookie);
		for (const struct aidl_method *m = order->item[i]->methods; m; m = m->next) {
			use_type(g, m->returns, false, each, cookie);
			for (const struct aidl_field *a = m->arguments; a; a = a->next)
				use_type(g, a->type, false, each, cookie);
		}
	}
}

struct includes {
	bool by_value;
	struct c_order seen;
};

static void include_use(struct generator *g, struct use use, void *cookie)
{
	struct includes *includes = cookie;
	const struct aidl_declaration *first = c_first_of(g, use.declaration);

	if (use.by_value != includes->by_value || first == g->first ||
	    is_in(&includes->seen, first))
		return;
	if (!append(&includes->seen, first))
		g->no_memory = true;
	c_print(g, "#include <%s.h>\n", c_base_path(g, first));
}

void c_includes(struct generator *g, const struct c_order *order, bool by_value)
{
	struct includes includes = { .by_value = by_value };

	each_use(g, order, include_use, &includes);
	free(includes.seen.item);
}

static void forward_use(struct generator *g, struct use use, void *cookie)
{
	struct c_order *seen = cookie;

	if (use.declaration->kind == AIDL_ENUM || use.declaration->kind == AIDL_INTERFACE ||
	    is_in(seen, use.declaration))
		return;
	if (!append(seen, use.declaration))
		g->no_memory = true;
	c_print(g, "struct %s;\n", c_type_name(g, use.declaration));
}

void c_forward(struct generator *g, const struct c_order *order)
{
	struct c_order seen = { 0 };

	each_use(g, order, forward_use, &seen);
	free(seen.item);
	if (seen.count)
		c_print(g, "\n");
}

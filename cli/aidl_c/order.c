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

/* Whose fields are being looked at, from the innermost one outwards. */
struct chain {
	const struct aidl_declaration *declaration;
	const struct chain *outer;
};

static bool visit(struct generator *g, struct c_order *order, const struct chain *chain,
		  const struct aidl_declaration *declaration);

/* The rules of the language forbid it, but look only so far. */
static bool is_endless(struct generator *g, const struct chain *chain,
		       const struct aidl_declaration *declaration)
{
	while (chain && chain->declaration != declaration)
		chain = chain->outer;
	if (!chain)
		return false;
	aidl_library_report(g->library, declaration->at, (unsigned)strlen(declaration->name),
			    c_keep(g, "a %s that always holds a %s has no end", declaration->name,
				   declaration->name),
			    "make one of the fields on the way @nullable(heap=true)");
	g->refused = true;
	return true;
}

/* Nobody else has declared what a type with arguments is. */
static bool visit_instance(struct generator *g, struct c_order *order, const struct aidl_type *type)
{
	const struct aidl_declaration *held = c_structure(g, c_held(type));

	return !held || !c_is_instance(g, held) || visit(g, order, NULL, held);
}

static bool visit_instances(struct generator *g, struct c_order *order,
			    const struct aidl_declaration *declaration)
{
	bool good = true;

	for (const struct aidl_field *f = declaration->fields; f && good; f = f->next)
		good = visit_instance(g, order, f->type);
	for (const struct aidl_method *m = declaration->methods; m && good; m = m->next) {
		good = visit_instance(g, order, m->returns);
		for (const struct aidl_field *a = m->arguments; a && good; a = a->next)
			good = visit_instance(g, order, a->type);
	}
	return good;
}

static bool visit_held(struct generator *g, struct c_order *order, const struct chain *chain,
		       const struct aidl_declaration *declaration)
{
	const struct chain here = { declaration, chain };

	for (const struct aidl_field *f = declaration->fields; f; f = f->next) {
		const struct aidl_declaration *held = c_structure(g, c_element(f->type));

		if (holds_by_value(f->type) && held && c_shape(c_element(f->type)) == C_STRUCT &&
		    (held->at.document == g->first->at.document || c_is_instance(g, held)) &&
		    !visit(g, order, &here, held))
			return false;
	}
	return true;
}

static bool visit(struct generator *g, struct c_order *order, const struct chain *chain,
		  const struct aidl_declaration *declaration)
{
	bool generic = declaration->parameters;

	if (is_in(order, declaration) || is_endless(g, chain, declaration))
		return true;
	if (!generic && !visit_held(g, order, chain, declaration))
		return false;
	if (!append(order, declaration))
		return false;
	for (const struct aidl_declaration *d = declaration->nested; d; d = d->next)
		if (!visit(g, order, NULL, d))
			return false;
	return generic || visit_instances(g, order, declaration);
}

bool c_order(struct generator *g, struct c_order *ret)
{
	const struct aidl_declaration *d = NULL;

	while ((d = aidl_library_next(g->library, d)))
		if (d->at.document == g->first->at.document && !visit(g, ret, NULL, d))
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
	if (c_is_instance(g, c_structure(g, element))) {
		each(g, (struct use){ c_structure(g, element), false }, cookie);
		return;
	}
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
		if (order->item[i]->parameters)
			continue;
		for (const struct aidl_field *f = order->item[i]->fields; f; f = f->next)
			use_type(g, f->type, true, each, cookie);
		for (const struct aidl_method *m = order->item[i]->methods; m; m = m->next) {
			use_type(g, m->returns, false, each, cookie);
			for (const struct aidl_field *a = m->arguments; a; a = a->next)
				use_type(g, a->type, false, each, cookie);
		}
	}
}

static bool add_need(struct generator *g, const struct aidl_declaration *first)
{
	struct c_order needs = { g->needs->item, g->needs->count, g->needs->room };
	bool good = is_in(&needs, first) || append(&needs, first);

	*g->needs = (struct c_needs){ needs.item, needs.count, needs.room };
	return good;
}

struct includes {
	bool by_value;
	struct c_order seen;
};

static void include_use(struct generator *g, struct use use, void *cookie)
{
	struct includes *includes = cookie;
	const struct aidl_declaration *first = c_first_of(g, use.declaration);

	/* Code that passes an interface on does not need its declaration. */
	if (use.declaration->kind == AIDL_INTERFACE)
		return;
	if (use.by_value != includes->by_value || first == g->first ||
	    c_is_instance(g, use.declaration) || is_in(&includes->seen, first))
		return;
	if (!append(&includes->seen, first) || !add_need(g, first))
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

/* SPDX-License-Identifier: MIT */
/*
 * map.c: the structures and functions behind a Map of structures.
 *
 * Called by file.c.  Whoever uses such a Map brings all that it needs, for the
 * file of the structure knows nothing of it; those of strings, binders, files
 * and enums are in binder/aidl_c.h.
 */
#include "aidl_c.h"

#include <stdlib.h>
#include <string.h>

typedef void map_function(struct generator *g, const struct aidl_type *map);

/* Names of those that were seen. */
struct seen {
	const char **name;
	size_t count;
};

static bool is_new(struct generator *g, struct seen *seen, const char *name)
{
	const char **larger;

	for (size_t i = 0; i < seen->count; i++)
		if (!strcmp(seen->name[i], name))
			return false;
	larger = reallocarray(seen->name, seen->count + 1, sizeof(*larger));
	if (!larger) {
		g->no_memory = true;
		return false;
	}
	seen->name = larger;
	seen->name[seen->count++] = name;
	return true;
}

static void look_at(struct generator *g, const struct aidl_type *type, struct seen *seen,
		    map_function *each)
{
	if (c_shape(type) == C_MAP && !c_row(c_held(type)) &&
	    is_new(g, seen, c_map_function(g, type, "")))
		each(g, type);
}

static void each_map(struct generator *g, const struct c_order *order, map_function *each)
{
	struct seen seen = { 0 };

	for (size_t i = 0; i < order->count; i++) {
		if (order->item[i]->parameters)
			continue;
		for (const struct aidl_field *f = order->item[i]->fields; f; f = f->next)
			look_at(g, f->type, &seen, each);
		for (const struct aidl_method *m = order->item[i]->methods; m; m = m->next) {
			look_at(g, m->returns, &seen, each);
			for (const struct aidl_field *a = m->arguments; a; a = a->next)
				look_at(g, a->type, &seen, each);
		}
	}
	free(seen.name);
}

static void declare(struct generator *g, const struct aidl_type *map)
{
	const struct aidl_type *held = c_held(map);
	const char *name = c_map_function(g, map, "");
	const char *item =
		c_keep(g, "struct %s%s", c_structure_name(g, held), held->nullable ? " *" : "");

	c_print(g, "#ifndef AIDLC_HAVE_%s\n#define AIDLC_HAVE_%s\n", name, name);
	c_print(g, "AIDLC_MAP_STRUCT(%s, %s)\n", name, item);
	c_print(g, "AIDLC_DECLARE_MAP(%s_, %smap, %s)\n", c_structure_name(g, held),
		held->nullable ? "pointer_" : "", item);
	c_print(g, "#endif\n\n");
}

static void define(struct generator *g, const struct aidl_type *map)
{
	const struct aidl_type *held = c_held(map);

	c_print(g, "AIDLC_DEFINE_%sMAP(%s)\n\n", held->nullable ? "POINTER_" : "",
		c_structure_name(g, held));
}

void c_maps_header(struct generator *g, const struct c_order *order)
{
	each_map(g, order, declare);
}

void c_maps_source(struct generator *g, const struct c_order *order)
{
	each_map(g, order, define);
}

/* SPDX-License-Identifier: MIT */
/*
 * world_view.c: reads the core's views, a piece for each step of the world, so
 * that what a view has come to changes or goes before it goes on.
 */
#include "world.h"

/* One view after the other, for root and for a user. */
static void begin_next(struct binder_print *print, u32 *turn)
{
	static const u32 viewers[] = { 0, 1000 };

	binder_print_start(print, (enum binder_view)(*turn % BINDER_VIEWS),
			   viewers[*turn / BINDER_VIEWS % ARRAY_SIZE(viewers)]);
	++*turn;
}

void world_look(void)
{
	static char text[BINDER_PRINT_MIN];

	for (unsigned int i = 0; i < WORLD_CONTEXTS; i++) {
		struct world_view *view = &world->views[i];
		size_t n;

		if (!view->under_way)
			begin_next(&view->print, &view->turn);
		n = binder_context_print(world->ctx[i], &view->print, text, sizeof(text));
		view->under_way = n > 0;
		FUZZ_EXPECT(n < sizeof(text), "a piece of %zu bytes", n);
		for (size_t at = 0; at < n; at++)
			FUZZ_EXPECT(text[at] == '\n' || (text[at] >= ' ' && text[at] <= '~'),
				    "character %d in a view", text[at]);
	}
}
